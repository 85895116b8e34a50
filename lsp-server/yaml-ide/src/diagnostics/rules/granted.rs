//! What a rule of a role grants: names that the server takes and nothing ever has.

use super::choice;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::report::Report;
use crate::enums::RBAC_VERBS;
use crate::object::{Object, Value};

const RBAC: &str =
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources";

/// Words that people write for a verb.
const VERBS: [(&str, &[&str]); 8] = [
    ("read", &["get", "list", "watch"]),
    ("view", &["get", "list", "watch"]),
    ("write", &["create", "update", "patch"]),
    ("edit", &["update", "patch"]),
    ("apply", &["create", "patch"]),
    ("add", &["create"]),
    ("remove", &["delete"]),
    ("all", &["*"]),
];

/// Judges a rule for resources.
pub(super) fn check(report: &mut Report<'_>, rule: Object<'_>) {
    let groups = rule.items("apiGroups");
    for group in &groups {
        self::group(report, *group);
    }
    let groups: Vec<String> = groups.iter().filter_map(|group| group.text()).collect();
    for resource in rule.items("resources") {
        self::resource(report, resource, &groups);
    }
    for verb in rule.items("verbs") {
        self::verb(report, verb);
    }
}

/// `apps/v1` and `v1` are API versions, not groups.
fn group(report: &mut Report<'_>, group: Value<'_>) {
    let Some(text) = group.text() else {
        return;
    };
    let meant = match text.split_once('/') {
        Some((name, _)) => name,
        None if text == "v1" || text == "core" => "",
        None => return,
    };
    let words = if meant.is_empty() {
        "the core group is written \"\""
    } else {
        "a group stands without its version"
    };
    let insert = if meant.is_empty() { "\"\"" } else { meant };
    let message = format!("no group is called `{text}`: {words}");
    complain(report, group, message).replace(
        format!("Change to `{insert}`"),
        group.range(),
        insert,
    );
}

fn verb(report: &mut Report<'_>, verb: Value<'_>) {
    let Some(text) = verb.text() else {
        return;
    };
    let lower = text.to_ascii_lowercase();
    let others = VERBS.iter().find(|(word, _)| *word == lower);
    if lower != text && RBAC_VERBS.contains(&lower.as_str()) {
        let message = format!("verbs are written in lower case: `{lower}`");
        complain(report, verb, message).replace(
            format!("Change to `{lower}`"),
            verb.range(),
            lower,
        );
    } else if let Some((_, verbs)) = others {
        let message = format!(
            "no request has the verb `{text}`: write {}",
            choice(verbs, "and")
        );
        let insert = match verbs {
            ["*"] => Some("\"*\"".to_owned()),
            [only] => Some((*only).to_owned()),
            _ => report
                .is_in_flow(verb.range().start())
                .then(|| verbs.join(", ")),
        };
        let complaint = complain(report, verb, message);
        if let Some(insert) = insert {
            complaint.replace(format!("Change to `{insert}`"), verb.range(), insert);
        }
    }
}

/// Resources are the plural in lower case, each in a group of its own.
fn resource(report: &mut Report<'_>, resource: Value<'_>, groups: &[String]) {
    let Some(text) = resource.text() else {
        return;
    };
    let name = text.split('/').next().unwrap_or_default();
    let kinds = || report.schemas().kinds();
    let singular = kinds().find(|kind| {
        kind.kind().eq_ignore_ascii_case(name) && kind.plural() != name && !kind.plural().is_empty()
    });
    if let Some(plural) = singular.map(|kind| kind.plural().to_owned()) {
        let message = format!("resources are written in the plural, in lower case: `{plural}`");
        let insert = text.replacen(name, &plural, 1);
        complain(report, resource, message).replace(
            format!("Change to `{insert}`"),
            resource.range(),
            insert,
        );
        return;
    }
    let homes: Vec<&str> = kinds()
        .filter(|kind| kind.plural() == name)
        .map(k8s_schemas::KindInfo::group)
        .collect();
    let only_core = matches!(groups, [only] if only.is_empty());
    if let Some(home) = homes.first().filter(|_| only_core && !homes.contains(&"")) {
        let message = format!("`{name}` are not in the core group: write `apiGroups: [{home}]`");
        complain(report, resource, message);
    } else if let ([group], true) = (groups, homes.as_slice() == [""])
        && matches!(group.as_str(), "apps" | "batch" | "networking.k8s.io")
    {
        let message = format!("`{name}` are in the core group: write `apiGroups: [\"\"]`");
        complain(report, resource, message);
    }
}

fn complain<'r>(
    report: &'r mut Report<'_>,
    value: Value<'_>,
    message: String,
) -> &'r mut Diagnostic {
    let complaint = report.warning(value.range(), "rbac-rule", message);
    complaint.docs(RBAC.to_owned());
    complaint
}
