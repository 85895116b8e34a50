//! Objects that set up a cluster: namespaces, classes, aggregated APIs.

use super::{is, named, place, refuse};
use crate::diagnostics::report::{Report, key_range};
use crate::formats::name;
use crate::fuzzy;
use crate::manifest::Manifest;
use crate::object::Object;

const SECURITY: &str = "https://kubernetes.io/docs/concepts/security/pod-security-admission/";
const CLASS: &str =
    "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class";
const AGGREGATION: &str =
    "https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/";

const LEVELS: [&str; 3] = ["privileged", "baseline", "restricted"];

/// The labels by which a namespace says how its pods are judged.
pub(super) fn namespace(report: &mut Report<'_>, object: Object<'_>) {
    let labels = object.object("metadata").and_then(|it| it.object("labels"));
    let pairs = labels.into_iter().flat_map(Object::pairs);
    for (key, entry, value) in pairs {
        let Some(mode) = key.strip_prefix("pod-security.kubernetes.io/") else {
            continue;
        };
        let Some((value, text)) = value.and_then(|value| Some((value, value.text()?))) else {
            continue;
        };
        match mode.strip_suffix("-version").unwrap_or(mode) {
            "enforce" | "audit" | "warn" => {}
            _ => {
                let known = ["enforce", "audit", "warn"];
                let near = fuzzy::nearest(mode, known).unwrap_or("enforce");
                let message = format!("`{mode}` is nothing that pod security does: write {near}");
                report
                    .warning(key_range(entry), "pod-security", message)
                    .docs(SECURITY.to_owned());
                continue;
            }
        }
        let (fits, allowed) = if mode.ends_with("-version") {
            (is_version(&text), "latest or a release such as v1.36")
        } else {
            (
                LEVELS.contains(&text.as_str()),
                "privileged, baseline or restricted",
            )
        };
        if !fits {
            let message = format!("`{key}` takes {allowed}");
            let complaint = report.error(value.range(), "pod-security", message);
            complaint.docs(SECURITY.to_owned());
            if let Some(near) = fuzzy::nearest(&text, LEVELS).filter(|_| !mode.contains('-')) {
                complaint.replace(format!("Change to `{near}`"), value.range(), near);
            }
        }
    }
}

fn is_version(text: &str) -> bool {
    let minor = text
        .strip_prefix("v1.")
        .and_then(|rest| rest.parse::<u8>().ok());
    text == "latest" || minor.is_some()
}

pub(super) fn ingress_class(report: &mut Report<'_>, spec: Object<'_>) {
    let controller = spec.text("controller").unwrap_or_default();
    let domain = controller.split_once('/').map(|(domain, _)| domain);
    let fits = domain.is_some_and(|domain| name::subdomain(domain).is_none());
    if !controller.is_empty() && !fits {
        let message = "`controller` is a domain and a path, such as example.com/ingress";
        refuse(report, spec, "controller", "ingress-class", message).docs(CLASS.to_owned());
    }
}

pub(super) fn api_service(report: &mut Report<'_>, manifest: &Manifest<'_>) {
    let Some(spec) = manifest.object.object("spec") else {
        return;
    };
    let (version, group) = (spec.text("version"), spec.text("group"));
    if let (Some(version), Some(name), Some(range)) = (version, &manifest.name, manifest.name_range)
    {
        let wanted = format!("{version}.{}", group.unwrap_or_default());
        if *name != wanted {
            let message = format!("the name must be the version and the group: `{wanted}`");
            report
                .error(range, "api-service", message)
                .docs(AGGREGATION.to_owned())
                .replace(format!("Change to `{wanted}`"), range, wanted);
        }
    }
    if is(spec, "insecureSkipTLSVerify", true) && spec.says("caBundle") {
        let message = "`caBundle` is not taken with `insecureSkipTLSVerify: true`";
        report
            .error(spec.key_range("caBundle"), "api-service", message)
            .docs(AGGREGATION.to_owned());
    }
}

pub(super) fn runtime_class(report: &mut Report<'_>, object: Object<'_>) {
    named(
        report,
        object.get("handler"),
        "invalid-name",
        name::label_1123,
    );
}

/// What a policy of admission checks, and of which objects.
pub(super) fn admission_policy(report: &mut Report<'_>, object: Object<'_>) {
    let Some(spec) = object.object("spec") else {
        return;
    };
    if report.is_broken(spec.mapping().range()) {
        return;
    }
    let parts = ["validations", "auditAnnotations"];
    if parts.iter().all(|field| spec.items(field).is_empty()) {
        let message = "a policy needs `validations` or `auditAnnotations`";
        report.error(object.key_range("spec"), "admission-policy", message);
    }
    if !spec.says("matchConstraints") {
        let message = "a policy needs `matchConstraints`: which objects it is for";
        report.error(object.key_range("spec"), "admission-policy", message);
    }
    for validation in spec.objects("validations") {
        let empty = validation
            .text("expression")
            .is_some_and(|text| text.trim().is_empty());
        if empty {
            let range = place(validation, "expression");
            report.error(
                range,
                "admission-policy",
                "`expression` needs an expression in CEL",
            );
        }
    }
}
