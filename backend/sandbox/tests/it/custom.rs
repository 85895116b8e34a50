//! Custom resources: defined, served, checked, gone.

use expect_test::expect;
use serde_json::json;

use crate::client::Cluster;

const CRDS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const THINGS: &str = "/apis/example.com/v1/namespaces/default/things";

async fn define(cluster: &Cluster) {
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced",
            "names": {"plural": "things", "kind": "Thing"},
            "versions": [{
                "name": "v1", "served": true, "storage": true,
                "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": {
                    "type": "object",
                    "properties": {
                        "spec": {
                            "type": "object", "required": ["size"],
                            "properties": {
                                "size": {"type": "integer", "minimum": 1},
                                "color": {"type": "string", "default": "red"},
                            },
                        },
                        "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                    },
                }},
            }],
        },
    });
    let reply = cluster
        .apply(
            &format!("{CRDS}/things.example.com"),
            "kun",
            &crd.to_string(),
        )
        .await;
    assert_eq!(reply.status, 201, "{reply:?}");
    cluster
        .until(&format!("{CRDS}/things.example.com"), |it| {
            it["status"]["conditions"][1]["type"] == "Established"
        })
        .await;
}

fn thing(spec: &str) -> String {
    format!(
        r#"{{"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {{"name": "t"}}, "spec": {spec}}}"#
    )
}

#[tokio::test]
async fn a_defined_kind_is_served_with_its_schema() {
    let cluster = Cluster::start().await;
    assert_eq!(cluster.get(THINGS).await.text, "404 page not found\n");
    define(&cluster).await;
    let made = cluster
        .apply(&format!("{THINGS}/t"), "kun", &thing(r#"{"size": 3}"#))
        .await;
    assert_eq!(
        made.json()["spec"],
        json!({"size": 3, "color": "red"}),
        "{made:?}"
    );
    expect![[r"
        500 -
        failed to create typed patch object (/t; example.com/v1, Kind=Thing): .spec.foo: field not declared in schema
    "]]
    .assert_eq(&cluster.apply(&format!("{THINGS}/t"), "kun", &thing(r#"{"size": 3, "foo": 1}"#)).await.summary());
    expect![[r#"
        422 Invalid
        Thing.example.com "t" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1
          FieldValueInvalid spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1
    "#]]
    .assert_eq(&cluster.apply(&format!("{THINGS}/t"), "kun", &thing(r#"{"size": 0}"#)).await.summary());
    expect![[r#"
        422 Invalid
        Thing.example.com "u" is invalid: spec.size: Required value
          FieldValueRequired spec.size: Required value
    "#]]
    .assert_eq(
        &cluster
            .post(THINGS, &thing("{}").replace("\"t\"", "\"u\""))
            .await
            .summary(),
    );
    let pruned = cluster
        .post(
            THINGS,
            &thing(r#"{"size": 1, "foo": 1}"#).replace("\"t\"", "\"u\""),
        )
        .await;
    assert_eq!(pruned.warnings, [r#"unknown field "spec.foo""#]);
    assert_eq!(pruned.json()["spec"].get("foo"), None);
}

#[tokio::test]
async fn a_kind_goes_with_its_objects() {
    let cluster = Cluster::start().await;
    define(&cluster).await;
    cluster
        .apply(&format!("{THINGS}/t"), "kun", &thing(r#"{"size": 3}"#))
        .await;
    cluster
        .delete(&format!("{CRDS}/things.example.com"), "")
        .await;
    cluster
        .until(&format!("{CRDS}/things.example.com"), |it| {
            it["code"] == 404
        })
        .await;
    assert_eq!(cluster.get(THINGS).await.status, 404);
}
