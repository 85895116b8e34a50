//! What is wrong between the objects of a set.
//!
//! What is missing here may live elsewhere: that is a hint at most. Only where the set itself says
//! enough to be sure it is more.

use std::collections::{BTreeMap, HashMap, HashSet};

use yaml_syntax::TextRange;

use super::{Found, Moved, ObjectNames, Role, Symbol, objects, of_file, selects, set_of};
use crate::code_actions::Fix;
use crate::diagnostics::{Diagnostic, Related, Severity};
use crate::rename::TextEdit;
use crate::{Analysis, FileId, fuzzy};

/// What is wrong between the objects of the set, as far as it concerns `file`.
pub(crate) fn diagnostics(analysis: &Analysis, file: FileId) -> Vec<Diagnostic> {
    let set = Set::new(analysis, file);
    let mut found = Vec::new();
    for place in of_file(analysis, file) {
        if place.role == Role::Use {
            found.extend(set.missing(&place));
        }
    }
    for (owner, moved, object) in set.objects.iter().filter(|(owner, _, _)| *owner == file) {
        found.extend(set.twice(*owner, *moved, object));
        found.extend(set.selects_nothing(*moved, object));
        found.extend(set.scaled(*moved, object));
    }
    found
}

struct Set<'a> {
    analysis: &'a Analysis,
    objects: Vec<(FileId, Moved, &'a ObjectNames)>,
    /// Names by kind.
    names: HashMap<&'a str, HashSet<&'a str>>,
    definitions: Vec<Found>,
}

impl<'a> Set<'a> {
    fn new(analysis: &'a Analysis, file: FileId) -> Self {
        let objects = objects(analysis, file);
        let mut names: HashMap<&str, HashSet<&str>> = HashMap::new();
        for (_, _, object) in &objects {
            names.entry(&object.kind).or_default().insert(&object.name);
        }
        let parts = |found: &Found| {
            matches!(found.role, Role::Definition(_))
                && matches!(
                    found.symbol,
                    Symbol::Key { .. } | Symbol::ServicePort { .. } | Symbol::PodPort { .. }
                )
        };
        let files = set_of(analysis, file).into_iter();
        let definitions = files.flat_map(|file| of_file(analysis, file)).filter(parts);
        Self {
            analysis,
            names,
            definitions: definitions.collect(),
            objects,
        }
    }

    fn has(&self, kind: &str, name: &str) -> bool {
        self.names
            .get(kind)
            .is_some_and(|names| names.contains(name))
    }

    fn missing(&self, place: &Found) -> Option<Diagnostic> {
        match &place.symbol {
            Symbol::Object { kind, name, .. } => self.misspelt(place, kind, name),
            Symbol::Key {
                kind, name, key, ..
            } => self.missing_key(place, kind, name, key),
            Symbol::ServicePort { service, port, .. } => {
                self.missing_service_port(place, service, port)
            }
            Symbol::PodPort { labels, port } => self.missing_pod_port(place, labels, port),
            Symbol::Label { .. } | Symbol::Volume { .. } | Symbol::Anchor { .. } => None,
        }
    }

    /// A name that the set does not define, but nearly.
    fn misspelt(&self, place: &Found, kind: &str, name: &str) -> Option<Diagnostic> {
        if self.has(kind, name) {
            return None;
        }
        let names = self.names.get(kind)?;
        let near = fuzzy::nearest(name, names.iter().copied())?;
        let message = format!("no {kind} of this set is called `{name}`; did you mean `{near}`?");
        let mut found = complaint(place.range, Severity::Info, "unknown-reference", message);
        found.fixes.push(change(place.range, near));
        Some(found)
    }

    fn missing_key(&self, place: &Found, kind: &str, name: &str, key: &str) -> Option<Diagnostic> {
        let keys: Vec<&str> = self
            .definitions
            .iter()
            .filter_map(|found| match &found.symbol {
                Symbol::Key {
                    kind: k,
                    name: n,
                    key,
                    ..
                } if *k == kind && n == name => Some(key.as_str()),
                _ => None,
            })
            .collect();
        let met = self
            .definitions
            .iter()
            .any(|found| found.symbol.meets(&place.symbol));
        if met || !self.has(kind, name) {
            return None;
        }
        let near = fuzzy::nearest(key, keys.iter().copied());
        let message = match (near, keys.as_slice()) {
            (Some(near), _) => {
                format!("{kind} `{name}` has no key `{key}`; did you mean `{near}`?")
            }
            (None, []) => format!("{kind} `{name}` has no keys"),
            (None, _) => format!("{kind} `{name}` has no key `{key}`; it has {}", list(&keys)),
        };
        let mut found = complaint(place.range, Severity::Warning, "missing-key", message);
        found.related.extend(self.named(kind, name));
        found.fixes.extend(
            near.into_iter()
                .chain(keys)
                .take(4)
                .map(|key| change(place.range, key)),
        );
        found.fixes.dedup();
        Some(found)
    }

    fn missing_service_port(&self, place: &Found, service: &str, port: &str) -> Option<Diagnostic> {
        let met = self
            .definitions
            .iter()
            .any(|found| found.symbol.meets(&place.symbol));
        if met || !self.has("Service", service) {
            return None;
        }
        let number = port.parse::<u16>().is_ok();
        let ports: Vec<&str> = self
            .definitions
            .iter()
            .filter_map(|found| match &found.symbol {
                Symbol::ServicePort {
                    service: other,
                    port,
                    ..
                } if other == service => Some(port.as_str()),
                _ => None,
            })
            .filter(|port| port.parse::<u16>().is_ok() == number)
            .collect();
        let message = format!(
            "Service `{service}` has no port `{port}`; it has {}",
            list(&ports)
        );
        let mut found = complaint(place.range, Severity::Warning, "unknown-port", message);
        found.related.extend(self.named("Service", service));
        found.fixes.extend(
            ports
                .into_iter()
                .take(4)
                .map(|port| change(place.range, port)),
        );
        Some(found)
    }

    /// A port by name, where the pods that are meant are in the set.
    fn missing_pod_port(
        &self,
        place: &Found,
        labels: &BTreeMap<String, String>,
        port: &str,
    ) -> Option<Diagnostic> {
        let makers = self.objects.iter().filter(|(_, _, object)| {
            object
                .pod_labels
                .as_ref()
                .is_some_and(|own| selects(labels, own) || own == labels)
        });
        let met = self
            .definitions
            .iter()
            .any(|found| found.symbol.meets(&place.symbol));
        let makers: Vec<_> = makers.collect();
        if met || makers.is_empty() || labels.is_empty() {
            return None;
        }
        let ports: Vec<&str> = self
            .definitions
            .iter()
            .filter_map(|found| match &found.symbol {
                Symbol::PodPort { labels: own, port } if selects(labels, own) => {
                    Some(port.as_str())
                }
                _ => None,
            })
            .collect();
        let hint = match ports.as_slice() {
            [] => "their ports have no names".to_owned(),
            ports => format!("they have {}", list(ports)),
        };
        let message = format!("the pods have no port called `{port}`; {hint}");
        let mut found = complaint(place.range, Severity::Warning, "unknown-port", message);
        found.fixes.extend(
            ports
                .into_iter()
                .take(4)
                .map(|port| change(place.range, port)),
        );
        found.related.extend(
            makers
                .into_iter()
                .take(1)
                .map(|(file, moved, object)| Related {
                    file: *file,
                    range: moved.range(object.name_range),
                    message: format!("{} `{}` makes the pods", object.kind, object.name),
                }),
        );
        Some(found)
    }

    /// The same object again: in one file, or in files side by side.
    fn twice(&self, file: FileId, moved: Moved, object: &ObjectNames) -> Option<Diagnostic> {
        let range = moved.range(object.name_range);
        let same = |other: &ObjectNames| {
            other.kind == object.kind
                && other.group == object.group
                && other.name == object.name
                && other.namespace == object.namespace
        };
        let earlier = self
            .objects
            .iter()
            .find(|(other_file, other_moved, other)| {
                let before = (*other_file, other_moved.range(other.name_range).start())
                    < (file, range.start());
                before && same(other) && self.side_by_side(file, *other_file)
            });
        let (other_file, other_moved, other) = earlier?;
        let message = format!(
            "{} `{}` stands twice in this set; the later one would win",
            object.kind, object.name
        );
        let mut found = complaint(range, Severity::Error, "duplicate-object", message);
        if *other_file != file {
            found.severity = Severity::Warning;
        }
        found.related.push(Related {
            file: *other_file,
            range: other_moved.range(other.name_range),
            message: "it stands here first".to_owned(),
        });
        Some(found)
    }

    /// Files of one folder are applied together; overlays in other folders repeat names.
    fn side_by_side(&self, a: FileId, b: FileId) -> bool {
        let folder = |file| {
            let path = self.analysis.path(file)?;
            Some(path.rsplit_once('/').map_or("", |(folder, _)| folder))
        };
        a == b || folder(a) == folder(b)
    }

    /// A Service whose pods the set has, under labels that differ a little.
    fn selects_nothing(&self, moved: Moved, object: &ObjectNames) -> Option<Diagnostic> {
        let (selector, range) = object
            .selector
            .as_ref()
            .filter(|(selector, _)| !selector.is_empty())?;
        if !matches!(object.kind.as_str(), "Service" | "PodDisruptionBudget") {
            return None;
        }
        let mut pods = self
            .objects
            .iter()
            .filter_map(|(_, _, other)| Some((*other, other.pod_labels.as_ref()?)));
        if pods.clone().any(|(_, labels)| selects(selector, labels)) {
            return None;
        }
        let near = pods.find(|(_, labels)| is_near(selector, labels));
        let (severity, hint) = match near {
            Some((other, labels)) => {
                let shown: Vec<String> = labels
                    .iter()
                    .map(|(key, value)| format!("{key}: {value}"))
                    .collect();
                let hint = format!(
                    "; those of {} `{}` have {}",
                    other.kind,
                    other.name,
                    shown.join(", ")
                );
                (Severity::Warning, hint)
            }
            None => (Severity::Hint, String::new()),
        };
        let message = format!("this {} selects no pods of this set{hint}", object.kind);
        Some(complaint(
            moved.range(*range),
            severity,
            "selects-nothing",
            message,
        ))
    }

    /// `replicas` of what an autoscaler of the set scales.
    fn scaled(&self, moved: Moved, object: &ObjectNames) -> Option<Diagnostic> {
        let range = moved.range(object.replicas?);
        let scaler = self.objects.iter().find_map(|(file, _, other)| {
            let names = of_file(self.analysis, *file);
            let scales = other.kind == "HorizontalPodAutoscaler"
                && names
                    .iter()
                    .any(|found| found.role == Role::Use && is_object(&found.symbol, object));
            scales.then_some(other)
        })?;
        let message = format!(
            "HorizontalPodAutoscaler `{}` sets the number of pods; written here it is reset by every deploy",
            scaler.name
        );
        Some(complaint(
            range,
            Severity::Info,
            "replicas-with-autoscaler",
            message,
        ))
    }

    fn named(&self, kind: &str, name: &str) -> Option<Related> {
        let mut fitting = self
            .objects
            .iter()
            .filter(|(_, _, object)| object.kind == kind && object.name == name);
        let (file, moved, object) = fitting.next()?;
        Some(Related {
            file: *file,
            range: moved.range(object.name_range),
            message: format!("{kind} `{name}`"),
        })
    }
}

fn is_object(symbol: &Symbol, object: &ObjectNames) -> bool {
    matches!(symbol, Symbol::Object { kind, name, .. } if *kind == object.kind && *name == object.name)
}

/// Whether all keys are there and a value is written a little differently.
fn is_near(selector: &BTreeMap<String, String>, labels: &BTreeMap<String, String>) -> bool {
    selector.iter().all(|(key, value)| {
        let own = labels.get(key);
        own.is_some_and(|own| fuzzy::nearest(value, [own.as_str()]).is_some())
    })
}

fn complaint(
    range: TextRange,
    severity: Severity,
    code: &'static str,
    message: String,
) -> Diagnostic {
    Diagnostic {
        range,
        severity,
        code,
        message,
        docs: None,
        related: Vec::new(),
        tags: Vec::new(),
        fixes: Vec::new(),
    }
}

fn change(range: TextRange, to: &str) -> Fix {
    Fix {
        title: format!("Change to `{to}`"),
        edits: vec![TextEdit {
            range,
            insert: to.to_owned(),
        }],
    }
}

fn list(words: &[&str]) -> String {
    let words: Vec<String> = words
        .iter()
        .take(6)
        .map(|word| format!("`{word}`"))
        .collect();
    words.join(", ")
}
