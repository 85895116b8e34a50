//! Lists of rules: the first that fits decides, so what stands behind one that always fits is dead.

use yaml_syntax::{Node, TextRange};

use super::jobs;
use crate::diagnostics::Tag;
use crate::diagnostics::report::Report;
use crate::gitlab::schema::DOCS;
use crate::object::{Object, Value};

/// Judges the rules of a job or of `workflow`, which is what `owner` says.
pub(super) fn of(report: &mut Report<'_>, owner: Object<'_>, what: &str) {
    let Some(rules) = owner.get("rules") else {
        return;
    };
    check(report, rules);
    if never_fits(rules) {
        let message = format!("{what} never runs: every rule says `never`, and so does no rule");
        report
            .warning(owner.key_range("rules"), "never-runs", message)
            .docs(format!("{DOCS}yaml/#rules"));
    }
}

/// Whether all rules have a condition and say `never`. One without a condition is written by
/// somebody who means it.
fn never_fits(rules: Value<'_>) -> bool {
    let Node::Sequence(list) = rules.written() else {
        return false;
    };
    let document = rules.document();
    let mut rules = list.items().map(|item| {
        let rule = item.node().and_then(Node::as_mapping)?;
        let rule = Object::new(document, rule);
        let says_never = rule.text("when").as_deref() == Some("never");
        (says_never && !always_fits(rule) && !rule.has("<<")).then_some(())
    });
    list.items().next().is_some() && rules.all(|rule| rule.is_some())
}

fn check(report: &mut Report<'_>, rules: Value<'_>) {
    // What an alias stands for is judged where it is written.
    let Node::Sequence(list) = rules.written() else {
        return;
    };
    let document = rules.document();
    let mut end: Option<TextRange> = None;
    let mut seen: Vec<(String, TextRange)> = Vec::new();
    for node in list.items().filter_map(yaml_syntax::Item::node) {
        let rule = Value::new(document, node);
        if let Some(earlier) = end {
            unreachable(
                report,
                node,
                earlier,
                "this rule is never reached: the one before it always fits",
            );
            return;
        }
        let Node::Mapping(mapping) = node else {
            continue;
        };
        let object = Object::new(document, mapping);
        jobs::delayed(report, object, true);
        if object.has("<<") {
            continue;
        }
        if always_fits(object) {
            end = Some(rule.range());
        }
        let only_if = !object.has("changes") && !object.has("exists");
        let Some(condition) = object.text("if") else {
            continue;
        };
        if let Some((_, earlier)) = seen.iter().find(|(other, _)| *other == condition) {
            unreachable(
                report,
                node,
                *earlier,
                "this rule is never reached: an earlier one has the same condition",
            );
        } else if only_if {
            seen.push((condition, node.range()));
        }
    }
}

fn always_fits(rule: Object<'_>) -> bool {
    let has_any = rule.mapping().entries().next().is_some();
    has_any && !["if", "changes", "exists"].iter().any(|key| rule.has(key))
}

fn unreachable(report: &mut Report<'_>, node: Node<'_>, earlier: TextRange, message: &str) {
    let file = report.file();
    let complaint = report.warning(node.range(), "unreachable-rule", message);
    complaint
        .docs(format!("{DOCS}yaml/#rules"))
        .related(file, earlier, "this one decides");
    complaint.tags.push(Tag::Unnecessary);
}
