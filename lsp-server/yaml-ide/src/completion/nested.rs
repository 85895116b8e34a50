//! What stands below a key, chosen behind its colon.

use k8s_schemas::{Schema, Type};
use yaml_syntax::{PathSegment, TextRange, TextSize};

use super::context::Style;
use super::{CompletionKind, Found, Site, keys, outline};
use crate::rename::TextEdit;
use crate::{markdown, skeleton};

/// Offers the lines that begin the value of a key; nothing where it has one already.
pub(super) fn complete(site: &Site<'_>, schema: Schema<'_>, found: &mut Found<'_>) {
    let context = site.context;
    match (site.path.last(), context.style, context.quote) {
        (Some(PathSegment::Key(_)), Style::Block, None) => below(site, schema, found),
        (Some(PathSegment::Index(_)), Style::Flow | Style::Json, None) => item(site, schema, found),
        _ => {}
    }
}

fn below(site: &Site<'_>, schema: Schema<'_>, found: &mut Found<'_>) {
    let Some((owner, blanks)) = site.owner().zip(blanks_before(site)) else {
        return;
    };
    let Some(field) = site.key().and_then(|key| owner.field(key)) else {
        return;
    };
    let empty = matches!(
        skeleton::short_name(schema),
        "EmptyDirVolumeSource" | "LabelSelector"
    );
    if empty {
        found.push("{}", CompletionKind::Value, "{}".to_owned());
    }
    let (text, _) = keys::block_field(site, owner, field);
    let Some(text) = text.get(field.name.len() + 1..) else {
        return;
    };
    let name = match schema.items() {
        Some(items) => format!("- {}", markdown::type_name(items)),
        None => markdown::type_name(schema),
    };
    let item = found.push(&name, CompletionKind::Snippet, String::new());
    text.clone_into(&mut item.insert);
    item.is_snippet = true;
    item.retrigger = keys::is_empty_block(text);
    item.detail = match schema.ty() {
        Type::List => "a new item".to_owned(),
        _ => "its fields, in lines".to_owned(),
    };
    // No blank is left behind the colon.
    item.additional_edits.extend(blanks);
}

/// The blanks between the colon and the cursor, as edits that take them away; `None` where the
/// line goes on or the value stands below.
fn blanks_before(site: &Site<'_>) -> Option<Vec<TextEdit>> {
    let context = site.context;
    let source = site.analysis.parse(site.file)?.source();
    let at = context.token.start();
    let row = source.line_col(at).line;
    let line = source.line_range(row);
    let rest = source.slice(TextRange::new(at, line.end()));
    let deeper = outline::indent_below(source, row).is_some_and(|it| it > context.column);
    let items = outline::dash_below(source, row) == Some(context.column);
    if !rest.trim().is_empty() || deeper || items {
        return None;
    }
    let before = source.slice(TextRange::new(line.start(), at));
    let count = before.len() - before.trim_end_matches(' ').len();
    let range = TextRange::new(at - TextSize::from(count as u32), at);
    let edit = (count > 0).then(|| TextEdit {
        range,
        insert: String::new(),
    });
    Some(edit.into_iter().collect())
}

/// An object in brackets, with the fields that one of its sort always has.
fn item(site: &Site<'_>, schema: Schema<'_>, found: &mut Found<'_>) {
    let context = site.context;
    let fields = skeleton::expected(schema);
    if schema.ty() != Type::Object || fields.is_empty() {
        return;
    }
    let json = context.style == Style::Json;
    let pairs = fields.iter().zip(1..).map(|(field, stop)| {
        let key = if json {
            format!("\"{}\"", field.name)
        } else {
            field.name.to_owned()
        };
        match field.schema.ty() {
            Type::Object | Type::Map => format!("{key}: {{${stop}}}"),
            Type::List => format!("{key}: [${stop}]"),
            Type::String if json => format!("{key}: \"${stop}\""),
            _ => format!("{key}: ${stop}"),
        }
    });
    let comma = if context.needs_comma { "," } else { "" };
    let text = format!("{{{}}}{comma}", pairs.collect::<Vec<_>>().join(", "));
    let item = found.push(&markdown::type_name(schema), CompletionKind::Snippet, text);
    item.is_snippet = true;
    "a new item".clone_into(&mut item.detail);
}
