//! Pods: what holds for all of their containers, and where they may run.

use std::collections::HashSet;

use super::{at_least, between, is, isolation, metadata, named, place, projection, refuse, volume};
use crate::diagnostics::replaced;
use crate::diagnostics::report::{Report, key_range};
use crate::formats::{address, name};
use crate::object::Object;

const SECURITY: &str = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";
const TAINTS: &str =
    "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/";

pub(super) fn check(report: &mut Report<'_>, spec: Object<'_>) {
    container_names(report, spec);
    volume::mounts_of(report, spec);
    host_ports(report, spec);
    isolation::host_ports(report, spec);
    isolation::pod(report, spec);
    isolation::restarts(report, spec);
    projection::claims(report, spec);
    sleeps(report, spec);
    dns(report, spec);
    at_least(report, spec, "terminationGracePeriodSeconds", 0);
    at_least(report, spec, "activeDeadlineSeconds", 1);
    named(
        report,
        spec.get("hostname"),
        "invalid-name",
        name::label_1123,
    );
    named(
        report,
        spec.get("subdomain"),
        "invalid-name",
        name::label_1123,
    );
    named(
        report,
        spec.get("serviceAccountName"),
        "invalid-name",
        name::subdomain,
    );
    if let Some(labels) = spec.object("nodeSelector") {
        metadata::labels(report, labels);
        for (key, entry, _) in labels.pairs() {
            replaced::node_label(report, &key, key_range(entry));
        }
    }
    if let Some(context) = spec.object("securityContext") {
        user(report, context);
    }
    for secret in spec.objects("imagePullSecrets") {
        if secret.text("name").is_some_and(|name| name.is_empty()) {
            let message = "`name` of a secret may not be empty";
            refuse(report, secret, "name", "missing-field", message);
        }
    }
    if !spec.items("ephemeralContainers").is_empty() {
        let message =
            "`ephemeralContainers` are added to a running pod with `kubectl debug`, never written";
        report.error(
            spec.key_range("ephemeralContainers"),
            "ephemeral-containers",
            message,
        );
    }
}

pub(super) fn template(report: &mut Report<'_>, template: Object<'_>) {
    if let Some(metadata) = template.object("metadata") {
        metadata::metadata(report, metadata);
    }
    replaced::annotations(report, template, "Pod");
}

fn container_names(report: &mut Report<'_>, spec: Object<'_>) {
    let mut seen = HashSet::new();
    for container in spec.objects("initContainers") {
        seen.extend(container.text("name"));
    }
    for container in spec.objects("containers") {
        if let Some(name) = container.text("name").filter(|name| seen.contains(name)) {
            let message = format!("an init container is called `{name}` already");
            refuse(report, container, "name", "duplicate-container", message);
        }
    }
}

fn host_ports(report: &mut Report<'_>, spec: Object<'_>) {
    if !is(spec, "hostNetwork", true) {
        return;
    }
    for container in spec.objects("containers") {
        for port in container.objects("ports") {
            let differs = port
                .integer("hostPort")
                .is_some_and(|host| Some(host) != port.integer("containerPort"));
            if differs {
                let message =
                    "with `hostNetwork` the `hostPort` must be the same as the `containerPort`";
                refuse(report, port, "hostPort", "host-port", message);
            }
        }
    }
}

/// A hook may not sleep longer than the pod has to end.
fn sleeps(report: &mut Report<'_>, spec: Object<'_>) {
    let grace = spec.integer("terminationGracePeriodSeconds");
    let grace = grace.unwrap_or(30);
    let lists = ["containers", "initContainers"].iter();
    for container in lists.flat_map(|list| spec.objects(list)) {
        for hook in ["preStop", "postStart"] {
            let sleep = container.at(&["lifecycle", hook, "sleep"]);
            let Some(sleep) = sleep.and_then(crate::object::Value::object) else {
                continue;
            };
            at_least(report, sleep, "seconds", 0);
            if sleep
                .integer("seconds")
                .is_some_and(|seconds| seconds > grace)
            {
                let message = format!(
                    "`seconds` must not be above `terminationGracePeriodSeconds`, which is {grace}"
                );
                refuse(report, sleep, "seconds", "out-of-range", message);
            }
        }
    }
}

fn dns(report: &mut Report<'_>, spec: Object<'_>) {
    let servers = spec.at(&["dnsConfig", "nameservers"]);
    let servers = servers.map(crate::object::Value::items).unwrap_or_default();
    if spec.text("dnsPolicy").as_deref() == Some("None") && servers.is_empty() {
        let message = "`dnsPolicy: None` needs `dnsConfig.nameservers`";
        refuse(report, spec, "dnsPolicy", "dns-config", message);
    }
    for server in servers {
        if server.text().is_some_and(|text| !address::is_ip(&text)) {
            report.error(
                server.range(),
                "invalid-address",
                "`nameservers` must be IP addresses",
            );
        }
    }
}

pub(super) fn security(report: &mut Report<'_>, context: Object<'_>) {
    user(report, context);
    let added = context.object("capabilities").map(|it| it.items("add"));
    let mut added = added.into_iter().flatten();
    let is_admin = added.any(|it| it.text().as_deref() == Some("CAP_SYS_ADMIN"));
    let gains = [
        (is_admin, "who has `CAP_SYS_ADMIN`"),
        (is(context, "privileged", true), "a privileged container"),
    ];
    if is(context, "allowPrivilegeEscalation", false) {
        for (_, who) in gains.iter().filter(|(gains, _)| *gains) {
            let message = format!(
                "{who} may always gain privileges: `allowPrivilegeEscalation` cannot be false"
            );
            let field = "allowPrivilegeEscalation";
            refuse(report, context, field, "privilege-escalation", message)
                .docs(SECURITY.to_owned());
        }
    }
}

fn user(report: &mut Report<'_>, context: Object<'_>) {
    for field in ["runAsUser", "runAsGroup", "fsGroup"] {
        between(report, context, field, 0, i64::from(i32::MAX));
    }
    if is(context, "runAsNonRoot", true) && context.integer("runAsUser") == Some(0) {
        let message = "user 0 is root, which `runAsNonRoot` forbids: the container will not start";
        report
            .warning(place(context, "runAsUser"), "run-as-root", message)
            .docs(SECURITY.to_owned());
    }
}

pub(super) fn toleration(report: &mut Report<'_>, toleration: Object<'_>) {
    let operator = toleration.text("operator");
    let exists = operator.as_deref() == Some("Exists");
    let has_key = toleration.text("key").is_some_and(|key| !key.is_empty());
    if exists
        && toleration
            .text("value")
            .is_some_and(|value| !value.is_empty())
    {
        let message = "`operator: Exists` takes no `value`";
        refuse(report, toleration, "value", "toleration", message).docs(TAINTS.to_owned());
    }
    if !has_key && !exists && !report.is_broken(toleration.mapping().range()) {
        let range = super::first_key(toleration);
        let message = "a toleration without `key` needs `operator: Exists`";
        report
            .error(range, "toleration", message)
            .docs(TAINTS.to_owned());
    }
    let no_execute = toleration
        .text("effect")
        .is_some_and(|effect| effect == "NoExecute");
    if toleration.says("tolerationSeconds") && !no_execute {
        let message = "`tolerationSeconds` needs `effect: NoExecute`";
        refuse(
            report,
            toleration,
            "tolerationSeconds",
            "toleration",
            message,
        )
        .docs(TAINTS.to_owned());
    }
    if !exists {
        named(
            report,
            toleration.get("value"),
            "label-value",
            name::label_value,
        );
    }
    named(report, toleration.get("key"), "label-key", name::qualified);
    node_label(report, toleration, "key");
}

pub(super) fn spread(report: &mut Report<'_>, spread: Object<'_>) {
    at_least(report, spread, "maxSkew", 1);
    at_least(report, spread, "minDomains", 1);
    node_label(report, spread, "topologyKey");
    let hard = spread.text("whenUnsatisfiable").as_deref() == Some("DoNotSchedule");
    if spread.says("minDomains") && !hard {
        let message = "`minDomains` needs `whenUnsatisfiable: DoNotSchedule`";
        refuse(report, spread, "minDomains", "topology-spread", message);
    }
    let by_keys = !spread.items("matchLabelKeys").is_empty();
    if by_keys && !spread.says("labelSelector") && !report.is_broken(spread.mapping().range()) {
        let message = "`matchLabelKeys` needs a `labelSelector`";
        refuse(report, spread, "matchLabelKeys", "topology-spread", message);
    }
}

/// A label of nodes that has another name by now.
pub(super) fn node_label(report: &mut Report<'_>, object: Object<'_>, field: &str) {
    if let Some(key) = object.text(field) {
        replaced::node_label(report, &key, place(object, field));
    }
}

pub(super) fn weight(report: &mut Report<'_>, term: Object<'_>) {
    between(report, term, "weight", 1, 100);
}

pub(super) fn affinity_term(report: &mut Report<'_>, term: Object<'_>) {
    named(
        report,
        term.get("topologyKey"),
        "label-key",
        name::qualified,
    );
    for namespace in term.items("namespaces") {
        named(report, Some(namespace), "invalid-name", name::label_1123);
    }
    node_label(report, term, "topologyKey");
}
