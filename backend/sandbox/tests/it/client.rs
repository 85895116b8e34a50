//! A client that shows every byte that matters: status, warnings, body.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use sandbox::{Options, Sandbox};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A sandbox, and someone who talks to it.
pub(crate) struct Cluster {
    pub(crate) sandbox: Sandbox,
    pub(crate) token: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) warnings: Vec<String>,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// Status, reason and message on a line each, and the fields that were refused.
    pub(crate) fn summary(&self) -> String {
        let Ok(body) = serde_json::from_str::<Value>(&self.text) else {
            return format!("{} {}\n", self.status, self.text.trim());
        };
        let mut lines = vec![format!(
            "{} {}",
            self.status,
            body["reason"].as_str().unwrap_or("-")
        )];
        if let Some(message) = body["message"].as_str() {
            lines.push(message.to_owned());
        }
        for cause in body["details"]["causes"].as_array().into_iter().flatten() {
            let text = |name: &str| cause[name].as_str().unwrap_or_default().to_owned();
            lines.push(format!(
                "  {} {}: {}",
                text("reason"),
                text("field"),
                text("message")
            ));
        }
        lines.extend(self.warnings.iter().map(|it| format!("  Warning: {it}")));
        lines.join("\n") + "\n"
    }
}

impl Cluster {
    pub(crate) async fn start() -> Self {
        Self::with(Options {
            pace: 0.05,
            ..Options::default()
        })
        .await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let token = sandbox.admin_token().to_owned();
        Self {
            sandbox,
            token,
            headers: Vec::new(),
        }
    }

    /// The same cluster, seen by another user.
    pub(crate) fn act_as(&mut self, token: &str) {
        token.clone_into(&mut self.token);
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "", b"").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Reply {
        self.send("POST", path, "application/json", body.as_bytes())
            .await
    }

    pub(crate) async fn put(&self, path: &str, body: &str) -> Reply {
        self.send("PUT", path, "application/json", body.as_bytes())
            .await
    }

    pub(crate) async fn delete(&self, path: &str, body: &str) -> Reply {
        self.send("DELETE", path, "application/json", body.as_bytes())
            .await
    }

    pub(crate) async fn merge(&self, path: &str, body: &str) -> Reply {
        self.send(
            "PATCH",
            path,
            "application/merge-patch+json",
            body.as_bytes(),
        )
        .await
    }

    /// Server-side apply as `manager`, strict unless the query says otherwise.
    pub(crate) async fn apply(&self, path: &str, manager: &str, body: &str) -> Reply {
        let (path, query) = path
            .split_once('?')
            .unwrap_or((path, "fieldValidation=Strict"));
        let path = format!("{path}?fieldManager={manager}&{query}");
        self.send(
            "PATCH",
            &path,
            "application/apply-patch+yaml",
            body.as_bytes(),
        )
        .await
    }

    /// Asks until `ready` says yes.
    #[track_caller]
    pub(crate) fn until<'a>(
        &'a self,
        path: &'a str,
        ready: impl Fn(&Value) -> bool + 'a,
    ) -> impl Future<Output = Value> + 'a {
        let place = std::panic::Location::caller();
        async move {
            let mut last = Value::Null;
            for _ in 0..400 {
                let reply = self.get(path).await;
                last = serde_json::from_str(&reply.text).unwrap_or_default();
                if ready(&last) {
                    return last;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            panic!("{place}: it never came: {last:#}");
        }
    }

    async fn connect(&self) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        let ca = CertificateDer::from_pem_slice(self.sandbox.ca_certificate().as_bytes()).unwrap();
        roots.add(ca).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let url = self.sandbox.url();
        let address = url.trim_start_matches("https://");
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .unwrap()
    }

    fn head(&self, method: &str, path: &str, media_type: &str, length: usize) -> String {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nUser-Agent: test/1\r\nContent-Length: {length}\r\n"
        );
        if !self.token.is_empty() {
            head = format!("{head}Authorization: Bearer {}\r\n", self.token);
        }
        if !media_type.is_empty() {
            head = format!("{head}Content-Type: {media_type}\r\n");
        }
        for (name, value) in &self.headers {
            head = format!("{head}{name}: {value}\r\n");
        }
        head + "\r\n"
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        media_type: &str,
        body: &[u8],
    ) -> Reply {
        let mut stream = self.connect().await;
        let head = self.head(method, path, media_type, body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        // The server may answer before it has read a body that is too long.
        let _ = stream.write_all(body).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|it| it.parse().ok())
            .unwrap_or(0);
        let warnings = head
            .lines()
            .filter_map(|line| line.strip_prefix("warning: 299 - "))
            .filter_map(|it| it.strip_prefix('"')?.strip_suffix('"'))
            .map(|it| it.replace("\\\"", "\""))
            .collect();
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        Reply {
            status,
            warnings,
            text: if chunked {
                unchunk(body)
            } else {
                body.to_owned()
            },
        }
    }

    /// The first `count` events of a watch.
    pub(crate) async fn watch(&self, path: &str, count: usize) -> Vec<Value> {
        let mut stream = self.connect().await;
        let head = self.head("GET", path, "", 0);
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut lines = BufReader::new(stream).lines();
        let mut events = Vec::new();
        while events.len() < count {
            let Ok(Some(line)) = lines.next_line().await else {
                break;
            };
            if line.starts_with('{') {
                events.push(serde_json::from_str(&line).unwrap());
            }
        }
        events
    }
}

fn unchunk(body: &str) -> String {
    let mut text = String::new();
    let mut rest = body;
    while let Some((length, tail)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).unwrap_or(0);
        if length == 0 {
            break;
        }
        text += tail.get(..length).unwrap_or(tail);
        rest = tail.get(length + 2..).unwrap_or_default();
    }
    text
}
