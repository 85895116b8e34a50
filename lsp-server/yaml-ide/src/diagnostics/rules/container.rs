//! Containers: images, ports, environment.

use std::collections::HashSet;

use super::{choice, exactly_one, isolation, named, place, port_or_name, present, refuse};
use crate::alternatives;
use crate::diagnostics::at::At;
use crate::diagnostics::report::Report;
use crate::formats::{image, name};
use crate::fuzzy;
use crate::object::Object;

const DOWNWARD: &str = "https://kubernetes.io/docs/concepts/workloads/pods/downward-api/";
const IMAGES: &str = "https://kubernetes.io/docs/concepts/containers/images/";

pub(super) fn check(report: &mut Report<'_>, container: Object<'_>, at: &At<'_>) {
    named(
        report,
        container.get("name"),
        "container-name",
        name::label_1123,
    );
    if !container.says("image") {
        missing_image(report, container);
    }
    if let Some(text) = container.text("image") {
        check_image(report, container, &text);
    }
    port_names(report, container);
    isolation::mounts(report, container);
    if at.to_string().contains(".initContainers[") {
        init_probes(report, container);
    }
}

fn missing_image(report: &mut Report<'_>, container: Object<'_>) {
    if report.is_broken(container.mapping().range()) {
        return;
    }
    let range = container.key_range("name");
    let range = if container.has("name") {
        range
    } else {
        super::first_key(container)
    };
    report.error(range, "missing-image", "a container needs an `image`");
}

fn check_image(report: &mut Report<'_>, container: Object<'_>, text: &str) {
    let range = place(container, "image");
    // Filled in by a tool before it is applied.
    if text.contains('$') || text.is_empty() {
        return;
    }
    if text.trim() != text {
        let message = "an image has no blanks before or after its name";
        report
            .error(range, "image-name", message)
            .docs(IMAGES.to_owned());
    } else if let Some(complaint) = image::complaint(text) {
        let message = format!("no node can pull this image: {complaint}");
        report
            .warning(range, "image-name", message)
            .docs(IMAGES.to_owned());
    } else if image::floating_tag(text) {
        let message = "the image has no fixed tag: what runs changes without a new version";
        report
            .hint(range, "floating-tag", message)
            .docs(IMAGES.to_owned());
    }
}

fn port_names(report: &mut Report<'_>, container: Object<'_>) {
    let mut seen = HashSet::new();
    for port in container.objects("ports") {
        if let Some(name) = port.text("name")
            && !seen.insert(name.clone())
        {
            let message = format!("another port of this container is called `{name}`");
            refuse(report, port, "name", "duplicate-port-name", message);
        }
    }
}

fn init_probes(report: &mut Report<'_>, container: Object<'_>) {
    if container.text("restartPolicy").as_deref() == Some("Always") {
        return;
    }
    for field in present(
        container,
        &[
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle",
        ],
    ) {
        let message = format!(
            "an init container takes `{field}` only with `restartPolicy: Always`, as a sidecar"
        );
        report
            .error(container.key_range(field), "init-probe", message)
            .docs(
                "https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/".to_owned(),
            );
    }
}

pub(super) fn port(report: &mut Report<'_>, port: Object<'_>) {
    super::between(report, port, "containerPort", 1, 65535);
    super::between(report, port, "hostPort", 1, 65535);
    named(report, port.get("name"), "port-name", name::port_name);
}

pub(super) fn variable(report: &mut Report<'_>, variable: Object<'_>) {
    named(report, variable.get("name"), "env-name", name::env_name);
    let has_value = variable
        .text("value")
        .is_some_and(|value| !value.is_empty());
    if has_value && variable.says("valueFrom") {
        let message = "a variable takes `value` or `valueFrom`, not both";
        report.error(variable.key_range("valueFrom"), "env-value", message);
    }
}

pub(super) fn variable_source(report: &mut Report<'_>, source: Object<'_>) {
    exactly_one(
        report,
        source,
        alternatives::VARIABLE_SOURCE,
        "`valueFrom`",
        "env-source",
    );
    if let Some(reference) = source.object("resourceFieldRef") {
        resource_reference(report, reference);
    }
    for field in ["configMapKeyRef", "secretKeyRef"] {
        let reference = source.object(field);
        named_source(report, source, field, reference);
    }
}

fn named_source(
    report: &mut Report<'_>,
    source: Object<'_>,
    field: &str,
    reference: Option<Object<'_>>,
) {
    let nameless = reference.filter(|reference| !reference.says("name"));
    if nameless.is_some_and(|reference| !report.is_broken(reference.mapping().range())) {
        let message = format!("`{field}` needs the `name` of the object");
        report.error(source.key_range(field), "missing-field", message);
    }
}

fn resource_reference(report: &mut Report<'_>, reference: Object<'_>) {
    let Some(resource) = reference.text("resource") else {
        return;
    };
    let (list, name) = resource.split_once('.').unwrap_or((&resource, ""));
    let known = matches!(list, "limits" | "requests")
        && (matches!(name, "cpu" | "memory" | "ephemeral-storage")
            || name.starts_with("hugepages-"));
    if !known {
        let message = format!(
            "`{resource}` is not a resource: write `limits.cpu`, `requests.memory` and the like"
        );
        refuse(report, reference, "resource", "env-source", message).docs(DOWNWARD.to_owned());
    }
}

pub(super) fn variables_from(report: &mut Report<'_>, source: Object<'_>) {
    exactly_one(
        report,
        source,
        alternatives::VARIABLES_SOURCE,
        "`envFrom`",
        "env-source",
    );
    for field in ["configMapRef", "secretRef"] {
        let reference = source.object(field);
        named_source(report, source, field, reference);
    }
}

/// What a variable or a file can tell about its own pod.
const FIELD_PATHS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.labels",
    "metadata.annotations",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

pub(super) fn field_selector(report: &mut Report<'_>, selector: Object<'_>) {
    let Some(path) = selector.text("fieldPath") else {
        return;
    };
    let by_key = ["metadata.labels['", "metadata.annotations['"];
    let known = FIELD_PATHS.contains(&path.as_str())
        || (by_key.iter().any(|start| path.starts_with(start)) && path.ends_with("']"));
    if known {
        return;
    }
    let near = fuzzy::nearest(&path, FIELD_PATHS.iter().copied());
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use {}", choice(FIELD_PATHS, "or")),
    };
    let message = format!("a pod cannot tell its `{path}`; {hint}");
    let range = place(selector, "fieldPath");
    let complaint = report.error(range, "field-path", message);
    complaint.docs(DOWNWARD.to_owned());
    if let Some(near) = near {
        complaint.replace(format!("Change to `{near}`"), range, near);
    }
}

/// A port that a probe or a hook names: a number, or the name of a port of the container.
pub(super) fn port_reference(report: &mut Report<'_>, action: Object<'_>) {
    port_or_name(report, action, "port");
}
