//! Renaming what stands at the caret, wherever it is used.

use std::rc::Rc;

use serde_json::json;

use super::editing::Editing;
use super::language::Then;
use super::picking::place_name;
use crate::lsp::protocol::{list, text, workspace_edit};
use crate::lsp::{Location, LspError, TextEdit, sync};
use crate::popups::rename::{Rename, Use};

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
                it.tell("Nothing to rename here");
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
                places: Vec::new(),
                error: None,
            });
            it.redraw_popups();
            it.ask_uses();
        });
        let params = self.place(self.head());
        self.ask("rename", "textDocument/prepareRename", params, then);
    }

    /// Asks where the name stands, to show what will be changed.
    fn ask_uses(&self) {
        let Some(at) = self.named_at() else { return };
        let mut params = self.place(at);
        params["context"] = json!({ "includeDeclaration": true });
        let then: Then = Box::new(|it, answer| {
            let places = list(answer.ok().as_ref(), Location::read);
            let uses = places.iter().filter_map(|place| it.use_at(place)).collect();
            if let Some(rename) = &mut it.popups.borrow_mut().rename {
                rename.places = uses;
            }
            it.redraw_popups();
        });
        self.ask("references", "textDocument/references", params, then);
    }

    fn use_at(&self, place: &Location) -> Option<Use> {
        let text = self.text_of(&place.uri)?;
        let at = |place| sync::offset(&text, place);
        let (start, end) = (at(place.range.start), at(place.range.end));
        let line = text.line_of(start);
        let before = text.slice(text.line_start(line)..start);
        let behind = text.slice(end..text.line_end(line).max(end));
        Some(Use {
            place: place_name(place),
            around: (before.trim_start().to_owned(), behind.into_owned()),
        })
    }

    fn named_at(&self) -> Option<usize> {
        let popups = self.popups.borrow();
        popups.rename.as_ref().map(|it| it.range.start)
    }

    /// A name was typed into the box: what is shown follows.
    pub(crate) fn name_typed(&self, name: String) {
        if let Some(rename) = &mut self.popups.borrow_mut().rename {
            rename.name = name;
            rename.error = None;
        }
        self.redraw_popups();
    }

    /// Renames to what was typed into the box.
    pub(crate) fn rename_to(&self, name: &str) {
        let Some(at) = self.named_at() else { return };
        let mut params = self.place(at);
        params["newName"] = name.into();
        let name = name.to_owned();
        let then: Then = Box::new(move |it, answer| match answer {
            Ok(edit) => {
                it.close_rename();
                let files = workspace_edit(&edit);
                it.apply_everywhere(&files);
                it.tell(&renamed(&files));
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
        self.take_focus();
    }
}

/// What was done, in words: other files are not seen.
fn renamed(files: &[(Rc<str>, Vec<TextEdit>)]) -> String {
    let places: usize = files.iter().map(|(_, edits)| edits.len()).sum();
    let places = format!(
        "Renamed {places} place{}",
        if places == 1 { "" } else { "s" }
    );
    match files.len() {
        0 | 1 => places,
        files => format!("{places} in {files} files"),
    }
}
