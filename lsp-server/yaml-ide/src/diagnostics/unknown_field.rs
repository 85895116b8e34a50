//! Fields that the schema does not list, and what was meant: another name, another place.

use k8s_schemas::{Schema, Type};
use yaml_syntax::{Entry, TextRange};

use super::at::At;
use super::report::{Report, key_range};
use crate::fuzzy;
use crate::object::{Object, Value};

/// How deep a field may belong that was indented too little.
const MAX_STEPS: usize = 3;

/// Complains about a field that the schema of `object` does not list.
pub(super) fn check(
    report: &mut Report<'_>,
    object: Object<'_>,
    entry: Entry<'_>,
    key: &str,
    schema: Schema<'_>,
    at: &At<'_>,
) {
    if is_told_already(report, object, entry, key, schema) {
        return;
    }
    let near = meant(object, key, schema);
    let holder = || inside(object, entry, key, schema);
    let words = match near {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => replaced(schema, key).or_else(holder),
    };
    if words.is_some() {
        report.slip(object.mapping().range());
    }
    let words = words.or_else(|| outside(report, object, key, at));
    let mut message = format!("unknown field `{key}` in {at}");
    if let Some(words) = words {
        message = format!("{message}; {words}");
    }
    let range = key_range(entry);
    let written = report.text(range);
    let gone = report.whole_lines(entry.range());
    let rewritten = rewritten(report, object, key, schema);
    let complaint = report
        .error(range, "unknown-field", message)
        .docs(schema.docs_url());
    if let Some(near) = near {
        let insert = match written.chars().next() {
            Some(quote @ ('"' | '\'')) => format!("{quote}{near}{quote}"),
            _ => near.to_owned(),
        };
        complaint.replace(format!("Rename to `{near}`"), range, insert);
    }
    if let Some((title, range, insert)) = rewritten {
        complaint.replace(title, range, insert);
    }
    complaint.replace(format!("Remove `{key}`"), gone, "");
}

/// Whether the same mistake is told of, and mended, at a key before this one.
fn is_told_already(
    report: &Report<'_>,
    object: Object<'_>,
    entry: Entry<'_>,
    key: &str,
    schema: Schema<'_>,
) -> bool {
    let definition = schema.definition().unwrap_or_default();
    if definition.ends_with(".IngressBackend") {
        return key == "servicePort" && object.has("serviceName");
    }
    let first = object.mapping().entries().next();
    let is_first = first.is_some_and(|first| first.range() == entry.range());
    !is_first && labels_below(report, object, schema).is_some()
}

/// The object as it is written today, where that is evident: what to do, the place, the text.
fn rewritten(
    report: &Report<'_>,
    object: Object<'_>,
    key: &str,
    schema: Schema<'_>,
) -> Option<(&'static str, TextRange, String)> {
    if let Some((range, insert)) = labels_below(report, object, schema) {
        return Some(("Write the labels under `matchLabels`", range, insert));
    }
    let value = object.get(key)?;
    let number = value.raw_text()?;
    let range = object.entry(key)?.range();
    match (schema.definition()?.rsplit('.').next()?, key) {
        ("HorizontalPodAutoscalerSpec", "targetCPUUtilizationPercentage") => {
            let target = format!("{{type: Utilization, averageUtilization: {number}}}");
            let insert =
                format!("metrics: [{{type: Resource, resource: {{name: cpu, target: {target}}}}}]");
            let free = !object.has("metrics");
            free.then_some(("Write it as one of `metrics`", range, insert))
        }
        ("ResourceMetricSource", "targetAverageUtilization") => {
            let insert = format!("target: {{type: Utilization, averageUtilization: {number}}}");
            let free = !object.has("target");
            free.then_some(("Write it as `target`", range, insert))
        }
        ("IngressBackend", "serviceName") => {
            let port = object.get("servicePort")?;
            let field = if port.text().is_some() {
                "name"
            } else {
                "number"
            };
            let port = port.raw_text()?;
            let insert = format!("service: {{name: {number}, port: {{{field}: {port}}}}}");
            let whole = object.mapping().range();
            let others = object.keys().len() > 2 || object.mapping().is_flow();
            (!others).then_some(("Write it as `service`", trimmed(report, whole), insert))
        }
        _ => None,
    }
}

/// Without the blanks and line ends at the end.
fn trimmed(report: &Report<'_>, range: TextRange) -> TextRange {
    let text = report.text(range);
    let end = range.start() + yaml_syntax::TextSize::of(text.trim_end());
    TextRange::new(range.start(), end)
}

/// The field that a misspelt key was meant to be.
fn meant<'a>(object: Object<'_>, key: &str, schema: Schema<'a>) -> Option<&'a str> {
    let free = schema.fields().filter(|field| !object.has(field.name));
    let near = fuzzy::nearest(key, free.clone().map(|field| field.name));
    near.or_else(|| {
        // Objects are named by `name` here, by `secretName` or `claimName` there.
        let mut names = free.map(|field| field.name).filter(|name| {
            let (long, short) = if key == "name" {
                (*name, key)
            } else {
                (key, *name)
            };
            short == "name" && long.ends_with("Name")
        });
        let only = names.next()?;
        names.next().is_none().then_some(only)
    })
}

/// What is written today for a field that older versions had.
fn replaced(schema: Schema<'_>, key: &str) -> Option<String> {
    let definition = schema.definition()?.rsplit('.').next()?;
    let words = match (definition, key) {
        ("IngressBackend", "serviceName") => "since v1 it is `service.name`",
        ("IngressBackend", "servicePort") => "since v1 it is `service.port`, by `number` or `name`",
        ("HorizontalPodAutoscalerSpec", "targetCPUUtilizationPercentage") => {
            "since v2 it is one of `metrics`, of `type: Resource`"
        }
        ("ResourceMetricSource", "targetAverageUtilization") => {
            "since v2 it is `target: {type: Utilization, averageUtilization: …}`"
        }
        (
            "ResourceMetricSource" | "PodsMetricSource" | "ExternalMetricSource",
            "targetAverageValue",
        ) => "since v2 it is `target: {type: AverageValue, averageValue: …}`",
        ("CustomResourceDefinitionSpec", "version") => {
            "since v1 it is the `name` of one of `versions`"
        }
        ("CustomResourceDefinitionSpec", "validation") => {
            "since v1 it is the `schema` of each of `versions`"
        }
        ("CustomResourceDefinitionSpec", "subresources" | "additionalPrinterColumns") => {
            "since v1 it stands in each of `versions`"
        }
        ("PersistentVolumeClaimSpec", "capacity") => "a claim asks by `resources.requests`",
        ("NetworkPolicyEgressRule", "from") => "egress goes `to` its peers",
        ("NetworkPolicyIngressRule", "to") => "ingress comes `from` its peers",
        ("DaemonSetSpec" | "StatefulSetSpec", "strategy") => "here it is `updateStrategy`",
        ("DeploymentSpec", "updateStrategy") => "here it is `strategy`",
        ("DaemonSetSpec", "replicas") => "each node runs one pod",
        _ => return None,
    };
    Some(words.to_owned())
}

/// Where below `object` the field belongs: it was indented too little, or a level was left out.
fn inside(object: Object<'_>, entry: Entry<'_>, key: &str, schema: Schema<'_>) -> Option<String> {
    let is_scalar = entry
        .value()
        .is_some_and(|value| value.as_scalar().is_some());
    let definition = schema.definition().and_then(|name| name.rsplit('.').next());
    let path = match definition {
        Some("LabelSelector") if is_scalar => "matchLabels".to_owned(),
        Some("ConfigMap") if is_scalar => "data".to_owned(),
        Some("Secret") if is_scalar => "stringData".to_owned(),
        Some("ResourceRequirements") if is_scalar => {
            return Some("it belongs into `requests` or `limits`".to_owned());
        }
        Some("VolumeResourceRequirements") if is_scalar => "requests".to_owned(),
        _ if key == "spec" && schema.field("metadata").is_some() => {
            return Some("this kind has its fields beside `metadata`".to_owned());
        }
        _ => holder(object, key, schema)?,
    };
    Some(format!("it belongs into `{path}`"))
}

/// The only field, at the least depth, that has a field `key`.
fn holder(object: Object<'_>, key: &str, schema: Schema<'_>) -> Option<String> {
    let first = schema.fields().filter(|field| field.name != "status");
    let mut level: Vec<(String, Schema<'_>)> = first
        .map(|field| (field.name.to_owned(), field.schema))
        .collect();
    for _ in 0..MAX_STEPS {
        let holders: Vec<&String> = level
            .iter()
            .filter(|(path, schema)| schema.field(key).is_some() && !holds(object, path, key))
            .map(|(path, _)| path)
            .collect();
        match holders.as_slice() {
            [] => {}
            [only] => return Some((*only).clone()),
            _ => return None,
        }
        level = level
            .into_iter()
            .filter(|(_, schema)| schema.ty() == Type::Object)
            .flat_map(|(path, schema)| {
                let fields = schema
                    .fields()
                    .filter(|field| field.required || matches!(field.name, "spec" | "template"));
                fields
                    .map(|field| (format!("{path}.{}", field.name), field.schema))
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    None
}

/// Whether the field is written where it belongs already.
fn holds(object: Object<'_>, path: &str, key: &str) -> bool {
    let path: Vec<&str> = path.split('.').collect();
    let inner = object.at(&path).and_then(Value::object);
    inner.is_some_and(|inner| inner.has(key))
}

/// Where around `object` the field belongs: it was indented too much, or stands beside its place.
fn outside(report: &Report<'_>, object: Object<'_>, key: &str, at: &At<'_>) -> Option<String> {
    let around = around(report, object, at)?;
    for (path, outer, schema) in around.iter().rev().skip(1) {
        if schema.field(key).is_some() {
            return (!outer.has(key)).then(|| format!("it belongs into `{path}`"));
        }
        let mut holders = schema
            .fields()
            .filter(|field| field.name != "status" && field.schema.field(key).is_some());
        if let Some(holder) = holders.next() {
            let holds = holds(*outer, holder.name, key);
            let only = holders.next().is_none() && !holds;
            return only.then(|| format!("it belongs into `{path}.{}`", holder.name));
        }
    }
    None
}

/// The objects around `object` and itself, outermost first, with their paths and schemas.
fn around<'a>(
    report: &Report<'a>,
    object: Object<'_>,
    at: &At<'_>,
) -> Option<Vec<(String, Object<'a>, Schema<'a>)>> {
    let range = object.mapping().range();
    let manifests = report.manifests().into_iter();
    let mut manifests = manifests.filter(|it| it.object.mapping().range().covers(range));
    let manifest = manifests.next()?;
    let gvk = k8s_schemas::Gvk::parse(&manifest.api_version, &manifest.kind)?;
    let root = report.schemas().kind(&gvk)?.schema();
    let mut chain = Vec::new();
    steps(at, &mut chain);
    let mut all = vec![(manifest.kind.clone(), manifest.object, root)];
    let mut value = None;
    let (mut path, mut schema) = (manifest.kind.clone(), root);
    let mut inner = Some(manifest.object);
    for step in chain {
        let next: Value<'a>;
        match step {
            Step::Field(name) => {
                next = inner?.get(name)?;
                schema = schema
                    .field(name)
                    .map(|field| field.schema)
                    .or(schema.values())?;
                path = format!("{path}.{name}");
            }
            Step::Item(index) => {
                let list: Value<'a> = value?;
                next = *list.items().get(index)?;
                schema = schema.items()?;
                path = format!("{path}[{index}]");
            }
        }
        value = Some(next);
        inner = next.object();
        if let Some(object) = inner {
            all.push((path.clone(), object, schema));
        }
    }
    let own = all.last().map(|(_, object, _)| object.mapping().range());
    (own == Some(range)).then_some(all)
}

/// A step from an object towards a value in it.
#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Field(&'p str),
    Item(usize),
}

fn steps<'p>(at: &At<'p>, into: &mut Vec<Step<'p>>) {
    match at {
        At::Kind(_) => {}
        At::Field(outer, name) => {
            steps(outer, into);
            into.push(Step::Field(name));
        }
        At::Item(list, index) => {
            steps(list, into);
            into.push(Step::Item(*index));
        }
    }
}

/// A selector whose labels stand one level too high, with them under `matchLabels`.
fn labels_below(
    report: &Report<'_>,
    object: Object<'_>,
    schema: Schema<'_>,
) -> Option<(TextRange, String)> {
    let is_selector = schema.definition()?.ends_with(".LabelSelector");
    let mut pairs = object.pairs();
    let only_labels = pairs.all(|(key, _, value)| {
        schema.field(&key).is_none() && value.is_some_and(|value| value.raw_text().is_some())
    });
    if !is_selector || !only_labels {
        return None;
    }
    let range = object.mapping().range();
    let text = report.text(range);
    if object.mapping().is_flow() {
        return Some((range, format!("{{matchLabels: {text}}}")));
    }
    let first = object.mapping().entries().next()?.range().start();
    let indent = " ".repeat(report.column(first) + 2);
    let labels = text.trim_end().replace('\n', "\n  ");
    Some((
        trimmed(report, range),
        format!("matchLabels:\n{indent}{labels}"),
    ))
}
