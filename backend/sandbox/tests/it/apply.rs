//! Server-side apply, row by row as a kube-apiserver 1.36 answers it.

use expect_test::{Expect, expect};
use serde_json::json;

use crate::client::{Cluster, Reply};

const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";
const MAPS: &str = "/api/v1/namespaces/default/configmaps";

fn deployment(replicas: &str, extra: &str) -> String {
    format!(
        r#"{{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {{"name": "web"}}, "spec": {{{replicas}
        "selector": {{"matchLabels": {{"app": "web"}}}},
        "template": {{"metadata": {{"labels": {{"app": "web"}}}},
        "spec": {{"containers": [{{"name": "web", "image": "nginx:1"{extra}}}]}}}}}}}}"#
    )
}

fn map(data: &str) -> String {
    format!(r#"{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {{"name": "m"}}, {data}}}"#)
}

fn check(reply: &Reply, expected: &Expect) {
    expected.assert_eq(&reply.summary());
}

#[tokio::test]
async fn create_change_and_no_change_differ_by_status_and_version() {
    let cluster = Cluster::start().await;
    let path = format!("{MAPS}/m");
    let first = cluster
        .apply(&path, "kun", &map(r#""data": {"a": "1"}"#))
        .await;
    let second = cluster
        .apply(&path, "kun", &map(r#""data": {"a": "2"}"#))
        .await;
    let third = cluster
        .apply(&path, "kun", &map(r#""data": {"a": "2"}"#))
        .await;
    let version = |reply: &Reply| reply.json()["metadata"]["resourceVersion"].clone();

    assert_eq!((first.status, second.status, third.status), (201, 200, 200));
    assert_ne!(version(&first), version(&second));
    assert_eq!(version(&second), version(&third));
}

#[tokio::test]
async fn conflicts_name_the_owner_and_the_field() {
    let cluster = Cluster::start().await;
    let path = format!("{DEPLOYMENTS}/web");
    cluster
        .apply(&path, "cd", &deployment(r#""replicas": 2,"#, ""))
        .await;
    let one = cluster
        .apply(&path, "kun", &deployment(r#""replicas": 3,"#, ""))
        .await;
    check(
        &one,
        &expect![[r#"
        409 Conflict
        Apply failed with 1 conflict: conflict with "cd": .spec.replicas
          FieldManagerConflict .spec.replicas: conflict with "cd"
    "#]],
    );

    let body = deployment(r#""replicas": 3,"#, "").replace("nginx:1", "nginx:2");
    let two = cluster.apply(&path, "kun", &body).await;
    check(
        &two,
        &expect![[r#"
        409 Conflict
        Apply failed with 2 conflicts: conflicts with "cd":
        - .spec.replicas
        - .spec.template.spec.containers[name="web"].image
          FieldManagerConflict .spec.replicas: conflict with "cd"
          FieldManagerConflict .spec.template.spec.containers[name="web"].image: conflict with "cd"
    "#]],
    );
}

#[tokio::test]
async fn scaling_owns_the_replicas_and_keeps_them() {
    let cluster = Cluster::start().await;
    let path = format!("{DEPLOYMENTS}/web");
    cluster
        .apply(&path, "kun", &deployment(r#""replicas": 1,"#, ""))
        .await;
    let scale = format!("{path}/scale?fieldManager=hpa");
    let scaled = cluster.merge(&scale, r#"{"spec": {"replicas": 8}}"#).await;
    assert_eq!(scaled.json()["spec"]["replicas"], 8, "{scaled:?}");
    let refused = cluster
        .apply(&path, "kun", &deployment(r#""replicas": 1,"#, ""))
        .await;
    check(
        &refused,
        &expect![[r#"
        409 Conflict
        Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using apps/v1: .spec.replicas
          FieldManagerConflict .spec.replicas: conflict with "hpa" with subresource "scale" using apps/v1
    "#]],
    );

    let dropped = cluster.apply(&path, "kun", &deployment("", "")).await;
    assert_eq!(dropped.json()["spec"]["replicas"], 8, "{dropped:?}");
}

#[tokio::test]
async fn what_the_sole_owner_drops_is_gone_or_defaulted() {
    let cluster = Cluster::start().await;
    let path = format!("{DEPLOYMENTS}/web");
    cluster
        .apply(
            &path,
            "kun",
            &deployment(
                r#""replicas": 3,"#,
                r#", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]"#,
            ),
        )
        .await;
    let dropped = cluster
        .apply(
            &path,
            "kun",
            &deployment("", r#", "env": [{"name": "B", "value": "2"}]"#),
        )
        .await;
    let object = dropped.json();
    assert_eq!(object["spec"]["replicas"], 1);
    assert_eq!(
        object["spec"]["template"]["spec"]["containers"][0]["env"],
        json!([{"name": "B", "value": "2"}])
    );
}

#[tokio::test]
async fn the_same_value_is_owned_by_both_and_force_takes_the_other() {
    let cluster = Cluster::start().await;
    let path = format!("{MAPS}/m");
    cluster
        .apply(&path, "cd", &map(r#""data": {"a": "1"}"#))
        .await;
    let both = cluster
        .apply(&path, "kun", &map(r#""data": {"a": "1"}"#))
        .await;
    assert_eq!(both.status, 200);
    assert_eq!(
        both.json()["metadata"]["managedFields"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    let forced = cluster
        .apply(
            &format!("{path}?force=true"),
            "kun",
            &map(r#""data": {"a": "2"}"#),
        )
        .await;
    let managers = forced.json()["metadata"]["managedFields"].clone();
    assert_eq!(managers.as_array().unwrap().len(), 1, "{managers}");
    assert_eq!(managers[0]["manager"], "kun");
    assert_eq!(managers[0]["fieldsV1"], json!({"f:data": {"f:a": {}}}));
}

#[tokio::test]
async fn fields_that_do_not_fit_are_a_permanent_500() {
    let cluster = Cluster::start().await;
    let path = format!("{DEPLOYMENTS}/web");
    for (extra, expected) in [
        (
            r#", "foo": 1"#,
            expect![[r#"
            500 -
            failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="web"].foo: field not declared in schema
        "#]],
        ),
        (
            r#", "env": [{"name": "A"}, {"name": "A"}]"#,
            expect![[r#"
            500 -
            failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="web"].env: duplicate entries for key [name="A"]
        "#]],
        ),
        (
            r#", "ports": [{"containerPort": 80}, {"containerPort": 80, "protocol": "TCP"}]"#,
            expect![[r#"
            500 -
            failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="web"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]
        "#]],
        ),
    ] {
        for strictness in ["Strict", "Warn", "Ignore"] {
            let path = format!("{path}?fieldValidation={strictness}");
            check(
                &cluster.apply(&path, "kun", &deployment("", extra)).await,
                &expected,
            );
        }
    }
    let wrong = cluster
        .apply(&path, "kun", &deployment(r#""replicas": "many","#, ""))
        .await;
    check(
        &wrong,
        &expect![[r"
        500 -
        failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string
    "]],
    );
    let secret = r#"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"pin": 987654}}"#;
    let secret = cluster
        .apply("/api/v1/namespaces/default/secrets/s", "kun", secret)
        .await;
    check(
        &secret,
        &expect![[r"
        500 -
        failed to create typed patch object (/s; /v1, Kind=Secret): .stringData.pin: expected string, got &value.valueUnstructured{Value:987654}
    "]],
    );
}

#[tokio::test]
async fn duplicate_keys_are_refused_or_warned_of() {
    let cluster = Cluster::start().await;
    let path = format!("{MAPS}/m");
    let yaml =
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  a: \"1\"\n  a: \"2\"\n";
    let strict = cluster.apply(&path, "kun", yaml).await;
    check(
        &strict,
        &expect![[r#"
        400 BadRequest
        error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:
          line 7: key "a" already set in map
    "#]],
    );
    let warned = cluster
        .apply(&format!("{path}?fieldValidation=Warn"), "kun", yaml)
        .await;
    assert_eq!(warned.status, 201);
    assert_eq!(warned.warnings, [r#"line 7: key "a" already set in map"#]);
}

#[tokio::test]
async fn immutable_fields_are_named() {
    let cluster = Cluster::start().await;
    cluster
        .apply(&format!("{DEPLOYMENTS}/web"), "kun", &deployment("", ""))
        .await;
    let other = deployment("", "").replace(r#""app": "web""#, r#""app": "other""#);
    check(
        &cluster
            .apply(&format!("{DEPLOYMENTS}/web"), "kun", &other)
            .await,
        &expect![[r#"
        422 Invalid
        Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable
          FieldValueInvalid spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable
    "#]],
    );

    let path = format!("{MAPS}/m");
    cluster
        .apply(
            &path,
            "kun",
            &map(r#""immutable": true, "data": {"a": "1"}"#),
        )
        .await;
    check(
        &cluster
            .apply(
                &path,
                "kun",
                &map(r#""immutable": true, "data": {"a": "2"}"#),
            )
            .await,
        &expect![[r#"
        422 Invalid
        ConfigMap "m" is invalid: data: Forbidden: field is immutable when `immutable` is set
          FieldValueForbidden data: Forbidden: field is immutable when `immutable` is set
    "#]],
    );

    let service = |address: &str| {
        format!(
            r#"{{"apiVersion": "v1", "kind": "Service", "metadata": {{"name": "s"}}, "spec": {{"clusterIP": "{address}", "ports": [{{"port": 80}}]}}}}"#
        )
    };
    let path = "/api/v1/namespaces/default/services/s";
    assert_eq!(
        cluster
            .apply(path, "kun", &service("10.96.0.20"))
            .await
            .status,
        201
    );
    check(
        &cluster.apply(path, "kun", &service("10.96.0.21")).await,
        &expect![[r#"
        422 Invalid
        Service "s" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.0.21"]: may not change once set
          FieldValueInvalid spec.clusterIPs[0]: Invalid value: ["10.96.0.21"]: may not change once set
    "#]],
    );
}

#[tokio::test]
async fn a_body_that_does_not_belong_to_its_place_is_refused() {
    let cluster = Cluster::start().await;
    let path = format!("{MAPS}/m");
    cluster
        .apply(&path, "kun", &map(r#""data": {"a": "1"}"#))
        .await;
    let stale = map(r#""data": {"a": "1"}"#)
        .replace(r#""name": "m""#, r#""name": "m", "resourceVersion": "1""#);
    check(
        &cluster.apply(&path, "kun", &stale).await,
        &expect![[r#"
        409 Conflict
        Operation cannot be fulfilled on configmaps "m": the object has been modified; please apply your changes to the latest version and try again
    "#]],
    );
    let owned = map(r#""data": {"a": "1"}"#).replace(
        r#""name": "m""#,
        r#""name": "m", "managedFields": [{"manager": "x"}]"#,
    );
    check(
        &cluster.apply(&path, "kun", &owned).await,
        &expect![[r"
        400 BadRequest
        metadata.managedFields must be nil
    "]],
    );
    check(
        &cluster
            .apply(&format!("{MAPS}/other"), "kun", &map(r#""data": {}"#))
            .await,
        &expect![[r"
        400 BadRequest
        the name of the object (m) does not match the name on the URL (other)
    "]],
    );
    check(
        &cluster
            .apply(&path, "kun", r#"{"metadata": {"name": "m"}}"#)
            .await,
        &expect![[r"
        400 BadRequest
        invalid object type: /, Kind=
    "]],
    );
    check(
        &cluster.apply(&path, "", &map(r#""data": {}"#)).await,
        &expect![[r#"
        422 Invalid
        PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch
          FieldValueRequired fieldManager: Required value: is required for apply patch
    "#]],
    );
    check(
        &cluster
            .apply(&path, &"k".repeat(129), &map(r#""data": {}"#))
            .await,
        &expect![[r#"
        422 Invalid
        PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes
          FieldValueTooLong fieldManager: Too long: may not be more than 128 bytes
    "#]],
    );
    let bad = map(r#""data": {}"#).replace("\"m\"", "\"Bad_Name\"");
    check(
        &cluster
            .apply(&format!("{MAPS}/Bad_Name"), "kun", &bad)
            .await,
        &expect![[r#"
        422 Invalid
        ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
          FieldValueInvalid metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
    "#]],
    );
}

#[tokio::test]
async fn missing_namespaces_and_kinds_are_two_kinds_of_404() {
    let cluster = Cluster::start().await;
    for query in ["fieldValidation=Strict", "dryRun=All"] {
        let path = format!("/api/v1/namespaces/nowhere/configmaps/m?{query}");
        check(
            &cluster.apply(&path, "kun", &map(r#""data": {}"#)).await,
            &expect![[r#"
            404 NotFound
            namespaces "nowhere" not found
        "#]],
        );
    }
    check(
        &cluster
            .apply(
                "/apis/example.com/v1/namespaces/default/things/a",
                "kun",
                "{}",
            )
            .await,
        &expect![[r"
        404 404 page not found
    "]],
    );
}

#[tokio::test]
async fn a_terminating_namespace_takes_nothing_new() {
    let cluster = Cluster::start().await;
    cluster.sandbox.faults().freeze();
    cluster
        .post("/api/v1/namespaces", r#"{"metadata": {"name": "going"}}"#)
        .await;
    cluster.delete("/api/v1/namespaces/going", "").await;
    let refused = cluster
        .apply(
            "/api/v1/namespaces/going/configmaps/m",
            "kun",
            &map(r#""data": {}"#),
        )
        .await;
    check(
        &refused,
        &expect![[r#"
        403 Forbidden
        configmaps "m" is forbidden: unable to create new content in namespace going because it is being terminated
          NamespaceTerminating metadata.namespace: namespace going is being terminated
    "#]],
    );
}

#[tokio::test]
async fn a_dying_object_still_takes_changes() {
    let cluster = Cluster::start().await;
    let path = format!("{MAPS}/m");
    let held = map(r#""data": {"a": "1"}"#).replace(
        r#""name": "m""#,
        r#""name": "m", "finalizers": ["example.com/hold"]"#,
    );
    cluster.apply(&path, "kun", &held).await;
    cluster.delete(&path, "").await;
    let changed = cluster
        .apply(&path, "kun", &held.replace(r#""a": "1""#, r#""a": "2""#))
        .await;
    assert_eq!(changed.status, 200);
    assert!(changed.json()["metadata"]["deletionTimestamp"].is_string());
}

#[tokio::test]
async fn too_much_is_refused_by_size() {
    let cluster = Cluster::start().await;
    let path = format!("{MAPS}/m");
    let large = map(&format!(r#""data": {{"a": "{}"}}"#, "x".repeat(1_048_577)));
    check(
        &cluster.apply(&path, "kun", &large).await,
        &expect![[r#"
        422 Invalid
        ConfigMap "m" is invalid: []: Too long: may not be more than 1048576 bytes
          FieldValueTooLong []: Too long: may not be more than 1048576 bytes
    "#]],
    );
    let huge = map(&format!(r#""data": {{"a": "{}"}}"#, "x".repeat(3_145_728)));
    let huge = cluster.apply(&path, "kun", &huge).await;
    check(
        &huge,
        &expect![[r"
        413 RequestEntityTooLarge
        Request entity too large: limit is 3145728
    "]],
    );
    let noted = map(r#""data": {}"#).replace(
        r#""name": "m""#,
        &format!(
            r#""name": "m", "annotations": {{"a": "{}"}}"#,
            "x".repeat(262_145)
        ),
    );
    check(
        &cluster.apply(&path, "kun", &noted).await,
        &expect![[r#"
        422 Invalid
        ConfigMap "m" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes
          FieldValueTooLong metadata.annotations: Too long: may not be more than 262144 bytes
    "#]],
    );
}

#[tokio::test]
async fn an_alias_bomb_ends_quickly() {
    let cluster = Cluster::start().await;
    let mut yaml = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in ('b'..='j').zip('a'..='i') {
        let list = vec![format!("*{before}"); 9].join(", ");
        yaml = format!("{yaml}{name}: &{name} [{list}]\n");
    }
    check(
        &cluster.apply(&format!("{MAPS}/m"), "kun", &yaml).await,
        &expect![[r"
        400 BadRequest
        error decoding YAML: error converting YAML to JSON: yaml: document contains excessive aliasing
    "]],
    );
}

#[tokio::test]
async fn a_dry_run_stores_nothing() {
    let cluster = Cluster::start().await;
    let path = format!("{MAPS}/m");
    let dry = cluster
        .apply(
            &format!("{path}?dryRun=All"),
            "kun",
            &map(r#""data": {"a": "1"}"#),
        )
        .await;
    assert_eq!(dry.status, 201);
    assert_eq!(dry.json()["metadata"].get("resourceVersion"), None);
    assert_eq!(cluster.get(&path).await.status, 404);
}

#[tokio::test]
async fn what_an_update_set_stays_when_an_apply_takes_the_values() {
    let cluster = Cluster::start().await;
    let path = format!("{MAPS}/m");
    cluster
        .post(
            &format!("{MAPS}?fieldManager=kubectl-client-side-apply"),
            &map(r#""data": {"a": "1", "b": "2"}"#),
        )
        .await;
    let refused = cluster
        .apply(&path, "kun", &map(r#""data": {"a": "3"}"#))
        .await;
    check(
        &refused,
        &expect![[r#"
        409 Conflict
        Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a
          FieldManagerConflict .data.a: conflict with "kubectl-client-side-apply" using v1
    "#]],
    );
    let forced = cluster
        .apply(
            &format!("{path}?force=true"),
            "kun",
            &map(r#""data": {"a": "3"}"#),
        )
        .await;
    assert_eq!(forced.json()["data"], json!({"a": "3", "b": "2"}));
}
