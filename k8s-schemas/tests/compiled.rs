//! The sources of k8s-openapi, read as text, against the same package, compiled.

use k8s_schemas::{KubeRelease, Schema, SchemaSet, Type};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

macro_rules! each_kind {
    ($($kind:path,)*) => {
        fn add_all(generator: &mut SchemaGenerator) {
            $(generator.subschema_for::<$kind>();)*
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/newest_kinds.rs"));

const JSON: &str = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON";

type Definitions = Map<String, Value>;

fn compiled() -> Definitions {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    add_all(&mut generator);
    generator.take_definitions(true)
}

#[test]
fn the_newest_release_is_what_its_package_compiles_to() {
    let compiled = compiled();
    let set = SchemaSet::builtin();
    let schemas = set.release(KubeRelease::NEWEST);
    let mut mended = Vec::new();
    for (name, json) in &compiled {
        let read = schemas.definition(name);
        let read = read.unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!(type_of_schema(read), type_of_json(json), "{name}");
        assert_eq!(read.description(), json["description"].as_str(), "{name}");
        compare_fields(name, read, json, &compiled, &mut mended);
    }
    assert_eq!(compiled.len(), 766);
    // Where the package requires more than an API server does: on kinds, and on 8 references.
    let fields = |name| {
        let last = mended
            .iter()
            .filter_map(|path: &String| path.rsplit('.').next());
        last.filter(|last| *last == name).count()
    };
    assert_eq!(
        (fields("metadata"), fields("name"), mended.len()),
        (101, 8, 109)
    );
}

fn compare_fields(
    name: &str,
    read: Schema<'_>,
    json: &Value,
    compiled: &Definitions,
    mended: &mut Vec<String>,
) {
    let Value::Object(properties) = &json["properties"] else {
        // A choice of types shows the fields of one of them.
        assert!(read.ty() == Type::Any || read.fields().len() == 0, "{name}");
        return;
    };
    let required = json["required"].as_array().into_iter().flatten();
    let required: BTreeSet<&str> = required.filter_map(Value::as_str).collect();
    let names: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
    assert_eq!(
        read.fields()
            .map(|field| field.name)
            .collect::<BTreeSet<_>>(),
        names,
        "{name}"
    );
    for field in read.fields() {
        let path = format!("{name}.{}", field.name);
        let json = &properties[field.name];
        assert_eq!(shape_of_schema(field.schema), shape_of_json(json), "{path}");
        assert_eq!(field.description(), description(json, compiled), "{path}");
        if required.contains(field.name) && !field.required {
            mended.push(path);
        } else if path != "io.k8s.api.events.v1.Event.eventTime" {
            // The one field that an API server requires and the package does not.
            assert_eq!(required.contains(field.name), field.required, "{path}");
        }
    }
}

/// What is said of a place, or else of the type that it refers to.
fn description<'a>(json: &'a Value, compiled: &'a Definitions) -> Option<&'a str> {
    let own = json["description"].as_str();
    own.or_else(|| compiled.get(reference(json)?)?["description"].as_str())
}

fn reference(json: &Value) -> Option<&str> {
    json["$ref"].as_str()?.rsplit('/').next()
}

/// A type below a definition: references by name.
fn shape_of_json(json: &Value) -> String {
    if let Some(name) = reference(json) {
        return name.to_owned();
    }
    match (&json["items"], &json["additionalProperties"]) {
        (items @ Value::Object(_), _) => format!("list of {}", shape_of_json(items)),
        (_, values @ Value::Object(_)) => format!("map of {}", shape_of_json(values)),
        _ => type_of_json(json),
    }
}

fn shape_of_schema(schema: Schema<'_>) -> String {
    if let Some(name) = schema.definition() {
        return name.to_owned();
    }
    match (schema.items(), schema.values()) {
        (Some(items), _) => format!("list of {}", shape_of_schema(items)),
        (_, Some(values)) => format!("map of {}", shape_of_schema(values)),
        _ => type_of_schema(schema),
    }
}

fn type_of_json(json: &Value) -> String {
    let ty = json["type"].as_str().unwrap_or("any");
    format!("{ty} {}", json["format"].as_str().unwrap_or(""))
}

/// As the package writes types: it knows neither `int-or-string` nor quantities, and calls any
/// JSON value an object.
fn type_of_schema(schema: Schema<'_>) -> String {
    let any_json = schema.definition() == Some(JSON);
    let ty = match schema.ty() {
        Type::Any if any_json => "object",
        Type::Any | Type::IntOrString | Type::Quantity => "any",
        other => other.name(),
    };
    format!("{ty} {}", schema.format().unwrap_or(""))
}
