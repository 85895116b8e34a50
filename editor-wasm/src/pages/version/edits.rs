//! Edits of a file that no editor shows.

use editor_core::Text;

use crate::lsp::{Position, TextEdit};

/// The text with disjoint edits made.
pub(super) fn apply(text: &str, edits: &[TextEdit]) -> String {
    let lines = Text::new(text);
    let offset = |at: Position| {
        let line = at.line as usize;
        let offset = lines.line_start(line) + at.character as usize;
        lines.boundary(offset.min(lines.line_end(line)))
    };
    let mut places: Vec<_> = edits
        .iter()
        .map(|edit| {
            (
                offset(edit.range.start),
                offset(edit.range.end),
                &*edit.new_text,
            )
        })
        .collect();
    places.sort_unstable();
    let mut edited = lines.slice(0..lines.len()).into_owned();
    for (start, end, new_text) in places.into_iter().rev() {
        if start <= end {
            edited.replace_range(start..end, new_text);
        }
    }
    edited
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::Range;

    #[test]
    fn edits_are_made_at_their_places() {
        let edit = |line, start, end, new_text: &str| TextEdit {
            range: Range {
                start: Position {
                    line,
                    character: start,
                },
                end: Position {
                    line,
                    character: end,
                },
            },
            new_text: new_text.into(),
            snippet: None,
        };
        let edits = [
            edit(1, 6, 9, "shop"),
            edit(0, 0, 1, "k"),
            edit(9, 0, 0, "!"),
        ];
        assert_eq!(
            apply("Kind: A\nname: web\n", &edits),
            "kind: A\nname: shop\n!"
        );
    }
}
