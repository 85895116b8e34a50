//! Changes of a text as the protocol tells them. Pure.

use editor_core::{ChangeSet, Text};
use serde_json::{Value, json};

use super::protocol::Position;

/// Edits that are told one by one; of more, the whole text is cheaper.
const MANY: usize = 500;
/// Bytes that are told as an edit; of more, the whole text is cheaper.
const LARGE: usize = 50_000;

/// What opens a file, but for its `text`.
pub(crate) fn opened(uri: &str, version: i32) -> Value {
    json!({ "textDocument": {
        "uri": uri,
        "languageId": "yaml",
        "version": version,
    } })
}

/// What replaces the text of a file, but for the `text` of its one change.
pub(crate) fn replaced(uri: &str, version: i32) -> Value {
    json!({
        "textDocument": { "uri": uri, "version": version },
        "contentChanges": [{}],
    })
}

/// Whether the whole text is told sooner than what was changed.
pub(crate) fn is_large(changes: &ChangeSet) -> bool {
    let inserted: usize = changes.iter().map(|it| it.insert.len()).sum();
    changes.len() > MANY || inserted > LARGE
}

/// What edits a file. The edits are told from the last to the first, so that the places of all of
/// them are those of the text before.
pub(crate) fn changed(uri: &str, version: i32, before: &Text, changes: &ChangeSet) -> Value {
    let edits: Vec<Value> = changes
        .iter()
        .rev()
        .map(|change| {
            let (start, end) = (change.old.start, change.old.end);
            json!({
                "range": { "start": place(before, start).json(), "end": place(before, end).json() },
                "text": change.insert,
            })
        })
        .collect();
    json!({
        "textDocument": { "uri": uri, "version": version },
        "contentChanges": edits,
    })
}

/// An offset as line and column in bytes.
pub(crate) fn place(text: &Text, offset: usize) -> Position {
    let line = text.line_of(offset);
    Position {
        line: line as u32,
        character: (offset - text.line_start(line)) as u32,
    }
}

/// The offset of a line and a column in bytes, within the line.
pub(crate) fn offset(text: &Text, at: Position) -> usize {
    let line = at.line as usize;
    let end = text.line_end(line);
    text.boundary((text.line_start(line) + at.character as usize).min(end))
}

/// The same for places of this very text that are asked for by the thousand: what is wrong becomes
/// some other place, which may not be between two characters.
pub(crate) fn nearby(text: &Text, at: Position) -> usize {
    (text.line_start(at.line as usize) + at.character as usize).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_told_from_the_last_to_the_first() {
        let before = Text::new("é: 1\nb: 2\n");
        let changes = ChangeSet::of(&before, [(4..5, "3"), (6..6, "x")]);
        let told = changed("kun:///a", 7, &before, &changes);
        let range = |it: usize| told["contentChanges"][it]["range"].to_string();
        assert_eq!(told["textDocument"]["version"], 7);
        assert!(range(0).contains("\"line\":1"), "{told}");
        assert_eq!(told["contentChanges"][1]["range"]["start"]["character"], 4);
    }

    #[test]
    fn places_outside_of_the_text_are_its_ends() {
        let text = Text::new("é\nb");
        let at = |line, character| Position { line, character };
        assert_eq!(offset(&text, at(0, 1)), 0);
        assert_eq!(offset(&text, at(0, 9)), 2);
        assert_eq!(offset(&text, at(9, 9)), 4);
        assert_eq!(place(&text, 4), at(1, 1));
    }
}
