//! The open documents by name, and the version that the client knows each by.

use std::collections::HashMap;

use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;

/// What the protocol calls the open files. Their text is with [`yaml_ide::Workspace`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Documents {
    by_uri: HashMap<lsp::Uri, FileId>,
    by_file: HashMap<FileId, Identity>,
    next: u32,
}

/// What the protocol calls one open file.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) uri: lsp::Uri,
    pub(crate) version: i32,
}

impl Documents {
    /// The file that is open under `uri`.
    pub(crate) fn file(&self, uri: &lsp::Uri) -> Option<FileId> {
        self.by_uri.get(uri).copied()
    }

    /// What `file` is called.
    pub(crate) fn identity(&self, file: FileId) -> Option<&Identity> {
        self.by_file.get(&file)
    }

    /// Opens `uri`, or gives it another version if it is open.
    pub(crate) fn open(&mut self, uri: lsp::Uri, version: i32) -> FileId {
        let file = self.file(&uri).unwrap_or_else(|| {
            self.next += 1;
            FileId(self.next)
        });
        self.by_uri.insert(uri.clone(), file);
        self.by_file.insert(file, Identity { uri, version });
        file
    }

    /// Gives an open file another version.
    pub(crate) fn set_version(&mut self, file: FileId, version: i32) {
        if let Some(identity) = self.by_file.get_mut(&file) {
            identity.version = version;
        }
    }

    /// Forgets `uri`.
    pub(crate) fn close(&mut self, uri: &lsp::Uri) -> Option<FileId> {
        let file = self.by_uri.remove(uri)?;
        self.by_file.remove(&file);
        Some(file)
    }
}
