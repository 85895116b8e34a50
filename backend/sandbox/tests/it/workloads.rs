//! Workloads that become ready, and those that do not.

use serde_json::{Value, json};

use crate::client::Cluster;

const SPACE: &str = "/namespaces/default";

fn workload(kind: &str, image: &str) -> String {
    let mut spec = json!({
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "web", "image": image}]},
        },
    });
    if kind != "DaemonSet" {
        spec["replicas"] = 2.into();
    }
    if kind == "StatefulSet" {
        spec["serviceName"] = "web".into();
        spec["volumeClaimTemplates"] = json!([{
            "metadata": {"name": "data"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        }]);
    }
    json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "web"}, "spec": spec})
        .to_string()
}

fn reason(pod: &Value) -> &Value {
    &pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"]
}

#[tokio::test]
async fn a_deployment_rolls_from_one_template_to_the_next() {
    let cluster = Cluster::start().await;
    let path = format!("/apis/apps/v1{SPACE}/deployments/web");
    let complete = |it: &Value| {
        it["status"]["observedGeneration"] == it["metadata"]["generation"]
            && it["status"]["updatedReplicas"] == 2
            && it["status"]["availableReplicas"] == 2
            && it["status"]["replicas"] == 2
    };
    cluster
        .apply(&path, "kun", &workload("Deployment", "nginx:1"))
        .await;
    cluster.until(&path, complete).await;
    cluster
        .apply(&path, "kun", &workload("Deployment", "nginx:2"))
        .await;
    let done = cluster
        .until(&path, |it| {
            it["metadata"]["generation"] == 2 && complete(it)
        })
        .await;
    let progressing = done["status"]["conditions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["type"] == "Progressing");
    assert_eq!(progressing.unwrap()["reason"], "NewReplicaSetAvailable");
    assert_eq!(
        done["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
        "2"
    );
    let pods = format!("/api/v1{SPACE}/pods");
    let pods = cluster
        .until(&pods, |it| {
            it["items"].as_array().is_some_and(|it| it.len() == 2)
        })
        .await;
    assert_eq!(
        pods["items"][0]["spec"]["containers"][0]["image"],
        "nginx:2"
    );
}

#[tokio::test]
async fn images_fail_by_their_names() {
    let cluster = Cluster::start().await;
    for (name, image, expected) in [
        ("gone", "example/does-not-exist:1", "ImagePullBackOff"),
        ("crash", "example/crash:1", "CrashLoopBackOff"),
    ] {
        let pod = json!({"metadata": {"name": name}, "spec": {"containers": [{"name": "a", "image": image}]}});
        cluster
            .post(&format!("/api/v1{SPACE}/pods"), &pod.to_string())
            .await;
        let path = format!("/api/v1{SPACE}/pods/{name}");
        let path: &'static str = path.leak();
        cluster.until(path, move |it| reason(it) == expected).await;
    }
    let log = cluster.get(&format!("/api/v1{SPACE}/pods/gone/log")).await;
    assert!(
        log.text.contains("trying and failing to pull image"),
        "{log:?}"
    );
    let log = cluster.get(&format!("/api/v1{SPACE}/pods/crash/log")).await;
    assert!(log.text.starts_with("this is a sandbox"), "{log:?}");
    let events = cluster
        .get(&format!(
            "/api/v1{SPACE}/events?fieldSelector=involvedObject.name%3Dgone,type%3DWarning"
        ))
        .await
        .json();
    assert!(!events["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_pod_that_asks_for_too_much_is_not_scheduled() {
    let cluster = Cluster::start().await;
    let pod = json!({"metadata": {"name": "p"}, "spec": {"containers": [
        {"name": "a", "image": "x:1", "resources": {"requests": {"cpu": "1000"}}},
    ]}});
    cluster
        .post(&format!("/api/v1{SPACE}/pods"), &pod.to_string())
        .await;
    let path = format!("/api/v1{SPACE}/pods/p");
    let pod = cluster
        .until(&path, |it| {
            it["status"]["conditions"][0]["reason"] == "Unschedulable"
        })
        .await;
    assert_eq!(pod["status"]["phase"], "Pending");
}

#[tokio::test]
async fn stateful_sets_and_daemon_sets_become_ready() {
    let cluster = Cluster::start().await;
    let path = format!("/apis/apps/v1{SPACE}/statefulsets/web");
    cluster
        .apply(&path, "kun", &workload("StatefulSet", "db:1"))
        .await;
    cluster
        .until(&path, |it| {
            it["status"]["readyReplicas"] == 2
                && it["status"]["currentRevision"] == it["status"]["updateRevision"]
        })
        .await;
    let claim = cluster
        .get(&format!("/api/v1{SPACE}/persistentvolumeclaims/data-web-1"))
        .await
        .json();
    assert_eq!(claim["status"]["phase"], "Bound");
    let other = workload("DaemonSet", "agent:1").replace("\"web\"", "\"agent\"");
    let path = format!("/apis/apps/v1{SPACE}/daemonsets/agent");
    let made = cluster.apply(&path, "kun", &other).await;
    assert_eq!(made.status, 201, "{made:?}");
    cluster
        .until(&path, |it| it["status"]["numberAvailable"] == 1)
        .await;
}

#[tokio::test]
async fn jobs_complete_or_fail() {
    let cluster = Cluster::start().await;
    for (name, image, expected) in [("good", "task:1", "Complete"), ("bad", "crash:1", "Failed")] {
        let job = json!({
            "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name},
            "spec": {"backoffLimit": 0, "template": {"spec": {
                "restartPolicy": "Never", "containers": [{"name": "a", "image": image}],
            }}},
        });
        let path = format!("/apis/batch/v1{SPACE}/jobs/{name}");
        let made = cluster.apply(&path, "kun", &job.to_string()).await;
        assert_eq!(made.status, 201, "{made:?}");
        let path: &'static str = path.leak();
        cluster
            .until(path, move |it| {
                let conditions = it["status"]["conditions"].as_array();
                conditions.is_some_and(|all| {
                    all.iter()
                        .any(|it| it["type"] == expected && it["status"] == "True")
                })
            })
            .await;
    }
}

#[tokio::test]
async fn dependents_go_with_their_owner_unless_they_are_orphaned() {
    let cluster = Cluster::start().await;
    let path = format!("/apis/apps/v1{SPACE}/deployments/web");
    let sets = format!("/apis/apps/v1{SPACE}/replicasets");
    cluster
        .apply(&path, "kun", &workload("Deployment", "nginx:1"))
        .await;
    cluster
        .until(&sets, |it| {
            it["items"].as_array().is_some_and(|it| it.len() == 1)
        })
        .await;
    cluster
        .delete(&path, r#"{"propagationPolicy": "Orphan"}"#)
        .await;
    cluster.until(&path, |it| it["code"] == 404).await;
    let left = cluster.get(&sets).await.json();
    assert_eq!(left["items"][0]["metadata"].get("ownerReferences"), None);
    let set = left["items"][0]["metadata"]["name"].as_str().unwrap();
    cluster
        .delete(
            &format!("{sets}/{set}"),
            r#"{"propagationPolicy": "Foreground"}"#,
        )
        .await;
    cluster.until(&sets, |it| it["items"] == json!([])).await;
    let pods = format!("/api/v1{SPACE}/pods");
    cluster.until(&pods, |it| it["items"] == json!([])).await;
}

#[tokio::test]
async fn a_namespace_goes_with_all_that_is_in_it() {
    let cluster = Cluster::start().await;
    cluster
        .post("/api/v1/namespaces", r#"{"metadata": {"name": "shop"}}"#)
        .await;
    cluster
        .until("/api/v1/namespaces/shop/serviceaccounts/default", |it| {
            it["kind"] == "ServiceAccount"
        })
        .await;
    let path = "/apis/apps/v1/namespaces/shop/deployments/web";
    cluster
        .apply(path, "kun", &workload("Deployment", "nginx:1"))
        .await;
    cluster
        .until(path, |it| it["status"]["availableReplicas"] == 2)
        .await;
    cluster.delete("/api/v1/namespaces/shop", "").await;
    cluster
        .until("/api/v1/namespaces/shop", |it| it["code"] == 404)
        .await;
    assert_eq!(cluster.get(path).await.status, 404);
}
