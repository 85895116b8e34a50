//! A refusal of an API server as a sentence that says what to do, without anything secret.

use crate::apply_set::PART_OF;
use crate::conflicts::{conflicts, is_autoscaler_only};
use crate::object::ObjectId;
use crate::status::Status;

/// The longest part of a server's message that is shown: some print whole objects.
const LONGEST: usize = 300;

/// Says why `id` was refused.
pub fn refusal(id: &ObjectId, status: &Status) -> String {
    if status.is_missing_namespace() {
        let namespace = id.namespace.as_deref().unwrap_or_default();
        return format!(
            "namespace {namespace} is not there: create it, or add a Namespace to the set"
        );
    }
    if status.is_unknown_kind() {
        let ObjectId {
            api_version, kind, ..
        } = id;
        return format!(
            "the cluster does not know {kind} of {api_version}: install its CustomResourceDefinition, \
             or use a version that the cluster serves"
        );
    }
    if status.has_cause("NamespaceTerminating") {
        let namespace = id.namespace.as_deref().unwrap_or_default();
        return format!("namespace {namespace} is being deleted");
    }
    if status.is_conflict_of_managers() {
        return of_conflicts(status);
    }
    if status.is_impersonation_refused() {
        return format!(
            "KUN's credential for the cluster may not act for you: an admin of the cluster gives it the \
             right to impersonate users ({})",
            shorten(&status.message)
        );
    }
    if status.code == 401 {
        return "the cluster does not accept KUN's credential: renew it".to_owned();
    }
    if is_secret(id) {
        return of_secret(status);
    }
    match status.causes.as_slice() {
        [] => shorten(&status.message),
        causes => {
            let parts: Vec<_> = causes
                .iter()
                .map(|cause| match cause.field.as_str() {
                    "" | "[]" => shorten(&cause.message),
                    field => format!("{field}: {}", shorten(&cause.message)),
                })
                .collect();
            parts.join("; ")
        }
    }
}

fn of_conflicts(status: &Status) -> String {
    let conflicts = conflicts(status);
    if is_autoscaler_only(&conflicts) {
        return "an autoscaler sets its replicas: leave `spec.replicas` out of the manifest"
            .to_owned();
    }
    if let Some(other) = conflicts.iter().find(|it| it.field.ends_with(PART_OF)) {
        let owner = &other.manager;
        return format!(
            "it belongs to another set, which `{owner}` applies: an object can be in one set only"
        );
    }
    let owners: Vec<_> = conflicts
        .into_iter()
        .map(|it| format!("{} belongs to {}", it.field, it.manager))
        .collect();
    format!(
        "{}: leave the field out, or take it over with force",
        owners.join(", ")
    )
}

fn is_secret(id: &ObjectId) -> bool {
    id.kind == "Secret" && id.group().is_empty()
}

/// An API server repeats values of a Secret that it cannot read, so only its fields are named.
fn of_secret(status: &Status) -> String {
    let message = &status.message;
    if message.contains("expected string") {
        return "values of `stringData` and `data` must be strings: put numbers in quotes"
            .to_owned();
    }
    if message.contains("illegal base64") {
        return "a value of `data` is not base64: use `stringData` for plain text".to_owned();
    }
    if message.contains("field not declared in schema") {
        return "it has a field that Secrets do not have".to_owned();
    }
    if status.is_immutable() {
        return "it is immutable: give it another name, or delete it by hand".to_owned();
    }
    match status.code {
        403 => shorten(message),
        code => format!(
            "the cluster refused it with status {code} {}; its words are not shown, since they may hold secret values",
            status.reason
        ),
    }
}

/// A message without the values that it repeats, and not longer than a person reads.
fn shorten(message: &str) -> String {
    let message = without_values(message.trim());
    if message.chars().count() <= LONGEST {
        return message;
    }
    let start: String = message.chars().take(LONGEST).collect();
    format!("{start}…")
}

/// Cuts what stands between `Invalid value: ` and the reason, if it is an object: a 422 prints the
/// whole template of a pod, with all variables of its environment.
fn without_values(message: &str) -> String {
    const MARK: &str = "Invalid value: ";
    let Some((before, after)) = message.split_once(MARK) else {
        return message.to_owned();
    };
    let first_brace = after.find('{').unwrap_or(after.len());
    let reason_at = after.find(": ").unwrap_or(after.len());
    if first_brace > reason_at.min(80) {
        let rest = without_values(after);
        return format!("{before}{MARK}{rest}");
    }
    let reason = after.rsplit_once(": ").map_or("", |(_, reason)| reason);
    format!("{before}{reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_say_what_to_do() {
        let cases = [
            (
                "v1 ConfigMap",
                404,
                r#"{"kind": "Status", "reason": "NotFound", "message": "namespaces \"shop\" not found", "details": {"kind": "namespaces"}}"#,
                "namespace shop is not there: create it, or add a Namespace to the set",
            ),
            (
                "example.com/v1 Widget",
                404,
                "404 page not found\n",
                "the cluster does not know Widget of example.com/v1: install its CustomResourceDefinition, or use a version that the cluster serves",
            ),
            (
                "example.com/v1 Widget",
                404,
                r#"{"kind": "Status", "reason": "NotFound", "message": "the server could not find the requested resource", "details": {}}"#,
                "the cluster does not know Widget of example.com/v1: install its CustomResourceDefinition, or use a version that the cluster serves",
            ),
            (
                "apps/v1 Deployment",
                409,
                r#"{"kind": "Status", "reason": "Conflict", "message": "Apply failed with 1 conflict", "details": {"causes":
                    [{"reason": "FieldManagerConflict", "message": "conflict with \"kubectl-edit\" using apps/v1", "field": ".spec.replicas"}]}}"#,
                ".spec.replicas belongs to kubectl-edit: leave the field out, or take it over with force",
            ),
            (
                "apps/v1 Deployment",
                409,
                r#"{"kind": "Status", "reason": "Conflict", "message": "Apply failed with 1 conflict", "details": {"causes":
                    [{"reason": "FieldManagerConflict", "message": "conflict with \"hpa\" with subresource \"scale\" using apps/v1", "field": ".spec.replicas"}]}}"#,
                "an autoscaler sets its replicas: leave `spec.replicas` out of the manifest",
            ),
            (
                "v1 Service",
                422,
                r#"{"kind": "Status", "reason": "Invalid", "message": "Service \"web\" is invalid", "details": {"causes":
                    [{"reason": "FieldValueInvalid", "message": "Invalid value: \"10.0.0.1\": may not change once set", "field": "spec.clusterIPs[0]"}]}}"#,
                "spec.clusterIPs[0]: Invalid value: \"10.0.0.1\": may not change once set",
            ),
            (
                "apps/v1 Deployment",
                500,
                r#"{"kind": "Status", "message": "failed to create typed patch object (a/b; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema"}"#,
                "failed to create typed patch object (a/b; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema",
            ),
        ];
        for (id, code, body, expected) in cases {
            check(id, code, body, expected);
        }
    }

    #[test]
    fn secrets_never_stand_in_a_message() {
        check(
            "v1 Secret",
            500,
            r#"{"kind": "Status", "message": "failed to create typed patch object: .stringData.pin: expected string, got &value.valueUnstructured{Value:987654}"}"#,
            "values of `stringData` and `data` must be strings: put numbers in quotes",
        );
        check(
            "v1 Secret",
            422,
            r#"{"kind": "Status", "reason": "Invalid", "message": "987654 is no good"}"#,
            "the cluster refused it with status 422 Invalid; its words are not shown, since they may hold secret values",
        );
        check(
            "batch/v1 Job",
            422,
            r#"{"kind": "Status", "reason": "Invalid", "message": "x", "details": {"causes": [{"field": "spec.template",
                "message": "Invalid value: core.PodTemplateSpec{Env:[]core.EnvVar{core.EnvVar{Name:\"PIN\", Value:\"987654\"}}}: field is immutable"}]}}"#,
            "spec.template: field is immutable",
        );
    }

    #[track_caller]
    fn check(id: &str, code: u16, body: &str, expected: &str) {
        let (api_version, kind) = id.split_once(' ').unwrap();
        let id = ObjectId {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: Some("shop".to_owned()),
            name: "web".to_owned(),
        };
        assert_eq!(refusal(&id, &Status::parse(code, body, None)), expected);
    }
}
