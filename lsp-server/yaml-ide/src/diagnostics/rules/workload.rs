//! Deployments, `StatefulSet`s, `DaemonSet`s, `ReplicaSet`s.

use yaml_syntax::TextRange;

use super::{at_least, place, refuse};
use crate::diagnostics::report::Report;
use crate::layout;
use crate::object::Object;
use crate::rename::TextEdit;

const SELECTOR: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector";
const STATEFUL: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id";
const STRATEGY: &str =
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy";

pub(super) fn manifest(report: &mut Report<'_>, object: Object<'_>, kind: &str) {
    let Some(spec) = object.object("spec") else {
        return;
    };
    at_least(report, spec, "replicas", 0);
    at_least(report, spec, "minReadySeconds", 0);
    at_least(report, spec, "revisionHistoryLimit", 0);
    if kind == "ReplicationController" {
        template_labels(report, spec, kind, spec.object("selector"));
        restart_policy(report, spec, kind);
        return;
    }
    selector(report, spec, kind);
    restart_policy(report, spec, kind);
    if kind == "StatefulSet"
        && !spec.says("serviceName")
        && !report.is_broken(spec.mapping().range())
    {
        let message = "without `serviceName` the pods have no names of their own in DNS";
        report
            .info(object.key_range("spec"), "missing-field", message)
            .docs(STATEFUL.to_owned());
    }
}

/// The selector must find the pods that the template makes.
fn selector(report: &mut Report<'_>, spec: Object<'_>, kind: &str) {
    let Some(selector) = spec.object("selector") else {
        return;
    };
    let wanted = selector.object("matchLabels");
    expressions(report, spec, selector, kind);
    let is_empty = |wanted: Object<'_>| wanted.mapping().entries().next().is_none();
    let Some(wanted) = wanted.filter(|wanted| !is_empty(*wanted)) else {
        if !selector.says("matchExpressions") && !report.is_broken(selector.mapping().range()) {
            let message =
                format!("an empty selector is refused: a {kind} must say which pods are its own");
            report
                .error(spec.key_range("selector"), "empty-selector", message)
                .docs(SELECTOR.to_owned());
        }
        return;
    };
    template_labels(report, spec, kind, Some(wanted));
}

/// Requirements of the selector that the labels of the template do not meet.
fn expressions(report: &mut Report<'_>, spec: Object<'_>, selector: Object<'_>, kind: &str) {
    let labels = spec.at(&["template", "metadata", "labels"]);
    let labels = labels.and_then(crate::object::Value::object);
    for requirement in selector.objects("matchExpressions") {
        let (Some(key), Some(operator)) = (requirement.text("key"), requirement.text("operator"))
        else {
            continue;
        };
        let value = labels.and_then(|labels| labels.get(&key)?.raw_text());
        let values = requirement.items("values");
        let listed = values.iter().any(|one| one.raw_text() == value);
        let met = match operator.as_str() {
            "In" => value.is_some() && listed,
            "NotIn" => value.is_none() || !listed,
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => true,
        };
        if !met && !report.is_broken(spec.mapping().range()) {
            let what = match value {
                Some(value) => format!("the template says `{key}: {value}`"),
                None => format!("the template has no label `{key}`"),
            };
            let message = format!("the selector never finds the pods of this {kind}: {what}");
            let range = place(requirement, "key");
            report
                .error(range, "selector-mismatch", message)
                .docs(SELECTOR.to_owned());
        }
    }
}

fn template_labels(
    report: &mut Report<'_>,
    spec: Object<'_>,
    kind: &str,
    wanted: Option<Object<'_>>,
) {
    let (Some(wanted), Some(template)) = (wanted, spec.object("template")) else {
        return;
    };
    let metadata = template.object("metadata");
    let labels = metadata.and_then(|metadata| metadata.object("labels"));
    let parts = [Some(template), metadata].into_iter().flatten();
    if parts
        .into_iter()
        .any(|part| report.is_broken(part.mapping().range()))
    {
        return;
    }
    let mut missing = Vec::new();
    for (key, entry, value) in wanted.pairs() {
        let Some(value) = value.and_then(crate::object::Value::raw_text) else {
            continue;
        };
        let found = labels.and_then(|labels| labels.get(&key));
        let found_text = found.and_then(crate::object::Value::raw_text);
        if found_text.as_deref() != Some(&value) && key != "<<" {
            missing.push((key, value, entry.range(), found, found_text));
        }
    }
    for (key, value, range, found, found_text) in missing {
        let what = match &found_text {
            Some(text) => format!("the template says `{key}: {text}`"),
            None => format!("the template has no label `{key}`"),
        };
        let message = format!("the selector never finds the pods of this {kind}: {what}");
        let addition = match found {
            Some(found) => Some(TextEdit {
                range: found.range(),
                insert: layout::plain_or_quoted(&value),
            }),
            None => addition(report, template, labels, &key, &value),
        };
        let file = report.file();
        let complaint = report.error(range, "selector-mismatch", message);
        complaint.docs(SELECTOR.to_owned());
        if let Some(found) = found {
            complaint.related(file, found.range(), "the label of the template");
        }
        if let Some(edit) = addition {
            complaint.fix(format!("Give the template `{key}: {value}`"), vec![edit]);
        }
    }
}

/// Writes a label into the template, wherever its metadata begins to be there.
fn addition(
    report: &Report<'_>,
    template: Object<'_>,
    labels: Option<Object<'_>>,
    key: &str,
    value: &str,
) -> Option<TextEdit> {
    let label = format!("{key}: {}", layout::plain_or_quoted(value));
    if let Some(labels) = labels {
        if labels.mapping().is_flow() {
            let start = labels.mapping().range().start() + yaml_syntax::TextSize::from(1);
            let comma = if first_entry(labels).is_some() {
                ", "
            } else {
                ""
            };
            let insert = format!("{label}{comma}");
            return Some(TextEdit {
                range: TextRange::empty(start),
                insert,
            });
        }
        let start = first_entry(labels)?.range().start();
        let indent = " ".repeat(report.column(start));
        return Some(TextEdit {
            range: TextRange::empty(start),
            insert: format!("{label}\n{indent}"),
        });
    }
    if let Some(metadata) = template.object("metadata") {
        let start = first_entry(metadata)?.range().start();
        let indent = " ".repeat(report.column(start));
        return (!metadata.mapping().is_flow() && !metadata.has("labels")).then(|| TextEdit {
            range: TextRange::empty(start),
            insert: format!("labels:\n{indent}  {label}\n{indent}"),
        });
    }
    let start = first_entry(template)?.range().start();
    let indent = " ".repeat(report.column(start));
    (!template.mapping().is_flow() && !template.has("metadata")).then(|| TextEdit {
        range: TextRange::empty(start),
        insert: format!("metadata:\n{indent}  labels:\n{indent}    {label}\n{indent}"),
    })
}

fn first_entry(object: Object<'_>) -> Option<yaml_syntax::Entry<'_>> {
    object.mapping().entries().next()
}

fn restart_policy(report: &mut Report<'_>, spec: Object<'_>, kind: &str) {
    let Some(pod) = spec
        .at(&["template", "spec"])
        .and_then(crate::object::Value::object)
    else {
        return;
    };
    let policy = pod.text("restartPolicy");
    if matches!(policy.as_deref(), Some("Never" | "OnFailure")) {
        let range = place(pod, "restartPolicy");
        let message =
            format!("pods of a {kind} are always restarted: `restartPolicy` must be Always");
        report.error(range, "restart-policy", message).replace(
            "Change to `Always`",
            range,
            "Always",
        );
    }
    if pod.says("activeDeadlineSeconds") {
        let message =
            format!("pods of a {kind} run for ever: `activeDeadlineSeconds` is not taken");
        report.error(
            pod.key_range("activeDeadlineSeconds"),
            "active-deadline",
            message,
        );
    }
}

pub(super) fn strategy(report: &mut Report<'_>, strategy: Object<'_>) {
    let recreate = strategy.text("type").as_deref() == Some("Recreate");
    if recreate && strategy.says("rollingUpdate") {
        let message = "`rollingUpdate` needs `type: RollingUpdate`";
        report
            .error(
                strategy.key_range("rollingUpdate"),
                "rollout-strategy",
                message,
            )
            .docs(STRATEGY.to_owned());
    }
    if let Some(rolling) = strategy.object("rollingUpdate") {
        for field in ["maxSurge", "maxUnavailable"] {
            percent_or_count(report, rolling, field);
        }
        if is_zero(rolling, "maxSurge") && is_zero(rolling, "maxUnavailable") {
            let message =
                "with `maxSurge` and `maxUnavailable` both 0 nothing could ever be replaced";
            refuse(
                report,
                rolling,
                "maxUnavailable",
                "rollout-strategy",
                message,
            )
            .docs(STRATEGY.to_owned());
        }
    }
}

/// How a `DaemonSet` or a `StatefulSet` replaces its pods.
pub(super) fn update(report: &mut Report<'_>, strategy: Object<'_>, kind: &str) {
    let Some(rolling) = strategy.object("rollingUpdate") else {
        return;
    };
    at_least(report, rolling, "partition", 0);
    for field in ["maxSurge", "maxUnavailable"] {
        percent_or_count(report, rolling, field);
    }
    let on_delete = strategy.text("type").as_deref() == Some("OnDelete");
    if kind == "StatefulSet" && on_delete {
        let message = "`rollingUpdate` needs `type: RollingUpdate`";
        let range = strategy.key_range("rollingUpdate");
        report.error(range, "rollout-strategy", message);
    }
    if kind == "StatefulSet" && is_zero(rolling, "maxUnavailable") {
        let message = "with `maxUnavailable: 0` nothing could ever be replaced";
        refuse(
            report,
            rolling,
            "maxUnavailable",
            "rollout-strategy",
            message,
        );
    }
    if kind == "DaemonSet" && !on_delete {
        surge_or_unavailable(report, rolling);
    }
}

/// A `DaemonSet` starts pods before the old ones stop, or stops them first.
fn surge_or_unavailable(report: &mut Report<'_>, rolling: Object<'_>) {
    let surges = rolling.says("maxSurge") && !is_zero(rolling, "maxSurge");
    let stops = !is_zero(rolling, "maxUnavailable");
    if surges == stops && rolling.says("maxSurge") {
        let message = if surges {
            "`maxSurge` needs `maxUnavailable: 0`: left out it is 1"
        } else {
            "with `maxSurge` and `maxUnavailable` both 0 nothing could ever be replaced"
        };
        refuse(report, rolling, "maxSurge", "rollout-strategy", message);
    } else if !surges && !stops {
        let message = "with `maxUnavailable: 0` nothing could ever be replaced: `maxSurge` is 0 where it is left out";
        refuse(
            report,
            rolling,
            "maxUnavailable",
            "rollout-strategy",
            message,
        );
    }
}

fn is_zero(object: Object<'_>, field: &str) -> bool {
    let text = object.get(field).and_then(crate::object::Value::raw_text);
    matches!(text.as_deref(), Some("0" | "0%"))
}

/// A count, or a share such as `25%`.
pub(super) fn percent_or_count(report: &mut Report<'_>, object: Object<'_>, field: &str) {
    at_least(report, object, field, 0);
    let Some(text) = object.text(field) else {
        return;
    };
    let share = text
        .strip_suffix('%')
        .and_then(|share| share.parse::<u32>().ok());
    if share.is_none() {
        let message = format!("`{field}` must be a number, or a share such as 25%");
        let range = place(object, field);
        let complaint = report.error(range, "percentage", message);
        if text.parse::<u32>().is_ok() {
            complaint.replace(format!("Change to `{text}`"), range, text);
        }
    } else if field != "maxSurge" && share.is_some_and(|share| share > 100) {
        let message = format!("`{field}` must be at most 100%");
        refuse(report, object, field, "percentage", message);
    }
}

pub(super) fn deployment(report: &mut Report<'_>, spec: Object<'_>) {
    let ready = spec.integer("minReadySeconds").unwrap_or(0);
    let deadline = spec.integer("progressDeadlineSeconds");
    if deadline.unwrap_or(600) > ready {
        return;
    }
    if deadline.is_some() {
        let message = format!(
            "`progressDeadlineSeconds` must be more than `minReadySeconds`, which is {ready}"
        );
        let field = "progressDeadlineSeconds";
        refuse(report, spec, field, "progress-deadline", message);
    } else {
        let message = "`minReadySeconds` must be less than `progressDeadlineSeconds`, which is 600 where it is left out";
        refuse(
            report,
            spec,
            "minReadySeconds",
            "progress-deadline",
            message,
        );
    }
}
