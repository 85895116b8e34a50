//! `/api/deploys`, `/api/projects/{project}/sets/{set}/deploys`

use expect_test::expect;

use crate::support::App;

const DEPLOYS: &str = "/api/projects/shop/sets/web/deploys";
const PREVIEWS: &str = "POST /api/projects/shop/sets/web/previews";
const TO_DEV: &str = r#"{"version":"v1","environment":"dev"}"#;

#[tokio::test]
async fn deploy_is_queued_and_found() {
    let app = App::start().await.with_version().await;
    let id = start(&app).await;
    app.ask("vera", &format!("GET /api/deploys/{id}"), "").await.is(expect![[r#"
        200
        {"id":"ID","project":"shop","set":"web","version":"v1","environment":"dev","options":{"prune":false,"force_conflicts":false},"by":"dora","state":"queued","reason":"","created_at":"TIME","objects":[]}
    "#]]);
    for list in [DEPLOYS, "/api/deploys"] {
        let listed = app
            .ask("vera", &format!("GET {list}?limit=1"), "")
            .await
            .json();
        assert_eq!(listed["items"][0]["id"], id.as_str());
        let after = listed["next"].as_str().unwrap();
        let rest = app
            .ask("vera", &format!("GET {list}?after={after}"), "")
            .await
            .json();
        assert_eq!(rest["items"].as_array().unwrap().len(), 0);
    }
}

#[tokio::test]
async fn deploy_needs_a_version_and_an_environment() {
    let app = App::start().await.with_version().await;
    let post = format!("POST {DEPLOYS}");
    app.ask("dora", &post, r#"{"version":"v9","environment":"dev"}"#)
        .await
        .is(expect![[r#"
        404
        {"code":"not_found","message":"there is no version `v9`"}
    "#]]);
    app.ask("dora", &post, r#"{"version":"v1","environment":"prod"}"#)
        .await
        .is(expect![[r#"
        404
        {"code":"not_found","message":"there is no environment `prod`"}
    "#]]);
    app.ask("dora", &post, r#"{"version":"v1"}"#)
        .await
        .has("400 invalid_body");
    let body = r#"{"version":"v1","environment":"dev","options":{"timeout_seconds":0}}"#;
    app.ask("dora", &post, body).await.has("422 invalid");
    assert_eq!(
        app.ask("dora", &format!("GET {DEPLOYS}"), "").await.json()["items"],
        serde_json::json!([])
    );
}

#[tokio::test]
async fn viewers_and_strangers_deploy_nothing() {
    let app = App::start().await.with_version().await;
    let id = start(&app).await;
    let post = format!("POST {DEPLOYS}");
    app.ask("vera", &post, TO_DEV).await.has("403 forbidden");
    app.ask("eve", &post, TO_DEV).await.has("404 not_found");
    app.ask("nobody", &post, TO_DEV)
        .await
        .has("401 not_signed_in");

    app.ask("vera", &format!("POST /api/deploys/{id}/cancel"), "{}")
        .await
        .has("403 forbidden");
    app.ask("eve", &format!("POST /api/deploys/{id}/cancel"), "{}")
        .await
        .has("404 not_found");
    for rest in ["", "/log", "/events"] {
        let request = format!("GET /api/deploys/{id}{rest}");
        let answer = app.ask("eve", &request, "").await;
        answer.has("404 not_found");
        assert!(
            answer.json()["message"]
                .as_str()
                .unwrap()
                .starts_with("there is no deploy")
        );
        app.ask("nobody", &request, "")
            .await
            .has("401 not_signed_in");
    }
    assert_eq!(
        app.ask("eve", "GET /api/deploys", "").await.json()["items"],
        serde_json::json!([])
    );
    app.ask("eve", &format!("GET {DEPLOYS}"), "")
        .await
        .has("404 not_found");
}

#[tokio::test]
async fn waiting_deploy_is_cancelled_at_once() {
    let app = App::start().await.with_version().await;
    let id = start(&app).await;
    let cancelled = app
        .ask("dora", &format!("POST /api/deploys/{id}/cancel"), "{}")
        .await;
    cancelled.has("200");
    assert_eq!(cancelled.json()["state"], "cancelled");
    app.ask("vera", &format!("GET /api/deploys/{id}/log"), "").await.is(expect![[r#"
        200
        {"items":[{"sequence":1,"at":"TIME","level":"warning","message":"cancelled by dora before it began"}]}
    "#]]);
    let rest = app
        .ask("vera", &format!("GET /api/deploys/{id}/log?after=1"), "")
        .await;
    assert_eq!(rest.json()["items"], serde_json::json!([]));
}

#[tokio::test]
async fn unknown_deploys_are_not_there() {
    let app = App::start().await.with_version().await;
    for id in ["00000000-0000-7000-8000-000000000000", "7", "..", "%00"] {
        for request in [
            "GET /api/deploys/ID",
            "GET /api/deploys/ID/log",
            "GET /api/deploys/ID/events",
            "POST /api/deploys/ID/cancel",
        ] {
            app.ask("alice", &request.replace("ID", id), "{}")
                .await
                .has("404 not_found");
        }
    }
    app.ask("alice", "GET /api/deploys?after=x", "")
        .await
        .has("400 invalid_parameter");
}

#[tokio::test]
async fn preview_of_an_unreachable_cluster_says_so() {
    let app = App::start().await.with_version().await;
    app.ask("dora", PREVIEWS, TO_DEV).await.is(expect![[r#"
        502
        {"code":"cluster_unreachable","message":"cluster away cannot be reached: it was known to an earlier start of the server only: start it with this cluster again"}
    "#]]);
    let seen = r#"{"version":"v1","environment":"dev","preview":"1234"}"#;
    app.ask("dora", &format!("POST {DEPLOYS}"), seen)
        .await
        .has("502 cluster_unreachable");
}

#[tokio::test]
async fn preview_needs_a_version_an_environment_and_a_developer() {
    let app = App::start().await.with_version().await;
    let unknown = r#"{"version":"v9","environment":"dev"}"#;
    app.ask("dora", PREVIEWS, unknown)
        .await
        .has("404 not_found");
    let unknown = r#"{"version":"v1","environment":"prod"}"#;
    app.ask("dora", PREVIEWS, unknown)
        .await
        .has("404 not_found");
    app.ask("dora", PREVIEWS, "{}")
        .await
        .has("400 invalid_body");
    app.ask("vera", PREVIEWS, TO_DEV).await.has("403 forbidden");
    app.ask("eve", PREVIEWS, TO_DEV).await.has("404 not_found");
    app.ask("nobody", PREVIEWS, TO_DEV)
        .await
        .has("401 not_signed_in");
}

async fn start(app: &App) -> String {
    let answer = app.ask("dora", &format!("POST {DEPLOYS}"), TO_DEV).await;
    answer.has("201");
    answer.json()["id"].as_str().unwrap().to_owned()
}
