//! Names of the set that may stand at a place.

use super::{Found, Role, Symbol, of_file, selects, set_of};
use crate::object::Object;
use crate::{Analysis, FileId};

/// A name that may stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) detail: String,
}

/// The kind of object that a field of a definition names; nothing where it names none.
fn target(definition: &str, field: &str) -> Option<&'static str> {
    Some(match (definition, field) {
        (
            "ConfigMapKeySelector"
            | "ConfigMapEnvSource"
            | "ConfigMapVolumeSource"
            | "ConfigMapProjection",
            "name",
        ) => "ConfigMap",
        ("SecretKeySelector" | "SecretEnvSource" | "SecretProjection", "name")
        | ("SecretVolumeSource" | "IngressTLS", "secretName") => "Secret",
        ("PersistentVolumeClaimVolumeSource", "claimName") => "PersistentVolumeClaim",
        ("PodSpec", "serviceAccountName") => "ServiceAccount",
        ("PodSpec", "priorityClassName") => "PriorityClass",
        ("PodSpec", "runtimeClassName") => "RuntimeClass",
        ("IngressServiceBackend" | "ServiceReference", "name")
        | ("StatefulSetSpec", "serviceName") => "Service",
        ("ObjectMeta" | "Subject" | "ServiceReference", "namespace") => "Namespace",
        ("IngressSpec", "ingressClassName") => "IngressClass",
        ("PersistentVolumeClaimSpec", "storageClassName") => "StorageClass",
        ("PersistentVolumeClaimSpec", "volumeName") => "PersistentVolume",
        ("ValidatingAdmissionPolicyBindingSpec", "policyName") => "ValidatingAdmissionPolicy",
        _ => return None,
    })
}

/// Whether a field can be completed with names of the set.
pub(crate) fn is_reference(definition: &str, field: &str) -> bool {
    target(definition, field).is_some()
        || matches!(
            (definition, field),
            (
                "ConfigMapKeySelector" | "SecretKeySelector" | "KeyToPath",
                "key"
            ) | ("HTTPGetAction" | "TCPSocketAction", "port")
                | ("ServicePort", "targetPort")
                | ("ServiceBackendPort", "name" | "number")
                | ("LabelSelectorRequirement", "key" | "values")
                | (
                    "CrossVersionObjectReference"
                        | "RoleRef"
                        | "Subject"
                        | "LocalObjectReference"
                        | "VolumeMount",
                    "name"
                )
        )
}

/// The objects around a field, the innermost first.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    /// The one with the field.
    pub(crate) object: Option<Object<'a>>,
    /// Where that one is an item of a list: the one with the list.
    pub(crate) holder: Option<Object<'a>>,
    /// The Kubernetes object.
    pub(crate) root: Object<'a>,
}

/// The names that may stand in `field` of an object that `definition` describes.
pub(crate) fn candidates(
    analysis: &Analysis,
    file: FileId,
    definition: &str,
    field: &str,
    around: Around<'_>,
) -> Vec<Candidate> {
    let Around {
        object,
        holder,
        root,
    } = around;
    let set = definitions(analysis, file);
    let kind = target(definition, field).map(str::to_owned);
    let kind = kind.or_else(|| match (definition, field) {
        ("CrossVersionObjectReference" | "RoleRef" | "Subject", "name") => object?.text("kind"),
        ("LocalObjectReference", "name") => Some("Secret".to_owned()),
        _ => None,
    });
    if let Some(kind) = kind {
        return of_kind(&set, &kind);
    }
    match (definition, field) {
        ("ConfigMapKeySelector" | "SecretKeySelector", "key") => keys(&set, object),
        ("KeyToPath", "key") => keys(&set, holder),
        ("VolumeMount", "name") => volumes(root),
        ("HTTPGetAction" | "TCPSocketAction", "port") => ports_of_pod(root),
        ("ServicePort", "targetPort") => target_ports(&set, root),
        ("ServiceBackendPort", "name" | "number") => service_ports(&set, field),
        ("LabelSelectorRequirement", "key") => label_keys(&set),
        ("LabelSelectorRequirement", "values") => {
            let key = object.and_then(|requirement| requirement.text("key"));
            key.map_or_else(Vec::new, |key| label_values(&set, &key))
        }
        // The labels of pods, for what selects them: the map has no definition of its own.
        ("", key) => label_values(&set, key),
        _ => Vec::new(),
    }
}

/// All definitions of the set.
fn definitions(analysis: &Analysis, file: FileId) -> Vec<Found> {
    let files = set_of(analysis, file).into_iter();
    files
        .flat_map(|file| of_file(analysis, file))
        .filter(|found| matches!(found.role, Role::Definition(_)))
        .collect()
}

fn unique(names: impl Iterator<Item = (String, String)>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for (name, detail) in names {
        if !found.iter().any(|candidate| candidate.name == name) {
            found.push(Candidate { name, detail });
        }
    }
    found
}

fn of_kind(set: &[Found], wanted: &str) -> Vec<Candidate> {
    unique(set.iter().filter_map(|found| match &found.symbol {
        Symbol::Object { kind, name, .. } if kind == wanted => Some((name.clone(), kind.clone())),
        _ => None,
    }))
}

fn keys(set: &[Found], reference: Option<Object<'_>>) -> Vec<Candidate> {
    let wanted = reference.and_then(|reference| {
        let name = reference.text("name");
        name.or_else(|| reference.text("secretName"))
    });
    unique(set.iter().filter_map(|found| match &found.symbol {
        Symbol::Key {
            kind, name, key, ..
        } if Some(name) == wanted.as_ref() => Some((key.clone(), format!("{kind} {name}"))),
        _ => None,
    }))
}

/// The objects in all lists of this name, anywhere below `root`.
fn below<'a>(root: Object<'a>, list: &str, depth: usize) -> Vec<Object<'a>> {
    if depth > 12 {
        return Vec::new();
    }
    let mut found = root.objects(list);
    for (_, _, value) in root.pairs() {
        let Some(value) = value else {
            continue;
        };
        let inner = value.object().into_iter();
        let items = value
            .items()
            .into_iter()
            .filter_map(crate::object::Value::object);
        for object in inner.chain(items) {
            found.extend(below(object, list, depth + 1));
        }
    }
    found
}

fn volumes(root: Object<'_>) -> Vec<Candidate> {
    let volumes = below(root, "volumes", 0).into_iter();
    let claims = below(root, "volumeClaimTemplates", 0).into_iter();
    let own = volumes.filter_map(|volume| Some((volume.text("name")?, "volume".to_owned())));
    let made = claims
        .filter_map(|claim| Some((claim.text_at(&["metadata", "name"])?, "claim".to_owned())));
    unique(own.chain(made))
}

fn ports_of_pod(root: Object<'_>) -> Vec<Candidate> {
    let containers = below(root, "containers", 0);
    let ports = containers
        .into_iter()
        .flat_map(|container| container.objects("ports"));
    unique(ports.flat_map(|port| {
        let number = port
            .integer("containerPort")
            .map(|number| number.to_string());
        let detail = number.clone().unwrap_or_default();
        let named = port.text("name").map(|name| (name, detail));
        named
            .into_iter()
            .chain(number.map(|number| (number, "port".to_owned())))
    }))
}

fn target_ports(set: &[Found], root: Object<'_>) -> Vec<Candidate> {
    let selector = root
        .at(&["spec", "selector"])
        .and_then(crate::object::Value::object);
    let wanted = selector.map(|selector| {
        let pairs = selector.pairs();
        pairs
            .filter_map(|(key, _, value)| Some((key, value?.raw_text()?)))
            .collect()
    });
    let wanted = wanted.unwrap_or_default();
    unique(set.iter().filter_map(|found| match &found.symbol {
        Symbol::PodPort { labels, port } if selects(&wanted, labels) => {
            Some((port.clone(), "port of the pods".to_owned()))
        }
        _ => None,
    }))
}

fn service_ports(set: &[Found], field: &str) -> Vec<Candidate> {
    unique(set.iter().filter_map(|found| match &found.symbol {
        Symbol::ServicePort { service, port, .. } => {
            let is_number = port.parse::<u16>().is_ok();
            (is_number == (field == "number")).then(|| (port.clone(), format!("Service {service}")))
        }
        _ => None,
    }))
}

fn label_values(set: &[Found], wanted: &str) -> Vec<Candidate> {
    unique(set.iter().filter_map(|found| match &found.symbol {
        Symbol::Label { key, value } if key == wanted => {
            Some((value.clone(), "label of pods".to_owned()))
        }
        _ => None,
    }))
}

fn label_keys(set: &[Found]) -> Vec<Candidate> {
    unique(set.iter().filter_map(|found| match &found.symbol {
        Symbol::Label { key, .. } => Some((key.clone(), "label of pods".to_owned())),
        _ => None,
    }))
}

/// The labels of the pods of the set.
pub(crate) fn labels(analysis: &Analysis, file: FileId) -> Vec<(String, String)> {
    let set = definitions(analysis, file);
    let labels = set.into_iter().filter_map(|found| match found.symbol {
        Symbol::Label { key, value } => Some((key, value)),
        _ => None,
    });
    labels.collect()
}
