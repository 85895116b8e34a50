//! Jobs: keywords that do not go together, and what single keywords must hold.

use yaml_syntax::{Node, TextRange};

use super::values;
use crate::diagnostics::report::{Report, key_range};
use crate::gitlab::schema::DOCS;
use crate::object::{Object, Value};

/// Keywords that a job with `trigger` cannot have: it runs on no runner.
const NOT_WITH_TRIGGER: [&str; 11] = [
    "script",
    "run",
    "image",
    "services",
    "before_script",
    "after_script",
    "artifacts",
    "cache",
    "coverage",
    "release",
    "tags",
];

/// The largest number of copies that a matrix may make.
const MAX_COPIES: usize = 200;

/// The largest number of jobs that one may wait for.
const MAX_NEEDS: usize = 50;

/// Judges a job by itself.
pub(super) fn check(report: &mut Report<'_>, job: Object<'_>) {
    exclusive(report, job);
    delay(report, job);
    needs(report, job);
    if let Some(artifacts) = job.object("artifacts") {
        self::artifacts(report, artifacts);
    }
    match job.get("cache") {
        Some(cache) if cache.object().is_none() => caches(report, cache),
        _ => {}
    }
    if let Some(parallel) = job.object("parallel") {
        matrix(report, parallel);
    }
    if let Some(trigger) = job.object("trigger") {
        self::trigger(report, trigger);
    }
}

fn exclusive(report: &mut Report<'_>, job: Object<'_>) {
    if let Some(trigger) = job.entry("trigger") {
        for keyword in NOT_WITH_TRIGGER {
            if let Some(entry) = job.entry(keyword) {
                let message =
                    format!("`{keyword}` does not go with `trigger`: such a job runs on no runner");
                report
                    .error(key_range(entry), "exclusive-keywords", message)
                    .docs(format!("{DOCS}yaml/#trigger"));
                break;
            }
        }
        let _ = trigger;
    } else if let (Some(_), Some(run)) = (job.entry("script"), job.entry("run")) {
        let message = "`run` takes the place of `script`: write one of them";
        report
            .error(key_range(run), "exclusive-keywords", message)
            .docs(format!("{DOCS}yaml/#run"));
    }
    if job.says("rules") {
        for keyword in ["only", "except", "start_in"] {
            let Some(entry) = job.entry(keyword) else {
                continue;
            };
            let message = format!("`{keyword}` does not go with `rules`: say it in a rule");
            let gone = report.whole_lines(entry.range());
            report
                .error(key_range(entry), "rules-conflict", message)
                .docs(format!("{DOCS}yaml/#rules"))
                .replace(format!("Remove `{keyword}`"), gone, "");
        }
    }
}

/// `when: delayed` and `start_in` go together.
fn delay(report: &mut Report<'_>, job: Object<'_>) {
    // With `rules` it is said there, and `start_in` was complained of.
    if job.has("rules") {
        return;
    }
    delayed(report, job, false);
}

/// The same within a rule, or within a job.
pub(super) fn delayed(report: &mut Report<'_>, object: Object<'_>, in_rule: bool) {
    let when = object.get("when").and_then(Value::raw_text);
    let is_delayed = when.as_deref() == Some("delayed");
    let page = format!("{DOCS}yaml/#start_in");
    if is_delayed && !object.says("start_in") {
        let Some(entry) = object.entry("when") else {
            return;
        };
        let column = report.column(entry.range().start());
        let end = TextRange::empty(entry.range().end());
        let text = format!("\n{}start_in: 30 minutes", " ".repeat(column));
        report
            .error(
                entry.range(),
                "delay",
                "`when: delayed` needs `start_in`: how long the job waits",
            )
            .docs(page)
            .replace("Add `start_in`", end, text);
    } else if let Some(entry) = object.entry("start_in").filter(|_| !is_delayed) {
        let what = if in_rule {
            "in the same rule"
        } else {
            "in the job"
        };
        let gone = report.whole_lines(entry.range());
        let message = format!("`start_in` goes with `when: delayed` {what}");
        report
            .error(key_range(entry), "delay", message)
            .docs(page)
            .replace("Remove `start_in`", gone, "");
    }
}

fn needs(report: &mut Report<'_>, job: Object<'_>) {
    let mut seen: Vec<(String, TextRange)> = Vec::new();
    let items = job.items("needs");
    if items.len() > MAX_NEEDS {
        let message = format!("a job can wait for {MAX_NEEDS} others at most");
        report.error(job.key_range("needs"), "keyword-range", message);
    }
    for item in &items {
        let Some(name) = need_name(*item) else {
            continue;
        };
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == name) {
            let (file, first) = (report.file(), *first);
            let message = format!("`{name}` stands twice in `needs`");
            report
                .error(item.range(), "duplicate-need", message)
                .related(file, first, "it stands here first");
        } else {
            seen.push((name, item.range()));
        }
    }
    let is_plain = items
        .iter()
        .all(|item| matches!(item.written(), Node::Scalar(_)));
    if items.is_empty() || !is_plain {
        return;
    }
    for item in job.items("dependencies") {
        let Some(name) = item.raw_text().filter(|name| !name.contains('$')) else {
            continue;
        };
        if seen.iter().all(|(need, _)| *need != name) {
            let message = format!(
                "`{name}` must stand in `needs` too: a job with `needs` gets artifacts of those only"
            );
            report
                .error(item.range(), "dependency-not-needed", message)
                .docs(format!("{DOCS}yaml/#dependencies"));
        }
    }
}

/// The job that an item of `needs` names; one with a matrix may be named again.
fn need_name(item: Value<'_>) -> Option<String> {
    let Some(settings) = item.object() else {
        return item.raw_text();
    };
    let other = ["project", "pipeline", "parallel"];
    let is_other = other.iter().any(|key| settings.has(key));
    settings.text("job").filter(|_| !is_other)
}

pub(super) fn artifacts(report: &mut Report<'_>, artifacts: Object<'_>) {
    if let (Some(_), Some(public)) = (artifacts.entry("access"), artifacts.entry("public")) {
        let message = "`public` does not go with `access`: keep `access`";
        report.error(key_range(public), "exclusive-keywords", message);
    }
    let Some(title) = artifacts.entry("expose_as") else {
        return;
    };
    let page = format!("{DOCS}yaml/#artifactsexpose_as");
    let range = title.value().map_or_else(|| key_range(title), Node::range);
    let text = artifacts
        .get("expose_as")
        .and_then(Value::raw_text)
        .unwrap_or_default();
    let is_allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    if text.starts_with(['-', ' ']) || !text.chars().all(is_allowed) {
        let message = "`expose_as` takes letters, digits, blanks, `-` and `_`";
        report.error(range, "expose-as", message).docs(page);
    } else if !artifacts.says("paths") {
        let message = "`expose_as` needs `paths`: what the link leads to";
        report.error(range, "expose-as", message).docs(page);
    } else {
        let mut paths = artifacts.items("paths").into_iter();
        let star = paths.find(|path| path.raw_text().is_some_and(|text| text.contains('*')));
        if let Some(star) = star {
            let message = "with `expose_as` a path has no `*`";
            report.error(star.range(), "expose-as", message).docs(page);
        }
    }
}

pub(super) fn caches(report: &mut Report<'_>, caches: Value<'_>) {
    let count = caches.items().len();
    if count > 4 {
        let message = format!("a job has four caches at most, not {count}");
        report.error(caches.range(), "keyword-range", message);
    }
}

fn matrix(report: &mut Report<'_>, parallel: Object<'_>) {
    let Some(matrix) = parallel.get("matrix") else {
        return;
    };
    let mut copies = 0_usize;
    for variables in parallel.objects("matrix") {
        let mut product = 1_usize;
        for (name, entry, value) in variables.pairs() {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if name != "<<"
                && (!name.chars().all(is_name) || name.starts_with(|c: char| c.is_ascii_digit()))
            {
                let message =
                    format!("`{name}` cannot be the name of a variable: letters, digits and `_`");
                report.error(key_range(entry), "variable-name", message);
            }
            let several = value.map_or(1, |value| match value.node() {
                Some(Node::Sequence(list)) => list.items().count(),
                _ => 1,
            });
            product = product.saturating_mul(several.max(1));
        }
        copies = copies.saturating_add(product);
    }
    if copies > MAX_COPIES {
        let message = format!("this matrix makes {copies} jobs; {MAX_COPIES} are allowed");
        report
            .error(first_line(matrix), "keyword-range", message)
            .docs(format!("{DOCS}yaml/#parallelmatrix"));
    }
}

fn first_line(value: Value<'_>) -> TextRange {
    let items = value.items();
    items
        .first()
        .map_or_else(|| value.range(), |item| item.range())
}

fn trigger(report: &mut Report<'_>, trigger: Object<'_>) {
    if let (Some(_), Some(include)) = (trigger.entry("project"), trigger.entry("include")) {
        let message =
            "`include` does not go with `project`: a child pipeline belongs to this project";
        report
            .error(key_range(include), "exclusive-keywords", message)
            .docs(format!("{DOCS}yaml/#trigger"));
    }
    if let Some(branch) = trigger.entry("branch").filter(|_| !trigger.has("project")) {
        let message = "`branch` goes with `project`";
        report.error(key_range(branch), "missing-keyword", message);
    }
    for file in trigger.objects("include") {
        if let Some(entry) = file.entry("artifact").filter(|_| !file.has("job")) {
            let message = "`artifact` needs `job`: the job that makes the file";
            report
                .error(key_range(entry), "missing-keyword", message)
                .docs(format!("{DOCS}yaml/#triggerinclude"));
        }
    }
}

/// The name of a job.
pub(super) fn name(report: &mut Report<'_>, key: Node<'_>, name: &str) {
    const RESERVED: [&str; 5] = ["true", "false", "nil", "null", "~"];
    let fault = if name.is_empty() {
        "a job needs a name".to_owned()
    } else if name.chars().count() > 255 {
        "the name of a job has at most 255 characters".to_owned()
    } else if RESERVED.contains(&name) {
        format!("`{name}` cannot be the name of a job")
    } else {
        return;
    };
    let quoted = values::quoted(&format!("{name} job"));
    let complaint = report.error(key.range(), "job-name", fault);
    complaint.docs(format!("{DOCS}jobs/#job-names"));
    if !name.is_empty() && name.len() < 10 {
        complaint.replace(format!("Rename to {quoted}"), key.range(), quoted);
    }
}
