//! What a custom resource definition says by `allOf`, `anyOf`, `oneOf` and `not`.

use k8s_schemas::{Schema, Type};
use serde_json::{Map, Value as Json};
use yaml_syntax::TextRange;

use super::at::At;
use super::report::Report;
use super::rules::choice;
use crate::formats::placeholder;
use crate::object::Value;

const CRD: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation";

/// Judges a value that has the right type; `range` is what is underlined.
pub(super) fn check(
    report: &mut Report<'_>,
    value: Value<'_>,
    range: TextRange,
    schema: Schema<'_>,
    at: &At<'_>,
) {
    let Some(laws) = schema.laws() else {
        return;
    };
    let json = value
        .node()
        .and_then(|node| yaml_syntax::json::node(value.document(), node).ok());
    let written = report.text(value.range());
    let Some(mut json) = json.filter(|_| !placeholder::is_in(&written)) else {
        return;
    };
    if report.is_broken(value.range()) {
        return;
    }
    fill_in(&mut json, schema);
    for (word, law) in laws.as_object().into_iter().flatten() {
        if let Some(broken) = broken(word, law, &json) {
            let message = format!("`{}` {broken}", at.name());
            report
                .error(range, "alternatives", message)
                .docs(CRD.to_owned());
        }
    }
}

/// As the server does before it judges: defaults come in, and what says nothing goes.
fn fill_in(json: &mut Json, schema: Schema<'_>) {
    match json {
        Json::Object(object) => {
            for field in schema.fields() {
                let default = field.schema.default();
                let is_empty = object.get(field.name).is_none_or(Json::is_null);
                if is_empty && !field.schema.is_nullable() {
                    object.remove(field.name);
                    if let Some(default) = default {
                        object.insert(field.name.to_owned(), default.clone());
                    }
                }
                if let Some(inner) = object.get_mut(field.name) {
                    fill_in(inner, field.schema);
                }
            }
        }
        Json::Array(items) if schema.ty() == Type::List => {
            if let Some(inner) = schema.items() {
                for item in items {
                    fill_in(item, inner);
                }
            }
        }
        _ => {}
    }
}

/// What is wrong, in words that follow the name of the value.
fn broken(word: &str, law: &Json, json: &Json) -> Option<String> {
    if word == "not" {
        return (fits(json, law)?).then(|| forbidden(law));
    }
    let parts = law.as_array()?;
    let fitting: Option<Vec<bool>> = parts.iter().map(|part| fits(json, part)).collect();
    let n_fitting = fitting?.into_iter().filter(|fits| *fits).count();
    let fields = fields_needed(parts);
    let fields = fields.as_deref();
    match (word, n_fitting) {
        ("allOf", number) if number < parts.len() => {
            let first = parts.iter().find(|part| fits(json, part) == Some(false));
            let shown = first.map(Json::to_string).unwrap_or_default();
            Some(format!("does not fit what its definition wants: {shown}"))
        }
        ("anyOf" | "oneOf", 0) => Some(match fields {
            Some(fields) => format!("needs one of {}", choice(fields, "or")),
            None => format!("fits none of the alternatives of its definition: {law}"),
        }),
        ("oneOf", 2..) => Some(match fields {
            Some(fields) => format!("takes only one of {}", choice(fields, "and")),
            None => format!(
                "fits {n_fitting} of the alternatives of its definition, and must fit one: {law}"
            ),
        }),
        _ => None,
    }
}

fn forbidden(law: &Json) -> String {
    match fields_needed(std::slice::from_ref(law)) {
        Some(fields) => format!("does not take {}", choice(&fields, "and")),
        None => format!("is what its definition forbids: {law}"),
    }
}

/// The fields of alternatives that each want one field to be there, and say no more.
fn fields_needed(parts: &[Json]) -> Option<Vec<&str>> {
    let field = |part| -> Option<&str> {
        let part: &Map<String, Json> = Json::as_object(part)?;
        match part.get("required")?.as_array()?.as_slice() {
            [only] if part.len() == 1 => only.as_str(),
            _ => None,
        }
    };
    parts.iter().map(field).collect()
}

/// Whether a value fits a schema without types; `None` where the schema has an unknown word.
fn fits(json: &Json, law: &Json) -> Option<bool> {
    let mut all = true;
    for (word, wanted) in law.as_object()? {
        all &= keyword(json, word, wanted, law)?;
    }
    Some(all)
}

fn keyword(json: &Json, word: &str, wanted: &Json, law: &Json) -> Option<bool> {
    let number = json.as_f64();
    let is_exclusive = |word: &str| law.get(word) == Some(&Json::Bool(true));
    let bound = |fits: fn(f64, f64) -> bool| {
        Some(number.is_none_or(|it| wanted.as_f64().is_none_or(|most| fits(it, most))))
    };
    let length = |size: Option<usize>, fits: fn(u64, u64) -> bool| {
        let wanted = wanted.as_u64()?;
        Some(size.is_none_or(|size| fits(size as u64, wanted)))
    };
    let characters = || json.as_str().map(|text| text.chars().count());
    let items = || json.as_array().map(Vec::len);
    let entries = || json.as_object().map(Map::len);
    match word {
        "required" => {
            let mut names = wanted.as_array()?.iter().filter_map(Json::as_str);
            Some(
                json.as_object()
                    .is_none_or(|object| names.all(|name| object.contains_key(name))),
            )
        }
        "properties" => {
            let mut all = true;
            for (name, inner) in wanted.as_object()? {
                if let Some(value) = json.get(name) {
                    all &= fits(value, inner)?;
                }
            }
            Some(all)
        }
        "items" => {
            let mut all = true;
            for item in json.as_array().into_iter().flatten() {
                all &= fits(item, wanted)?;
            }
            Some(all)
        }
        "enum" => Some(wanted.as_array()?.contains(json)),
        "pattern" => {
            let pattern = regex::Regex::new(wanted.as_str()?).ok()?;
            Some(json.as_str().is_none_or(|text| pattern.is_match(text)))
        }
        "minimum" if is_exclusive("exclusiveMinimum") => bound(|it, least| it > least),
        "minimum" => bound(|it, least| it >= least),
        "maximum" if is_exclusive("exclusiveMaximum") => bound(|it, most| it < most),
        "maximum" => bound(|it, most| it <= most),
        "exclusiveMinimum" | "exclusiveMaximum" => wanted.as_bool().map(|_| true),
        "multipleOf" => bound(is_multiple),
        "minLength" => length(characters(), |size, least| size >= least),
        "maxLength" => length(characters(), |size, most| size <= most),
        "minItems" => length(items(), |size, least| size >= least),
        "maxItems" => length(items(), |size, most| size <= most),
        "minProperties" => length(entries(), |size, least| size >= least),
        "maxProperties" => length(entries(), |size, most| size <= most),
        "not" => Some(!fits(json, wanted)?),
        "allOf" | "anyOf" | "oneOf" => {
            let fitting: Option<Vec<bool>> = wanted
                .as_array()?
                .iter()
                .map(|part| fits(json, part))
                .collect();
            let fitting = fitting?;
            Some(match (word, fitting.iter().filter(|fits| **fits).count()) {
                ("allOf", number) => number == fitting.len(),
                ("anyOf", number) => number > 0,
                (_, number) => number == 1,
            })
        }
        _ => None,
    }
}

/// Whether a number is a multiple of another, as far as binary fractions can tell.
pub(super) fn is_multiple(number: f64, of: f64) -> bool {
    let times = number / of;
    of <= 0.0 || (times - times.round()).abs() < 1e-9
}
