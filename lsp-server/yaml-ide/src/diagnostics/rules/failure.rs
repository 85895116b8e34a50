//! What a Job does about failed pods, and how it finds its pods.

use super::{at_least, exactly_one, is, refuse};
use crate::alternatives;
use crate::diagnostics::report::Report;
use crate::object::{Object, Value};

const POLICY: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy";
const SELECTOR: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/job/#specifying-your-own-pod-selector";

pub(super) fn check(report: &mut Report<'_>, spec: Object<'_>) {
    if spec.says("selector") && !is(spec, "manualSelector", true) {
        let message =
            "a Job finds its own pods: leave `selector` out, or write `manualSelector: true`";
        let gone = spec
            .entry("selector")
            .map(|entry| report.whole_lines(entry.range()));
        let complaint = report.error(spec.key_range("selector"), "job-selector", message);
        complaint.docs(SELECTOR.to_owned());
        if let Some(gone) = gone {
            complaint.replace("Remove `selector`", gone, "");
        }
    }
    if is(spec, "manualSelector", true) && !spec.says("selector") {
        let message = "`manualSelector: true` needs a `selector`";
        refuse(report, spec, "manualSelector", "job-selector", message).docs(SELECTOR.to_owned());
    }
    at_least(report, spec, "maxFailedIndexes", 0);
    up_to_completions(report, spec, spec, "maxFailedIndexes");
    let success = spec.object("successPolicy");
    for rule in success.into_iter().flat_map(|it| it.objects("rules")) {
        up_to_completions(report, spec, rule, "succeededCount");
    }
    if spec.says("maxFailedIndexes") && !spec.says("backoffLimitPerIndex") {
        let message = "`maxFailedIndexes` needs `backoffLimitPerIndex`";
        refuse(report, spec, "maxFailedIndexes", "job-completions", message);
    }
    let Some(policy) = spec.object("podFailurePolicy") else {
        return;
    };
    if spec
        .text("podReplacementPolicy")
        .is_some_and(|when| when != "Failed")
    {
        let message = "beside `podFailurePolicy` the `podReplacementPolicy` must be Failed";
        refuse(
            report,
            spec,
            "podReplacementPolicy",
            "failure-policy",
            message,
        )
        .docs(POLICY.to_owned());
    }
    for rule in policy.objects("rules") {
        self::rule(report, spec, rule);
    }
}

fn rule(report: &mut Report<'_>, spec: Object<'_>, rule: Object<'_>) {
    exactly_one(
        report,
        rule,
        alternatives::FAILURE,
        "a rule",
        "failure-policy",
    );
    let action = rule.text("action");
    if action.as_deref() == Some("FailIndex") && !spec.says("backoffLimitPerIndex") {
        let message = "`action: FailIndex` needs `backoffLimitPerIndex` of the Job";
        refuse(report, rule, "action", "failure-policy", message).docs(POLICY.to_owned());
    }
    let Some(codes) = rule.object("onExitCodes") else {
        return;
    };
    let is_in = codes.text("operator").as_deref() == Some("In");
    for value in codes.items("values") {
        let code = value.json().and_then(|code| code.as_i64());
        let message = match code {
            Some(0) if is_in => "0 means success: it is no code of a failure",
            Some(code) if !(0..=255).contains(&code) => "an exit code is from 0 to 255",
            _ => continue,
        };
        report
            .error(value.range(), "failure-policy", message)
            .docs(POLICY.to_owned());
    }
    let numbers: Vec<i64> = codes
        .items("values")
        .into_iter()
        .filter_map(|value| value.json()?.as_i64())
        .collect();
    if !numbers.is_sorted() {
        let message = "exit codes are written in order, the least first";
        refuse(report, codes, "values", "failure-policy", message).docs(POLICY.to_owned());
    }
    container(report, spec, codes);
}

/// A number of pods cannot be above all that there will be.
fn up_to_completions(report: &mut Report<'_>, spec: Object<'_>, at: Object<'_>, field: &str) {
    let Some(all) = spec.integer("completions") else {
        return;
    };
    if at.integer(field).is_some_and(|number| number > all) {
        let message = format!("`{field}` must be at most {all}, the number of `completions`");
        refuse(report, at, field, "job-completions", message);
    }
}

/// The container whose code counts must be one of the template.
fn container(report: &mut Report<'_>, spec: Object<'_>, codes: Object<'_>) {
    let pod = spec.at(&["template", "spec"]).and_then(Value::object);
    let (Some(pod), Some(name)) = (pod, codes.text("containerName")) else {
        return;
    };
    let lists = ["containers", "initContainers"].iter();
    let mut containers = lists.flat_map(|list| pod.objects(list));
    if containers.any(|container| container.text("name").as_deref() == Some(&name)) {
        return;
    }
    let message = format!("the template has no container `{name}`");
    refuse(report, codes, "containerName", "failure-policy", message).docs(POLICY.to_owned());
}
