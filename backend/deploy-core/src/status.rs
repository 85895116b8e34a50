//! A refusal of an API server: the `Status` that it answers, or the plain text.

use serde_json::Value;

use crate::object::{list, number, text};

/// A refusal of an API server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// The status code of HTTP.
    pub code: u16,
    /// Such as `Conflict`; empty where the server gives none.
    pub reason: String,
    /// What the server says, for people.
    pub message: String,
    /// The kind that `details` names: for a missing namespace, `namespaces`.
    pub kind: String,
    /// Each single cause.
    pub causes: Vec<Cause>,
    /// Seconds that the server asks to wait.
    pub retry_after_seconds: Option<u32>,
}

/// One cause of a refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// Such as `FieldManagerConflict`.
    pub reason: String,
    /// What the server says, for people.
    pub message: String,
    /// Such as `.spec.replicas`; may be empty.
    pub field: String,
}

impl Status {
    /// Reads the body of an answer with a status of 400 or above.
    ///
    /// A kind that the server does not know is answered as plain text, so anything is taken.
    pub fn parse(code: u16, body: &str, retry_after: Option<&str>) -> Self {
        let header = retry_after.and_then(|seconds| seconds.trim().parse().ok());
        let Some(json) = json_status(body) else {
            return Self {
                code,
                message: body.trim().chars().take(500).collect(),
                retry_after_seconds: header,
                ..Self::default()
            };
        };
        let asked = number(&json, "/details/retryAfterSeconds")
            .and_then(|seconds| u32::try_from(seconds).ok());
        Self {
            code,
            reason: text(&json, "/reason").to_owned(),
            message: text(&json, "/message").to_owned(),
            kind: text(&json, "/details/kind").to_owned(),
            causes: list(&json, "/details/causes").iter().map(cause).collect(),
            retry_after_seconds: header.or(asked),
        }
    }

    /// Whether one of the causes has this reason.
    pub fn has_cause(&self, reason: &str) -> bool {
        self.causes.iter().any(|cause| cause.reason == reason)
    }

    /// Whether the kind is not served: neither built in nor defined by a CRD.
    pub fn is_unknown_kind(&self) -> bool {
        self.code == 404 && self.kind.is_empty()
    }

    /// Whether the schema of the kind does not have a field, as far as the server knows it.
    pub fn is_unknown_field(&self) -> bool {
        self.code == 500 && self.message.contains("field not declared in schema")
    }

    /// Whether what is stored of the object's managers may stand in the way: they name a version of
    /// the kind that is no longer served, or that has other fields by now.
    pub fn is_about_other_versions(&self) -> bool {
        let says = |part: &str| self.message.contains(part);
        self.code == 500
            && !says("failed to create typed patch object")
            && (says("failed to convert")
                || says("request to convert CR")
                || says("field not declared in schema"))
    }

    /// Whether the namespace of the object is missing.
    pub fn is_missing_namespace(&self) -> bool {
        self.code == 404 && self.kind == "namespaces"
    }

    /// The kind and name of what the object needs and the server does not have: the role of a
    /// binding, or what a Pod is admitted by.
    pub fn missing(&self) -> Option<(&'static str, String)> {
        let quoted_after = |mark: &str, end: char| {
            let (_, rest) = self.message.split_once(mark)?;
            Some(rest.split_once(end)?.0.to_owned())
        };
        match self.code {
            404 => match self.kind.as_str() {
                "roles" => Some(("Role", quoted_after(" \"", '"')?)),
                "clusterroles" => Some(("ClusterRole", quoted_after(" \"", '"')?)),
                _ => None,
            },
            403 => None
                .or_else(|| Some(("ServiceAccount", quoted_after("serviceaccount \"", '"')?)))
                .or_else(|| {
                    Some((
                        "PriorityClass",
                        quoted_after("PriorityClass with name ", ' ')?,
                    ))
                })
                .or_else(|| Some(("RuntimeClass", quoted_after("RuntimeClass \"", '"')?))),
            _ => None,
        }
    }

    /// Whether fields belong to other managers.
    pub fn is_conflict_of_managers(&self) -> bool {
        self.code == 409 && self.has_cause("FieldManagerConflict")
    }

    /// Whether the object is no longer in the version that the request named.
    pub fn is_stale(&self) -> bool {
        self.code == 409 && self.reason == "Conflict" && self.causes.is_empty()
    }

    /// Whether a webhook cannot be asked without doing what it is asked about.
    pub fn is_dry_run_unsupported(&self) -> bool {
        self.code == 400 && self.message.contains("does not support dry run")
    }

    /// Whether the credential may not act as the person who asks.
    pub fn is_impersonation_refused(&self) -> bool {
        self.code == 403
            && (self.message.contains("cannot impersonate ")
                || self.message.contains("cannot impersonate-on:"))
    }

    /// Whether a field cannot be changed: the object would have to be made again.
    pub fn is_immutable(&self) -> bool {
        let says_so = |message: &str| {
            message.contains("field is immutable") || message.contains("may not change once set")
        };
        self.code == 422
            && (says_so(&self.message) || self.causes.iter().any(|it| says_so(&it.message)))
    }
}

fn json_status(body: &str) -> Option<Value> {
    let json: Value = serde_json::from_str(body).ok()?;
    (text(&json, "/kind") == "Status").then_some(json)
}

fn cause(json: &Value) -> Cause {
    Cause {
        reason: text(json, "/reason").to_owned(),
        message: text(json, "/message").to_owned(),
        field: text(json, "/field").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_object_needs_is_read_from_the_refusal() {
        let cases = [
            (
                404,
                "roles",
                "roles.rbac.authorization.k8s.io \"reader\" not found",
                Some(("Role", "reader")),
            ),
            (
                403,
                "pods",
                "pods \"a\" is forbidden: error looking up service account shop/web: serviceaccount \"web\" not found",
                Some(("ServiceAccount", "web")),
            ),
            (
                403,
                "pods",
                "pods \"a\" is forbidden: no PriorityClass with name high was found",
                Some(("PriorityClass", "high")),
            ),
            (
                403,
                "pods",
                "pods \"a\" is forbidden: pod rejected: RuntimeClass \"gvisor\" not found",
                Some(("RuntimeClass", "gvisor")),
            ),
            (403, "pods", "pods \"a\" is forbidden: exceeded quota", None),
            (404, "namespaces", "namespaces \"shop\" not found", None),
        ];
        for (code, kind, message, expected) in cases {
            let status = Status {
                code,
                kind: kind.to_owned(),
                message: message.to_owned(),
                ..Status::default()
            };
            let expected = expected.map(|(kind, name)| (kind, name.to_owned()));
            assert_eq!(status.missing(), expected, "{message}");
        }
    }
}
