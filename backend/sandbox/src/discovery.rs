//! What clients ask first: versions, groups and resources, in the old form and the aggregated one.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::resources::{Resource, Verbs};
use crate::world::World;

/// What `kubectl version` shows of the server.
pub(crate) const GIT_VERSION: &str = "v1.36.4+kun-sandbox";

pub(crate) fn version() -> Value {
    json!({
        "major": "1",
        "minor": "36",
        "emulationMajor": "1",
        "emulationMinor": "36",
        "minCompatibilityMajor": "1",
        "minCompatibilityMinor": "35",
        "gitVersion": GIT_VERSION,
        "gitCommit": "0000000000000000000000000000000000000000",
        "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z",
        "goVersion": "none",
        "compiler": "rustc",
        "platform": "linux/amd64",
    })
}

/// Versions, each with its resources.
type Versions = Vec<(String, Vec<Arc<Resource>>)>;

/// The groups in the order of importance, each with its versions, the preferred one first.
fn groups(world: &World) -> Vec<(String, Versions)> {
    let mut by_group: BTreeMap<(usize, String), Versions> = BTreeMap::new();
    for resource in world.catalog.all() {
        let rank = ORDER
            .iter()
            .position(|it| *it == resource.group)
            .unwrap_or(ORDER.len());
        let versions = by_group.entry((rank, resource.group.clone())).or_default();
        match versions
            .iter_mut()
            .find(|(version, _)| *version == resource.version)
        {
            Some((_, resources)) => resources.push(resource),
            None => versions.push((resource.version.clone(), vec![resource])),
        }
    }
    for versions in by_group.values_mut() {
        versions.sort_by_key(|(version, _)| std::cmp::Reverse(importance(version)));
        for (_, resources) in versions {
            resources.sort_by(|one, two| one.plural.cmp(&two.plural));
        }
    }
    by_group
        .into_iter()
        .map(|((_, group), versions)| (group, versions))
        .collect()
}

const ORDER: &[&str] = &[
    "",
    "apiregistration.k8s.io",
    "apps",
    "events.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "networking.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "storage.k8s.io",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "scheduling.k8s.io",
    "coordination.k8s.io",
    "node.k8s.io",
    "discovery.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "resource.k8s.io",
];

/// `v2` before `v1` before `v1beta1`.
fn importance(version: &str) -> (u8, u32, u32) {
    let rest = version.trim_start_matches('v');
    let (major, stage) = rest
        .find(|it: char| !it.is_ascii_digit())
        .map_or((rest, ""), |at| rest.split_at(at));
    let major = major.parse().unwrap_or(0);
    let minor = stage
        .trim_start_matches(|it: char| it.is_ascii_alphabetic())
        .parse()
        .unwrap_or(0);
    let stability = if stage.starts_with("beta") {
        1
    } else if stage.is_empty() {
        2
    } else {
        0
    };
    (stability, major, minor)
}

/// `/api` and `/apis` in the aggregated form.
pub(crate) fn aggregated(world: &World, core: bool, v2beta1: bool) -> Value {
    let items: Vec<_> = groups(world)
        .into_iter()
        .filter(|(group, _)| group.is_empty() == core)
        .map(|(group, versions)| {
            let versions: Vec<_> = versions
                .into_iter()
                .map(|(version, resources)| {
                    let resources: Vec<_> =
                        resources.iter().map(|it| aggregated_resource(it)).collect();
                    json!({"version": version, "freshness": "Current", "resources": resources})
                })
                .collect();
            let mut metadata = json!({"creationTimestamp": null});
            if !group.is_empty() {
                metadata["name"] = group.into();
            }
            json!({"metadata": metadata, "versions": versions})
        })
        .collect();
    json!({
        "kind": "APIGroupDiscoveryList",
        "apiVersion": if v2beta1 { "apidiscovery.k8s.io/v2beta1" } else { "apidiscovery.k8s.io/v2" },
        "metadata": {},
        "items": items,
    })
}

fn aggregated_resource(resource: &Resource) -> Value {
    let kind = |resource: &Resource| {
        json!({
            "group": resource.group, "version": resource.version, "kind": resource.kind,
        })
    };
    let scope = if resource.namespaced {
        "Namespaced"
    } else {
        "Cluster"
    };
    let subresources: Vec<_> = resource
        .subresources
        .iter()
        .map(|name| {
            let mut response = kind(resource);
            if let Some((group, version, of)) = subresource_kind(name) {
                response = json!({"group": group, "version": version, "kind": of});
            }
            json!({
                "subresource": name,
                "responseKind": response,
                "verbs": subresource_verbs(name),
            })
        })
        .collect();
    let mut entry = json!({
        "resource": resource.plural,
        "responseKind": kind(resource),
        "scope": scope,
        "singularResource": resource.singular,
        "verbs": resource.verbs(),
    });
    if !subresources.is_empty() {
        entry["subresources"] = subresources.into();
    }
    if !resource.short_names.is_empty() {
        entry["shortNames"] = json!(resource.short_names);
    }
    if !resource.categories.is_empty() {
        entry["categories"] = json!(resource.categories);
    }
    entry
}

fn subresource_kind(name: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match name {
        "scale" => ("autoscaling", "v1", "Scale"),
        "eviction" => ("policy", "v1", "Eviction"),
        "binding" => ("", "v1", "Binding"),
        "token" => ("authentication.k8s.io", "v1", "TokenRequest"),
        "attach" => ("", "v1", "PodAttachOptions"),
        "exec" => ("", "v1", "PodExecOptions"),
        "portforward" => ("", "v1", "PodPortForwardOptions"),
        "proxy" => ("", "v1", "PodProxyOptions"),
        _ => return None,
    })
}

fn subresource_verbs(name: &str) -> &'static [&'static str] {
    match name {
        "eviction" | "binding" | "token" => &["create"],
        "log" => &["get"],
        "attach" | "exec" | "portforward" => &["create", "get"],
        "proxy" => &["create", "delete", "get", "patch", "update"],
        "finalize" => &["update"],
        _ => &["get", "patch", "update"],
    }
}

/// `/api`.
pub(crate) fn core_versions(world: &World) -> Value {
    json!({
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [
            {"clientCIDR": "0.0.0.0/0", "serverAddress": world.address.to_string()},
        ],
    })
}

/// `/apis`.
pub(crate) fn group_list(world: &World) -> Value {
    let all: Vec<_> = groups(world)
        .into_iter()
        .filter(|(group, _)| !group.is_empty())
        .map(|(group, versions)| group_value(&group, &versions))
        .collect();
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": all})
}

/// `/apis/GROUP`.
pub(crate) fn group(world: &World, name: &str) -> Option<Value> {
    let groups = groups(world);
    let (group, versions) = groups
        .iter()
        .find(|(group, _)| group == name && !group.is_empty())?;
    let mut value = group_value(group, versions);
    value["kind"] = "APIGroup".into();
    value["apiVersion"] = "v1".into();
    Some(value)
}

fn group_value(group: &str, versions: &[(String, Vec<Arc<Resource>>)]) -> Value {
    let versions: Vec<_> = versions
        .iter()
        .map(|(version, _)| json!({"groupVersion": format!("{group}/{version}"), "version": version}))
        .collect();
    json!({"name": group, "versions": versions, "preferredVersion": versions.first()})
}

/// `/apis/GROUP/VERSION`.
pub(crate) fn resource_list(world: &World, group: &str, version: &str) -> Option<Value> {
    let (_, versions) = groups(world).into_iter().find(|(it, _)| it == group)?;
    let (_, resources) = versions.into_iter().find(|(it, _)| it == version)?;
    let mut all = Vec::new();
    for resource in &resources {
        let mut entry = json!({
            "name": resource.plural,
            "singularName": resource.singular,
            "namespaced": resource.namespaced,
            "kind": resource.kind,
            "verbs": resource.verbs(),
        });
        if !resource.short_names.is_empty() {
            entry["shortNames"] = json!(resource.short_names);
        }
        if !resource.categories.is_empty() {
            entry["categories"] = json!(resource.categories);
        }
        if resource.verbs == Verbs::All {
            entry["storageVersionHash"] = hash(resource).into();
        }
        all.push(entry);
        for name in &resource.subresources {
            let mut entry = json!({
                "name": format!("{}/{name}", resource.plural),
                "singularName": "",
                "namespaced": resource.namespaced,
                "kind": resource.kind,
                "verbs": subresource_verbs(name),
            });
            if let Some((group, version, kind)) = subresource_kind(name) {
                entry["kind"] = kind.into();
                entry["group"] = group.into();
                entry["version"] = version.into();
            }
            all.push(entry);
        }
    }
    let group_version = if group.is_empty() {
        version.to_owned()
    } else {
        format!("{group}/{version}")
    };
    Some(json!({
        "kind": "APIResourceList", "apiVersion": "v1",
        "groupVersion": group_version, "resources": all,
    }))
}

fn hash(resource: &Resource) -> String {
    use base64::Engine as _;
    use sha2::Digest as _;
    let text = format!("{}/{}/{}", resource.group, resource.version, resource.kind);
    let hash = sha2::Sha256::digest(text.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(hash.get(..8).unwrap_or_default())
}
