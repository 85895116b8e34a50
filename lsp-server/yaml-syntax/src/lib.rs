//! YAML text to a lossless, tolerant, incremental tree.
//!
//! Any text gives a tree; what is wrong with it is a list beside it. The tree knows no Kubernetes
//! and no editor, except that [`json`] reads a document the way kubectl does.
//!
//! # A tour
//!
//! A text is parsed once and edited from then on:
//!
//! ```
//! use yaml_syntax::{PathSegment, TextRange, TextSize};
//!
//! let mut parse = yaml_syntax::parse("kind: Service\nspec:\n  ports:\n  - port: 80\n");
//! assert!(parse.is_valid());
//!
//! // Into the tree by keys, and to what a place in the text is part of.
//! let document = parse.documents().next().expect("the text is not empty");
//! let root = document.root().and_then(|node| node.as_mapping()).expect("the root is a mapping");
//! let kind = root.get("kind").and_then(|node| node.as_scalar()).expect("kind is a scalar");
//! assert_eq!(kind.text(), "Service");
//! let path = document.path_at(TextSize::from(34));
//! assert_eq!(path.len(), 4);
//! assert_eq!(path[2], PathSegment::Index(0));
//!
//! // What it means to kubectl.
//! let json = yaml_syntax::json::document(document).expect("kubectl takes it");
//! assert_eq!(json.value["spec"]["ports"][0]["port"], 80);
//!
//! // A half-typed key: one error, and all the rest stays understood.
//! parse.edit(TextRange::empty(TextSize::from(14)), "meta\n");
//! let errors = parse.errors();
//! assert_eq!(errors.len(), 1);
//! assert_eq!(errors[0].code, "missing-colon");
//! let document = parse.documents().next().expect("the text is not empty");
//! let names: Vec<_> = document.entries().filter_map(|(_, entry)| entry.key_text()).collect();
//! assert_eq!(names, ["kind", "meta", "spec", "ports", "port"]);
//!
//! // From a path to its place, and what comments say about it.
//! let parse = yaml_syntax::parse("spec:\n  # two for safety\n  replicas: 2 # not more\n");
//! let document = parse.documents().next().expect("the text is not empty");
//! let path = ["spec", "replicas"].map(|key| PathSegment::Key(key.to_owned()));
//! let entry = document.entry_at_path(&path).expect("it is there");
//! assert_eq!(document.path_at(entry.range().start()), path);
//! assert_eq!(entry.leading_comments()[0].text(), "two for safety");
//! assert_eq!(entry.trailing_comment().expect("it has one").text(), "not more");
//!
//! // A value set: one edit, all around it stays.
//! let value = serde_json::json!(3);
//! let edit = yaml_syntax::edit::set(document, &path, &value).expect("it is there");
//! let text = yaml_syntax::edit::apply(&parse.source().to_string(), &[edit]);
//! assert_eq!(text, "spec:\n  # two for safety\n  replicas: 3 # not more\n");
//!
//! // Places as an editor counts them.
//! let at = parse.source().line_col(entry.range().start());
//! assert_eq!((at.line, at.col), (2, 2));
//! assert_eq!(parse.source().to_utf16(at), at);
//! ```
#![deny(missing_docs)]

pub mod ast;
mod cursor;
mod decode;
pub mod edit;
mod error;
pub mod events;
pub mod format;
pub mod highlight;
mod incremental;
pub mod json;
mod line;
pub mod order;
mod parser;
mod recovery;
#[cfg(test)]
mod samples_for_tests;
mod source;
mod tag;
mod text;
mod tree;

pub use ast::{
    Alias, Comment, Document, Entry, Item, Mapping, Node, Path, PathSegment, Scalar, ScalarStyle,
    Sequence,
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
        self.documents().flat_map(Document::errors).collect()
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
