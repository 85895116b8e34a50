//! Between the protocol's words and ours. Nothing is decided here.

pub(crate) mod from_proto;
mod plain_text;
mod snippet;
pub(crate) mod to_proto;

use std::cell::RefCell;

use yaml_ide::FileId;
use yaml_syntax::{Source, TextRange, TextSize};

/// What `character` of a position counts. Agreed with the client once, when it starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes: what we count ourselves.
    Utf8,
    /// What every client can count.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The one of those that the client offers that costs us least.
    pub(crate) fn choose(offered: &[&str]) -> Self {
        if offered.contains(&Self::Utf8.name()) {
            Self::Utf8
        } else if offered.first() == Some(&Self::Utf32.name()) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    /// How much `text` counts.
    pub(crate) fn len(self, text: &str) -> u32 {
        let len = match self {
            _ if text.is_ascii() => text.len(),
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Utf32 => text.chars().count(),
        };
        len as u32
    }
}

/// A text with the encoding in which the client counts its columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines<'a> {
    pub(crate) source: &'a Source,
    pub(crate) encoding: Encoding,
    /// Where many places are asked for, and for which file.
    pub(crate) marks: Option<(FileId, &'a Marks)>,
}

/// Places of a line up to which was counted, so that a line of megabytes is not counted from its
/// start for each place in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(RefCell<Marked>);

#[derive(Debug, Clone, Default)]
struct Marked {
    /// The file and where the line starts.
    line: Option<(FileId, TextSize)>,
    /// Ascending offsets, and how much is before each.
    places: Vec<(TextSize, u32)>,
}

/// Marks are so many bytes apart.
const APART: u32 = 256;

impl<'a> Lines<'a> {
    /// A text of which a place or two are asked for.
    pub(crate) fn new(source: &'a Source, encoding: Encoding) -> Self {
        Self {
            source,
            encoding,
            marks: None,
        }
    }

    /// How much the characters count from the start of a line to `offset`.
    pub(crate) fn count(self, start: TextSize, offset: TextSize) -> u32 {
        if self.encoding == Encoding::Utf8 {
            return (offset - start).into();
        }
        let (from, units) = match self.marks {
            Some((file, marks)) => marks.before(self, (file, start), offset),
            None => (start, 0),
        };
        let rest = self.source.slice(TextRange::new(from, offset));
        // Between the two characters of a line end is its start.
        units + self.encoding.len(rest.trim_end_matches('\r'))
    }
}

impl Marks {
    /// The last mark before `offset`, and how much is before it in its line.
    fn before(
        &self,
        lines: Lines<'_>,
        line: (FileId, TextSize),
        offset: TextSize,
    ) -> (TextSize, u32) {
        let marked = &mut *self.0.borrow_mut();
        if marked.line.replace(line) != Some(line) {
            marked.places = vec![(line.1, 0)];
        }
        let apart = TextSize::from(APART);
        let behind = marked.places.partition_point(|(at, _)| *at <= offset);
        let before = behind.checked_sub(1);
        let before = before.and_then(|it| marked.places.get(it)).copied();
        let (mut at, mut units) = before.unwrap_or((line.1, 0));
        // Two marks are never further apart: it is the last one where there is more.
        while at + apart < offset {
            let text = lines.source.slice(TextRange::new(at, at + apart));
            units += lines.encoding.len(&text);
            at = at + TextSize::of(&text);
            marked.places.push((at, units));
        }
        (at, units)
    }
}
