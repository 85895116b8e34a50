//! Deploys against a cluster in memory: YAML in, what people read out.
#![expect(clippy::format_push_string, reason = "tests build short texts")]

mod kinds;
mod over_https;
mod previews;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use api_types::{DeployOptions, LogLevel};
use deploy_core::progress::Patience;
use expect_test::{Expect, expect};
use serde_json::json;

use crate::cluster::Cluster;
use crate::cluster::fake::Fake;
use crate::deploy::{Outcome, Report, Reporter, Task, apply_set, preview, run};
use crate::store::{NewJob, SetKey};

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: blue}
";

#[tokio::test(start_paused = true)]
async fn a_deploy_applies_by_stage_and_waits() {
    let fake = Fake::new();
    fake.behave("Deployment/web", ready());

    check(
        &fake,
        WEB,
        expect![[r"
            deploying 2 objects in 2 steps to namespace shop
            ConfigMap/settings: created
            Deployment/web: created
            Deployment/web: 1 replica available
            succeeded: all 2 objects are ready
        "]],
    )
    .await;
    assert_eq!(
        fake.requests(),
        [
            "apply ConfigMap/kun.shop.web.dev",
            "apply ConfigMap/settings",
            "apply ConfigMap/kun.shop.web.dev",
            "apply Deployment/web"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_deploy_again_changes_nothing() {
    let fake = Fake::new();
    fake.behave("Deployment/web", ready());
    deploy(&fake, WEB, DeployOptions::default()).await;

    check(
        &fake,
        &WEB.replace("blue", "green"),
        expect![[r"
            deploying 2 objects in 2 steps to namespace shop
            ConfigMap/settings: changed: data.color
            Deployment/web: unchanged
            Deployment/web: 1 replica available
            succeeded: all 2 objects are ready
        "]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_image_that_cannot_be_pulled_fails_fast_and_says_why() {
    let fake = Fake::new();
    fake.behave("Deployment/web", json!({"replicas": 1}));
    fake.put(json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "web-1", "namespace": "shop", "labels": {"app": "web"}},
        "status": {"phase": "Pending", "containerStatuses": [{"name": "web", "image": "web:typo",
            "state": {"waiting": {"reason": "ErrImagePull", "message": "manifest unknown"}}}]}}));
    fake.put(
        json!({"apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": "Failed",
        "metadata": {"name": "e", "namespace": "shop"},
        "involvedObject": {"kind": "Pod", "name": "web-1"},
        "message": "Failed to pull image \"web:typo\""}),
    );

    let begin = tokio::time::Instant::now();
    check(
        &fake,
        WEB,
        expect![[r#"
            deploying 2 objects in 2 steps to namespace shop
            ConfigMap/settings: created
            Deployment/web: created
            Deployment/web: 0 of 1 replica updated
            Deployment/web: pod web-1: container web cannot start, since image web:typo cannot be pulled: manifest unknown
            Deployment/web: event Failed of Pod/web-1: Failed to pull image "web:typo"
            failed: Deployment/web: pod web-1: container web cannot start, since image web:typo cannot be pulled: manifest unknown
        "#]],
    )
    .await;
    assert!(
        begin.elapsed() < Duration::from_secs(30),
        "{:?}",
        begin.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_container_that_crashes_shows_the_end_of_its_log() {
    let fake = Fake::new();
    fake.behave("Deployment/web", json!({"replicas": 1}));
    fake.set_log("starting\n\u{1b}[31mpanicked: no DATABASE_URL\n");
    fake.put(json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "web-1", "namespace": "shop", "labels": {"app": "web"}},
        "status": {"phase": "Running", "containerStatuses": [{"name": "web", "restartCount": 2,
            "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            "lastState": {"terminated": {"exitCode": 101}}}]}}));

    check(
        &fake,
        WEB,
        expect![[r"
            deploying 2 objects in 2 steps to namespace shop
            ConfigMap/settings: created
            Deployment/web: created
            Deployment/web: 0 of 1 replica updated
            Deployment/web: pod web-1: container web keeps crashing (exit code 101), 2 restarts so far
            Deployment/web: log of web-1: starting
            Deployment/web: log of web-1: [31mpanicked: no DATABASE_URL
            failed: Deployment/web: pod web-1: container web keeps crashing (exit code 101), 2 restarts so far
        "]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_rollout_is_followed_step_by_step() {
    let fake = Fake::new();
    fake.behave("Deployment/web", json!({}));
    let controller = Arc::clone(&fake);
    tokio::spawn(async move {
        controller.requested("apply Deployment/web").await;
        tokio::time::sleep(Duration::from_secs(20)).await;
        controller.set_status(
            "Deployment/web",
            json!({"replicas": 1, "updatedReplicas": 1}),
        );
        tokio::time::sleep(Duration::from_secs(20)).await;
        controller.set_status("Deployment/web", ready());
    });

    check(
        &fake,
        WEB,
        expect![[r"
            deploying 2 objects in 2 steps to namespace shop
            ConfigMap/settings: created
            Deployment/web: created
            Deployment/web: 0 of 1 replica updated
            Deployment/web: 0 of 1 replica ready
            Deployment/web: 1 replica available
            succeeded: all 2 objects are ready
        "]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_object_that_somebody_deletes_ends_the_deploy() {
    let fake = Fake::new();
    fake.behave("Deployment/web", json!({}));
    let somebody = Arc::clone(&fake);
    tokio::spawn(async move {
        somebody.requested("apply Deployment/web").await;
        tokio::time::sleep(Duration::from_secs(20)).await;
        somebody.remove("Deployment/web");
    });

    check(
        &fake,
        WEB,
        expect![[r"
            deploying 2 objects in 2 steps to namespace shop
            ConfigMap/settings: created
            Deployment/web: created
            Deployment/web: 0 of 1 replica updated
            Deployment/web: it is gone: somebody deleted it
            failed: Deployment/web: it is gone: somebody deleted it
        "]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_is_refused_ends_the_deploy() {
    let fake = Fake::new();
    fake.refuse(
        "ConfigMap/settings",
        422,
        &json!({"kind": "Status", "message": "too long"}),
    );

    check(
        &fake,
        WEB,
        expect![[r"
            deploying 2 objects in 2 steps to namespace shop
            ConfigMap/settings: too long
            failed: ConfigMap/settings: too long
        "]],
    )
    .await;
    assert!(!fake.requests().contains(&"apply Deployment/web".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_rollout_that_stands_still_is_given_up() {
    let fake = Fake::new();
    fake.behave("Deployment/web", json!({"replicas": 1}));

    check(
        &fake,
        WEB,
        expect![[r"
            deploying 2 objects in 2 steps to namespace shop
            ConfigMap/settings: created
            Deployment/web: created
            Deployment/web: 0 of 1 replica updated
            failed: nothing changed for 60 seconds; Deployment/web: 0 of 1 replica updated
        "]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_missing_namespace_is_named() {
    let fake = Fake::new();

    check(
        &fake,
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: nowhere}\n",
        expect![[r"
            deploying 1 object in 1 step to namespace shop
            ConfigMap/a: namespace nowhere is not there: create it, or add a Namespace to the set
            failed: ConfigMap/a: namespace nowhere is not there: create it, or add a Namespace to the set
        "]],
    )
    .await;
}

const WIDGETS: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions: [{name: v1}]
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
";

#[tokio::test(start_paused = true)]
async fn pruning_deletes_what_is_no_longer_described() {
    let fake = Fake::new();
    let two = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: Secret
metadata: {name: b}
";
    deploy(&fake, two, DeployOptions::default()).await;
    let one = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    let prune = DeployOptions {
        prune: true,
        ..DeployOptions::default()
    };

    check_with(
        &fake,
        one,
        prune,
        expect![[r"
            deploying 1 object in 1 step to namespace shop
            ConfigMap/a: unchanged
            Secret/b: deleted: this version does not describe it
            succeeded: its object is ready
        "]],
    )
    .await;
    assert_eq!(fake.object("Secret/b"), None);
    let parent = fake.object("ConfigMap/kun.shop.web.dev").unwrap();
    assert_eq!(
        parent["metadata"]["annotations"]["applyset.kubernetes.io/contains-group-kinds"],
        "ConfigMap"
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_finalizer_holds_is_told_with_the_way_on() {
    let fake = Fake::new();
    let two = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: Secret
metadata: {name: b, finalizers: [example.com/backup]}
";
    deploy(&fake, two, DeployOptions::default()).await;
    let prune = DeployOptions {
        prune: true,
        ..DeployOptions::default()
    };

    check_with(
        &fake,
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        prune,
        expect![[r#"
            deploying 1 object in 1 step to namespace shop
            ConfigMap/a: unchanged
            Secret/b: it is being deleted, and held by the finalizer example.com/backup: what set it must let it go. Where that does not run any more, let it go by hand: kubectl patch -n shop secrets b --type=merge -p '{"metadata":{"finalizers":null}}'
            succeeded: its object is ready, and an object that it no longer describes is still there
        "#]],
    )
    .await;
    let parent = fake.object("ConfigMap/kun.shop.web.dev").unwrap();
    assert_eq!(
        parent["metadata"]["annotations"]["applyset.kubernetes.io/contains-group-kinds"],
        "ConfigMap,Secret"
    );
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_slept_stops_where_a_later_one_has_begun() {
    let fake = Fake::new();
    fake.hold("ConfigMap/settings");
    let other = Arc::clone(&fake);
    tokio::spawn(async move {
        other.requested("apply ConfigMap/settings").await;
        let mut parent = other.object("ConfigMap/kun.shop.web.dev").unwrap();
        parent["metadata"]["annotations"]["kun.dev/deploy-seq"] = json!("2");
        other.put(parent);
        other.let_go("ConfigMap/settings");
    });

    let told = deploy(&fake, WEB, DeployOptions::default()).await;

    assert!(
        told.contains("\nfailed: a later deploy works on the set: "),
        "{told}"
    );
    assert!(!fake.requests().contains(&"apply Deployment/web".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_cannot_be_changed_is_made_again() {
    let fake = Fake::new();
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\n";
    fake.behave(
        "Job/migrate",
        json!({"conditions": [{"type": "Complete", "status": "True"}]}),
    );
    deploy(&fake, job, DeployOptions::default()).await;
    fake.refuse(
        "Job/migrate",
        422,
        &json!({"kind": "Status", "message": "spec.template: field is immutable"}),
    );

    check(
        &fake,
        job,
        expect![[r"
            deploying 1 object in 1 step to namespace shop
            Job/migrate: deleted and made again, since it cannot be changed
            Job/migrate: it is complete
            succeeded: its object is ready
        "]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_job_that_cleans_up_after_itself_may_be_gone_at_the_first_look() {
    let fake = Fake::new();
    fake.hold("Deployment/web");
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\nspec: {ttlSecondsAfterFinished: 0}\n";
    fake.behave("Deployment/web", ready());
    let text = format!("{WEB}---\n{job}");
    let (told, ()) = tokio::join!(deploy(&fake, &text, DeployOptions::default()), async {
        fake.requested("apply Job/migrate").await;
        fake.requested("apply Deployment/web").await;
        fake.remove("Job/migrate");
        fake.let_go("Deployment/web");
    });

    assert!(
        told.contains("Job/migrate: it has ended and was cleaned up"),
        "{told}"
    );
    assert!(told.contains("succeeded"), "{told}");
}

fn ready() -> serde_json::Value {
    json!({"replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1})
}

fn set() -> SetKey {
    SetKey {
        project: "shop".parse().unwrap(),
        set: "web".parse().unwrap(),
    }
}

fn files(text: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("app.yaml".to_owned(), text.to_owned())])
}

async fn deploy(fake: &Arc<Fake>, text: &str, options: DeployOptions) -> String {
    let cluster: Arc<dyn Cluster> = Arc::clone(fake) as _;
    deploy_to(cluster, text, options, Duration::from_secs(5)).await
}

async fn deploy_to(
    cluster: Arc<dyn Cluster>,
    text: &str,
    options: DeployOptions,
    trouble: Duration,
) -> String {
    let task = Task {
        files: files(text),
        set: apply_set(&set(), &"dev".parse().unwrap(), "shop"),
        namespace: "shop".to_owned(),
        options,
        patience: Patience {
            total: Duration::from_mins(5),
            quiet: Duration::from_mins(1),
            trouble,
        },
        receipts: HashMap::new(),
        fence: 1,
        done: Vec::new(),
    };
    let (reporter, mut reports) = Reporter::new();
    let Outcome { state, reason } = run(cluster, task, reporter).await;
    let mut shown = String::new();
    while let Some(report) = reports.recv().await {
        if let Report::Line(line) = report {
            let object = line.object.map_or(String::new(), |it| format!("{it}: "));
            shown += &format!("{object}{}\n", line.message);
            assert!(line.level != LogLevel::Error || state == api_types::DeployState::Failed);
        }
    }
    let state = format!("{state:?}").to_lowercase();
    shown + &format!("{state}: {reason}\n")
}

async fn check(fake: &Arc<Fake>, text: &str, expected: Expect) {
    check_with(fake, text, DeployOptions::default(), expected).await;
}

async fn check_with(fake: &Arc<Fake>, text: &str, options: DeployOptions, expected: Expect) {
    expected.assert_eq(&deploy(fake, text, options).await);
}

async fn asked(cluster: &dyn Cluster, text: &str) -> api_types::Preview {
    let job = NewJob {
        set: set(),
        version: "v1".parse().unwrap(),
        environment: "dev".parse().unwrap(),
        cluster: "fake".parse().unwrap(),
        namespace: "shop".to_owned(),
        options: DeployOptions::default(),
        by: "alice".to_owned(),
    };
    preview::preview(cluster, &job, &files(text), &HashMap::new())
        .await
        .unwrap()
}

async fn check_preview(cluster: &dyn Cluster, text: &str, expected: Expect) {
    let preview = asked(cluster, text).await;
    let mut shown = String::new();
    for object in preview.objects {
        let diff = object.diff;
        shown += &format!("{:?} {}/{}\n", diff.change, diff.kind, diff.name);
        for field in diff.fields {
            shown += &format!("  {}\n", field.path);
        }
        for conflict in object.conflicts {
            shown += &format!("  conflict: {} of {}\n", conflict.field, conflict.manager);
        }
        if let Some(problem) = object.problem {
            shown += &format!("  problem: {problem}\n");
        }
    }
    for right in preview.missing_rights {
        shown += &format!("missing: {right}\n");
    }
    for warning in preview.warnings {
        shown += &format!("warning: {warning}\n");
    }
    expected.assert_eq(&shown);
}
