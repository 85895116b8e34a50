//! Keywords that are not there yet, and names that people often choose.

use yaml_syntax::PathSegment;
use yaml_syntax::order::sort_by_number;

use super::{Site, matrix, values};
use crate::completion::context::{Context, Style};
use crate::completion::{CompletionKind, Found};
use crate::gitlab::schema::{Field, Form, Map, Schema};
use crate::gitlab::{hover, snippets, variables};
use crate::layout;
use crate::object::Object;

/// Keywords in the order in which people write them; the others follow.
const COMMON: &[&str] = &[
    "stages",
    "include",
    "default",
    "workflow",
    "spec",
    "type",
    "name",
    "paths",
    "key",
    "files",
    "local",
    "project",
    "component",
    "remote",
    "template",
    "file",
    "ref",
    "job",
    "stage",
    "extends",
    "image",
    "services",
    "before_script",
    "script",
    "after_script",
    "if",
    "changes",
    "exists",
    "max",
    "rules",
    "when",
    "needs",
    "artifacts",
    "cache",
    "variables",
    "environment",
    "entrypoint",
    "policy",
    "expire_in",
    "reports",
    "url",
    "on_stop",
    "action",
    "parallel",
    "matrix",
    "tags",
    "allow_failure",
    "interruptible",
    "retry",
    "timeout",
    "resource_group",
    "dependencies",
    "trigger",
    "id_tokens",
    "coverage",
    "junit",
    "dotenv",
];

pub(super) fn complete(site: &Site<'_>, found: &mut Found<'_>) {
    let Some(object) = site.context.object(&site.path) else {
        return;
    };
    let block = site.context.style == Style::Block;
    let alone = Context::is_alone(object) && !site.context.has_colon && block;
    let is_item = matches!(site.path.last(), Some(PathSegment::Index(_)));
    if alone && is_item {
        values::complete(site, "", found);
    }
    if alone && site.path.is_empty() {
        snippets::pipelines(site.context, found);
    }
    if let Some(map) = site.schema.map() {
        fields(site, map, object, found);
        names(site, object, found);
        matrix::variables(site, object, found);
    }
    if site.path.is_empty() && block && !site.context.has_colon {
        snippets::jobs(site.context, found);
    }
    if alone && !site.path.is_empty() && !is_item {
        items(site, found);
        values::complete(site, "", found);
    }
}

fn fields(site: &Site<'_>, map: &'static Map, object: Object<'_>, found: &mut Found<'_>) {
    // A header stands in a document of its own.
    let is_begun = site.path.is_empty() && object.mapping().entries().next().is_some();
    let mut fields: Vec<&'static Field> = map
        .fields
        .iter()
        .filter(|field| !object.has(field.name) && field.name != "pages")
        .filter(|field| !is_begun || field.name != "spec")
        .collect();
    let place = |name: &str| COMMON.iter().position(|common| *common == name);
    sort_by_number(&mut fields, |field| {
        let rank = place(field.name).unwrap_or(COMMON.len());
        rank as u64 + u64::from(!field.required) * 1000
    });
    for field in fields {
        self::field(site, field, found);
    }
}

fn field(site: &Site<'_>, field: &'static Field, found: &mut Found<'_>) {
    let context = site.context;
    let (insert, is_snippet) = match (context.has_colon, context.style) {
        (true, _) => (quoted(context, field.name), false),
        (false, Style::Block) => block(context, field),
        (false, Style::Flow | Style::Json) => flow(context, field),
    };
    let item = found.push(field.name, CompletionKind::Field, insert);
    item.is_snippet = is_snippet;
    item.detail = detail(field);
    item.deprecated = field.instead.is_some();
    item.retrigger = !context.has_colon && !is_snippet && values::has_any(field.schema);
    item.documentation = hover::documentation_key(&site.path, field.name);
}

fn detail(field: &Field) -> String {
    let name = field.schema.name();
    match (field.required, field.instead) {
        (true, _) => format!("{name}, required"),
        (false, Some(_)) => format!("{name}, deprecated"),
        (false, None) => name,
    }
}

/// A keyword in lines of its own, with what is most often written below it.
fn block(context: &Context, field: &Field) -> (String, bool) {
    if let Some(body) = snippets::body(field.name, field.schema) {
        return (snippets::laid_out(body, context), true);
    }
    let body = match field.schema.forms.first() {
        Some(Form::Map(_)) => format!("{}:\n  $0", field.name),
        Some(Form::List(..)) => format!("{}:\n  - $0", field.name),
        _ => return (format!("{}: ", field.name), false),
    };
    (snippets::laid_out(&body, context), true)
}

fn flow(context: &Context, field: &Field) -> (String, bool) {
    let key = quoted(context, field.name);
    let comma = if context.needs_comma { "," } else { "" };
    match field.schema.forms.first() {
        Some(Form::Map(_)) => (format!("{key}: {{$1}}{comma}$0"), true),
        Some(Form::List(..)) => (format!("{key}: [$1]{comma}$0"), true),
        _ if context.needs_comma => (format!("{key}: $1,$0"), true),
        _ => (format!("{key}: "), false),
    }
}

fn quoted(context: &Context, key: &str) -> String {
    match context.style {
        Style::Json => format!("\"{key}\""),
        Style::Block | Style::Flow => layout::plain_or_quoted(key),
    }
}

/// Names that people choose from what others have chosen.
fn names(site: &Site<'_>, object: Object<'_>, found: &mut Found<'_>) {
    let last = site.path.last();
    if !last.is_some_and(|last| matches!(last, PathSegment::Key(key) if key == "variables")) {
        return;
    }
    let colon = if site.context.has_colon { "" } else { ": " };
    for (name, _) in variables::RUNNER {
        if !object.has(name) {
            let item = found.push(name, CompletionKind::Field, format!("{name}{colon}"));
            "read by the runner".clone_into(&mut item.detail);
            item.documentation = format!("{}${name}", crate::gitlab::DOCUMENTATION);
        }
    }
}

/// The next item of a list.
fn items(site: &Site<'_>, found: &mut Found<'_>) {
    let Some(items) = site.schema.items() else {
        return;
    };
    let inner = Site {
        analysis: site.analysis,
        file: site.file,
        context: site.context,
        path: site.path.clone(),
        schema: items,
    };
    values::complete(&inner, "- ", found);
    let first = items.map().and_then(first_field);
    if let Some(first) = first {
        let text = match snippets::body(first.name, first.schema) {
            Some(body) => format!("- {}", body.replace('\n', "\n  ")),
            None => format!("- {}: $0", first.name),
        };
        let label = format!("- {}", first.name);
        let item = found.push(
            &label,
            CompletionKind::Snippet,
            snippets::laid_out(&text, site.context),
        );
        item.is_snippet = true;
        "a new item".clone_into(&mut item.detail);
    }
    for (label, text) in snippets::items(items) {
        let item = found.push(
            label,
            CompletionKind::Snippet,
            snippets::laid_out(text, site.context),
        );
        item.is_snippet = true;
        "a new item".clone_into(&mut item.detail);
    }
}

/// The keyword that an item begins with.
fn first_field(map: &'static Map) -> Option<&'static Field> {
    let place = |field: &&Field| {
        let common = COMMON.iter().position(|common| *common == field.name);
        (!field.required, common.unwrap_or(COMMON.len()))
    };
    map.fields.iter().min_by_key(place)
}

/// Whether a schema has nothing but what people choose.
pub(super) fn is_free(schema: &Schema) -> bool {
    schema.words().next().is_none() && !schema.is_boolean()
}
