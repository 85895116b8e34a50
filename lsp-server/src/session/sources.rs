//! Where schemas come from beside the built-in ones: a live cluster, and documents that were saved
//! from one. Their kinds stand before the built-in kinds, those of the chosen cluster first.

use std::collections::VecDeque;
use std::mem::take;

use k8s_schemas::openapi::{self, Documents};
use k8s_schemas::{KubeRelease, SchemaSet};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::Session;
use crate::SavedSchemas;
use crate::question::Remark;

/// What KUN's `GET /api/clusters/{cluster}/openapi` answers, as far as it is read.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Answer {
    /// The version of the cluster, such as `v1.36.4`.
    pub(super) version: Option<String>,
    /// `OpenAPI` v3 of one group and version each.
    pub(super) documents: VecDeque<Box<RawValue>>,
}

/// Schemas that belong together: those of one cluster.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// What messages call it, such as "cluster test".
    pub(super) name: String,
    waiting: VecDeque<Part>,
    /// What was read of that, not used yet, and why some could not be. None before the first: a
    /// browser loads what reads documents when there is one.
    growing: Option<Documents>,
    growing_version: Option<String>,
    refused: Vec<String>,
    used: SchemaSet,
    version: Option<String>,
    failure: Option<String>,
}

/// A text that is to be read.
#[derive(Debug)]
pub(super) struct Part {
    /// The file that it stands in, if it is one of several.
    pub(super) file: Option<String>,
    pub(super) text: Box<str>,
}

impl Source {
    /// Takes in other documents than before, and why some are not among them. They are read when
    /// there is time, one after another, and used once all of them are read.
    pub(super) fn replace(
        &mut self,
        version: Option<String>,
        parts: VecDeque<Part>,
        refused: Vec<String>,
    ) {
        self.waiting = parts;
        self.growing = None;
        self.growing_version = version;
        self.refused = refused;
    }

    /// Whether nothing waits to be read.
    pub(super) fn is_read(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Reads one document, if one waits; whether that was the last.
    fn read_next(&mut self) -> Option<bool> {
        let Part { file, text } = self.waiting.pop_front()?;
        if let Err(reason) = self.read(&text) {
            let file = file.map_or(String::new(), |file| format!("{file}: "));
            self.refused.push(format!("{file}{reason}"));
        }
        Some(self.waiting.is_empty())
    }

    fn read(&mut self, text: &str) -> Result<(), String> {
        let document = serde_json::from_str(text);
        let document: Value = document.map_err(|error| format!("it is no whole JSON, {error}"))?;
        let version = |value: &Value| value.as_str().map(str::to_owned);
        if let Some(documents) = document["documents"].as_array() {
            // The whole answer about a cluster, saved as one file.
            self.growing_version = version(&document["version"]);
            return documents.iter().try_for_each(|it| self.add(it));
        }
        if let Some(git_version) = version(&document["gitVersion"]) {
            // What `/version` answers, saved beside the documents.
            self.growing_version = Some(git_version);
            return Ok(());
        }
        self.add(&document)
    }

    fn add(&mut self, document: &Value) -> Result<(), String> {
        let growing = self.growing.get_or_insert_with(Documents::new);
        let read = growing.add(document);
        read.map_err(|error| error.to_string())?;
        if self.growing_version.is_none() {
            self.growing_version = openapi::version_of(document).map(str::to_owned);
        }
        Ok(())
    }

    /// Uses what was read from now on. What could not be is answered in a sentence.
    pub(super) fn put_to_use(&mut self) -> Option<String> {
        let read = self.growing.take();
        self.used = read.map_or_else(SchemaSet::empty, Documents::finish);
        self.version = self.growing_version.take();
        self.failure = self.complaint();
        self.failure.clone()
    }

    fn complaint(&mut self) -> Option<String> {
        let refused = take(&mut self.refused);
        let others = match refused.len() {
            0 | 1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        Some(format!(
            "Some schemas of {} could not be read: {}{others}. \
             The built-in ones are used where there are any.",
            self.name,
            refused.first()?
        ))
    }

    fn description(&self) -> Value {
        // A kind of a cluster is of no release of ours.
        let kinds = self.used.release(KubeRelease::NEWEST).kinds();
        json!({
            "name": self.name,
            "version": self.version,
            "kinds": kinds.count(),
            "failure": self.failure,
        })
    }
}

/// All sources there are.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The cluster that the client chose.
    pub(super) cluster: Source,
    is_chosen: bool,
    /// What the settings name, each with what was saved there.
    saved: Vec<(SavedSchemas, Source)>,
    /// What the client was told of all of it.
    told: Value,
}

impl Sources {
    /// The schemas of all sources before those of `base`.
    pub(super) fn before(&self, base: &SchemaSet) -> SchemaSet {
        let mut set = base.clone();
        let saved = self.saved.iter().rev().map(|(_, source)| source);
        let all = saved.chain([&self.cluster]);
        all.for_each(|it| set.put_before(&it.used));
        set
    }

    /// The cluster that the client chose, which serves this from now on.
    pub(super) fn choose(&mut self, cluster: Option<&String>) -> &mut Source {
        self.is_chosen = cluster.is_some();
        self.cluster.name = cluster.map_or(String::new(), |name| format!("cluster {name}"));
        &mut self.cluster
    }

    /// The version of the first source that says one.
    fn version(&self) -> Option<String> {
        let saved = self.saved.iter().map(|(_, source)| source);
        let mut all = [&self.cluster].into_iter().chain(saved);
        all.find_map(|it| it.version.clone())
    }

    /// Keeps these saved schemas and no others; whether that is a change.
    pub(super) fn keep(&mut self, places: &[SavedSchemas]) -> bool {
        let is_same = self.saved.iter().map(|(place, _)| place).eq(places);
        if is_same {
            return false;
        }
        let mut before = take(&mut self.saved);
        for place in places {
            let known = before.iter().position(|(known, _)| known == place);
            let source = known.map_or_else(
                || Source {
                    name: format!("`{}`", place.path),
                    ..Source::default()
                },
                |at| before.swap_remove(at).1,
            );
            self.saved.push((place.clone(), source));
        }
        true
    }

    fn next_unread(&mut self) -> Option<&mut Source> {
        let saved = self.saved.iter_mut().map(|(_, source)| source);
        let mut all = [&mut self.cluster].into_iter().chain(saved);
        all.find(|it| !it.is_read())
    }

    /// What is known of a place that the settings name.
    pub(super) fn saved(&mut self, place: &SavedSchemas) -> Option<&mut Source> {
        let mut all = self.saved.iter_mut();
        let found = all.find(|(known, _)| known == place);
        found.map(|(_, source)| source)
    }

    fn description(&self, release: KubeRelease) -> Value {
        let cluster = self.is_chosen.then_some(&self.cluster);
        let saved = self.saved.iter().map(|(_, source)| source);
        let all = cluster.into_iter().chain(saved);
        let sources: Vec<_> = all.map(Source::description).collect();
        json!({ "release": release.to_string(), "sources": sources })
    }
}

impl Session {
    /// Reads one document of a source; whether there was one.
    pub(super) fn read_document(&mut self) -> bool {
        let Some(source) = self.sources.next_unread() else {
            return false;
        };
        let is_last = source.read_next() == Some(true);
        if let Some(complaint) = is_last.then(|| source.put_to_use()) {
            self.use_sources(complaint);
        }
        true
    }

    /// Uses what the sources have from now on.
    pub(super) fn use_sources(&mut self, complaint: Option<String>) {
        self.remarks.extend(complaint.map(Remark::Warning));
        self.configuration
            .set_cluster_version(self.sources.version());
        self.workspace.set_config(self.configuration.features());
        self.use_schemas();
    }

    /// Judges everything by the schemas that there are now.
    pub(super) fn use_schemas(&mut self) {
        let schemas = self.sources.before(&self.schemas.set());
        self.workspace.set_schemas(schemas);
        self.judge_again();
        self.tell_schemas();
    }

    /// Tells a client that shows it which release and schemas are used.
    pub(super) fn tell_schemas(&mut self) {
        if !self.client.shows_schemas {
            return;
        }
        let release = self.configuration.features().release;
        let description = self.sources.description(release);
        if description != self.sources.told {
            self.remarks.push(Remark::Schemas(description.clone()));
            self.sources.told = description;
        }
    }
}
