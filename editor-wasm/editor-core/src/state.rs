//! The text and the carets.

use crate::selection::Selection;
use crate::text::Text;
use crate::transaction::Transaction;

/// What a command decides by. Clones are cheap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditorState {
    text: Text,
    selection: Selection,
}

impl EditorState {
    /// A text with carets; places outside of the text become its end.
    pub fn new(text: Text, selection: &Selection) -> Self {
        let selection = selection.clamped(text.len());
        Self { text, selection }
    }

    /// The text.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The carets.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The state after `transaction`.
    #[must_use]
    pub fn apply(&self, transaction: &Transaction) -> Self {
        let text = if transaction.changes.is_empty() {
            self.text.clone()
        } else {
            transaction.changes.apply(&self.text)
        };
        let selection = match &transaction.selection {
            Some(selection) => selection.clamped(text.len()),
            None => self.selection.map(&transaction.changes),
        };
        Self { text, selection }
    }
}
