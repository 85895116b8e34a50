//! Whole lines: moving, copying, deleting, selecting.

use std::ops::RangeInclusive;

use crate::change::{ChangeSet, Side};
use crate::selection::{Caret, Selection};
use crate::state::EditorState;
use crate::transaction::{Origin, Transaction};

/// The lines of the carets, in blocks without a gap. A selection that ends before the first letter
/// of a line does not take that line.
pub(crate) fn of_carets(state: &EditorState) -> Vec<RangeInclusive<usize>> {
    let text = state.text();
    let mut blocks: Vec<RangeInclusive<usize>> = Vec::new();
    for caret in state.selection().carets() {
        let first = text.line_of(caret.start());
        let mut last = text.line_of(caret.end());
        if last > first && caret.end() == text.line_start(last) {
            last -= 1;
        }
        match blocks.last_mut() {
            Some(block) if first <= block.end() + 1 => {
                *block = *block.start()..=last.max(*block.end());
            }
            _ => blocks.push(first..=last),
        }
    }
    blocks
}

/// A change of indentation: carets stay with their letters, but a caret at the start of a line
/// that selects stays at the start.
pub(crate) fn change_keeping_columns(
    state: &EditorState,
    changes: ChangeSet,
) -> Option<Transaction> {
    if changes.is_empty() {
        return None;
    }
    let selection = state.selection().transform(|caret| {
        let side = |offset| {
            if !caret.is_empty() && offset == caret.start() {
                Side::Before
            } else {
                Side::After
            }
        };
        Caret::new(
            changes.map(caret.anchor, side(caret.anchor)),
            changes.map(caret.head, side(caret.head)),
        )
    });
    Some(Transaction {
        changes,
        selection: Some(selection),
        origin: Origin::Command,
    })
}

/// Moves the lines of the carets up by one.
pub fn move_up(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let mut edits = Vec::new();
    for block in of_carets(state) {
        let above = block.start().checked_sub(1)?;
        let end = text.line_end(*block.end());
        edits.push((
            text.line_start(above)..text.line_start(*block.start()),
            String::new(),
        ));
        edits.push((end..end, format!("\n{}", text.line(above))));
    }
    Some(change(state, ChangeSet::of(text, edits), Side::Before))
}

/// Moves the lines of the carets down by one.
pub fn move_down(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let mut edits = Vec::new();
    for block in of_carets(state) {
        let below = block.end() + 1;
        if below >= text.line_count() {
            return None;
        }
        let start = text.line_start(*block.start());
        edits.push((start..start, format!("{}\n", text.line(below))));
        edits.push((
            text.line_end(*block.end())..text.line_end(below),
            String::new(),
        ));
    }
    // The carets at the end of the block stand where the deletion starts, those at its start
    // behind what is inserted.
    Some(change(state, ChangeSet::of(text, edits), Side::After))
}

/// Copies the lines of the carets; the carets stay in the upper copy.
pub fn copy_up(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let edits = of_carets(state).into_iter().map(|block| {
        let (start, end) = (text.line_start(*block.start()), text.line_end(*block.end()));
        (end..end, format!("\n{}", text.slice(start..end)))
    });
    Some(change(state, ChangeSet::of(text, edits), Side::Before))
}

/// Copies the lines of the carets; the carets go to the lower copy.
pub fn copy_down(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let edits = of_carets(state).into_iter().map(|block| {
        let (start, end) = (text.line_start(*block.start()), text.line_end(*block.end()));
        (start..start, format!("{}\n", text.slice(start..end)))
    });
    Some(change(state, ChangeSet::of(text, edits), Side::After))
}

fn change(state: &EditorState, changes: ChangeSet, side: Side) -> Transaction {
    let selection = state.selection().transform(|caret| {
        Caret::new(
            changes.map(caret.anchor, side),
            changes.map(caret.head, side),
        )
    });
    Transaction {
        changes,
        selection: Some(selection),
        origin: Origin::Command,
    }
}

/// Deletes the lines of the carets; each caret keeps its column in the line that follows.
pub fn delete(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let mut edits = Vec::new();
    let mut carets = Vec::new();
    for block in of_carets(state) {
        let (start, last) = (text.line_start(*block.start()), *block.end());
        let has_next = last + 1 < text.line_count();
        let (from, to, next) = if has_next {
            (start, text.line_start(last + 1), last + 1)
        } else {
            let from = start.saturating_sub(1);
            (from, text.len(), block.start().saturating_sub(1))
        };
        let caret = state
            .selection()
            .carets()
            .iter()
            .find(|it| it.start() >= start)?;
        let column = caret.start() - text.line_start(text.line_of(caret.start()));
        let next_start = text.line_start(next);
        let kept = text.boundary((next_start + column).min(text.line_end(next)));
        carets.push(kept);
        edits.push((from..to, ""));
    }
    let changes = ChangeSet::of(text, edits);
    if changes.is_empty() {
        return None;
    }
    let carets = carets
        .iter()
        .map(|&it| Caret::at(changes.map(it, Side::After)))
        .collect();
    Some(Transaction {
        changes,
        selection: Some(Selection::new(carets, 0)),
        origin: Origin::Command,
    })
}

/// Selects the lines of the carets with their line ends.
pub fn select(state: &EditorState) -> Option<Transaction> {
    let text = state.text();
    let selection = state.selection().transform(|caret| {
        let start = text.line_start(text.line_of(caret.start()));
        Caret::new(start, text.line_start(text.line_of(caret.end()) + 1))
    });
    Some(Transaction::select(state, selection, Origin::Move))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::check;

    #[test]
    fn lines_move_with_their_carets() {
        check(move_up, "a\nb$0\nc", "b$0\na\nc");
        check(move_up, "a\n$0b\nc$0", "$0b\nc$0\na");
        check(move_up, "a$0", "nothing");
        check(move_down, "$0a$0\nb\nc", "b\n$0a$0\nc");
        check(move_down, "a\nb$0", "nothing");
    }

    #[test]
    fn lines_are_copied() {
        check(copy_down, "a$0\nb", "a\na$0\nb");
        check(copy_up, "$0a\nb$0", "$0a\nb$0\na\nb");
    }

    #[test]
    fn deleting_keeps_the_column() {
        check(delete, "abc\nde$0f\nghi\n", "abc\ngh$0i\n");
        check(delete, "abc\nd$0ef", "a$0bc");
        check(delete, "a$0", "$0");
        check(delete, "$0", "nothing");
    }

    #[test]
    fn a_line_is_selected_with_its_end() {
        check(select, "a\nb$0c\nd", "a\n$0bc\n$0d");
    }
}
