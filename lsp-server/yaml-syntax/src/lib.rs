//! YAML text to a lossless, tolerant, incremental tree.
#![deny(missing_docs)]

pub mod ast;
pub mod highlight;
pub mod json;
mod text;

pub use ast::{
    Alias, Document, Entry, Item, Mapping, Node, Path, PathSegment, Scalar, ScalarStyle, Sequence,
};
pub use text::{LineCol, TextRange, TextSize};

/// A text with its tree and its errors. Clones are cheap: documents are shared.
#[derive(Debug, Clone)]
pub struct Parse {
    placeholder: (),
}

/// Parses a stream of YAML documents. Never fails: what is wrong stands in [`Parse::errors`].
pub fn parse(_text: &str) -> Parse {
    todo!()
}

/// One syntax error: at the place where the person went wrong, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The place, in bytes of the whole text.
    pub range: TextRange,
    /// A word for machines, such as `unclosed-quote`.
    pub code: &'static str,
    /// A sentence: what is wrong and how to mend it.
    pub message: String,
}

impl Parse {
    /// Replaces `range` of the text with `insert` and parses again what that touches.
    pub fn edit(&mut self, _range: TextRange, _insert: &str) {
        todo!()
    }

    /// The text, to read from.
    pub fn source(&self) -> &Source {
        todo!()
    }

    /// All syntax errors, sorted by place.
    pub fn errors(&self) -> Vec<SyntaxError> {
        todo!()
    }

    /// The documents of the stream, in order.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = Document<'_>> {
        std::iter::empty::<Document<'_>>()
    }

    /// The document that `offset` stands in. The marker `---` belongs to the document it opens;
    /// `None` for an empty stream only.
    pub fn document_at(&self, _offset: TextSize) -> Option<Document<'_>> {
        todo!()
    }
}

/// The text of a [`Parse`], in chunks. Offsets are bytes of UTF-8; lines end with `\n`, `\r\n` or
/// `\r` and are counted from 0.
#[derive(Debug, Clone)]
pub struct Source {
    placeholder: (),
}

impl Source {
    /// Bytes of the whole text.
    pub fn len(&self) -> TextSize {
        todo!()
    }
    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == TextSize::from(0)
    }
    /// A part of the text; borrowed where it stands in one chunk.
    pub fn slice(&self, _range: TextRange) -> std::borrow::Cow<'_, str> {
        todo!()
    }
    /// How many lines there are: one more than line ends.
    pub fn line_count(&self) -> u32 {
        todo!()
    }
    /// The line without its line end.
    pub fn line_range(&self, _line: u32) -> TextRange {
        todo!()
    }
    /// Line and column (bytes) of an offset.
    pub fn line_col(&self, _offset: TextSize) -> LineCol {
        todo!()
    }
    /// Offset of a line and column; clamped to the line and the text.
    pub fn offset(&self, _at: LineCol) -> TextSize {
        todo!()
    }
    /// The same place with the column in UTF-16 code units.
    pub fn to_utf16(&self, _at: LineCol) -> LineCol {
        todo!()
    }
    /// The same place with the column in bytes, of one with the column in UTF-16 code units.
    pub fn from_utf16(&self, _at: LineCol) -> LineCol {
        todo!()
    }
}

impl std::fmt::Display for Source {
    /// The whole text.
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!()
    }
}
