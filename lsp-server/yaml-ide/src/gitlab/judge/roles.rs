//! What texts say: durations, conditions, keys of caches, names.

use yaml_syntax::{Scalar, TextRange, TextSize};

use super::values;
use crate::diagnostics::Severity;
use crate::diagnostics::at::At;
use crate::diagnostics::report::Report;
use crate::gitlab::schema::{DOCS, Role};
use crate::gitlab::{duration, expression};

/// The longest that a delayed job waits: a week.
const MAX_DELAY: u64 = 604_800;

pub(super) fn check(
    report: &mut Report<'_>,
    scalar: Scalar<'_>,
    text: &str,
    (role, most): (Role, u32),
    at: &At<'_>,
) {
    if most > 0 && text.chars().count() > most as usize {
        let message = format!("`{}` has at most {most} characters", at.name());
        report.error(scalar.range(), "keyword-range", message);
        return;
    }
    match role {
        Role::Condition => condition(report, scalar, text),
        Role::Duration | Role::Expiry => time(report, scalar, text, role, at),
        Role::CacheKey => cache_key(report, scalar, text),
        Role::Environment => environment(report, scalar, text),
        Role::Image => image(report, scalar, text, at),
        Role::Pattern => pattern(report, scalar, text, at),
        Role::File => file(report, scalar, text),
        Role::Plain | Role::Job | Role::Template | Role::Stage | Role::Ref | Role::Path => {}
    }
}

fn condition(report: &mut Report<'_>, scalar: Scalar<'_>, text: &str) {
    let Err(fault) = expression::check(text) else {
        return;
    };
    let raw = scalar.raw();
    let whole = scalar.range();
    // Where escapes or line ends stand in it, the places of text and content differ.
    let range = raw.find(text).filter(|_| !text.is_empty()).map(|base| {
        let at = |offset: usize| whole.start() + TextSize::from((base + offset) as u32);
        TextRange::new(at(fault.range.start), at(fault.range.end))
    });
    let (severity, message) = if fault.is_taken {
        let message = format!("this condition says something else: {}", fault.message);
        (Severity::Warning, message)
    } else {
        let message = format!("GitLab cannot read this condition: {}", fault.message);
        (Severity::Error, message)
    };
    let complaint = report
        .push(range.unwrap_or(whole), severity, "condition", message)
        .docs(format!("{DOCS}jobs/job_rules/#cicd-variable-expressions"));
    if let (Some(range), Some(better)) = (range, fault.better) {
        complaint.replace(format!("Change to `{better}`"), range, better);
    }
}

fn time(report: &mut Report<'_>, scalar: Scalar<'_>, text: &str, role: Role, at: &At<'_>) {
    let is_never = role == Role::Expiry && text == "never";
    if is_never || text.contains('$') {
        return;
    }
    let name = at.name();
    match duration::seconds(text) {
        None => {
            let message =
                format!("`{text}` is no time for `{name}`; write it as `1h 30m` or `2 weeks`");
            report.error(scalar.range(), "duration", message);
        }
        Some(seconds) if name == "start_in" && seconds > MAX_DELAY => {
            let message = "a job can be delayed by a week at most";
            report.error(scalar.range(), "duration", message);
        }
        Some(_) => {}
    }
}

fn cache_key(report: &mut Report<'_>, scalar: Scalar<'_>, text: &str) {
    let fixed = text
        .to_ascii_lowercase()
        .replace("%2f", "/")
        .replace("%2e", ".");
    if fixed.contains('/') {
        let message = "the key of a cache must not contain `/`";
        report
            .error(scalar.range(), "cache-key", message)
            .docs(format!("{DOCS}yaml/#cachekey"));
    } else if fixed == "." || fixed == ".." {
        let message = "the key of a cache must not be made of dots only";
        report.error(scalar.range(), "cache-key", message);
    }
}

fn environment(report: &mut Report<'_>, scalar: Scalar<'_>, text: &str) {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || " -_/${}.".contains(c);
    let bad = text.chars().find(|c| !is_allowed(*c));
    let message = if let Some(bad) = bad {
        format!(
            "`{bad}` is not allowed in the name of an environment: letters, digits, blanks and `-`, `_`, `/`, `.`, `$`, `{{`, `}}`"
        )
    } else if text.starts_with('/') || text.ends_with('/') {
        "the name of an environment neither begins nor ends with `/`".to_owned()
    } else {
        return;
    };
    report
        .error(scalar.range(), "environment-name", message)
        .docs(format!("{DOCS}yaml/#environmentname"));
}

fn image(report: &mut Report<'_>, scalar: Scalar<'_>, text: &str, at: &At<'_>) {
    let fault = if text.trim().is_empty() {
        "is empty"
    } else if text.contains(char::is_whitespace) {
        "has blanks in it"
    } else if text.ends_with([':', '@', '/']) {
        "ends too early"
    } else if text.starts_with("http://") || text.starts_with("https://") {
        "is written without `https://`"
    } else {
        return;
    };
    let message = format!("the image of `{}` {fault}", at.name());
    report.error(scalar.range(), "image-name", message);
}

fn pattern(report: &mut Report<'_>, scalar: Scalar<'_>, text: &str, at: &At<'_>) {
    let inner = text
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    let message = match inner {
        None => Some("it stands between slashes".to_owned()),
        Some(inner) => expression::pattern_fault(inner),
    };
    let Some(message) = message else {
        return;
    };
    let complaint = report.error(
        scalar.range(),
        "pattern",
        format!("`{}` is a pattern: {message}", at.name()),
    );
    if inner.is_none() {
        let better = values::single_quoted(&format!("/{text}/"));
        complaint.replace(format!("Change to {better}"), scalar.range(), better);
    }
}

fn file(report: &mut Report<'_>, scalar: Scalar<'_>, text: &str) {
    let extension = text.rsplit_once('.').map(|(_, extension)| extension);
    if matches!(extension, Some("yml" | "yaml")) || text.contains('$') || text.contains("://") {
        return;
    }
    let message = format!("`{text}` cannot be included: its name must end with .yml or .yaml");
    report
        .error(scalar.range(), "include-file", message)
        .docs(format!("{DOCS}yaml/#includelocal"));
}
