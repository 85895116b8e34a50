//! What is typed, kept in this browser's storage while it differs from the version.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::timers::callback::Timeout;

use super::Saved;
use crate::drafts::{self, Draft, DraftKey};

/// How long a pause in typing is before the draft is kept, in milliseconds. Leaving the page keeps
/// it at once.
const KEEP_AFTER: u32 = 300;

/// The files as they are typed, over those of the version.
pub(super) struct DraftKeeper {
    key: DraftKey,
    saved: Rc<Saved>,
    draft: RefCell<Draft>,
    pending: RefCell<Option<Timeout>>,
}

impl DraftKeeper {
    pub(super) fn new(key: DraftKey, saved: Rc<Saved>) -> Self {
        Self {
            draft: RefCell::new(drafts::load(&key)),
            key,
            saved,
            pending: RefCell::new(None),
        }
    }

    /// All files, as they are typed.
    pub(super) fn files(&self) -> BTreeMap<String, String> {
        drafts::overlay(&self.saved.files, &self.draft.borrow())
    }

    /// The files that differ from the version.
    pub(super) fn changed(&self) -> Vec<String> {
        let mut files = self.files();
        files.retain(|path, text| self.saved.files.get(path) != Some(text));
        files.into_keys().collect()
    }

    /// Whether anything differs from the version.
    pub(super) fn is_unsaved(&self) -> bool {
        !self.draft.borrow().files.is_empty()
    }

    /// Takes the text of a file.
    pub(super) fn set(self: &Rc<Self>, path: &str, text: String) {
        let mut draft = self.draft.borrow_mut();
        if self.saved.files.get(path) == Some(&text) {
            draft.files.remove(path);
        } else {
            draft.files.insert(path.to_owned(), Some(text));
        }
        let this = Rc::clone(self);
        let timeout = Timeout::new(KEEP_AFTER, move || this.keep());
        *self.pending.borrow_mut() = Some(timeout);
    }

    /// Takes a file away.
    pub(super) fn remove(&self, path: &str) {
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
        drafts::keep(&self.key, &self.draft.borrow());
    }

    /// Goes back to the files of the version.
    pub(super) fn forget(&self) {
        self.draft.borrow_mut().files.clear();
        self.pending.borrow_mut().take();
        self.keep();
    }
}
