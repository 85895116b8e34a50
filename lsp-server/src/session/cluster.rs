//! What a live cluster serves: its kinds stand before the built-in ones.

use std::collections::VecDeque;
use std::mem::take;

use k8s_schemas::SchemaSet;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::Session;
use crate::question::Remark;

/// `kun/openapi`: what a cluster serves, in place of what any did before.
#[derive(Debug, Deserialize)]
pub(crate) struct ClusterParams {
    /// Which cluster; `null` if none is chosen any more.
    cluster: Option<String>,
    /// The answer of KUN's `GET /api/clusters/{cluster}/openapi`, as text.
    schemas: Option<String>,
}

/// That answer, as far as it is read.
#[derive(Debug, Default, Deserialize)]
struct Answer {
    /// The version of the cluster, such as `v1.36.4`.
    version: Option<String>,
    /// `OpenAPI` v3 of one group and version each.
    documents: VecDeque<Box<RawValue>>,
}

/// The schemas of one cluster.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    name: String,
    /// What was told, not read yet.
    waiting: VecDeque<Box<RawValue>>,
    /// What was read of that, not used yet, and why some could not be.
    read: Vec<SchemaSet>,
    refused: Vec<String>,
    used: Vec<SchemaSet>,
}

impl Cluster {
    /// Reads one document, if one waits; whether that was the last.
    fn read_next(&mut self) -> Option<bool> {
        let document = self.waiting.pop_front()?;
        match read(document.get()) {
            Ok(set) => self.read.push(set),
            Err(reason) => self.refused.push(reason),
        }
        Some(self.waiting.is_empty())
    }

    /// The schemas of the cluster before those of `base`.
    pub(super) fn before(&self, base: &SchemaSet) -> SchemaSet {
        let mut set = base.clone();
        self.used.iter().for_each(|it| set.put_before(it));
        set
    }

    fn complaint(&mut self) -> Option<String> {
        let refused = take(&mut self.refused);
        let others = match refused.len() {
            0 | 1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        Some(format!(
            "Some schemas of cluster {} could not be read: {}{others}. \
             The built-in ones are used where there are any.",
            self.name,
            refused.first()?
        ))
    }
}

fn read(text: &str) -> Result<SchemaSet, String> {
    let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let (set, mut errors) = SchemaSet::empty().with_openapi([&document]);
    match errors.pop() {
        Some((_, error)) => Err(error.to_string()),
        None => Ok(set),
    }
}

impl Session {
    /// Takes in what a cluster serves. It is read when there is time, one document after another,
    /// and used once all of it is read.
    pub(crate) fn cluster_serves(&mut self, params: &ClusterParams) {
        let cluster = &mut self.cluster;
        cluster.name = params.cluster.clone().unwrap_or_default();
        cluster.read.clear();
        cluster.refused.clear();
        let answer = params.schemas.as_deref().map(serde_json::from_str);
        let answer = answer.unwrap_or_else(|| Ok(Answer::default()));
        let Answer { version, documents } = answer.unwrap_or_else(|error| {
            cluster.refused.push(error.to_string());
            Answer::default()
        });
        cluster.waiting = documents;
        self.configuration.set_cluster_version(version);
        if self.cluster.waiting.is_empty() {
            self.use_cluster();
        }
    }

    /// Reads one document of a cluster; whether there was one.
    pub(super) fn read_document(&mut self) -> bool {
        let read = self.cluster.read_next();
        if read == Some(true) {
            self.use_cluster();
        }
        read.is_some()
    }

    fn use_cluster(&mut self) {
        self.cluster.used = take(&mut self.cluster.read);
        let complaint = self.cluster.complaint();
        self.remarks.extend(complaint.map(Remark::Warning));
        self.workspace.set_config(self.configuration.features());
        self.use_schemas();
    }

    /// Judges everything by the schemas that there are now.
    pub(super) fn use_schemas(&mut self) {
        let schemas = self.cluster.before(&self.schemas.set());
        self.workspace.set_schemas(schemas);
        self.judge_again();
    }
}
