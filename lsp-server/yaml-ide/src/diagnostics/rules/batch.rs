//! Jobs and `CronJob`s.

use super::{at_least, failure, place, refuse};
use crate::diagnostics::report::Report;
use crate::formats::cron;
use crate::object::Object;

const JOBS: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/job/";
const CRON_JOBS: &str = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/";

/// 2026-01-01 00:00 UTC: a schedule that never comes after it never comes.
const SOME_DAY: i64 = 1_767_225_600;

pub(super) fn job(report: &mut Report<'_>, object: Object<'_>) {
    if let Some(spec) = object.object("spec") {
        restart_policy(report, spec);
    }
}

pub(super) fn job_spec(report: &mut Report<'_>, spec: Object<'_>) {
    for field in [
        "parallelism",
        "completions",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "activeDeadlineSeconds",
    ] {
        at_least(report, spec, field, 0);
    }
    let indexed = spec.text("completionMode").as_deref() == Some("Indexed");
    if indexed && !spec.says("completions") {
        let message = "`completionMode: Indexed` needs `completions`";
        refuse(report, spec, "completionMode", "job-completions", message).docs(JOBS.to_owned());
    }
    if spec.says("backoffLimitPerIndex") && !indexed {
        let message = "`backoffLimitPerIndex` needs `completionMode: Indexed`";
        refuse(
            report,
            spec,
            "backoffLimitPerIndex",
            "job-completions",
            message,
        )
        .docs(JOBS.to_owned());
    }
    if let Some(range) = restarted(spec) {
        let needs = super::present(spec, &["podFailurePolicy", "backoffLimitPerIndex"]);
        if let Some(field) = needs.first() {
            let message = format!("`{field}` of the job needs `restartPolicy: Never`");
            report
                .error(range, "restart-policy", message)
                .docs(JOBS.to_owned())
                .replace("Change to `Never`", range, "Never");
        }
    }
    failure::check(report, spec);
    if spec.says("successPolicy") && !indexed {
        let message = "`successPolicy` needs `completionMode: Indexed`";
        report
            .error(spec.key_range("successPolicy"), "job-completions", message)
            .docs(JOBS.to_owned());
    }
}

/// Where the pods of a job are said to be restarted in place.
fn restarted(spec: Object<'_>) -> Option<yaml_syntax::TextRange> {
    let pod = spec.object("template")?.object("spec")?;
    (pod.text("restartPolicy")? == "OnFailure").then(|| place(pod, "restartPolicy"))
}

fn restart_policy(report: &mut Report<'_>, spec: Object<'_>) {
    let Some(template) = spec.object("template") else {
        return;
    };
    let Some(pod) = template.object("spec") else {
        return;
    };
    match pod.text("restartPolicy").as_deref() {
        Some("Always") => {
            let range = place(pod, "restartPolicy");
            let message = "the pods of a job end: `restartPolicy` must be Never or OnFailure";
            report
                .error(range, "restart-policy", message)
                .docs(JOBS.to_owned())
                .replace("Change to `Never`", range, "Never")
                .replace("Change to `OnFailure`", range, "OnFailure");
        }
        // Others are refused by the schema.
        Some(_) => {}
        None if pod.says("restartPolicy") || report.is_broken(pod.mapping().range()) => {}
        None => {
            let first = pod
                .mapping()
                .entries()
                .next()
                .map(|entry| entry.range().start());
            let insertion = first.filter(|_| !pod.mapping().is_flow()).map(|start| {
                let indent = " ".repeat(report.column(start));
                (yaml_syntax::TextRange::empty(start), indent)
            });
            let message = "the pods of a job need `restartPolicy: Never` or `OnFailure`: left out it means Always";
            let complaint = report.error(template.key_range("spec"), "restart-policy", message);
            complaint.docs(JOBS.to_owned());
            if let Some((start, indent)) = insertion {
                for policy in ["Never", "OnFailure"] {
                    let insert = format!("restartPolicy: {policy}\n{indent}");
                    complaint.replace(format!("Add `restartPolicy: {policy}`"), start, insert);
                }
            }
        }
    }
}

pub(super) fn cron_job(report: &mut Report<'_>, object: Object<'_>) {
    let Some(spec) = object.object("spec") else {
        return;
    };
    if let Some(schedule) = spec.text("schedule") {
        check_schedule(report, spec, &schedule);
    }
    if let Some(zone) = spec.text("timeZone") {
        time_zone(report, spec, &zone);
    }
    for field in [
        "startingDeadlineSeconds",
        "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit",
    ] {
        at_least(report, spec, field, 0);
    }
    if spec
        .integer("startingDeadlineSeconds")
        .is_some_and(|seconds| (0..10).contains(&seconds))
    {
        let message =
            "schedules are looked at every 10 seconds: with less time a run may never start";
        report
            .warning(
                place(spec, "startingDeadlineSeconds"),
                "starting-deadline",
                message,
            )
            .docs(CRON_JOBS.to_owned());
    }
    if let Some(job) = spec
        .at(&["jobTemplate", "spec"])
        .and_then(crate::object::Value::object)
    {
        restart_policy(report, job);
    }
}

fn check_schedule(report: &mut Report<'_>, spec: Object<'_>, text: &str) {
    match cron::parse(text) {
        Err(message) => {
            refuse(report, spec, "schedule", "cron", message).docs(CRON_JOBS.to_owned());
        }
        Ok(schedule) if schedule.next(SOME_DAY, 1).is_empty() => {
            let message = "no day fits this schedule: it never runs";
            report
                .warning(place(spec, "schedule"), "cron", message)
                .docs(CRON_JOBS.to_owned());
        }
        Ok(_) => {}
    }
}

fn time_zone(report: &mut Report<'_>, spec: Object<'_>, zone: &str) {
    let shape = zone
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+'));
    if zone.is_empty() || zone.eq_ignore_ascii_case("local") || !shape {
        let message = format!("`{zone}` is not a time zone such as Europe/Berlin or Etc/UTC");
        refuse(report, spec, "timeZone", "time-zone", message).docs(CRON_JOBS.to_owned());
    }
}
