//! A server without a socket, three people, and one way to ask it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, Uri, header};
use backend::cluster::Clusters;
use backend::identity::{IdTokens, Secret};
use backend::store::{self, Role, Store, User, Vault};
use backend::{Services, Shutdown};
use expect_test::Expect;
use jiff::{SignedDuration, Timestamp};
use k8s_schemas::SchemaSet;
use regex::Regex;
use tokio::sync::watch;
use tower::ServiceExt;

/// A server with the project `shop`.
///
/// `alice` is an admin, `dora` a developer and `vera` a viewer of the project; `eve` is signed in
/// and a member of nothing, and `nobody` is not signed in.
pub(crate) struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clusters: Arc<Clusters>,
    pub(crate) stop: watch::Sender<bool>,
    router: Router,
    tokens: HashMap<&'static str, Secret>,
    folder: PathBuf,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::start_with(None, &[], IdTokens::none()).await
    }

    /// As [`App::start`], behind a proxy.
    pub(crate) async fn start_at(public_url: &str) -> Self {
        Self::start_with(Some(public_url), &[], IdTokens::none()).await
    }

    /// As [`App::start`], open to the pages of a site.
    pub(crate) async fn start_for(origin: &str) -> Self {
        Self::start_with(None, &[origin], IdTokens::none()).await
    }

    /// As [`App::start`], with issuers whose ID tokens are trusted.
    pub(crate) async fn start_trusting(id_tokens: IdTokens) -> Self {
        Self::start_with(None, &[], id_tokens).await
    }

    async fn start_with(public_url: Option<&str>, origins: &[&str], id_tokens: IdTokens) -> Self {
        let folder = std::env::temp_dir().join(format!("kun-it-{}", uuid::Uuid::new_v4()));
        let store = store::open(None, &folder, Vault::random()).await.unwrap();
        let clusters = Arc::new(Clusters::new(store.clone()));
        let (stop, shutdown) = Shutdown::new();
        let router = backend::build(Services {
            store: store.clone(),
            clusters: clusters.clone(),
            schemas: SchemaSet::builtin(),
            id_tokens,
            public_url: public_url.map(|url| url.parse::<Uri>().unwrap()),
            allowed_origins: origins.iter().map(|it| it.parse().unwrap()).collect(),
            shutdown,
        });
        let mut app = Self {
            store,
            clusters,
            stop,
            router,
            tokens: HashMap::new(),
            folder,
        };
        for name in ["alice", "dora", "vera", "eve"] {
            app.add_user(name).await;
        }
        app.ask("alice", "POST /api/projects", r#"{"name":"shop"}"#)
            .await
            .has("201");
        let project = "shop".parse().unwrap();
        for (name, role) in [("dora", Role::Developer), ("vera", Role::Viewer)] {
            app.store.put_member(&project, name, role).await.unwrap();
        }
        app
    }

    async fn add_user(&mut self, name: &'static str) {
        let now = Timestamp::now();
        let user = User {
            name: name.to_owned(),
            admin: name == "alice",
        };
        self.store.put_user(&user, now).await.unwrap();
        let secret = Secret::random("kun_");
        let later = now + SignedDuration::from_hours(1);
        self.store
            .add_token(&secret.hash(), name, "test", None, now, later)
            .await
            .unwrap();
        self.tokens.insert(name, secret);
    }

    /// Sends `request`, such as `POST /api/projects`, as one of the people.
    pub(crate) async fn ask(&self, who: &str, request: &str, body: impl Into<Body>) -> Answer {
        let mut headers = Vec::new();
        let token = self
            .tokens
            .get(who)
            .map(|it| format!("Bearer {}", it.reveal()));
        if let Some(token) = &token {
            headers.push(("authorization", token.as_str()));
        }
        if !request.starts_with("GET ") {
            headers.push(("content-type", "application/json"));
        }
        self.send(request, &headers, body).await
    }

    /// Sends a request with exactly these headers.
    pub(crate) async fn send(
        &self,
        request: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let (method, url) = request.split_once(' ').unwrap();
        let mut builder = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let request = builder.body(body.into()).unwrap();
        let response = self.answer(request).await;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer {
            status,
            headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Sends a request, and leaves its answer to be read.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The secret of one of the people, for a header made by hand.
    pub(crate) fn token(&self, who: &str) -> String {
        format!("Bearer {}", self.tokens[who].reveal())
    }

    /// Adds the set `web`, the environment `dev` on a cluster where nobody answers, and `v1`.
    pub(crate) async fn with_version(self) -> Self {
        let cluster = api_types::Cluster {
            name: "away".parse().unwrap(),
            server: "https://127.0.0.1:1".to_owned(),
            kind: api_types::ClusterKind::Kubeconfig,
        };
        self.store
            .announce_cluster(&cluster, Timestamp::now())
            .await
            .unwrap();
        let environment = r#"{"cluster":"away","namespace":"shop"}"#;
        let put = "PUT /api/projects/shop/environments/dev";
        self.ask("alice", put, environment).await.has("200");
        self.ask("dora", "POST /api/projects/shop/sets", r#"{"name":"web"}"#)
            .await
            .has("201");
        self.push("v1", CONFIG).await.has("201");
        self
    }

    /// Pushes one file as a version of `web`.
    pub(crate) async fn push(&self, name: &str, text: &str) -> Answer {
        let body = serde_json::json!({"name": name, "files": {"app.yaml": text}});
        self.ask(
            "dora",
            "POST /api/projects/shop/sets/web/versions",
            body.to_string(),
        )
        .await
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) const CONFIG: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  greeting: hello
";

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// Compares status and body, with times, ids and hashes made the same.
    #[track_caller]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`expect![…]` is written at the call"
    )]
    pub(crate) fn is(&self, expected: Expect) {
        let body = same(&self.body);
        let end = if body.ends_with('\n') || body.is_empty() {
            ""
        } else {
            "\n"
        };
        expected.assert_eq(&format!("{}\n{body}{end}", self.status));
    }

    /// Fails unless the answer begins with a status, and with a code where one is given.
    #[track_caller]
    pub(crate) fn has(&self, expected: &str) -> &Self {
        let code = self
            .json()
            .get("code")
            .and_then(|code| code.as_str().map(str::to_owned));
        let shown = match code {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        };
        assert_eq!(shown, expected, "{}", self.body);
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The cookie that was set, as a client sends it back.
    pub(crate) fn cookie(&self) -> String {
        let cookie = self.header(header::SET_COOKIE.as_str());
        cookie.split(';').next().unwrap().to_owned()
    }
}

/// Replaces what differs from run to run.
fn same(text: &str) -> String {
    let replaced = [
        (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME"),
        (
            r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "ID",
        ),
        (r"\b[0-9a-f]{64}\b", "HASH"),
        (r"\bkun_ci_[\w-]{43}", "kun_ci_SECRET"),
        (r"\bkun_[\w-]{43}", "SECRET"),
    ];
    replaced
        .iter()
        .fold(text.to_owned(), |text, (pattern, word)| {
            Regex::new(pattern)
                .unwrap()
                .replace_all(&text, *word)
                .into_owned()
        })
}
