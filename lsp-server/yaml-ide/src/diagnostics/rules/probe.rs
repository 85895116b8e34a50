//! Probes and hooks.

use super::{at_least, container, exactly_one};
use crate::alternatives;
use crate::diagnostics::at::At;
use crate::diagnostics::report::Report;
use crate::formats::placeholder;
use crate::object::Object;

const PROBES: &str = "https://kubernetes.io/docs/concepts/workloads/pods/probes/";

pub(super) fn check(report: &mut Report<'_>, probe: Object<'_>, at: &At<'_>) {
    let what = format!("`{}`", at.name());
    exactly_one(report, probe, alternatives::PROBE, &what, "probe-handler");
    super::at_least(report, probe, "terminationGracePeriodSeconds", 1);
    for field in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "failureThreshold",
    ] {
        at_least(report, probe, field, 0);
    }
    let success = probe.integer("successThreshold");
    if at.name() != "readinessProbe" && success.is_some_and(|times| times != 1 && times != 0) {
        let message = format!("`successThreshold` of a `{}` must be 1", at.name());
        super::refuse(
            report,
            probe,
            "successThreshold",
            "probe-threshold",
            message,
        )
        .docs(PROBES.to_owned());
    }
    if at.name() == "readinessProbe" && probe.says("terminationGracePeriodSeconds") {
        let message =
            "a `readinessProbe` stops nothing: `terminationGracePeriodSeconds` is not taken";
        let range = probe.key_range("terminationGracePeriodSeconds");
        report.error(range, "probe-grace", message);
    }
}

pub(super) fn lifecycle(report: &mut Report<'_>, handler: Object<'_>) {
    exactly_one(
        report,
        handler,
        alternatives::HOOK,
        "a hook",
        "hook-handler",
    );
}

/// A command, in a probe or a hook.
pub(super) fn command(report: &mut Report<'_>, exec: Object<'_>) {
    if exec.items("command").is_empty() && !report.is_broken(exec.mapping().range()) {
        let range = if exec.has("command") {
            exec.key_range("command")
        } else {
            super::first_key(exec)
        };
        let message = "`exec` needs a `command`: a list of words";
        report
            .error(range, "missing-field", message)
            .docs(PROBES.to_owned());
    }
}

/// A header that a probe sends.
pub(super) fn header(report: &mut Report<'_>, header: Object<'_>) {
    let name = header.text("name").unwrap_or_default();
    let fits = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !fits && !placeholder::is_in(&name) {
        let message = "the name of a header has letters, digits and `-` only";
        super::refuse(report, header, "name", "http-header", message).docs(PROBES.to_owned());
    }
}

pub(super) fn action(report: &mut Report<'_>, action: Object<'_>) {
    container::port_reference(report, action);
}
