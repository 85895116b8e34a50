//! What requests are about. Almost all of them name a document and a place in it, or a part.
//!
//! The protocol's own types of these also read tokens for partial results, which are not given;
//! that alone would be a sixth of what a browser loads.

use serde::Deserialize;
use tower_lsp::ls_types as lsp;

/// A document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Whole {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
    /// The last answer that the client has, where answers can be differences.
    pub(crate) previous_result_id: Option<String>,
}

/// A place in a document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct At {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
    pub(crate) position: lsp::Position,
}

/// Several places in a document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AtEach {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
    pub(crate) positions: Vec<lsp::Position>,
}

/// A part of a document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Within {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
    pub(crate) range: lsp::Range,
}

/// A part of a document, and what is wanted of what is offered there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Offers {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
    pub(crate) range: lsp::Range,
    pub(crate) context: OffersContext,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OffersContext {
    /// Kinds, each with all that is below it; everything if there are none.
    pub(crate) only: Option<Vec<lsp::CodeActionKind>>,
}

/// A name, and whether its definitions are wanted with its uses.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Uses {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
    pub(crate) position: lsp::Position,
    pub(crate) context: lsp::ReferenceContext,
}

/// A name, and what it is to be.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Renaming {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
    pub(crate) position: lsp::Position,
    pub(crate) new_name: String,
}

/// A place where something was typed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Typed {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
    pub(crate) position: lsp::Position,
    pub(crate) ch: String,
}

/// What is looked for in all documents.
#[derive(Debug, Deserialize)]
pub(crate) struct Query {
    pub(crate) query: String,
}
