//! Names that objects define and use, over all files.
//!
//! Every place that a name stands at is an [`Occurrence`] of a [`Symbol`]; going to, finding,
//! renaming and checking are questions about which occurrences mean the same.

mod candidates;
mod faults;
mod index;
pub(crate) mod read;

use std::collections::BTreeMap;
use std::iter;
use std::rc::Rc;

use yaml_syntax::order::sort_by_number;
use yaml_syntax::{TextRange, TextSize};

use crate::cache::{Anchored, Facts, Moved};
use crate::language::{self, Language};
use crate::part::Part;
use crate::{Analysis, FileId, gitlab};

pub(crate) use candidates::{Around, Candidate, candidates, is_reference, labels};
pub(crate) use faults::diagnostics_in_pieces;
pub(crate) use index::{Index, Placed, index};

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// An object.
    Object {
        kind: String,
        namespace: Option<String>,
        name: String,
    },
    /// A key of a `ConfigMap` or `Secret`.
    Key {
        kind: &'static str,
        namespace: Option<String>,
        name: String,
        key: String,
    },
    /// A port of a Service, by name or number.
    ServicePort {
        namespace: Option<String>,
        service: String,
        port: String,
    },
    /// A named port of the pods that have these labels.
    PodPort {
        labels: BTreeMap<String, String>,
        port: String,
    },
    /// A label of pods.
    Label { key: String, value: String },
    /// A volume of the pod whose spec starts here.
    Volume { pod: TextSize, name: String },
    /// A container of the pod whose spec starts here.
    Container { pod: TextSize, name: String },
    /// A job of a pipeline.
    Job { name: String },
    /// A stage of a pipeline.
    Stage { name: String },
    /// The anchor that stands here.
    Anchor { at: TextSize, name: String },
}

/// A place that a name stands at. Its range is in bytes of the text when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occurrence {
    pub(crate) symbol: Symbol,
    pub(crate) range: TextRange,
    pub(crate) role: Role,
}

/// What a name does at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is defined there. With it: all of what it names.
    Definition(TextRange),
    /// It is used, and what it means must exist.
    Use,
    /// It is used, and what it means may be missing.
    OptionalUse,
}

/// What a part of a file defines and uses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub(crate) occurrences: Vec<Occurrence>,
    pub(crate) objects: Vec<ObjectNames>,
    /// What its definitions and objects are found by.
    entries: Vec<index::Entry>,
}

/// An object, as others see it.
#[derive(Debug, Clone)]
pub(crate) struct ObjectNames {
    pub(crate) group: String,
    pub(crate) kind: String,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    pub(crate) name_range: TextRange,
    /// The labels of the pods that it makes.
    pub(crate) pod_labels: Option<BTreeMap<String, String>>,
    /// The pods that it selects, and where it says so.
    pub(crate) selector: Option<(BTreeMap<String, String>, TextRange)>,
    /// Kind and name of what it scales.
    pub(crate) scales: Option<(String, String)>,
    /// Where it says how many pods there are.
    pub(crate) replicas: Option<TextRange>,
}

impl Symbol {
    /// Whether two names mean the same. A namespace that is not written may be any.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || a == b;
        match (self, other) {
            (
                Self::Object {
                    kind,
                    namespace,
                    name,
                },
                Self::Object {
                    kind: k,
                    namespace: ns,
                    name: n,
                },
            ) => kind == k && name == n && same(namespace, ns),
            (
                Self::Key {
                    kind,
                    namespace,
                    name,
                    key,
                },
                Self::Key {
                    kind: k,
                    namespace: ns,
                    name: n,
                    key: other,
                },
            ) => kind == k && name == n && key == other && same(namespace, ns),
            (
                Self::ServicePort {
                    namespace,
                    service,
                    port,
                },
                Self::ServicePort {
                    namespace: ns,
                    service: s,
                    port: p,
                },
            ) => service == s && port == p && same(namespace, ns),
            (
                Self::PodPort { labels, port },
                Self::PodPort {
                    labels: others,
                    port: p,
                },
            ) => port == p && (selects(labels, others) || selects(others, labels)),
            _ => self == other,
        }
    }

    /// Whether it means something only in its own part of a file.
    fn is_local(&self) -> bool {
        matches!(
            self,
            Self::Volume { .. } | Self::Container { .. } | Self::Anchor { .. }
        )
    }

    /// How it reads.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Object { name, .. }
            | Self::Volume { name, .. }
            | Self::Container { name, .. }
            | Self::Job { name }
            | Self::Stage { name }
            | Self::Anchor { name, .. } => name,
            Self::Key { key, .. } => key,
            Self::ServicePort { port, .. } | Self::PodPort { port, .. } => port,
            Self::Label { value, .. } => value,
        }
    }
}

/// Whether pods with `labels` are found by `selector`. An empty selector finds none here.
pub(crate) fn selects(
    selector: &BTreeMap<String, String>,
    labels: &BTreeMap<String, String>,
) -> bool {
    !selector.is_empty()
        && selector
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
}

/// A place in a file, as the text is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) file: FileId,
    pub(crate) range: TextRange,
    pub(crate) role: Role,
    pub(crate) symbol: Symbol,
}

/// The names of a part, and how far it has moved since they were read.
fn names<'a>(language: Language, part: &Part<'_>, facts: &'a Facts) -> (&'a Names, Moved) {
    let anchored = facts.names.get_or_init(|| Anchored {
        start: part.start(),
        found: match language {
            Language::GitlabCi => gitlab::links::names(part, facts),
            Language::Kubernetes | Language::Other | Language::Template => read::names(part),
        },
    });
    (
        &anchored.found,
        Moved::between(anchored.start, part.start()),
    )
}

impl Role {
    fn moved(self, moved: Moved) -> Self {
        match self {
            Self::Definition(range) => Self::Definition(moved.range(range)),
            Self::Use | Self::OptionalUse => self,
        }
    }
}

/// All places of one file.
pub(crate) fn of_file(analysis: &Analysis, file: FileId) -> Vec<Found> {
    let places = analysis.parts(file).flat_map(|(part, facts)| {
        let (names, moved) = names(language::of_file(analysis, file), &part, facts);
        names
            .occurrences
            .iter()
            .map(move |place| found(file, moved, place))
    });
    places.collect()
}

/// A place as the text is now.
fn found(file: FileId, moved: Moved, place: &Occurrence) -> Found {
    Found {
        file,
        range: moved.range(place.range),
        role: place.role.moved(moved),
        symbol: place.symbol.clone(),
    }
}

/// The place at `offset` that the cursor touches.
pub(crate) fn at(analysis: &Analysis, file: FileId, offset: TextSize) -> Option<Found> {
    let near = analysis
        .kept(file)
        .filter(|kept| kept.document.range().touches(offset))
        .flat_map(|kept| kept.parts())
        .filter(|(part, _)| part.range().touches(offset));
    let touched = near.flat_map(|(part, facts)| {
        let (names, moved) = names(language::of_file(analysis, file), &part, facts);
        let places = names.occurrences.iter();
        places
            .filter(move |place| moved.range(place.range).touches(offset))
            .map(move |place| (moved, place))
    });
    let (moved, place) = touched.min_by_key(|(_, place)| place.range.len())?;
    Some(found(file, moved, place))
}

/// All places that mean the same as `wanted`, it among them, in order.
pub(crate) fn same(analysis: &Analysis, wanted: &Found) -> Vec<Found> {
    let places = meeting(analysis, wanted);
    let mut all: Vec<Found> = places
        .map(|(file, moved, place)| found(file, moved, place))
        .collect();
    sort_by_number(&mut all, |place| place.range.start().into());
    sort_by_number(&mut all, |place| place.file.0.into());
    all.dedup();
    all
}

/// Whether some place defines what `wanted` means.
pub(crate) fn is_defined(analysis: &Analysis, wanted: &Found) -> bool {
    let mut places = meeting(analysis, wanted);
    places.any(|(_, _, place)| matches!(place.role, Role::Definition(_)))
}

/// All places that mean the same as `wanted`, each with its file and how far its part has moved.
fn meeting<'a>(
    analysis: &'a Analysis,
    wanted: &'a Found,
) -> impl Iterator<Item = (FileId, Moved, &'a Occurrence)> {
    let is_local = wanted.symbol.is_local();
    let files = set_of(analysis, wanted.file).into_iter();
    let files = files.filter(move |file| !is_local || *file == wanted.file);
    files.flat_map(move |file| {
        let language = language::of_file(analysis, file);
        let parts = analysis.parts(file);
        let parts = parts.filter(move |(part, _)| !is_local || part.range().covers(wanted.range));
        parts.flat_map(move |(part, facts)| {
            let (names, moved) = names(language, &part, facts);
            let places = names.occurrences.iter();
            let same = places.filter(|place| place.symbol.meets(&wanted.symbol));
            same.map(move |place| (file, moved, place))
        })
    })
}

/// The files that belong together with `file`: all that hold objects, or one pipeline.
fn set_of(analysis: &Analysis, file: FileId) -> Vec<FileId> {
    if language::of_file(analysis, file) == Language::GitlabCi {
        return gitlab::pipeline::files(analysis, file).0;
    }
    let objects = |other: &FileId| {
        *other == file || language::of_file(analysis, *other) == Language::Kubernetes
    };
    analysis.files().filter(objects).collect()
}

/// The objects of the set, each with its file and how far its part has moved.
fn objects(analysis: &Analysis, file: FileId) -> Vec<(FileId, Moved, &ObjectNames)> {
    let mut all = Vec::new();
    for file in set_of(analysis, file) {
        for (part, facts) in analysis.parts(file) {
            let (names, moved) = names(language::of_file(analysis, file), &part, facts);
            all.extend(names.objects.iter().map(|object| (file, moved, object)));
        }
    }
    all
}

/// The objects of `file` and where their names stand, a list for each part.
pub(crate) fn own_objects_in_pieces(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = Vec<(TextRange, &ObjectNames)>> {
    let language = language::of_file(analysis, file);
    analysis.parts(file).map(move |(part, facts)| {
        let (names, moved) = names(language, &part, facts);
        let objects = names.objects.iter();
        objects
            .map(|object| (moved.range(object.name_range), object))
            .collect()
    })
}

/// The Services of `file` that select pods, and what makes these: where their names stand. In
/// pieces of work.
pub(crate) fn services_in_pieces(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = Vec<(Placed<'_>, Rc<[Placed<'_>]>)>> {
    let read = index::read_in_pieces(analysis).map(|()| Vec::new());
    let parts = iter::once_with(|| analysis.names()).flat_map(move |index| {
        // Many Services may have the same selector, and many workloads its labels.
        let mut makers: BTreeMap<_, Rc<[Placed<'_>]>> = BTreeMap::new();
        let parts = index.of_file(file);
        parts.map(move |(moved, names)| {
            let services = names
                .objects
                .iter()
                .filter(|object| object.kind == "Service");
            let pairs = services.filter_map(|object| {
                let (labels, _) = object.selector.as_ref()?;
                let service = Placed {
                    file,
                    moved,
                    object,
                };
                let found = makers.entry(labels);
                let found = found.or_insert_with(|| index.makers(labels).collect());
                Some((service, Rc::clone(found)))
            });
            pairs.collect()
        })
    });
    read.chain(parts)
}

/// The object of one of `kinds` that a person at `offset` most likely means: the last one before it
/// in the same file, else the first one of the file, else of the set.
pub(crate) fn nearest<'a>(
    analysis: &'a Analysis,
    file: FileId,
    offset: TextSize,
    kinds: &[&str],
) -> Option<&'a ObjectNames> {
    let fits = |object: &ObjectNames| kinds.contains(&object.kind.as_str());
    let mut first = None;
    let mut before = None;
    for (owner, range, object) in all_objects(analysis, file).filter(|(_, _, it)| fits(it)) {
        if owner == file && range.start() < offset {
            before = Some(object);
        }
        if first.is_none_or(|(other, _)| other != file && owner == file) {
            first = Some((owner, object));
        }
    }
    before.or(first.map(|(_, object)| object))
}

/// The first key of a `ConfigMap` or `Secret` of the set.
pub(crate) fn first_key(
    analysis: &Analysis,
    file: FileId,
    kind: &str,
    name: &str,
) -> Option<String> {
    let files = set_of(analysis, file).into_iter();
    let mut places = files.flat_map(|file| of_file(analysis, file));
    places.find_map(|found| match (found.symbol, found.role) {
        (
            Symbol::Key {
                kind: k,
                name: n,
                key,
                ..
            },
            Role::Definition(_),
        ) if k == kind && n == name => Some(key),
        _ => None,
    })
}

/// The name of the first named port of a pod in `file`.
pub(crate) fn first_port(analysis: &Analysis, file: FileId) -> Option<String> {
    of_file(analysis, file)
        .into_iter()
        .find_map(|found| match found {
            Found {
                symbol: Symbol::PodPort { port, .. },
                role: Role::Definition(_),
                ..
            } => Some(port),
            _ => None,
        })
}

/// Objects of the set: name, kind, namespace, file and where the name stands.
pub(crate) fn all_objects(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = (FileId, TextRange, &ObjectNames)> {
    let all = objects(analysis, file).into_iter();
    all.map(|(file, moved, object)| (file, moved.range(object.name_range), object))
}
