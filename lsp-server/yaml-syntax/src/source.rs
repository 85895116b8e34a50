//! The text of a stream, in pieces, and the places in it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use memchr::memchr2_iter;

use crate::tree::{Problem, Segment};
use crate::{LineCol, TextRange, TextSize};

/// A segment and where it stands in the stream.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) segment: Arc<Segment>,
    /// The offset of its first byte.
    pub(crate) start: u32,
    /// The number of its first line.
    pub(crate) line: u32,
}

/// The text of a [`crate::Parse`], in chunks. Offsets are bytes of UTF-8; lines end with `\n`,
/// `\r\n` or `\r` and are counted from 0.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Invariant: they tile the text; none is empty.
    pub(crate) pieces: Vec<Piece>,
    /// The first piece of each document.
    pub(crate) documents: Vec<u32>,
}

impl Source {
    /// Bytes of the whole text.
    pub fn len(&self) -> TextSize {
        TextSize::from(self.pieces.last().map_or(0, Piece::end))
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// A part of the text; borrowed where it stands in one chunk.
    pub fn slice(&self, range: TextRange) -> Cow<'_, str> {
        let (start, end) = (u32::from(range.start()), u32::from(range.end()));
        let Some(first) = self.piece_at(start) else {
            return Cow::Borrowed("");
        };
        let Some(piece) = self.pieces.get(first) else {
            return Cow::Borrowed("");
        };
        if end <= piece.end() {
            return Cow::Borrowed(piece.slice(start, end));
        }
        let parts = self.pieces.iter().skip(first);
        Cow::Owned(
            parts
                .take_while(|piece| piece.start < end)
                .map(|piece| piece.slice(start, end))
                .collect(),
        )
    }

    /// How many lines there are: one more than line ends.
    pub fn line_count(&self) -> u32 {
        1 + self.pieces.last().map_or(0, Piece::end_line)
    }

    /// The line without its line end.
    pub fn line_range(&self, line: u32) -> TextRange {
        let start = self.line_start(line);
        let next = self.line_start(line.saturating_add(1));
        let text = self.slice(TextRange::new(start, next));
        let content = text.strip_suffix('\n').unwrap_or(&text);
        let content = content.strip_suffix('\r').unwrap_or(content);
        TextRange::new(start, start + TextSize::of(content))
    }

    /// Line and column (bytes) of an offset.
    pub fn line_col(&self, offset: TextSize) -> LineCol {
        let offset = u32::from(offset.min(self.len()));
        let Some(piece) = self.piece_at(offset).and_then(|at| self.pieces.get(at)) else {
            return LineCol::default();
        };
        let inside = offset - piece.start;
        let breaks = piece
            .segment
            .lines
            .partition_point(|&start| start <= inside);
        let line = piece.line + breaks as u32;
        let start = match breaks.checked_sub(1) {
            Some(before) => piece.start + piece.segment.lines.get(before).copied().unwrap_or(0),
            None => u32::from(self.line_start(line)),
        };
        LineCol {
            line,
            col: offset - start,
        }
    }

    /// Offset of a line and column; clamped to the line and the text.
    pub fn offset(&self, at: LineCol) -> TextSize {
        let line = self.line_range(at.line);
        if at.line >= self.line_count() {
            return self.len();
        }
        let col = TextSize::from(at.col).min(line.len());
        let text = self.slice(line);
        let col = floor_char(&text, col.into());
        line.start() + TextSize::from(col as u32)
    }

    /// The same place with the column in UTF-16 code units.
    pub fn to_utf16(&self, at: LineCol) -> LineCol {
        let text = self.slice(self.line_range(at.line));
        let before = text.get(..floor_char(&text, at.col as usize));
        let col = before
            .unwrap_or_default()
            .chars()
            .map(char::len_utf16)
            .sum::<usize>();
        LineCol {
            line: at.line,
            col: col as u32,
        }
    }

    /// The same place with the column in bytes, of one with the column in UTF-16 code units.
    pub fn from_utf16(&self, at: LineCol) -> LineCol {
        let text = self.slice(self.line_range(at.line));
        let mut units = 0;
        let mut col = 0;
        for char in text.chars() {
            units += char.len_utf16() as u32;
            if units > at.col {
                break;
            }
            col += char.len_utf8() as u32;
        }
        LineCol { line: at.line, col }
    }

    /// The piece that `offset` stands in: of two that meet there the later one.
    pub(crate) fn piece_at(&self, offset: u32) -> Option<usize> {
        self.pieces
            .partition_point(|piece| piece.start <= offset)
            .checked_sub(1)
    }

    /// Where a line starts; the end of the text for lines behind the last.
    pub(crate) fn line_start(&self, line: u32) -> TextSize {
        if line == 0 {
            return TextSize::from(0);
        }
        let behind = self.pieces.partition_point(|piece| piece.line < line);
        let piece = behind.checked_sub(1).and_then(|at| self.pieces.get(at));
        let start = piece.and_then(|piece| {
            let inside = piece.segment.lines.get((line - piece.line - 1) as usize)?;
            Some(TextSize::from(piece.start + inside))
        });
        start.unwrap_or_else(|| self.len())
    }
}

impl fmt::Display for Source {
    /// The whole text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces
            .iter()
            .try_for_each(|piece| f.write_str(&piece.segment.text))
    }
}

impl Piece {
    /// Behind its last byte.
    pub(crate) fn end(&self) -> u32 {
        self.start + self.segment.text.len() as u32
    }

    /// The number of the line behind it.
    pub(crate) fn end_line(&self) -> u32 {
        self.line + self.segment.lines.len() as u32
    }

    /// The last boundary between characters at or before an offset in it.
    pub(crate) fn floor_char(&self, offset: u32) -> u32 {
        let inside = offset.saturating_sub(self.start) as usize;
        self.start + floor_char(&self.segment.text, inside) as u32
    }

    /// Where a problem in it stands in the stream.
    pub(crate) fn range_of(&self, problem: &Problem) -> TextRange {
        let (start, end) = (self.start + problem.start, self.start + problem.end);
        TextRange::new(TextSize::from(start), TextSize::from(end))
    }

    /// What of the range from `start` to `end` (in the stream) stands in it.
    pub(crate) fn slice(&self, start: u32, end: u32) -> &str {
        let text = &*self.segment.text;
        let start = floor_char(text, start.saturating_sub(self.start) as usize);
        let end = floor_char(text, end.saturating_sub(self.start) as usize);
        text.get(start..end.max(start)).unwrap_or_default()
    }
}

/// The starts of all lines of `text` but the first.
pub(crate) fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = Vec::with_capacity(bytes.len() / 32);
    for at in memchr2_iter(b'\n', b'\r', bytes) {
        let before_feed = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
        if !before_feed {
            starts.push(at as u32 + 1);
        }
    }
    starts
}

/// The last boundary between characters at or before `at`.
fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
