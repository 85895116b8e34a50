//! Objects as they are deployed, or as they stand in the version before: what a change is measured
//! against.

use std::collections::HashMap;

use k8s_schemas::Gvk;
use serde_json::Value;

/// Objects of another time, by what they are called.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Deployed {
    name: String,
    objects: HashMap<Identity, Value>,
}

/// The group and kind, the namespace (empty where none is written) and the name.
type Identity = (String, String, String, String);

impl Deployed {
    /// Reads the objects in `texts`. Messages call them `name`, such as `version v1.4.2`. What
    /// cannot be read is left out.
    pub fn read<'t>(name: &str, texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut objects = HashMap::new();
        for text in texts {
            let parse = yaml_syntax::parse(text);
            let documents = parse.documents();
            let values = documents.filter_map(|it| yaml_syntax::json::document(it).ok());
            values.for_each(|json| add(&mut objects, json.value));
        }
        Self {
            name: name.to_owned(),
            objects,
        }
    }

    /// What messages call them.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The object of this group and kind, whatever its version.
    pub(crate) fn object(
        &self,
        (group, kind): (&str, &str),
        namespace: Option<&str>,
        name: &str,
    ) -> Option<&Value> {
        let namespace = namespace.unwrap_or_default();
        let identity = [group, kind, namespace, name].map(str::to_owned);
        self.objects.get(&identity.into())
    }
}

/// Adds an object, or those of a list.
fn add(objects: &mut HashMap<Identity, Value>, value: Value) {
    let text = |path: &str| {
        value
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (version, kind) = (text("/apiVersion"), text("/kind"));
    if kind.ends_with("List")
        && let Some(Value::Array(items)) = value.get("items")
    {
        items.iter().cloned().for_each(|item| add(objects, item));
        return;
    }
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    if let Some(gvk) = Gvk::parse(version, kind).filter(|_| !name.is_empty()) {
        let identity = [&gvk.group, &gvk.kind, namespace, name].map(str::to_owned);
        objects.insert(identity.into(), value);
    }
}
