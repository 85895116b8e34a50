//! What is typed, kept in this browser's storage while it differs from the version.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Saved;
use crate::drafts::{self, Draft, DraftKey};
use crate::view::EditorHandle;

/// The files as they are typed, over those of the version.
pub(super) struct DraftKeeper {
    key: DraftKey,
    saved: Rc<Saved>,
    draft: RefCell<Draft>,
    /// A file that is being typed into: its text is taken when it is needed, not at each key.
    typed: RefCell<Option<(String, EditorHandle)>>,
}

impl DraftKeeper {
    pub(super) fn new(key: DraftKey, saved: Rc<Saved>) -> Self {
        Self {
            draft: RefCell::new(drafts::load(&key, &saved.files)),
            key,
            saved,
            typed: RefCell::new(None),
        }
    }

    /// All files, as they are typed.
    pub(super) fn files(&self) -> BTreeMap<String, String> {
        self.take_in();
        drafts::overlay(&self.saved.files, &self.draft.borrow())
    }

    /// The names of all files, in order.
    pub(super) fn paths(&self) -> Vec<String> {
        let draft = self.draft.borrow();
        let is_kept = |path: &&String| draft.files.get(*path).is_none_or(Option::is_some);
        let saved = self.saved.files.keys().filter(is_kept);
        let is_added = |path: &&String| !self.saved.files.contains_key(*path);
        let added = draft.files.iter().filter(|(_, text)| text.is_some());
        let added = added.map(|(path, _)| path).filter(is_added);
        let mut paths: Vec<String> = saved.chain(added).cloned().collect();
        paths.sort_unstable();
        paths
    }

    /// The text of a file, as it is typed.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        self.take_in();
        let draft = self.draft.borrow();
        let typed = draft.files.get(path);
        typed.map_or_else(|| self.saved.files.get(path).cloned(), Clone::clone)
    }

    /// The files that differ from the version.
    pub(super) fn changed(&self) -> Vec<String> {
        let draft = self.draft.borrow();
        let typed = self.typed.borrow();
        let drafted = draft.files.iter().filter(|(_, text)| text.is_some());
        let typed = typed.iter().map(|(path, _)| path);
        drafted
            .map(|(path, _)| path)
            .chain(typed)
            .cloned()
            .collect()
    }

    /// Whether anything differs from the version.
    pub(super) fn is_unsaved(&self) -> bool {
        self.typed.borrow().is_some() || !self.draft.borrow().files.is_empty()
    }

    /// Remembers that a file is being typed into. Whether it was as the version has it before.
    pub(super) fn typed(&self, path: &str, editor: &EditorHandle) -> bool {
        let mut typed = self.typed.borrow_mut();
        if typed.as_ref().is_some_and(|(old, _)| old == path) {
            return false;
        }
        *typed = Some((path.to_owned(), editor.clone()));
        !self.draft.borrow().files.contains_key(path)
    }

    /// Takes the text of the file that was typed into, before another one is shown.
    pub(super) fn take_in(&self) {
        if let Some((path, editor)) = self.typed.take() {
            self.set(&path, editor.contents());
        }
    }

    /// Takes the text of a file.
    pub(super) fn set(&self, path: &str, text: String) {
        let mut draft = self.draft.borrow_mut();
        if self.saved.files.get(path) == Some(&text) {
            draft.files.remove(path);
        } else {
            draft.files.insert(path.to_owned(), Some(text));
        }
    }

    /// Takes a file away.
    pub(super) fn remove(&self, path: &str) {
        self.take_in();
        let mut draft = self.draft.borrow_mut();
        if self.saved.files.contains_key(path) {
            draft.files.insert(path.to_owned(), None);
        } else {
            draft.files.remove(path);
        }
        drop(draft);
        self.keep();
    }

    /// Writes the draft to the browser's storage.
    pub(super) fn keep(&self) {
        self.take_in();
        drafts::keep(&self.key, &self.saved.files, &self.draft.borrow());
    }

    /// Takes over what this browser keeps, unless something is being typed here: that is kept in a
    /// moment. Whether it is other than what was known.
    pub(super) fn reload(&self) -> bool {
        if self.typed.borrow().is_some() {
            return false;
        }
        let kept = drafts::load(&self.key, &self.saved.files);
        let mut draft = self.draft.borrow_mut();
        let is_other = *draft != kept;
        *draft = kept;
        is_other
    }

    /// Goes back to the files of the version.
    pub(super) fn forget(&self) {
        self.typed.take();
        self.draft.borrow_mut().files.clear();
        self.keep();
    }
}
