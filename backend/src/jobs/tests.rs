//! The queue over a real store and a cluster in memory: what a person sees of a job, whatever
//! happens to its worker.
#![expect(clippy::format_push_string, reason = "tests build short texts")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use api_types::{
    Cluster as ApiCluster, ClusterKind, Deploy, DeployOptions, Environment, ObjectState,
    Provenance, Slug,
};
use async_trait::async_trait;
use deploy_core::manifest::content_hash;
use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::cluster::fake::{Fake, Only};
use crate::cluster::{Acting, Apply, Cluster, ClusterError, Conflicts, Mode, Target, as_person};
use crate::deploy::Deploys;
use crate::store::{DeployId, NewJob, NewVersion, SetKey, User, Vault, open};
use api_types::DeployState;

const TWO_STAGES: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 1}
";

#[tokio::test]
async fn a_job_is_claimed_run_and_recorded() {
    let desk = Desk::new().await;
    desk.fake.behave("Deployment/web", ready());
    let worker = desk.worker();

    let id = desk.submit().await;
    let deploy = desk.ended(id).await;

    assert_eq!(
        (deploy.state, deploy.reason.as_str()),
        (DeployState::Succeeded, "all 2 objects are ready")
    );
    let objects: Vec<_> = deploy
        .objects
        .iter()
        .map(|it| (it.stage, it.name.as_str(), it.state))
        .collect();
    assert_eq!(
        objects,
        [
            (3, "settings", ObjectState::Healthy),
            (4, "web", ObjectState::Healthy)
        ]
    );
    assert_eq!(
        desk.log(id).await,
        "1 deploying 2 objects in 2 steps to namespace shop\n\
         2 ConfigMap/settings: created\n\
         3 Deployment/web: created\n\
         4 Deployment/web: 1 replica available\n\
         5 succeeded: all 2 objects are ready\n"
    );
    worker.shutdown().await;
}

#[tokio::test]
async fn a_job_of_a_killed_worker_goes_on_from_its_first_unfinished_stage() {
    let desk = Desk::new().await;
    desk.fake.behave("Deployment/web", ready());
    desk.fake.hold("Deployment/web");
    let worker = desk.worker();
    let id = desk.submit().await;
    desk.fake.requested("apply Deployment/web").await;
    desk.wait_for(id, |deploy| {
        deploy.objects.iter().any(|it| it.change.is_some())
    })
    .await;
    worker.kill();

    // The lease of the dead worker has run out.
    desk.pass(SignedDuration::from_secs(16));
    desk.fake.let_go("Deployment/web");
    let other = desk.worker();
    let deploy = desk.ended(id).await;

    assert_eq!(deploy.state, DeployState::Succeeded, "{}", deploy.reason);
    let applies = |name: &str| desk.fake.requests().iter().filter(|it| *it == name).count();
    assert_eq!(
        applies("apply ConfigMap/settings"),
        1,
        "a finished stage is not applied again"
    );
    assert_eq!(applies("apply Deployment/web"), 2);
    assert!(
        desk.log(id).await.contains("attempt 2 goes on"),
        "{}",
        desk.log(id).await
    );
    other.shutdown().await;
}

#[tokio::test]
async fn a_worker_that_stops_gives_its_jobs_back() {
    let desk = Desk::new().await;
    desk.fake.behave("Deployment/web", ready());
    desk.fake.hold("Deployment/web");
    let worker = desk.worker();
    let id = desk.submit().await;
    desk.fake.requested("apply Deployment/web").await;
    worker.shutdown().await;
    desk.fake.let_go("Deployment/web");

    // No time passes: the lease was given back.
    let other = desk.worker();
    let deploy = desk.ended(id).await;

    assert_eq!(deploy.state, DeployState::Succeeded, "{}", deploy.reason);
    other.shutdown().await;
}

#[tokio::test]
async fn a_running_job_can_be_cancelled() {
    let desk = Desk::new().await;
    desk.fake.hold("Deployment/web");
    let worker = desk.worker();
    let id = desk.submit().await;
    desk.fake.requested("apply Deployment/web").await;

    desk.store
        .request_cancel(id, "alice", desk.now())
        .await
        .unwrap();
    let deploy = desk.ended(id).await;

    assert_eq!(deploy.state, DeployState::Cancelled);
    worker.shutdown().await;
}

#[tokio::test]
async fn deploys_of_one_place_wait_for_each_other() {
    let desk = Desk::new().await;
    desk.fake.behave("Deployment/web", ready());
    desk.fake.hold("Deployment/web");
    let worker = desk.worker();
    let first = desk.submit().await;
    desk.fake.requested("apply Deployment/web").await;
    let second = desk.submit().await;

    assert_eq!(desk.deploy(second).await.state, DeployState::Queued);
    desk.fake.let_go("Deployment/web");

    assert_eq!(desk.ended(first).await.state, DeployState::Succeeded);
    assert_eq!(desk.ended(second).await.state, DeployState::Succeeded);
    worker.shutdown().await;
}

#[tokio::test]
async fn an_unreachable_cluster_is_a_sentence() {
    let desk = Desk::new().await;
    let worker = Worker::start_with(Arc::clone(&desk.store), Arc::new(Nowhere), desk.settings());
    let id = desk.submit().await;

    let deploy = desk.ended(id).await;

    assert_eq!(deploy.state, DeployState::Failed);
    assert_eq!(
        deploy.reason,
        "cluster test cannot be reached: connection refused"
    );
    worker.shutdown().await;
}

#[tokio::test]
async fn a_job_that_ends_its_server_again_and_again_is_given_up() {
    let desk = Desk::new().await;
    desk.fake.hold("ConfigMap/settings");
    let id = desk.submit().await;
    for attempt in 1..=5 {
        let worker = desk.worker();
        desk.wait_for_requests("apply ConfigMap/settings", attempt)
            .await;
        worker.kill();
        desk.pass(SignedDuration::from_secs(16));
    }
    let worker = desk.worker();

    let deploy = desk.ended(id).await;

    assert_eq!(
        deploy.reason,
        "it was begun 5 times, and each time the server ended before it did"
    );
    worker.shutdown().await;
}

#[tokio::test]
async fn what_is_as_it_was_left_is_not_sent_again() {
    let (sandbox, cluster) = sandbox().await;
    let desk = Desk::over(Arc::clone(&cluster), WEB_IN_ITS_NAMESPACE).await;
    let worker = desk.worker();
    let first = desk.submit().await;
    assert_eq!(desk.ended(first).await.state, DeployState::Succeeded);

    let faults = sandbox.faults();
    faults.fail_next_matching(9, 422, "PATCH", "/deployments/web");
    faults.fail_next_matching(9, 422, "PATCH", "/namespaces/shop?");
    let again = desk.submit().await;
    assert_eq!(desk.ended(again).await.state, DeployState::Succeeded);
    let log = desk.log(again).await;
    assert!(log.contains("Deployment/web: unchanged"), "{log}");

    let deploys = Deploys::new(
        Arc::clone(&desk.store),
        Arc::new(Only(Arc::clone(&cluster))),
    );
    let live = async || deploys.live(&key(), &dev(), "alice").await.unwrap();
    let status = live().await;
    assert_eq!(
        (status.health, status.drifted),
        (ObjectState::Healthy, 0),
        "{status:?}"
    );

    // Somebody takes a field: now it is sent, and refused.
    faults.clear();
    somebody_changes_the_image(&*cluster).await;
    let status = live().await;
    let drifted: Vec<_> = status
        .objects
        .iter()
        .map(|it| (it.name.as_str(), it.drifted))
        .collect();
    assert_eq!(drifted, [("shop", false), ("web", true)]);
    let third = desk.submit().await;
    let deploy = desk.ended(third).await;
    assert!(
        deploy.reason.contains("belongs to somebody"),
        "{}",
        deploy.reason
    );
    worker.shutdown().await;
    sandbox.shutdown().await;
}

async fn somebody_changes_the_image(cluster: &dyn Cluster) {
    let target = Target {
        resource: cluster
            .resource("apps/v1", "Deployment")
            .await
            .unwrap()
            .unwrap(),
        namespace: Some("shop".to_owned()),
        name: "web".to_owned(),
    };
    let how = Apply {
        manager: "somebody".to_owned(),
        mode: Mode::Store,
        conflicts: Conflicts::TakeOver,
    };
    let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
        "spec": {"template": {"spec": {"containers": [{"name": "web", "image": "other"}]}}}});
    cluster.apply(&target, &object, &how).await.unwrap();
}

/// A sandbox, and its administrator.
async fn sandbox() -> (sandbox::Sandbox, Arc<dyn Cluster>) {
    let options = sandbox::Options {
        pace: 0.0,
        ..sandbox::Options::default()
    };
    let sandbox = sandbox::Sandbox::start(options).await.unwrap();
    let admin = Acting::AsOwner("admin".to_owned());
    let patience = Duration::from_secs(2);
    let cluster = as_person(&sandbox.kubeconfig(), admin, "admin", patience).await;
    (sandbox, cluster)
}

#[tokio::test]
async fn a_rollout_in_the_sandbox_outlives_its_worker() {
    let (sandbox, cluster) = sandbox().await;
    let desk = Desk::over(Arc::clone(&cluster), WEB_IN_ITS_NAMESPACE).await;
    // Nothing becomes ready, so the deploy waits when its worker dies.
    sandbox.faults().freeze();
    let worker = desk.worker();
    let id = desk.submit().await;
    desk.wait_for(id, |deploy| {
        deploy.state == DeployState::Waiting
            && deploy
                .objects
                .iter()
                .any(|it| it.state == ObjectState::Progressing)
    })
    .await;
    worker.kill();

    desk.pass(SignedDuration::from_secs(16));
    sandbox.faults().thaw();
    let other = desk.worker();
    let deploy = desk.ended(id).await;

    assert_eq!(deploy.state, DeployState::Succeeded, "{}", deploy.reason);
    assert!(
        desk.log(id)
            .await
            .contains("going on: 2 of 2 objects are applied already")
    );
    other.shutdown().await;
    sandbox.shutdown().await;
}

const WEB_IN_ITS_NAMESPACE: &str = "\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
";

/// A store with one set and one environment, a cluster, and a clock that a test moves.
struct Desk {
    store: Arc<dyn Store>,
    cluster: Arc<dyn Cluster>,
    /// The cluster, where it is in memory.
    fake: Arc<Fake>,
    seconds: Arc<AtomicI64>,
    folder: PathBuf,
}

impl Desk {
    async fn new() -> Self {
        let fake = Fake::new();
        Self::with(Arc::clone(&fake) as _, fake, TWO_STAGES).await
    }

    async fn over(cluster: Arc<dyn Cluster>, text: &str) -> Self {
        Self::with(cluster, Fake::new(), text).await
    }

    async fn with(cluster: Arc<dyn Cluster>, fake: Arc<Fake>, text: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("kun-jobs-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = open(None, &folder, Vault::random()).await.unwrap();
        let desk = Self {
            store,
            cluster,
            fake,
            seconds: Arc::default(),
            folder,
        };
        desk.fill(text).await;
        desk
    }

    async fn fill(&self, text: &str) {
        let (store, now) = (&self.store, self.now());
        let alice = User {
            name: "alice".to_owned(),
            admin: true,
        };
        store.put_user(&alice, now).await.unwrap();
        store
            .add_project(&slug("shop"), "", "alice", now)
            .await
            .unwrap();
        let cluster = ApiCluster {
            name: slug("test"),
            server: "https://localhost".to_owned(),
            kind: ClusterKind::Sandbox,
        };
        store.announce_cluster(&cluster, now).await.unwrap();
        store.put_environment(&slug("shop"), &dev()).await.unwrap();
        store.add_set(&key(), "", now).await.unwrap();
        let files = BTreeMap::from([("app.yaml".to_owned(), text.to_owned())]);
        let version = NewVersion {
            name: "v1".parse().unwrap(),
            content_hash: content_hash(&files),
            files,
            parent: None,
            provenance: Provenance {
                author: "alice".to_owned(),
                ..Provenance::default()
            },
            objects: Vec::new(),
        };
        store.add_version(&key(), version, now).await.unwrap();
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + self.seconds.load(Ordering::SeqCst)).unwrap()
    }

    fn pass(&self, time: SignedDuration) {
        self.seconds.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    fn settings(&self) -> Settings {
        let seconds = Arc::clone(&self.seconds);
        let clock =
            move || Timestamp::from_second(1_800_000_000 + seconds.load(Ordering::SeqCst)).unwrap();
        Settings {
            clock: Arc::new(clock),
            ..Settings::default()
        }
    }

    fn worker(&self) -> Worker {
        Worker::start_with(
            Arc::clone(&self.store),
            Arc::new(Only(Arc::clone(&self.cluster))),
            self.settings(),
        )
    }

    async fn submit(&self) -> DeployId {
        let job = NewJob {
            set: key(),
            version: "v1".parse().unwrap(),
            environment: slug("dev"),
            cluster: slug("test"),
            namespace: "shop".to_owned(),
            options: DeployOptions::default(),
            by: "alice".to_owned(),
        };
        let deploy = self.store.create_deploy(job, self.now()).await.unwrap();
        deploy.id.parse().unwrap()
    }

    async fn deploy(&self, id: DeployId) -> Deploy {
        self.store.deploy(id).await.unwrap().unwrap()
    }

    async fn ended(&self, id: DeployId) -> Deploy {
        self.wait_for(id, |deploy| deploy.state.is_final()).await
    }

    async fn wait_for(&self, id: DeployId, holds: impl Fn(&Deploy) -> bool) -> Deploy {
        let mut changes = self.store.changes();
        loop {
            let deploy = self.deploy(id).await;
            if holds(&deploy) {
                return deploy;
            }
            let _ = changes.recv().await;
        }
    }

    async fn wait_for_requests(&self, request: &str, count: usize) {
        while self
            .fake
            .requests()
            .iter()
            .filter(|it| *it == request)
            .count()
            < count
        {
            tokio::task::yield_now().await;
        }
    }

    async fn log(&self, id: DeployId) -> String {
        let lines = self.store.log(id, 0, 100).await.unwrap();
        let mut shown = String::new();
        for line in lines {
            let object = line.object.map_or(String::new(), |it| format!("{it}: "));
            shown += &format!("{} {object}{}\n", line.sequence, line.message);
        }
        shown
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A way to a cluster that is down.
struct Nowhere;

#[async_trait]
impl Connect for Nowhere {
    async fn connect(
        &self,
        cluster: &Slug,
        _user: &str,
        _patience: Duration,
    ) -> Result<Arc<dyn Cluster>, ClusterError> {
        Err(ClusterError::Unreachable {
            cluster: cluster.to_string(),
            reason: "connection refused".to_owned(),
        })
    }
}

fn ready() -> serde_json::Value {
    json!({"replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1})
}

fn dev() -> Environment {
    Environment {
        name: slug("dev"),
        cluster: slug("test"),
        namespace: "shop".to_owned(),
    }
}

fn slug(name: &str) -> Slug {
    name.parse().unwrap()
}

fn key() -> SetKey {
    SetKey {
        project: slug("shop"),
        set: slug("web"),
    }
}
