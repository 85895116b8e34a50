//! What a request asks for: resource or path, verb, options.

use std::collections::BTreeMap;

use serde_json::json;

use crate::status::{Answer, Failure, FieldError};

/// A request, split into what Kubernetes calls its attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// `get`, `list`, `patch` …; the HTTP method in lower case where it is no resource.
    pub(crate) verb: String,
    pub(crate) path: String,
    pub(crate) is_resource: bool,
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) namespace: String,
    pub(crate) plural: String,
    pub(crate) name: String,
    pub(crate) subresource: String,
}

/// The parameters behind `?`; the first of each name counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(BTreeMap<String, String>);

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let mut all = BTreeMap::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            all.entry(decode(name)).or_insert_with(|| decode(value));
        }
        Self(all)
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), "true" | "1")
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.get(name).parse().ok()
    }
}

/// Resolves `%xx` and `+`.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Target {
    /// Reads method, path and query as the API server does.
    pub(crate) fn parse(method: &str, path: &str, query: &Query) -> Self {
        let mut target = Self {
            verb: method.to_lowercase(),
            path: path.to_owned(),
            ..Self::default()
        };
        let parts: Vec<String> = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| decode(&part.replace('+', "%2B")))
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let mut rest = match parts.as_slice() {
            ["api", version, rest @ ..] if !rest.is_empty() => {
                (*version).clone_into(&mut target.version);
                rest
            }
            ["apis", group, version, rest @ ..] if !rest.is_empty() => {
                (*group).clone_into(&mut target.group);
                (*version).clone_into(&mut target.version);
                rest
            }
            _ => return target,
        };
        target.is_resource = true;
        let mut old_watch = false;
        if let ["watch", tail @ ..] = rest
            && !tail.is_empty()
        {
            old_watch = true;
            rest = tail;
        }
        if let ["namespaces", namespace, tail @ ..] = rest {
            (*namespace).clone_into(&mut target.namespace);
            // A namespace itself, or one of its own subresources.
            if !matches!(tail, [] | ["status" | "finalize"]) {
                rest = tail;
            }
        }
        let mut rest = rest.iter();
        rest.next()
            .copied()
            .unwrap_or_default()
            .clone_into(&mut target.plural);
        rest.next()
            .copied()
            .unwrap_or_default()
            .clone_into(&mut target.name);
        rest.next()
            .copied()
            .unwrap_or_default()
            .clone_into(&mut target.subresource);
        verb(method, &target, query, old_watch).clone_into(&mut target.verb);
        target
    }
}

fn verb(method: &str, target: &Target, query: &Query, old_watch: bool) -> &'static str {
    let collection = target.name.is_empty();
    match method {
        "POST" => "create",
        "GET" | "HEAD" if old_watch || (query.flag("watch") && (collection || by_name(query))) => {
            "watch"
        }
        "GET" | "HEAD" if collection => "list",
        "GET" | "HEAD" => "get",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" if collection => "deletecollection",
        "DELETE" => "delete",
        _ => "",
    }
}

fn by_name(query: &Query) -> bool {
    query.get("fieldSelector").starts_with("metadata.name=")
}

/// How strictly unknown and duplicate fields are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    Ignore,
    Warn,
    Strict,
}

/// The options of a request that writes.
#[derive(Debug, Clone)]
pub(crate) struct WriteOptions {
    pub(crate) manager: String,
    pub(crate) dry_run: bool,
    pub(crate) force: bool,
    pub(crate) strictness: Strictness,
}

impl WriteOptions {
    /// Reads the options. `kind` is `CreateOptions`, `UpdateOptions` or `PatchOptions`.
    pub(crate) fn parse(query: &Query, kind: &str, applies: bool, agent: &str) -> Answer<Self> {
        let mut errors = Vec::new();
        if applies && query.get("fieldManager").is_empty() {
            errors.push(FieldError::required(
                "fieldManager",
                "is required for apply patch",
            ));
        }
        if !applies && query.has("force") {
            errors.push(FieldError::forbidden(
                "force",
                "may not be specified for non-apply patch",
            ));
        }
        if query.get("fieldManager").len() > 128 {
            errors.push(FieldError::too_long("fieldManager", 128));
        }
        if query.get("fieldManager").chars().any(char::is_control) {
            errors.push(FieldError::invalid(
                "fieldManager",
                &json!(query.get("fieldManager")),
                "should only contain printable characters",
            ));
        }
        if query.has("dryRun") && query.get("dryRun") != "All" {
            errors.push(FieldError::not_supported(
                "dryRun",
                &json!([query.get("dryRun")]),
                &["All"],
            ));
        }
        let strictness = match query.get("fieldValidation") {
            "" | "Warn" => Strictness::Warn,
            "Ignore" => Strictness::Ignore,
            "Strict" => Strictness::Strict,
            other => {
                errors.push(FieldError::not_supported(
                    "fieldValidation",
                    &json!(other),
                    &["", "Ignore", "Strict", "Warn"],
                ));
                Strictness::Warn
            }
        };
        if !errors.is_empty() {
            return Err(Failure::invalid("meta.k8s.io", kind, "", &errors));
        }
        let manager = match query.get("fieldManager") {
            "" => agent
                .split('/')
                .next()
                .unwrap_or_default()
                .chars()
                .take(128)
                .collect(),
            manager => manager.to_owned(),
        };
        Ok(Self {
            manager,
            dry_run: query.get("dryRun") == "All",
            force: query.flag("force"),
            strictness,
        })
    }
}
