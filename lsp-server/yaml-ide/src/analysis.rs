//! The open files, and the snapshot of them that every feature reads.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use k8s_schemas::{KubeRelease, SchemaSet, Schemas};
use serde_json::Value;
use yaml_syntax::{Document, Parse, Source, TextRange};

use crate::cache::{self, Facts, Slot};
use crate::diagnostics::Diagnostic;
use crate::language::{self, Language};
use crate::links::Index;
use crate::part::{self, Part};
use crate::{Config, Deployed, kustomize, links, target_release};

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
    /// What changes are measured against.
    deployed: Option<Arc<Deployed>>,
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
    deployed: Option<Arc<Deployed>>,
    /// The names of all files, once somebody asked.
    names: OnceLock<Index>,
    /// What is wrong with each file, once somebody asked.
    complaints: BTreeMap<FileId, OnceLock<Vec<Diagnostic>>>,
}

#[derive(Debug, Clone)]
struct File {
    path: Arc<str>,
    /// By its path, and by what stands in it.
    language: Language,
    /// The release that it says it is written for.
    release: Option<KubeRelease>,
    parse: Parse,
    slots: Vec<Slot>,
    /// The files that it names as patches.
    patches: Vec<String>,
}

impl File {
    /// The custom resources that it defines.
    fn crds(&self) -> impl Iterator<Item = &Arc<Value>> {
        let facts = self.slots.iter().flat_map(Slot::facts);
        facts.flat_map(|facts| &facts.crds)
    }
}

/// A document, its slot, and what was found out about the parts of it.
pub(crate) struct Kept<'a> {
    pub(crate) document: Document<'a>,
    slot: &'a Slot,
}

impl<'a> Kept<'a> {
    /// The parts of the document, each with what was found out about it.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (Part<'a>, &'a Arc<Facts>)> + use<'a> {
        let parts = if self.slot.is_divided() {
            part::parts(self.document)
        } else {
            vec![part::whole(self.document)]
        };
        parts.into_iter().zip(self.slot.facts())
    }

    /// What was found out about the document as a whole.
    pub(crate) fn facts(&self) -> Option<&'a Arc<Facts>> {
        self.slot.facts().next()
    }
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
            release: target_release::of_text(parse.source()),
            patches: kustomize::patches(path, &parse),
            parse,
            slots,
        };
        let before = self.told_of_others(file);
        self.files.insert(file, Arc::new(new));
        self.changed(before != self.told_of_others(file));
    }

    /// Replaces `range` of the text of `file` with `insert`. Does nothing to a file that is not
    /// there.
    pub fn edit_file(&mut self, file: FileId, range: TextRange, insert: &str) {
        let before = self.told_of_others(file);
        let Some(shared) = self.files.get_mut(&file) else {
            return;
        };
        let changed = Arc::make_mut(shared);
        changed.parse.edit(range, insert);
        let language = language::of(&changed.path, &changed.parse);
        let release = target_release::of_text(changed.parse.source());
        // What was found out holds for the language and the release that it was read in.
        let is_same = (language, release) == (changed.language, changed.release);
        let kept: &[Slot] = if is_same { &changed.slots } else { &[] };
        changed.slots = cache::slots(&changed.parse, kept);
        changed.language = language;
        changed.release = release;
        changed.patches = kustomize::patches(&changed.path, &changed.parse);
        self.changed(before != self.told_of_others(file));
    }

    /// Forgets a file.
    pub fn remove_file(&mut self, file: FileId) {
        let before = self.told_of_others(file);
        self.files.remove(&file);
        self.changed(before != self.told_of_others(file));
    }

    /// Changes what is known about kinds.
    pub fn set_schemas(&mut self, schemas: SchemaSet) {
        self.schemas = schemas;
        self.changed(true);
    }

    /// Adds descriptions to what is known about kinds: `schemas` are the same otherwise. What was
    /// found out stays, since nothing is judged by them.
    pub fn set_descriptions(&mut self, schemas: SchemaSet) {
        self.schemas = schemas;
        self.with_crds = OnceLock::new();
        self.changed(false);
    }

    /// Changes the settings.
    pub fn set_config(&mut self, config: Config) {
        self.config = config;
        self.changed(true);
    }

    /// Changes what the objects are compared with: those that are deployed, or that stand in the
    /// version before. What cannot be changed is then told.
    pub fn set_deployed(&mut self, deployed: Option<Deployed>) {
        self.deployed = deployed.map(Arc::new);
        self.changed(true);
    }

    /// Whether some file is a pipeline, of which most manifests need nothing.
    pub fn has_pipeline(&self) -> bool {
        let mut files = self.files.values();
        files.any(|file| file.language == Language::GitlabCi)
    }

    /// The workspace as it is now.
    pub fn analysis(&self) -> Analysis {
        let snapshot = self.snapshot.get_or_init(|| Analysis {
            snapshot: Arc::new(Snapshot {
                files: self.files.clone(),
                schemas: self.with_crds.get_or_init(|| self.merge_crds()).clone(),
                config: self.config.clone(),
                deployed: self.deployed.clone(),
                names: OnceLock::new(),
                complaints: self
                    .files
                    .keys()
                    .map(|file| (*file, OnceLock::new()))
                    .collect(),
            }),
        });
        snapshot.clone()
    }

    /// What a file says of the contents of other files: kinds, and which of them are patches.
    fn told_of_others(&self, file: FileId) -> (Vec<Arc<Value>>, Vec<String>) {
        let file = self.files.get(&file);
        file.map(|file| (file.crds().cloned().collect(), file.patches.clone()))
            .unwrap_or_default()
    }

    fn merge_crds(&self) -> SchemaSet {
        let crds: Vec<&Value> = self
            .files
            .values()
            .flat_map(|file| file.crds().map(AsRef::as_ref))
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

    /// Whether a kustomization names the file at `path` as a patch.
    pub(crate) fn is_named_as_patch(&self, path: &str) -> bool {
        let files = self.snapshot.files.values();
        let mut patches = files.flat_map(|file| &file.patches);
        patches.any(|patch| patch == path)
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

    /// The kinds and definitions of the release that a file is written for.
    pub(crate) fn schemas_of(&self, file: FileId) -> Schemas<'_> {
        let own = self.snapshot.files.get(&file).and_then(|file| {
            let by_path = || target_release::of_path(&self.config().releases, &file.path);
            file.release.or_else(by_path)
        });
        let release = own.unwrap_or(self.config().release);
        self.snapshot.schemas.release(release)
    }

    /// What the objects are compared with, if anything.
    pub(crate) fn deployed(&self) -> Option<&Deployed> {
        self.snapshot.deployed.as_deref()
    }

    /// All that is known of kinds, the custom resources of the files too.
    pub(crate) fn schema_set(&self) -> &SchemaSet {
        &self.snapshot.schemas
    }

    /// The documents of a file, each with what was already found out about it.
    pub(crate) fn kept(&self, file: FileId) -> impl Iterator<Item = Kept<'_>> + '_ {
        let file = self.snapshot.files.get(&file);
        file.into_iter().flat_map(|file| {
            let documents = file.parse.documents().zip(&file.slots);
            documents.map(|(document, slot)| Kept { document, slot })
        })
    }

    /// The documents of a file, each with what was already found out about it as a whole.
    pub(crate) fn documents(
        &self,
        file: FileId,
    ) -> impl Iterator<Item = (Document<'_>, &Arc<Facts>)> + '_ {
        let kept = self.kept(file);
        kept.filter_map(|kept| Some((kept.document, kept.facts()?)))
    }

    /// The parts of a file, each with what was already found out about it.
    pub(crate) fn parts(&self, file: FileId) -> impl Iterator<Item = (Part<'_>, &Arc<Facts>)> + '_ {
        self.kept(file).flat_map(|kept| kept.parts())
    }

    /// The place of all that is wrong with a file.
    pub(crate) fn complaints(&self, file: FileId) -> Option<&OnceLock<Vec<Diagnostic>>> {
        self.snapshot.complaints.get(&file)
    }

    /// The names of all files that hold objects.
    pub(crate) fn names(&self) -> &Index {
        self.snapshot.names.get_or_init(|| links::index(self))
    }
}
