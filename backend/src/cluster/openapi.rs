//! The schemas of the kinds that a cluster has beyond those of every cluster, for the editor.
//!
//! The index of `/openapi/v3` is read each time, as the person who asks: it says what there is, and
//! by its hashes which documents are known already. Of each document only what a schema needs is
//! kept, and shared by all who were shown its hash.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use api_types::LeftOut;
use futures::{StreamExt, future, stream};
use k8s_schemas::{KubeRelease, SchemaSet};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::cluster::kube::KubeCluster;
use crate::cluster::{ClusterError, url};

/// How long a request is repeated: somebody waits for it at the keyboard, and can go on without.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);
/// How long all of it may take.
const BUDGET: Duration = Duration::from_secs(20);
/// Bytes of the index, and of one document as the cluster serves it.
const MOST_INDEX: usize = 4_000_000;
const MOST_DOCUMENT: usize = 16_000_000;
/// Bytes of all documents as they are kept, and how many there are.
const MOST_KEPT: usize = 32_000_000;
const MOST_DOCUMENTS: usize = 500;
/// Documents that are read at the same time.
const AT_ONCE: usize = 4;

/// The schemas that a cluster has of its own.
pub struct OwnSchemas {
    version: String,
    documents: Vec<Arc<Document>>,
    left_out: Vec<LeftOut>,
}

impl OwnSchemas {
    /// Changes when anything of it does.
    pub fn hash(&self) -> String {
        let parts = self
            .documents
            .iter()
            .flat_map(|it| [&it.api_version, &it.hash]);
        let left_out = self
            .left_out
            .iter()
            .flat_map(|it| [&it.api_version, &it.reason]);
        hash([&self.version].into_iter().chain(parts).chain(left_out))
    }

    /// An `api_types::ClusterSchemas` as JSON, without parsing its documents again.
    pub fn into_json(self) -> String {
        let documents: Vec<&str> = self.documents.iter().map(|it| it.json.as_str()).collect();
        let version = Value::from(self.version);
        let left_out = json!(self.left_out);
        format!(
            r#"{{"version":{version},"documents":[{}],"left_out":{left_out}}}"#,
            documents.join(",")
        )
    }
}

/// What is kept of the document of a group and version.
struct Document {
    api_version: String,
    /// What the index says of it, or the hash of its text where the index says nothing.
    hash: String,
    json: String,
}

/// The documents of a cluster that were read, by group and version.
#[derive(Default)]
pub(super) struct Documents(Mutex<HashMap<String, Arc<Document>>>);

impl Documents {
    fn known(&self, wanted: &Wanted) -> Option<Arc<Document>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&wanted.api_version)?;
        (Some(&found.hash) == wanted.hash.as_ref()).then(|| found.clone())
    }

    /// Keeps exactly these.
    fn keep(&self, documents: &[Arc<Document>]) {
        let pairs = documents
            .iter()
            .map(|it| (it.api_version.clone(), it.clone()));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = pairs.collect();
    }
}

/// An entry of the index.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    api_version: String,
    hash: Option<String>,
}

/// Reads what `cluster` publishes to its person.
pub(super) async fn read(cluster: &KubeCluster) -> Result<OwnSchemas, ClusterError> {
    let read = tokio::time::timeout(BUDGET, read_all(cluster));
    read.await.unwrap_or_else(|_| {
        let seconds = BUDGET.as_secs();
        let reason = format!("it did not publish its schemas within {seconds} seconds");
        Err(cluster.server().unreachable(reason))
    })
}

async fn read_all(cluster: &KubeCluster) -> Result<OwnSchemas, ClusterError> {
    let (version, index) = future::try_join(
        published(cluster, "/version", MOST_INDEX),
        published(cluster, "/openapi/v3", MOST_INDEX),
    )
    .await?;
    let wanted = wanted(&index, &BUILT_IN.api_versions);
    let reads: Vec<_> = wanted.iter().map(|it| document(cluster, it)).collect();
    let answers = stream::iter(reads).buffered(AT_ONCE).collect().await;
    let (documents, left_out) = bounded(&wanted, answers);
    cluster.server().documents.keep(&documents);
    let version = version["gitVersion"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    Ok(OwnSchemas {
        version,
        documents,
        left_out,
    })
}

async fn published(cluster: &KubeCluster, path: &str, most: usize) -> Result<Value, ClusterError> {
    let text = cluster.published(path, most).await?;
    serde_json::from_str(&text).map_err(|error| cluster.server().unreadable(&error))
}

async fn document(cluster: &KubeCluster, wanted: &Wanted) -> Result<Arc<Document>, ClusterError> {
    if let Some(known) = cluster.server().documents.known(wanted) {
        return Ok(known);
    }
    // Without the hash: with one that is out of date the server only says where to look.
    let path = format!("/openapi/v3{}", url::group_version(&wanted.api_version));
    let text = cluster.published(&path, MOST_DOCUMENT).await?;
    let whole: Value =
        serde_json::from_str(&text).map_err(|error| cluster.server().unreadable(&error))?;
    let json = reduced(&whole, &BUILT_IN.definitions).to_string();
    Ok(Arc::new(Document {
        api_version: wanted.api_version.clone(),
        hash: wanted.hash.clone().unwrap_or_else(|| hash([&json])),
        json,
    }))
}

/// Separates what was read from what was not, and leaves out what is too much.
fn bounded(
    wanted: &[Wanted],
    answers: Vec<Result<Arc<Document>, ClusterError>>,
) -> (Vec<Arc<Document>>, Vec<LeftOut>) {
    let (mut documents, mut left_out) = (Vec::new(), Vec::new());
    let mut kept = 0;
    for (wanted, answer) in wanted.iter().zip(answers) {
        let answer = answer.map_err(|error| error.to_string()).and_then(|it| {
            if documents.len() == MOST_DOCUMENTS || kept + it.json.len() > MOST_KEPT {
                return Err("the schemas of this cluster are too large together".to_owned());
            }
            Ok(it)
        });
        match answer {
            Ok(document) => {
                kept += document.json.len();
                documents.push(document);
            }
            Err(reason) => left_out.push(LeftOut {
                api_version: wanted.api_version.clone(),
                reason,
            }),
        }
    }
    (documents, left_out)
}

/// What no document needs to say again.
struct BuiltIn {
    api_versions: BTreeSet<String>,
    /// Definitions that any group may refer to, such as the metadata of objects.
    definitions: BTreeSet<String>,
}

static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    let set = SchemaSet::builtin();
    let releases = KubeRelease::ALL.into_iter();
    let api_versions = releases.flat_map(|release| {
        let kinds = set.release(release).kinds_and_lists();
        kinds.map(|kind| kind.gvk().api_version())
    });
    let definitions = |release| -> BTreeSet<String> {
        let names = set.release(release).definition_names();
        names
            .filter(|it| it.starts_with("io.k8s."))
            .map(str::to_owned)
            .collect()
    };
    // Those of every release: which one the editor speaks of is for the person to choose.
    let common = KubeRelease::ALL.into_iter().map(definitions);
    BuiltIn {
        api_versions: api_versions.collect(),
        definitions: common
            .reduce(|all, of_one| &all & &of_one)
            .unwrap_or_default(),
    }
});

/// Reads the groups and versions out of the index, without the built-in ones.
fn wanted(index: &Value, built_in: &BTreeSet<String>) -> Vec<Wanted> {
    let paths = index["paths"].as_object().into_iter().flatten();
    let mut wanted: Vec<_> = paths
        .filter_map(|(path, entry)| {
            let api_version = path.strip_prefix("apis/")?;
            let (group, version) = api_version.split_once('/')?;
            let plain = !group.is_empty() && !version.is_empty() && !version.contains('/');
            if !plain || built_in.contains(api_version) {
                return None;
            }
            let url = entry["serverRelativeURL"].as_str().unwrap_or_default();
            let hash = url.split_once("hash=").map(|(_, hash)| hash.to_owned());
            Some(Wanted {
                api_version: api_version.to_owned(),
                hash,
            })
        })
        .collect();
    wanted.sort_by(|a, b| a.api_version.cmp(&b.api_version));
    wanted
}

/// The definitions of a document that are its own, and the kinds of its paths.
fn reduced(document: &Value, built_in: &BTreeSet<String>) -> Value {
    let schemas = document["components"]["schemas"].as_object();
    let own = schemas.into_iter().flatten();
    let own = own.filter(|(name, _)| !built_in.contains(*name));
    let own: Map<String, Value> = own.map(|(name, it)| (name.clone(), it.clone())).collect();
    let paths = document["paths"].as_object().into_iter().flatten();
    let paths: Map<String, Value> = paths
        .filter_map(|(path, operations)| Some((path.clone(), kind_of(operations)?)))
        .collect();
    json!({
        "openapi": document["openapi"],
        "components": { "schemas": own },
        "paths": paths,
    })
}

/// One operation of a path, with nothing but the kind that it is about.
fn kind_of(operations: &Value) -> Option<Value> {
    const KIND: &str = "x-kubernetes-group-version-kind";
    let operations: BTreeMap<_, _> = operations.as_object()?.iter().collect();
    let (verb, kind) = operations
        .into_iter()
        .find_map(|(verb, operation)| Some((verb, operation.get(KIND)?)))?;
    Some(json!({ verb: { KIND: kind } }))
}

fn hash<'a>(parts: impl IntoIterator<Item = &'a String>) -> String {
    use std::fmt::Write;
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    let bytes = hash.finalize();
    bytes.iter().take(16).fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_groups_that_are_not_built_in_are_asked_for() {
        let index = json!({"paths": {
            "api/v1": {"serverRelativeURL": "/openapi/v3/api/v1?hash=A"},
            "apis": {"serverRelativeURL": "/openapi/v3/apis?hash=A"},
            "apis/apps": {"serverRelativeURL": "/openapi/v3/apis/apps?hash=A"},
            "apis/apps/v1": {"serverRelativeURL": "/openapi/v3/apis/apps/v1?hash=A"},
            "apis/shop.example.com/v1": {"serverRelativeURL": "/openapi/v3/apis/shop.example.com/v1?hash=B"},
            "apis/metrics.k8s.io/v1beta1": {},
            "apis/a/b/../../secrets": {"serverRelativeURL": "//elsewhere?hash=C"},
            "version": {},
        }});

        let found = wanted(&index, &BUILT_IN.api_versions);

        let shown: Vec<_> = found
            .iter()
            .map(|it| (it.api_version.as_str(), it.hash.as_deref()))
            .collect();
        let expected = [
            ("metrics.k8s.io/v1beta1", None),
            ("shop.example.com/v1", Some("B")),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_document_keeps_its_own_definitions_and_kinds() {
        let kind = json!({"group": "g", "version": "v1", "kind": "Thing"});
        let document = json!({
            "openapi": "3.0.0",
            "info": {"title": "Kubernetes"},
            "components": {"schemas": {
                "g.v1.Thing": {"type": "object"},
                "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {"type": "object"},
            }},
            "paths": {
                "/apis/g/v1/": {"get": {"description": "resources"}},
                "/apis/g/v1/things/{name}": {
                    "parameters": [{"name": "name"}],
                    "put": {"x-kubernetes-group-version-kind": kind, "parameters": []},
                },
            },
        });

        let kept = reduced(&document, &BUILT_IN.definitions);

        assert_eq!(
            kept,
            json!({
                "openapi": "3.0.0",
                "components": {"schemas": {"g.v1.Thing": {"type": "object"}}},
                "paths": {"/apis/g/v1/things/{name}": {
                    "put": {"x-kubernetes-group-version-kind": kind},
                }},
            })
        );
    }
}
