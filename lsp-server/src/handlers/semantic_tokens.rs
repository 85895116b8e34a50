//! Colours by meaning: whole, a range, or what changed since the last answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;
use yaml_ide::semantic_tokens::{SemanticToken, TokenKind, semantic_tokens_in_pieces};
use yaml_syntax::TextRange;

use crate::convert::{Lines, from_proto, to_proto};
use crate::message::{Json, JsonList};
use crate::params::{Whole, Within};
use crate::session::{Document, Snapshot};

/// The last answer about each file: what a client's difference starts from.
#[derive(Debug, Default)]
pub(crate) struct LastTokens {
    by_file: Mutex<HashMap<FileId, Arc<Tokens>>>,
}

/// An answer.
#[derive(Debug)]
struct Tokens {
    id: String,
    data: Vec<lsp::SemanticToken>,
}

impl LastTokens {
    /// Forgets a file.
    pub(crate) fn remove(&self, file: FileId) {
        self.lock().remove(&file);
    }

    fn replace(&self, file: FileId, tokens: Arc<Tokens>) -> Option<Arc<Tokens>> {
        self.lock().insert(file, tokens)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<FileId, Arc<Tokens>>> {
        self.by_file.lock().unwrap_or_else(PoisonError::into_inner)
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
pub(crate) async fn semantic_tokens_full(snapshot: &Snapshot, params: &Whole) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    let (tokens, _) = all_tokens(snapshot, document).await;
    Ok(written(snapshot, &tokens).await)
}

/// Answers `textDocument/semanticTokens/full/delta`.
pub(crate) async fn semantic_tokens_full_delta(
    snapshot: &Snapshot,
    params: &Whole,
) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    let (tokens, last) = all_tokens(snapshot, document).await;
    let last = last.filter(|last| Some(&last.id) == params.previous_result_id.as_ref());
    let Some(last) = last else {
        return Ok(written(snapshot, &tokens).await);
    };
    Ok(Json::of(&lsp::SemanticTokensDelta {
        result_id: Some(tokens.id.clone()),
        edits: difference(&last.data, &tokens.data).into_iter().collect(),
    }))
}

/// Answers `textDocument/semanticTokens/range`.
pub(crate) async fn semantic_tokens_range(snapshot: &Snapshot, params: &Within) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    let range = from_proto::range(document.lines, params.range);
    let data = encoded(snapshot, document, Some(range)).await;
    Ok(Json::of(&lsp::SemanticTokens {
        result_id: None,
        data,
    }))
}

/// All tokens, and the answer before this one.
async fn all_tokens(
    snapshot: &Snapshot,
    document: Document<'_>,
) -> (Arc<Tokens>, Option<Arc<Tokens>>) {
    let id = snapshot.revision.to_string();
    let data = encoded(snapshot, document, None).await;
    let tokens = Arc::new(Tokens { id, data });
    let last = snapshot.tokens.replace(document.file, Arc::clone(&tokens));
    (tokens, last)
}

/// The words of a document as the protocol has them: each by its distance from the one before.
async fn encoded(
    snapshot: &Snapshot,
    document: Document<'_>,
    range: Option<TextRange>,
) -> Vec<lsp::SemanticToken> {
    let mut before = lsp::Position::default();
    let mut data = Vec::new();
    let pieces = semantic_tokens_in_pieces(&snapshot.analysis, document.file, range);
    for tokens in pieces {
        let tokens = tokens.iter();
        data.extend(tokens.map(|token| encode(document.lines, token, &mut before)));
        snapshot.turn.pause().await;
    }
    data
}

fn encode(
    lines: Lines<'_>,
    token: &SemanticToken,
    before: &mut lsp::Position,
) -> lsp::SemanticToken {
    let lsp::Range { start, end } = to_proto::range(lines, token.range);
    let delta_line = start.line - before.line;
    let column = if delta_line == 0 { before.character } else { 0 };
    *before = start;
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
}

/// All tokens as an answer.
async fn written(snapshot: &Snapshot, tokens: &Tokens) -> Json {
    let mut data = JsonList::default();
    for token in &tokens.data {
        for number in [
            token.delta_line,
            token.delta_start,
            token.length,
            token.token_type,
            token.token_modifiers_bitset,
        ] {
            data.push(&number);
        }
        snapshot.turn.pause().await;
    }
    let id = Json::of(&tokens.id);
    Json::object(&[("resultId", &id), ("data", &data.finish())])
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
