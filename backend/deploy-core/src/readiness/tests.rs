use super::*;

/// A Deployment of 3 replicas whose status is given.
fn deployment(status: &str) -> Value {
    json(&format!(
        r#"{{"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {{"name": "web", "uid": "d", "generation": 2,
                "annotations": {{"deployment.kubernetes.io/revision": "2"}}}},
            "spec": {{"replicas": 3, "progressDeadlineSeconds": 600}}, "status": {status}}}"#
    ))
}

#[test]
fn a_deployment_waits_for_its_controller_and_each_step() {
    let cases = [
        ("{}", "progressing: 0 of 3 replicas updated"),
        (
            r#"{"observedGeneration": 1, "replicas": 3}"#,
            "progressing: its controller has not seen the change yet",
        ),
        (
            r#"{"observedGeneration": 2, "replicas": 4, "updatedReplicas": 3}"#,
            "progressing: 1 replica of the old version remain to go",
        ),
        (
            r#"{"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "readyReplicas": 2}"#,
            "progressing: 2 of 3 replicas ready",
        ),
        (
            r#"{"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3, "availableReplicas": 3,
                "conditions": [{"type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated"}]}"#,
            "progressing: its rollout is not complete yet",
        ),
        (
            r#"{"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3, "availableReplicas": 3,
                "conditions": [{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
                               {"type": "Available", "status": "True"}]}"#,
            "ready: 3 replicas available",
        ),
        (
            r#"{"observedGeneration": 2, "conditions": [{"type": "Progressing", "status": "False",
                "reason": "ProgressDeadlineExceeded", "message": "ReplicaSet \"web-2\" has timed out progressing."}]}"#,
            "failed: ReplicaSet \"web-2\" has timed out progressing.",
        ),
        (
            r#"{"observedGeneration": 2, "conditions": [{"type": "ReplicaFailure", "status": "True",
                "message": "exceeded quota: small"}]}"#,
            "degraded: exceeded quota: small",
        ),
    ];
    for (status, expected) in cases {
        check(&deployment(status), &[], expected);
    }
}

#[test]
fn a_paused_deployment_is_not_waited_for() {
    let mut object = deployment(r#"{"observedGeneration": 2}"#);
    object["spec"]["paused"] = true.into();

    check(
        &object,
        &[],
        "ready: its rollout is paused, so no pod changes",
    );
}

#[test]
fn pods_of_the_present_revision_tell_what_is_wrong() {
    let related = [
        replica_set("old", "1"),
        replica_set("new", "2"),
        pod("web-old-1", "old", "CrashLoopBackOff"),
        pod("web-new-1", "new", "ImagePullBackOff"),
    ];

    check(
        &deployment(r#"{"observedGeneration": 2}"#),
        &related,
        "degraded: pod web-new-1: container web cannot start, since image web:2 cannot be pulled: Back-off",
    );
}

#[test]
fn a_crash_is_worse_than_an_image_that_may_come() {
    let related = [
        replica_set("new", "2"),
        pod("web-new-1", "new", "CrashLoopBackOff"),
        pod("web-new-2", "new", "ErrImagePull"),
    ];

    check(
        &deployment(r#"{"observedGeneration": 2}"#),
        &related,
        "failed: pod web-new-1: container web keeps crashing (exit code 1), 4 restarts so far",
    );
}

#[test]
fn the_log_of_the_run_before_tells_why_a_container_crashes() {
    let crashing = pod("web-1", "new", "CrashLoopBackOff");
    assert_eq!(failing_container(&crashing), Some(("web".to_owned(), true)));

    let pulling = pod("web-1", "new", "ErrImagePull");
    assert_eq!(failing_container(&pulling), None);
}

#[test]
fn stateful_sets_compare_revisions_and_partitions() {
    let set = |spec: &str, status: &str| {
        json(&format!(
            r#"{{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {{"name": "db"}},
                "spec": {spec}, "status": {status}}}"#
        ))
    };
    let rolling = r#"{"replicas": 3, "readyReplicas": 3, "updatedReplicas": 1, "currentRevision": "a", "updateRevision": "b"}"#;

    check(
        &set(r#"{"replicas": 3}"#, r#"{"replicas": 1}"#),
        &[],
        "progressing: 0 of 3 replicas ready",
    );
    check(
        &set(r#"{"replicas": 3}"#, rolling),
        &[],
        "progressing: 1 of 3 replicas updated",
    );
    check(
        &set(
            r#"{"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 2}}}"#,
            rolling,
        ),
        &[],
        "ready: 1 replica updated, as its partition asks",
    );
    check(
        &set(
            r#"{"replicas": 3, "updateStrategy": {"type": "OnDelete"}}"#,
            "{}",
        ),
        &[],
        "ready: its pods change when they are deleted by hand",
    );
}

#[test]
fn a_daemon_set_counts_its_nodes() {
    let set = |status: &str| {
        json(&format!(
            r#"{{"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {{"name": "log", "generation": 1}}, "status": {status}}}"#
        ))
    };
    check(
        &set("{}"),
        &[],
        "progressing: its controller has not seen it yet",
    );
    check(
        &set(
            r#"{"observedGeneration": 1, "desiredNumberScheduled": 2, "currentNumberScheduled": 2, "updatedNumberScheduled": 1}"#,
        ),
        &[],
        "progressing: 1 of 2 pods updated",
    );
}

#[test]
fn a_job_is_ready_when_it_is_complete() {
    let job = |status: &str| {
        json(&format!(
            r#"{{"apiVersion": "batch/v1", "kind": "Job", "metadata": {{"name": "migrate"}}, "status": {status}}}"#
        ))
    };
    check(
        &job(r#"{"active": 1}"#),
        &[],
        "running: 0 of 1 run complete, 1 active",
    );
    check(
        &job(r#"{"conditions": [{"type": "Complete", "status": "True"}]}"#),
        &[],
        "ready: it is complete",
    );
    check(
        &job(
            r#"{"conditions": [{"type": "Failed", "status": "True", "message": "Job has reached the specified backoff limit"}]}"#,
        ),
        &[],
        "failed: Job has reached the specified backoff limit",
    );
}

#[test]
fn a_failed_pod_is_not_ready() {
    let pod = |status: &str| {
        json(&format!(
            r#"{{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "p"}}, "status": {status}}}"#
        ))
    };
    check(&pod(r#"{"phase": "Failed"}"#), &[], "failed: it failed");
    check(
        &pod(r#"{"phase": "Succeeded"}"#),
        &[],
        "ready: it has finished",
    );
    check(
        &pod(
            r#"{"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes are available"}]}"#,
        ),
        &[],
        "degraded: it cannot be scheduled: 0/3 nodes are available",
    );
}

#[test]
fn kinds_without_a_controller_to_wait_for() {
    let cases = [
        (
            r#"{"apiVersion": "v1", "kind": "ConfigMap"}"#,
            "ready: it is applied",
        ),
        (
            r#"{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress"}"#,
            "ready: it is applied",
        ),
        (
            r#"{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Pending"}}"#,
            "ready: it is not bound yet: it may wait for the first pod that uses it",
        ),
        (
            r#"{"apiVersion": "v1", "kind": "Service", "spec": {"type": "LoadBalancer"}}"#,
            "progressing: it has no cluster IP yet",
        ),
        (
            r#"{"apiVersion": "v1", "kind": "Service", "spec": {"type": "LoadBalancer", "clusterIP": "10.0.0.1"}}"#,
            "ready: it is served; the load balancer has no address yet",
        ),
        (
            r#"{"apiVersion": "v1", "kind": "Namespace", "status": {"phase": "Active"}}"#,
            "ready: it is active",
        ),
        (
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"deletionTimestamp": "x", "finalizers": ["a/b"]}}"#,
            "progressing: it is being deleted and waits for a/b",
        ),
    ];
    for (object, expected) in cases {
        check(&json(object), &[], expected);
    }
}

#[test]
fn custom_kinds_are_judged_by_their_conditions() {
    let cases = [
        ("[]", "ready: it is applied"),
        (
            r#"[{"type": "Ready", "status": "True"}]"#,
            "ready: it is ready",
        ),
        (
            r#"[{"type": "Ready", "status": "False", "message": "waiting for x"}]"#,
            "progressing: waiting for x",
        ),
        (
            r#"[{"type": "Ready", "status": "True", "observedGeneration": 1}]"#,
            "progressing: its controller has not seen the change yet",
        ),
        (
            r#"[{"type": "Ready", "status": "True", "observedGeneration": 2}]"#,
            "ready: it is ready",
        ),
        (
            r#"[{"type": "Stalled", "status": "True", "message": "bad spec"}]"#,
            "failed: bad spec",
        ),
        (
            r#"[{"type": "Reconciling", "status": "True"}]"#,
            "progressing: its controller is at work",
        ),
    ];
    for (conditions, expected) in cases {
        let object = format!(
            r#"{{"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {{"generation": 2}}, "status": {{"conditions": {conditions}}}}}"#
        );
        check(&json(&object), &[], expected);
    }
}

#[test]
fn a_definition_waits_to_be_established() {
    let definition = |conditions: &str| {
        json(&format!(
            r#"{{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "status": {{"conditions": {conditions}}}}}"#
        ))
    };
    check(
        &definition("[]"),
        &[],
        "progressing: it is not established yet",
    );
    check(
        &definition(r#"[{"type": "Established", "status": "True"}]"#),
        &[],
        "ready: it is established",
    );
    check(
        &definition(
            r#"[{"type": "NamesAccepted", "status": "False", "message": "plural is taken"}]"#,
        ),
        &[],
        "failed: plural is taken",
    );
}

fn replica_set(uid: &str, revision: &str) -> Value {
    json(&format!(
        r#"{{"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {{"uid": "{uid}",
            "annotations": {{"deployment.kubernetes.io/revision": "{revision}"}},
            "ownerReferences": [{{"uid": "d"}}]}}}}"#
    ))
}

fn pod(name: &str, owner: &str, waiting: &str) -> Value {
    json(&format!(
        r#"{{"apiVersion": "v1", "kind": "Pod",
            "metadata": {{"name": "{name}", "ownerReferences": [{{"uid": "{owner}"}}]}},
            "status": {{"phase": "Pending", "containerStatuses": [{{"name": "web", "image": "web:2", "restartCount": 4,
                "state": {{"waiting": {{"reason": "{waiting}", "message": "Back-off"}}}},
                "lastState": {{"terminated": {{"exitCode": 1}}}}}}]}}}}"#
    ))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[track_caller]
fn check(object: &Value, related: &[Value], expected: &str) {
    let Readiness { health, reason } = readiness(object, related);
    let health = format!("{health:?}").to_lowercase();
    assert_eq!(format!("{health}: {reason}"), expected);
}
