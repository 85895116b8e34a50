//! Typing: brackets and quotes close themselves and are typed over.

use std::ops::Range;

use yaml_syntax::highlight::{Class, LineState, highlight_line};

use super::{editing, indent};
use crate::ChangeSet;
use crate::selection::{Caret, Selection};
use crate::state::EditorState;
use crate::text::Text;
use crate::transaction::{Origin, Transaction};
use crate::words::backspace;

/// What typing asks for.
#[derive(Debug, Clone)]
pub struct Typed {
    /// The change.
    pub transaction: Transaction,
    /// Whether a closer now stands behind every caret that may be typed over.
    pub closes: bool,
}

/// Types `text` at every caret. `closers` are the places of closers that typing put there.
pub fn type_text(state: &EditorState, text: &str, closers: &[usize]) -> Typed {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        let carets = state.selection().carets();
        let typed_over = |it: &Caret| it.is_empty() && closers.contains(&it.head);
        if is_closer(c)
            && carets
                .iter()
                .all(|it| typed_over(it) && behind(state, it) == Some(c))
        {
            return type_over(state, c);
        }
        if let Some(closer) = closer(c) {
            if carets.iter().all(|it| !it.is_empty()) {
                return surround(state, c, closer);
            }
            if carets.iter().all(|it| may_close(state, it, c)) {
                return pair(state, c, closer);
            }
        }
    }
    let transaction = Transaction::at_carets(state, Origin::Type, |caret| {
        (caret.range(), text.to_owned(), text.len())
    });
    Typed {
        transaction,
        closes: false,
    }
}

fn closer(opener: char) -> Option<char> {
    match opener {
        '{' => Some('}'),
        '[' => Some(']'),
        '"' | '\'' => Some(opener),
        _ => None,
    }
}

/// Whether a character may close a pair.
pub(crate) fn is_closer(c: char) -> bool {
    matches!(c, '}' | ']' | '"' | '\'')
}

fn behind(state: &EditorState, caret: &Caret) -> Option<char> {
    state.text().char_after(caret.head)
}

/// A pair is closed where nothing follows that it could have been meant to hold, and not in a
/// comment, in quotes or in the text of a block scalar.
fn may_close(state: &EditorState, caret: &Caret, opener: char) -> bool {
    let free = match behind(state, caret) {
        None => true,
        Some(c) => c.is_whitespace() || matches!(c, ',' | ']' | '}'),
    };
    let quote = matches!(opener, '"' | '\'');
    let before = state.text().char_before(caret.start());
    let glued = quote && before.is_some_and(|c| !c.is_whitespace() && !"[{,(".contains(c));
    caret.is_empty() && free && !glued && in_nodes(state.text(), caret.head)
}

fn in_nodes(text: &Text, offset: usize) -> bool {
    let line = text.line_of(offset);
    let mut spans = Vec::new();
    let before = text.slice(text.line_start(line)..offset);
    let state = highlight_line(&before, LineState::default(), &mut spans);
    let comment = spans.last().is_some_and(|it| it.class == Class::Comment);
    !comment && !state.in_quotes() && !indent::in_block_scalar(text, line)
}

fn type_over(state: &EditorState, c: char) -> Typed {
    let selection = state
        .selection()
        .transform(|caret| Caret::at(caret.head + c.len_utf8()));
    Typed {
        transaction: Transaction::select(state, selection, Origin::Type),
        closes: false,
    }
}

fn pair(state: &EditorState, opener: char, closer: char) -> Typed {
    let transaction = Transaction::at_carets(state, Origin::Type, |caret| {
        (
            caret.range(),
            format!("{opener}{closer}"),
            opener.len_utf8(),
        )
    });
    Typed {
        transaction,
        closes: true,
    }
}

fn surround(state: &EditorState, opener: char, closer: char) -> Typed {
    let carets = state.selection().carets();
    let (opener, closer) = (opener.to_string(), closer.to_string());
    let edits = carets.iter().flat_map(|it| {
        [
            (it.start()..it.start(), &opener),
            (it.end()..it.end(), &closer),
        ]
    });
    let changes = ChangeSet::of(state.text(), edits);
    let inner = |(idx, it): (usize, &Caret)| {
        let shift = idx * 2 + 1;
        Caret::new(it.anchor + shift, it.head + shift)
    };
    let carets = carets.iter().enumerate().map(inner).collect();
    let selection = Some(Selection::new(carets, state.selection().primary_idx()));
    Typed {
        transaction: Transaction {
            changes,
            selection,
            origin: Origin::Type,
        },
        closes: false,
    }
}

/// Deletes what is selected, else an empty pair that typing closed, else the blanks up to the
/// indentation stop before, else a character.
pub fn delete_backward(state: &EditorState, closers: &[usize]) -> Option<Transaction> {
    editing::delete(state, |text, caret| {
        let range = backward(text, caret.head, closers);
        (range.start, range.end)
    })
}

fn backward(text: &Text, head: usize, closers: &[usize]) -> Range<usize> {
    if closers.contains(&head)
        && let (Some(before), Some(after)) = (text.char_before(head), text.char_after(head))
        && closer(before) == Some(after)
    {
        return head - 1..head + 1;
    }
    let start = text.line_start(text.line_of(head));
    let column = head - start;
    if column > 0 && text.slice(start..head).bytes().all(|it| it == b' ') {
        let stop = (column - 1) / indent::STEP * indent::STEP;
        return start + stop..head;
    }
    backspace(text, head)..head
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::check;

    #[test]
    fn quotes_and_brackets_close_where_a_value_begins() {
        typed("a: $0", "\"", "a: \"$0\"");
        typed("a: $0", "[", "a: [$0]");
        typed("a: [$0]", "{", "a: [{$0}]");
    }

    #[test]
    fn nothing_is_closed_in_words_comments_quotes_and_block_scalars() {
        typed("don$0", "'", "don'$0");
        typed("# $0", "\"", "# \"$0");
        typed("a: 'x $0", "\"", "a: 'x \"$0");
        typed("a: |\n  x $0", "[", "a: |\n  x [$0");
        typed("a: $0x", "\"", "a: \"$0x");
    }

    #[test]
    fn a_selection_is_surrounded() {
        typed("a: $0web$0", "\"", "a: \"$0web$0\"");
        typed("$0a$0 $1b$1", "[", "[$0a$0] [$1b$1]");
    }

    #[test]
    fn typing_replaces_and_goes_to_every_caret() {
        typed("a$0bc$0 d$1", "x", "ax$0 dx$1");
    }

    #[test]
    fn backspace_goes_to_the_indentation_stop() {
        check(|it| delete_backward(it, &[]), "    $0a", "  $0a");
        check(|it| delete_backward(it, &[]), "   $0a", "  $0a");
        check(|it| delete_backward(it, &[]), "a: b  $0", "a: b $0");
        check(|it| delete_backward(it, &[]), "a\n$0b", "a$0b");
    }

    #[track_caller]
    fn typed(before: &str, text: &str, after: &str) {
        check(
            |it| Some(type_text(it, text, &[]).transaction),
            before,
            after,
        );
    }
}
