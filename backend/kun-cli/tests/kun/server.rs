//! A server on a free port, and the command as a pipeline runs it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use api_types::{Cluster, ClusterKind, DeployState, Environment, LogLevel};
use axum::Router;
use backend::cluster::Clusters;
use backend::identity::{IdTokens, Secret};
use backend::store::{self, NewLogLine, Progress, SetKey, Store, User, Vault};
use backend::{Services, Shutdown};
use expect_test::Expect;
use jiff::{SignedDuration, Timestamp};
use k8s_schemas::SchemaSet;
use tokio::task::spawn_blocking;

use crate::CONFIG;

/// A server with the set `shop/web`, and a folder where the command runs.
pub(crate) struct Server {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) url: String,
    pub(crate) token: Secret,
    pub(crate) folder: PathBuf,
    _shutdown: tokio::sync::watch::Sender<bool>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_behind(|router| router).await
    }

    /// A server whose requests pass what `front` puts before it.
    pub(crate) async fn start_behind(front: impl FnOnce(Router) -> Router) -> Self {
        let folder = std::env::temp_dir().join(format!("kun-cli-{}", uuid::Uuid::new_v4()));
        fs::create_dir_all(&folder).unwrap();
        let store = store::open(None, &folder.join("data"), Vault::random())
            .await
            .unwrap();
        let token = fill(&*store).await;
        let (sender, shutdown) = Shutdown::new();
        let router = front(backend::build(Services {
            store: store.clone(),
            clusters: Arc::new(Clusters::new(store.clone())),
            schemas: SchemaSet::builtin(),
            id_tokens: IdTokens::none(),
            public_url: None,
            allowed_origins: Vec::new(),
            shutdown,
        }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            store,
            url,
            token,
            folder,
            _shutdown: sender,
        }
    }

    pub(crate) async fn with_version() -> Self {
        let server = Self::start().await;
        server.write("app.yaml", CONFIG);
        let (code, text) = server.kun("push -p shop -r web -v v1 -f app.yaml").await;
        assert_eq!(code, 0, "{text}");
        server
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs the command as a pipeline does; returns its exit code and all that it printed.
    pub(crate) async fn kun(&self, arguments: &str) -> (i32, String) {
        let mut command = self.command(arguments);
        command.env("KUN_SERVER", &self.url);
        command.env("KUN_TOKEN", self.token.reveal());
        printed(
            spawn_blocking(move || command.output().unwrap())
                .await
                .unwrap(),
        )
    }

    /// As [`Server::kun`], with variables of a pipeline.
    pub(crate) async fn kun_with(
        &self,
        arguments: &str,
        variables: &[(&str, &str)],
    ) -> (i32, String) {
        let mut command = self.command(arguments);
        command.env("KUN_SERVER", &self.url);
        command.env("KUN_TOKEN", self.token.reveal());
        command.envs(variables.iter().copied());
        printed(
            spawn_blocking(move || command.output().unwrap())
                .await
                .unwrap(),
        )
    }

    /// Runs the command as a person does.
    pub(crate) async fn kun_without_environment(&self, arguments: &str) -> (i32, String) {
        let mut command = self.command(arguments);
        printed(
            spawn_blocking(move || command.output().unwrap())
                .await
                .unwrap(),
        )
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kun"));
        command
            .args(arguments.split_whitespace())
            .current_dir(&self.folder)
            .env_clear()
            .env("HOME", &self.folder);
        command
    }

    pub(crate) async fn check(&self, arguments: &str, code: i32, expected: Expect) {
        let (got, text) = self.kun(arguments).await;
        assert_eq!(got, code, "{text}");
        let text = text.replace(&self.url, "SERVER");
        let text: Vec<String> = text.lines().map(without_id).collect();
        expected.assert_eq(&(text.join("\n") + "\n"));
    }

    /// Does what a worker does: waits for a job and brings it to an end.
    pub(crate) async fn work(&self, end: DeployState, reason: &str) {
        let mut changes = self.store.changes();
        changes.recv().await.unwrap();
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let lease = now + SignedDuration::from_hours(1);
        let job = self
            .store
            .claim_deploy("test", now, lease)
            .await
            .unwrap()
            .unwrap();
        let line = |level, object: Option<&str>, message: &str| NewLogLine {
            at: now,
            level,
            object: object.map(str::to_owned),
            message: message.to_owned(),
        };
        let first = Progress {
            lines: vec![line(LogLevel::Info, None, "applying 1 object")],
            ..Progress::default()
        };
        self.store
            .record(job.id, job.attempt, first, now)
            .await
            .unwrap();
        let last = Progress {
            state: Some(end),
            reason: Some(reason.to_owned()),
            lines: vec![line(
                LogLevel::Warning,
                Some("ConfigMap/web"),
                "careful\u{1b}[31m",
            )],
            ..Progress::default()
        };
        self.store
            .record(job.id, job.attempt, last, now)
            .await
            .unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Adds alice, her set `shop/web` and its environment `dev`; returns a token of hers.
async fn fill(store: &dyn Store) -> Secret {
    let now = Timestamp::now();
    let alice = User {
        name: "alice".to_owned(),
        admin: true,
    };
    store.put_user(&alice, now).await.unwrap();
    let cluster = Cluster {
        name: "away".parse().unwrap(),
        server: "https://127.0.0.1:1".to_owned(),
        kind: ClusterKind::Kubeconfig,
    };
    store.announce_cluster(&cluster, now).await.unwrap();
    let key = SetKey {
        project: "shop".parse().unwrap(),
        set: "web".parse().unwrap(),
    };
    store
        .add_project(&key.project, "", "alice", now)
        .await
        .unwrap();
    store.add_set(&key, "", now).await.unwrap();
    let dev = Environment {
        name: "dev".parse().unwrap(),
        cluster: cluster.name,
        namespace: "shop".to_owned(),
    };
    store.put_environment(&key.project, &dev).await.unwrap();
    let token = Secret::random("kun_");
    let later = now + SignedDuration::from_hours(1);
    store
        .add_token(&token.hash(), "alice", "test", None, now, later)
        .await
        .unwrap();
    token
}

pub(crate) fn printed(output: Output) -> (i32, String) {
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

fn without_id(line: &str) -> String {
    match line.split_once("/deploys/") {
        Some((before, _)) => format!("{before}/deploys/ID"),
        None => line.to_owned(),
    }
}
