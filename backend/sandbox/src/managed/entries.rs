//! `metadata.managedFields`: reading, writing, order.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::path::FieldSet;
use crate::value::{items, remove, set, text};

/// Who wrote: the parts of an entry that tell one manager from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Manager {
    pub(crate) name: String,
    pub(crate) applies: bool,
    /// Empty for those who apply: they stay one manager over all versions.
    pub(crate) api_version: String,
    pub(crate) subresource: String,
}

/// What a manager owns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Owned {
    pub(crate) fields: FieldSet,
    pub(crate) api_version: String,
    pub(crate) time: Option<String>,
}

pub(crate) type Managers = BTreeMap<Manager, Owned>;

impl Manager {
    /// How a conflict names the manager.
    pub(crate) fn describe(&self) -> String {
        let mut text = format!("{:?}", self.name);
        if !self.subresource.is_empty() {
            text = format!("{text} with subresource {:?}", self.subresource);
        }
        if !self.applies {
            text = format!("{text} using {}", self.api_version);
        }
        text
    }
}

/// Reads the managers of an object.
pub(crate) fn read(object: &Value) -> Managers {
    items(object, "metadata.managedFields")
        .iter()
        .map(|entry| {
            let applies = entry["operation"] == "Apply";
            let api_version = text(entry, "apiVersion").to_owned();
            let manager = Manager {
                name: text(entry, "manager").to_owned(),
                applies,
                api_version: if applies {
                    String::new()
                } else {
                    api_version.clone()
                },
                subresource: text(entry, "subresource").to_owned(),
            };
            let owned = Owned {
                fields: FieldSet::from_json(&entry["fieldsV1"]),
                api_version,
                time: entry["time"].as_str().map(str::to_owned),
            };
            (manager, owned)
        })
        .collect()
}

/// Writes the managers into an object: those who apply first, then by time.
pub(crate) fn write(managers: &Managers, object: &mut Value) {
    let mut sorted: Vec<_> = managers
        .iter()
        .filter(|(_, owned)| !owned.fields.is_empty())
        .collect();
    sorted.sort_by(|(one, a), (two, b)| {
        two.applies
            .cmp(&one.applies)
            .then_with(|| a.time.cmp(&b.time))
            .then_with(|| one.cmp(two))
    });
    if sorted.is_empty() {
        remove(object, "metadata.managedFields");
        return;
    }
    let entries: Vec<_> = sorted
        .into_iter()
        .map(|(manager, owned)| entry(manager, owned))
        .collect();
    set(object, "metadata.managedFields", entries);
}

fn entry(manager: &Manager, owned: &Owned) -> Value {
    let mut entry = json!({
        "manager": manager.name,
        "operation": if manager.applies { "Apply" } else { "Update" },
        "apiVersion": owned.api_version,
        "fieldsType": "FieldsV1",
        "fieldsV1": owned.fields.to_json(),
    });
    if let Some(time) = &owned.time {
        entry["time"] = time.as_str().into();
    }
    if !manager.subresource.is_empty() {
        entry["subresource"] = manager.subresource.as_str().into();
    }
    entry
}

/// Joins the oldest updaters into `ancient-changes` where there are more than ten.
pub(crate) fn cap(managers: &mut Managers) {
    const MOST: usize = 10;
    let mut updaters: Vec<_> = managers
        .iter()
        .filter(|(manager, _)| !manager.applies && manager.subresource.is_empty())
        .map(|(manager, owned)| (owned.time.clone(), manager.clone()))
        .collect();
    if updaters.len() <= MOST {
        return;
    }
    updaters.sort();
    let surplus = updaters.len() - MOST + 1;
    for (_, manager) in updaters.into_iter().take(surplus) {
        let Some(owned) = managers.remove(&manager) else {
            continue;
        };
        let bucket = Manager {
            name: "ancient-changes".to_owned(),
            ..manager
        };
        let joined = match managers.remove(&bucket) {
            Some(old) => Owned {
                fields: old.fields.union(&owned.fields),
                ..owned
            },
            None => owned,
        };
        managers.insert(bucket, joined);
    }
}
