//! Renaming what stands at the caret, wherever it is used.

use super::editing::Editing;
use super::language::Then;
use crate::lsp::LspError;
use crate::lsp::protocol::{text, workspace_edit};
use crate::popups::rename::Rename;

impl Editing {
    pub(crate) fn rename(&self) {
        let then: Then = Box::new(|it, answer| {
            let found = answer.ok().and_then(|answer| {
                let range = answer.get("range").unwrap_or(&answer);
                Some((
                    crate::lsp::Range::read(range)?,
                    text(&answer, "placeholder"),
                ))
            });
            let Some((range, name)) = found else {
                it.say("Nothing to rename here");
                return;
            };
            let range = it.file.borrow().range_of(range);
            let name = match &*name {
                "" => it
                    .file
                    .borrow()
                    .buffer
                    .text()
                    .slice(range.clone())
                    .into_owned(),
                name => name.to_owned(),
            };
            it.popups.borrow_mut().rename = Some(Rename {
                range,
                name,
                error: None,
            });
            it.redraw_popups();
        });
        let params = self.place(self.head());
        self.ask("rename", "textDocument/prepareRename", params, then);
    }

    /// Renames to what was typed into the box.
    pub(crate) fn rename_to(&self, name: &str) {
        let Some(at) = self
            .popups
            .borrow()
            .rename
            .as_ref()
            .map(|it| it.range.start)
        else {
            return;
        };
        let mut params = self.place(at);
        params["newName"] = name.into();
        let name = name.to_owned();
        let then: Then = Box::new(move |it, answer| match answer {
            Ok(edit) => {
                it.close_rename();
                it.apply_everywhere(&workspace_edit(&edit));
            }
            Err(LspError::Failed(error)) => {
                if let Some(rename) = &mut it.popups.borrow_mut().rename {
                    rename.name = name;
                    rename.error = Some(error);
                }
                it.redraw_popups();
            }
            Err(_) => {}
        });
        self.ask("rename", "textDocument/rename", params, then);
    }

    pub(crate) fn close_rename(&self) {
        self.popups.borrow_mut().rename = None;
        self.redraw_popups();
        if let Some(surface) = self.surface.get() {
            surface.focus();
        }
    }
}
