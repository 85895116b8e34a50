//! What the built-in kinds are, asked the way the editor and the sandbox ask.
#![allow(
    clippy::needless_pass_by_value,
    clippy::needless_raw_string_hashes,
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; `expect!` writes its own quotes"
)]

use expect_test::{Expect, expect};
use k8s_schemas::{KubeRelease, ListType, Schema, SchemaSet, Type};

/// Shows a schema and what is directly below it.
fn show(schema: Schema<'_>) -> String {
    let mut lines = vec![format!(
        "{} {}",
        schema.ty().name(),
        schema.definition().unwrap_or("-")
    )];
    for field in schema.fields() {
        let star = if field.required { "*" } else { "" };
        lines.push(format!("  {}{star}: {}", field.name, brief(field.schema)));
    }
    lines.join("\n") + "\n"
}

fn brief(schema: Schema<'_>) -> String {
    let mut text = match (schema.items(), schema.values()) {
        (Some(items), _) => format!("list of {}", brief(items)),
        (_, Some(values)) => format!("map of {}", brief(values)),
        _ => schema.ty().name().to_owned(),
    };
    let mut add = |more: String| {
        text.push(' ');
        text.push_str(&more);
    };
    if schema.ty() == Type::Object {
        let name = schema.definition().and_then(|name| name.rsplit('.').next());
        add(name.unwrap_or("-").to_owned());
    }
    if let Some(format) = schema.format() {
        add(format!("({format})"));
    }
    if let Some(default) = schema.default() {
        add(format!("= {default}"));
    }
    let values: Vec<String> = schema
        .enum_values()
        .iter()
        .map(ToString::to_string)
        .collect();
    if !values.is_empty() {
        add(values.join("|"));
    }
    match schema.list_type() {
        Some(ListType::Map(keys)) => add(format!("by {}", keys.join(", "))),
        Some(ListType::Set) => add("set".to_owned()),
        _ => {}
    }
    if schema.is_atomic_map() {
        add("atomic".to_owned());
    }
    text
}

#[track_caller]
fn check(definition: &str, expected: Expect) {
    let set = SchemaSet::builtin();
    let schema = set.release(KubeRelease::V1_36).definition(definition);
    expected.assert_eq(&show(schema.unwrap()));
}

#[test]
fn a_container_port_has_its_enum_its_default_and_its_formats() {
    check(
        "io.k8s.api.core.v1.ContainerPort",
        expect![[r#"
        object io.k8s.api.core.v1.ContainerPort
          containerPort*: integer (int32)
          hostIP: string
          hostPort: integer (int32)
          name: string
          protocol: string = "TCP" "SCTP"|"TCP"|"UDP"
    "#]],
    );
}

#[test]
fn a_service_spec_has_lists_by_key_and_an_atomic_selector() {
    check(
        "io.k8s.api.core.v1.ServiceSpec",
        expect![[r#"
        object io.k8s.api.core.v1.ServiceSpec
          allocateLoadBalancerNodePorts: boolean
          clusterIP: string
          clusterIPs: list of string
          externalIPs: list of string
          externalName: string
          externalTrafficPolicy: string "Cluster"|"Local"
          healthCheckNodePort: integer (int32)
          internalTrafficPolicy: string "Cluster"|"Local"
          ipFamilies: list of string ""|"IPv4"|"IPv6"
          ipFamilyPolicy: string "PreferDualStack"|"RequireDualStack"|"SingleStack"
          loadBalancerClass: string
          loadBalancerIP: string
          loadBalancerSourceRanges: list of string
          ports: list of object ServicePort by port, protocol
          publishNotReadyAddresses: boolean
          selector: map of string atomic
          sessionAffinity: string "ClientIP"|"None"
          sessionAffinityConfig: object SessionAffinityConfig
          trafficDistribution: string
          type: string "ClusterIP"|"ExternalName"|"LoadBalancer"|"NodePort"
    "#]],
    );
}

#[test]
fn a_deployment_requires_no_metadata() {
    check(
        "io.k8s.api.apps.v1.Deployment",
        expect![[r#"
        object io.k8s.api.apps.v1.Deployment
          apiVersion: string
          kind: string
          metadata: object ObjectMeta
          spec: object DeploymentSpec
          status: object DeploymentStatus
    "#]],
    );
}

#[test]
fn every_release_has_all_of_its_kinds() {
    let set = SchemaSet::builtin();
    let counts = KubeRelease::ALL.map(|release| {
        let schemas = set.release(release);
        format!(
            "{release} {} kinds {} definitions\n",
            schemas.kinds().count(),
            schemas.definition_names().count()
        )
    });
    expect![[r#"
        1.33 96 kinds 708 definitions
        1.34 98 kinds 731 definitions
        1.35 98 kinds 736 definitions
        1.36 103 kinds 772 definitions
        1.37 108 kinds 863 definitions
    "#]]
    .assert_eq(&counts.concat());
}
