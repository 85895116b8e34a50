//! What the schema says: known fields, their types, and which of them must be there.

use std::collections::HashMap;

use k8s_schemas::{Field, ListType, Schema, Type};
use yaml_syntax::{Mapping, Node, TextRange, TextSize};

use super::at::At;
use super::report::{Report, key_range};
use super::{deprecated_field, laws, rules, scalar, unknown_field};
use crate::object::{Object, Value};
use crate::rename::TextEdit;
use crate::skeleton::{self, Writer};

/// Judges the fields of an object.
pub(super) fn object(report: &mut Report<'_>, object: Object<'_>, schema: Schema<'_>, at: &At<'_>) {
    let before = report.count();
    fields(report, object, schema, at, None);
    required(report, object, schema, at);
    rules::object(report, object, schema, at);
    report.explain(before, schema);
}

/// Judges fields one by one; not those that `over` has, which win.
fn fields(
    report: &mut Report<'_>,
    object: Object<'_>,
    schema: Schema<'_>,
    at: &At<'_>,
    over: Option<Object<'_>>,
) {
    for (key, entry, value) in object.pairs() {
        if over.is_some_and(|over| over.entry(&key).is_some()) {
            continue;
        }
        if let Some(merged) = value.filter(|_| key == "<<") {
            self::merged(report, object, merged, schema, at);
            continue;
        }
        let field = schema.field(&key);
        if let Some(field) = field {
            deprecated_field::check(report, object, entry, field);
        }
        let known = field.map(|field| field.schema);
        if let Some(inner) = known.or_else(|| schema.values()) {
            if let Some(written) = value {
                let before = report.count();
                self::value(report, written, inner, &at.field(&key));
                if is_shape_wrong(report, before, written, inner) {
                    report.slip(object.mapping().range());
                }
            }
        } else if entry.colon().is_some()
            && !schema.allows_unknown_fields()
            // `$patch` and its like say how a patch is merged.
            && !(key.starts_with('$') && report.is_patch())
        {
            unknown_field::check(report, object, entry, &key, schema, at);
        }
    }
}

/// Whether a container was refused as a whole: what it would say is not missing.
fn is_shape_wrong(
    report: &Report<'_>,
    before: usize,
    value: Value<'_>,
    schema: Schema<'_>,
) -> bool {
    is_container(schema.ty()) && report.count() == before + 1 && {
        let range = match value.written() {
            Node::Mapping(_) => first_key(value),
            other => other.range(),
        };
        report.has_wrong_type(before, range)
    }
}

/// Judges what `<<` brings into `object`.
fn merged(
    report: &mut Report<'_>,
    object: Object<'_>,
    merged: Value<'_>,
    schema: Schema<'_>,
    at: &At<'_>,
) {
    let parts = merged.written().as_sequence().map(|_| merged.items());
    for part in parts.unwrap_or_else(|| vec![merged]) {
        let Some(inner) = part.object() else {
            continue;
        };
        match part.written() {
            Node::Alias(alias) => {
                report.behind(alias.range(), inner.mapping().range(), |report| {
                    fields(report, inner, schema, at, Some(object));
                });
            }
            _ => fields(report, inner, schema, at, Some(object)),
        }
    }
}

/// Judges a value of any type.
pub(super) fn value(report: &mut Report<'_>, value: Value<'_>, schema: Schema<'_>, at: &At<'_>) {
    let ty = schema.ty();
    match (value.written(), ty) {
        (Node::Alias(alias), _) => {
            if let Some(target) = value.node() {
                report.behind(alias.range(), target.range(), |report| {
                    self::value(report, Value::new(value.document(), target), schema, at);
                });
            }
        }
        (Node::Sequence(_), Type::Any) => {}
        (Node::Scalar(scalar), _) => {
            if is_container(ty) {
                scalar_for_container(report, value, schema, at);
            } else {
                scalar::check(report, value, scalar, schema, at);
            }
        }
        (Node::Mapping(mapping), Type::Object | Type::Any | Type::Map) => {
            let inner = Object::new(report.document(), mapping);
            if schema.is_embedded_object() {
                embedded(report, inner, at);
                return;
            }
            if ty == Type::Map || schema.fields().len() > 0 || schema.values().is_some() {
                object(report, inner, schema, at);
            }
            number_of_fields(report, inner, schema, at);
            if schema.laws().is_some() {
                let range = owner_range(report, inner);
                laws::check(report, value, range, schema, at);
            }
        }
        (Node::Sequence(_), Type::List) => list(report, value, schema, at),
        (Node::Mapping(_) | Node::Sequence(_), _) => wrong_shape(report, value, ty, at),
    }
}

/// An object in an object says what it is.
fn embedded(report: &mut Report<'_>, object: Object<'_>, at: &At<'_>) {
    for field in ["apiVersion", "kind"] {
        if !object.says(field) && !report.is_broken(object.mapping().range()) {
            let range = owner_range(report, object);
            let message = format!("`{field}` is required in {at}: it is an object of its own");
            report.error(range, "missing-field", message);
        }
    }
}

/// What follows the word that is counted.
fn plural(allowed: &str) -> &'static str {
    if allowed.ends_with(" 1") { "" } else { "s" }
}

fn number_of_fields(report: &mut Report<'_>, object: Object<'_>, schema: Schema<'_>, at: &At<'_>) {
    let limits = schema.limits();
    let count = object.pairs().count() as u64;
    let few = limits.min_properties.filter(|least| count < *least);
    let many = limits.max_properties.filter(|most| count > *most);
    let allowed = few
        .map(|least| format!("at least {least}"))
        .or_else(|| many.map(|most| format!("at most {most}")));
    if let Some(allowed) = allowed.filter(|_| !object.has("<<")) {
        let range = owner_range(report, object);
        let message = format!(
            "`{}` must have {allowed} field{}",
            at.name(),
            plural(&allowed)
        );
        report.error(range, "out-of-range", message);
    }
}

/// Complains about a value that must be a text.
pub(super) fn text(report: &mut Report<'_>, value: Value<'_>, at: &At<'_>) {
    match value.written() {
        Node::Scalar(scalar) => scalar::not_text(report, value, scalar, at),
        _ => wrong_shape(report, value, Type::String, at),
    }
}

fn is_container(ty: Type) -> bool {
    matches!(ty, Type::Object | Type::Map | Type::List)
}

fn list(report: &mut Report<'_>, list: Value<'_>, schema: Schema<'_>, at: &At<'_>) {
    let items = list.items();
    if let Some(inner) = schema.items() {
        for (index, item) in items.iter().enumerate() {
            value(report, *item, inner, &at.item(index));
        }
    }
    match schema.list_type() {
        Some(ListType::Map(keys)) => {
            repeated(report, &items, at, |item| key_of(item, keys, schema));
        }
        Some(ListType::Set) => repeated(report, &items, at, Value::raw_text),
        Some(ListType::Atomic) | None => {}
    }
    let limits = schema.limits();
    let count = items.len() as u64;
    let few = limits.min_items.filter(|least| count < *least);
    let many = limits.max_items.filter(|most| count > *most);
    let allowed = few
        .map(|least| format!("at least {least}"))
        .or_else(|| many.map(|most| format!("at most {most}")));
    if let Some(allowed) = allowed {
        let message = format!(
            "`{}` must have {allowed} item{}",
            at.name(),
            plural(&allowed)
        );
        report.error(list.range(), "out-of-range", message);
    }
    laws::check(report, list, list.range(), schema, at);
}

/// What an item is known by, as one text; nothing where a part is missing.
fn key_of(item: Value<'_>, keys: &[String], schema: Schema<'_>) -> Option<String> {
    let object = item.object()?;
    let item = schema.items()?;
    let parts = keys.iter().map(|key| match object.get(key) {
        Some(value) => value.raw_text(),
        None => item.field(key)?.schema.default().map(|value| match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }),
    });
    let parts: Option<Vec<String>> = parts.collect();
    Some(parts?.join("/"))
}

fn repeated<'a>(
    report: &mut Report<'_>,
    items: &[Value<'a>],
    at: &At<'_>,
    key: impl Fn(Value<'a>) -> Option<String>,
) {
    let mut seen: HashMap<String, TextRange> = HashMap::new();
    for item in items {
        let Some(key) = key(*item) else {
            continue;
        };
        if let Some(first) = seen.get(&key).copied() {
            let message = format!("`{key}` stands twice in `{}`", at.name());
            let file = report.file();
            let whole = report.whole_item(item.range());
            let complaint = report.error(item.range(), "duplicate-item", message);
            complaint.related(file, first, "it stands here first");
            if let Some(whole) = whole {
                complaint.replace(format!("Remove this `{key}`"), whole, "");
            }
        } else {
            seen.insert(key, item.range());
        }
    }
}

fn required(report: &mut Report<'_>, object: Object<'_>, schema: Schema<'_>, at: &At<'_>) {
    let missing: Vec<Field<'_>> = schema
        .fields()
        .filter(|field| field.required && !object.says(field.name))
        .collect();
    if missing.is_empty() || report.is_broken(object.mapping().range()) {
        return;
    }
    for field in &missing {
        if let Some(entry) = object.entry(field.name) {
            let message = format!("`{}` in {at} needs a value", field.name);
            report.error(key_range(entry), "missing-field", message);
        }
    }
    let absent: Vec<Field<'_>> = missing
        .into_iter()
        .filter(|field| !object.has(field.name))
        .collect();
    if !absent.is_empty() {
        absent_fields(report, object, &absent, schema, at);
    }
}

fn absent_fields(
    report: &mut Report<'_>,
    object: Object<'_>,
    absent: &[Field<'_>],
    schema: Schema<'_>,
    at: &At<'_>,
) {
    let names: Vec<String> = absent
        .iter()
        .map(|field| format!("`{}`", field.name))
        .collect();
    let (last, rest) = match names.split_last() {
        Some((last, [])) => (last.clone(), String::new()),
        Some((last, rest)) => (last.clone(), format!("{} and ", rest.join(", "))),
        None => return,
    };
    let verb = if absent.len() == 1 { "is" } else { "are" };
    let message = format!("{rest}{last} {verb} required in {at}");
    let range = owner_range(report, object);
    let insertion = insertion(report, object, absent, schema);
    let complaint = report
        .error(range, "missing-field", message)
        .docs(schema.docs_url());
    if let Some((edit, snippet)) = insertion {
        complaint.fix(format!("Add {rest}{last}"), vec![edit]);
        complaint.stops(snippet);
    }
}

/// The key that the object belongs to; its own first key where there is none.
fn owner_range(report: &Report<'_>, object: Object<'_>) -> TextRange {
    let start = object.mapping().range().start();
    let place = crate::place::at(report.document(), start);
    let owner = place.entries.iter().rev().find(|entry| {
        entry
            .value()
            .and_then(Node::as_mapping)
            .is_some_and(|mapping| mapping.range() == object.mapping().range())
    });
    match owner {
        Some(entry) => key_range(*entry),
        None => object
            .mapping()
            .entries()
            .next()
            .map_or_else(|| object.mapping().range(), key_range),
    }
}

/// Where and how the missing fields are written, and the same with tab stops.
fn insertion(
    report: &Report<'_>,
    object: Object<'_>,
    absent: &[Field<'_>],
    schema: Schema<'_>,
) -> Option<(TextEdit, String)> {
    let mapping = object.mapping();
    if mapping.is_flow() {
        return Some(flow_insertion(mapping, absent));
    }
    let column = report.column(mapping.entries().next()?.range().start());
    let layout = report.layout(mapping.range().start());
    let label = object.object("template").and_then(pod_label);
    let written = |writer: Writer<'_>| {
        let writer = writer.selecting(label.clone());
        skeleton::lines(writer, schema, absent, column)
    };
    let edit = TextEdit {
        range: TextRange::empty(mapping.entries().last()?.range().end()),
        insert: written(Writer::plain(layout)),
    };
    Some((edit, written(Writer::snippet(layout, 1))))
}

/// The missing fields as the first of a mapping in braces.
fn flow_insertion(mapping: Mapping<'_>, absent: &[Field<'_>]) -> (TextEdit, String) {
    let value = |field: &Field<'_>| skeleton::flow_value(*field);
    let plain = absent
        .iter()
        .map(|field| format!("{}: {}", field.name, value(field)));
    let stops = (1..)
        .zip(absent)
        .map(|(stop, field)| match value(field).split_at_checked(1) {
            Some((open @ ("{" | "[" | "\""), close)) => {
                format!("{}: {open}${stop}{}", field.name, close.replace('}', "\\}"))
            }
            _ => format!("{}: ${{{stop}:{}}}", field.name, value(field)),
        });
    let comma = if mapping.entries().next().is_none() {
        ""
    } else {
        ", "
    };
    let edit = TextEdit {
        range: TextRange::empty(mapping.range().start() + TextSize::from(1)),
        insert: plain.collect::<Vec<_>>().join(", ") + comma,
    };
    (edit, stops.collect::<Vec<_>>().join(", ") + comma)
}

/// The label by which the pods of a template are best selected.
fn pod_label(template: Object<'_>) -> Option<(String, String)> {
    const NAMES: [&str; 3] = ["app.kubernetes.io/name", "app", "k8s-app"];
    let labels = template.object("metadata")?.object("labels")?;
    let all: Vec<(String, String)> = labels
        .pairs()
        .filter_map(|(key, _, value)| Some((key, value?.text()?)))
        .collect();
    let known = all.iter().find(|(key, _)| NAMES.contains(&key.as_str()));
    known.or(all.first()).cloned()
}

fn scalar_for_container(
    report: &mut Report<'_>,
    value: Value<'_>,
    schema: Schema<'_>,
    at: &At<'_>,
) {
    if value.is_null() {
        return;
    }
    match schema.ty() {
        Type::Object => scalar_for_object(report, value, schema, at),
        ty => wrong_shape(report, value, ty, at),
    }
}

/// `- regcred` where `- name: regcred` is meant, `strategy: Recreate` where it is its `type`.
fn scalar_for_object(report: &mut Report<'_>, value: Value<'_>, schema: Schema<'_>, at: &At<'_>) {
    let mut message = format!("{} must be an object, not a plain value", at.words());
    let text = report.text(value.range());
    let field = meant_field(schema, value).filter(|_| !text.contains('\n'));
    let is_item = matches!(at, At::Item(..));
    if let Some(field) = field {
        let dash = if is_item { "- " } else { "" };
        message = format!("{message}: write `{dash}{field}: {text}`");
    }
    let in_block = is_item && !report.is_in_flow(value.range().start());
    let complaint = report.error(value.range(), "type", message);
    if let Some(field) = field {
        let insert = if in_block {
            format!("{field}: {text}")
        } else {
            format!("{{{field}: {text}}}")
        };
        complaint.replace(format!("Change to `{insert}`"), value.range(), insert);
    }
}

/// The field of an object that a plain value was most likely meant to be.
fn meant_field<'a>(schema: Schema<'a>, value: Value<'_>) -> Option<&'a str> {
    let json = value.json()?;
    let fits = |field: &Field<'a>| match field.schema.ty() {
        Type::String => json.is_string(),
        Type::Integer => json.is_number(),
        _ => false,
    };
    let listed = |field: &Field<'a>| field.schema.enum_values().contains(&json);
    let fields = || schema.fields().filter(fits);
    let only = |mut fields: Vec<Field<'a>>| fields.pop().filter(|_| fields.is_empty());
    let meant = fields()
        .find(listed)
        .or_else(|| only(schema.fields().filter(|field| field.required).collect()))
        .or_else(|| fields().find(|field| field.name == "name"))
        .or_else(|| only(fields().filter(|_| json.is_number()).collect()));
    meant.filter(fits).map(|field| field.name)
}

fn wrong_shape(report: &mut Report<'_>, value: Value<'_>, ty: Type, at: &At<'_>) {
    let found = match value.written() {
        Node::Mapping(_) => "an object",
        Node::Sequence(_) => "a list",
        Node::Scalar(_) | Node::Alias(_) => "a plain value",
    };
    let hint = match (ty, value.written()) {
        (Type::List, _) => ": start each item with `- `",
        (_, Node::Sequence(_)) if is_container(ty) => ": write the fields without `- `",
        (Type::String, Node::Mapping(_)) if at.name() == "matchLabels" => {
            ": this selector has its labels without `matchLabels`"
        }
        _ => "",
    };
    let wanted = scalar::with_article(ty);
    let message = format!("{} must be {wanted}, not {found}{hint}", at.words());
    let flow_list = match value.written() {
        Node::Scalar(scalar) if ty == Type::List => Some(scalar.range()),
        _ => None,
    };
    let written = flow_list.map(|range| report.text(range));
    let range = match value.written() {
        Node::Scalar(_) | Node::Alias(_) => value.range(),
        Node::Mapping(_) | Node::Sequence(_) => first_key(value),
    };
    let complaint = report.error(range, "type", message);
    if let (Some(range), Some(written)) = (flow_list, written) {
        let list = format!("[{written}]");
        complaint.replace(format!("Make it a list: `{list}`"), range, list);
    }
}

fn first_key(value: Value<'_>) -> TextRange {
    let mapping = value.written().as_mapping();
    mapping
        .and_then(|mapping| mapping.entries().next())
        .map_or_else(|| value.range(), key_range)
}
