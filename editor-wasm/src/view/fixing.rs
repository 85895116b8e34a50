//! Fixes and the layout: changes that the language server makes.

use std::ops::Range;
use std::rc::Rc;

use editor_core::sort_by_key;
use serde_json::{Value, json};

use super::editing::Editing;
use super::language::Then;
use crate::lsp::protocol::list;
use crate::lsp::{Action, LspError, TextEdit, sync};
use crate::popups::fixes::Fixes;

impl Editing {
    pub(crate) fn actions_of(&self, range: &Range<usize>) -> Value {
        let file = self.file.borrow();
        let place = |it| sync::place(file.buffer.text(), it).json();
        json!({
            "textDocument": { "uri": &*file.uri },
            "range": { "start": place(range.start), "end": place(range.end) },
            // The server knows its own.
            "context": { "diagnostics": [] },
        })
    }

    pub(crate) fn quick_fix(&self) {
        let caret = self.file.borrow().state().selection().primary();
        let then: Then = Box::new(move |it, answer| {
            let mut actions = list(answer.ok().as_ref(), Action::read);
            sort_by_key(&mut actions, |it| !it.preferred);
            if actions.is_empty() {
                it.tell("No fixes here");
                return;
            }
            it.popups.borrow_mut().hover = None;
            it.popups.borrow_mut().fixes = Some(Fixes {
                at: caret.head,
                actions,
                selected: 0,
            });
            it.redraw_popups();
        });
        let params = self.actions_of(&caret.range());
        self.ask("fixes", "textDocument/codeAction", params, then);
    }

    /// Does what a fix says.
    pub(crate) fn apply_action(&self, action: &Action) {
        self.close_popups();
        self.apply_everywhere(&action.edits);
        self.take_focus();
    }

    pub(crate) fn apply_everywhere(&self, files: &[(Rc<str>, Vec<TextEdit>)]) {
        let here = self.uri();
        for (uri, edits) in files {
            if *uri == here {
                match edits.as_slice() {
                    [edit] if edit.snippet.is_some() => self.apply_snippet(edit),
                    edits => self.apply_edits(edits),
                }
            } else {
                self.props()
                    .on_edits
                    .emit((uri.clone(), edits.as_slice().into()));
            }
        }
    }

    pub(crate) fn format(&self) {
        let selected = self.file.borrow().state().selection().primary().range();
        // The place is what the request for a part takes, and the one for the whole leaves.
        let mut params = self.actions_of(&selected);
        params["options"] = json!({ "tabSize": 2, "insertSpaces": true });
        let method = if selected.is_empty() {
            "textDocument/formatting"
        } else {
            "textDocument/rangeFormatting"
        };
        let then: Then = Box::new(|it, answer| match answer {
            Ok(edits) => {
                let edits = list(Some(&edits), TextEdit::read);
                it.tell(if edits.is_empty() {
                    "Already formatted"
                } else {
                    "Formatted"
                });
                it.apply_edits(&edits);
            }
            Err(LspError::Failed(error)) => it.tell(&error),
            Err(_) => {}
        });
        self.ask("format", method, params, then);
    }
}
