//! `/api/projects/{project}/sets`

use expect_test::expect;

use crate::support::App;

#[tokio::test]
async fn developer_adds_a_set() {
    let app = App::start().await;
    let body = r#"{"name":"web","description":"The front"}"#;
    app.ask("dora", "POST /api/projects/shop/sets", body)
        .await
        .is(expect![[r#"
        201
        {"project":"shop","name":"web","description":"The front","created_at":"TIME","versions":0}
    "#]]);
    app.ask("dora", "POST /api/projects/shop/sets", body)
        .await
        .has("409 exists");
    app.ask("vera", "GET /api/projects/shop/sets/web", "")
        .await
        .has("200");
    app.ask("vera", "GET /api/projects/shop/sets/api", "")
        .await
        .is(expect![[r#"
        404
        {"code":"not_found","message":"there is no set `api`"}
    "#]]);
}

#[tokio::test]
async fn sets_count_their_versions() {
    let app = App::start().await.with_version().await;
    app.ask("vera", "GET /api/projects/shop/sets", "").await.is(expect![[r#"
        200
        {"items":[{"project":"shop","name":"web","description":"","created_at":"TIME","newest":"v1","versions":1}]}
    "#]]);
}

#[tokio::test]
async fn viewers_and_strangers_add_nothing() {
    let app = App::start().await;
    let body = r#"{"name":"web"}"#;
    app.ask("vera", "POST /api/projects/shop/sets", body)
        .await
        .has("403 forbidden");
    app.ask("eve", "POST /api/projects/shop/sets", body)
        .await
        .has("404 not_found");
    app.ask("nobody", "POST /api/projects/shop/sets", body)
        .await
        .has("401 not_signed_in");
    app.ask("eve", "GET /api/projects/shop/sets", "")
        .await
        .has("404 not_found");
    app.ask("eve", "GET /api/projects/shop/sets/web", "")
        .await
        .has("404 not_found");
    app.ask("eve", "GET /api/projects/shop/sets/web/status", "")
        .await
        .has("404 not_found");
}

#[tokio::test]
async fn status_shows_the_last_deploy_to_each_environment() {
    let app = App::start().await.with_version().await;
    let put = "PUT /api/projects/shop/environments/prod";
    app.ask("alice", put, r#"{"cluster":"away","namespace":"prod"}"#)
        .await
        .has("200");
    let body = r#"{"version":"v1","environment":"dev"}"#;
    app.ask("dora", "POST /api/projects/shop/sets/web/deploys", body)
        .await
        .has("201");

    app.ask("vera", "GET /api/projects/shop/sets/web/status", "").await.is(expect![[r#"
        200
        {"items":[{"environment":{"name":"dev","cluster":"away","namespace":"shop"},"deploy":{"id":"ID","version":"v1","state":"queued","by":"dora","at":"TIME"}},{"environment":{"name":"prod","cluster":"away","namespace":"prod"}}]}
    "#]]);
    app.ask("vera", "GET /api/projects/shop/sets/api/status", "")
        .await
        .has("404 not_found");
}
