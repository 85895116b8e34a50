//! `/api/projects/{project}/sets/{set}/versions`

use expect_test::expect;
use serde_json::json;

use crate::support::{Answer, App, CONFIG};

const VERSIONS: &str = "/api/projects/shop/sets/web/versions";

#[tokio::test]
async fn push_stores_a_version() {
    let app = App::start().await.with_version().await;
    let body = json!({
        "name": "v1.1",
        "files": {"app.yaml": CONFIG},
        "parent": "v1",
        "commit": "1a2b3c4d",
        "git_ref": "dev",
        "pipeline_url": "https://gitlab.example.com/shop/-/pipelines/7",
    });
    push(&app, body).await.is(expect![[r#"
        201
        {"version":{"name":"v1.1","content_hash":"HASH","parent":"v1","provenance":{"author":"dora","commit":"1a2b3c4d","git_ref":"dev","pipeline_url":"https://gitlab.example.com/shop/-/pipelines/7"},"created_at":"TIME","sequence":2,"objects":[{"api_version":"v1","kind":"ConfigMap","name":"web","file":"app.yaml","line":1}]}}
    "#]]);
    app.ask("vera", &format!("GET {VERSIONS}/v1.1"), "").await.is(expect![[r#"
        200
        {"version":{"name":"v1.1","content_hash":"HASH","parent":"v1","provenance":{"author":"dora","commit":"1a2b3c4d","git_ref":"dev","pipeline_url":"https://gitlab.example.com/shop/-/pipelines/7"},"created_at":"TIME","sequence":2,"objects":[{"api_version":"v1","kind":"ConfigMap","name":"web","file":"app.yaml","line":1}]},"files":{"app.yaml":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  greeting: hello\n"}}
    "#]]);
}

#[tokio::test]
async fn push_may_be_repeated_but_never_changes_a_version() {
    let app = App::start().await.with_version().await;
    app.push("v1", CONFIG).await.has("200");
    app.push("v1", &CONFIG.replace("hello", "bye")).await.is(expect![[r#"
        409
        {"code":"version_exists","message":"version `v1` of set `web` exists with other content; a version never changes, so push under another name"}
    "#]]);
    let file = app
        .ask("vera", &format!("GET {VERSIONS}/v1/files/app.yaml"), "")
        .await;
    assert_eq!((file.status, file.body.as_str()), (200, CONFIG));
}

#[tokio::test]
async fn file_is_served_as_text_to_be_saved() {
    let app = App::start().await.with_version().await;
    let file = app
        .ask("vera", &format!("GET {VERSIONS}/v1/files/app.yaml"), "")
        .await;
    assert_eq!(file.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    for path in ["nothing.yaml", "..%2f..%2fkun.db", "../../kun.db"] {
        let request = format!("GET {VERSIONS}/v1/files/{path}");
        app.ask("vera", &request, "").await.has("404 not_found");
    }
}

#[tokio::test]
async fn broken_yaml_is_refused_with_its_place() {
    let app = App::start().await.with_version().await;
    app.push("v2", "kind: [a\nb: c\n")
        .await
        .has("422 invalid_manifest");
    let answer = app.push("v2", "metadata: {}\n").await;
    answer.has("422 invalid_manifest");
    let detail = &answer.json()["details"][0];
    assert_eq!(
        (&detail["place"], &detail["line"]),
        (&json!("app.yaml"), &json!(1))
    );
    app.push("v2", "").await.has("422 invalid_manifest");
    app.push("v2", "# nothing\n")
        .await
        .has("422 invalid_manifest");
    app.ask("vera", &format!("GET {VERSIONS}/v2"), "")
        .await
        .has("404 not_found");
}

#[tokio::test]
async fn unknown_field_is_refused_as_the_editor_marks_it() {
    let app = App::start().await.with_version().await;
    app.push("v2", &CONFIG.replace("\ndata:", "\ndat:")).await.is(expect![[r#"
        422
        {"code":"invalid_manifest","message":"app.yaml, line 5: unknown field `dat` in ConfigMap; did you mean `data`?","details":[{"place":"app.yaml","line":5,"column":1,"code":"unknown-field","message":"unknown field `dat` in ConfigMap; did you mean `data`?"}]}
    "#]]);
}

#[tokio::test]
async fn questionable_manifest_is_stored_with_a_warning() {
    let app = App::start().await.with_version().await;
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web, image: 'nginx:latest', resources: {limits: {memory: 100m}}}\n";
    app.push("v2", text).await.is(expect![[r#"
        201
        {"version":{"name":"v2","content_hash":"HASH","provenance":{"author":"dora"},"created_at":"TIME","sequence":2,"objects":[{"api_version":"v1","kind":"Pod","name":"web","file":"app.yaml","line":1}]},"warnings":[{"place":"app.yaml","line":6,"column":69,"code":"quantity-unit","message":"`100m` is less than one byte: `m` means a thousandth; megabytes are `M` or `Mi`"}]}
    "#]]);
}

#[tokio::test]
async fn bombs_are_refused_quickly() {
    let app = App::start().await.with_version().await;
    let level = |level: usize| {
        let before = format!("*a{}, ", level - 1).repeat(10);
        format!("a{level}: &a{level} [{before}]\n")
    };
    let first = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    let bomb = first + &(1..12).map(level).collect::<String>();
    for text in [
        bomb,
        "[".repeat(100_000),
        format!("a: {}", "{a: ".repeat(50_000)),
    ] {
        app.push("v2", &text).await.has("422 invalid_manifest");
    }
}

#[tokio::test]
async fn paths_that_could_leave_the_version_are_refused() {
    let app = App::start().await.with_version().await;
    for path in [
        "../app.yaml",
        "/etc/app.yaml",
        "a/../b.yaml",
        "a\\b.yaml",
        "a\u{0}.yaml",
        "",
        "app.sh",
    ] {
        let answer = push(&app, json!({"name": "v2", "files": {path: CONFIG}})).await;
        answer.has("422 invalid_manifest");
    }
    push(&app, json!({"name": "v2", "files": {}}))
        .await
        .has("422 invalid_manifest");
}

#[tokio::test]
async fn names_and_labels_are_checked() {
    let app = App::start().await.with_version().await;
    let files = json!({"app.yaml": CONFIG});
    push(&app, json!({"name": "draft", "files": files})).await.is(expect![[r#"
        422
        {"code":"invalid","message":"`draft` is what pages call a version that is not saved: use another name","details":[{"place":"name","message":"`draft` is what pages call a version that is not saved: use another name"}]}
    "#]]);
    for name in ["", "../v2", "v2/", "v..2", "-v2"] {
        push(&app, json!({"name": name, "files": files}))
            .await
            .has("400 invalid_body");
    }
    for (field, value) in [
        ("pipeline_url", "javascript:alert(1)"),
        ("pipeline_url", "data:text/html,x"),
        ("pipeline_url", "https://a\" onclick=\"b"),
        ("commit", "a\nb"),
        ("git_ref", "\u{1b}[31m"),
    ] {
        push(&app, json!({"name": "v2", "files": files, field: value}))
            .await
            .has("422 invalid");
    }
    push(&app, json!({"name": "v2", "files": files, "parent": "v0"}))
        .await
        .has("404 not_found");
}

#[tokio::test]
async fn viewers_and_strangers_push_nothing() {
    let app = App::start().await.with_version().await;
    let body = json!({"name": "v2", "files": {"app.yaml": CONFIG}}).to_string();
    let post = format!("POST {VERSIONS}");
    app.ask("vera", &post, body.clone())
        .await
        .has("403 forbidden");
    app.ask("eve", &post, body.clone())
        .await
        .has("404 not_found");
    app.ask("nobody", &post, body.clone())
        .await
        .has("401 not_signed_in");
    app.ask("dora", "POST /api/projects/shop/sets/api/versions", body)
        .await
        .has("404 not_found");
    for rest in ["", "/v1", "/v1/files/app.yaml", "/v1/compare/v1"] {
        app.ask("eve", &format!("GET {VERSIONS}{rest}"), "")
            .await
            .has("404 not_found");
    }
}

#[tokio::test]
async fn versions_are_listed_page_by_page() {
    let app = App::start().await.with_version().await;
    for name in ["v2", "v3"] {
        app.push(name, CONFIG).await.has("201");
    }
    let first = app
        .ask("vera", &format!("GET {VERSIONS}?limit=2"), "")
        .await
        .json();
    assert_eq!(
        (&first["items"][0]["name"], &first["items"][1]["name"]),
        (&json!("v3"), &json!("v2"))
    );
    let after = first["next"].as_str().unwrap();
    let second = app
        .ask("vera", &format!("GET {VERSIONS}?limit=2&after={after}"), "")
        .await
        .json();
    assert_eq!(
        (&second["items"][0]["name"], &second["next"]),
        (&json!("v1"), &json!(null))
    );

    app.ask("vera", &format!("GET {VERSIONS}?after=x"), "")
        .await
        .is(expect![[r#"
        400
        {"code":"invalid_parameter","message":"after: `x` is not the `next` of a page"}
    "#]]);
    app.ask("vera", &format!("GET {VERSIONS}?limit=x"), "")
        .await
        .has("400 invalid_parameter");
}

#[tokio::test]
async fn compare_shows_field_by_field_what_changed() {
    let app = App::start().await.with_version().await;
    app.push("v2", &CONFIG.replace("hello", "bye"))
        .await
        .has("201");
    app.ask("vera", &format!("GET {VERSIONS}/v1/compare/v2"), "").await.is(expect![[r#"
        200
        {"from":"v1","to":"v2","objects":[{"api_version":"v1","kind":"ConfigMap","name":"web","change":"change","fields":[{"path":"data.greeting","from":"hello","to":"bye"}]}]}
    "#]]);
    app.ask("vera", &format!("GET {VERSIONS}/v1/compare/v9"), "")
        .await
        .is(expect![[r#"
        404
        {"code":"not_found","message":"there is no version `v9`"}
    "#]]);
}

#[tokio::test]
async fn compare_masks_secrets() {
    let app = App::start().await.with_version().await;
    let secret =
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  password: hunter2\n";
    app.push("v2", secret).await.has("201");
    app.push("v3", &secret.replace("hunter2", "correct horse"))
        .await
        .has("201");
    let answer = app
        .ask("vera", &format!("GET {VERSIONS}/v2/compare/v3"), "")
        .await;
    answer.has("200");
    assert!(
        answer.body.contains("stringData.password"),
        "{}",
        answer.body
    );
    assert!(
        !answer.body.contains("hunter2") && !answer.body.contains("horse"),
        "{}",
        answer.body
    );
}

async fn push(app: &App, body: serde_json::Value) -> Answer {
    app.ask("dora", &format!("POST {VERSIONS}"), body.to_string())
        .await
}
