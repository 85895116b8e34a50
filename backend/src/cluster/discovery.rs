//! Which kinds a cluster serves: asked for by group and version, and kept for a while.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use deploy_core::GroupKind;
use serde_json::Value;

use crate::cluster::Resource;

/// How long an answer is believed. A kind that it lacks is asked for again at once.
const BELIEVED: Duration = Duration::from_mins(1);

/// What a cluster said about its kinds; shared by all who use it.
#[derive(Default)]
pub(super) struct Kinds {
    served: Mutex<HashMap<String, (Instant, Vec<Resource>)>>,
}

impl Kinds {
    /// The kinds of a version, if they were asked for lately.
    pub(super) fn remembered(&self, api_version: &str) -> Option<Vec<Resource>> {
        let served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, resources) = served.get(api_version)?;
        (since.elapsed() < BELIEVED).then(|| resources.clone())
    }

    pub(super) fn remember(&self, api_version: &str, resources: Vec<Resource>) {
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        served.insert(api_version.to_owned(), (Instant::now(), resources));
    }
}

/// Reads an `APIResourceList`; subresources are left out.
pub(super) fn resources(api_version: &str, list: &Value) -> Vec<Resource> {
    let resources = list.get("resources").and_then(Value::as_array);
    let all = resources.map_or(&[][..], Vec::as_slice);
    all.iter()
        .filter_map(|it| resource(api_version, it))
        .collect()
}

fn resource(api_version: &str, served: &Value) -> Option<Resource> {
    let plural = served.get("name")?.as_str()?;
    if plural.contains('/') {
        return None;
    }
    Some(Resource {
        api_version: api_version.to_owned(),
        kind: served.get("kind")?.as_str()?.to_owned(),
        plural: plural.to_owned(),
        namespaced: served.get("namespaced")?.as_bool()?,
    })
}

/// The path that tells the versions of a group; `None` where there is one only.
pub(super) fn group_path(kind: &GroupKind) -> Option<String> {
    (!kind.group.is_empty()).then(|| format!("/apis/{}", super::url::encode(&kind.group)))
}

/// Reads the versions of an `APIGroup`, the preferred one first. A kind may be served in another
/// one alone, as long as it is young.
pub(super) fn versions(group: &Value) -> Vec<String> {
    let preferred = group.pointer("/preferredVersion/groupVersion");
    let all = group.get("versions").and_then(Value::as_array);
    let others = all
        .into_iter()
        .flatten()
        .filter_map(|it| it.get("groupVersion"));
    let mut versions: Vec<String> = Vec::new();
    for version in preferred
        .into_iter()
        .chain(others)
        .filter_map(Value::as_str)
    {
        if !versions.iter().any(|it| it == version) {
            versions.push(version.to_owned());
        }
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subresources_are_no_kinds() {
        let list = serde_json::json!({"resources": [
            {"name": "deployments", "kind": "Deployment", "namespaced": true},
            {"name": "deployments/scale", "kind": "Scale", "namespaced": true},
        ]});

        let found = resources("apps/v1", &list);

        assert_eq!(found.len(), 1);
        assert_eq!(found[0].plural, "deployments");
        assert_eq!(found[0].group(), "apps");
    }

    #[test]
    fn the_preferred_version_comes_first() {
        let group = serde_json::json!({
            "versions": [{"groupVersion": "a/v2"}, {"groupVersion": "a/v1"}],
            "preferredVersion": {"groupVersion": "a/v1"},
        });

        assert_eq!(versions(&group), ["a/v1", "a/v2"]);
    }
}
