//! Selectors.

use super::{metadata, named, pod, refuse};
use crate::diagnostics::report::Report;
use crate::formats::name;
use crate::fuzzy;
use crate::object::Object;

const LABELS: &str =
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors";

pub(super) fn labels(report: &mut Report<'_>, selector: Object<'_>) {
    if let Some(labels) = selector.object("matchLabels") {
        metadata::labels(report, labels);
    }
}

pub(super) fn requirement(report: &mut Report<'_>, requirement: Object<'_>) {
    operator(
        report,
        requirement,
        &["In", "NotIn", "Exists", "DoesNotExist"],
    );
}

pub(super) fn node_requirement(report: &mut Report<'_>, requirement: Object<'_>) {
    pod::node_label(report, requirement, "key");
    let operators = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
    let operator = operator(report, requirement, &operators);
    if matches!(operator.as_deref(), Some("Gt" | "Lt")) {
        let values = requirement.items("values");
        let whole = |text: String| text.parse::<i64>().is_ok();
        let fits = matches!(values.as_slice(), [one] if one.text().is_none_or(whole));
        if !fits && requirement.says("values") {
            let message = "`Gt` and `Lt` take one whole number, in quotes";
            refuse(report, requirement, "values", "match-expression", message)
                .docs(LABELS.to_owned());
        }
    }
}

fn operator(report: &mut Report<'_>, requirement: Object<'_>, allowed: &[&str]) -> Option<String> {
    named(report, requirement.get("key"), "label-key", name::qualified);
    let operator = requirement.text("operator")?;
    if !allowed.contains(&operator.as_str()) {
        let near = fuzzy::nearest(&operator, allowed.iter().copied());
        let message = format!(
            "`{operator}` is not an operator; use {}",
            super::choice(allowed, "or")
        );
        let range = super::place(requirement, "operator");
        // Where the schema lists them it has said so already.
        if allowed.len() == 4 {
            let complaint = report.error(range, "match-expression", message);
            complaint.docs(LABELS.to_owned());
            if let Some(near) = near {
                complaint.replace(format!("Change to `{near}`"), range, near);
            }
        }
        return None;
    }
    let has_values = !requirement.items("values").is_empty();
    let wants_values = !matches!(operator.as_str(), "Exists" | "DoesNotExist");
    if wants_values && !has_values && !report.is_broken(requirement.mapping().range()) {
        let message = format!("`{operator}` needs `values`");
        refuse(report, requirement, "operator", "match-expression", message)
            .docs(LABELS.to_owned());
    }
    if !wants_values && has_values {
        let message = format!("`{operator}` takes no `values`");
        report
            .error(requirement.key_range("values"), "match-expression", message)
            .docs(LABELS.to_owned());
    }
    Some(operator)
}
