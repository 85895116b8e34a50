//! All names of the files that belong together, by what they are asked for.
//!
//! Made once for each version of the files, from what is kept about every part of them. It holds
//! numbers only: what a name is found by is hashed when its part is read, and whoever looks
//! something up compares what is found.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use yaml_syntax::TextRange;

use super::{Moved, Names, ObjectNames, Role, Symbol, selects};
use crate::cache::Facts;
use crate::language::{self, Language};
use crate::{Analysis, FileId};

/// The names of a set of files.
#[derive(Debug)]
pub(crate) struct Index {
    parts: Vec<Indexed>,
    /// Hash of what is asked for, number of the part, number of the name in it. Sorted.
    entries: Vec<(u64, u32, u32)>,
}

#[derive(Debug)]
struct Indexed {
    file: FileId,
    moved: Moved,
    facts: Arc<Facts>,
}

/// A hash of what a name is found by, and the number of the name.
pub(super) type Entry = (u64, u32);

/// What a name is found by.
#[derive(Debug, Clone, Copy, Hash)]
pub(super) enum Lookup<'a> {
    /// An occurrence that defines an object, by kind and name.
    Object(&'a str, &'a str),
    /// An occurrence that defines a key, by kind and name of its object, and by itself too.
    Keys(&'a str, &'a str),
    Key(&'a str, &'a str, &'a str),
    /// An occurrence that defines a port of a Service, by the Service, and by itself too.
    ServicePorts(&'a str),
    ServicePort(&'a str, &'a str),
    /// An occurrence that defines a port of pods with this label among others.
    PodPorts(&'a str, &'a str),
    PodPort(&'a str, &'a str, &'a str),
    /// Objects: by kind, by kind and name, by all that makes them the same to a server.
    Kind(&'a str),
    Named(&'a str, &'a str),
    Same(&'a str, &'a str, Option<&'a str>, &'a str),
    /// Objects that make pods: by each label, by the key of each label.
    Pods(&'a str, &'a str),
    PodsWith(&'a str),
    /// Objects that set how many pods another one has, by its kind and name.
    Scaler(&'a str, &'a str),
}

impl Lookup<'_> {
    fn hashed(self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// Where an object stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed<'a> {
    pub(crate) file: FileId,
    pub(super) moved: Moved,
    pub(crate) object: &'a ObjectNames,
}

impl Placed<'_> {
    pub(crate) fn name_range(self) -> TextRange {
        self.moved.range(self.object.name_range)
    }
}

pub(super) fn pairs(labels: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    let labels = labels.iter();
    labels.map(|(key, value)| (key.as_str(), value.as_str()))
}

/// What the definitions and objects of a part are found by.
pub(super) fn entries(names: &Names) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (number, place) in (0..).zip(&names.occurrences) {
        if matches!(place.role, Role::Definition(_)) {
            let lookups = of_symbol(&place.symbol).into_iter();
            entries.extend(lookups.map(|lookup| (lookup.hashed(), number)));
        }
    }
    for (number, object) in (0..).zip(&names.objects) {
        let lookups = of_object(object).into_iter();
        entries.extend(lookups.map(|lookup| (lookup.hashed(), number)));
    }
    entries
}

fn of_symbol(symbol: &Symbol) -> Vec<Lookup<'_>> {
    match symbol {
        Symbol::Object { kind, name, .. } => vec![Lookup::Object(kind, name)],
        Symbol::Key {
            kind, name, key, ..
        } => vec![Lookup::Keys(kind, name), Lookup::Key(kind, name, key)],
        Symbol::ServicePort { service, port, .. } => vec![
            Lookup::ServicePorts(service),
            Lookup::ServicePort(service, port),
        ],
        Symbol::PodPort { labels, port } => pairs(labels)
            .flat_map(|(key, value)| {
                [
                    Lookup::PodPorts(key, value),
                    Lookup::PodPort(key, value, port),
                ]
            })
            .collect(),
        Symbol::Label { .. }
        | Symbol::Volume { .. }
        | Symbol::Container { .. }
        | Symbol::Job { .. }
        | Symbol::Stage { .. }
        | Symbol::Anchor { .. } => Vec::new(),
    }
}

/// What a definition of `symbol` is found by; nothing for what is only looked for in one part.
fn definition(symbol: &Symbol) -> Option<Lookup<'_>> {
    match symbol {
        Symbol::PodPort { labels, port } => {
            let (key, value) = pairs(labels).next()?;
            Some(Lookup::PodPort(key, value, port))
        }
        symbol => of_symbol(symbol).pop(),
    }
}

fn of_object(object: &ObjectNames) -> Vec<Lookup<'_>> {
    let namespace = object.namespace.as_deref();
    let mut lookups = vec![
        Lookup::Kind(&object.kind),
        Lookup::Named(&object.kind, &object.name),
        Lookup::Same(&object.group, &object.kind, namespace, &object.name),
    ];
    for (key, value) in object.pod_labels.iter().flat_map(pairs) {
        lookups.extend([Lookup::Pods(key, value), Lookup::PodsWith(key)]);
    }
    let scaled = object.scales.as_ref();
    lookups.extend(scaled.map(|(kind, name)| Lookup::Scaler(kind, name)));
    lookups
}

/// The files that hold objects.
fn files(analysis: &Analysis) -> impl Iterator<Item = FileId> {
    let files = analysis.files();
    files.filter(|file| language::of_file(analysis, *file) == Language::Kubernetes)
}

/// Reads the names of all files that hold objects, a part of a file at a time.
pub(super) fn read_in_pieces(analysis: &Analysis) -> impl Iterator<Item = ()> {
    let parts = files(analysis).flat_map(|file| analysis.parts(file));
    parts.map(|(part, facts)| {
        super::names(Language::Kubernetes, &part, facts);
    })
}

/// Brings the names of all files that hold objects together.
pub(crate) fn index(analysis: &Analysis) -> Index {
    let mut index = Index {
        parts: Vec::new(),
        entries: Vec::new(),
    };
    for file in files(analysis) {
        for (part, facts) in analysis.parts(file) {
            let (names, moved) = super::names(Language::Kubernetes, &part, facts);
            let number = index.parts.len() as u32;
            let entries = names.entries.iter();
            let entries = entries.map(|(hash, name)| (*hash, number, *name));
            index.entries.extend(entries);
            index.parts.push(Indexed {
                file,
                moved,
                facts: Arc::clone(facts),
            });
        }
    }
    index.entries.sort_unstable();
    index
}

impl Indexed {
    fn names(&self) -> Option<&Names> {
        Some(&self.facts.names.get()?.found)
    }
}

impl Index {
    /// The names of the parts of a file, and how far each has moved since it was read.
    pub(super) fn of_file(&self, file: FileId) -> impl Iterator<Item = (Moved, &Names)> {
        let first = self.parts.partition_point(|part| part.file < file);
        let parts = self.parts.iter().skip(first);
        parts
            .take_while(move |part| part.file == file)
            .filter_map(|part| Some((part.moved, part.names()?)))
    }

    /// The parts with what is asked for, in order, and the number of it in each. Two things can
    /// have the same hash: compare what is found.
    fn find(&self, lookup: Lookup<'_>) -> impl Iterator<Item = (&Indexed, usize)> {
        let hash = lookup.hashed();
        let first = self.entries.partition_point(|(other, _, _)| *other < hash);
        let entries = self.entries.iter().skip(first);
        entries
            .take_while(move |(other, _, _)| *other == hash)
            .filter_map(|(_, part, number)| {
                let part = self.parts.get(*part as usize)?;
                Some((part, *number as usize))
            })
    }

    /// What is defined and found so.
    pub(super) fn symbols(&self, lookup: Lookup<'_>) -> impl Iterator<Item = &Symbol> {
        self.find(lookup).filter_map(|(part, number)| {
            let place = part.names()?.occurrences.get(number)?;
            Some(&place.symbol)
        })
    }

    /// The objects that are found so.
    pub(super) fn objects(&self, lookup: Lookup<'_>) -> impl Iterator<Item = Placed<'_>> {
        self.find(lookup).filter_map(|(part, number)| {
            Some(Placed {
                file: part.file,
                moved: part.moved,
                object: part.names()?.objects.get(number)?,
            })
        })
    }

    /// What makes pods that `labels` select.
    pub(super) fn makers<'s>(
        &'s self,
        labels: &'s BTreeMap<String, String>,
    ) -> impl Iterator<Item = Placed<'s>> {
        let first = pairs(labels).next();
        let found = first.map(|(key, value)| self.objects(Lookup::Pods(key, value)));
        found.into_iter().flatten().filter(move |placed| {
            let own = placed.object.pod_labels.as_ref();
            own.is_some_and(|own| selects(labels, own))
        })
    }

    /// Whether something is defined that `symbol` means.
    pub(super) fn defines(&self, symbol: &Symbol) -> bool {
        definition(symbol)
            .is_none_or(|lookup| self.symbols(lookup).any(|other| other.meets(symbol)))
    }

    /// Whether there is such an object, in any namespace.
    pub(super) fn has(&self, kind: &str, name: &str) -> bool {
        self.named(kind, name).is_some()
    }

    /// The first object of this kind and name.
    pub(super) fn named(&self, kind: &str, name: &str) -> Option<Placed<'_>> {
        self.objects(Lookup::Named(kind, name))
            .find(|placed| placed.object.kind == kind && placed.object.name == name)
    }
}
