//! Undo and redo.

use crate::change::ChangeSet;
use crate::selection::Selection;
use crate::state::EditorState;
use crate::transaction::{Origin, Transaction};

/// A pause that long begins a further step, in milliseconds.
const PAUSE: f64 = 500.0;
/// What undo may keep, in bytes. Memory of WebAssembly is never given back.
const LIMIT: usize = 48 << 20;

/// One step back or forth.
#[derive(Debug, Clone)]
struct Step {
    /// What leads there.
    changes: ChangeSet,
    /// The carets there.
    selection: Selection,
}

/// The steps that can be taken back, and those that were.
#[derive(Debug, Clone, Default)]
pub struct History {
    undo: Vec<Step>,
    redo: Vec<Step>,
    weight: usize,
    /// What the newest step may be joined by; `None` when it is closed.
    open: Option<Open>,
}

#[derive(Debug, Clone)]
struct Open {
    origin: Origin,
    at: f64,
    /// The carets after it: further typing has to go on there.
    selection: Selection,
}

impl History {
    /// Notes that `transaction` led from `before` to `after`, at the time `now` in milliseconds.
    pub fn record(
        &mut self,
        before: &EditorState,
        transaction: &Transaction,
        after: &EditorState,
        now: f64,
    ) {
        if transaction.changes.is_empty() {
            if after.selection() != before.selection() {
                self.open = None;
            }
            return;
        }
        let inverse = transaction.changes.invert(before.text());
        self.redo.clear();
        self.weight += inverse.weight();
        if self.joins(before, transaction, now)
            && let Some(step) = self.undo.last_mut()
        {
            step.changes = inverse.compose(&step.changes);
        } else {
            self.undo.push(Step {
                changes: inverse,
                selection: before.selection().clone(),
            });
        }
        self.forget_oldest();
        let ends_line = transaction
            .changes
            .iter()
            .any(|it| it.insert.contains('\n'));
        let groups = matches!(
            transaction.origin,
            Origin::Type | Origin::Compose | Origin::Delete
        );
        self.open = (groups && !ends_line).then(|| Open {
            origin: transaction.origin,
            at: now,
            selection: after.selection().clone(),
        });
    }

    fn joins(&self, before: &EditorState, transaction: &Transaction, now: f64) -> bool {
        let Some(open) = &self.open else { return false };
        let composing = open.origin == Origin::Compose;
        let pause = now - open.at > PAUSE && !composing;
        let breaks_line = transaction
            .changes
            .iter()
            .any(|it| it.insert.contains('\n'));
        open.origin == transaction.origin
            && !pause
            && !breaks_line
            && open.selection == *before.selection()
    }

    fn forget_oldest(&mut self) {
        let mut gone = 0;
        while self.weight > LIMIT && gone + 1 < self.undo.len() {
            self.weight = self.weight.saturating_sub(self.undo[gone].changes.weight());
            gone += 1;
        }
        self.undo.drain(..gone);
    }

    /// What follows is a step of its own.
    pub fn close_step(&mut self) {
        self.open = None;
    }

    /// Takes the newest step back.
    pub fn undo(&mut self, state: &EditorState) -> Option<Transaction> {
        let step = self.undo.pop()?;
        self.open = None;
        self.weight = self.weight.saturating_sub(step.changes.weight());
        self.redo.push(Step {
            changes: step.changes.invert(state.text()),
            selection: state.selection().clone(),
        });
        Some(step.into_transaction())
    }

    /// Makes the step again that was taken back last.
    pub fn redo(&mut self, state: &EditorState) -> Option<Transaction> {
        let step = self.redo.pop()?;
        self.open = None;
        let inverse = step.changes.invert(state.text());
        self.weight += inverse.weight();
        self.undo.push(Step {
            changes: inverse,
            selection: state.selection().clone(),
        });
        Some(step.into_transaction())
    }
}

impl Step {
    fn into_transaction(self) -> Transaction {
        Transaction {
            changes: self.changes,
            selection: Some(self.selection),
            origin: Origin::History,
        }
    }
}
