//! Names that stand in the object around the cursor itself.

use super::{Candidate, unique};
use crate::object::{Object, Value};

/// The objects in all lists of this name, anywhere below `root`.
pub(super) fn below<'a>(root: Object<'a>, list: &str, depth: usize) -> Vec<Object<'a>> {
    if depth > 12 {
        return Vec::new();
    }
    let mut found = root.objects(list);
    for (_, _, value) in root.pairs() {
        let Some(value) = value else {
            continue;
        };
        let inner = value.object().into_iter();
        let items = value.items().into_iter().filter_map(Value::object);
        for object in inner.chain(items) {
            found.extend(below(object, list, depth + 1));
        }
    }
    found
}

pub(super) fn volumes(root: Object<'_>) -> Vec<Candidate> {
    let volumes = below(root, "volumes", 0).into_iter();
    let claims = below(root, "volumeClaimTemplates", 0).into_iter();
    let own = volumes.filter_map(|volume| Some((volume.text("name")?, "volume".to_owned())));
    let made = claims
        .filter_map(|claim| Some((claim.text_at(&["metadata", "name"])?, "claim".to_owned())));
    unique(own.chain(made))
}

/// The volume that a mount names.
pub(super) fn volume_of<'a>(root: Object<'a>, mount: Object<'_>) -> Option<Object<'a>> {
    let name = mount.text("name")?;
    let volumes = below(root, "volumes", 0).into_iter();
    let mut named = volumes.filter(|volume| volume.text("name").as_ref() == Some(&name));
    named.next()
}

/// Where people mount a volume of its sort, after where the pod mounts it already.
pub(super) fn mount_paths(root: Object<'_>, mount: Option<Object<'_>>) -> Vec<Candidate> {
    let Some((mount, name)) = mount.and_then(|mount| Some((mount, mount.text("name")?))) else {
        return Vec::new();
    };
    let mounts = below(root, "volumeMounts", 0).into_iter();
    let same = mounts.filter(|other| other.text("name").as_ref() == Some(&name));
    let same = same.filter_map(|other| other.text("mountPath"));
    let same = same.filter(|path| path.starts_with('/'));
    let volume = volume_of(root, mount);
    let is = |source: &str| volume.is_some_and(|volume| volume.has(source));
    let usual = if is("configMap") {
        vec![format!("/etc/{name}")]
    } else if is("secret") || is("projected") {
        vec![format!("/etc/{name}"), format!("/var/run/secrets/{name}")]
    } else if is("emptyDir") {
        vec!["/tmp".to_owned(), format!("/var/cache/{name}")]
    } else {
        vec!["/data".to_owned(), format!("/var/lib/{name}")]
    };
    let same = same.map(|path| (path, "as in another container".to_owned()));
    let usual = usual.into_iter();
    unique(same.chain(usual.map(|path| (path, "often used".to_owned()))))
}

/// The file that a key of a volume becomes: mostly one of its own name.
pub(super) fn path_of_key(item: Option<Object<'_>>) -> Vec<Candidate> {
    let key = item.and_then(|item| item.text("key")).into_iter();
    unique(key.map(|key| (key, "as the key".to_owned())))
}

/// The claims of the pod on devices.
pub(super) fn claims(root: Object<'_>) -> Vec<Candidate> {
    let claims = below(root, "resourceClaims", 0).into_iter();
    unique(claims.filter_map(|claim| Some((claim.text("name")?, "claim".to_owned()))))
}

pub(super) fn ports(root: Object<'_>) -> Vec<Candidate> {
    let containers = below(root, "containers", 0);
    let ports = containers
        .into_iter()
        .flat_map(|container| container.objects("ports"));
    let ports: Vec<(Option<String>, String)> = ports
        .filter_map(|port| {
            Some((
                port.text("name"),
                port.integer("containerPort")?.to_string(),
            ))
        })
        .collect();
    let named = ports
        .iter()
        .filter_map(|(name, number)| Some((name.clone()?, number.clone())));
    let numbers = ports
        .iter()
        .map(|(name, number)| (number.clone(), name.clone().unwrap_or("port".to_owned())));
    unique(named.chain(numbers))
}

/// The numbers of the ports of the containers.
pub(super) fn port_numbers(root: Object<'_>) -> Vec<Candidate> {
    let mut ports = ports(root);
    ports.retain(|port| port.name.parse::<u16>().is_ok());
    ports
}

/// The containers of the pod, those that run first too.
pub(super) fn containers(root: Object<'_>) -> Vec<Candidate> {
    let lists = [
        ("containers", "container"),
        ("initContainers", "init container"),
    ];
    let named = lists.iter().flat_map(|(list, detail)| {
        let containers = below(root, list, 0).into_iter();
        containers.filter_map(|container| Some((container.text("name")?, (*detail).to_owned())))
    });
    unique(named)
}

/// The hosts of an Ingress: those of its rules for its certificates, and the other way round.
pub(super) fn hosts(root: Object<'_>) -> Vec<Candidate> {
    let Some(spec) = root.object("spec") else {
        return Vec::new();
    };
    let rules = spec.objects("rules").into_iter();
    let rules = rules.filter_map(|rule| Some((rule.text("host")?, "rule".to_owned())));
    let certificates = spec.objects("tls").into_iter();
    let certificates = certificates.flat_map(|tls| tls.items("hosts"));
    let certificates = certificates.filter_map(|host| Some((host.text()?, "TLS".to_owned())));
    unique(rules.chain(certificates))
}

/// The name that a definition of a kind must have.
pub(super) fn definition_name(root: Object<'_>) -> Vec<Candidate> {
    let part = |path: &[&str]| root.text_at(path);
    let name = part(&["spec", "names", "plural"]).zip(part(&["spec", "group"]));
    let is_definition = root.text("kind").as_deref() == Some("CustomResourceDefinition");
    let names = name.filter(|_| is_definition).into_iter();
    unique(
        names.map(|(plural, group)| (format!("{plural}.{group}"), "plural and group".to_owned())),
    )
}
