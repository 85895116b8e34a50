//! The templates for GitLab: silent under our own rules, and their scripts run as a runner does,
//! against a real server with its sandbox.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "../../tests/it/issuer.rs"]
mod issuer;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use backend::cluster::Clusters;
use backend::identity::{IdTokens, Secret};
use backend::jobs::Worker;
use backend::store::{self, Store, User, Vault};
use backend::{Services, Shutdown, playground};
use issuer::Issuer;
use jiff::{SignedDuration, Timestamp};
use k8s_schemas::{KubeRelease, SchemaSet};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

#[test]
fn templates_are_silent_under_our_own_rules() {
    let folder = templates();
    let mut read = 0;
    for path in [
        "build.gitlab-ci.yml",
        "deploy.gitlab-ci.yml",
        "pipeline.gitlab-ci.yml",
        "example/.gitlab-ci.yml",
        "example/deploy/web.yaml",
        "runner/runner.yaml",
    ] {
        let text = fs::read_to_string(folder.join(path)).unwrap();
        for release in KubeRelease::ALL {
            let found = yaml_ide::check(&[(path, &text)], &SchemaSet::builtin(), release);
            assert_eq!(found, [], "{path}");
        }
        read += 1;
    }
    assert_eq!(read, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_is_built_pushed_deployed_and_rolled_back() {
    let runner = Runner::start().await;
    let dev = Ref::branch("dev");
    for commit in ["1111aaaa", "2222bbbb"] {
        let mut job = runner.job(&dev, commit);
        runner.run(&mut job, "build image").await.is(0, "");
        assert!(job["KUN_IMAGE"].starts_with("registry.example.com/shop/web@sha256:"));
        runner
            .run_of("dev", &mut job, "generate dev")
            .await
            .is(0, "0 errors");
        let pushed = format!("Pushed shop/web dev-{commit} (3 objects)");
        runner
            .run_of("dev", &mut job, "push dev")
            .await
            .is(0, &pushed);
        let deployed = runner.run_of("dev", &mut job, "deploy dev").await;
        deployed.is(0, "Succeeded");
        deployed.is(
            0,
            &format!("Deploying shop/web dev-{commit} to dev as ci@shop"),
        );
        assert!(job["KUN_DEPLOY_URL"].starts_with(&runner.url));
    }
    let mut job = runner.job(&dev, "2222bbbb");
    let back = runner.run_of("dev", &mut job, "rollback dev").await;
    back.is(0, "Deploying shop/web dev-1111aaaa to dev as ci@shop");
    back.is(0, "Succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn production_takes_protected_tags_alone() {
    let runner = Runner::start().await;
    let mut job = runner.job(&Ref::branch("dev"), "1111aaaa");
    runner.run(&mut job, "build image").await.is(0, "");
    runner
        .run_of("prod", &mut job, "generate prod")
        .await
        .is(0, "");
    runner
        .run_of("prod", &mut job, "push prod")
        .await
        .is(3, "may not deploy to `prod`");
    runner
        .run_of("prod", &mut job, "deploy prod")
        .await
        .is(3, "may not deploy to `prod`");

    let tag = Ref::tag("v1.0.0");
    let mut job = runner.job(&tag, "3333cccc");
    runner.run(&mut job, "build image").await.is(0, "");
    runner
        .run_of("prod", &mut job, "generate prod")
        .await
        .is(0, "");
    runner
        .run_of("prod", &mut job, "push prod")
        .await
        .is(0, "Pushed shop/web v1.0.0");
    runner
        .run_of("prod", &mut job, "deploy prod")
        .await
        .is(0, "Succeeded");

    let unprotected = Ref {
        protected: false,
        ..tag
    };
    let mut job = runner.job(&unprotected, "3333cccc");
    let refused = runner.run_of("prod", &mut job, "rollback prod").await;
    refused.is(3, "refs/tags/v1.0.0 is not protected");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_runner_is_deployed_as_any_other_set() {
    let runner = Runner::start().await;
    let file = templates().join("runner/runner.yaml");
    let arguments = format!("push -p shop -r web -v runner -f {}", file.display());
    runner.kun(&arguments).await.is(0, "Pushed shop/web runner");
    let preview = runner
        .kun("preview -p shop -r web -v runner --env ci")
        .await;
    preview.is(0, "+ Deployment/gitlab-runner");
    preview.is(0, "6 to change, 0 as they are");
}

/// The branch or tag of a pipeline.
#[derive(Clone, Copy)]
struct Ref {
    name: &'static str,
    kind: &'static str,
    protected: bool,
}

impl Ref {
    fn branch(name: &'static str) -> Self {
        let kind = "heads";
        Self {
            name,
            kind,
            protected: true,
        }
    }

    fn tag(name: &'static str) -> Self {
        let kind = "tags";
        Self {
            name,
            kind,
            protected: true,
        }
    }
}

type Variables = BTreeMap<String, String>;

/// Runs jobs in a checkout of the example, beside a server that trusts their GitLab.
struct Runner {
    url: String,
    folder: PathBuf,
    issuer: Issuer,
    token: Secret,
    _stop: tokio::sync::watch::Sender<bool>,
    _worker: Worker,
    _sandbox: sandbox::Sandbox,
}

impl Runner {
    async fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("kun-gitlab-{}", uuid::Uuid::new_v4()));
        let checkout = folder.join("checkout");
        copy(&templates().join("example"), &checkout);
        let data = folder.join("data");
        let store = store::open(None, &data, Vault::random()).await.unwrap();
        let issuer = Issuer::start().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let token = add_alice(&*store).await;
        let clusters = Arc::new(Clusters::new(store.clone()));
        let namespaces = ["dev", "prod", "ci"];
        let (sandbox, _) = playground::start(&store, &clusters, &data, "alice", &namespaces)
            .await
            .unwrap();
        let (stop, shutdown) = Shutdown::new();
        let router = backend::build(Services {
            store: store.clone(),
            clusters: clusters.clone(),
            schemas: SchemaSet::builtin(),
            id_tokens: IdTokens::new(std::slice::from_ref(&issuer.url), &url),
            public_url: None,
            allowed_origins: Vec::new(),
            shutdown,
        });
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let runner = Self {
            url,
            folder,
            issuer,
            token,
            _stop: stop,
            _worker: Worker::start(store.clone(), clusters),
            _sandbox: sandbox,
        };
        runner.prepare(&*store).await;
        runner
    }

    /// Does what an owner does once: environments, the rights of `ci@shop`, and whom to trust.
    async fn prepare(&self, store: &dyn Store) {
        for name in ["dev", "prod", "ci"] {
            let environment = api_types::Environment {
                name: name.parse().unwrap(),
                cluster: "sandbox".parse().unwrap(),
                namespace: name.to_owned(),
            };
            let shop = "shop".parse().unwrap();
            store.put_environment(&shop, &environment).await.unwrap();
        }
        fs::write(self.folder.join("checkout/rights.yaml"), RIGHTS).unwrap();
        self.kun("push -p shop -r rights -v v1 -f rights.yaml")
            .await
            .is(0, "");
        for name in ["dev", "prod"] {
            let deploy = format!("deploy -p shop -r rights --env {name} --wait");
            self.kun(&deploy).await.is(0, "Succeeded");
        }
        let gitlab = format!(
            "-p shop --gitlab {} --gitlab-project shop/web",
            self.issuer.url
        );
        let dev = format!("pipeline trust dev {gitlab} --branch dev --push --deploy-to dev");
        self.kun(&dev).await.is(0, "refs/heads/dev, protected");
        let prod = format!("pipeline trust prod {gitlab} --tag v* --push --deploy-to prod");
        self.kun(&prod).await.is(0, "refs/tags/v*, protected");
    }

    /// What GitLab tells each job of a pipeline.
    fn job(&self, git_ref: &Ref, commit: &str) -> Variables {
        let mut claims = self.issuer.claims();
        claims["aud"] = json!(self.url);
        claims["ref"] = json!(git_ref.name);
        claims["ref_path"] = json!(format!("refs/{}/{}", git_ref.kind, git_ref.name));
        claims["ref_protected"] = json!(git_ref.protected.to_string());
        claims["sha"] = json!(commit);
        let version = match git_ref.kind {
            "tags" => git_ref.name.to_owned(),
            _ => format!("{}-{commit}", git_ref.name),
        };
        let pairs = [
            ("CI", "true"),
            ("CI_COMMIT_SHA", commit),
            ("CI_COMMIT_SHORT_SHA", commit),
            ("CI_COMMIT_REF_NAME", git_ref.name),
            (
                "CI_PIPELINE_URL",
                "https://gitlab.example.com/shop/web/-/pipelines/77",
            ),
            ("CI_REGISTRY", "registry.example.com"),
            ("CI_REGISTRY_IMAGE", "registry.example.com/shop/web"),
            ("CI_REGISTRY_USER", "ci"),
            ("CI_REGISTRY_PASSWORD", "secret"),
            ("KUN_VERSION", &version),
            ("KUN_ID_TOKEN", &Issuer::token(&claims)),
        ];
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    async fn run(&self, variables: &mut Variables, name: &str) -> Ran {
        self.run_job("build.gitlab-ci.yml", &[], variables, name)
            .await
    }

    /// Runs a job of the template of deploys, for an environment.
    async fn run_of(&self, environment: &str, variables: &mut Variables, name: &str) -> Ran {
        let inputs = [
            ("server", self.url.as_str()),
            ("project", "shop"),
            ("resource-set", "web"),
            ("environment", environment),
            ("container", "web"),
        ];
        self.run_job("deploy.gitlab-ci.yml", &inputs, variables, name)
            .await
    }

    /// Runs the script of a job as a runner does, and takes over what it leaves for later jobs.
    async fn run_job(
        &self,
        template: &str,
        inputs: &[(&str, &str)],
        variables: &mut Variables,
        name: &str,
    ) -> Ran {
        let jobs = jobs(template, inputs);
        let job = &jobs[name];
        let base = &jobs[job["extends"].as_str().unwrap_or(name)];
        let mut command = self.command("sh");
        let lines = job["script"].as_array().unwrap().iter();
        let lines: Vec<&str> = lines.map(|line| line.as_str().unwrap()).collect();
        command
            .args(["-eu", "-c", &lines.join("\n")])
            .envs(&*variables);
        for (name, value) in base["variables"].as_object().into_iter().flatten() {
            command.env(name, value.as_str().unwrap());
        }
        let ran = ran(command).await;
        let left = job
            .pointer("/artifacts/reports/dotenv")
            .and_then(Value::as_str);
        let left =
            left.and_then(|path| fs::read_to_string(self.folder.join("checkout").join(path)).ok());
        for line in left.unwrap_or_default().lines() {
            let (name, value) = line.split_once('=').unwrap();
            variables.insert(name.to_owned(), value.to_owned());
        }
        ran
    }

    /// Runs kun as alice.
    async fn kun(&self, arguments: &str) -> Ran {
        let mut command = self.command(env!("CARGO_BIN_EXE_kun"));
        command.args(arguments.split_whitespace());
        command
            .env("KUN_SERVER", &self.url)
            .env("KUN_TOKEN", self.token.reveal());
        ran(command).await
    }

    fn command(&self, program: &str) -> Command {
        let kaniko = self.folder.join("kaniko");
        fs::create_dir_all(&kaniko).unwrap();
        let executor = kaniko.join("executor");
        fs::write(&executor, EXECUTOR).unwrap();
        fs::set_permissions(&executor, fs::Permissions::from_mode(0o755)).unwrap();
        let kun = Path::new(env!("CARGO_BIN_EXE_kun")).parent().unwrap();
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.join("checkout"))
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", kun.display()))
            .env("HOME", &self.folder)
            .env("KANIKO_DIR", &kaniko);
        command
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Stands in for the builder, which needs a registry: it says a digest of what it was told.
const EXECUTOR: &str = r#"#!/bin/sh
set -eu
grep -q '"registry.example.com":{"auth":"Y2k6c2VjcmV0"}' "$KANIKO_DIR/.docker/config.json"
for last; do :; done
printf 'sha256:%s' "$(printf '%s' "$*" | sha256sum | cut -d' ' -f1)" > "$last"
"#;

/// What the pipelines of the project may do where they deploy.
const RIGHTS: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: kun-pipelines
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: edit
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: User
    name: ci@shop
";

/// How a script ended, and what it printed.
struct Ran {
    code: i32,
    text: String,
}

impl Ran {
    #[track_caller]
    fn is(&self, code: i32, part: &str) {
        assert_eq!(self.code, code, "{}", self.text);
        assert!(self.text.contains(part), "{part} is not in:\n{}", self.text);
    }
}

async fn ran(mut command: Command) -> Ran {
    let output = spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    Ran {
        code: output.status.code().unwrap(),
        text: String::from_utf8(text).unwrap(),
    }
}

/// The jobs of a template, with its inputs filled in.
fn jobs(template: &str, inputs: &[(&str, &str)]) -> Value {
    let text = fs::read_to_string(templates().join(template)).unwrap();
    let (header, body) = text.split_once("\n---\n").unwrap();
    let spec = json_of(header);
    let mut body = body.to_owned();
    for (name, input) in spec["spec"]["inputs"].as_object().unwrap() {
        let given = inputs.iter().find(|(given, _)| given == name);
        let value = match (given, &input["default"]) {
            (Some((_, value)), _) => (*value).to_owned(),
            (None, Value::String(value)) => value.clone(),
            (None, other) => other.to_string(),
        };
        body = body.replace(&format!("$[[ inputs.{name} ]]"), &value);
    }
    json_of(&body)
}

fn json_of(text: &str) -> Value {
    let parse = yaml_syntax::parse(text);
    let document = parse.documents().next().unwrap();
    yaml_syntax::json::document(document).unwrap().value
}

fn templates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("gitlab")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Adds alice, an admin, the project `shop` and its sets; returns a token of hers.
async fn add_alice(store: &dyn Store) -> Secret {
    let now = Timestamp::now();
    let alice = User {
        name: "alice".to_owned(),
        admin: true,
    };
    store.put_user(&alice, now).await.unwrap();
    let project = "shop".parse().unwrap();
    store.add_project(&project, "", "alice", now).await.unwrap();
    for set in ["web", "rights"] {
        let key = store::SetKey {
            project: project.clone(),
            set: set.parse().unwrap(),
        };
        store.add_set(&key, "", now).await.unwrap();
    }
    let secret = Secret::random("kun_");
    let later = now + SignedDuration::from_hours(1);
    store
        .add_token(&secret.hash(), "alice", "test", None, now, later)
        .await
        .unwrap();
    secret
}
