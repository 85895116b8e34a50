//! What the schema says, as `CommonMark`.

use k8s_schemas::{Deprecation, Field, Gvk, KindInfo, Schema, Type, docs, release};

use crate::{enums, skeleton};

/// How many values of a closed list are shown.
const MAX_CHOICES: usize = 12;

/// A field: its type, what it must be, what it is for, where to read on.
pub(crate) fn field(owner: Schema<'_>, field: &Field<'_>) -> String {
    let mut parts = vec![head(field)];
    parts.extend(facts(owner, field));
    parts.extend(field.description().map(clean));
    parts.extend(links(owner, field));
    parts.join("\n\n")
}

fn head(field: &Field<'_>) -> String {
    let mut head = format!("**{}** `{}`", field.name, type_name(field.schema));
    if field.required {
        head.push_str(" · required");
    }
    if field.is_deprecated() {
        head.push_str(" · deprecated");
    }
    if field.schema.is_read_only() {
        head.push_str(" · written by the system");
    }
    head
}

/// The type in words: `Container[]`, `map of string`.
pub(crate) fn type_name(schema: Schema<'_>) -> String {
    match schema.ty() {
        Type::List => match schema.items() {
            Some(items) => format!("{}[]", type_name(items)),
            None => "list".to_owned(),
        },
        Type::Map => match schema.values() {
            Some(values) => format!("map of {}", type_name(values)),
            None => "map".to_owned(),
        },
        Type::Object => match skeleton::short_name(schema) {
            "" => "object".to_owned(),
            name => name.to_owned(),
        },
        ty => ty.name().to_owned(),
    }
}

fn facts(owner: Schema<'_>, field: &Field<'_>) -> Option<String> {
    let schema = field.schema;
    let mut facts = Vec::new();
    let default = schema.default().map(plain);
    let default = default.or_else(|| told_default(field.description()?).map(str::to_owned));
    facts.extend(default.map(|default| format!("Default: `{default}`")));
    facts.extend(choices(owner, field));
    let limits = schema.limits();
    let range = match (limits.minimum, limits.maximum) {
        (Some(least), Some(most)) => Some(format!("From {least} to {most}")),
        (Some(least), None) => Some(format!("At least {least}")),
        (None, Some(most)) => Some(format!("At most {most}")),
        (None, None) => None,
    };
    facts.extend(range);
    (!facts.is_empty()).then(|| facts.join("\n\n"))
}

/// The default that the documentation tells, where it is one plain word: `Defaults to 10.`
fn told_default(description: &str) -> Option<&str> {
    let starts = [
        "Defaults to ",
        "Default to ",
        "Default is ",
        "default to ",
        "defaults to ",
    ];
    let mut ends = starts.iter().filter_map(|start| {
        let (_, rest) = description.split_once(start)?;
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        let ends_sentence = word.ends_with('.') || after.is_empty() || after.starts_with("second");
        let word = word
            .trim_end_matches(['.', ','])
            .trim_matches(['"', '`', '\'']);
        let is_value = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '%');
        (ends_sentence && is_value).then_some(word)
    });
    // Articles and the like begin a longer explanation.
    ends.find(|word| !["the", "a", "an", "empty", "nil", "none"].contains(word))
}

/// The values of a closed list: each with what it does where that is known.
fn choices(owner: Schema<'_>, field: &Field<'_>) -> Option<String> {
    let own = field.schema.enum_values();
    let of_items = field.schema.items().map(Schema::enum_values);
    let values = if own.is_empty() { of_items? } else { own };
    if values.is_empty() {
        return None;
    }
    let shown = values.iter().take(MAX_CHOICES);
    let shown: Vec<(String, Option<&str>)> = shown
        .map(|value| {
            let text = plain(value);
            let meaning = enums::meaning(skeleton::short_name(owner), field.name, &text);
            (text, meaning)
        })
        .collect();
    if shown.iter().any(|(_, meaning)| meaning.is_some()) {
        let lines = shown.iter().map(|(text, meaning)| match meaning {
            Some(meaning) => format!("- `{text}`: {meaning}"),
            None => format!("- `{text}`"),
        });
        return Some(lines.collect::<Vec<_>>().join("\n"));
    }
    let words: Vec<String> = shown.iter().map(|(text, _)| format!("`{text}`")).collect();
    let more = if values.len() > MAX_CHOICES {
        ", …"
    } else {
        ""
    };
    Some(format!("One of {}{more}", words.join(", ")))
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) if !text.is_empty() => text.clone(),
        other => other.to_string(),
    }
}

/// The reference of the field's own type, or of what it stands in, and the page on the subject.
fn links(owner: Schema<'_>, field: &Field<'_>) -> Option<String> {
    let inner = match field.schema.ty() {
        Type::List => field.schema.items().and_then(Schema::docs_url),
        // Their pages say nothing of the field.
        Type::IntOrString | Type::Quantity => None,
        _ => field.schema.docs_url(),
    };
    let reference = inner.or_else(|| owner.docs_url());
    let concept = docs::field_concept_url(owner.definition().unwrap_or_default(), field.name);
    joined(reference, concept)
}

fn joined(reference: Option<String>, concept: Option<String>) -> Option<String> {
    let links = [
        reference.map(|url| format!("[Reference]({url})")),
        concept.map(|url| format!("[Guide]({url})")),
    ];
    let links: Vec<String> = links.into_iter().flatten().collect();
    (!links.is_empty()).then(|| links.join(" · "))
}

/// A kind: what it is for, what became of it, where to read on.
pub(crate) fn kind(info: KindInfo<'_>) -> String {
    let gvk = info.gvk();
    let scope = if info.is_namespaced() {
        "in a namespace"
    } else {
        "for the whole cluster"
    };
    let mut parts = vec![format!(
        "**{}** `{}` · {scope}",
        gvk.kind,
        gvk.api_version()
    )];
    parts.extend(release::deprecation(&gvk).map(fate));
    parts.extend(info.schema().description().map(clean));
    let concept = docs::concept_url(&gvk.group, &gvk.kind);
    parts.extend(joined(info.schema().docs_url(), concept));
    parts.join("\n\n")
}

/// A kind that the release no longer serves.
pub(crate) fn removed(gvk: &Gvk) -> Option<String> {
    let deprecation = release::deprecation(gvk)?;
    let head = format!("**{}** `{}`", gvk.kind, gvk.api_version());
    let guide = format!("[Guide]({})", docs::deprecation_guide_url());
    Some([head, fate(deprecation), guide].join("\n\n"))
}

fn fate(deprecation: &Deprecation) -> String {
    let mut fate = format!("Deprecated since Kubernetes 1.{}", deprecation.deprecated);
    if let Some(removed) = deprecation.removed {
        fate = format!("{fate}, removed in 1.{removed}");
    }
    if let Some((api_version, kind)) = deprecation.replacement {
        fate = format!("{fate}; write `{api_version}` {kind}");
    }
    fate
}

/// A line whose `<` begins no tag; between backticks it is text already.
fn escaped(line: &str) -> String {
    let parts = line.split('`').enumerate();
    let parts: Vec<String> = parts
        .map(|(number, part)| match number % 2 {
            0 => part.replace('<', "\\<"),
            _ => part.to_owned(),
        })
        .collect();
    parts.join("`")
}

/// The text of the documentation as paragraphs, with words that would be marks escaped.
fn clean(text: &str) -> String {
    let lines = text.trim().lines().map(|line| escaped(line.trim_end()));
    let text = lines.collect::<Vec<_>>().join("\n");
    // Items of lists that were joined into one line get their lines back.
    let joined = [
        (": - ", ":\n- "),
        (". - ", ".\n- "),
        (": * ", ":\n* "),
        (". * ", ".\n* "),
    ];
    let text = joined
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to));
    text.replace("\n\n\n", "\n\n")
}
