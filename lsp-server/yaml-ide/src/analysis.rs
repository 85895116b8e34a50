//! The open files, and the snapshot of them that every feature reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use yaml_syntax::{Parse, Source, TextRange};

use crate::Config;

/// A file, by a number that its owner chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// The files that are open, what may stand in them, and how they are to be read.
///
/// The only thing here that changes. [`Workspace::analysis`] takes a snapshot of it.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    now: Snapshot,
}

/// A snapshot of a [`Workspace`]: what every feature reads.
///
/// Clones share everything. What one feature computed about a document is kept as long as that
/// document stays the same, in later snapshots too.
#[derive(Debug, Clone)]
pub struct Analysis {
    snapshot: Arc<Snapshot>,
}

#[derive(Debug, Clone, Default)]
struct Snapshot {
    files: BTreeMap<FileId, File>,
    config: Config,
}

#[derive(Debug, Clone)]
struct File {
    path: Arc<str>,
    parse: Parse,
}

impl Workspace {
    /// A workspace without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces it whole. `path` tells which language it is (a
    /// `kustomization.yaml` is not a manifest) and is shown in messages; `/` separates.
    pub fn set_file(&mut self, file: FileId, path: &str, parse: Parse) {
        let path = path.into();
        self.now.files.insert(file, File { path, parse });
    }

    /// Replaces `range` of the text of `file` with `insert`. Does nothing to a file that is not
    /// there.
    pub fn edit_file(&mut self, file: FileId, range: TextRange, insert: &str) {
        if let Some(file) = self.now.files.get_mut(&file) {
            file.parse.edit(range, insert);
        }
    }

    /// Forgets a file.
    pub fn remove_file(&mut self, file: FileId) {
        self.now.files.remove(&file);
    }

    /// Changes the settings.
    pub fn set_config(&mut self, config: Config) {
        self.now.config = config;
    }

    /// The workspace as it is now.
    pub fn analysis(&self) -> Analysis {
        Analysis {
            snapshot: Arc::new(self.now.clone()),
        }
    }
}

impl Analysis {
    /// The files, in order of their numbers.
    pub fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        self.snapshot.files.keys().copied()
    }

    /// Where a file stands, as its owner named it.
    pub fn path(&self, file: FileId) -> Option<&str> {
        Some(&self.snapshot.files.get(&file)?.path)
    }

    /// The tree of a file.
    pub fn parse(&self, file: FileId) -> Option<&Parse> {
        Some(&self.snapshot.files.get(&file)?.parse)
    }

    /// The text of a file: what turns offsets into lines and columns.
    pub fn source(&self, file: FileId) -> Option<&Source> {
        Some(self.parse(file)?.source())
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.snapshot.config
    }
}
