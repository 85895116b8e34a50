//! Quotas, limits, priorities.

use super::{at_least, choice, place, refuse};
use crate::diagnostics::report::{Report, key_range};
use crate::formats::quantity;
use crate::fuzzy;
use crate::manifest::Manifest;
use crate::object::Object;

const LIMITS: &str = "https://kubernetes.io/docs/concepts/policy/limit-range/";
const QUOTAS: &str = "https://kubernetes.io/docs/concepts/policy/resource-quotas/";
const PRIORITY: &str =
    "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/";

/// In order: each must not be above the next.
const STEPS: [&str; 4] = ["min", "defaultRequest", "default", "max"];

pub(super) fn limit_range(report: &mut Report<'_>, item: Object<'_>) {
    for (index, lower) in STEPS.iter().enumerate() {
        for upper in STEPS.iter().skip(index + 1) {
            if let (Some(low), Some(high)) = (item.object(lower), item.object(upper)) {
                compare(report, (lower, low), (upper, high));
            }
        }
    }
    limited(report, item);
    if item.text("type").as_deref() == Some("PersistentVolumeClaim") {
        storage(report, item);
    }
    if item.text("type").as_deref() == Some("Pod") {
        for field in super::present(item, &["default", "defaultRequest"]) {
            let message = format!("`{field}` is for containers: it is not taken with `type: Pod`");
            report
                .error(item.key_range(field), "limit-range", message)
                .docs(LIMITS.to_owned());
        }
    }
}

/// What is limited, and how far a limit may be above a request.
fn limited(report: &mut Report<'_>, item: Object<'_>) {
    const TYPES: [&str; 3] = ["Container", "PersistentVolumeClaim", "Pod"];
    let ty = item.text("type").unwrap_or_default();
    if !ty.is_empty() && !ty.contains('/') && !TYPES.contains(&ty.as_str()) {
        let near = TYPES.iter().find(|known| known.eq_ignore_ascii_case(&ty));
        let near = near.copied().or_else(|| fuzzy::nearest(&ty, TYPES));
        let range = place(item, "type");
        let message = format!("`{ty}` cannot be limited; use {}", choice(&TYPES, "or"));
        let complaint = report.error(range, "limit-range", message);
        complaint.docs(LIMITS.to_owned());
        if let Some(near) = near {
            complaint.replace(format!("Change to `{near}`"), range, near);
        }
    }
    let ratios = item.object("maxLimitRequestRatio");
    for (name, _, value) in ratios.into_iter().flat_map(Object::pairs) {
        let ratio = value.and_then(|value| Some((value, quantity::parse(&value.raw_text()?)?)));
        if let Some((value, _)) =
            ratio.filter(|(_, ratio)| quantity::parse("1").is_some_and(|one| *ratio < one))
        {
            let message =
                format!("a limit is never below its request: the ratio of `{name}` is at least 1");
            report
                .error(value.range(), "limit-range", message)
                .docs(LIMITS.to_owned());
        }
    }
}

/// A scope of a quota that is chosen by its values.
pub(super) fn scope(report: &mut Report<'_>, scope: Object<'_>) {
    let operator = scope.text("operator").unwrap_or_default();
    let has_values = !scope.items("values").is_empty();
    let message = match operator.as_str() {
        "In" | "NotIn" if !has_values => format!("`operator: {operator}` needs `values`"),
        "Exists" | "DoesNotExist" if has_values => {
            format!("`operator: {operator}` takes no `values`")
        }
        _ => return,
    };
    if !report.is_broken(scope.mapping().range()) {
        refuse(report, scope, "operator", "quota-scope", message).docs(QUOTAS.to_owned());
    }
}

/// Each type stands once.
pub(super) fn limit_ranges(report: &mut Report<'_>, spec: Object<'_>) {
    let mut seen = Vec::new();
    for item in spec.objects("limits") {
        let Some(ty) = item.text("type") else {
            continue;
        };
        if seen.contains(&ty) {
            let message = format!("`type: {ty}` stands twice: write all of it in one item");
            refuse(report, item, "type", "limit-range", message).docs(LIMITS.to_owned());
        }
        seen.push(ty);
    }
}

/// The least and the most storage of a claim: one of them at least.
fn storage(report: &mut Report<'_>, item: Object<'_>) {
    let says = |bound: &str| {
        item.object(bound)
            .is_some_and(|bound| bound.says("storage"))
    };
    if !says("min") && !says("max") && !report.is_broken(item.mapping().range()) {
        let message = "`type: PersistentVolumeClaim` needs `storage` in `min` or `max`";
        refuse(report, item, "type", "limit-range", message).docs(LIMITS.to_owned());
    }
}

fn compare(
    report: &mut Report<'_>,
    (lower, low): (&str, Object<'_>),
    (upper, high): (&str, Object<'_>),
) {
    for (name, _, value) in low.pairs() {
        let Some(value) = value else {
            continue;
        };
        let amount = |value: crate::object::Value<'_>| quantity::parse(&value.raw_text()?);
        let pair = amount(value).zip(high.get(&name).and_then(amount));
        if pair.is_some_and(|(low, high)| low > high) {
            let message = format!("`{name}` in `{lower}` is above that in `{upper}`");
            report
                .error(value.range(), "limit-range", message)
                .docs(LIMITS.to_owned());
        }
    }
}

/// Scopes that leave nothing to count together.
const OPPOSITES: [[&str; 2]; 2] = [
    ["BestEffort", "NotBestEffort"],
    ["Terminating", "NotTerminating"],
];

fn scopes(report: &mut Report<'_>, spec: Object<'_>) {
    let scopes = spec.items("scopes");
    let has = |name: &str| scopes.iter().any(|it| it.text().as_deref() == Some(name));
    for [one, other] in OPPOSITES {
        if has(one) && has(other) {
            let message = format!("no pod is both {one} and {other}");
            refuse(report, spec, "scopes", "quota-scope", message).docs(QUOTAS.to_owned());
        }
    }
    let hard = spec.object("hard").filter(|_| has("BestEffort"));
    for (name, entry, _) in hard.into_iter().flat_map(Object::pairs) {
        if name != "pods" && name != "count/pods" {
            let message =
                format!("with the scope BestEffort only `pods` are counted, not `{name}`");
            report
                .error(key_range(entry), "quota-scope", message)
                .docs(QUOTAS.to_owned());
        }
    }
}

pub(super) fn resource_quota(report: &mut Report<'_>, spec: Object<'_>) {
    scopes(report, spec);
    let Some(hard) = spec.object("hard") else {
        return;
    };
    for (name, entry, value) in hard.pairs() {
        if !is_counted(&name) {
            not_counted(report, &name, key_range(entry));
        }
        let amount = value.and_then(|value| Some((value, quantity::parse(&value.raw_text()?)?)));
        let is_count = matches!(
            name.as_str(),
            "pods"
                | "replicationcontrollers"
                | "resourcequotas"
                | "secrets"
                | "configmaps"
                | "persistentvolumeclaims"
        ) || name.starts_with("services");
        if let Some((value, _)) = amount.filter(|(_, amount)| is_count && amount.is_fractional()) {
            let message = format!("`{name}` are counted in whole numbers");
            report
                .error(value.range(), "quantity-unit", message)
                .docs(QUOTAS.to_owned());
        }
        if let Some((value, amount)) = amount.filter(|(_, amount)| amount.is_negative()) {
            let _ = amount;
            report.error(
                value.range(),
                "out-of-range",
                format!("`{name}` must not be negative"),
            );
        }
    }
}

/// What a quota can count; others have a `/` in their names.
const COUNTED: [&str; 18] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "services",
    "services.nodeports",
    "services.loadbalancers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "replicationcontrollers",
];

fn is_counted(name: &str) -> bool {
    let pages = ["hugepages-", "requests.hugepages-", "limits.hugepages-"];
    name.contains('/')
        || COUNTED.contains(&name)
        || matches!(name, "resourcequotas" | "<<")
        || pages.iter().any(|start| name.starts_with(start))
}

fn not_counted(report: &mut Report<'_>, name: &str, range: yaml_syntax::TextRange) {
    let near = fuzzy::nearest(name, COUNTED);
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "objects are counted by their resource, as in `count/deployments.apps`".to_owned(),
    };
    let message = format!("a quota cannot count `{name}`; {hint}");
    let complaint = report.error(range, "unknown-resource", message);
    complaint.docs(QUOTAS.to_owned());
    if let Some(near) = near {
        complaint.replace(format!("Rename to `{near}`"), range, near);
    }
}

pub(super) fn priority_class(report: &mut Report<'_>, manifest: &Manifest<'_>) {
    let object = manifest.object;
    let system = manifest
        .name
        .as_deref()
        .is_some_and(|name| name.starts_with("system-"));
    if system && let Some(range) = manifest.name_range {
        let message = "names that start with `system-` are kept for Kubernetes itself";
        report
            .error(range, "priority-class", message)
            .docs(PRIORITY.to_owned());
    }
    if !system
        && object
            .integer("value")
            .is_some_and(|value| value > 1_000_000_000)
    {
        let message =
            "`value` must be at most 1000000000: what is above is kept for Kubernetes itself";
        refuse(report, object, "value", "priority-class", message).docs(PRIORITY.to_owned());
    }
    at_least(report, object, "value", -2_147_483_648);
}
