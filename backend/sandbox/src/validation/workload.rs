//! What makes pods: selectors, templates, numbers.

use serde_json::{Value, json};

use super::{Errors, metadata, pod};
use crate::controllers::Schedule;
use crate::resources::Resource;
use crate::selector::Labels;
use crate::status::FieldError;
use crate::value::{at, int, items, text};

/// Where a kind keeps its pod spec.
pub(super) fn template_path(resource: &Resource) -> Option<&'static str> {
    match (resource.group.as_str(), resource.kind.as_str()) {
        ("", "Pod") => Some("spec"),
        ("", "ReplicationController")
        | ("apps", "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet")
        | ("batch", "Job") => Some("spec.template.spec"),
        ("batch", "CronJob") => Some("spec.jobTemplate.spec.template.spec"),
        _ => None,
    }
}

pub(super) fn check(resource: &Resource, object: &Value) -> Errors {
    let mut errors = Vec::new();
    let Some(template) = template_path(resource) else {
        return errors;
    };
    for field in [
        "replicas",
        "minReadySeconds",
        "revisionHistoryLimit",
        "progressDeadlineSeconds",
        "parallelism",
        "completions",
        "backoffLimit",
        "activeDeadlineSeconds",
        "ttlSecondsAfterFinished",
    ] {
        let path = format!("spec.{field}");
        if let Some(number) = int(object, &path).filter(|it| *it < 0) {
            errors.push(FieldError::invalid(
                path,
                &json!(number),
                "must be greater than or equal to 0",
            ));
        }
    }
    if resource.group == "apps" {
        selector(object, &mut errors);
        if resource.kind == "Deployment" {
            rolling(object, &mut errors);
            let (deadline, ready) = (
                int(object, "spec.progressDeadlineSeconds"),
                int(object, "spec.minReadySeconds").unwrap_or(0),
            );
            if let Some(deadline) = deadline.filter(|it| *it <= ready) {
                errors.push(FieldError::invalid(
                    "spec.progressDeadlineSeconds",
                    &json!(deadline),
                    "must be greater than minReadySeconds",
                ));
            }
        }
        restart_policy(object, template, &["Always"], &mut errors);
    }
    if resource.group == "batch" {
        restart_policy(object, template, &["OnFailure", "Never"], &mut errors);
    }
    if resource.kind == "CronJob" {
        schedule(object, &mut errors);
    }
    let labels = template.trim_end_matches("spec").to_owned() + "metadata.labels";
    errors.extend(metadata::labels(object, &labels));
    errors.extend(with_claims(resource, object, template));
    errors
}

/// Volumes of claim templates can be mounted as well.
fn with_claims(resource: &Resource, object: &Value, template: &str) -> Errors {
    let claims = items(object, "spec.volumeClaimTemplates");
    if claims.is_empty() || resource.kind != "StatefulSet" {
        return pod::check(object, template);
    }
    let mut object = object.clone();
    let mut volumes = items(&object, &format!("{template}.volumes")).to_vec();
    volumes.extend(claims.iter().map(|claim| {
        json!({"name": claim["metadata"]["name"], "persistentVolumeClaim": {"claimName": "claim"}})
    }));
    crate::value::set(&mut object, &format!("{template}.volumes"), volumes);
    pod::check(&object, template)
}

fn selector(object: &Value, errors: &mut Errors) {
    errors.extend(metadata::selector(object, "spec.selector"));
    let Some(selector) = Labels::of_workload(at(object, "spec.selector")) else {
        errors.push(FieldError::required("spec.selector", ""));
        return;
    };
    if selector.is_empty() {
        let empty = json!({});
        errors.push(FieldError::invalid(
            "spec.selector",
            &empty,
            "empty selector is invalid for deployment",
        ));
        return;
    }
    let labels = at(object, "spec.template.metadata.labels");
    if !selector.matches(labels) {
        let none = Value::Null;
        errors.push(FieldError::invalid(
            "spec.template.metadata.labels",
            labels.unwrap_or(&none),
            "`selector` does not match template `labels`",
        ));
    }
}

fn rolling(object: &Value, errors: &mut Errors) {
    const PATH: &str = "spec.strategy.rollingUpdate";
    let kind = text(object, "spec.strategy.type");
    if kind == "Recreate" && at(object, PATH).is_some() {
        errors.push(FieldError::forbidden(
            PATH,
            "may not be specified when strategy `type` is 'Recreate'",
        ));
    }
    for field in ["maxUnavailable", "maxSurge"] {
        let path = format!("{PATH}.{field}");
        match at(object, &path) {
            Some(Value::Number(number)) if number.as_i64().is_some_and(|it| it < 0) => {
                errors.push(FieldError::invalid(
                    path,
                    &json!(number),
                    "must be greater than or equal to 0",
                ));
            }
            Some(Value::String(text)) if !is_percentage(text) => {
                errors.push(FieldError::invalid(path, &json!(text), "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"));
            }
            _ => {}
        }
    }
    let zero = |field: &str| {
        let value = at(object, &format!("{PATH}.{field}"));
        value.is_some_and(|it| *it == 0 || *it == "0%")
    };
    if zero("maxUnavailable") && zero("maxSurge") {
        let value = at(object, &format!("{PATH}.maxUnavailable"))
            .cloned()
            .unwrap_or_default();
        errors.push(FieldError::invalid(
            format!("{PATH}.maxUnavailable"),
            &value,
            "may not be 0 when `maxSurge` is 0",
        ));
    }
}

fn is_percentage(text: &str) -> bool {
    let digits = text.strip_suffix('%').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit())
}

fn restart_policy(object: &Value, template: &str, allowed: &[&str], errors: &mut Errors) {
    let path = format!("{template}.restartPolicy");
    let policy = text(object, &path);
    if allowed.contains(&policy) || at(object, template).is_none() {
        return;
    }
    // The batch kinds have their own words for what they need.
    if allowed.len() > 1 && policy == "Always" {
        errors.push(FieldError::required(
            path,
            "valid values: \"OnFailure\", \"Never\"",
        ));
        return;
    }
    errors.push(FieldError::not_supported(path, &json!(policy), allowed));
}

fn schedule(object: &Value, errors: &mut Errors) {
    let given = text(object, "spec.schedule");
    if given.is_empty() {
        errors.push(FieldError::required("spec.schedule", ""));
        return;
    }
    if Schedule::parse(given).is_none() {
        let fields = given.split_whitespace().count();
        let why = if fields == 5 {
            format!(
                "failed to parse int from {given}: strconv.Atoi: parsing {given:?}: invalid syntax"
            )
        } else {
            format!(
                "expected exactly 5 fields, found {fields}: {:?}",
                given.split_whitespace().collect::<Vec<_>>()
            )
        };
        errors.push(FieldError::invalid("spec.schedule", &json!(given), why));
    }
    if object["metadata"]["name"]
        .as_str()
        .is_some_and(|it| it.len() > 52)
    {
        errors.push(FieldError::invalid(
            "metadata.name",
            &object["metadata"]["name"],
            "must be no more than 52 characters",
        ));
    }
}

pub(super) fn autoscaler(object: &Value) -> Errors {
    let mut errors = Vec::new();
    let most = int(object, "spec.maxReplicas").unwrap_or(0);
    let least = int(object, "spec.minReplicas").unwrap_or(1);
    if least < 1 {
        errors.push(FieldError::invalid(
            "spec.minReplicas",
            &json!(least),
            "must be greater than or equal to 1",
        ));
    }
    if most < 1 {
        errors.push(FieldError::invalid(
            "spec.maxReplicas",
            &json!(most),
            "must be greater than 0",
        ));
    }
    if most < least {
        errors.push(FieldError::invalid(
            "spec.maxReplicas",
            &json!(most),
            "must be greater than or equal to `minReplicas`",
        ));
    }
    for field in ["kind", "name"] {
        let path = format!("spec.scaleTargetRef.{field}");
        if text(object, &path).is_empty() {
            errors.push(FieldError::required(path, ""));
        }
    }
    errors
}

pub(super) fn budget(object: &Value) -> Errors {
    let mut errors = metadata::selector(object, "spec.selector");
    if at(object, "spec.minAvailable").is_some() && at(object, "spec.maxUnavailable").is_some() {
        errors.push(FieldError::invalid(
            "spec",
            &object["spec"],
            "minAvailable and maxUnavailable cannot be both set",
        ));
    }
    errors
}
