//! Parsing a text, and parsing again what an edit touches.
//!
//! An edit within a document re-parses from the last cut in front of all that may have looked at
//! the edited text, and stops at the first old cut behind it where the same levels are open. An
//! edit that may move the bounds of documents re-parses whole documents.

use std::ops::Range;
use std::sync::Arc;

use crate::line;
use crate::parser::{self, Parser, SEGMENT_SIZE, boundaries};
use crate::source::{Piece, Source};
use crate::tree::{Kind, Segment};
use crate::{TextRange, TextSize};

/// Parses a whole stream.
pub(crate) fn parse(text: &str) -> Source {
    parse_in_segments(text, SEGMENT_SIZE)
}

fn parse_in_segments(text: &str, segment_size: usize) -> Source {
    let mut source = Source::default();
    let fresh = documents(text, &boundaries(text).starts, segment_size);
    splice(&mut source, 0..0, fresh);
    source
}

/// Replaces a range of the text.
pub(crate) fn edit(source: &mut Source, range: TextRange, insert: &str) {
    edit_in_segments(source, range, insert, SEGMENT_SIZE);
}

fn edit_in_segments(source: &mut Source, range: TextRange, insert: &str, segment_size: usize) {
    let start = source.floor_char(range.start());
    let edit = Edit {
        start,
        end: source.floor_char(range.end()).max(start),
        insert,
        segment_size,
    };
    let within = edit.within_document(source);
    let (replaced, fresh) = within.unwrap_or_else(|| edit.of_documents(source));
    splice(source, replaced, fresh);
}

/// A segment, and whether a document starts with it.
type Fresh = (Segment, bool);

/// The segments of a text whose documents start at `starts`.
fn documents(text: &str, starts: &[usize], segment_size: usize) -> Vec<Fresh> {
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let ranges = starts.iter().copied().zip(ends);
    let texts = ranges.map(|(start, end)| text.get(start..end).unwrap_or_default());
    let segments = texts.map(|text| parser::document(text, segment_size));
    segments.flat_map(first_marked).collect()
}

fn first_marked(segments: Vec<Segment>) -> impl Iterator<Item = Fresh> {
    let segments = segments.into_iter().enumerate();
    segments.map(|(at, segment)| (segment, at == 0))
}

/// A change of the text, in bytes of the whole.
struct Edit<'t> {
    start: u32,
    end: u32,
    insert: &'t str,
    segment_size: usize,
}

impl Edit<'_> {
    /// Parses again some segments of a document; `None` where its bounds might move.
    fn within_document(&self, source: &Source) -> Option<(Range<usize>, Vec<Fresh>)> {
        let touched = source.piece_at(self.start)?..source.piece_at(self.end)? + 1;
        let document = source.document_of(touched.start);
        let pieces = source.document_pieces(document);
        if touched.end > pieces.end || !self.keeps_bounds(source, &pieces) {
            return None;
        }
        let reaching = source.pieces.get(pieces.start..touched.end)?;
        let looks_at_it = |piece: &Piece| piece.start + piece.segment.reach > self.start;
        let first = pieces.start + reaching.iter().position(looks_at_it).unwrap_or(0);
        let mut window = first..touched.end;
        let mut ahead = 1;
        loop {
            let seen = (window.end + ahead).min(pieces.end);
            if let Some(fresh) = self.parse_window(source, &pieces, &mut window, seen) {
                // Something must be left of the document that tells it from what it was.
                return (!fresh.is_empty()).then_some((window, fresh));
            }
            if seen == pieces.end {
                return None;
            }
            ahead *= 4;
        }
    }

    /// Parses the pieces of `window` as they are after the edit, and more until the levels agree
    /// with those in front of a piece that is kept; `window` is widened to what was parsed. `None`
    /// if that needs more than the pieces in front of `seen`.
    fn parse_window(
        &self,
        source: &Source,
        pieces: &Range<usize>,
        window: &mut Range<usize>,
        seen: usize,
    ) -> Option<Vec<Fresh>> {
        let text = self.applied(source, window.start..seen);
        let is_whole = seen == pieces.end;
        let first = source.pieces.get(window.start)?;
        let handles = &first.segment.handles;
        let mut parser = if window.start == pieces.start {
            Parser::new(&text, self.segment_size)
        } else {
            Parser::resume(
                &text,
                &first.segment.enter,
                Arc::clone(handles),
                self.segment_size,
            )
        };
        for end in window.end..seen {
            let kept = source.pieces.get(end)?;
            let cut = self.moved(kept.start) - first.start as usize;
            parser.lines(cut);
            let is_same = parser.pos == cut
                && parser.can_cut()
                && parser.handles == *handles
                && *parser.levels() == *kept.segment.enter;
            if is_same && (is_whole || parser.reach() <= text.len()) {
                window.end = end;
                return Some(marked(parser.suspend(), window.start == pieces.start));
            }
        }
        if !is_whole {
            return None;
        }
        parser.lines(text.len());
        window.end = pieces.end;
        Some(marked(parser.finish(), window.start == pieces.start))
    }

    /// Whether the document's bounds stay: no marker is touched, nor what stands in front of its
    /// content, nor what follows its end.
    fn keeps_bounds(&self, source: &Source, pieces: &Range<usize>) -> bool {
        let Some(first) = source.pieces.get(pieces.start) else {
            return false;
        };
        let text = first.segment.text.as_bytes();
        let content = parser::skip_prefix(text, 0);
        let head = line::after_break(text, line::line_end(text, content));
        let touched = source
            .piece_at(self.start)
            .and_then(|at| source.pieces.get(at));
        let is_ended = touched.is_none_or(|piece| piece.ends_before(self.start));
        let is_head = (self.start as usize) < first.start as usize + head
            || content >= text.len()
            || head == text.len() && !text.last().is_some_and(|&byte| line::is_break(byte));
        if is_head || is_ended {
            return false;
        }
        let lines = self.touched_lines(source);
        let old = source.slice(lines);
        let before = source.slice(TextRange::new(lines.start(), TextSize::from(self.start)));
        let behind = source.slice(TextRange::new(TextSize::from(self.end), lines.end()));
        let new = [&*before, self.insert, &*behind].concat();
        !has_marker(&old) && !has_marker(&new)
    }

    /// The lines that the edit touches, with their breaks.
    fn touched_lines(&self, source: &Source) -> TextRange {
        let line = |offset: u32| source.line_col(TextSize::from(offset)).line;
        // A line feed at the start of a line may join a carriage return in front of it.
        let first = line(self.start).saturating_sub(1);
        let start = source.line_start(first);
        let end = source.line_start(line(self.end) + 1);
        TextRange::new(start, end)
    }

    /// Parses whole documents again, from the one in front of the edit to where the rest stays.
    fn of_documents(&self, source: &Source) -> (Range<usize>, Vec<Fresh>) {
        let piece = |offset| source.piece_at(offset).unwrap_or(0);
        let first = source.document_of(piece(self.start)).saturating_sub(1);
        let mut last = source.document_of(piece(self.end));
        let start = source.document_pieces(first).start;
        loop {
            let end = source.document_pieces(last).end;
            let text = self.applied(source, start..end);
            let cuts = boundaries(&text);
            let follows = source.pieces.get(end).is_none_or(|next| {
                let next = next.segment.text.as_bytes();
                let is_at_line = text.is_empty() || text.ends_with(['\n', '\r']);
                let starts = parser::is_start(next, 0);
                let is_prefix = cuts.is_prefix && !text.is_empty() || text.is_empty() && !starts;
                is_at_line && !is_prefix && (cuts.is_ended || starts)
            });
            if follows {
                return (
                    start..end,
                    documents(&text, &cuts.starts, self.segment_size),
                );
            }
            last += 1;
        }
    }

    /// The text of some pieces after the edit.
    fn applied(&self, source: &Source, pieces: Range<usize>) -> String {
        let pieces = source.pieces.get(pieces).unwrap_or_default();
        let (start, end) = match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => (first.start, last.end()),
            _ => (self.start, self.end),
        };
        let mut text = String::with_capacity((end - start) as usize + self.insert.len());
        text.extend(pieces.iter().map(|piece| piece.slice(start, self.start)));
        text.push_str(self.insert);
        text.extend(pieces.iter().map(|piece| piece.slice(self.end, end)));
        text
    }

    /// An offset behind the edit as it is after it.
    fn moved(&self, offset: u32) -> usize {
        (offset - self.end) as usize + self.start as usize + self.insert.len()
    }
}

fn marked(segments: Vec<Segment>, is_start: bool) -> Vec<Fresh> {
    let segments = segments.into_iter().enumerate();
    segments
        .map(|(at, segment)| (segment, is_start && at == 0))
        .collect()
}

/// Whether a line of `text` may be a `---` or `...`.
fn has_marker(text: &str) -> bool {
    let mut lines = text.split(['\n', '\r']);
    lines.any(|line| line.starts_with("---") || line.starts_with("..."))
}

/// Replaces some pieces, which are whole documents or within one.
fn splice(source: &mut Source, replaced: Range<usize>, fresh: Vec<Fresh>) {
    let before = replaced
        .start
        .checked_sub(1)
        .and_then(|at| source.pieces.get(at));
    let (mut start, mut line) = before.map_or((0, 0), |piece| (piece.end(), piece.end_line()));
    let mut firsts = Vec::new();
    let mut pieces = Vec::with_capacity(fresh.len());
    for (segment, is_first) in fresh {
        if is_first {
            firsts.push((replaced.start + pieces.len()) as u32);
        }
        let piece = Piece {
            segment: Arc::new(segment),
            start,
            line,
        };
        (start, line) = (piece.end(), piece.end_line());
        pieces.push(piece);
    }
    let behind = replaced.start + pieces.len();
    let gone = source.documents_within(&replaced);
    for first in source.documents.iter_mut().skip(gone.end) {
        *first = (*first as usize - replaced.end + behind) as u32;
    }
    source.documents.splice(gone, firsts);
    source.pieces.splice(replaced, pieces);
    for piece in source.pieces.iter_mut().skip(behind) {
        (piece.start, piece.line) = (start, line);
        (start, line) = (piece.end(), piece.end_line());
    }
}

impl Piece {
    /// Whether the `...` of the document stands in front of an offset in it.
    fn ends_before(&self, offset: u32) -> bool {
        let segment = &self.segment;
        let levels = segment.enter.first();
        let is_end = |idx: &u32| {
            segment.kind(*idx) == Kind::DocumentEnd && self.start + segment.start(*idx) <= offset
        };
        levels.is_none_or(|level| level.indent == -2) || (0..segment.len()).any(|idx| is_end(&idx))
    }
}

impl Source {
    fn floor_char(&self, offset: TextSize) -> u32 {
        let offset = u32::from(offset.min(self.len()));
        let piece = self.piece_at(offset).and_then(|at| self.pieces.get(at));
        piece.map_or(0, |piece| piece.floor_char(offset))
    }

    /// The document of a piece.
    pub(crate) fn document_of(&self, piece: usize) -> usize {
        let behind = self
            .documents
            .partition_point(|&first| first as usize <= piece);
        behind.saturating_sub(1)
    }

    /// The pieces of a document.
    fn document_pieces(&self, document: usize) -> Range<usize> {
        let (first, behind) = self.pieces_of(document as u32);
        first as usize..behind as usize
    }

    /// The documents that start in a range of pieces.
    fn documents_within(&self, pieces: &Range<usize>) -> Range<usize> {
        let before = |end: usize| {
            self.documents
                .partition_point(|&first| (first as usize) < end)
        };
        before(pieces.start)..before(pieces.end)
    }
}

#[cfg(test)]
mod tests;
