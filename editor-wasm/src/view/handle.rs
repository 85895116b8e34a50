//! What the shell can do to an editor.

use std::rc::Rc;

use editor_core::{Command, Text};

use super::editing::{Editing, now};
use super::viewport::Reveal;
use crate::lsp::{Action, Diagnostic, Range, Symbol};

/// What the shell can do to an editor. Clones are the same editor.
#[derive(Clone)]
pub struct EditorHandle(pub(crate) Rc<Editing>);

impl PartialEq for EditorHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl EditorHandle {
    /// The text as it is; cheap.
    pub fn text(&self) -> Text {
        self.0.file.borrow().buffer.text().clone()
    }

    /// The text with the line ends that the file had.
    pub fn contents(&self) -> String {
        self.0.file.borrow().buffer.contents()
    }

    /// Replaces the whole text by a change that can be undone.
    pub fn set_text(&self, text: &str) {
        self.0.with_buffer(|it| it.set_text(text, now()));
    }

    /// Takes the focus.
    pub fn focus(&self) {
        if let Some(surface) = self.0.surface.get() {
            surface.focus();
        }
    }

    /// Selects a place, scrolls to it and takes the focus.
    pub fn reveal(&self, range: Range) {
        let range = self.0.file.borrow().range_of(range);
        self.0.select(range, Reveal::Center);
        self.focus();
    }

    /// Runs a command, as its key would.
    pub fn run(&self, command: Command) {
        self.0.run(command);
    }

    /// Opens the search bar.
    pub fn open_find(&self) {
        self.0.run(Command::Find);
    }

    /// Opens the search bar with its replacement.
    pub fn open_replace(&self) {
        self.0.run(Command::Replace);
    }

    /// Formats the text.
    pub fn format(&self) {
        self.0.run(Command::Format);
    }

    /// The fixes for a problem.
    pub async fn fixes(&self, problem: &Diagnostic) -> Vec<Action> {
        self.0.fixes_for(problem).await
    }

    /// Applies a fix, by a change that can be undone.
    pub fn apply(&self, action: &Action) {
        self.0.apply_action(action);
    }

    /// The outline.
    pub async fn symbols(&self) -> Vec<Symbol> {
        self.0.symbols().await
    }
}
