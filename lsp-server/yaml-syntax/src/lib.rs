//! YAML text to a lossless, tolerant, incremental tree.
#![deny(missing_docs)]

pub mod ast;
mod cursor;
mod decode;
mod error;
pub mod events;
pub mod highlight;
mod incremental;
pub mod json;
mod line;
mod parser;
mod recovery;
mod source;
mod tag;
mod text;
mod tree;

pub use ast::{
    Alias, Document, Entry, Item, Mapping, Node, Path, PathSegment, Scalar, ScalarStyle, Sequence,
};
pub use error::SyntaxError;
pub use source::Source;
pub use text::{LineCol, TextRange, TextSize};

/// A text with its tree and its errors. Clones are cheap: documents are shared.
#[derive(Debug, Clone)]
pub struct Parse {
    source: Source,
}

/// Parses a stream of YAML documents. Never fails: what is wrong stands in [`Parse::errors`].
pub fn parse(text: &str) -> Parse {
    Parse {
        source: incremental::parse(text),
    }
}

impl Parse {
    /// Replaces `range` of the text with `insert` and parses again what that touches.
    ///
    /// A range that reaches beyond the text, or starts or ends within a character, is shortened.
    pub fn edit(&mut self, range: TextRange, insert: &str) {
        incremental::edit(&mut self.source, range, insert);
    }

    /// The text, to read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// All syntax errors, sorted by place.
    pub fn errors(&self) -> Vec<SyntaxError> {
        let pieces = self.source.pieces.iter();
        let problems = pieces.flat_map(|piece| {
            let problems = piece.segment.problems.iter();
            problems.map(|problem| {
                let range = piece.range_of(problem);
                problem.code.error(range, &self.source.slice(range))
            })
        });
        problems.collect()
    }

    /// Whether there are no syntax errors.
    pub fn is_valid(&self) -> bool {
        let mut pieces = self.source.pieces.iter();
        pieces.all(|piece| piece.segment.problems.is_empty())
    }

    /// The documents of the stream, in order.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = Document<'_>> {
        let count = self.source.documents.len();
        (0..count).map(|index| Document::new(&self.source, index as u32))
    }

    /// The document that `offset` stands in. The marker `---` belongs to the document it opens;
    /// `None` for an empty stream only.
    pub fn document_at(&self, offset: TextSize) -> Option<Document<'_>> {
        let piece = self.source.piece_at(offset.into())? as u32;
        let behind = self
            .source
            .documents
            .partition_point(|&first| first <= piece);
        Some(Document::new(&self.source, behind.checked_sub(1)? as u32))
    }
}
