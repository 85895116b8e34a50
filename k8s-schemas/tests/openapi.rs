//! Custom resource definitions and documents of live clusters, good and bad.
#![allow(
    clippy::needless_pass_by_value,
    clippy::needless_raw_string_hashes,
    clippy::unwrap_used,
    reason = "a test that cannot go on panics; `expect!` writes its own quotes"
)]

use expect_test::{Expect, expect};
use k8s_schemas::{FieldPath, Gvk, KubeRelease, SchemaSet, Scope, Type, openapi};
use serde_json::{Value, json};

fn widget() -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {
                "kind": "Widget",
                "plural": "widgets",
                "singular": "widget",
                "shortNames": ["wd"],
                "categories": ["all"],
            },
            "versions": [
                {
                    "name": "v1",
                    "served": true,
                    "storage": true,
                    "subresources": {"status": {}},
                    "schema": {"openAPIV3Schema": {
                        "type": "object",
                        "description": "A widget.",
                        "required": ["spec"],
                        "properties": {
                            "metadata": {"type": "object"},
                            "spec": {
                                "type": "object",
                                "required": ["size"],
                                "properties": {
                                    "size": {
                                        "type": "integer",
                                        "minimum": 1,
                                        "description": "How big it is.",
                                    },
                                    "color": {
                                        "type": "string",
                                        "enum": ["red", "blue"],
                                        "default": "red",
                                    },
                                    "port": {"x-kubernetes-int-or-string": true},
                                    "parts": {
                                        "type": "array",
                                        "x-kubernetes-list-type": "map",
                                        "x-kubernetes-list-map-keys": ["name"],
                                        "items": {
                                            "type": "object",
                                            "properties": {"name": {"type": "string"}},
                                        },
                                    },
                                    "template": {
                                        "type": "object",
                                        "x-kubernetes-embedded-resource": true,
                                        "x-kubernetes-preserve-unknown-fields": true,
                                    },
                                },
                            },
                        },
                    }},
                },
                {"name": "v1alpha1", "served": false, "storage": false},
            ],
        },
    })
}

fn with(crd: &Value) -> SchemaSet {
    let (set, errors) = SchemaSet::builtin().with_crds([crd]);
    assert_eq!(errors, vec![]);
    set
}

/// Shows the type at a path below a widget.
#[track_caller]
fn check(path: &str, expected: &str) {
    let set = with(&widget());
    let widget = set
        .release(KubeRelease::V1_36)
        .kind(&Gvk::new("example.com", "v1", "Widget"))
        .unwrap();
    let found = widget.schema().descend(&FieldPath::parse(path).unwrap());
    let shown = found.map_or("nothing", |schema| schema.ty().name());
    assert_eq!(shown, expected, "{path}");
}

#[test]
fn a_custom_kind_is_known_as_a_built_in_one() {
    check("spec.size", "integer");
    check("spec.port", "integer or string");
    check("spec.parts[].name", "string");
    check("spec.unknown", "nothing");
}

#[test]
fn metadata_and_embedded_objects_are_those_of_every_kind() {
    check("metadata.labels", "map");
    check("metadata.ownerReferences[].uid", "string");
    check("spec.template.metadata.name", "string");
}

#[test]
fn a_custom_kind_tells_its_names_its_limits_and_its_texts() {
    let set = with(&widget());
    let schemas = set.release(KubeRelease::V1_33);
    let kind = schemas
        .kind(&Gvk::new("example.com", "v1", "Widget"))
        .unwrap();
    assert_eq!((kind.plural(), kind.singular()), ("widgets", "widget"));
    assert_eq!(kind.short_names(), ["wd"]);
    assert!(kind.is_namespaced() && kind.has_status() && !kind.has_scale());
    let spec = kind.schema().field("spec").unwrap();
    assert!(spec.required);
    let size = spec.schema.field("size").unwrap();
    assert_eq!(size.description(), Some("How big it is."));
    assert_eq!(size.schema.limits().minimum, Some(1.0));
    let color = spec.schema.field("color").unwrap();
    assert_eq!(color.schema.default(), Some(&json!("red")));
    assert_eq!(color.schema.enum_values(), [json!("red"), json!("blue")]);
    assert_eq!(kind.schema().definition(), Some("com.example.v1.Widget"));
}

#[test]
fn built_in_kinds_and_lists_stay_known_beside_custom_ones() {
    let set = with(&widget());
    let schemas = set.release(KubeRelease::V1_36);
    assert_eq!(schemas.kinds().count(), 104);
    for (group, version, kind) in [
        ("apps", "v1", "Deployment"),
        ("example.com", "v1", "WidgetList"),
    ] {
        let gvk = Gvk::new(group, version, kind);
        assert!(schemas.kind(&gvk).is_some(), "{gvk}");
    }
    let unserved = Gvk::new("example.com", "v1alpha1", "Widget");
    assert!(schemas.kind(&unserved).is_none());
}

#[test]
fn a_version_without_a_schema_takes_anything() {
    let mut crd = widget();
    crd["spec"]["versions"][0]["schema"] = Value::Null;
    let set = with(&crd);
    let schemas = set.release(KubeRelease::V1_36);
    let kind = schemas
        .kind(&Gvk::new("example.com", "v1", "Widget"))
        .unwrap();
    assert!(kind.schema().allows_unknown_fields());
    assert!(kind.schema().field("metadata").is_some());
}

#[test]
fn a_bad_definition_is_named_and_the_others_are_added() {
    let mut crds = vec![widget(), widget(), json!(17), widget(), widget()];
    crds[0]["kind"] = "Widget".into();
    crds[1]["spec"]["names"]["kind"] = "".into();
    crds[3]["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = "object".into();
    let (set, errors) = SchemaSet::builtin().with_crds(&crds);
    let shown: Vec<String> = errors
        .iter()
        .map(|(at, error)| format!("{at}: {error}\n"))
        .collect();
    expect![[r#"
        0: not a CustomResourceDefinition
        1: spec.names.kind is empty
        2: not a CustomResourceDefinition
        3: the schema of version v1 is no object
    "#]]
    .assert_eq(&shown.concat());
    assert_eq!(set.release(KubeRelease::V1_36).kinds().count(), 104);
}

#[test]
fn every_cut_of_a_definition_is_read_without_harm() {
    let whole = serde_json::to_string(&widget()).unwrap();
    let scalars = [
        json!(null),
        json!(1),
        json!("x"),
        json!([]),
        json!({}),
        json!([[{}]]),
    ];
    let pointers = pointers(&widget(), "");
    assert!(pointers.len() > 50, "{}", whole.len());
    for pointer in pointers {
        for scalar in &scalars {
            let mut crd = widget();
            *crd.pointer_mut(&pointer).unwrap() = scalar.clone();
            let (set, _) = SchemaSet::empty().with_crds([&crd]);
            for kind in set.release(KubeRelease::V1_36).kinds() {
                walk(kind.schema(), 0);
            }
        }
    }
}

/// The places of all values below `value`.
fn pointers(value: &Value, at: &str) -> Vec<String> {
    let mut all = vec![at.to_owned()];
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                all.extend(pointers(value, &format!("{at}/{key}")));
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                all.extend(pointers(value, &format!("{at}/{index}")));
            }
        }
        _ => {}
    }
    all
}

fn walk(schema: k8s_schemas::Schema<'_>, depth: usize) {
    if depth > 20 {
        return;
    }
    let children = schema.fields().map(|field| field.schema);
    for child in children.chain(schema.items()).chain(schema.values()) {
        walk(child, depth + 1);
    }
}

#[test]
fn schemas_in_a_circle_end_and_deep_ones_are_cut() {
    let mut deep = json!({"type": "string"});
    for _ in 0..100 {
        deep = json!({"type": "object", "properties": {"a": deep}});
    }
    let document = json!({
        "openapi": "3.0.0",
        "components": {"schemas": {
            "a": {"$ref": "#/components/schemas/b"},
            "b": {"$ref": "#/components/schemas/a"},
            "node": {
                "type": "object",
                "properties": {"next": {"$ref": "#/components/schemas/node"}},
            },
            "lost": {"$ref": "#/components/schemas/nobody"},
            "deep": deep,
        }},
    });
    let (set, errors) = SchemaSet::empty().with_openapi([&document]);
    assert_eq!(errors, vec![]);
    let schemas = set.release(KubeRelease::V1_36);
    let ty = |name: &str| schemas.definition(name).unwrap().ty();
    assert_eq!(
        (ty("a"), ty("b"), ty("lost")),
        (Type::Any, Type::Any, Type::Any)
    );
    let node = schemas.definition("node").unwrap();
    let path = FieldPath::parse("next.next.next.next").unwrap();
    assert_eq!(node.descend(&path).unwrap().ty(), Type::Object);
    walk(schemas.definition("deep").unwrap(), 0);
}

#[test]
fn what_is_no_document_is_refused_in_words_that_help() {
    let none = "not an OpenAPI v3 document";
    let entry = json!({"serverRelativeURL": "/openapi/v3/apis/apps/v1?hash=1"});
    for (bad, reason) in [
        (json!({}), none),
        (json!(null), none),
        (json!({"openapi": "2.0"}), none),
        (json!({"openapi": "3.0.0", "paths": {}}), none),
        (
            json!({"openapi": "3.0.0", "paths": {"/": {}}, "components": 5}),
            none,
        ),
        (
            json!({"swagger": "2.0", "definitions": {}}),
            "this is OpenAPI v2; what `/openapi/v3/apis/GROUP/VERSION` answers is needed",
        ),
        (
            json!({"paths": {"apis/apps/v1": entry}}),
            "this is the list of the OpenAPI v3 documents, and none of them",
        ),
        (
            json!({"kind": "Status", "code": 403}),
            "this is an error of the API server",
        ),
    ] {
        let (_, errors) = SchemaSet::empty().with_openapi([&bad]);
        assert_eq!(errors[0].1.to_string(), reason, "{bad}");
    }
    let keys = json!({"openapi": "3.0.0", "paths": {"/openid/v1/jwks/": {"get": {}}}});
    assert_eq!(SchemaSet::empty().with_openapi([&keys]).1, []);
}

/// All that an API server publishes, read as one cluster: the kinds are those of the release.
#[test]
fn documents_of_a_cluster_are_one_set() {
    let builtin = SchemaSet::builtin();
    let release = KubeRelease::V1_36;
    let written = |version: &String| openapi::document(builtin.release(release), version).unwrap();
    let versions: std::collections::BTreeSet<String> = builtin
        .release(release)
        .kinds()
        .map(|kind| kind.gvk().api_version())
        .collect();
    let documents: Vec<Value> = versions.iter().map(written).collect();
    let (set, errors) = SchemaSet::empty().with_openapi(&documents);
    assert_eq!(errors, vec![]);

    // What is posted under another object has no path of its own, and by that no plural.
    let names = |set: &SchemaSet| {
        let kinds = set.release(release).kinds();
        let kinds = kinds.filter(|it| it.scope() != Scope::Subresource);
        let mut names: Vec<_> = kinds
            .map(|it| format!("{} {} {:?}", it.gvk(), it.plural(), it.scope()))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&set), names(&builtin));
    assert_eq!(openapi::version_of(&documents[0]), Some("v1.36.0"));
}

#[test]
fn every_document_that_is_written_reads_back_the_same() {
    let builtin = SchemaSet::builtin();
    for release in KubeRelease::ALL {
        let schemas = builtin.release(release);
        let mut versions: Vec<String> = schemas
            .kinds()
            .map(|kind| kind.gvk().api_version())
            .collect();
        versions.dedup();
        for version in versions {
            let written = openapi::document(schemas, &version).unwrap();
            let (set, errors) = SchemaSet::empty().with_openapi([&written]);
            assert_eq!(errors, vec![]);
            let again = openapi::document(set.release(release), &version).unwrap();
            let definitions = |document: &Value| document["components"]["schemas"].clone();
            let (written, again) = (definitions(&written), definitions(&again));
            for (name, schema) in written.as_object().unwrap() {
                assert_eq!(*schema, again[name], "{release} {version} {name}");
            }
        }
    }
}

#[test]
fn a_document_reads_as_that_of_an_api_server() {
    let set = SchemaSet::builtin();
    let document = openapi::document(set.release(KubeRelease::V1_36), "apps/v1").unwrap();
    let schemas = &document["components"]["schemas"];
    let mut deployment = schemas["io.k8s.api.apps.v1.Deployment"].clone();
    for (_, property) in deployment["properties"].as_object_mut().unwrap() {
        property.as_object_mut().unwrap().remove("description");
    }
    show(
        &deployment,
        expect![[r##"
        {
          "description": "Deployment enables declarative updates for Pods and ReplicaSets.",
          "properties": {
            "apiVersion": {
              "type": "string"
            },
            "kind": {
              "type": "string"
            },
            "metadata": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
                }
              ]
            },
            "spec": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec"
                }
              ]
            },
            "status": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/io.k8s.api.apps.v1.DeploymentStatus"
                }
              ]
            }
          },
          "type": "object",
          "x-kubernetes-group-version-kind": [
            {
              "group": "apps",
              "kind": "Deployment",
              "version": "v1"
            }
          ]
        }"##]],
    );
    let mut ports = schemas["io.k8s.api.core.v1.Container"]["properties"]["ports"].clone();
    ports.as_object_mut().unwrap().remove("description");
    show(
        &ports,
        expect![[r##"
        {
          "items": {
            "$ref": "#/components/schemas/io.k8s.api.core.v1.ContainerPort"
          },
          "type": "array",
          "x-kubernetes-list-map-keys": [
            "containerPort",
            "protocol"
          ],
          "x-kubernetes-list-type": "map",
          "x-kubernetes-patch-merge-key": "containerPort",
          "x-kubernetes-patch-strategy": "merge"
        }"##]],
    );
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert!(paths.contains(&&"/apis/apps/v1/namespaces/{namespace}/deployments/{name}".to_owned()));
    assert_eq!(
        openapi::document(set.release(KubeRelease::V1_36), "apps/v9"),
        None
    );
}

#[track_caller]
fn show(value: &Value, expected: Expect) {
    expected.assert_eq(&serde_json::to_string_pretty(value).unwrap());
}
