//! The server as a newcomer starts it: its own process, the sandbox, the example, a printed link.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use futures::StreamExt;
use reqwest::{Client, Method, StatusCode, header};
use serde_json::{Value, json};

const SET: &str = "/api/projects/demo/sets/web";

#[tokio::test]
async fn newcomer_deploys_the_example_and_finds_it_after_a_restart() {
    let mut server = Server::start();
    let person = server.sign_in().await;
    let dev = json!({"version": "v1", "environment": "dev"});

    let preview = person.post(&format!("{SET}/previews"), &dev).await;
    let changes: Vec<&str> = each(&preview["objects"], "/diff/change");
    assert_eq!(changes, ["create", "create", "create"], "{preview}");
    assert_eq!(
        (&preview["missing_rights"], &preview["warnings"]),
        (&json!([]), &json!([]))
    );

    let mut wish = dev.clone();
    wish["preview"] = preview["id"].clone();
    let deploy = person.post(&format!("{SET}/deploys"), &wish).await;
    let (log, job) = person.follow(&deploy["id"]).await;
    assert_eq!(job["state"], "succeeded", "{log:?}");
    assert_eq!(
        each(&job["objects"], "/state"),
        ["healthy", "healthy", "healthy"]
    );

    let live = person.get(&format!("{SET}/environments/dev/live")).await;
    assert_eq!(
        (&live["version"], &live["health"], &live["drifted"]),
        (&json!("v1"), &json!("healthy"), &json!(0)),
        "{live}"
    );

    // What was seen is not what would happen now.
    let late = person
        .send(Method::POST, &format!("{SET}/deploys"), &wish)
        .await;
    assert_eq!(
        (late.0, &late.1["code"]),
        (StatusCode::CONFLICT, &json!("plan_changed"))
    );

    server.restart();
    let person = server.sign_in().await;
    let status = person.get(&format!("{SET}/status")).await;
    assert_eq!(
        status["items"][0]["deploy"]["state"], "succeeded",
        "{status}"
    );
    let preview = person.post(&format!("{SET}/previews"), &dev).await;
    let changes = each(&preview["objects"], "/diff/change");
    assert_eq!(
        changes,
        ["unchanged", "unchanged", "unchanged"],
        "{preview}"
    );
}

#[tokio::test]
async fn deploy_goes_on_after_the_server_was_killed() {
    let mut server = Server::start();
    let person = server.sign_in().await;
    let wish = json!({"version": "v1", "environment": "prod"});
    let deploy = person.post(&format!("{SET}/deploys"), &wish).await;
    let seen = person.first_line(&deploy["id"]).await;
    server.kill();
    server.launch();

    let person = server.sign_in().await;
    let (log, job) = person.follow(&deploy["id"]).await;
    assert_eq!(job["state"], "succeeded", "{log:?}");
    assert_eq!(log.first(), Some(&seen));
    assert!(
        log.iter().any(|line| line.contains("attempt 2 goes on")),
        "{log:?}"
    );
}

#[tokio::test]
async fn second_server_on_the_same_port_says_what_is_wrong() {
    let server = Server::start();
    let mut command = server.command();
    command.args(["--listen", server.link.split('/').nth(2).unwrap()]);
    let output = command.output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.starts_with("Error: cannot listen on 127.0.0.1:"),
        "{text}"
    );
}

/// A server in a process of its own, with its data in a folder that goes with the test.
struct Server {
    data: PathBuf,
    process: Child,
    link: String,
}

impl Server {
    fn start() -> Self {
        let data = std::env::temp_dir().join(format!("kun-server-{}", uuid::Uuid::new_v4()));
        let (process, link) = launch(command(&data));
        Self {
            data,
            process,
            link,
        }
    }

    fn command(&self) -> Command {
        command(&self.data)
    }

    fn launch(&mut self) {
        (self.process, self.link) = launch(self.command());
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Stops the server as a supervisor does, and starts it again.
    fn restart(&mut self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.process.wait().unwrap().success());
        self.launch();
    }

    /// Opens the printed link.
    async fn sign_in(&self) -> Person {
        // Whoever came first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        let client = client.build().unwrap();
        let answer = client.get(&self.link).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        Person {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            url: self.link.split("/login").next().unwrap().to_owned(),
            client,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

fn command(data: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kun-server"));
    command
        .args(["--example", "--user", "alice", "--data"])
        .arg(data)
        .env_remove("DATABASE_URL")
        // A proxy that leads to other machines, and is down, is no way to the sandbox on this one.
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .stdout(Stdio::piped());
    command
}

/// Starts a server on a free port and waits for its link.
fn launch(mut command: Command) -> (Child, String) {
    let mut process = command.args(["--listen", "127.0.0.1:0"]).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut found = lines.map_while(Result::ok).filter_map(|line| {
        let start = line.find("http://")?;
        line.contains("/login?token=")
            .then(|| line[start..].to_owned())
    });
    let link = found.next().unwrap();
    (process, link)
}

/// Somebody at a browser, signed in.
struct Person {
    client: Client,
    cookie: String,
    url: String,
}

impl Person {
    async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, &Value::Null).await.1
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send(Method::POST, path, body).await;
        assert!(status.is_success(), "{status} {answer}");
        answer
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.request(method, format!("{}{path}", self.url));
        let request = request.header(header::COOKIE, &self.cookie).json(body);
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    /// Reads the first line of a deploy's log as it is written.
    async fn first_line(&self, id: &Value) -> String {
        let mut events = self.events(id).await.bytes_stream();
        let mut text = String::new();
        loop {
            text += std::str::from_utf8(&events.next().await.unwrap().unwrap()).unwrap();
            if let Some(line) = lines(&text).into_iter().next() {
                return line;
            }
        }
    }

    /// Follows a deploy to its end: the lines of its log, and the job.
    async fn follow(&self, id: &Value) -> (Vec<String>, Value) {
        let text = self.events(id).await.text().await.unwrap();
        (
            lines(&text),
            self.get(&format!("/api/deploys/{}", id.as_str().unwrap()))
                .await,
        )
    }

    async fn events(&self, id: &Value) -> reqwest::Response {
        let url = format!("{}/api/deploys/{}/events", self.url, id.as_str().unwrap());
        let request = self.client.get(url).header(header::COOKIE, &self.cookie);
        request.send().await.unwrap()
    }
}

/// The messages of the lines in a stream of events.
fn lines(stream: &str) -> Vec<String> {
    let data = stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "));
    let events = data.filter_map(|data| serde_json::from_str::<Value>(data).ok());
    let messages = events.filter_map(|event| event.pointer("/line/message").cloned());
    messages
        .map(|message| message.as_str().unwrap().to_owned())
        .collect()
}

fn each<'a>(list: &'a Value, pointer: &str) -> Vec<&'a str> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| item.pointer(pointer).unwrap().as_str().unwrap())
        .collect()
}
