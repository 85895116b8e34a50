//! The open files, and the snapshot of them that every feature reads.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use k8s_schemas::{SchemaSet, Schemas};
use serde_json::Value;
use yaml_syntax::{Document, Parse, Source, TextRange};

use crate::cache::{self, Facts, Slot};
use crate::language::{self, Language};
use crate::{Config, crds};

/// A file, by a number that its owner chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// The files that are open, what may stand in them, and how they are to be read.
///
/// The only thing here that changes. [`Workspace::analysis`] takes a snapshot of it.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    files: BTreeMap<FileId, Arc<File>>,
    /// As given, without the custom resources of the files.
    schemas: SchemaSet,
    config: Config,
    /// The schemas with the custom resources of the files, once somebody asked.
    with_crds: OnceLock<SchemaSet>,
    /// The snapshot of this state, once somebody asked.
    snapshot: OnceLock<Analysis>,
}

/// A snapshot of a [`Workspace`]: what every feature reads.
///
/// Clones share everything. What one feature computed about a document is kept as long as that
/// document stays the same, in later snapshots too.
#[derive(Debug, Clone)]
pub struct Analysis {
    snapshot: Arc<Snapshot>,
}

#[derive(Debug)]
struct Snapshot {
    files: BTreeMap<FileId, Arc<File>>,
    schemas: SchemaSet,
    config: Config,
}

#[derive(Debug, Clone)]
struct File {
    path: Arc<str>,
    /// By its path, and by what stands in it.
    language: Language,
    parse: Parse,
    slots: Vec<Slot>,
    crds: Vec<Arc<Value>>,
}

impl Workspace {
    /// A workspace without files and schemas.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces it whole. `path` tells which language it is (a
    /// `kustomization.yaml` is not a manifest) and is shown in messages; `/` separates.
    pub fn set_file(&mut self, file: FileId, path: &str, parse: Parse) {
        let slots = cache::slots(&parse, &[]);
        let new = File {
            path: path.into(),
            language: language::of(path, &parse),
            crds: crds::of_file(&parse),
            parse,
            slots,
        };
        let crds_before = self.crds_of(file);
        let crds_changed = crds_before != new.crds;
        self.files.insert(file, Arc::new(new));
        self.changed(crds_changed);
    }

    /// Replaces `range` of the text of `file` with `insert`. Does nothing to a file that is not
    /// there.
    pub fn edit_file(&mut self, file: FileId, range: TextRange, insert: &str) {
        let crds_before = self.crds_of(file);
        let Some(shared) = self.files.get_mut(&file) else {
            return;
        };
        let changed = Arc::make_mut(shared);
        changed.parse.edit(range, insert);
        let language = language::of(&changed.path, &changed.parse);
        // What was found out holds for the language that it was read in.
        let kept: &[Slot] = if language == changed.language {
            &changed.slots
        } else {
            &[]
        };
        changed.slots = cache::slots(&changed.parse, kept);
        changed.language = language;
        changed.crds = crds::of_file(&changed.parse);
        let crds_changed = crds_before != changed.crds;
        self.changed(crds_changed);
    }

    /// Forgets a file.
    pub fn remove_file(&mut self, file: FileId) {
        let crds_changed = !self.crds_of(file).is_empty();
        self.files.remove(&file);
        self.changed(crds_changed);
    }

    /// Changes what is known about kinds.
    pub fn set_schemas(&mut self, schemas: SchemaSet) {
        self.schemas = schemas;
        self.changed(true);
    }

    /// Changes the settings.
    pub fn set_config(&mut self, config: Config) {
        self.config = config;
        self.changed(true);
    }

    /// The workspace as it is now.
    pub fn analysis(&self) -> Analysis {
        let snapshot = self.snapshot.get_or_init(|| Analysis {
            snapshot: Arc::new(Snapshot {
                files: self.files.clone(),
                schemas: self.with_crds.get_or_init(|| self.merge_crds()).clone(),
                config: self.config.clone(),
            }),
        });
        snapshot.clone()
    }

    fn crds_of(&self, file: FileId) -> Vec<Arc<Value>> {
        let file = self.files.get(&file);
        file.map(|file| file.crds.clone()).unwrap_or_default()
    }

    fn merge_crds(&self) -> SchemaSet {
        let crds: Vec<&Value> = self
            .files
            .values()
            .flat_map(|file| file.crds.iter().map(AsRef::as_ref))
            .collect();
        if crds.is_empty() {
            return self.schemas.clone();
        }
        self.schemas.with_crds(crds).0
    }

    /// Drops what was computed from the state before. With `rules`, also all that was found about
    /// documents that stayed the same: they are now judged by other rules.
    fn changed(&mut self, rules: bool) {
        self.snapshot = OnceLock::new();
        if rules {
            self.with_crds = OnceLock::new();
            for file in self.files.values_mut() {
                let file = Arc::make_mut(file);
                file.slots = cache::slots(&file.parse, &[]);
            }
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

    /// The language of a file.
    pub(crate) fn language(&self, file: FileId) -> Option<Language> {
        Some(self.snapshot.files.get(&file)?.language)
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

    /// The kinds and definitions of the release that the settings name.
    pub fn schemas(&self) -> Schemas<'_> {
        self.snapshot.schemas.release(self.snapshot.config.release)
    }

    /// The documents of a file, each with what was already found out about it.
    pub(crate) fn documents(
        &self,
        file: FileId,
    ) -> impl Iterator<Item = (Document<'_>, &Facts)> + '_ {
        let file = self.snapshot.files.get(&file);
        file.into_iter().flat_map(|file| {
            let facts = file.slots.iter().map(Slot::facts);
            file.parse.documents().zip(facts)
        })
    }
}
