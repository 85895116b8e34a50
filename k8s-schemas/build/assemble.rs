//! All releases of `k8s-openapi` into one pool.

use crate::facts;
use crate::pool::{KindRow, NameId, NodeId, Pool, Scope};
use crate::reader::{META, Reader, list_schema};
use crate::sources::{self, Merge, Resource, Source};
use crate::texts::Texts;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

const RELEASES: std::ops::RangeInclusive<u8> = 33..=37;

/// The names of the fields of every definition of a release.
type Fields = HashMap<String, Vec<String>>;

/// What is worked with: files that releases share are read once, and so are definitions.
#[derive(Default)]
struct Assembly {
    reader: Reader,
    sources: HashMap<String, Option<Source>>,
    forms: HashMap<(String, String), NodeId>,
}

/// A release while it is put together.
#[derive(Default)]
struct Release {
    forms: Vec<(NameId, NodeId)>,
    kinds: Vec<u32>,
}

/// Reads every release below `root`. The second value is a list of the kinds of the newest one
/// with their Rust paths, for a test.
pub(crate) fn pool(root: &Path) -> Result<(Pool, Texts, String), String> {
    let mut assembly = Assembly {
        reader: Reader::new(),
        ..Assembly::default()
    };
    let mut newest = String::new();
    for minor in RELEASES {
        newest = assembly.release(&root.join(format!("v1_{minor}")), minor)?;
    }
    let (pool, texts) = assembly.reader.finish();
    Ok((pool, texts, newest))
}

impl Assembly {
    fn release(&mut self, root: &Path, minor: u8) -> Result<String, String> {
        let mut sources = Vec::new();
        for (module, file) in sources::files(root)? {
            if let Some(source) = self.read(&file)? {
                sources.push((format!("{module}::{}", source.type_name), source));
            }
        }
        let names: HashMap<String, String> = sources
            .iter()
            .map(|(path, source)| (path.clone(), source.definition.clone()))
            .collect();
        let fields: Fields = sources
            .iter()
            .map(|(_, source)| (source.definition.clone(), source.fields()))
            .collect();
        let mut release = Release::default();
        let mut paths = String::new();
        sources.sort_by(|(_, a), (_, b)| a.definition.cmp(&b.definition));
        for (path, mut source) in sources {
            resolve(&mut source.schema, &names)?;
            mend(&mut source, minor, &fields)?;
            if let Some(resource) = &source.resource {
                paths.push_str(&path.replacen("crate", "k8s_openapi", 1));
                paths.push('\n');
                self.kinds(&mut release, resource, &source);
            }
            self.define(&mut release, &source.definition, &source.schema);
        }
        self.any_list(&mut release);
        self.reader
            .edition(Some(minor), &release.forms, release.kinds);
        Ok(paths)
    }

    fn read(&mut self, file: &Path) -> Result<Option<Source>, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
        if let Some(source) = self.sources.get(&text) {
            return Ok(source.clone());
        }
        let source = sources::read(&text).map_err(|error| failed(&error))?;
        self.sources.insert(text, source.clone());
        Ok(source)
    }

    fn define(&mut self, release: &mut Release, definition: &str, schema: &Value) {
        let key = (definition.to_owned(), schema.to_string());
        let reader = &mut self.reader;
        let form = self.forms.entry(key);
        let node = *form.or_insert_with(|| reader.definition(definition, schema));
        release.forms.push((self.reader.name(definition), node));
    }

    /// The kind, and the list of it.
    fn kinds(&mut self, release: &mut Release, resource: &Resource, source: &Source) {
        let Resource { group, kind, .. } = resource;
        let has_status = !source.schema["properties"]["status"].is_null();
        let row = KindRow {
            group: group.clone(),
            version: resource.version.clone(),
            kind: kind.clone(),
            plural: resource.plural.clone(),
            singular: kind.to_lowercase(),
            short_names: owned(facts::short_names(group, kind)),
            categories: owned(facts::categories(group, kind)),
            scope: match resource.scope.as_str() {
                // What discovery and errors are made of.
                _ if source.definition.starts_with(META) => Scope::Subresource,
                "NamespaceResourceScope" => Scope::Namespaced,
                "ClusterResourceScope" => Scope::Cluster,
                _ => Scope::Subresource,
            },
            list: false,
            status: has_status && facts::has_status(group, kind),
            scale: facts::has_scale(group, kind),
            definition: self.reader.name(&source.definition),
        };
        if !resource.list_kind.is_empty() {
            let package = source
                .definition
                .rsplit_once('.')
                .map_or("", |(head, _)| head);
            let definition = format!("{package}.{}", resource.list_kind);
            let items = json!({"$ref": source.definition});
            self.define(
                release,
                &definition,
                &list_schema(&source.schema, kind, &items),
            );
            let list = row.list_of(&resource.list_kind, self.reader.name(&definition));
            release.kinds.push(self.reader.kind(list));
        }
        release.kinds.push(self.reader.kind(row));
    }

    /// `v1 List`: no server stores it, but `kubectl` prints and reads it.
    fn any_list(&mut self, release: &mut Release) {
        let definition = "io.k8s.api.core.v1.List";
        let items = json!({
            "type": "object",
            "x-kubernetes-embedded-resource": true,
            "x-kubernetes-preserve-unknown-fields": true,
        });
        let item = json!({"properties": {
            "apiVersion": {"type": "string", "description": "The version of the list: v1."},
            "kind": {"type": "string", "description": "The kind of the list: List."},
        }});
        self.define(release, definition, &list_schema(&item, "any", &items));
        let row = KindRow {
            version: "v1".to_owned(),
            kind: "List".to_owned(),
            scope: Scope::Cluster,
            list: true,
            definition: self.reader.name(definition),
            ..KindRow::default()
        };
        release.kinds.push(self.reader.kind(row));
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Turns Rust paths of references into names of definitions.
fn resolve(schema: &mut Value, names: &HashMap<String, String>) -> Result<(), String> {
    match schema {
        Value::Array(items) => items.iter_mut().try_for_each(|item| resolve(item, names)),
        Value::Object(object) => {
            // A property may be named `$ref` as well; its value is a schema then.
            if let Some(Value::String(path)) = object.get_mut("$ref") {
                let name = names.get(path).ok_or(format!("{path} has no definition"))?;
                path.clone_from(name);
            }
            let mut parts = object.values_mut();
            parts.try_for_each(|part| resolve(part, names))
        }
        _ => Ok(()),
    }
}

/// Takes back what the package requires in error, and adds what it leaves out.
fn mend(source: &mut Source, minor: u8, fields: &Fields) -> Result<(), String> {
    let definition = source.definition.clone();
    let required = source.schema["required"].as_array().into_iter().flatten();
    let mut required: Vec<String> = required
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    facts::required(&definition, minor, source.resource.is_some(), &mut required);
    if !required.is_empty() || !source.schema["required"].is_null() {
        source.schema["required"] = required.into();
    }
    let own = source.fields();
    for (field, merge) in &source.merges {
        let name = json_name(&own, field).ok_or(format!("{definition}: no field {field}"))?;
        if let Some(Value::Object(property)) = source.schema["properties"].get_mut(name) {
            let items = property
                .get("items")
                .map_or(&Value::Null, |items| &items["$ref"]);
            let items = items.as_str().unwrap_or("");
            let of_items = fields.get(items).map_or(&[][..], Vec::as_slice);
            write_merge(merge, property, of_items)
                .ok_or(format!("{definition}.{name}: items lack a key"))?;
        }
    }
    facts::apply(&definition, &mut source.schema);
    drop_unknown_keys(&mut source.schema, fields);
    Ok(())
}

/// Takes from the keys of lists those that the items do not have in this release yet.
fn drop_unknown_keys(schema: &mut Value, fields: &Fields) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut) {
        let items = property["items"]["$ref"].as_str();
        let Some(of_items) = items.and_then(|name| fields.get(name)).cloned() else {
            continue;
        };
        if let Some(Value::Array(keys)) = property.get_mut("x-kubernetes-list-map-keys") {
            keys.retain(|key| of_items.iter().any(|name| key == name));
        }
    }
}

/// The field whose Rust name this is: `hostIPC` is `host_ipc`, `type` is `type_`.
fn json_name<'a>(fields: &'a [String], field: &str) -> Option<&'a str> {
    let letters = |name: &str| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    let wanted = letters(field);
    let found = fields.iter().find(|name| letters(name) == wanted);
    found.map(String::as_str)
}

fn write_merge(
    merge: &Merge,
    property: &mut Map<String, Value>,
    of_items: &[String],
) -> Option<()> {
    let mut insert = |key: &str, value| property.insert(key.to_owned(), value);
    match merge {
        Merge::AtomicMap => insert("x-kubernetes-map-type", "atomic".into()),
        Merge::Set => insert("x-kubernetes-list-type", "set".into()),
        Merge::Map(keys) => {
            let keys = keys.iter().map(|key| json_name(of_items, key));
            let keys: Option<Vec<&str>> = keys.collect();
            insert("x-kubernetes-list-map-keys", json!(keys?));
            insert("x-kubernetes-list-type", "map".into())
        }
    };
    Some(())
}
