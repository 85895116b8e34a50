//! What a command asks for: changes, carets, and why.

use std::ops::Range;

use crate::change::ChangeSet;
use crate::selection::{Caret, Selection};
use crate::state::EditorState;

/// Why something changes. Undo groups by it, completion opens by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Text typed by a person.
    Type,
    /// Text of an input method that may still change.
    Compose,
    /// Backspace and Delete.
    Delete,
    /// Carets only.
    Move,
    /// A click or a drag.
    Pointer,
    /// Pasted or dropped.
    Paste,
    /// A command such as indenting or formatting.
    Command,
    /// An accepted completion, a snippet and its fields.
    Complete,
    /// Undo or redo.
    History,
}

/// A change of the text, the carets or both. Describes and does nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// What becomes of the text.
    pub changes: ChangeSet,
    /// Where the carets go; without it they are carried along.
    pub selection: Option<Selection>,
    /// Why.
    pub origin: Origin,
}

impl Transaction {
    /// Moves the carets.
    pub fn select(state: &EditorState, selection: Selection, origin: Origin) -> Self {
        Self {
            changes: ChangeSet::none(state.text().len()),
            selection: Some(selection),
            origin,
        }
    }

    /// Changes the text and carries the carets along.
    pub fn change(changes: ChangeSet, origin: Origin) -> Self {
        Self {
            changes,
            selection: None,
            origin,
        }
    }

    /// Replaces something at each caret: `edit` gives for each what to replace, by what, and where
    /// the caret is afterwards, in bytes from the start of the replacement.
    pub fn at_carets(
        state: &EditorState,
        origin: Origin,
        edit: impl FnMut(&Caret) -> (Range<usize>, String, usize),
    ) -> Self {
        let mut edits: Vec<_> = state.selection().carets().iter().map(edit).collect();
        // Neighbors may reach for the same text, as two words deleted backward do.
        for idx in 1..edits.len() {
            let end = edits[idx - 1].0.end;
            let range = &mut edits[idx].0;
            range.start = range.start.max(end);
            range.end = range.end.max(range.start);
        }
        let mut carets = Vec::with_capacity(edits.len());
        let (mut removed, mut inserted) = (0, 0);
        for (range, insert, caret) in &edits {
            let start = range.start + inserted - removed;
            carets.push(Caret::at(start + caret));
            removed += range.len();
            inserted += insert.len();
        }
        let edits = edits.into_iter().map(|(range, insert, _)| (range, insert));
        Self {
            changes: ChangeSet::of(state.text(), edits),
            selection: Some(Selection::new(carets, state.selection().primary_idx())),
            origin,
        }
    }
}
