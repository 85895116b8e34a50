//! Colours by meaning: whole, a range, or what changed since the last answer.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;
use yaml_ide::semantic_tokens::{SemanticToken, TokenKind, semantic_tokens};

use crate::convert::{Lines, from_proto, to_proto};
use crate::params::{Whole, Within};
use crate::session::{Document, Snapshot};

/// The last answer about each file: what a client's difference starts from.
#[derive(Debug, Default)]
pub(crate) struct LastTokens {
    by_file: Mutex<HashMap<FileId, (String, Vec<lsp::SemanticToken>)>>,
}

impl LastTokens {
    /// Forgets a file.
    pub(crate) fn remove(&self, file: FileId) {
        self.by_file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&file);
    }

    fn replace(
        &self,
        file: FileId,
        id: String,
        tokens: Vec<lsp::SemanticToken>,
    ) -> Option<(String, Vec<lsp::SemanticToken>)> {
        let mut by_file = self.by_file.lock().unwrap_or_else(PoisonError::into_inner);
        by_file.insert(file, (id, tokens))
    }
}

/// The kinds of words, each at its number in the answers. Names of the protocol where it has one.
const LEGEND: [(TokenKind, &str); 13] = [
    (TokenKind::Property, "property"),
    (TokenKind::MapKey, "variable"),
    (TokenKind::Kind, "class"),
    (TokenKind::ApiVersion, "namespace"),
    (TokenKind::String, "string"),
    (TokenKind::Number, "number"),
    (TokenKind::Keyword, "keyword"),
    (TokenKind::EnumMember, "enumMember"),
    (TokenKind::Definition, "function"),
    (TokenKind::Reference, "type"),
    (TokenKind::Anchor, "macro"),
    (TokenKind::Tag, "decorator"),
    (TokenKind::Comment, "comment"),
];

/// What the client is told of them.
pub(crate) fn legend() -> Value {
    let names = LEGEND.map(|(_, name)| name);
    json!({ "tokenTypes": names, "tokenModifiers": ["deprecated"] })
}

/// Answers `textDocument/semanticTokens/full`.
pub(crate) fn semantic_tokens_full(
    snapshot: &Snapshot,
    params: &Whole,
) -> Result<Option<lsp::SemanticTokensResult>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let (tokens, _) = all_tokens(snapshot, document);
    Ok(Some(tokens.into()))
}

/// Answers `textDocument/semanticTokens/full/delta`.
pub(crate) fn semantic_tokens_full_delta(
    snapshot: &Snapshot,
    params: &Whole,
) -> Result<Option<lsp::SemanticTokensFullDeltaResult>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let (tokens, last) = all_tokens(snapshot, document);
    let Some((_, last)) = last.filter(|(id, _)| Some(id) == params.previous_result_id.as_ref())
    else {
        return Ok(Some(tokens.into()));
    };
    Ok(Some(lsp::SemanticTokensFullDeltaResult::TokensDelta(
        lsp::SemanticTokensDelta {
            result_id: tokens.result_id,
            edits: difference(&last, &tokens.data).into_iter().collect(),
        },
    )))
}

/// Answers `textDocument/semanticTokens/range`.
pub(crate) fn semantic_tokens_range(
    snapshot: &Snapshot,
    params: &Within,
) -> Result<Option<lsp::SemanticTokensRangeResult>> {
    let document = snapshot.document(&params.text_document.uri)?;
    let range = from_proto::range(document.lines, params.range);
    let tokens = semantic_tokens(&snapshot.analysis, document.file, Some(range));
    Ok(Some(lsp::SemanticTokensRangeResult::Tokens(
        lsp::SemanticTokens {
            result_id: None,
            data: encode(document.lines, &tokens),
        },
    )))
}

/// All tokens, and the answer before this one.
fn all_tokens(
    snapshot: &Snapshot,
    document: Document<'_>,
) -> (
    lsp::SemanticTokens,
    Option<(String, Vec<lsp::SemanticToken>)>,
) {
    let tokens = semantic_tokens(&snapshot.analysis, document.file, None);
    let data = encode(document.lines, &tokens);
    let id = snapshot.revision.to_string();
    let last = snapshot
        .tokens
        .replace(document.file, id.clone(), data.clone());
    let tokens = lsp::SemanticTokens {
        result_id: Some(id),
        data,
    };
    (tokens, last)
}

/// The tokens as the protocol has them: each by its distance from the one before.
fn encode(lines: Lines<'_>, tokens: &[SemanticToken]) -> Vec<lsp::SemanticToken> {
    let mut before = lsp::Position::default();
    let encode = |token: &SemanticToken| {
        let lsp::Range { start, end } = to_proto::range(lines, token.range);
        let delta_line = start.line - before.line;
        let column = if delta_line == 0 { before.character } else { 0 };
        before = start;
        lsp::SemanticToken {
            delta_line,
            delta_start: start.character - column,
            length: end.character.saturating_sub(start.character),
            token_type: LEGEND
                .iter()
                .position(|(kind, _)| *kind == token.kind)
                .unwrap_or(0) as u32,
            token_modifiers_bitset: u32::from(token.deprecated),
        }
    };
    tokens.iter().map(encode).collect()
}

/// The one edit between two lists that differ: what is between their common ends.
fn difference(
    before: &[lsp::SemanticToken],
    after: &[lsp::SemanticToken],
) -> Option<lsp::SemanticTokensEdit> {
    let same = |(a, b): &(&lsp::SemanticToken, &lsp::SemanticToken)| a == b;
    let start = before.iter().zip(after).take_while(same).count();
    let (before, after) = (&before[start..], &after[start..]);
    let end = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(same)
        .count();
    let (gone, new) = (before.len() - end, &after[..after.len() - end]);
    // Offsets count the five numbers of each token.
    (gone > 0 || !new.is_empty()).then(|| lsp::SemanticTokensEdit {
        start: start as u32 * 5,
        delete_count: gone as u32 * 5,
        data: Some(new.to_vec()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn difference_is_what_stands_between_common_ends() {
        let check = |before: &[u32], after: &[u32], edit: Option<(u32, u32, &[u32])>| {
            let tokens = |lengths: &[u32]| lengths.iter().map(|it| token(*it)).collect::<Vec<_>>();
            let found = difference(&tokens(before), &tokens(after));
            let wanted = edit.map(|(start, delete_count, data)| lsp::SemanticTokensEdit {
                start,
                delete_count,
                data: Some(tokens(data)),
            });
            assert_eq!(found, wanted);
        };
        check(&[1, 2, 3], &[1, 2, 3], None);
        check(&[1, 2, 3], &[1, 7, 8, 3], Some((5, 5, &[7, 8])));
        check(&[1, 1], &[1, 1, 1], Some((10, 0, &[1])));
        check(&[1, 2], &[], Some((0, 10, &[])));
    }

    fn token(length: u32) -> lsp::SemanticToken {
        lsp::SemanticToken {
            delta_line: 0,
            delta_start: 0,
            length,
            token_type: 0,
            token_modifiers_bitset: 0,
        }
    }
}
