//! Words of a schema in a custom resource definition: where they may stand, and with which others.

use super::{choice, is, place, refuse};
use crate::diagnostics::report::{Report, key_range};
use crate::object::{Object, Value};

const STRUCTURAL: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema";

const CODE: &str = "crd-schema";

/// Judges one schema, not those in it.
pub(super) fn check(report: &mut Report<'_>, schema: Object<'_>) {
    types(report, schema);
    lists(report, schema);
    maps(report, schema);
    alternatives(report, schema);
    pattern(report, schema);
    default(report, schema);
}

/// Words that say something only with one `type`, or without any.
fn types(report: &mut Report<'_>, schema: Object<'_>) {
    let ty = schema.text("type").unwrap_or_default();
    let is_embedded = is(schema, "x-kubernetes-embedded-resource", true);
    if is_embedded && !ty.is_empty() && ty != "object" {
        let message = "`x-kubernetes-embedded-resource` needs `type: object`";
        say(report, schema, "type", message);
    }
    let is_open = is(schema, "x-kubernetes-preserve-unknown-fields", true);
    if is_embedded
        && !is_open
        && !schema.says("properties")
        && !report.is_broken(schema.mapping().range())
    {
        let message = "`x-kubernetes-embedded-resource` needs `properties`, or `x-kubernetes-preserve-unknown-fields: true`";
        say(report, schema, "x-kubernetes-embedded-resource", message);
    }
    for field in [
        "x-kubernetes-preserve-unknown-fields",
        "additionalProperties",
    ] {
        if is(schema, field, false) {
            let message = format!("`{field}: false` is not taken: leave it out");
            say(report, schema, field, message);
        }
    }
    if is(schema, "uniqueItems", true) {
        let message = "`uniqueItems` is not taken: write `x-kubernetes-list-type: set`";
        say(report, schema, "uniqueItems", message);
    }
}

fn lists(report: &mut Report<'_>, schema: Object<'_>) {
    const TYPES: [&str; 3] = ["atomic", "map", "set"];
    let ty = schema.text("type").unwrap_or_default();
    let list = schema.text("x-kubernetes-list-type").unwrap_or_default();
    if !list.is_empty() && !TYPES.contains(&list.as_str()) {
        let message = format!("`{list}` is no type of list; use {}", choice(&TYPES, "or"));
        say(report, schema, "x-kubernetes-list-type", message);
    } else if !list.is_empty() && !ty.is_empty() && ty != "array" {
        let message = "`x-kubernetes-list-type` needs `type: array`";
        say(report, schema, "x-kubernetes-list-type", message);
    }
    let keys = schema.items("x-kubernetes-list-map-keys");
    if !keys.is_empty() && list != "map" {
        let message = "`x-kubernetes-list-map-keys` needs `x-kubernetes-list-type: map`";
        let range = schema.key_range("x-kubernetes-list-map-keys");
        report
            .error(range, CODE, message)
            .docs(STRUCTURAL.to_owned());
    }
    let Some(items) = schema.object("items") else {
        return;
    };
    let of_objects = items.text("type").as_deref() == Some("object");
    let is_atomic = items.text("x-kubernetes-map-type").as_deref() == Some("atomic");
    if list == "set" && of_objects && !is_atomic {
        let message = "items of a set are plain values, or have `x-kubernetes-map-type: atomic`";
        say(report, schema, "x-kubernetes-list-type", message);
    }
    if list == "map" {
        map_keys(report, &keys, items);
    }
}

/// The fields by which items are known.
fn map_keys(report: &mut Report<'_>, keys: &[Value<'_>], items: Object<'_>) {
    let properties = items.object("properties");
    let required = items.items("required");
    for key in keys {
        let Some(name) = key.text() else {
            continue;
        };
        let property = properties.and_then(|properties| properties.object(&name));
        let is_required = required
            .iter()
            .any(|it| it.text().as_deref() == Some(&name));
        let message = match property {
            None => format!("the items have no field `{name}`"),
            Some(property) if !is_required && !property.has("default") => {
                format!("items are known by `{name}`: it must be `required`, or have a `default`")
            }
            Some(_) => continue,
        };
        if !report.is_broken(items.mapping().range()) {
            report
                .error(key.range(), CODE, message)
                .docs(STRUCTURAL.to_owned());
        }
    }
}

fn maps(report: &mut Report<'_>, schema: Object<'_>) {
    const TYPES: [&str; 2] = ["atomic", "granular"];
    let ty = schema.text("type").unwrap_or_default();
    let map = schema.text("x-kubernetes-map-type").unwrap_or_default();
    if map.is_empty() {
        return;
    }
    if !TYPES.contains(&map.as_str()) {
        let message = format!("`{map}` is no type of map; use {}", choice(&TYPES, "or"));
        say(report, schema, "x-kubernetes-map-type", message);
    } else if !ty.is_empty() && ty != "object" {
        let message = "`x-kubernetes-map-type` needs `type: object`";
        say(report, schema, "x-kubernetes-map-type", message);
    }
}

/// Words that belong outside of `anyOf` and its like.
const STRUCTURE: [&str; 9] = [
    "additionalProperties",
    "default",
    "description",
    "nullable",
    "title",
    "type",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-preserve-unknown-fields",
];

/// `allOf`, `anyOf`, `oneOf` and `not` say what a value must be like, never what it is.
fn alternatives(report: &mut Report<'_>, schema: Object<'_>) {
    let of_number_or_text = is(schema, "x-kubernetes-int-or-string", true);
    for field in ["allOf", "anyOf", "oneOf"] {
        for part in schema.objects(field) {
            alternative(report, schema, part, field, of_number_or_text);
        }
    }
    if let Some(part) = schema.object("not") {
        alternative(report, schema, part, "not", false);
    }
}

fn alternative(
    report: &mut Report<'_>,
    schema: Object<'_>,
    part: Object<'_>,
    word: &str,
    of_number_or_text: bool,
) {
    for (key, entry, _) in part.pairs() {
        // `anyOf: [{type: integer}, {type: string}]` is how everyone says what the mark says.
        let is_usual = key == "type" && of_number_or_text;
        if STRUCTURE.contains(&key.as_str()) && !is_usual {
            let message = format!("`{key}` is not taken below `{word}`: it belongs beside it");
            report
                .error(key_range(entry), CODE, message)
                .docs(STRUCTURAL.to_owned());
        }
    }
    let known = schema.object("properties");
    for (key, entry, value) in part
        .object("properties")
        .into_iter()
        .flat_map(Object::pairs)
    {
        match known.and_then(|known| known.object(&key)) {
            None => {
                let message = format!("`{key}` must stand in the `properties` beside `{word}` too");
                report
                    .error(key_range(entry), CODE, message)
                    .docs(STRUCTURAL.to_owned());
            }
            Some(outer) => {
                if let Some(inner) = value.and_then(Value::object) {
                    alternative(report, outer, inner, word, false);
                }
            }
        }
    }
}

/// Expressions as Go reads them.
fn pattern(report: &mut Report<'_>, schema: Object<'_>) {
    // What only one of the two readers refuses is left alone.
    const PLAIN: [&str; 6] = [
        "unclosed group",
        "unopened group",
        "unclosed character class",
        "look-around",
        "backreferences",
        "repetition operator missing expression",
    ];
    let Some(Err(error)) = schema.text("pattern").map(|it| regex::Regex::new(&it)) else {
        return;
    };
    let error = error.to_string();
    if let Some(plain) = PLAIN.iter().find(|plain| error.contains(**plain)) {
        let message = format!("the API server cannot read this pattern: {plain}");
        say(report, schema, "pattern", message);
    }
}

/// A default must fit the schema that it is for.
fn default(report: &mut Report<'_>, schema: Object<'_>) {
    let Some(value) = schema.get("default") else {
        return;
    };
    let Some(json) = value.json().filter(|json| !json.is_null()) else {
        return;
    };
    let ty = schema.text("type").unwrap_or_default();
    let fits = match ty.as_str() {
        "string" => json.is_string(),
        "boolean" => json.is_boolean(),
        "integer" => json.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => json.is_number(),
        "object" => json.is_object(),
        "array" => json.is_array(),
        _ => true,
    };
    let allowed: Vec<_> = schema.items("enum").into_iter().map(Value::json).collect();
    let bound = |field: &str| schema.get(field).and_then(Value::json)?.as_f64();
    let number = json.as_f64();
    let message = if !fits {
        format!("the default does not fit `type: {ty}`")
    } else if !allowed.is_empty() && !allowed.contains(&Some(json.clone())) {
        "the default is none of the values of `enum`".to_owned()
    } else if number
        .zip(bound("minimum"))
        .is_some_and(|(number, least)| number < least)
    {
        "the default is below `minimum`".to_owned()
    } else if number
        .zip(bound("maximum"))
        .is_some_and(|(number, most)| number > most)
    {
        "the default is above `maximum`".to_owned()
    } else if !fits_pattern(schema, json.as_str()) {
        "the default does not fit `pattern`".to_owned()
    } else {
        return;
    };
    let range = place(schema, "default");
    report
        .error(range, CODE, message)
        .docs(STRUCTURAL.to_owned());
}

fn fits_pattern(schema: Object<'_>, text: Option<&str>) -> bool {
    let pattern = schema.text("pattern");
    let pattern = pattern.and_then(|pattern| regex::Regex::new(&pattern).ok());
    pattern
        .zip(text)
        .is_none_or(|(pattern, text)| pattern.is_match(text))
}

fn say(report: &mut Report<'_>, schema: Object<'_>, field: &str, message: impl Into<String>) {
    refuse(report, schema, field, CODE, message).docs(STRUCTURAL.to_owned());
}
