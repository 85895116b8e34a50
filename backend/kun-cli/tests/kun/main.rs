//! The command against a real server on a free port.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod server;

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use api_types::DeployState;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use backend::identity;
use expect_test::expect;
use jiff::Timestamp;
use server::Server;
use tokio::task::spawn_blocking;

const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n";

#[tokio::test(flavor = "multi_thread")]
async fn files_are_pushed_once() {
    let server = Server::start().await;
    server.write("k8s/app.yaml", CONFIG);
    server.write("k8s/more/db.yml", &CONFIG.replace("web", "db"));
    server.write("k8s/README.md", "not a manifest");
    let push = "push -p shop -r web -v v1 -f k8s";
    server
        .check(
            push,
            0,
            expect![[r"
        Pushed shop/web v1 (2 objects)
        SERVER/p/shop/web/v1
    "]],
        )
        .await;
    server
        .check(
            push,
            0,
            expect![[r"
        There already, with the same content: shop/web v1 (2 objects)
        SERVER/p/shop/web/v1
    "]],
        )
        .await;
    server.write("k8s/app.yaml", &CONFIG.replace("web", "other"));
    server.check(push, 3, expect![[r"
        kun: version `v1` of set `web` exists with other content; a version never changes, so push under another name
    "]]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_files_are_listed_place_by_place() {
    let server = Server::start().await;
    server.write("a.yaml", "kind: [\n");
    server.write("b.yaml", "apiVersion: v1\nkind: ConfigMap\n");
    let output = server
        .kun("push -p shop -r web -v v1 -f a.yaml b.yaml")
        .await;
    assert_eq!(output.0, 3, "{}", output.1);
    assert!(
        output
            .1
            .starts_with("kun: the files were refused:\n  a.yaml:"),
        "{}",
        output.1
    );
    assert!(output.1.contains("\n  b.yaml:1:1: "), "{}", output.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_not_pushed() {
    let server = Server::start().await;
    server
        .check(
            "push -p shop -r web -v v1 -f nothing.yaml",
            2,
            expect![[r"
        kun: cannot read nothing.yaml: No such file or directory (os error 2)
    "]],
        )
        .await;
    server.write("a/x.yaml", CONFIG);
    server.write("b/x.yaml", CONFIG);
    server
        .check(
            "push -p shop -r web -v v1 -f a/x.yaml b/x.yaml",
            2,
            expect![[r"
        kun: two files would be called `x.yaml`: give the folder that holds them instead
    "]],
        )
        .await;
    fs::create_dir_all(server.folder.join("empty")).unwrap();
    server
        .check(
            "push -p shop -r web -v v1 -f empty",
            2,
            expect![[r"
        kun: empty holds no .yaml, .yml or .json file
    "]],
        )
        .await;
    server
        .check(
            "push -p shop -r nowhere -v v1 -f a",
            3,
            expect![[r"
        kun: there is no set `nowhere`
    "]],
        )
        .await;
    let (code, text) = server.kun("push -p ../shop -r web -v v1 -f a").await;
    assert_eq!(code, 2);
    assert!(
        text.contains("`../shop` is not a name: use 1 to 63"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn deploy_shows_its_log_and_ends_well() {
    let server = Server::with_version().await;
    let working = server.work(DeployState::Succeeded, "all objects are ready");
    let deploying = server.check(
        "deploy -p shop -r web --env dev --wait",
        0,
        expect![[r"
        Deploying shop/web v1 to dev as alice
        SERVER/deploys/ID
        12:00:00 applying 1 object
        12:00:00 warning: ConfigMap/web: careful�[31m
        Succeeded: all objects are ready
    "]],
    );
    tokio::join!(working, deploying);
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_deploy_ends_with_five() {
    let server = Server::with_version().await;
    let working = server.work(DeployState::Failed, "ConfigMap/web was refused");
    let deploying = server.check(
        "deploy -p shop -r web -v v1 --env dev --wait",
        5,
        expect![[r"
        Deploying shop/web v1 to dev as alice
        SERVER/deploys/ID
        12:00:00 applying 1 object
        12:00:00 warning: ConfigMap/web: careful�[31m
        Failed: ConfigMap/web was refused
    "]],
    );
    tokio::join!(working, deploying);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_cancelled_cancels_its_deploy() {
    let server = Server::with_version().await;
    let mut changes = server.store.changes();
    let mut command = server.command("deploy -p shop -r web --env dev --wait");
    command.env("KUN_SERVER", &server.url);
    command.env("KUN_TOKEN", server.token.reveal());
    let mut process = command.stdout(Stdio::null()).spawn().unwrap();
    let id = changes.recv().await.unwrap();

    let told = Command::new("kill").arg(process.id().to_string()).status();
    assert!(told.unwrap().success());

    let status = spawn_blocking(move || process.wait().unwrap())
        .await
        .unwrap();
    assert_eq!(status.code(), Some(143));
    let deploy = server.store.deploy(id).await.unwrap().unwrap();
    assert_eq!(deploy.state, DeployState::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_deploy_ends_with_three() {
    let server = Server::start().await;
    server
        .check(
            "deploy -p shop -r web --env dev",
            2,
            expect![[r"
        kun: set `web` has no version yet: push one first
    "]],
        )
        .await;
    server
        .check(
            "deploy -p shop -r web -v v9 --env dev",
            3,
            expect![[r"
        kun: there is no version `v9`
    "]],
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_link_makes_a_token_that_is_kept_privately() {
    let server = Server::start().await;
    let link = identity::new_login_token(&*server.store, "alice", Timestamp::now())
        .await
        .unwrap();
    let login = format!("login {}/login?token={}", server.url, link.reveal());
    let (code, text) = server.kun_without_environment(&login).await;
    assert_eq!(code, 0, "{text}");
    assert!(
        text.starts_with(&format!("Signed in to {} as alice (kept in ", server.url)),
        "{text}"
    );

    let file = server.folder.join(".config/kun/config.yaml");
    assert!(fs::read_to_string(&file).unwrap().contains("token: kun_"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);

    server.write("app.yaml", CONFIG);
    let push = "push -p shop -r web -v v1 -f app.yaml";
    let (code, text) = server.kun_without_environment(push).await;
    assert_eq!(code, 0, "{text}");
    let (code, text) = server.kun_without_environment(&login).await;
    assert_eq!(code, 3);
    assert!(
        text.starts_with("kun: this sign-in link was used already"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_token_is_not_kept() {
    let server = Server::start().await;
    let login = format!("login --server {} --token kun_wrong", server.url);
    let (code, text) = server.kun_without_environment(&login).await;
    assert_eq!(code, 3);
    assert!(text.starts_with("kun: sign in first"), "{text}");
    assert!(!server.folder.join(".config").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_how_to_sign_in() {
    let server = Server::start().await;
    server.write("app.yaml", CONFIG);
    let (code, text) = server
        .kun_without_environment("push -p shop -r web -v v1 -f app.yaml")
        .await;
    assert_eq!(code, 2);
    assert!(
        text.starts_with("kun: not signed in: run `kun login`"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unreachable_server_is_named() {
    let server = Server::start().await;
    let login = "login --server http://127.0.0.1:1 --token kun_any";
    let (code, text) = server.kun_without_environment(login).await;
    assert_eq!(code, 4);
    assert_eq!(
        text,
        "kun: cannot reach http://127.0.0.1:1: Connection refused (os error 111)\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lint_needs_no_server() {
    let server = Server::start().await;
    server.write("app.yaml", CONFIG);
    let (code, text) = server.kun_without_environment("lint -f app.yaml").await;
    assert_eq!((code, text.as_str()), (0, "1 file, 0 errors, 0 warnings\n"));
    server.write("app.yaml", &format!("{CONFIG}dat: {{}}\n"));
    let (code, text) = server.kun_without_environment("lint -f app.yaml").await;
    let expected = "app.yaml:5:1: error: unknown field `dat` in ConfigMap; did you mean `data`? \
                    [unknown-field]\n1 file, 1 error, 0 warnings\n";
    assert_eq!((code, text.as_str()), (1, expected));
    let (code, text) = server
        .kun_without_environment("lint -f app.yaml --kubernetes 1.2")
        .await;
    assert_eq!(code, 2);
    assert!(
        text.starts_with("kun: `1.2` is no release of Kubernetes that kun knows"),
        "{text}"
    );
}

const RECIPE: &str = "\
project: shop
resource-set: web
files: [deploy]
variables:
  GREETING: hello
  CI_COMMIT_SHORT_SHA:
environments:
  prod:
    variables: {GREETING: good day}
    replicas: {web: 3}
";

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {commit: \"${CI_COMMIT_SHORT_SHA}\"}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: web # filled in by the pipeline
        env: [{name: GREETING, value: \"${GREETING}\"}]
";

#[tokio::test(flavor = "multi_thread")]
async fn deployment_file_is_generated() {
    let server = Server::start().await;
    server.write("kun.yaml", RECIPE);
    server.write("deploy/web.yaml", DEPLOYMENT);
    let generate = "generate --env prod --set CI_COMMIT_SHORT_SHA=1a2b --image \
                    web=registry.example.com/shop/web@sha256:ab --out out/web.yaml";
    let (code, text) = server.kun_without_environment(generate).await;
    assert_eq!((code, text.as_str()), (0, "Wrote out/web.yaml\n"));
    let file = fs::read_to_string(server.folder.join("out/web.yaml")).unwrap();
    expect![[r#"
        ---
        # web.yaml
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, labels: {commit: "1a2b"}}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: registry.example.com/shop/web@sha256:ab # filled in by the pipeline
                env: [{name: GREETING, value: "good day"}]
          replicas: 3
    "#]]
    .assert_eq(&file);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_for_a_deployment_file_is_named() {
    let server = Server::start().await;
    server.write("kun.yaml", RECIPE);
    server.write("deploy/web.yaml", DEPLOYMENT);
    let sha = "--set CI_COMMIT_SHORT_SHA=1a2b";
    for (arguments, code, expected) in [
        (
            String::new(),
            2,
            "kun: `CI_COMMIT_SHORT_SHA` has no value: give `--set",
        ),
        (
            format!("{sha} --env dev"),
            2,
            "kun: kun.yaml has no environment `dev`: it has prod",
        ),
        (
            format!("{sha} --set GREETNG=x"),
            2,
            "kun: kun.yaml declares no variable `GREETNG`",
        ),
        (
            format!("{sha} --image wbe=r/web"),
            2,
            "kun: no file has image `wbe`",
        ),
        (
            format!("{sha} --replicas wbe=2"),
            2,
            "kun: no file has workload `wbe`",
        ),
        (
            "--set CI_COMMIT_SHORT_SHA=a/b".to_owned(),
            1,
            "web.yaml:3:40: error: ",
        ),
    ] {
        let generate = format!("generate {arguments} --out out.yaml");
        let (got, text) = server.kun_without_environment(&generate).await;
        assert_eq!(got, code, "{text}");
        assert!(text.starts_with(expected), "{text}");
        assert!(!server.folder.join("out.yaml").exists());
    }
    server.write("kun.yaml", "file: [deploy]\n");
    let (code, text) = server.kun_without_environment("generate").await;
    assert_eq!(code, 2);
    assert!(text.contains("unknown field `file`"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lint_writes_reports_for_gitlab() {
    let server = Server::start().await;
    server.write("kun.yaml", "files: [deploy]\n");
    server.write("deploy/a.yaml", &format!("{CONFIG}dat: {{}}\n"));
    server.write("deploy/b.yaml", &CONFIG.replace("web", "b"));
    let lint = "lint --code-quality quality.json --junit junit.xml --output json";
    let (code, text) = server.kun_without_environment(lint).await;
    assert_eq!(code, 1);
    expect![[r#"
        [{"code":"unknown-field","column":1,"line":5,"message":"unknown field `dat` in ConfigMap; did you mean `data`?","path":"deploy/a.yaml","severity":"error"}]
    "#]]
    .assert_eq(&text);
    let quality: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(server.folder.join("quality.json")).unwrap())
            .unwrap();
    let first = &quality[0];
    assert_eq!(
        first["location"],
        serde_json::json!({"path": "deploy/a.yaml", "lines": {"begin": 5}})
    );
    assert_eq!(first["fingerprint"].as_str().unwrap().len(), 64);
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites>
          <testsuite name="kun lint" tests="2" failures="1">
            <testcase name="deploy/a.yaml" classname="kun lint" file="deploy/a.yaml"><failure message="unknown field `dat` in ConfigMap; did you mean `data`?" type="unknown-field">deploy/a.yaml:5:1: unknown field `dat` in ConfigMap; did you mean `data`?</failure></testcase>
            <testcase name="deploy/b.yaml" classname="kun lint" file="deploy/b.yaml"></testcase>
          </testsuite>
        </testsuites>
    "#]].assert_eq(&fs::read_to_string(server.folder.join("junit.xml")).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_made_listed_and_revoked() {
    let server = Server::start().await;
    let create =
        "token create nightly --days 7 -p shop -r web --push --deploy-to dev --output json";
    let (code, text) = server.kun(create).await;
    assert_eq!(code, 0, "{text}");
    let created: serde_json::Value = serde_json::from_str(&text).unwrap();
    let id = created["token"]["id"].as_str().unwrap().to_owned();
    let (_, text) = server.kun("token list").await;
    assert!(text.contains("nightly"), "{text}");
    assert!(
        text.contains("never  shop/web push deploy-to=dev"),
        "{text}"
    );
    let (code, text) = server.kun(&format!("token revoke {id}")).await;
    assert_eq!((code, text), (0, format!("Revoked {id}\n")));
    let (code, _) = server.kun(&format!("token revoke {id}")).await;
    assert_eq!(code, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_named_by_the_tag_or_the_commit() {
    let server = Server::start().await;
    server.write("app.yaml", CONFIG);
    for (variables, expected) in [
        (
            [
                ("CI_COMMIT_TAG", "v1.2.3"),
                ("CI_COMMIT_REF_SLUG", "v1-2-3"),
            ],
            "Pushed shop/web v1.2.3 ",
        ),
        (
            [
                ("CI_COMMIT_REF_SLUG", "dev"),
                ("CI_COMMIT_SHORT_SHA", "1a2b3c4d"),
            ],
            "Pushed shop/web dev-1a2b3c4d ",
        ),
        (
            [("CI_COMMIT_REF_SLUG", "dev"), ("CI", "true")],
            "kun: which version?",
        ),
    ] {
        let (_, text) = server
            .kun_with("push -p shop -r web -f app.yaml", &variables)
            .await;
        assert!(text.starts_with(expected), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn help_and_completion_are_printed() {
    let server = Server::start().await;
    let (code, text) = server.kun_without_environment("--help").await;
    assert_eq!(code, 0);
    assert!(text.contains("Exit codes:\n  0    it was done"), "{text}");
    for shell in ["bash", "zsh", "fish"] {
        let completion = format!("completion {shell}");
        let (code, text) = server.kun_without_environment(&completion).await;
        assert_eq!(code, 0);
        assert!(text.contains("rollback"), "{shell}");
    }
}

#[tokio::test]
async fn a_request_that_came_too_soon_is_sent_again() {
    let server = Server::start_behind(|router| {
        let is_first = Arc::new(AtomicBool::new(true));
        router.layer(from_fn(move |request: Request, next: Next| {
            let refused = is_first.swap(false, Ordering::Relaxed);
            async move {
                if refused {
                    (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "0")]).into_response()
                } else {
                    next.run(request).await
                }
            }
        }))
    })
    .await;
    server.write("app.yaml", CONFIG);
    let (code, text) = server.kun("push -p shop -r web -v v1 -f app.yaml").await;
    assert_eq!(code, 0, "{text}");
}
