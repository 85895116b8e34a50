//! Keys: the fields of the schema that are not there yet.

use k8s_schemas::{Field, Schema, Type};

use super::context::{Context, Style};
use super::{CompletionKind, Found, Site, fitting, order, outline, snippets, values};
use crate::object::Object;
use crate::skeleton::{self, Writer};
use crate::{layout, markdown};

pub(super) fn complete(site: &Site<'_>, found: &mut Found<'_>) {
    let Some(object) = site.context.object(&site.path) else {
        return;
    };
    let alone = Context::is_alone(object) && !site.context.has_colon;
    let Some(schema) = site.schema else {
        unknown(site, object, found, alone);
        return;
    };
    match schema.ty() {
        Type::List if alone => items(site, schema, found),
        Type::Object | Type::Any => {
            fields(site, schema, object, found);
            snippets::idioms(site, schema, object, found);
            if site.is_root() && (alone || ends_document(site)) {
                snippets::objects(site, found);
            }
        }
        Type::Map => {
            values::map_keys(site, object, found);
            if schema.fields().len() > 0 {
                fields(site, schema, object, found);
            }
        }
        _ if alone => values::complete(site, found),
        _ => {}
    }
}

/// Whether another document may begin here: at the left, with nothing but blanks below.
fn ends_document(site: &Site<'_>) -> bool {
    let context = site.context;
    let Some(parse) = site.analysis.parse(site.file) else {
        return false;
    };
    let row = parse.source().line_col(context.token.end()).line;
    let begins = context.column == 0 && context.lead.is_empty() && context.tail.is_empty();
    begins && context.quote.is_none() && outline::indent_below(parse.source(), row).is_none()
}

/// The keys of an object whose kind is not known yet.
fn unknown(site: &Site<'_>, object: Object<'_>, found: &mut Found<'_>, alone: bool) {
    if !site.is_root() {
        return;
    }
    if alone && site.context.style == Style::Block {
        snippets::objects(site, found);
    }
    let is_list = object.text("kind").is_some_and(|kind| kind == "List");
    let body = if is_list {
        ("items", Type::List)
    } else {
        ("spec", Type::Object)
    };
    for (key, ty) in [
        ("apiVersion", Type::String),
        ("kind", Type::String),
        ("metadata", Type::Object),
        body,
    ] {
        if object.has(key) || (is_list && key == "metadata") {
            continue;
        }
        let context = site.context;
        let indent = " ".repeat(context.column + context.layout.step);
        let (insert, is_snippet) = match (context.has_colon, context.style, key) {
            (true, _, _) => (quoted(context, key), false),
            (false, Style::Flow | Style::Json, _) => flow_pair(context, key, ty),
            (false, Style::Block, "metadata") => (format!("metadata:\n{indent}name: "), false),
            (false, Style::Block, "spec") => (format!("spec:\n{indent}"), false),
            (false, Style::Block, "items") => (format!("items:\n{indent}- "), false),
            (false, Style::Block, _) => (format!("{}: ", quoted(context, key)), false),
        };
        let item = found.push(key, CompletionKind::Field, insert);
        item.is_snippet = is_snippet;
        item.retrigger = ty == Type::String;
    }
}

fn fields(site: &Site<'_>, schema: Schema<'_>, object: Object<'_>, found: &mut Found<'_>) {
    let definition = skeleton::short_name(schema);
    let mut fields: Vec<Field<'_>> = schema
        .fields()
        .filter(|field| !object.has(field.name))
        .filter(|field| !(field.name == "status" && schema.field("metadata").is_some()))
        .filter(|field| fitting::fits(site, definition, object, field.name))
        .collect();
    let expected: Vec<&str> = skeleton::expected(schema)
        .iter()
        .map(|field| field.name)
        .collect();
    fields.sort_by_key(|field| {
        let of_server = field.schema.is_read_only() || order::is_of_server(definition, field.name);
        let needed = expected.iter().position(|name| *name == field.name);
        let names_type = site.is_root() && matches!(field.name, "apiVersion" | "kind");
        (
            !names_type,
            !field.required,
            needed.unwrap_or(expected.len()),
            of_server,
            order::of_field(definition, field.name),
            field.name,
        )
    });
    for field in fields {
        self::field(site, schema, field, found);
    }
}

fn field(site: &Site<'_>, owner: Schema<'_>, field: Field<'_>, found: &mut Found<'_>) {
    let context = site.context;
    if !context.tail.is_empty() && is_scalar(field.schema.ty()) {
        // The lines below could not be its value.
        return;
    }
    let (insert, is_snippet) = match (context.has_colon, context.style) {
        (true, _) => (quoted(context, field.name), false),
        (false, Style::Block) => block_field(site, owner, field),
        (false, Style::Flow | Style::Json) => flow_pair(context, field.name, field.schema.ty()),
    };
    let item = found.push(field.name, CompletionKind::Field, insert);
    item.is_snippet = is_snippet;
    item.detail = detail(field);
    item.deprecated = field.is_deprecated();
    let opens = if is_snippet {
        is_empty_block(&item.insert)
    } else {
        values::has_values(owner, field)
    };
    item.retrigger = !context.has_colon && opens;
    item.documentation = owner
        .definition()
        .map(|definition| format!("{definition}#{}", field.name))
        .unwrap_or_default();
}

pub(super) fn block_field(site: &Site<'_>, owner: Schema<'_>, field: Field<'_>) -> (String, bool) {
    let context = site.context;
    let ty = field.schema.ty();
    if is_scalar(ty) || ty == Type::Any {
        return (format!("{}: ", field.name), false);
    }
    let names = |definition: &str, inner: &str| match (field.name, definition, inner) {
        // Another name than that of the container which it prepares.
        ("initContainers", "Container", "name") => vec!["init".to_owned()],
        _ => values::names_of_set(site, definition, inner),
    };
    let mut writer = Writer::snippet(context.layout, 1)
        .suggesting(&names)
        .labelled(snippets::pod_label(site));
    writer.field(owner, field, context.column);
    (writer.finish(), true)
}

/// Whether a new field only begins a mapping: what may stand in it is asked next.
pub(super) fn is_empty_block(insert: &str) -> bool {
    insert.trim_end_matches("$1").ends_with(' ') && insert.contains('\n') && insert.ends_with("$1")
}

fn is_scalar(ty: Type) -> bool {
    match ty {
        Type::String
        | Type::Integer
        | Type::Number
        | Type::Boolean
        | Type::IntOrString
        | Type::Quantity => true,
        Type::Any | Type::Object | Type::Map | Type::List => false,
    }
}

/// A pair in brackets, and whether it has tab stops.
fn flow_pair(context: &Context, key: &str, ty: Type) -> (String, bool) {
    let key = quoted(context, key);
    let comma = if context.needs_comma { "," } else { "" };
    match ty {
        Type::Object | Type::Map => (format!("{key}: {{$1}}{comma}$0"), true),
        Type::List => (format!("{key}: [$1]{comma}$0"), true),
        Type::String if context.style == Style::Json => (format!("{key}: \"$1\"{comma}$0"), true),
        _ if context.needs_comma => (format!("{key}: $1,$0"), true),
        _ => (format!("{key}: "), false),
    }
}

/// A key as it is written here.
fn quoted(context: &Context, key: &str) -> String {
    match context.style {
        Style::Json => format!("\"{key}\""),
        Style::Block | Style::Flow => layout::plain_or_quoted(key),
    }
}

fn detail(field: Field<'_>) -> String {
    let ty = markdown::type_name(field.schema);
    if field.required {
        format!("{ty}, required")
    } else {
        ty
    }
}

/// The items of a list that has none yet, or the next one.
fn items(site: &Site<'_>, schema: Schema<'_>, found: &mut Found<'_>) {
    let context = site.context;
    if context.style != Style::Block {
        return;
    }
    if let Some(items) = schema.items() {
        snippets::item_idioms(site, items, found, "- ", context.column + 2);
        let values = values::known(site, items);
        if !values.is_empty() {
            for (value, text) in values {
                found.push(&value, CompletionKind::EnumMember, format!("- {text}"));
            }
            return;
        }
    }
    let mut writer = Writer::snippet(context.layout, 1);
    writer.item(schema.items(), context.column);
    let label = match schema.items().map(markdown::type_name) {
        Some(name) => format!("- {name}"),
        None => "- item".to_owned(),
    };
    let item = found.push(&label, CompletionKind::Snippet, writer.finish());
    item.is_snippet = true;
    "a new item".clone_into(&mut item.detail);
}
