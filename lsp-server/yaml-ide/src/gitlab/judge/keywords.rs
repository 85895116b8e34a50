//! Known keywords, and values of the right type: what the schema says.

use yaml_syntax::{Entry, Mapping, Node, TextRange};

use super::{deprecated, values};
use crate::diagnostics::at::At;
use crate::diagnostics::report::{Report, key_range};
use crate::fuzzy;
use crate::gitlab::is_filled_in as is_filled_in_text;
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
    let mapping = match entry.value() {
        Some(Node::Mapping(mapping)) => mapping,
        Some(Node::Alias(_)) => return,
        _ if name.starts_with('.') => return,
        value => return no_job(report, entry, name, value),
    };
    let Some(map) = schema::JOB.map() else {
        return;
    };
    let (known, unknown) = count(mapping, map);
    // Others keep variables or rules in a hidden mapping; one that has nothing of a job is a global
    // keyword with a slip in it.
    let is_meant = if name.starts_with('.') {
        known > unknown && !is_rule(mapping)
    } else {
        known > 0 || nearest_global(name).is_none()
    };
    if !is_meant {
        return;
    }
    let at = At::Kind(name);
    self::mapping(report, mapping, map, &at, 1);
}

/// A text or a list under a name that is no keyword.
fn no_job(report: &mut Report<'_>, entry: Entry<'_>, name: &str, value: Option<Node<'_>>) {
    let is_filled_in = value.and_then(Node::as_scalar);
    let is_filled_in = is_filled_in.is_some_and(|scalar| is_filled_in_text(&scalar.text()));
    if is_filled_in || report.is_broken(with_next_line(report, entry.range())) {
        return;
    }
    let range = key_range(entry);
    let near = nearest_global(name);
    let message = match near {
        Some(near) => format!("`{name}` is no keyword; did you mean `{near}`?"),
        None => format!("`{name}` is no keyword, and no job: a job is a mapping with a `script`"),
    };
    let complaint = report
        .error(range, "job-without-script", message)
        .docs(format!("{}yaml/#script", schema::DOCS));
    if let Some(near) = near {
        complaint.replace(format!("Rename to `{near}`"), range, near);
    }
}

/// A range up to the end of the line behind it: what is broken there may belong to it.
fn with_next_line(report: &Report<'_>, range: TextRange) -> TextRange {
    let Some(source) = report.source() else {
        return range;
    };
    let next = source.line_col(range.end()).line + 1;
    let last = next.min(source.line_count().saturating_sub(1));
    TextRange::new(range.start(), source.line_range(last).end())
}

/// The global keyword that was most likely meant by the name of a job.
pub(crate) fn nearest_global(name: &str) -> Option<&'static str> {
    let map = schema::PIPELINE.map()?;
    let names = map
        .fields
        .iter()
        .filter(|field| field.name != "pages" && field.instead.is_none());
    fuzzy::nearest(name, names.map(|field| field.name))
}

/// Whether a hidden mapping is a rule for others: it says `never`, which no job does.
fn is_rule(mapping: Mapping<'_>) -> bool {
    let when = mapping.get("when").and_then(Node::as_scalar);
    when.is_some_and(|when| when.text() == "never")
}

/// How many of the keys are keywords of jobs, and how many are not.
fn count(mapping: Mapping<'_>, map: &Map) -> (usize, usize) {
    let keys = mapping.entries().filter_map(Entry::key_text);
    let (known, unknown): (Vec<_>, Vec<_>) =
        keys.partition(|key| key == "<<" || map.field(key).is_some());
    (known.len(), unknown.len())
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
        return reference(report, node);
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

/// The job, and the keyword of it.
fn reference(report: &mut Report<'_>, node: Node<'_>) {
    let is_list = node
        .as_sequence()
        .is_some_and(|list| list.items().next().is_some());
    if !is_list && !report.is_broken(node.range()) {
        let message =
            "`!reference` takes the name of a job and a keyword: `!reference [job, script]`";
        report
            .error(node.range(), "undefined-reference", message)
            .docs(format!(
                "{}yaml/yaml_optimization/#reference-tags",
                schema::DOCS
            ));
    }
}

/// What `<<` brings in are mappings.
fn merged(report: &mut Report<'_>, entry: Entry<'_>) {
    let Some(Node::Scalar(scalar)) = entry.value() else {
        return;
    };
    let message = format!(
        "`<<` brings in a mapping, not a text: write `*{0}` for what is marked `&{0}`",
        scalar.text()
    );
    report
        .error(scalar.range(), "merge-key", message)
        .docs(format!("{}yaml/yaml_optimization/#anchors", schema::DOCS));
}

fn mapping(
    report: &mut Report<'_>,
    mapping: Mapping<'_>,
    map: &'static Map,
    at: &At<'_>,
    depth: usize,
) {
    let mut is_known = true;
    for entry in mapping.entries() {
        let Some(key) = entry.key_text() else {
            continue;
        };
        if key == "<<" {
            merged(report, entry);
            continue;
        }
        let at = at.field(&key);
        if let Some(field) = map.field(&key) {
            deprecated::keyword(report, mapping, entry, field, &at);
            value(report, entry.value(), field.schema, &at, depth + 1);
        } else if let Some(others) = map.others {
            value(report, entry.value(), others, &at, depth + 1);
        } else if entry.colon().is_some() {
            is_known = false;
            unknown(report, mapping, entry, &key, map, &at);
        }
    }
    // What is missing may be what is misspelt.
    if is_known {
        missing(report, mapping, map, at);
    }
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
    // A hidden job may hold more, for others to refer to.
    if near.is_none() && matches!(owner, At::Kind(name) if name.starts_with('.')) {
        return;
    }
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
    if let Node::Mapping(mapping) = node
        && command_with_colon(report, mapping, schema, at)
    {
        return;
    }
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

/// A command such as `echo a: b`: the colon makes a mapping of it.
fn command_with_colon(
    report: &mut Report<'_>,
    mapping: Mapping<'_>,
    schema: &'static Schema,
    at: &At<'_>,
) -> bool {
    let written = report.text(mapping.range());
    let is_script = schema.role().is_some() && matches!(at, At::Item(..));
    if !is_script || mapping.is_flow() || written.contains('\n') {
        return false;
    }
    let quoted = values::single_quoted(&written);
    let message = format!(
        "`: ` makes a mapping of this item of `{}`: put it in quotes",
        at.name()
    );
    report
        .error(mapping.range(), "keyword-type", message)
        .replace("Put it in quotes", mapping.range(), quoted);
    true
}
