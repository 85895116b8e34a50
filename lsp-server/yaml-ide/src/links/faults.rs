//! What is wrong between the objects of a set.
//!
//! What is missing here may live elsewhere: that is a hint at most. Only where the set itself says
//! enough to be sure it is more.

use std::collections::BTreeMap;
use std::iter;

use yaml_syntax::TextRange;

use super::index::{self, Index, Lookup, Placed, pairs};
use super::{Found, Moved, Names, ObjectNames, Role, Symbol, selects};
use crate::code_actions::Fix;
use crate::diagnostics::{Diagnostic, Related, Severity, pages};
use crate::formats::{name, placeholder};
use crate::fuzzy::MAX_COMPARED;
use crate::language::Language;
use crate::rename::TextEdit;
use crate::{Analysis, FileId, fuzzy, kustomize};

/// What is wrong between the objects of the set, as far as it concerns `file`, in pieces of work.
pub(crate) fn diagnostics_in_pieces(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = Vec<Diagnostic>> {
    let read = index::read_in_pieces(analysis).map(|()| Vec::new());
    let parts = iter::once_with(|| analysis.names()).flat_map(move |index| {
        let parts = index.of_file(file);
        parts.map(move |(moved, names)| Set { analysis, index }.faults(file, moved, names))
    });
    read.chain(parts)
}

/// All objects that belong together.
struct Set<'a> {
    analysis: &'a Analysis,
    index: &'a Index,
}

impl Set<'_> {
    /// What is wrong with the names of a part.
    fn faults(&self, file: FileId, moved: Moved, names: &Names) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let uses = names
            .occurrences
            .iter()
            .filter(|place| place.role == Role::Use);
        for place in uses.filter(|place| !self.index.defines(&place.symbol)) {
            found.extend(self.missing(&super::found(file, moved, place)));
        }
        for object in &names.objects {
            let placed = Placed {
                file,
                moved,
                object,
            };
            found.extend(self.twice(placed));
            found.extend(self.selects_nothing(placed));
            found.extend(self.scaled(placed));
        }
        // What is filled in later may well be what is looked for.
        found.retain(|found| !placeholder::is_in(&found.message));
        found
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
            Symbol::Label { .. }
            | Symbol::Volume { .. }
            | Symbol::Container { .. }
            | Symbol::Job { .. }
            | Symbol::Stage { .. }
            | Symbol::Anchor { .. } => None,
        }
    }

    /// A name that the set does not define, but nearly.
    fn misspelt(&self, place: &Found, kind: &str, name: &str) -> Option<Diagnostic> {
        if self.index.has(kind, name) {
            return None;
        }
        let objects = self.index.objects(Lookup::Kind(kind)).take(MAX_COMPARED);
        let names = objects
            .filter(|placed| placed.object.kind == kind)
            .map(|placed| placed.object.name.as_str());
        let near = fuzzy::nearest(name, names.filter(|other| is_other_word(name, other)))?;
        let message = format!("no {kind} of this set is called `{name}`; did you mean `{near}`?");
        let mut found = complaint(place.range, Severity::Info, "unknown-reference", message);
        found.fixes.push(change(place.range, near));
        Some(found)
    }

    fn missing_key(&self, place: &Found, kind: &str, name: &str, key: &str) -> Option<Diagnostic> {
        if !self.index.has(kind, name) {
            return None;
        }
        let keys = self.index.symbols(Lookup::Keys(kind, name));
        let keys = keys.filter_map(|symbol| match symbol {
            Symbol::Key {
                kind: k,
                name: n,
                key,
                ..
            } if *k == kind && n == name => Some(key.as_str()),
            _ => None,
        });
        // One that is refused itself is no help.
        let keys = keys.filter(|key| name::config_key(key).is_none());
        let keys: Vec<&str> = keys.take(MAX_COMPARED).collect();
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
        let others = keys.into_iter().filter(|key| Some(*key) != near);
        let offers = near.into_iter().chain(others).take(4);
        found
            .fixes
            .extend(offers.map(|key| change(place.range, key)));
        Some(found)
    }

    fn missing_service_port(&self, place: &Found, service: &str, port: &str) -> Option<Diagnostic> {
        if !self.index.has("Service", service) {
            return None;
        }
        let number = port.parse::<u16>().is_ok();
        let ports = self.index.symbols(Lookup::ServicePorts(service));
        let ports = ports.filter_map(|symbol| match symbol {
            Symbol::ServicePort {
                service: other,
                port,
                ..
            } if other == service => Some(port.as_str()),
            _ => None,
        });
        let ports: Vec<&str> = ports
            .filter(|port| port.parse::<u16>().is_ok() == number)
            .take(MAX_COMPARED)
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
        let maker = self.index.makers(labels).next()?;
        let (key, value) = pairs(labels).next()?;
        let ports = self.index.symbols(Lookup::PodPorts(key, value));
        let ports = ports.filter_map(|symbol| match symbol {
            Symbol::PodPort { labels: own, port } if selects(labels, own) => Some(port.as_str()),
            _ => None,
        });
        let mut ports: Vec<&str> = ports.take(MAX_COMPARED).collect();
        ports.dedup();
        let hint = match ports.as_slice() {
            [] => "their ports have no names".to_owned(),
            ports => format!("they have {}", list(ports)),
        };
        let message = format!("the pods have no port called `{port}`; {hint}");
        let mut found = complaint(place.range, Severity::Warning, "unknown-port", message);
        found.fixes.extend(
            ports
                .into_iter()
                .filter(|port| name::port_name(port).is_none())
                .take(4)
                .map(|port| change(place.range, port)),
        );
        found.related.push(Related {
            file: maker.file,
            range: maker.name_range(),
            message: format!(
                "{} `{}` makes the pods",
                maker.object.kind, maker.object.name
            ),
        });
        Some(found)
    }

    /// The same object again: in one file, or in files side by side.
    fn twice(&self, placed: Placed<'_>) -> Option<Diagnostic> {
        let object = placed.object;
        let range = placed.name_range();
        let namespace = object.namespace.as_deref();
        let same = Lookup::Same(&object.group, &object.kind, namespace, &object.name);
        let earlier = self.index.objects(same).find(|other| {
            let before = (other.file, other.name_range().start()) < (placed.file, range.start());
            before && is_same(object, other.object) && self.side_by_side(placed.file, other.file)
        })?;
        let is_patch = |file| kustomize::is_patch_file(self.analysis, file);
        if is_patch(placed.file) || is_patch(earlier.file) {
            return None;
        }
        let message = format!(
            "{} `{}` stands twice in this set; the later one would win",
            object.kind, object.name
        );
        let severity = if earlier.file == placed.file {
            Severity::Error
        } else {
            Severity::Warning
        };
        let mut found = complaint(range, severity, "duplicate-object", message);
        found.related.push(Related {
            file: earlier.file,
            range: earlier.name_range(),
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
    fn selects_nothing(&self, placed: Placed<'_>) -> Option<Diagnostic> {
        let object = placed.object;
        let (selector, range) = object
            .selector
            .as_ref()
            .filter(|(selector, _)| !selector.is_empty())?;
        let judged = matches!(object.kind.as_str(), "Service" | "PodDisruptionBudget");
        if !judged || self.index.makers(selector).next().is_some() {
            return None;
        }
        let (key, _) = pairs(selector).next()?;
        let others = self.index.objects(Lookup::PodsWith(key));
        let near = others.take(MAX_COMPARED).find_map(|other| {
            let labels = other.object.pod_labels.as_ref();
            let labels = labels.filter(|labels| is_near(selector, labels))?;
            Some((other.object, labels))
        });
        let (severity, hint) = match near {
            Some((other, labels)) => {
                let shown: Vec<String> = pairs(labels)
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
            placed.moved.range(*range),
            severity,
            "selects-nothing",
            message,
        ))
    }

    /// `replicas` of what an autoscaler of the set scales.
    fn scaled(&self, placed: Placed<'_>) -> Option<Diagnostic> {
        let range = placed.moved.range(placed.object.replicas?);
        let (kind, name) = (&placed.object.kind, &placed.object.name);
        let mut scalers = self.index.objects(Lookup::Scaler(kind, name));
        let scaler = scalers.find(|scaler| {
            let scaled = scaler.object.scales.as_ref();
            scaled.is_some_and(|(k, n)| k == kind && n == name)
        })?;
        let scaler = &scaler.object.name;
        let message = format!(
            "HorizontalPodAutoscaler `{scaler}` sets the number of pods; written here it is reset by every deploy"
        );
        Some(complaint(
            range,
            Severity::Info,
            "replicas-with-autoscaler",
            message,
        ))
    }

    fn named(&self, kind: &str, name: &str) -> Option<Related> {
        let placed = self.index.named(kind, name)?;
        Some(Related {
            file: placed.file,
            range: placed.name_range(),
            message: format!("{kind} `{name}`"),
        })
    }
}

/// Whether two objects are one to the API server.
fn is_same(a: &ObjectNames, b: &ObjectNames) -> bool {
    a.group == b.group && a.kind == b.kind && a.namespace == b.namespace && a.name == b.name
}

/// Whether two names differ in more than their numbers: `web-1` is no slip for `web-2`.
fn is_other_word(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> String { text.chars().filter(|c| !c.is_ascii_digit()).collect() };
    letters(a) != letters(b)
}

/// Whether all keys are there and a value is written a little differently.
fn is_near(selector: &BTreeMap<String, String>, labels: &BTreeMap<String, String>) -> bool {
    selector.iter().all(|(key, value)| {
        let own = labels.get(key);
        own.is_some_and(|own| {
            let near = fuzzy::nearest(value, [own.as_str()]).is_some();
            own == value || (near && is_other_word(value, own))
        })
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
        docs: pages::of(code, Language::Kubernetes),
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
        snippet: None,
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
