//! Pages that explain a rule, where its own code names none.

use crate::language::Language;

const CONCEPTS: &str = "https://kubernetes.io/docs/concepts/";
const REFERENCE: &str = "https://kubernetes.io/docs/reference/";
const PIPELINES: &str = "https://docs.gitlab.com/ci/yaml/";
const YAML: &str = "https://yaml.org/spec/1.2.2/";

/// The page that explains a rule; for what no Kubernetes page tells, the language itself.
pub(crate) fn of(code: &str, language: Language) -> Option<String> {
    let concept = |page: &str| Some(format!("{CONCEPTS}{page}"));
    match code {
        "config-key" | "config-too-long" | "missing-key" => concept("configuration/configmap/"),
        "duplicate-item" => Some(format!(
            "{REFERENCE}using-api/server-side-apply/#merge-strategy"
        )),
        "annotations-too-long" => concept("overview/working-with-objects/annotations/"),
        "duplicate-key" | "unknown-anchor" => Some(YAML.to_owned()),
        "duplicate-object" | "invalid-name" | "unknown-reference" => {
            concept("overview/working-with-objects/names/")
        }
        "invalid-namespace" | "namespace-ignored" => {
            concept("overview/working-with-objects/namespaces/")
        }
        "server-field" => concept("overview/working-with-objects/#object-spec-and-status"),
        "invalid-api-version" | "unknown-kind" => Some(format!("{REFERENCE}using-api/#api-groups")),
        "replicas-with-autoscaler" => concept(
            "workloads/autoscaling/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling",
        ),
        "active-deadline" | "restart-policy" => concept("workloads/pods/pod-lifecycle/"),
        "selects-nothing" | "unknown-port" => concept("services-networking/service/"),
        "admission-policy" => Some(format!(
            "{REFERENCE}access-authn-authz/validating-admission-policy/"
        )),
        "ingress-class" => concept("services-networking/ingress/#ingress-class"),
        "unused-volume" => concept("storage/volumes/"),
        "deprecated-api" | "removed-api" => {
            Some(format!("{REFERENCE}using-api/deprecation-guide/"))
        }
        "deprecated-field" | "type" | "enum" | "missing-field" | "pattern" | "out-of-range"
        | "date-time" => Some(format!("{REFERENCE}kubernetes-api/")),
        _ if language == Language::GitlabCi => Some(PIPELINES.to_owned()),
        _ => None,
    }
}

/// The page for what is wrong with the YAML itself.
pub(crate) fn of_syntax() -> String {
    YAML.to_owned()
}
