//! Custom resource definitions and admission webhooks.

use super::{between, definition, exactly_one, is, place, refuse, structure};
use crate::alternatives;
use crate::diagnostics::report::{Report, key_range};
use crate::formats::name;
use crate::manifest::Manifest;
use crate::object::Object;

const CRD: &str = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/";
const WEBHOOKS: &str =
    "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/";

pub(super) fn definition(report: &mut Report<'_>, manifest: &Manifest<'_>) {
    let Some(spec) = manifest.object.object("spec") else {
        return;
    };
    definition_name(report, manifest, spec);
    versions(report, spec);
    serving(report, spec);
    definition::check(report, manifest, spec);
    let group = spec.text("group").unwrap_or_default();
    if !group.is_empty() && !group.contains('.') {
        let message = "the group is a domain name with a dot, such as example.com";
        refuse(report, spec, "group", "crd-names", message).docs(CRD.to_owned());
    }
    if let Some(names) = spec.object("names") {
        for field in ["plural", "singular"] {
            super::named(report, names.get(field), "crd-names", name::label_1035);
        }
    }
}

fn definition_name(report: &mut Report<'_>, manifest: &Manifest<'_>, spec: Object<'_>) {
    let plural = spec.text_at(&["names", "plural"]);
    let (Some(plural), Some(group)) = (plural, spec.text("group")) else {
        return;
    };
    let wanted = format!("{plural}.{group}");
    if let (Some(name), Some(range)) = (&manifest.name, manifest.name_range)
        && *name != wanted
    {
        let message = format!("the name must be the plural and the group: `{wanted}`");
        report
            .error(range, "crd-names", message)
            .docs(CRD.to_owned())
            .replace(format!("Change to `{wanted}`"), range, wanted);
    }
}

fn versions(report: &mut Report<'_>, spec: Object<'_>) {
    let versions = spec.objects("versions");
    let stored = versions.iter().filter(|version| {
        version.get("storage").and_then(crate::object::Value::json) == Some(true.into())
    });
    let stored = stored.count();
    if !versions.is_empty() && stored != 1 && !report.is_broken(spec.mapping().range()) {
        let message = format!("exactly one version must have `storage: true`; {stored} have it");
        report
            .error(spec.key_range("versions"), "crd-versions", message)
            .docs(CRD.to_owned());
    }
    for version in versions {
        let schema = version
            .object("schema")
            .and_then(|schema| schema.object("openAPIV3Schema"));
        if let Some(schema) = schema {
            structure::check(report, schema);
            object_metadata(report, schema);
        }
        match schema {
            None if !report.is_broken(version.mapping().range()) => {
                let message = "a version needs `schema.openAPIV3Schema`";
                report
                    .error(super::first_key(version), "crd-schema", message)
                    .docs(CRD.to_owned());
            }
            Some(schema)
                if schema.text("type").is_none_or(|ty| ty != "object") && !schema.has("$ref") =>
            {
                let range = if schema.has("type") {
                    place(schema, "type")
                } else {
                    super::first_key(schema)
                };
                let message = "the schema of a version must have `type: object`";
                report
                    .error(range, "crd-schema", message)
                    .docs(CRD.to_owned());
            }
            _ => {}
        }
    }
}

/// Metadata is the same for all kinds; a definition may only limit the name.
fn object_metadata(report: &mut Report<'_>, schema: Object<'_>) {
    let properties = schema.object("properties");
    let metadata = properties.and_then(|properties| properties.object("metadata"));
    let fields = metadata.and_then(|metadata| metadata.object("properties"));
    for (key, entry, _) in fields.into_iter().flat_map(Object::pairs) {
        if !matches!(key.as_str(), "name" | "generateName" | "<<") {
            let message = format!("`{key}` of `metadata` is the same for all kinds: leave it out");
            report
                .error(key_range(entry), "crd-schema", message)
                .docs(CRD.to_owned());
        }
    }
}

/// What a version is called, how objects are converted between versions, what is shown of them.
fn serving(report: &mut Report<'_>, spec: Object<'_>) {
    let mut seen = Vec::new();
    for version in spec.objects("versions") {
        super::named(report, version.get("name"), "crd-names", name::label_1035);
        if let Some(name) = version.text("name") {
            if seen.contains(&name) {
                let message = format!("another version is called `{name}`");
                refuse(report, version, "name", "crd-versions", message).docs(CRD.to_owned());
            }
            seen.push(name);
        }
        for column in version.objects("additionalPrinterColumns") {
            if column
                .text("jsonPath")
                .is_some_and(|path| !path.starts_with(['.', '[']))
            {
                let message = "`jsonPath` starts at the object, with a dot: `.spec.size`";
                refuse(report, column, "jsonPath", "crd-versions", message).docs(CRD.to_owned());
            }
        }
    }
    if is(spec, "preserveUnknownFields", true) {
        let message = "`preserveUnknownFields: true` is not taken: write `x-kubernetes-preserve-unknown-fields` in the schema";
        refuse(report, spec, "preserveUnknownFields", "crd-schema", message).docs(CRD.to_owned());
    }
    let conversion = spec.object("conversion");
    let by_webhook = conversion.filter(|it| it.text("strategy").as_deref() == Some("Webhook"));
    if let Some(conversion) = by_webhook.filter(|conversion| !conversion.says("webhook")) {
        let message = "`strategy: Webhook` needs `webhook`";
        refuse(report, conversion, "strategy", "crd-versions", message).docs(CRD.to_owned());
    }
}

/// What a webhook is asked about.
pub(super) fn webhook_rule(report: &mut Report<'_>, rule: Object<'_>) {
    resources(report, rule);
    for field in ["operations", "apiGroups", "apiVersions"] {
        let items = rule.items(field);
        let all = items
            .iter()
            .find(|item| item.text().as_deref() == Some("*"));
        if let Some(all) = all.filter(|_| items.len() > 1) {
            let message = format!("`*` in `{field}` means all: nothing may stand beside it");
            report
                .error(all.range(), "webhook", message)
                .docs(WEBHOOKS.to_owned());
        }
    }
}

/// `*` means all resources: others beside it are parts of resources, as in `pods/log`.
fn resources(report: &mut Report<'_>, rule: Object<'_>) {
    let items = rule.items("resources");
    let texts: Vec<String> = items.iter().filter_map(|item| item.text()).collect();
    let has = |name: &str| texts.iter().any(|text| text == name);
    for (item, text) in items.iter().zip(&texts) {
        let is_covered =
            (has("*/*") && text != "*/*") || (has("*") && text != "*" && !text.contains('/'));
        if is_covered && texts.len() == items.len() {
            let message = format!("`{text}` cannot stand beside what means it already");
            report
                .error(item.range(), "webhook", message)
                .docs(WEBHOOKS.to_owned());
        }
    }
}

pub(super) fn webhook(report: &mut Report<'_>, webhook: Object<'_>) {
    between(report, webhook, "timeoutSeconds", 1, 30);
    if let Some(name) = webhook
        .text("name")
        .filter(|name| name.split('.').count() < 3)
    {
        let message = format!("`{name}` needs at least three parts: check.example.com");
        refuse(report, webhook, "name", "webhook", message).docs(WEBHOOKS.to_owned());
    }
    let effects = webhook.text("sideEffects");
    if effects.is_some_and(|effects| matches!(effects.as_str(), "Some" | "Unknown")) {
        let message = "`sideEffects` must be None or NoneOnDryRun";
        refuse(report, webhook, "sideEffects", "webhook", message).docs(WEBHOOKS.to_owned());
    }
    let versions = webhook.items("admissionReviewVersions");
    let known = versions
        .iter()
        .any(|version| matches!(version.text().as_deref(), Some("v1" | "v1beta1")));
    if !versions.is_empty() && !known {
        let message = "`admissionReviewVersions` must hold v1 or v1beta1";
        refuse(
            report,
            webhook,
            "admissionReviewVersions",
            "webhook",
            message,
        )
        .docs(WEBHOOKS.to_owned());
    }
}

/// The Service that answers, and where in it.
pub(super) fn service_reference(report: &mut Report<'_>, service: Object<'_>) {
    let path = service.text("path").unwrap_or_default();
    if !path.is_empty() && !path.starts_with('/') {
        let message = "`path` must start with `/`";
        refuse(report, service, "path", "webhook", message).docs(WEBHOOKS.to_owned());
    }
}

pub(super) fn client_config(report: &mut Report<'_>, config: Object<'_>) {
    exactly_one(
        report,
        config,
        alternatives::WEBHOOK,
        "`clientConfig`",
        "webhook",
    );
    let Some(url) = config.text("url") else {
        return;
    };
    let rest = url.strip_prefix("https://");
    let host = rest.and_then(|rest| rest.split('/').next());
    let message = if rest.is_none() {
        "`url` must start with https://"
    } else if host.is_some_and(|host| host.contains('@')) {
        "`url` takes no user and no password"
    } else if url.contains(['?', '#']) {
        "`url` takes no `?` and no `#`"
    } else {
        return;
    };
    refuse(report, config, "url", "webhook", message).docs(WEBHOOKS.to_owned());
}
