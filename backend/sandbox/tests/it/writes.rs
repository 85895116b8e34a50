//! Creating, listing, watching, patching, deleting: the plain verbs.

use expect_test::expect;
use sandbox::Options;
use serde_json::json;

use crate::client::Cluster;

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

fn map(name: &str) -> String {
    json!({"metadata": {"name": name, "labels": {"n": name}}, "data": {"a": "1"}}).to_string()
}

#[tokio::test]
async fn unknown_fields_are_refused_warned_of_or_dropped() {
    let cluster = Cluster::start().await;
    let body =
        r#"{"metadata": {"name": "m"}, "data": {"a": "1"}, "spec": {"b": 1}, "data": {"a": "2"}}"#;
    let strict = cluster
        .post(&format!("{MAPS}?fieldValidation=Strict"), body)
        .await;
    expect![[r#"
        400 BadRequest
        ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data", unknown field "spec"
    "#]]
    .assert_eq(&strict.summary());
    let warned = cluster.post(MAPS, body).await;
    assert_eq!((warned.status, warned.warnings.len()), (201, 2));
    let ignored = cluster
        .post(
            &format!("{MAPS}?fieldValidation=Ignore"),
            &body.replace("\"m\"", "\"n\""),
        )
        .await;
    assert_eq!((ignored.status, ignored.warnings.len()), (201, 0));
    assert_eq!(ignored.json().get("spec"), None);
}

#[tokio::test]
async fn wrong_types_name_the_field() {
    let cluster = Cluster::start().await;
    let body = r#"{"metadata": {"name": "d"}, "spec": {"replicas": "three"}}"#;
    let reply = cluster
        .post("/apis/apps/v1/namespaces/default/deployments", body)
        .await;
    expect![[r#"
        400 BadRequest
        Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
    "#]]
    .assert_eq(&reply.summary());
}

#[tokio::test]
async fn a_deployment_that_makes_no_sense_is_refused_field_by_field() {
    let cluster = Cluster::start().await;
    let body = json!({
        "metadata": {"name": "d"},
        "spec": {
            "replicas": -1,
            "selector": {"matchLabels": {"app": "a"}},
            "template": {
                "metadata": {"labels": {"app": "b"}},
                "spec": {"containers": [
                    {"name": "Bad", "image": "", "ports": [{"containerPort": 70000}]},
                ]},
            },
        },
    });
    let reply = cluster
        .post(
            "/apis/apps/v1/namespaces/default/deployments",
            &body.to_string(),
        )
        .await;
    expect![[r#"
        422 Invalid
        Deployment.apps "d" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`, spec.template.spec.containers[0].name: Invalid value: "Bad": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?'), spec.template.spec.containers[0].image: Required value, spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive]
          FieldValueInvalid spec.replicas: Invalid value: -1: must be greater than or equal to 0
          FieldValueInvalid spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`
          FieldValueInvalid spec.template.spec.containers[0].name: Invalid value: "Bad": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
          FieldValueRequired spec.template.spec.containers[0].image: Required value
          FieldValueInvalid spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive
    "#]]
    .assert_eq(&reply.summary());
}

#[tokio::test]
async fn lists_come_in_parts_and_by_selector() {
    let cluster = Cluster::start().await;
    for name in ["a", "b", "c"] {
        cluster.post(MAPS, &map(name)).await;
    }
    let names = |list: &serde_json::Value| -> Vec<String> {
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|it| it["metadata"]["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = cluster.get(&format!("{MAPS}?limit=2")).await.json();
    assert_eq!(names(&first), ["a", "b"]);
    let token = first["metadata"]["continue"].as_str().unwrap();
    let rest = cluster
        .get(&format!("{MAPS}?limit=2&continue={token}"))
        .await
        .json();
    assert_eq!(names(&rest), ["c", "kube-root-ca.crt"]);
    let some = cluster
        .get(&format!("{MAPS}?labelSelector=n%20in%20(a,c),n!=c"))
        .await
        .json();
    assert_eq!(names(&some), ["a"]);
    let one = cluster
        .get(&format!("{MAPS}?fieldSelector=metadata.name%3Db"))
        .await
        .json();
    assert_eq!(names(&one), ["b"]);
}

#[tokio::test]
async fn a_watch_begins_where_it_is_told_and_can_be_bookmarked() {
    let cluster = Cluster::start().await;
    let first = cluster.post(MAPS, &map("a")).await.json();
    let version = first["metadata"]["resourceVersion"]
        .as_str()
        .unwrap()
        .to_owned();
    cluster
        .merge(&format!("{MAPS}/a"), r#"{"data": {"a": "2"}}"#)
        .await;
    cluster.delete(&format!("{MAPS}/a"), "").await;
    let events = cluster
        .watch(&format!("{MAPS}?watch=true&resourceVersion={version}"), 2)
        .await;
    assert_eq!(events[0]["type"], "MODIFIED");
    assert_eq!(events[1]["type"], "DELETED");

    let path = format!(
        "{MAPS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
    );
    let events = cluster.watch(&path, 2).await;
    assert_eq!(events[0]["type"], "ADDED");
    assert_eq!(events[1]["type"], "BOOKMARK");
    assert_eq!(
        events[1]["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"],
        "true"
    );
}

#[tokio::test]
async fn deletes_mind_their_preconditions() {
    let cluster = Cluster::start().await;
    let made = cluster.post(MAPS, &map("a")).await.json();
    let uid = made["metadata"]["uid"].as_str().unwrap();
    let refused = cluster
        .delete(
            &format!("{MAPS}/a"),
            r#"{"preconditions": {"uid": "other"}}"#,
        )
        .await;
    assert_eq!(
        refused.json()["message"],
        format!(
            "Operation cannot be fulfilled on configmaps \"a\": the UID in the precondition (other) does not match the UID in record ({uid}). The object might have been deleted and then recreated"
        )
    );
    assert_eq!(refused.status, 409);
    let done = cluster
        .delete(
            &format!("{MAPS}/a"),
            &json!({"preconditions": {"uid": uid}}).to_string(),
        )
        .await;
    assert_eq!(done.json()["status"], "Success");
}

#[tokio::test]
async fn an_update_with_an_old_version_is_a_conflict() {
    let cluster = Cluster::start().await;
    let made = cluster.post(MAPS, &map("a")).await.text;
    cluster
        .merge(&format!("{MAPS}/a"), r#"{"data": {"a": "2"}}"#)
        .await;
    expect![[r#"
        409 Conflict
        Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again
    "#]]
    .assert_eq(&cluster.put(&format!("{MAPS}/a"), &made).await.summary());
    expect![[r#"
        409 AlreadyExists
        configmaps "a" already exists
    "#]]
    .assert_eq(&cluster.post(MAPS, &map("a")).await.summary());
}

#[tokio::test]
async fn strategic_patches_merge_lists_by_their_keys() {
    let cluster = Cluster::start().await;
    let pod = json!({
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y:1"}]},
    });
    cluster
        .post("/api/v1/namespaces/default/pods", &pod.to_string())
        .await;
    let patch = br#"{"spec": {"containers": [{"name": "b", "image": "y:2"}]}}"#;
    let reply = cluster
        .send(
            "PATCH",
            "/api/v1/namespaces/default/pods/p",
            "application/strategic-merge-patch+json",
            patch,
        )
        .await;
    let containers = reply.json()["spec"]["containers"].clone();
    assert_eq!(
        (&containers[0]["image"], &containers[1]["image"]),
        (&json!("x:1"), &json!("y:2"))
    );

    let patch = br#"[{"op": "replace", "path": "/metadata/labels", "value": {"a": "b"}}]"#;
    let reply = cluster
        .send(
            "PATCH",
            "/api/v1/namespaces/default/pods/p",
            "application/json-patch+json",
            patch,
        )
        .await;
    assert_eq!(reply.status, 422, "{reply:?}");
}

#[tokio::test]
async fn other_media_types_are_refused() {
    let cluster = Cluster::start().await;
    let reply = cluster
        .send("PATCH", &format!("{MAPS}/a"), "text/plain", b"{}")
        .await;
    assert_eq!(
        (reply.status, reply.json()["reason"].as_str()),
        (415, Some("UnsupportedMediaType"))
    );
    let reply = cluster
        .send("POST", MAPS, "application/cbor", b"\xd9\xd9\xf7\xa0")
        .await;
    assert_eq!(reply.status, 415);
    let reply = cluster
        .send("POST", MAPS, "application/json", b"{\"a\": ")
        .await;
    assert_eq!(reply.status, 400);
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    assert_eq!(cluster.post(MAPS, &deep).await.status, 400);
}

#[tokio::test]
async fn faults_come_and_go() {
    let cluster = Cluster::start().await;
    cluster.sandbox.faults().fail_next(1, 503);
    assert_eq!(cluster.get(MAPS).await.status, 503);
    assert_eq!(cluster.get(MAPS).await.status, 200);
}

#[tokio::test]
async fn objects_outlive_the_server() {
    let folder = std::env::temp_dir().join(format!("sandbox-{}", std::process::id()));
    let options = Options {
        folder: Some(folder.clone()),
        ..Options::default()
    };
    let cluster = Cluster::with(options.clone()).await;
    let before = cluster.post(MAPS, &map("a")).await.json();
    cluster.post(MAPS, &map("b")).await;
    cluster.delete(&format!("{MAPS}/b"), "").await;
    let token = cluster.token.clone();
    drop(cluster);
    // A line that a crash cut short.
    let log = folder.join("log.jsonl");
    let mut text = std::fs::read_to_string(&log).unwrap();
    text += r#"{"put":"configmaps","object":{"metad"#;
    std::fs::write(&log, text).unwrap();

    let cluster = Cluster::with(options).await;
    assert_eq!(cluster.token, token);
    assert_eq!(cluster.get(&format!("{MAPS}/a")).await.json(), before);
    assert_eq!(cluster.get(&format!("{MAPS}/b")).await.status, 404);
    std::fs::remove_dir_all(folder).unwrap();
}
