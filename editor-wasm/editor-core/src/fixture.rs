//! Test only: texts with carets. `$0` is a caret, `$0…$0` a selection, `$1` further carets.

use crate::selection::{Caret, Selection};
use crate::state::EditorState;
use crate::text::Text;

/// `a$0b` has a caret behind the `a`; `$0ab$0` selects; `$1` and `$1…$1`, `$2` … are more carets.
pub(crate) fn state(fixture: &str) -> EditorState {
    let mut text = String::new();
    let mut places: Vec<Vec<usize>> = Vec::new();
    let mut parts = fixture.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let number = part[..1].parse::<usize>().expect("a digit follows `$`");
        places.resize(places.len().max(number + 1), Vec::new());
        places[number].push(text.len());
        text.push_str(&part[1..]);
    }
    let carets = places
        .iter()
        .filter_map(|it| Some(Caret::new(*it.first()?, *it.last()?)))
        .collect();
    EditorState::new(Text::new(&text), &Selection::new(carets, 0))
}

/// The other way: carets are numbered from the first on, `$0` being the primary only if it is the
/// first.
pub(crate) fn shown(state: &EditorState) -> String {
    let mut shown = state.text().to_string();
    for (idx, caret) in state.selection().carets().iter().enumerate().rev() {
        let mark = format!("${idx}");
        if !caret.is_empty() {
            shown.insert_str(caret.end(), &mark);
        }
        shown.insert_str(caret.start(), &mark);
    }
    shown
}

/// Runs a command on a fixture and compares.
#[track_caller]
pub(crate) fn check(
    command: impl Fn(&EditorState) -> Option<crate::Transaction>,
    before: &str,
    after: &str,
) {
    let before = state(before);
    let result = match command(&before) {
        Some(transaction) => shown(&before.apply(&transaction)),
        None => "nothing".to_owned(),
    };
    assert_eq!(result, after);
}
