//! What the API server refuses beyond the schema.
//!
//! Rules belong to definitions, so that one of a container holds wherever containers stand. Each is
//! described, with its source, in a file of `spec/`.

mod access;
mod autoscaling;
mod batch;
mod cluster;
mod config;
mod container;
mod definition;
mod devices;
mod extension;
mod failure;
mod granted;
mod isolation;
mod keywords;
mod limits;
mod metadata;
mod network;
mod nonempty;
mod placement;
mod pod;
mod probe;
mod projection;
mod quota;
mod resources;
mod selector;
mod service;
mod storage;
mod structure;
mod volume;
mod workload;

use k8s_schemas::{KindInfo, Schema};
use yaml_syntax::TextRange;

use super::at::At;
use super::report::Report;
use super::{Diagnostic, replaced};
use crate::manifest::Manifest;
use crate::object::{Object, Value};

/// Judges an object as a whole.
pub(super) fn manifest(report: &mut Report<'_>, manifest: &Manifest<'_>, kind: KindInfo<'_>) {
    metadata::manifest(report, manifest, kind);
    let object = manifest.object;
    replaced::annotations(report, object, kind.kind());
    match (kind.group(), kind.kind()) {
        ("apps", "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet") => {
            workload::manifest(report, object, kind.kind());
        }
        ("", "ReplicationController") => workload::manifest(report, object, kind.kind()),
        ("batch", "Job") => batch::job(report, object),
        ("batch", "CronJob") => batch::cron_job(report, object),
        ("", "ConfigMap") => config::config_map(report, object),
        ("", "Secret") => config::secret(report, object),
        ("storage.k8s.io", "StorageClass") => storage::class(report, object),
        ("", "PersistentVolume") => storage::volume(report, object),
        ("", "Namespace") => cluster::namespace(report, object),
        ("node.k8s.io", "RuntimeClass") => cluster::runtime_class(report, object),
        ("apiregistration.k8s.io", "APIService") => cluster::api_service(report, manifest),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy") => {
            cluster::admission_policy(report, object);
        }
        ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => {
            access::role(report, object, kind.kind());
        }
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            access::binding(report, object, kind.kind());
        }
        ("discovery.k8s.io", "EndpointSlice") => network::endpoint_slice(report, object),
        ("scheduling.k8s.io", "PriorityClass") => quota::priority_class(report, manifest),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            extension::definition(report, manifest);
        }
        _ => {}
    }
}

/// Judges a part of an object by the rules of its definition.
pub(super) fn object(report: &mut Report<'_>, object: Object<'_>, schema: Schema<'_>, at: &At<'_>) {
    let Some(name) = built_in(schema) else {
        return;
    };
    limits::check(report, object, schema);
    nonempty::check(report, object, schema);
    match name {
        "Container" => container::check(report, object, at),
        "ContainerPort" => container::port(report, object),
        "EnvVar" => container::variable(report, object),
        "EnvVarSource" => container::variable_source(report, object),
        "EnvFromSource" => container::variables_from(report, object),
        "ObjectFieldSelector" => container::field_selector(report, object),
        "VolumeMount" => volume::mount(report, object),
        "LifecycleHandler" => probe::lifecycle(report, object),
        "Probe" => probe::check(report, object, at),
        "HTTPGetAction" | "TCPSocketAction" => probe::action(report, object),
        "GRPCAction" => between(report, object, "port", 1, 65535),
        "ExecAction" => probe::command(report, object),
        "HTTPHeader" => probe::header(report, object),
        "AppArmorProfile" => isolation::profile(report, object),
        "SeccompProfile" => isolation::seccomp(report, object),
        "ConfigMapVolumeSource" => projection::source(report, object, "name"),
        "SecretVolumeSource" => projection::source(report, object, "secretName"),
        "VolumeProjection" => projection::projected(report, object),
        "KeyToPath" | "ServiceAccountTokenProjection" => projection::file(report, object),
        "DownwardAPIVolumeFile" => projection::downward(report, object),
        "NFSVolumeSource" => projection::nfs(report, object),
        "ResourceRequirements" => resources::of_container(report, object),
        "VolumeResourceRequirements" => resources::check(report, object),
        "SecurityContext" => pod::security(report, object),
        "PodSpec" => pod::check(report, object),
        "ProjectedVolumeSource" => projection::files(report, object),
        "PodDNSConfig" => placement::dns(report, object),
        "NodeSelector" => placement::node_selector(report, object),
        "NodeSelectorTerm" => placement::node_fields(report, object),
        "PodSecurityContext" => placement::security(report, object),
        "Capabilities" => placement::capabilities(report, object),
        "HostAlias" => placement::host_alias(report, object),
        "DeviceClaim" => devices::claim(report, object),
        "DeviceRequest" if schema.field("exactly").is_some() => devices::request(report, object),
        "ExactDeviceRequest" | "DeviceSubRequest" => devices::amount(report, object),
        "Endpoint" => network::endpoint(report, object),
        "CertificateSigningRequestSpec" => cluster::certificate(report, object),
        "PriorityLevelConfigurationSpec" => cluster::priority_level(report, object),
        "ValidatingAdmissionPolicyBindingSpec" => cluster::policy_binding(report, object),
        "PodTemplateSpec" => pod::template(report, object),
        "Volume" => volume::check(report, object),
        "PersistentVolumeClaimTemplate" => volume::claim_template(report, object),
        "ServiceReference" => extension::service_reference(report, object),
        "IngressServiceBackend" => network::service_backend(report, object),
        "IngressClassParametersReference" => cluster::class_parameters(report, object),
        "ScopedResourceSelectorRequirement" => quota::scope(report, object),
        "Toleration" => pod::toleration(report, object),
        "TopologySpreadConstraint" => pod::spread(report, object),
        "PreferredSchedulingTerm" | "WeightedPodAffinityTerm" => pod::weight(report, object),
        "PodAffinityTerm" => pod::affinity_term(report, object),
        "LabelSelectorRequirement" => selector::requirement(report, object),
        "NodeSelectorRequirement" => selector::node_requirement(report, object),
        "LabelSelector" => selector::labels(report, object),
        "DeploymentStrategy" => workload::strategy(report, object),
        "DaemonSetUpdateStrategy" => workload::update(report, object, "DaemonSet"),
        "StatefulSetUpdateStrategy" => workload::update(report, object, "StatefulSet"),
        "DeploymentSpec" => workload::deployment(report, object),
        "JobSpec" => batch::job_spec(report, object),
        "ServiceSpec" => service::check(report, object),
        "ServicePort" => service::port(report, object),
        "IngressSpec" => network::ingress(report, object),
        "IngressRule" => network::ingress_rule(report, object),
        "HTTPIngressPath" => network::ingress_path(report, object),
        "IngressBackend" => network::ingress_backend(report, object),
        "ServiceBackendPort" => network::backend_port(report, object),
        "IngressClassSpec" => cluster::ingress_class(report, object),
        "NetworkPolicySpec" => network::policy(report, object),
        "NetworkPolicyPeer" => network::peer(report, object),
        "NetworkPolicyPort" => network::policy_port(report, object),
        "IPBlock" => network::ip_block(report, object),
        "HorizontalPodAutoscalerSpec" => autoscaling::check(report, object),
        "MetricSpec" => autoscaling::metric(report, object),
        "MetricTarget" => autoscaling::target(report, object),
        "HPAScalingRules" => autoscaling::behavior(report, object),
        "PodDisruptionBudgetSpec" => autoscaling::budget(report, object),
        "PersistentVolumeClaimSpec" => storage::claim(report, object),
        "LimitRangeItem" => quota::limit_range(report, object),
        "LimitRangeSpec" => quota::limit_ranges(report, object),
        "ResourceQuotaSpec" => quota::resource_quota(report, object),
        "ValidatingWebhook" | "MutatingWebhook" => extension::webhook(report, object),
        "RuleWithOperations" => extension::webhook_rule(report, object),
        "WebhookClientConfig" => extension::client_config(report, object),
        _ => {}
    }
}

/// The last part of the name of a built-in definition.
fn built_in(schema: Schema<'_>) -> Option<&str> {
    let name = schema.definition()?;
    name.strip_prefix("io.k8s.")?.rsplit('.').next()
}

/// The value of a field, or its key, or the object: what a complaint about it underlines.
fn place(object: Object<'_>, field: &str) -> TextRange {
    match object.mapping().get(field) {
        Some(value) => value.range(),
        None => object.key_range(field),
    }
}

/// Whether a field is there and says `value`.
fn is(object: Object<'_>, field: &str, value: bool) -> bool {
    object.get(field).and_then(Value::json) == Some(value.into())
}

/// Complains about a field.
fn refuse<'r>(
    report: &'r mut Report<'_>,
    object: Object<'_>,
    field: &str,
    code: &'static str,
    message: impl Into<String>,
) -> &'r mut Diagnostic {
    report.error(place(object, field), code, message)
}

/// Complains about a number below `least`.
fn at_least(report: &mut Report<'_>, object: Object<'_>, field: &str, least: i64) {
    if object.integer(field).is_some_and(|number| number < least) {
        let message = format!("`{field}` must be at least {least}");
        refuse(report, object, field, "out-of-range", message);
    }
}

/// Complains about a number outside of `least..=most`.
fn between(report: &mut Report<'_>, object: Object<'_>, field: &str, least: i64, most: i64) {
    let number = object.integer(field);
    if number.is_some_and(|number| number < least || number > most) {
        let message = format!("`{field}` must be from {least} to {most}");
        refuse(report, object, field, "out-of-range", message);
    }
}

/// Complains about a port number or the name of a port.
fn port_or_name(report: &mut Report<'_>, object: Object<'_>, field: &str) {
    between(report, object, field, 1, 65535);
    if let Some(name) = object.text(field)
        && let Some(complaint) = crate::formats::name::port_name(&name)
    {
        let is_number = name.parse::<u16>().is_ok();
        let hint = if is_number {
            "; a number is written without quotes"
        } else {
            ""
        };
        let complaint = refuse(
            report,
            object,
            field,
            "port-name",
            format!("{complaint}{hint}"),
        );
        if is_number {
            complaint.replace(format!("Change to `{name}`"), place(object, field), name);
        }
    }
}

/// Those of `fields` that the object has.
fn present<'n>(object: Object<'_>, fields: &[&'n str]) -> Vec<&'n str> {
    let there = fields.iter().copied();
    there.filter(|field| object.says(field)).collect()
}

/// Complains unless exactly one of `fields` is there.
fn exactly_one(
    report: &mut Report<'_>,
    object: Object<'_>,
    fields: &[&str],
    what: &str,
    code: &'static str,
) {
    let there = present(object, fields);
    match there.as_slice() {
        [_] => {}
        [] => {
            if !report.is_broken(object.mapping().range()) {
                let range = first_key(object);
                let message = format!("{what} needs one of {}", choice(fields, "or"));
                report.error(range, code, message);
            }
        }
        [_, _, ..] => {
            let message = format!("{what} takes only one of {}", choice(&there, "and"));
            let ranges = there.iter().map(|field| object.key_range(field));
            let last = ranges.max_by_key(|range| range.start());
            report.error(last.unwrap_or_else(|| first_key(object)), code, message);
        }
    }
}

fn first_key(object: Object<'_>) -> TextRange {
    let first = object.mapping().entries().next();
    first.map_or_else(|| object.mapping().range(), super::report::key_range)
}

/// `` `a`, `b` or `c` ``, shortened after six.
pub(super) fn choice(words: &[&str], last: &str) -> String {
    let shown: Vec<String> = words
        .iter()
        .take(6)
        .map(|word| format!("`{word}`"))
        .collect();
    if words.len() > shown.len() {
        return format!("{}, …", shown.join(", "));
    }
    match shown.split_last() {
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}

/// Complains about a text by a rule of `formats::name`.
fn named(
    report: &mut Report<'_>,
    value: Option<Value<'_>>,
    code: &'static str,
    rule: fn(&str) -> Option<String>,
) {
    if let Some(value) = value
        && let Some(text) = value.text()
        && let Some(message) = rule(&text)
    {
        report.error(value.range(), code, message);
    }
}
