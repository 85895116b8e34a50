//! Getting and listing.

use std::sync::Arc;

use base64::Engine as _;
use serde_json::{Value, json};

use crate::convert;
use crate::request::{Query, Target};
use crate::resources::Resource;
use crate::selector::{Fields, Labels};
use crate::status::{Answer, Failure};
use crate::store::{Store, key};

/// Which objects of a kind are meant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    pub(crate) namespace: String,
    /// The one object that a `get` or a watch by name is about.
    pub(crate) name: String,
    pub(crate) labels: Labels,
    pub(crate) fields: Fields,
}

impl Selection {
    pub(crate) fn read(target: &Target, resource: &Resource, query: &Query) -> Answer<Self> {
        Ok(Self {
            namespace: target.namespace.clone(),
            name: target.name.clone(),
            labels: Labels::parse(query.get("labelSelector"))?,
            fields: Fields::parse(query.get("fieldSelector"), &resource.storage(), &[])?,
        })
    }

    pub(crate) fn matches(&self, object: &Value) -> bool {
        (self.namespace.is_empty() || crate::value::namespace(object) == self.namespace)
            && (self.name.is_empty() || crate::value::name(object) == self.name)
            && self.labels.matches(object["metadata"].get("labels"))
            && (self.fields.is_empty() || self.fields.matches(object))
    }

    /// The objects of `resource` that are meant.
    pub(crate) fn list(&self, store: &Store, resource: &Resource) -> Vec<Arc<Value>> {
        let mut all = store.list(&resource.storage(), &self.namespace);
        all.retain(|object| self.matches(object));
        all
    }
}

/// One object, as `resource` shows it.
pub(crate) fn get(store: &Store, resource: &Resource, target: &Target) -> Answer<Value> {
    let found = store.get(&resource.storage(), &target.namespace, &target.name);
    let found =
        found.ok_or_else(|| Failure::not_found(&resource.group, &resource.plural, &target.name))?;
    Ok(convert::to_version(&found, resource))
}

/// A list, or the part of it that `limit` and `continue` ask for.
pub(crate) fn list(
    store: &Store,
    resource: &Resource,
    selection: &Selection,
    query: &Query,
) -> Answer<Value> {
    let version = store.version();
    let asked = query.get("resourceVersion");
    if query.get("resourceVersionMatch") == "NotOlderThan"
        && asked.parse::<u64>().is_ok_and(|asked| asked > version)
    {
        return Err(too_new(asked, version));
    }
    let mut all = selection.list(store, resource);
    let mut metadata = json!({"resourceVersion": version.to_string()});
    let token = query.get("continue");
    if !token.is_empty() {
        let (start, since) = read_token(token).ok_or_else(|| {
            Failure::bad_request("continue key is not valid: illegal base64 data")
        })?;
        all.retain(|object| key(object) >= start);
        metadata["resourceVersion"] = since.into();
    }
    let limit = query.number("limit").filter(|it| *it > 0);
    if let Some(limit) = limit.and_then(|it| usize::try_from(it).ok())
        && all.len() > limit
    {
        let rest = all.split_off(limit);
        let next = rest.first().map(|object| key(object)).unwrap_or_default();
        let since = metadata["resourceVersion"].as_str().unwrap_or_default();
        metadata["continue"] = token_of(&next, since).into();
        if selection.labels.is_empty() && selection.fields.is_empty() {
            metadata["remainingItemCount"] = rest.len().into();
        }
    }
    let items: Vec<_> = all
        .iter()
        .map(|object| convert::to_version(object, resource))
        .collect();
    Ok(json!({
        "kind": resource.list_kind(),
        "apiVersion": resource.api_version(),
        "metadata": metadata,
        "items": items,
    }))
}

fn token_of(start: &(String, String), version: &str) -> String {
    let token = json!({"v": "meta.k8s.io/v1", "rv": version, "ns": start.0, "start": start.1});
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(token.to_string())
}

fn read_token(token: &str) -> Option<((String, String), String)> {
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(token)
        .ok()?;
    let token: Value = serde_json::from_slice(&bytes).ok()?;
    let part = |name: &str| Some(token[name].as_str()?.to_owned());
    Some(((part("ns")?, part("start")?), part("rv")?))
}

/// A version from the future: clients wait and try again.
pub(crate) fn too_new(asked: &str, version: u64) -> Failure {
    let mut failure = Failure::new(
        504,
        "Timeout",
        format!("Too large resource version: {asked}, current: {version}"),
    );
    failure.details = Some(json!({
        "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}],
        "retryAfterSeconds": 1,
    }));
    failure
}
