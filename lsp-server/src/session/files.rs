//! Files that nobody has opened: those of the client's folders, as they are on the disk.

use std::sync::Arc;

use serde::Deserialize;
use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;

use super::Session;
use crate::Found;
use crate::folders::{Step, is_below};
use crate::question::{Question, Remark};

/// Found files are taken in until they come to so many bytes; then others have their turn.
const BYTES_A_STEP: usize = 1 << 16;

/// Files and folders that were renamed in the client.
#[derive(Debug, Deserialize)]
pub(crate) struct Renamed {
    files: Vec<NewName>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewName {
    old_uri: lsp::Uri,
    new_uri: lsp::Uri,
}

/// Files and folders that were created or deleted in the client.
#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    files: Vec<Name>,
}

#[derive(Debug, Deserialize)]
struct Name {
    uri: lsp::Uri,
}

impl Session {
    /// Reads these folders too.
    pub(super) fn work_in(&mut self, folders: Vec<lsp::Uri>) {
        let step = self.folders.add(folders);
        self.tell(step);
    }

    /// The client works in other folders now.
    pub(crate) fn folders_changed(&mut self, params: &lsp::DidChangeWorkspaceFoldersParams) {
        let added = params.event.added.iter();
        for folder in &params.event.removed {
            self.folders.remove(&folder.uri);
        }
        self.forget_those(|session, _, name| !session.folders.cover(name));
        self.work_in(added.map(|folder| folder.uri.clone()).collect());
        self.want_saved_schemas();
        if self.client.tells_settings {
            self.ask_for_settings();
        }
        self.judge_again();
    }

    /// Files changed on the disk.
    pub(crate) fn files_changed(&mut self, params: &lsp::DidChangeWatchedFilesParams) {
        for change in &params.changes {
            if change.typ == lsp::FileChangeType::DELETED {
                self.forget_below(&change.uri);
            } else {
                self.read_all(&change.uri);
            }
        }
        self.judge_again();
    }

    /// Files or folders were renamed.
    pub(crate) fn files_renamed(&mut self, params: &Renamed) {
        for NewName { old_uri, new_uri } in &params.files {
            self.forget_below(old_uri);
            self.read_all(new_uri);
        }
        self.judge_again();
    }

    /// Files or folders were created.
    pub(crate) fn files_created(&mut self, params: &Named) {
        for Name { uri } in &params.files {
            self.read_all(uri);
        }
    }

    /// Files or folders were deleted.
    pub(crate) fn files_deleted(&mut self, params: &Named) {
        for Name { uri } in &params.files {
            self.forget_below(uri);
        }
        self.judge_again();
    }

    /// The person wants to wait no longer.
    pub(crate) fn stop_reading(&mut self, params: &lsp::WorkDoneProgressCancelParams) {
        if let lsp::NumberOrString::Number(token) = params.token {
            self.folders.stop(token.unsigned_abs());
        }
    }

    /// Something wanted was found. It waits until there is time for it.
    pub(crate) fn found(&mut self, found: Found) {
        self.folders.found.push_back(found);
    }

    /// Takes in some of what was found, or reads some of what a cluster serves; whether there was
    /// any.
    pub(crate) fn take_in_found(&mut self) -> bool {
        let mut bytes = 0;
        let mut is_news = false;
        while let Some(found) = self.folders.found.pop_front() {
            is_news = true;
            bytes += self.take_in(found);
            if bytes >= BYTES_A_STEP {
                break;
            }
        }
        if is_news && self.folders.found.is_empty() && !self.folders.is_reading() {
            self.judge_again();
        }
        is_news || self.read_document()
    }

    /// Takes in one thing: about how many bytes it took.
    fn take_in(&mut self, found: Found) -> usize {
        match found {
            Found::File { uri, text } => {
                let Ok(uri) = uri.parse() else {
                    return 0;
                };
                self.take_in_file(&uri, text.as_deref());
                text.map_or(0, |text| text.len())
            }
            Found::Folder { is_cut } => {
                if is_cut {
                    let message = "Some YAML files of the workspace were not read: there are too \
                                   many or they are too large. They are known once opened.";
                    self.remarks.push(Remark::Warning(message.to_owned()));
                }
                let step = self.folders.end_folder();
                self.tell(step);
                0
            }
            Found::Schemas { place, files } => {
                self.take_in_saved(&place, files);
                0
            }
        }
    }

    fn take_in_file(&mut self, uri: &lsp::Uri, text: Option<&str>) {
        let known = self.documents.file(uri);
        let is_open = known.is_some_and(|file| self.documents.version(file).is_some());
        if is_open || !self.folders.cover(uri) {
            return;
        }
        match (text, known) {
            (Some(text), _) => {
                let file = Arc::make_mut(&mut self.documents).set(uri, None);
                self.set_text(uri, file, text);
                let step = self.folders.count_file();
                self.tell(step);
            }
            (None, Some(file)) => self.forget(file),
            (None, None) => {}
        }
    }

    /// Reads what is now called `uri`, be it a file or a folder.
    fn read_all(&mut self, uri: &lsp::Uri) {
        let path = uri.path().as_str();
        let is_yaml = [".yaml", ".yml"].iter().any(|it| path.ends_with(it));
        if is_yaml && self.folders.cover(uri) {
            self.folders.want(uri);
        } else if !is_yaml && self.folders.cover(uri) {
            let step = self.folders.read_again(uri);
            self.tell(step);
        }
    }

    /// Forgets a file, and everything below it if it was a folder. What is open stays.
    fn forget_below(&mut self, uri: &lsp::Uri) {
        let own = self.documents.file(uri);
        self.forget_those(|_, file, name| Some(file) == own || is_below(name, uri));
    }

    /// Forgets files that are not open.
    fn forget_those(&mut self, is_meant: impl Fn(&Self, FileId, &lsp::Uri) -> bool) {
        let closed = self
            .documents
            .all()
            .filter(|(_, identity)| identity.version.is_none());
        let gone = closed.filter(|(file, identity)| is_meant(self, *file, &identity.uri));
        let gone: Vec<FileId> = gone.map(|(file, _)| file).collect();
        for file in gone {
            self.forget(file);
        }
    }

    pub(super) fn tell(&mut self, step: Step) {
        match step {
            Step::Begun(token) if self.client.shows_progress => {
                self.ask(Question::ToShowProgress(token));
            }
            Step::Shown(progress) => self.remarks.push(Remark::Progress(progress)),
            Step::Begun(_) | Step::Silent => {}
        }
    }
}
