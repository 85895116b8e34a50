//! Deleting and pasting.

use crate::selection::Caret;
use crate::state::EditorState;
use crate::text::{Text, normalize};
use crate::transaction::{Origin, Transaction};
use crate::words::{next_char, word_left, word_right};

/// Deletes what is selected, else the character behind each caret.
pub fn delete_forward(state: &EditorState) -> Option<Transaction> {
    delete(state, |text, caret| {
        (caret.head, next_char(text, caret.head))
    })
}

/// Deletes what is selected, else up to the start of the word before each caret.
pub fn delete_word_backward(state: &EditorState) -> Option<Transaction> {
    delete(state, |text, caret| {
        (word_left(text, caret.head), caret.head)
    })
}

/// Deletes what is selected, else up to the end of the word behind each caret.
pub fn delete_word_forward(state: &EditorState) -> Option<Transaction> {
    delete(state, |text, caret| {
        (caret.head, word_right(text, caret.head))
    })
}

/// Deletes what is selected, else up to the start of the line; at the start the line end before.
pub fn delete_to_line_start(state: &EditorState) -> Option<Transaction> {
    delete(state, |text, caret| {
        let start = text.line_start(text.line_of(caret.head));
        let from = if start == caret.head {
            start.saturating_sub(1)
        } else {
            start
        };
        (from, caret.head)
    })
}

/// Deletes what is selected, else up to the end of the line; at the end the line end.
pub fn delete_to_line_end(state: &EditorState) -> Option<Transaction> {
    delete(state, |text, caret| {
        let end = text.line_end(text.line_of(caret.head));
        let to = if end == caret.head {
            (end + 1).min(text.len())
        } else {
            end
        };
        (caret.head, to)
    })
}

pub(crate) fn delete(
    state: &EditorState,
    reach: impl Fn(&Text, &Caret) -> (usize, usize),
) -> Option<Transaction> {
    let transaction = Transaction::at_carets(state, Origin::Delete, |caret| {
        let range = if caret.is_empty() {
            let (start, end) = reach(state.text(), caret);
            start..end
        } else {
            caret.range()
        };
        (range, String::new(), 0)
    });
    (!transaction.changes.is_empty()).then_some(transaction)
}

/// What copying takes: what is selected, joined by line ends; of carets that select nothing their
/// whole line. The second says whether whole lines were taken.
pub fn copied(state: &EditorState) -> (String, bool) {
    let text = state.text();
    let carets = state.selection().carets();
    if state.selection().is_empty() {
        let mut copied = String::new();
        for caret in carets {
            copied.push_str(&text.line(text.line_of(caret.head)));
            copied.push('\n');
        }
        return (copied, true);
    }
    let parts: Vec<_> = carets
        .iter()
        .filter(|it| !it.is_empty())
        .map(|it| text.slice(it.range()))
        .collect();
    (parts.join("\n"), false)
}

/// Cuts what [`copied`] takes.
pub fn cut(state: &EditorState) -> Option<Transaction> {
    if state.selection().is_empty() {
        super::lines::delete(state)
    } else {
        delete(state, |_, caret| (caret.head, caret.head))
    }
}

/// Pastes: one line a caret if there are as many, whole lines above the line of the caret.
pub fn paste(state: &EditorState, pasted: &str, whole_lines: bool) -> Transaction {
    let pasted = normalize(pasted);
    let carets = state.selection().carets();
    if whole_lines && state.selection().is_empty() && carets.len() == 1 {
        return paste_lines(state, &pasted);
    }
    let lines: Vec<&str> = pasted
        .strip_suffix('\n')
        .unwrap_or(&pasted)
        .split('\n')
        .collect();
    let spread = carets.len() > 1 && lines.len() == carets.len();
    let mut parts = lines.into_iter();
    Transaction::at_carets(state, Origin::Paste, |caret| {
        let part = if spread {
            parts.next().unwrap_or_default()
        } else {
            &pasted
        };
        (caret.range(), part.to_owned(), part.len())
    })
}

fn paste_lines(state: &EditorState, pasted: &str) -> Transaction {
    let text = state.text();
    let head = state.selection().primary().head;
    let start = text.line_start(text.line_of(head));
    let changes = crate::ChangeSet::replace(text, start..start, pasted);
    Transaction {
        changes,
        selection: Some(Caret::at(head + pasted.len()).into()),
        origin: Origin::Paste,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{check, state};

    #[test]
    fn deletes_by_words_and_lines() {
        check(delete_word_backward, "name: web$0", "name: $0");
        check(delete_word_forward, "$0name: web", "$0: web");
        check(delete_to_line_start, "a\nb c$0", "a\n$0");
        check(delete_to_line_end, "a$0\nb", "a$0b");
        check(delete_forward, "a$0", "nothing");
    }

    #[test]
    fn neighbors_do_not_delete_twice() {
        check(delete_word_backward, "ab$0cd$1", "$0");
    }

    #[test]
    fn a_line_is_copied_where_nothing_is_selected() {
        assert_eq!(copied(&state("a\nb$0c\n")), ("bc\n".to_owned(), true));
        assert_eq!(copied(&state("$0a$0\n$1b$1")), ("a\nb".to_owned(), false));
    }

    #[test]
    fn pastes_one_line_a_caret() {
        check(
            |it| Some(paste(it, "x\r\ny", false)),
            "a$0 b$1",
            "ax$0 by$1",
        );
        check(|it| Some(paste(it, "xy", false)), "a$0b$0", "axy$0");
    }

    #[test]
    fn whole_lines_go_above() {
        check(
            |it| Some(paste(it, "new\n", true)),
            "a\nb$0c",
            "a\nnew\nb$0c",
        );
    }
}
