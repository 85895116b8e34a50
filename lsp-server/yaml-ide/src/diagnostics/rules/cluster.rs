//! Objects that set up a cluster: namespaces, classes, aggregated APIs.

use super::{is, named, place, refuse};
use crate::diagnostics::report::{Report, key_range};
use crate::formats::{base64, name};
use crate::fuzzy;
use crate::manifest::Manifest;
use crate::object::Object;

const SECURITY: &str = "https://kubernetes.io/docs/concepts/security/pod-security-admission/";
const CLASS: &str =
    "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class";
const AGGREGATION: &str =
    "https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/";

const CERTIFICATES: &str =
    "https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/";
const FLOW: &str = "https://kubernetes.io/docs/concepts/cluster-administration/flow-control/";

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

/// Where the settings of a class are.
pub(super) fn class_parameters(report: &mut Report<'_>, reference: Object<'_>) {
    let is_namespaced = reference.text("scope").as_deref() == Some("Namespace");
    let has_namespace = reference.says("namespace");
    if is_namespaced && !has_namespace && !report.is_broken(reference.mapping().range()) {
        let message = "`scope: Namespace` needs a `namespace`";
        refuse(report, reference, "scope", "ingress-class", message).docs(CLASS.to_owned());
    } else if !is_namespaced && has_namespace {
        let message = "`namespace` needs `scope: Namespace`: left out it means Cluster";
        let range = reference.key_range("namespace");
        report
            .error(range, "ingress-class", message)
            .docs(CLASS.to_owned());
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

/// A policy refuses, or warns: not both.
pub(super) fn policy_binding(report: &mut Report<'_>, spec: Object<'_>) {
    let actions = spec.items("validationActions");
    let find = |name: &str| actions.iter().find(|it| it.text().as_deref() == Some(name));
    if let (Some(_), Some(warn)) = (find("Deny"), find("Warn")) {
        let message = "`Warn` does not go with `Deny`, which says as much";
        report.error(warn.range(), "admission-policy", message);
    }
}

/// Who signs a certificate, and what it is for.
pub(super) fn certificate(report: &mut Report<'_>, spec: Object<'_>) {
    let signer = spec.text("signerName").unwrap_or_default();
    let domain = signer.split_once('/').map(|(domain, _)| domain);
    let fits =
        domain.is_some_and(|domain| domain.contains('.') && name::subdomain(domain).is_none());
    if !signer.is_empty() && !fits {
        let message =
            "`signerName` is a domain and a path, such as kubernetes.io/kube-apiserver-client";
        refuse(report, spec, "signerName", "certificate-request", message)
            .docs(CERTIFICATES.to_owned());
    }
    if signer == "kubernetes.io/legacy-unknown" {
        let message = "`kubernetes.io/legacy-unknown` is not taken since `v1`: name who shall sign";
        refuse(report, spec, "signerName", "certificate-request", message)
            .docs(CERTIFICATES.to_owned());
    }
    let mut seen = Vec::new();
    for usage in spec.items("usages") {
        let text = usage.text();
        if text.is_some() && seen.contains(&text) {
            let message = "this usage stands twice";
            report
                .error(usage.range(), "certificate-request", message)
                .docs(CERTIFICATES.to_owned());
        }
        seen.push(text);
    }
    pem(report, spec);
    if spec.has("usages") && spec.items("usages").is_empty() {
        let message = "a request for a certificate needs `usages`: what it is for";
        report
            .error(spec.key_range("usages"), "certificate-request", message)
            .docs(CERTIFICATES.to_owned());
    }
}

/// The request is a text of the form PEM, in base64.
fn pem(report: &mut Report<'_>, spec: Object<'_>) {
    let request = spec.text("request").unwrap_or_default();
    let Some(bytes) = base64::decode(&request).filter(|bytes| !bytes.is_empty()) else {
        return;
    };
    let text = String::from_utf8_lossy(&bytes);
    if !text.contains("-----BEGIN CERTIFICATE REQUEST-----") {
        let message =
            "`request` is a PEM block, `-----BEGIN CERTIFICATE REQUEST-----`, encoded as base64";
        refuse(report, spec, "request", "certificate-request", message)
            .docs(CERTIFICATES.to_owned());
    }
}

/// A level of priority is limited or exempt, each with its own settings.
pub(super) fn priority_level(report: &mut Report<'_>, spec: Object<'_>) {
    let Some(ty) = spec.text("type") else {
        return;
    };
    let (wanted, other) = match ty.as_str() {
        "Limited" => ("limited", "exempt"),
        "Exempt" => ("exempt", "limited"),
        _ => return,
    };
    if spec.says(other) {
        let message = format!("`{other}` does not go with `type: {ty}`");
        let range = spec.key_range(other);
        report
            .error(range, "flow-control", message)
            .docs(FLOW.to_owned());
    } else if wanted == "limited" && !spec.has(wanted) && !report.is_broken(spec.mapping().range())
    {
        let message = "`type: Limited` needs `limited`";
        refuse(report, spec, "type", "flow-control", message).docs(FLOW.to_owned());
    }
}
