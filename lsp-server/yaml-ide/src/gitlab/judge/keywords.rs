//! Known keywords, and values of the right type: what the schema says.

use yaml_syntax::{Entry, Mapping, Node};

use super::{deprecated, values};
use crate::diagnostics::report::{At, Report, key_range};
use crate::fuzzy;
use crate::gitlab::part;
use crate::gitlab::schema::{self, Map, Schema};

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 32;

pub(super) fn check(report: &mut Report<'_>) {
    let Some(root) = report.document().root() else {
        return;
    };
    let Some(pipeline) = root.as_mapping() else {
        let is_alias = matches!(root, Node::Alias(_));
        if !is_alias && !report.is_broken(root.range()) {
            let message =
                "a pipeline is a mapping: keywords such as `stages`, and jobs by their names";
            report.error(root.range(), "pipeline-type", message);
        }
        return;
    };
    let Some(map) = schema::PIPELINE.map() else {
        return;
    };
    for entry in pipeline.entries() {
        let key = entry.key_text().unwrap_or_default();
        match map.field(&key) {
            Some(field) if !part::is_job(&key) => {
                deprecated::keyword(report, pipeline, entry, field, &At::Kind("the pipeline"));
                let at = At::Kind(&key);
                value(report, entry.value(), field.schema, &at, 1);
            }
            _ if key == "<<" || entry.colon().is_none() => {}
            _ => job(report, entry, &key),
        }
    }
}

fn job(report: &mut Report<'_>, entry: Entry<'_>, name: &str) {
    let Some(Node::Mapping(mapping)) = entry.value() else {
        return;
    };
    let Some(map) = schema::JOB.map() else {
        return;
    };
    if name.starts_with('.') && !looks_like_job(mapping, map) {
        return;
    }
    let at = At::Kind(name);
    self::mapping(report, mapping, map, &at, 1);
}

/// Whether a hidden mapping is meant to be a job: others keep variables or rules in one.
fn looks_like_job(mapping: Mapping<'_>, map: &Map) -> bool {
    let (mut known, mut unknown) = (0, 0);
    for key in mapping.entries().filter_map(Entry::key_text) {
        if key == "<<" || map.field(&key).is_some() {
            known += 1;
        } else {
            unknown += 1;
        }
    }
    known > unknown
}

/// Judges a value. What an alias stands for is judged where it is written.
fn value(
    report: &mut Report<'_>,
    node: Option<Node<'_>>,
    schema: &'static Schema,
    at: &At<'_>,
    depth: usize,
) {
    let Some(node) = node.filter(|_| depth < MAX_DEPTH && !schema.is_any()) else {
        return;
    };
    // What `!reference` brings is not here.
    if node.tag().is_some_and(|tag| tag == "!reference") {
        return;
    }
    match node {
        Node::Alias(_) => {}
        Node::Scalar(scalar) => values::check(report, node, scalar, schema, at),
        Node::Mapping(mapping) => match schema.map() {
            Some(map) => self::mapping(report, mapping, map, at, depth),
            None => wrong_type(report, node, schema, at),
        },
        Node::Sequence(list) => match schema.list() {
            Some((items, most)) => {
                let mut count = 0;
                for (index, item) in list.items().enumerate() {
                    count = index + 1;
                    value(report, item.node(), items, &at.item(index), depth + 1);
                }
                values::length(report, node, count, most, at);
            }
            None => wrong_type(report, node, schema, at),
        },
    }
}

fn mapping(
    report: &mut Report<'_>,
    mapping: Mapping<'_>,
    map: &'static Map,
    at: &At<'_>,
    depth: usize,
) {
    for entry in mapping.entries() {
        let Some(key) = entry.key_text().filter(|key| key != "<<") else {
            continue;
        };
        let at = at.field(&key);
        if let Some(field) = map.field(&key) {
            deprecated::keyword(report, mapping, entry, field, &at);
            value(report, entry.value(), field.schema, &at, depth + 1);
        } else if let Some(others) = map.others {
            value(report, entry.value(), others, &at, depth + 1);
        } else if entry.colon().is_some() {
            unknown(report, mapping, entry, &key, map, &at);
        }
    }
    missing(report, mapping, map, at);
}

fn unknown(
    report: &mut Report<'_>,
    mapping: Mapping<'_>,
    entry: Entry<'_>,
    key: &str,
    map: &'static Map,
    at: &At<'_>,
) {
    let At::Field(owner, _) = at else {
        return;
    };
    let free = map
        .fields
        .iter()
        .filter(|field| mapping.entry(field.name).is_none());
    let near = fuzzy::nearest(key, free.map(|field| field.name));
    let mut message = format!("unknown keyword `{key}` in `{owner}`");
    if let Some(near) = near {
        message = format!("{message}; did you mean `{near}`?");
    } else if let Some(outer) = belongs_inside(map, key) {
        message = format!("{message}; it belongs into `{outer}`");
    }
    let range = key_range(entry);
    let gone = report.whole_lines(entry.range());
    let page = match owner {
        At::Kind(_) => format!("{}yaml/#job-keywords", schema::DOCS),
        _ => map
            .fields
            .first()
            .map(schema::Field::url)
            .unwrap_or_default(),
    };
    let complaint = report.error(range, "unknown-keyword", message).docs(page);
    if let Some(near) = near {
        complaint.replace(format!("Rename to `{near}`"), range, near);
    }
    complaint.replace(format!("Remove `{key}`"), gone, "");
}

/// The keyword of the same mapping that has a keyword `key`: it was indented too little.
fn belongs_inside(map: &'static Map, key: &str) -> Option<&'static str> {
    let mut holders = map.fields.iter().filter(|field| {
        let inner = field.schema.map();
        inner.is_some_and(|inner| inner.field(key).is_some())
    });
    let first = holders.next()?.name;
    holders.next().is_none().then_some(first)
}

fn missing(report: &mut Report<'_>, mapping: Mapping<'_>, map: &'static Map, at: &At<'_>) {
    let has = |name: &str| mapping.entry(name).is_some() || mapping.entry("<<").is_some();
    let absent = map
        .fields
        .iter()
        .find(|field| field.required && !has(field.name));
    let Some(field) = absent.filter(|_| !report.is_broken(mapping.range())) else {
        return;
    };
    let Some(first) = mapping.entries().next() else {
        return;
    };
    let message = format!("`{}` is required in `{at}`", field.name);
    report
        .error(key_range(first), "missing-keyword", message)
        .docs(field.url());
}

fn wrong_type(report: &mut Report<'_>, node: Node<'_>, schema: &'static Schema, at: &At<'_>) {
    let found = match node {
        Node::Mapping(_) => "a mapping",
        _ => "a list",
    };
    let hint = match node {
        Node::Mapping(_) if schema.items().is_some() => ": start each item with `- `",
        Node::Sequence(_) if schema.map().is_some() => ": write the keywords without `- `",
        _ => "",
    };
    let wanted = values::with_article(&schema.name());
    let message = format!("`{}` must be {wanted}, not {found}{hint}", at.name());
    let first = match node {
        Node::Mapping(mapping) => mapping.entries().next().map(key_range),
        _ => None,
    };
    report.error(
        first.unwrap_or_else(|| node.range()),
        "keyword-type",
        message,
    );
}
