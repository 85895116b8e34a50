//! What the built-in kinds are, asked the way the editor and the sandbox ask.
#![allow(
    clippy::needless_pass_by_value,
    clippy::needless_raw_string_hashes,
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; `expect!` writes its own quotes"
)]

use expect_test::{Expect, expect};
use k8s_schemas::{
    BundleError, FieldPath, Gvk, KubeRelease, ListType, Schema, SchemaSet, Scope, Type, bundle,
    release,
};

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
              trafficDistribution: string "PreferClose"|"PreferSameNode"|"PreferSameZone"
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

#[test]
fn the_keys_of_every_list_are_fields_of_its_items() {
    let set = SchemaSet::builtin();
    let mut lists = 0;
    for release in KubeRelease::ALL {
        let schemas = set.release(release);
        for name in schemas.definition_names() {
            for field in schemas.definition(name).unwrap().fields() {
                let Some(ListType::Map(keys)) = field.schema.list_type() else {
                    continue;
                };
                lists += 1;
                let items = field.schema.items().unwrap();
                let unknown = keys.iter().find(|key| items.field(key).is_none());
                assert!(
                    !keys.is_empty() && unknown.is_none(),
                    "{release} {name}.{}",
                    field.name
                );
            }
        }
    }
    assert!(lists > 400, "{lists}");
}

#[test]
fn every_field_has_a_type_that_is_known() {
    let set = SchemaSet::builtin();
    for release in KubeRelease::ALL {
        let schemas = set.release(release);
        let mut any = Vec::new();
        for name in schemas.definition_names() {
            for field in schemas.definition(name).unwrap().fields() {
                let leaf = field.schema.items().or_else(|| field.schema.values());
                if leaf.unwrap_or(field.schema).ty() == Type::Any {
                    any.push(name.rsplit('.').next().unwrap());
                }
            }
        }
        // JSON schemas hold any JSON; all else has a type.
        any.retain(|name| !name.starts_with("JSONSchemaProps"));
        assert_eq!(any, Vec::<&str>::new(), "{release}");
    }
}

#[test]
fn a_list_of_a_kind_and_a_list_of_anything_are_known() {
    let set = SchemaSet::builtin();
    let schemas = set.release(KubeRelease::V1_33);
    let list = schemas
        .kind(&Gvk::new("apps", "v1", "DeploymentList"))
        .unwrap();
    let items = list.schema().field("items").unwrap().schema;
    let definition = items.items().unwrap().definition();
    assert!(list.is_list());
    assert_eq!(definition, Some("io.k8s.api.apps.v1.Deployment"));
    let any = schemas.kind(&Gvk::new("", "v1", "List")).unwrap().schema();
    let item = any.field("items").unwrap().schema.items().unwrap();
    assert!(item.is_embedded_object() && item.allows_unknown_fields());
}

#[test]
fn subresources_and_names_are_those_of_discovery() {
    let set = SchemaSet::builtin();
    let schemas = set.release(KubeRelease::V1_36);
    let shown = [
        ("", "v1", "Pod"),
        ("", "v1", "ConfigMap"),
        ("", "v1", "Node"),
        ("apps", "v1", "Deployment"),
        ("authorization.k8s.io", "v1", "SelfSubjectAccessReview"),
        ("networking.k8s.io", "v1", "Ingress"),
        ("policy", "v1", "Eviction"),
    ]
    .map(|(group, version, kind)| {
        let kind = schemas.kind(&Gvk::new(group, version, kind)).unwrap();
        format!(
            "{} {} {:?} {} status={} scale={}\n",
            kind.plural(),
            kind.singular(),
            kind.scope(),
            kind.short_names().join(","),
            kind.has_status(),
            kind.has_scale(),
        )
    });
    expect![[r#"
        pods pod Namespaced po status=true scale=false
        configmaps configmap Namespaced cm status=false scale=false
        nodes node Cluster no status=true scale=false
        deployments deployment Namespaced deploy status=true scale=true
        selfsubjectaccessreviews selfsubjectaccessreview Cluster  status=false scale=false
        ingresses ingress Namespaced ing status=true scale=false
        eviction eviction Subresource  status=false scale=false
    "#]]
    .assert_eq(&shown.concat());
}

#[test]
fn quantities_ports_and_times_have_types_of_their_own() {
    let set = SchemaSet::builtin();
    let schemas = set.release(KubeRelease::V1_37);
    let pod = schemas.kind(&Gvk::new("", "v1", "Pod")).unwrap().schema();
    for (path, ty) in [
        ("spec.containers[].resources.limits", Type::Map),
        ("spec.containers[].resources.limits.cpu", Type::Quantity),
        (
            "spec.containers[].livenessProbe.httpGet.port",
            Type::IntOrString,
        ),
        ("spec.containers[].ports[].containerPort", Type::Integer),
        ("spec.hostNetwork", Type::Boolean),
        ("metadata.creationTimestamp", Type::String),
        ("metadata.labels.app", Type::String),
    ] {
        let found = pod.descend(&FieldPath::parse(path).unwrap());
        assert_eq!(found.map(Schema::ty), Some(ty), "{path}");
    }
}

#[test]
fn links_name_the_group_of_every_kind() {
    let set = SchemaSet::builtin();
    for release in KubeRelease::ALL {
        for kind in set.release(release).kinds() {
            let group = match kind.group() {
                "" if kind.scope() == Scope::Subresource => continue,
                "" => "core".to_owned(),
                group => group.replace('.', "-"),
            };
            let anchor = format!("#{}-{}-{group}", kind.singular(), kind.version());
            let url = kind.schema().docs_url().unwrap();
            assert!(url.ends_with(&anchor), "{url} {anchor}");
        }
    }
}

#[test]
fn what_a_release_no_longer_serves_is_listed_as_removed() {
    let set = SchemaSet::builtin();
    for pair in KubeRelease::ALL.windows(2) {
        let (before, after) = (set.release(pair[0]), set.release(pair[1]));
        for kind in before.kinds() {
            let gvk = kind.gvk();
            let removed = release::deprecation(&gvk).is_some_and(|row| row.is_removed_in(pair[1]));
            assert_eq!(removed, after.kind(&gvk).is_none(), "{} {gvk}", pair[1]);
        }
    }
}

#[test]
fn what_to_write_instead_is_served_by_the_newest_release_or_moves_on() {
    let set = SchemaSet::builtin();
    let newest = set.release(KubeRelease::NEWEST);
    for row in release::deprecations() {
        let Some((api_version, kind)) = row.replacement else {
            continue;
        };
        let gvk = Gvk::parse(api_version, kind).unwrap();
        let served = newest.kind(&gvk).is_some();
        assert!(served || release::deprecation(&gvk).is_some(), "{gvk}");
    }
}

#[test]
fn descriptions_come_later() {
    let mut set = SchemaSet::decode(bundle::STRUCTURE).unwrap();
    let text = |set: &SchemaSet| {
        let pod = set
            .release(KubeRelease::V1_36)
            .definition("io.k8s.api.core.v1.Pod");
        pod.unwrap().description().map(str::to_owned)
    };
    assert_eq!((set.has_descriptions(), text(&set)), (false, None));
    set.load_descriptions(bundle::DESCRIPTIONS).unwrap();
    assert!(
        text(&set)
            .unwrap()
            .starts_with("Pod is a collection of containers")
    );
}

#[test]
fn usual_kinds_are_described_first_and_all_else_after_them() {
    let mut set = SchemaSet::decode(bundle::STRUCTURE).unwrap();
    set.load_descriptions(bundle::DESCRIPTIONS).unwrap();
    let has = |set: &SchemaSet, definition: &str| {
        let found = set.release(KubeRelease::V1_33).definition(definition);
        found.unwrap().description().is_some()
    };
    let usual = [
        "io.k8s.api.apps.v1.Deployment",
        "io.k8s.api.core.v1.Probe",
        "io.k8s.api.batch.v1.CronJobSpec",
    ];
    let rare = [
        "io.k8s.api.apps.v1.DeploymentStatus",
        "io.k8s.api.storage.v1.CSIDriver",
    ];
    assert_eq!(usual.map(|it| has(&set, it)), [true; 3]);
    assert_eq!(rare.map(|it| has(&set, it)), [false; 2]);
    set.load_descriptions(bundle::RARE_DESCRIPTIONS).unwrap();
    assert_eq!(usual.map(|it| has(&set, it)), [true; 3]);
    assert_eq!(rare.map(|it| has(&set, it)), [true; 2]);
}

#[test]
fn damaged_bundles_are_refused() {
    let structure = bundle::STRUCTURE;
    let refused = |bytes: &[u8]| SchemaSet::decode(bytes).err();
    assert_eq!(refused(b""), Some(BundleError::Header));
    assert_eq!(refused(bundle::DESCRIPTIONS), Some(BundleError::Header));
    for cut in (12..structure.len()).step_by(4001) {
        assert_eq!(
            refused(&structure[..cut]),
            Some(BundleError::Malformed),
            "{cut}"
        );
        let mut flipped = structure.to_vec();
        flipped[cut] ^= 0x40;
        assert_eq!(refused(&flipped), Some(BundleError::Malformed), "{cut}");
    }
    let mut set = SchemaSet::decode(structure).unwrap();
    let mut other = bundle::DESCRIPTIONS.to_vec();
    other[4] ^= 1;
    assert_eq!(set.load_descriptions(&other), Err(BundleError::Mismatch));
    let short = &bundle::DESCRIPTIONS[..100];
    assert_eq!(set.load_descriptions(short), Err(BundleError::Malformed));
    assert!(!set.has_descriptions());
}
