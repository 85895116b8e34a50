//! What changes inside of an object when it moves to another API version.
//!
//! Only versions whose fields are arranged in another way are listed; of all others the version is
//! all that changes.

use k8s_schemas::Gvk;
use yaml_syntax::{Entry, Node, Source, TextRange, TextSize};

use crate::object::{Object, Value};
use crate::rename::TextEdit;

/// The changes of the fields of `object`, which is of a version that was replaced, in no order.
pub(crate) fn fields(source: &Source, object: Object<'_>, gvk: &Gvk) -> Vec<TextEdit> {
    let mut migration = Migration {
        source,
        edits: Vec::new(),
    };
    let Some(spec) = object.object("spec") else {
        return Vec::new();
    };
    match (gvk.kind.as_str(), gvk.version.as_str()) {
        ("Ingress", "v1beta1") => migration.ingress(spec),
        ("HorizontalPodAutoscaler", "v2beta1") => {
            for metric in spec.objects("metrics") {
                migration.metric(metric);
            }
        }
        _ => {}
    }
    migration.edits
}

struct Migration<'a> {
    source: &'a Source,
    edits: Vec<TextEdit>,
}

/// A field to be written: a value, or fields of its own.
enum Field<'t> {
    Value(&'t str, String),
    Object(&'t str, Vec<Field<'t>>),
}

impl Migration<'_> {
    fn ingress(&mut self, spec: Object<'_>) {
        if let Some(entry) = spec.entry("backend") {
            self.rename(entry, "defaultBackend");
        }
        self.backend(spec.object("backend"));
        for rule in spec.objects("rules") {
            let paths = rule.object("http").map(|http| http.objects("paths"));
            for path in paths.unwrap_or_default() {
                self.backend(path.object("backend"));
                if !path.has("pathType") {
                    self.first(path, "pathType: ImplementationSpecific");
                }
            }
        }
    }

    /// `serviceName` and `servicePort` become `service` with a port by name or number.
    fn backend(&mut self, backend: Option<Object<'_>>) {
        let Some(backend) = backend else {
            return;
        };
        let (Some(name), Some(port)) = (backend.get("serviceName"), backend.get("servicePort"))
        else {
            return;
        };
        let is_number = port.json().is_some_and(|port| port.is_number());
        let key = if is_number { "number" } else { "name" };
        let port = vec![Field::Value(key, self.written(port))];
        let service = vec![
            Field::Value("name", self.written(name)),
            Field::Object("port", port),
        ];
        self.replace(backend, "serviceName", &Field::Object("service", service));
        self.remove(backend, "servicePort");
    }

    fn metric(&mut self, metric: Object<'_>) {
        if let Some(resource) = metric.object("resource") {
            self.target(resource);
        }
        if let Some(pods) = metric.object("pods") {
            self.metric_name(pods);
            self.target(pods);
        }
        if let Some(external) = metric.object("external") {
            self.metric_name(external);
            self.target(external);
        }
        if let Some(object) = metric.object("object") {
            if let Some(entry) = object.entry("target") {
                self.rename(entry, "describedObject");
            }
            self.metric_name(object);
            self.target(object);
        }
    }

    fn metric_name(&mut self, source: Object<'_>) {
        if let Some(name) = source.get("metricName") {
            let name = vec![Field::Value("name", self.written(name))];
            self.replace(source, "metricName", &Field::Object("metric", name));
        }
    }

    fn target(&mut self, source: Object<'_>) {
        let targets = [
            (
                "targetAverageUtilization",
                "Utilization",
                "averageUtilization",
            ),
            ("targetAverageValue", "AverageValue", "averageValue"),
            ("targetValue", "Value", "value"),
        ];
        for (old, ty, new) in targets {
            if let Some(value) = source.get(old) {
                let target = vec![
                    Field::Value("type", ty.to_owned()),
                    Field::Value(new, self.written(value)),
                ];
                self.replace(source, old, &Field::Object("target", target));
            }
        }
    }

    /// A value as it stands.
    fn written(&self, value: Value<'_>) -> String {
        self.source.slice(value.range()).into_owned()
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

    fn replace(&mut self, object: Object<'_>, key: &str, field: &Field<'_>) {
        let Some(entry) = object.entry(key) else {
            return;
        };
        let text = if object.mapping().is_flow() {
            in_brackets(field)
        } else {
            in_lines(field, self.column(entry.range().start()))
        };
        self.edit(entry.range(), text);
    }

    /// Takes a pair away that is not the first of its mapping, with the line or comma before it.
    fn remove(&mut self, object: Object<'_>, key: &str) {
        let entries: Vec<Entry<'_>> = object.mapping().entries().collect();
        let at = entries
            .iter()
            .position(|entry| entry.key_text().is_some_and(|text| text == key));
        let Some(entry) = at.and_then(|at| entries.get(at)) else {
            return;
        };
        let before = at.and_then(|at| at.checked_sub(1));
        let before = before.and_then(|at| entries.get(at));
        let behind = at.and_then(|at| entries.get(at + 1));
        let range = match (before, behind) {
            (Some(before), _) => TextRange::new(before.range().end(), entry.range().end()),
            (None, Some(behind)) => TextRange::new(entry.range().start(), behind.range().start()),
            (None, None) => entry.range(),
        };
        self.edit(range, "");
    }

    /// Writes a pair in front of the others.
    fn first(&mut self, object: Object<'_>, pair: &str) {
        let Some(first) = object.mapping().entries().next().and_then(Entry::key) else {
            return;
        };
        let start = Node::range(first).start();
        let behind = if object.mapping().is_flow() {
            ", ".to_owned()
        } else {
            format!("\n{}", " ".repeat(self.column(start)))
        };
        self.edit(TextRange::empty(start), format!("{pair}{behind}"));
    }

    fn column(&self, offset: TextSize) -> usize {
        self.source.line_col(offset).col as usize
    }
}

fn in_brackets(field: &Field<'_>) -> String {
    match field {
        Field::Value(key, value) => format!("{key}: {value}"),
        Field::Object(key, fields) => {
            let fields: Vec<String> = fields.iter().map(in_brackets).collect();
            format!("{key}: {{{}}}", fields.join(", "))
        }
    }
}

fn in_lines(field: &Field<'_>, column: usize) -> String {
    match field {
        Field::Value(key, value) => format!("{key}: {value}"),
        Field::Object(key, fields) => {
            let column = column + 2;
            let indent = " ".repeat(column);
            let fields = fields
                .iter()
                .map(|field| format!("\n{indent}{}", in_lines(field, column)));
            format!("{key}:{}", fields.collect::<String>())
        }
    }
}
