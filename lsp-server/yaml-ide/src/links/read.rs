//! A part of a file, read for the names that it defines and uses.

mod platform;
mod pods;

use std::collections::BTreeMap;

use yaml_syntax::{Node, TextRange};

use super::{Names, ObjectNames, Occurrence, Role, Symbol, index};
use crate::manifest::Manifest;
use crate::object::{Object, Value};
use crate::part::Part;

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 128;

/// Reads all names of a part of a file.
pub(super) fn names(part: &Part<'_>) -> Names {
    let mut names = Names::default();
    for manifest in part.manifests() {
        let mut reader = Reader {
            namespace: manifest.namespace.clone(),
            names: &mut names,
        };
        reader.manifest(&manifest);
    }
    if let Some(root) = part.root() {
        anchors(part, root, &mut names, 0);
    }
    names.entries = index::entries(&names);
    names
}

/// Adds the anchors of a node and of what is in it, and the aliases that mean them.
pub(crate) fn anchors(part: &Part<'_>, node: Node<'_>, names: &mut Names, depth: usize) {
    if depth > MAX_DEPTH || part.leaves_out(node) {
        return;
    }
    if let Some(name) = node.anchor() {
        let name_range = anchor_range(node, name);
        names.occurrences.push(Occurrence {
            symbol: Symbol::Anchor {
                at: name_range.start(),
                name: name.to_owned(),
            },
            range: name_range,
            role: Role::Definition(node.full_range()),
        });
    }
    match node {
        Node::Mapping(mapping) => {
            for entry in mapping.entries() {
                for node in [entry.key(), entry.value()].into_iter().flatten() {
                    anchors(part, node, names, depth + 1);
                }
            }
        }
        Node::Sequence(sequence) => {
            for item in sequence.items().filter_map(yaml_syntax::Item::node) {
                anchors(part, item, names, depth + 1);
            }
        }
        Node::Alias(alias) => {
            let target = part.document().anchor(alias.name(), alias.range().start());
            if let Some(target) = target {
                let at = anchor_range(target, alias.name()).start();
                let range = after_mark(alias.range());
                let name = alias.name().to_owned();
                names.occurrences.push(Occurrence {
                    symbol: Symbol::Anchor { at, name },
                    range,
                    role: Role::Use,
                });
            }
        }
        Node::Scalar(_) => {}
    }
}

/// The name behind `&`: it starts the properties, or stands behind a tag.
fn anchor_range(node: Node<'_>, name: &str) -> TextRange {
    let full = node.full_range();
    let skip = match node.tag() {
        // `!tag &name`: tags are rare here, and the name ends before the node.
        Some(tag) => yaml_syntax::TextSize::of(tag) + yaml_syntax::TextSize::from(1),
        None => yaml_syntax::TextSize::from(0),
    };
    let start = full.start() + skip + yaml_syntax::TextSize::from(1);
    TextRange::new(start, start + yaml_syntax::TextSize::of(name))
}

fn after_mark(range: TextRange) -> TextRange {
    TextRange::new(range.start() + yaml_syntax::TextSize::from(1), range.end())
}

struct Reader<'n> {
    namespace: Option<String>,
    names: &'n mut Names,
}

impl Reader<'_> {
    fn manifest(&mut self, manifest: &Manifest<'_>) {
        let object = manifest.object;
        let pod = pod_of(manifest);
        let pod_labels = pod.and_then(|pod| pod.labels).map(texts);
        self.object_name(manifest, pod_labels.clone());
        let namespace = object.object("metadata").and_then(|it| it.get("namespace"));
        self.refer("Namespace", namespace, Role::OptionalUse);
        self.platform(manifest);
        if let Some(pod) = pod {
            if let Some(labels) = pod.labels {
                self.labels(labels, Role::Definition);
            }
            self.pod_spec(pod.spec, &pod_labels.unwrap_or_default());
            self.containers_of(manifest, pod.spec);
            let spec = object.object("spec");
            for claim in spec.map_or_else(Vec::new, |spec| spec.objects("volumeClaimTemplates")) {
                let whole = Role::Definition(claim.mapping().range());
                self.volume_name(pod.spec, claim.at(&["metadata", "name"]), whole);
            }
        }
        let Some(spec) = object.object("spec") else {
            self.without_spec(manifest);
            return;
        };
        match manifest.kind.as_str() {
            "Service" => self.service(manifest, spec),
            "ReplicationController" => {
                if let Some(labels) = spec.object("selector") {
                    self.labels(labels, |_| Role::Use);
                }
            }
            "Ingress" => self.ingress(spec),
            "HorizontalPodAutoscaler" => self.reference_by_kind(spec.object("scaleTargetRef")),
            "StatefulSet" => self.refer("Service", spec.get("serviceName"), Role::Use),
            "PersistentVolumeClaim" => {
                self.refer("StorageClass", spec.get("storageClassName"), Role::Use);
                self.refer("PersistentVolume", spec.get("volumeName"), Role::Use);
            }
            "ValidatingAdmissionPolicyBinding" => {
                self.refer(
                    "ValidatingAdmissionPolicy",
                    spec.get("policyName"),
                    Role::Use,
                );
            }
            _ => {}
        }
        for selector in ["selector", "podSelector"] {
            self.label_selector(spec.object(selector));
        }
        for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
            let rules = spec.objects(rules).into_iter();
            for peer in rules.flat_map(|rule| rule.objects(peers)) {
                self.label_selector(peer.object("podSelector"));
            }
        }
    }

    /// The labels that a selector of pods asks for.
    fn label_selector(&mut self, selector: Option<Object<'_>>) {
        let Some(selector) = selector else {
            return;
        };
        if let Some(labels) = selector.object("matchLabels") {
            self.labels(labels, |_| Role::Use);
        }
        for requirement in selector.objects("matchExpressions") {
            let Some(key) = requirement.text("key") else {
                continue;
            };
            for (value, range) in requirement.items("values").into_iter().filter_map(name_of) {
                let key = key.clone();
                self.names.occurrences.push(Occurrence {
                    symbol: Symbol::Label { key, value },
                    range,
                    role: Role::Use,
                });
            }
        }
    }

    fn object_name(
        &mut self,
        manifest: &Manifest<'_>,
        pod_labels: Option<BTreeMap<String, String>>,
    ) {
        let (Some(name), Some(name_range)) = (&manifest.name, manifest.name_range) else {
            return;
        };
        let whole = manifest.object.mapping().range();
        self.names.occurrences.push(Occurrence {
            symbol: Symbol::Object {
                kind: manifest.kind.clone(),
                namespace: manifest.namespace.clone(),
                name: name.clone(),
            },
            range: name_range,
            role: Role::Definition(whole),
        });
        let group = manifest
            .api_version
            .split_once('/')
            .map_or("", |(group, _)| group);
        let spec = manifest.object.object("spec");
        let selector = spec.and_then(|spec| match manifest.kind.as_str() {
            "Service" | "ReplicationController" => spec.object("selector"),
            _ => spec.object("selector")?.object("matchLabels"),
        });
        self.names.objects.push(ObjectNames {
            group: group.to_owned(),
            kind: manifest.kind.clone(),
            namespace: manifest.namespace.clone(),
            name: name.clone(),
            name_range,
            pod_labels,
            selector: selector.map(|labels| (texts(labels), labels.mapping().range())),
            scales: spec.and_then(|spec| {
                let target = spec.object("scaleTargetRef")?;
                Some((target.text("kind")?, target.text("name")?))
            }),
            replicas: spec.and_then(|spec| Some(spec.entry("replicas")?.range())),
        });
    }

    /// Objects that keep what they are about beside `metadata`.
    fn without_spec(&mut self, manifest: &Manifest<'_>) {
        let object = manifest.object;
        match manifest.kind.as_str() {
            "ConfigMap" => self.keys("ConfigMap", manifest, &["data", "binaryData"]),
            "Secret" => self.keys("Secret", manifest, &["data", "stringData"]),
            "RoleBinding" | "ClusterRoleBinding" => {
                self.reference_by_kind(object.object("roleRef"));
                for subject in object.objects("subjects") {
                    if subject.text("kind").as_deref() == Some("ServiceAccount") {
                        self.refer("Namespace", subject.get("namespace"), Role::OptionalUse);
                        self.in_namespace(subject.text("namespace"), |reader| {
                            reader.refer("ServiceAccount", subject.get("name"), Role::Use);
                        });
                    }
                }
            }
            "ServiceAccount" => {
                let lists = ["secrets", "imagePullSecrets"].into_iter();
                for reference in lists.flat_map(|list| object.objects(list)) {
                    self.refer("Secret", reference.get("name"), Role::Use);
                }
            }
            _ => {}
        }
    }

    fn in_namespace(&mut self, namespace: Option<String>, read: impl FnOnce(&mut Self)) {
        let own = self.namespace.clone();
        if namespace.is_some() {
            self.namespace = namespace;
        }
        read(self);
        self.namespace = own;
    }

    fn keys(&mut self, kind: &'static str, manifest: &Manifest<'_>, fields: &[&str]) {
        let Some(name) = &manifest.name else {
            return;
        };
        for data in fields
            .iter()
            .filter_map(|field| manifest.object.object(field))
        {
            for (key, entry, _) in data.all_pairs() {
                let Some(node) = entry.key() else {
                    continue;
                };
                self.names.occurrences.push(Occurrence {
                    symbol: Symbol::Key {
                        kind,
                        namespace: self.namespace.clone(),
                        name: name.clone(),
                        key,
                    },
                    range: node.range(),
                    role: Role::Definition(entry.range()),
                });
            }
        }
    }

    /// A name of an object of `kind`.
    fn refer(&mut self, kind: &str, value: Option<Value<'_>>, role: Role) {
        if let Some((name, range)) = value.and_then(name_of) {
            let namespace = if is_cluster_wide(kind) {
                None
            } else {
                self.namespace.clone()
            };
            let kind = kind.to_owned();
            self.names.occurrences.push(Occurrence {
                symbol: Symbol::Object {
                    kind,
                    namespace,
                    name,
                },
                range,
                role,
            });
        }
    }

    /// `kind` and `name` in one mapping.
    fn reference_by_kind(&mut self, reference: Option<Object<'_>>) {
        if let Some(reference) = reference
            && let Some(kind) = reference.text("kind")
        {
            self.refer(&kind, reference.get("name"), Role::Use);
        }
    }

    /// A key of a `ConfigMap` or `Secret`: `name` and `key`, `items` or nothing.
    fn config(&mut self, kind: &'static str, reference: Object<'_>, name_field: &str) {
        let optional = reference
            .get("optional")
            .and_then(crate::object::Value::json)
            == Some(true.into());
        let role = if optional {
            Role::OptionalUse
        } else {
            Role::Use
        };
        let name = reference.get(name_field);
        self.refer(kind, name, role);
        let Some((name, _)) = name.and_then(name_of) else {
            return;
        };
        let own = reference.get("key");
        let items = reference
            .objects("items")
            .into_iter()
            .filter_map(|item| item.get("key"));
        for (key, range) in own.into_iter().chain(items).filter_map(name_of) {
            self.names.occurrences.push(Occurrence {
                symbol: Symbol::Key {
                    kind,
                    namespace: self.namespace.clone(),
                    name: name.clone(),
                    key,
                },
                range,
                role,
            });
        }
    }

    fn labels(&mut self, labels: Object<'_>, role: impl Fn(TextRange) -> Role) {
        for (key, entry, value) in labels.effective_pairs() {
            if let Some((value, range)) = value.and_then(name_of) {
                self.names.occurrences.push(Occurrence {
                    symbol: Symbol::Label { key, value },
                    range,
                    role: role(entry.range()),
                });
            }
        }
    }

    fn service(&mut self, manifest: &Manifest<'_>, spec: Object<'_>) {
        let selector = spec.object("selector");
        if let Some(labels) = selector {
            self.labels(labels, |_| Role::Use);
        }
        let labels = selector.map(texts).unwrap_or_default();
        for port in spec.objects("ports") {
            let target = port.get("targetPort").and_then(port_name);
            if let Some((port, range)) = target.filter(|_| !labels.is_empty()) {
                let labels = labels.clone();
                self.names.occurrences.push(Occurrence {
                    symbol: Symbol::PodPort { labels, port },
                    range,
                    role: Role::Use,
                });
            }
            let Some(service) = &manifest.name else {
                continue;
            };
            for value in [port.get("name"), port.get("port")].into_iter().flatten() {
                if let Some(text) = value.raw_text() {
                    self.names.occurrences.push(Occurrence {
                        symbol: Symbol::ServicePort {
                            namespace: self.namespace.clone(),
                            service: service.clone(),
                            port: text,
                        },
                        range: value.range(),
                        role: Role::Definition(port.mapping().range()),
                    });
                }
            }
        }
    }

    fn ingress(&mut self, spec: Object<'_>) {
        self.refer("IngressClass", spec.get("ingressClassName"), Role::Use);
        for tls in spec.objects("tls") {
            // Certificates are usually made by a controller.
            self.refer("Secret", tls.get("secretName"), Role::OptionalUse);
        }
        let rules = spec.objects("rules").into_iter();
        let paths = rules
            .filter_map(|rule| rule.object("http"))
            .flat_map(|http| http.objects("paths"));
        let backends = paths.filter_map(|path| path.object("backend"));
        for backend in backends.chain(spec.object("defaultBackend")) {
            let Some(service) = backend.object("service") else {
                continue;
            };
            self.refer("Service", service.get("name"), Role::Use);
            let port = service.object("port");
            let port = port.and_then(|port| port.get("name").or_else(|| port.get("number")));
            if let (Some(name), Some(port)) = (service.text("name"), port)
                && let Some(text) = port.raw_text()
            {
                self.names.occurrences.push(Occurrence {
                    symbol: Symbol::ServicePort {
                        namespace: self.namespace.clone(),
                        service: name,
                        port: text,
                    },
                    range: port.range(),
                    role: Role::Use,
                });
            }
        }
    }
}

/// The pods that an object makes.
#[derive(Clone, Copy)]
pub(super) struct Pod<'a> {
    pub(super) labels: Option<Object<'a>>,
    spec: Object<'a>,
}

pub(super) fn pod_of<'a>(manifest: &Manifest<'a>) -> Option<Pod<'a>> {
    let object = manifest.object;
    let template = match manifest.kind.as_str() {
        "Pod" => object,
        "Deployment"
        | "ReplicaSet"
        | "StatefulSet"
        | "DaemonSet"
        | "Job"
        | "ReplicationController" => object.at(&["spec", "template"])?.object()?,
        "CronJob" => object
            .at(&["spec", "jobTemplate", "spec", "template"])?
            .object()?,
        _ => return None,
    };
    Some(Pod {
        labels: template
            .object("metadata")
            .and_then(|metadata| metadata.object("labels")),
        spec: template.object("spec")?,
    })
}

/// A text and where it stands, without its quotes.
fn name_of(value: Value<'_>) -> Option<(String, TextRange)> {
    let text = value.raw_text().filter(|text| !text.is_empty())?;
    let range = value.range();
    let plain = value.written().as_scalar()?.style() == yaml_syntax::ScalarStyle::Plain;
    if plain {
        return Some((text, range));
    }
    let one = yaml_syntax::TextSize::from(1);
    Some((text, TextRange::new(range.start() + one, range.end() - one)))
}

/// The name of a port. A number in quotes is no name.
fn port_name(value: Value<'_>) -> Option<(String, TextRange)> {
    value.text().filter(|text| text.parse::<u32>().is_err())?;
    name_of(value)
}

pub(super) fn texts(labels: Object<'_>) -> BTreeMap<String, String> {
    let pairs = labels.effective_pairs().into_iter();
    pairs
        .filter_map(|(key, _, value)| Some((key, value?.raw_text()?)))
        .collect()
}

fn is_cluster_wide(kind: &str) -> bool {
    matches!(
        kind,
        "Namespace"
            | "StorageClass"
            | "PersistentVolume"
            | "IngressClass"
            | "ClusterRole"
            | "PriorityClass"
            | "RuntimeClass"
            | "ValidatingAdmissionPolicy"
    )
}
