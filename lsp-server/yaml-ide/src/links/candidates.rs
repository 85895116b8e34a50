//! Names of the set that may stand at a place.

mod own;

use super::read::{pod_of, texts};
use super::{Found, Role, Symbol, of_file, selects, set_of};
use crate::manifest::Manifest;
use crate::object::{Object, Value};
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
        ("IngressSpec", "ingressClassName") => "IngressClass",
        ("PersistentVolumeClaimSpec" | "PersistentVolumeSpec", "storageClassName") => {
            "StorageClass"
        }
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
            ) | ("VolumeMount", "mountPath" | "subPath")
                | ("KeyToPath", "path")
                | ("HTTPGetAction" | "TCPSocketAction" | "GRPCAction", "port")
                | ("ObjectMeta" | "Subject" | "ServiceReference", "namespace")
                | (
                    "ResourceFieldSelector" | "PodFailurePolicyOnExitCodesRequirement",
                    "containerName"
                )
                | ("EphemeralContainer", "targetContainerName")
                | ("ServicePort", "targetPort")
                | ("ServiceBackendPort", "name" | "number")
                | ("LabelSelectorRequirement", "key" | "values")
                | (
                    "CrossVersionObjectReference"
                        | "RoleRef"
                        | "Subject"
                        | "LocalObjectReference"
                        | "ResourceClaim"
                        | "VolumeDevice"
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
        ("CrossVersionObjectReference" | "RoleRef" | "Subject", "name") => {
            object?.text("kind").filter(|kind| !kind.is_empty())
        }
        ("LocalObjectReference", "name") => Some("Secret".to_owned()),
        _ => None,
    });
    if let Some(kind) = kind {
        let wanted = secret_types(definition);
        return match kind.as_str() {
            "Secret" if !wanted.is_empty() => secrets(analysis, file, wanted),
            _ => of_kind(&set, &kind),
        };
    }
    match (definition, field) {
        ("ConfigMapKeySelector", "key") => keys(&set, Some("ConfigMap"), object),
        ("SecretKeySelector", "key") => keys(&set, Some("Secret"), object),
        ("KeyToPath", "key") => keys(&set, None, holder),
        ("KeyToPath", "path") => own::path_of_key(object),
        ("VolumeMount", "mountPath") => own::mount_paths(root, object),
        ("VolumeMount", "subPath") => sub_paths(&set, root, object),
        ("CrossVersionObjectReference", "name") => {
            let kinds = ["Deployment", "StatefulSet", "ReplicaSet"].into_iter();
            kinds.flat_map(|kind| of_kind(&set, kind)).collect()
        }
        ("ObjectMeta", "name") => own::definition_name(root),
        ("ObjectMeta" | "Subject" | "ServiceReference", "namespace")
        | ("", "kubernetes.io/metadata.name") => namespaces(&set),
        ("VolumeMount" | "VolumeDevice", "name") => own::volumes(root),
        ("ResourceClaim", "name") => own::claims(root),
        ("ResourceFieldSelector" | "PodFailurePolicyOnExitCodesRequirement", "containerName")
        | ("EphemeralContainer", "targetContainerName") => own::containers(root),
        ("HTTPGetAction" | "TCPSocketAction", "port") => own::ports(root),
        ("GRPCAction", "port") => own::port_numbers(root),
        ("IngressTLS", "hosts") | ("IngressRule", "host") => own::hosts(root),
        ("Container", "image") => images(analysis, file),
        ("ServicePort", "targetPort") => target_ports(analysis, file, root),
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

/// All objects of the set.
fn manifests(analysis: &Analysis, file: FileId) -> impl Iterator<Item = Manifest<'_>> {
    let files = set_of(analysis, file).into_iter();
    files
        .flat_map(|file| analysis.parts(file))
        .flat_map(|(part, _)| part.manifests())
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

/// The namespaces that are defined, then those that objects stand in.
fn namespaces(set: &[Found]) -> Vec<Candidate> {
    let mut found = of_kind(set, "Namespace");
    let used = set.iter().filter_map(|found| match &found.symbol {
        Symbol::Object { namespace, .. } => Some((namespace.clone()?, "namespace".to_owned())),
        _ => None,
    });
    for candidate in unique(used) {
        if !candidate.name.is_empty() && !found.iter().any(|it| it.name == candidate.name) {
            found.push(candidate);
        }
    }
    found
}

/// The types that a Secret must have at a place; any where none is listed.
fn secret_types(definition: &str) -> &'static [&'static str] {
    match definition {
        "IngressTLS" => &["kubernetes.io/tls"],
        "LocalObjectReference" => &["kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"],
        _ => &[],
    }
}

/// The Secrets of these types; all where there is none.
fn secrets(analysis: &Analysis, file: FileId, types: &[&str]) -> Vec<Candidate> {
    let secrets: Vec<(String, String)> = manifests(analysis, file)
        .filter(|object| object.kind == "Secret")
        .filter_map(|secret| {
            let ty = secret.object.text("type").unwrap_or("Opaque".to_owned());
            Some((secret.name?, ty))
        })
        .collect();
    let fits = |ty: &String| types.contains(&ty.as_str());
    let any = secrets.iter().any(|(_, ty)| fits(ty));
    let fitting = secrets.into_iter().filter(|(_, ty)| !any || fits(ty));
    unique(fitting.map(|(name, ty)| (name, format!("Secret {ty}"))))
}

/// The images that containers of the set run.
fn images(analysis: &Analysis, file: FileId) -> Vec<Candidate> {
    unique(manifests(analysis, file).flat_map(|manifest| {
        let lists = ["containers", "initContainers"].into_iter();
        let containers = lists.flat_map(move |list| own::below(manifest.object, list, 0));
        let name = manifest.name.unwrap_or_default();
        let images: Vec<_> = containers
            .filter_map(|container| container.text("image"))
            .filter(|image| !image.is_empty())
            .map(|image| (image, format!("{} {name}", manifest.kind)))
            .collect();
        images
    }))
}

/// The keys of the object that a reference names; before it names one, those of all of its kind.
fn keys(set: &[Found], of: Option<&str>, reference: Option<Object<'_>>) -> Vec<Candidate> {
    let Some(reference) = reference else {
        return Vec::new();
    };
    let named = |field| reference.text(field).filter(|name| !name.is_empty());
    let secret = named("secretName");
    let of = of.or(secret.is_some().then_some("Secret"));
    let wanted = named("name").or(secret);
    unique(set.iter().filter_map(|found| match &found.symbol {
        Symbol::Key {
            kind, name, key, ..
        } if of.is_none_or(|of| of == *kind)
            && wanted.as_ref().is_none_or(|wanted| wanted == name) =>
        {
            Some((key.clone(), format!("{kind} {name}")))
        }
        _ => None,
    }))
}

/// The files of the volume that a mount takes one of.
fn sub_paths(set: &[Found], root: Object<'_>, mount: Option<Object<'_>>) -> Vec<Candidate> {
    let Some(volume) = mount.and_then(|mount| own::volume_of(root, mount)) else {
        return Vec::new();
    };
    let sources = [("configMap", "ConfigMap"), ("secret", "Secret")];
    let mut sources = sources.into_iter();
    let source = sources.find_map(|(field, kind)| Some((volume.object(field)?, kind)));
    let Some((source, kind)) = source else {
        return Vec::new();
    };
    let items = source.objects("items").into_iter();
    let chosen = unique(items.filter_map(|item| Some((item.text("path")?, item.text("key")?))));
    if chosen.is_empty() {
        keys(set, Some(kind), Some(source))
    } else {
        chosen
    }
}

/// The ports of the pods that a Service selects; before it says which, those of all.
fn target_ports(analysis: &Analysis, file: FileId, service: Object<'_>) -> Vec<Candidate> {
    let selector = service.at(&["spec", "selector"]).and_then(Value::object);
    let wanted = selector.map(texts).unwrap_or_default();
    unique(manifests(analysis, file).flat_map(|manifest| {
        let labels = pod_of(&manifest).and_then(|pod| pod.labels).map(texts);
        let fits = labels.is_some_and(|labels| wanted.is_empty() || selects(&wanted, &labels));
        let ports = if fits {
            own::ports(manifest.object)
        } else {
            Vec::new()
        };
        let name = manifest.name.unwrap_or_default();
        let detail = format!("port of {} {name}", manifest.kind);
        ports
            .into_iter()
            .map(move |port| (port.name, detail.clone()))
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
