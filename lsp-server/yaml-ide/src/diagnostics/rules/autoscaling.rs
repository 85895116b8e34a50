//! Autoscalers and disruption budgets.

use super::{at_least, between, exactly_one, refuse, workload};
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
    if most.is_some_and(|most| most < least) {
        let message = format!("`maxReplicas` must not be below `minReplicas`, which is {least}");
        refuse(report, spec, "maxReplicas", "replica-range", message).docs(AUTOSCALING.to_owned());
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
    for (_, field) in SOURCES.iter().filter(|(name, _)| *name != ty) {
        if metric.says(field) {
            let message = format!("`{field}` does not go with `type: {ty}`");
            report
                .error(metric.key_range(field), "metric-type", message)
                .docs(AUTOSCALING.to_owned());
        }
    }
}

pub(super) fn target(report: &mut Report<'_>, target: Object<'_>) {
    let fields = ["averageUtilization", "averageValue", "value"];
    exactly_one(report, target, &fields, "`target`", "metric-target");
    at_least(report, target, "averageUtilization", 1);
    let Some(ty) = target.text("type") else {
        return;
    };
    if !matches!(ty.as_str(), "Utilization" | "AverageValue" | "Value") {
        let message =
            format!("`{ty}` is not a type of target; use Utilization, AverageValue or Value");
        refuse(report, target, "type", "metric-target", message).docs(AUTOSCALING.to_owned());
    }
}

pub(super) fn behavior(report: &mut Report<'_>, rules: Object<'_>) {
    between(report, rules, "stabilizationWindowSeconds", 0, 3600);
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
