//! A sandbox here, the server in a process of its own, and a person who is signed in.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode, header};
use sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::wish;

const PROJECT: &str = "/api/projects/bench";

pub(crate) struct Ground {
    pub(crate) sandbox: Sandbox,
    folder: PathBuf,
    /// A PostgreSQL database; SQLite where there is none.
    database: Option<String>,
    server: Child,
    /// Another server on the same database.
    replica: Option<(Child, String)>,
    url: String,
    client: Client,
    token: String,
}

impl Ground {
    /// A sandbox with `writes` a second (0 for as many as it can) at a distance.
    pub(crate) async fn start(writes: u32, distance: Duration) -> Self {
        Self::start_on(writes, distance, None).await
    }

    /// As [`Self::start`], on a PostgreSQL database.
    pub(crate) async fn start_on(
        writes: u32,
        distance: Duration,
        database: Option<String>,
    ) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = std::env::temp_dir().join(format!("kun-bench-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&folder).unwrap();
        let options = Options {
            pace: 0.0,
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.unwrap();
        sandbox
            .write_kubeconfig(&folder.join("kubeconfig"))
            .unwrap();
        let (server, link) = launch(&folder, database.as_deref());
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        let mut ground = Self {
            sandbox,
            url: link.split("/login").next().unwrap().to_owned(),
            folder,
            database,
            server,
            replica: None,
            client: client.build().unwrap(),
            token: String::new(),
        };
        ground.sign_in(&link).await;
        for namespace in ["kun", "kubectl"] {
            ground.kubectl(&["create", "namespace", namespace], "");
        }
        ground
            .post("/api/projects", &json!({"name": "bench"}))
            .await;
        let place = json!({"cluster": ground.cluster().await, "namespace": "kun"});
        let path = format!("{PROJECT}/environments/dev");
        ground.send(Method::PUT, &path, &place).await;
        ground.sandbox.faults().limit_writes(writes);
        ground.sandbox.faults().set_latency(distance);
        ground
    }

    /// Opens the printed link, and makes a token.
    async fn sign_in(&mut self, link: &str) {
        let answer = self.client.get(link).send().await.unwrap();
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        let request = self.client.post(format!("{}/api/tokens", self.url));
        let request = request
            .header(header::COOKIE, cookie.split(';').next().unwrap())
            .json(&json!({"label": "bench", "days": 1}));
        let made: Value = request.send().await.unwrap().json().await.unwrap();
        made["secret"].as_str().unwrap().clone_into(&mut self.token);
    }

    async fn cluster(&self) -> Value {
        self.get("/api/clusters").await["items"][0]["name"].clone()
    }

    pub(crate) async fn add_set(&self, set: &str, environment: &str) {
        assert_eq!(environment, "dev");
        self.post(&format!("{PROJECT}/sets"), &json!({"name": set}))
            .await;
    }

    pub(crate) async fn push(&self, set: &str, version: &str, text: &str) {
        let body = json!({"name": version, "files": {"app.yaml": text}});
        self.post(&format!("{PROJECT}/sets/{set}/versions"), &body)
            .await;
    }

    /// Deploys, and waits until all is healthy.
    pub(crate) async fn deploy(&self, set: &str, version: &str, environment: &str) {
        let id = self.begin(set, version, environment).await;
        self.follow(&id).await;
    }

    pub(crate) async fn begin(&self, set: &str, version: &str, environment: &str) -> String {
        let path = format!("{PROJECT}/sets/{set}/deploys");
        let deploy = self.post(&path, &wish(version, environment)).await;
        deploy["id"].as_str().unwrap().to_owned()
    }

    /// Reads the events of a deploy to their end.
    pub(crate) async fn follow(&self, id: &str) {
        let url = format!("{}/api/deploys/{id}/events", self.url);
        let events = self.client.get(url).bearer_auth(&self.token);
        let answer = events.send().await.unwrap();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            tokio::time::sleep(Duration::from_secs(1)).await;
            return Box::pin(self.follow(id)).await;
        }
        answer.text().await.unwrap();
        let deploy = self.get(&format!("/api/deploys/{id}")).await;
        assert_eq!(deploy["state"], "succeeded", "{}", deploy["reason"]);
    }

    pub(crate) async fn wait_for_state(&self, id: &str, state: &str) {
        while self.get(&format!("/api/deploys/{id}")).await["state"] != state {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Kills the server, and starts it on the same data.
    pub(crate) fn restart_killed(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
        let (server, link) = launch(&self.folder, self.database.as_deref());
        self.server = server;
        link.split("/login")
            .next()
            .unwrap()
            .clone_into(&mut self.url);
    }

    /// Starts another server on the same database.
    pub(crate) fn add_replica(&mut self) {
        self.replica = Some(launch(&self.folder, self.database.as_deref()));
    }

    /// Kills the first server; from then on the other one is asked.
    pub(crate) fn kill_the_first(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
        let (server, link) = self.replica.take().unwrap();
        self.server = server;
        link.split("/login")
            .next()
            .unwrap()
            .clone_into(&mut self.url);
    }

    /// Bytes of the database file and what SQLite keeps beside it.
    pub(crate) fn database_megabytes(&self) -> u64 {
        let files = ["kun.db", "kun.db-wal"].map(|it| self.folder.join("data").join(it));
        let bytes = files
            .iter()
            .map(|it| std::fs::metadata(it).map_or(0, |it| it.len()));
        bytes.sum::<u64>() / 1024 / 1024
    }

    /// Applies on the server's side, and tells how long it took.
    pub(crate) fn kubectl_apply(&self, text: &str) -> Duration {
        let start = Instant::now();
        let apply = ["apply", "--server-side", "--validate=false"];
        self.kubectl(&[&apply[..], &["-n", "kubectl", "-f", "-"]].concat(), text);
        start.elapsed()
    }

    fn kubectl(&self, arguments: &[&str], input: &str) {
        let tools = std::env::var_os("KUN_TOOLS").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools"),
            PathBuf::from,
        );
        let mut kubectl = Command::new(tools.join("kubectl/1.37.1/kubectl"))
            .args(arguments)
            .env("KUBECONFIG", self.folder.join("kubeconfig"))
            .env("HOME", &self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        kubectl
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        assert!(kubectl.wait().unwrap().success(), "kubectl {arguments:?}");
    }

    pub(crate) fn server_megabytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.unwrap_or_default() / 1024
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, &Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        self.send(Method::POST, path, body).await
    }

    /// Sends a request, and again if all of a year's pipelines together asked too often.
    async fn send(&self, method: Method, path: &str, body: &Value) -> Value {
        let request = self.client.request(method, format!("{}{path}", self.url));
        let request = request.bearer_auth(&self.token).json(body);
        let mut answer = request.try_clone().unwrap().send().await.unwrap();
        while answer.status() == StatusCode::TOO_MANY_REQUESTS {
            tokio::time::sleep(Duration::from_secs(1)).await;
            answer = request.try_clone().unwrap().send().await.unwrap();
        }
        let status = answer.status();
        let body = answer.json().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let replica = self.replica.as_mut().map(|(server, _)| server);
        for server in [&mut self.server].into_iter().chain(replica) {
            let _ = server.kill();
            let _ = server.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Starts the server on a free port and waits for its link.
fn launch(folder: &Path, database: Option<&str>) -> (Child, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kun-server"));
    command
        .args(["--no-sandbox", "--user", "alice", "--listen", "127.0.0.1:0"])
        .args(["--cluster", "sandbox", "--data"])
        .arg(folder.join("data"))
        .env("KUBECONFIG", folder.join("kubeconfig"))
        .env("KUN_LOG", "error")
        .env_remove("DATABASE_URL")
        .stdout(Stdio::piped());
    if let Some(database) = database {
        command.env("DATABASE_URL", database);
    }
    let mut server = command.spawn().unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut printed = lines.map_while(Result::ok).filter_map(|line| {
        let start = line.find("http://")?;
        line.contains("/login?token=")
            .then(|| line[start..].to_owned())
    });
    let link = printed.next().unwrap();
    (server, link)
}
