//! Which fields go with those that an object has already.

use yaml_syntax::PathSegment;

use super::Site;
use crate::alternatives;
use crate::object::Object;

/// Whether `field` may be written in `object`: an API server would take it beside what is there.
pub(super) fn fits(site: &Site<'_>, definition: &str, object: Object<'_>, field: &str) -> bool {
    let has_one = |fields: &[&str]| fields.iter().any(|it| *it != field && object.has(it));
    let one_of = alternatives::of(definition);
    if one_of.contains(&field) && has_one(one_of) {
        return false;
    }
    let definition = match definition {
        "JSONSchemaPropsOrArray" | "JSONSchemaPropsOrBool" => "JSONSchemaProps",
        other => other,
    };
    let is = |key: &str, wanted: &[&str]| {
        let text = object.text(key);
        text.is_some_and(|text| wanted.contains(&text.as_str()))
    };
    match (definition, field) {
        ("PodSpec", "ephemeralContainers") => false,
        ("Container", "livenessProbe" | "readinessProbe" | "startupProbe" | "lifecycle") => {
            !runs_first(site) || is("restartPolicy", &["Always"])
        }
        ("NetworkPolicyPeer", "ipBlock") => !has_one(&["podSelector", "namespaceSelector"]),
        ("NetworkPolicyPeer", "podSelector" | "namespaceSelector") => !object.has("ipBlock"),
        ("PolicyRule", "nonResourceURLs") => {
            let of_cluster = site
                .root
                .as_ref()
                .is_some_and(|it| it.kind == "ClusterRole");
            of_cluster && !has_one(&["apiGroups", "resources", "resourceNames"])
        }
        ("PolicyRule", "apiGroups" | "resources" | "resourceNames") => {
            !object.has("nonResourceURLs")
        }
        ("LabelSelectorRequirement" | "NodeSelectorRequirement", "values") => {
            !is("operator", &["Exists", "DoesNotExist"])
        }
        ("Toleration", "value") => !is("operator", &["Exists"]),
        ("MetricSpec", source) if one_of.contains(&source) => object
            .text("type")
            .is_none_or(|ty| ty.is_empty() || ty.eq_ignore_ascii_case(source)),
        ("JobSpec", "selector") => object.has("manualSelector"),
        ("JobSpec", "successPolicy" | "backoffLimitPerIndex" | "maxFailedIndexes") => {
            is("completionMode", &["Indexed"])
        }
        ("JSONSchemaProps", "properties") => !object.has("additionalProperties"),
        ("JSONSchemaProps", "additionalProperties") => !object.has("properties"),
        ("JSONSchemaProps", word) => !alternatives::NOT_IN_SCHEMAS.contains(&word),
        ("ServiceSpec", _) => fits_service(object, field),
        _ => true,
    }
}

/// Fields of a Service that only some of its types have; all that may still come before a `type`.
fn fits_service(spec: Object<'_>, field: &str) -> bool {
    let ty = spec.text("type").filter(|ty| !ty.is_empty());
    let headless = spec.text("clusterIP").as_deref() == Some("None");
    match field {
        "loadBalancerSourceRanges"
        | "loadBalancerClass"
        | "loadBalancerIP"
        | "allocateLoadBalancerNodePorts"
        | "healthCheckNodePort" => ty.as_deref() == Some("LoadBalancer"),
        "externalTrafficPolicy" => {
            !headless && !matches!(ty.as_deref(), Some("ClusterIP" | "ExternalName"))
        }
        "externalName" => ty.is_none_or(|ty| ty == "ExternalName"),
        "clusterIP" | "clusterIPs" => ty.is_none_or(|ty| ty != "ExternalName"),
        _ => true,
    }
}

/// Whether the container is one that runs before the others.
fn runs_first(site: &Site<'_>) -> bool {
    let first =
        |step: &PathSegment| matches!(step, PathSegment::Key(key) if key == "initContainers");
    site.path.iter().any(first)
}
