//! What changes inside of an object when it moves to another API version.
//!
//! Only versions whose fields are arranged in another way are listed; of all others the version is
//! all that changes. What another version takes for granted is written down, so that the object
//! means what it meant.

mod admission;
mod autoscaling;
mod definition;
mod device;
mod networking;
mod workload;

use k8s_schemas::Gvk;
use yaml_syntax::{Entry, Node, Source, TextRange, TextSize};

use crate::object::{Object, Value};
use crate::rename::TextEdit;

/// The changes of the fields of `object`, which is of a version that was replaced, in no order.
/// `None` where its parts have no place in the new version, so that a person must decide.
pub(crate) fn fields(source: &Source, object: Object<'_>, gvk: &Gvk) -> Option<Vec<TextEdit>> {
    let mut migration = Migration::new(source);
    let version = (gvk.group.as_str(), gvk.version.as_str());
    match (gvk.kind.as_str(), version) {
        ("Endpoints", ("", "v1")) => migration.endpoints(object)?,
        ("EndpointSlice", (_, "v1beta1")) => migration.endpoint_slice(object),
        (
            "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration",
            ("admissionregistration.k8s.io", "v1beta1"),
        ) => migration.webhooks(object),
        _ => {}
    }
    if let Some(spec) = object.object("spec") {
        migration.spec(spec, gvk.kind.as_str(), version);
    }
    (!migration.is_stuck).then_some(migration.edits)
}

/// Writes `pairs` in front of what an object says.
pub(crate) fn first(source: &Source, object: Object<'_>, pair: &Field<'_>) -> Option<TextEdit> {
    let mut migration = Migration::new(source);
    migration.first(object, pair);
    migration.edits.pop()
}

/// The key of an entry written in another way.
pub(crate) fn rename(entry: Entry<'_>, to: &str) -> Option<TextEdit> {
    Some(insertion(entry.key()?.range(), to))
}

/// Other words in the place of `range`.
pub(crate) fn insertion(range: TextRange, insert: impl Into<String>) -> TextEdit {
    let insert = insert.into();
    TextEdit { range, insert }
}

/// An entry as it stands, to be written elsewhere under the name `key`.
pub(crate) fn moved<'t>(source: &Source, entry: Entry<'_>, key: &'t str) -> Field<'t> {
    Migration::new(source).moved(entry, key)
}

/// A field in the place of an entry of `object`.
pub(crate) fn replaced(
    source: &Source,
    object: Object<'_>,
    entry: Entry<'_>,
    field: &Field<'_>,
) -> TextEdit {
    let start = entry.range().start();
    TextEdit {
        range: entry.range(),
        insert: Migration::new(source).text(object, start, field),
    }
}

/// The edits so far.
struct Migration<'a> {
    source: &'a Source,
    edits: Vec<TextEdit>,
    /// Something cannot be written where it belongs.
    is_stuck: bool,
}

/// A field to be written: a value, fields of its own, or a list of fields.
pub(crate) enum Field<'t> {
    Value(&'t str, String),
    Object(&'t str, Vec<Field<'t>>),
    Items(&'t str, Vec<Vec<Field<'t>>>),
    /// An entry as it stands, from this column on, under this name.
    Moved(&'t str, String, usize),
}

impl<'a> Migration<'a> {
    fn new(source: &'a Source) -> Self {
        Self {
            source,
            edits: Vec::new(),
            is_stuck: false,
        }
    }
}

impl Migration<'_> {
    fn spec(&mut self, spec: Object<'_>, kind: &str, version: (&str, &str)) {
        match (kind, version) {
            ("Ingress", (_, "v1beta1")) => self.ingress(spec),
            ("HorizontalPodAutoscaler", (_, "v2beta1")) => self.autoscaler(spec),
            ("CustomResourceDefinition", (_, "v1beta1")) => self.definition(spec),
            ("PriorityLevelConfiguration", (_, "v1beta1" | "v1beta2")) => self.shares(spec),
            ("Deployment" | "DaemonSet" | "ReplicaSet" | "StatefulSet", _) => self.workload(spec),
            ("ResourceClaim", ("resource.k8s.io", "v1beta1" | "v1alpha3")) => self.claim(spec),
            ("ResourceClaimTemplate", ("resource.k8s.io", "v1beta1" | "v1alpha3")) => {
                if let Some(spec) = spec.object("spec") {
                    self.claim(spec);
                }
            }
            _ => {}
        }
    }

    /// A value as it stands.
    fn written(&self, value: Value<'_>) -> String {
        self.source.slice(value.range()).into_owned()
    }

    /// An entry as it stands, to be written elsewhere under the name `key`.
    fn moved<'t>(&self, entry: Entry<'_>, key: &'t str) -> Field<'t> {
        let start = entry.range().start();
        let name = entry.key().map_or(start, |key| key.range().end());
        let text = self.source.slice(TextRange::new(name, entry.range().end()));
        Field::Moved(key, text.trim_end().to_owned(), self.column(start))
    }

    fn edit(&mut self, range: TextRange, insert: impl Into<String>) {
        let insert = insert.into();
        self.edits.push(TextEdit { range, insert });
    }

    fn rename(&mut self, entry: Entry<'_>, to: &str) {
        if let Some(key) = entry.key() {
            self.edit(key.range(), to);
        }
    }

    fn replace(&mut self, object: Object<'_>, key: &str, fields: &[Field<'_>]) {
        let Some(entry) = object.entry(key) else {
            return;
        };
        let text = if object.mapping().is_flow() {
            in_brackets(fields)
        } else {
            in_lines(fields, self.column(entry.range().start()))
        };
        self.edit(entry.range(), text);
    }

    /// Takes pairs away, with the line or comma before them, or behind them if they come first.
    fn remove(&mut self, object: Object<'_>, keys: &[&str]) {
        let entries: Vec<Entry<'_>> = object.mapping().entries().collect();
        let goes = |entry: &Entry<'_>| {
            let key = entry.key_text();
            key.is_some_and(|key| keys.contains(&key.as_ref()))
        };
        let mut start = 0_usize;
        for run in entries.chunk_by(|a, b| goes(a) == goes(b)) {
            let before = start.checked_sub(1).and_then(|at| entries.get(at));
            start += run.len();
            let (Some(first), Some(last)) = (run.first(), run.last()) else {
                continue;
            };
            if !goes(first) {
                continue;
            }
            let range = match (before, entries.get(start)) {
                (Some(before), _) => TextRange::new(before.range().end(), last.range().end()),
                (None, Some(behind)) => {
                    TextRange::new(first.range().start(), behind.range().start())
                }
                (None, None) => TextRange::new(first.range().start(), last.range().end()),
            };
            self.edit(range, "");
        }
    }

    /// Writes a pair in front of the others.
    fn first(&mut self, object: Object<'_>, pair: &Field<'_>) {
        let Some(first) = object.mapping().entries().next().and_then(Entry::key) else {
            self.is_stuck = true;
            return;
        };
        let start = Node::range(first).start();
        let text = self.text(object, start, pair);
        let behind = if object.mapping().is_flow() {
            ", ".to_owned()
        } else {
            format!("\n{}", " ".repeat(self.column(start)))
        };
        self.edit(TextRange::empty(start), format!("{text}{behind}"));
    }

    /// Writes a pair behind the others.
    fn last(&mut self, object: Object<'_>, pair: &Field<'_>) {
        let mut entries = object.mapping().entries();
        let Some(first) = entries.next() else {
            self.is_stuck = true;
            return;
        };
        let start = first.range().start();
        let end = entries.last().unwrap_or(first).range().end();
        let text = self.text(object, start, pair);
        let before = if object.mapping().is_flow() {
            ", ".to_owned()
        } else {
            format!("\n{}", " ".repeat(self.column(start)))
        };
        self.edit(TextRange::empty(end), format!("{before}{text}"));
    }

    /// A pair as it is written into `object`, whose first pair stands at `start`.
    fn text(&mut self, object: Object<'_>, start: TextSize, pair: &Field<'_>) -> String {
        let pair = std::slice::from_ref(pair);
        if !object.mapping().is_flow() {
            return in_lines(pair, self.column(start));
        }
        let text = in_brackets(pair);
        self.is_stuck |= text.contains('\n');
        text
    }

    /// Writes a pair behind the others, unless there is one already.
    fn default(&mut self, object: Object<'_>, key: &str, value: &str) {
        if !object.has(key) {
            self.last(object, &Field::Value(key, value.to_owned()));
        }
    }

    fn column(&self, offset: TextSize) -> usize {
        self.source.line_col(offset).col as usize
    }
}

fn in_brackets(fields: &[Field<'_>]) -> String {
    let fields = fields.iter().map(|field| match field {
        Field::Value(key, value) => format!("{key}: {value}"),
        Field::Object(key, fields) => format!("{key}: {{{}}}", in_brackets(fields)),
        Field::Items(key, items) => {
            let items = items
                .iter()
                .map(|item| format!("{{{}}}", in_brackets(item)));
            format!("{key}: [{}]", items.collect::<Vec<_>>().join(", "))
        }
        Field::Moved(key, text, _) => format!("{key}{text}"),
    });
    fields.collect::<Vec<_>>().join(", ")
}

fn in_lines(fields: &[Field<'_>], column: usize) -> String {
    let indent = " ".repeat(column);
    let fields = fields.iter().map(|field| match field {
        Field::Value(key, value) => format!("{key}: {value}"),
        Field::Object(key, fields) => {
            format!("{key}:\n{indent}  {}", in_lines(fields, column + 2))
        }
        Field::Items(key, items) => {
            let items = items
                .iter()
                .map(|item| format!("\n{indent}- {}", in_lines(item, column + 2)));
            format!("{key}:{}", items.collect::<String>())
        }
        Field::Moved(key, text, from) => format!("{key}{}", shifted(text, *from, column)),
    });
    fields.collect::<Vec<_>>().join(&format!("\n{indent}"))
}

/// Lines that stood from the column `from` on, as they stand from `to` on.
fn shifted(text: &str, from: usize, to: usize) -> String {
    let mut lines = text.split('\n');
    let mut shifted = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        shifted.push('\n');
        let indent = line.len() - line.trim_start_matches(' ').len();
        if indent < line.trim_end().len() {
            shifted.push_str(&" ".repeat((indent + to).saturating_sub(from)));
            shifted.push_str(line.get(indent..).unwrap_or_default());
        }
    }
    shifted
}
