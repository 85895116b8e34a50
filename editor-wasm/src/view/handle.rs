//! What the shell can do to an editor.

use std::rc::Rc;

use editor_core::{Step, trail};

use super::editing::{Editing, now};
use super::viewport::Reveal;
use crate::lsp::Range;

/// What the shell can do to an editor. Clones are the same editor.
#[derive(Clone)]
pub struct EditorHandle(pub(crate) Rc<Editing>);

impl PartialEq for EditorHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl EditorHandle {
    /// The text with the line ends that the file had.
    pub fn contents(&self) -> String {
        self.0.file.borrow().buffer.contents()
    }

    /// The keys that a line stands below.
    pub fn trail(&self, line: u32) -> Vec<Step> {
        trail(self.0.file.borrow().buffer.text(), line as usize)
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
}
