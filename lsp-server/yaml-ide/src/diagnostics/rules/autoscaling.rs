//! Autoscalers and disruption budgets.

use super::{at_least, between, exactly_one, refuse, workload};
use crate::alternatives;
use crate::diagnostics::report::Report;
use crate::object::Object;

const AUTOSCALING: &str =
    "https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/";
const BUDGET: &str = "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/";

pub(super) fn check(report: &mut Report<'_>, spec: Object<'_>) {
    at_least(report, spec, "maxReplicas", 1);
    at_least(report, spec, "minReplicas", 0);
    let (least, most) = (
        spec.integer("minReplicas").unwrap_or(1),
        spec.integer("maxReplicas"),
    );
    let mut metrics = spec.objects("metrics").into_iter();
    let from_outside = metrics.any(|metric| {
        let ty = metric.text("type");
        matches!(ty.as_deref(), Some("Object" | "External"))
    });
    if spec.integer("minReplicas") == Some(0) && !from_outside {
        let message = "`minReplicas` must be at least 1: none are left to measure, unless a metric is of `type: Object` or `External`";
        refuse(report, spec, "minReplicas", "replica-range", message).docs(AUTOSCALING.to_owned());
    }
    if let Some(reference) = spec.object("scaleTargetRef") {
        scaled_kind(report, reference);
    }
    if most.is_some_and(|most| most < least) {
        let message = format!("`maxReplicas` must not be below `minReplicas`, which is {least}");
        refuse(report, spec, "maxReplicas", "replica-range", message).docs(AUTOSCALING.to_owned());
    }
}

/// What is scaled is looked up by its version and kind: a wrong one is never found.
fn scaled_kind(report: &mut Report<'_>, reference: Object<'_>) {
    let Some(kind) = reference.text("kind") else {
        return;
    };
    let version = reference.text("apiVersion").unwrap_or_default();
    let kinds = report.schemas().kinds().filter(|info| info.kind() == kind);
    let homes: Vec<String> = kinds.map(|info| info.gvk().api_version()).collect();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let is_core = group.is_empty() || matches!(group, "app" | "extensions");
    let is_wrong = is_core && !homes.contains(&version);
    let Some(home) = homes.first().filter(|_| is_wrong).cloned() else {
        return;
    };
    let message = format!("no {kind} is found in `{version}`: write `apiVersion: {home}`");
    if reference.says("apiVersion") {
        let range = super::place(reference, "apiVersion");
        let complaint = report.warning(range, "unknown-kind", message);
        complaint.replace(format!("Change to `{home}`"), range, home);
    } else {
        let message =
            format!("without `apiVersion` no {kind} is found: write `apiVersion: {home}`");
        report.warning(reference.key_range("kind"), "unknown-kind", message);
    }
}

/// The field that goes with a type of metric.
const SOURCES: [(&str, &str); 5] = [
    ("Resource", "resource"),
    ("ContainerResource", "containerResource"),
    ("Pods", "pods"),
    ("Object", "object"),
    ("External", "external"),
];

pub(super) fn metric(report: &mut Report<'_>, metric: Object<'_>) {
    let Some(ty) = metric.text("type") else {
        return;
    };
    let Some((_, wanted)) = SOURCES.iter().find(|(name, _)| *name == ty) else {
        let types = SOURCES.map(|(name, _)| name);
        let message = format!(
            "`{ty}` is not a type of metric; use {}",
            super::choice(&types, "or")
        );
        refuse(report, metric, "type", "metric-type", message).docs(AUTOSCALING.to_owned());
        return;
    };
    if !metric.says(wanted) && !report.is_broken(metric.mapping().range()) {
        let message = format!("`type: {ty}` needs `{wanted}`");
        refuse(report, metric, "type", "metric-type", message).docs(AUTOSCALING.to_owned());
    }
    if let Some(target) = metric.object(wanted).and_then(|it| it.object("target")) {
        amounts(report, target, &ty);
    }
    for (_, field) in SOURCES.iter().filter(|(name, _)| *name != ty) {
        if metric.says(field) {
            let message = format!("`{field}` does not go with `type: {ty}`");
            report
                .error(metric.key_range(field), "metric-type", message)
                .docs(AUTOSCALING.to_owned());
        }
    }
}

/// Not every type of metric has every kind of target.
fn amounts(report: &mut Report<'_>, target: Object<'_>, ty: &str) {
    let allowed: &[&str] = match ty {
        "Resource" | "ContainerResource" => &["averageUtilization", "averageValue"],
        "Pods" => &["averageValue"],
        _ => &["value", "averageValue"],
    };
    let fields = super::present(target, alternatives::METRIC_TARGET);
    if let [only] = fields.as_slice()
        && !allowed.contains(only)
    {
        let allowed = super::choice(allowed, "or");
        let message = format!("a metric of `type: {ty}` takes {allowed}, not `{only}`");
        let range = target.key_range(only);
        report
            .error(range, "metric-target", message)
            .docs(AUTOSCALING.to_owned());
    }
}

pub(super) fn target(report: &mut Report<'_>, target: Object<'_>) {
    exactly_one(
        report,
        target,
        alternatives::METRIC_TARGET,
        "`target`",
        "metric-target",
    );
    at_least(report, target, "averageUtilization", 1);
    let Some(ty) = target.text("type") else {
        return;
    };
    if !matches!(ty.as_str(), "Utilization" | "AverageValue" | "Value") {
        let message =
            format!("`{ty}` is not a type of target; use Utilization, AverageValue or Value");
        refuse(report, target, "type", "metric-target", message).docs(AUTOSCALING.to_owned());
    }
    let field = match ty.as_str() {
        "Utilization" => "averageUtilization",
        "AverageValue" => "averageValue",
        _ => "value",
    };
    let written = super::present(target, alternatives::METRIC_TARGET);
    if let ([other], true) = (
        written.as_slice(),
        alternatives::METRIC_TARGET.contains(&field),
    ) && *other != field
    {
        let message = format!("`type: {ty}` goes with `{field}`, not with `{other}`");
        let range = super::place(target, "type");
        report
            .warning(range, "metric-target", message)
            .docs(AUTOSCALING.to_owned());
    }
}

pub(super) fn behavior(report: &mut Report<'_>, rules: Object<'_>) {
    between(report, rules, "stabilizationWindowSeconds", 0, 3600);
    let select = rules.text("selectPolicy").unwrap_or_default();
    if !matches!(select.as_str(), "" | "Max" | "Min" | "Disabled") {
        let message = format!("`{select}` selects no policy; use Max, Min or Disabled");
        refuse(report, rules, "selectPolicy", "scaling-policy", message);
    }
    if rules.has("policies") && rules.items("policies").is_empty() {
        let message = "`policies` needs at least one policy, or is left out";
        report.error(rules.key_range("policies"), "scaling-policy", message);
    }
    for policy in rules.objects("policies") {
        at_least(report, policy, "value", 1);
        between(report, policy, "periodSeconds", 1, 1800);
        let ty = policy.text("type");
        if let Some(ty) = ty.filter(|ty| !matches!(ty.as_str(), "Pods" | "Percent")) {
            let message = format!("`{ty}` is not a type of policy; use Pods or Percent");
            refuse(report, policy, "type", "scaling-policy", message);
        }
    }
}

pub(super) fn budget(report: &mut Report<'_>, spec: Object<'_>) {
    if spec.says("minAvailable") && spec.says("maxUnavailable") {
        let message = "a budget takes `minAvailable` or `maxUnavailable`, not both";
        report
            .error(
                spec.key_range("maxUnavailable"),
                "disruption-budget",
                message,
            )
            .docs(BUDGET.to_owned());
    }
    for field in ["minAvailable", "maxUnavailable"] {
        workload::percent_or_count(report, spec, field);
    }
}
