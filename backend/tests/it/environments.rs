//! `/api/projects/{project}/environments`

use expect_test::expect;

use crate::support::App;

const DEV: &str = "/api/projects/shop/environments/dev";

#[tokio::test]
async fn owner_adds_changes_and_removes_an_environment() {
    let app = App::start().await.with_version().await;
    let other = r#"{"cluster":"away","namespace":"other"}"#;
    app.ask("alice", &format!("PUT {DEV}"), other)
        .await
        .is(expect![[r#"
        200
        {"name":"dev","cluster":"away","namespace":"other"}
    "#]]);
    app.ask("vera", &format!("GET {DEV}"), "").await.has("200");
    app.ask("vera", "GET /api/projects/shop/environments", "")
        .await
        .is(expect![[r#"
        200
        {"items":[{"name":"dev","cluster":"away","namespace":"other"}]}
    "#]]);
    app.ask("alice", &format!("DELETE {DEV}"), "")
        .await
        .has("204");
    app.ask("alice", &format!("DELETE {DEV}"), "")
        .await
        .has("404 not_found");
    app.ask("vera", &format!("GET {DEV}"), "")
        .await
        .has("404 not_found");
}

#[tokio::test]
async fn only_owners_change_environments() {
    let app = App::start().await.with_version().await;
    let body = r#"{"cluster":"away","namespace":"shop"}"#;
    app.ask("dora", &format!("PUT {DEV}"), body)
        .await
        .is(expect![[r#"
            403
            {"code":"forbidden","message":"`dora` is a developer of `shop`, and this takes an owner"}
        "#]]);
    app.ask("dora", &format!("DELETE {DEV}"), "")
        .await
        .has("403 forbidden");
    app.ask("eve", &format!("PUT {DEV}"), body)
        .await
        .has("404 not_found");
    app.ask("eve", "GET /api/projects/shop/environments", "")
        .await
        .has("404 not_found");
    app.ask("nobody", &format!("PUT {DEV}"), body)
        .await
        .has("401 not_signed_in");
}

#[tokio::test]
async fn environment_needs_a_cluster_and_a_namespace() {
    let app = App::start().await.with_version().await;
    let put = format!("PUT {DEV}");
    app.ask("alice", &put, r#"{"cluster":"nowhere","namespace":"shop"}"#)
        .await
        .is(expect![[r#"
        404
        {"code":"not_found","message":"there is no cluster `nowhere`"}
    "#]]);
    app.ask("alice", &put, r#"{"cluster":"away","namespace":"../kube-system"}"#).await.is(expect![[r#"
        422
        {"code":"invalid","message":"`../kube-system` is not a namespace: use 1 to 63 lower-case letters, digits and `-`, with a letter or digit at both ends","details":[{"place":"namespace","message":"`../kube-system` is not a namespace: use 1 to 63 lower-case letters, digits and `-`, with a letter or digit at both ends"}]}
    "#]]);
    app.ask("alice", &put, r#"{"cluster":"away"}"#)
        .await
        .has("400 invalid_body");
}

#[tokio::test]
async fn environment_of_an_open_deploy_stays() {
    let app = App::start().await.with_version().await;
    let body = r#"{"version":"v1","environment":"dev"}"#;
    app.ask("dora", "POST /api/projects/shop/sets/web/deploys", body)
        .await
        .has("201");
    app.ask("alice", &format!("DELETE {DEV}"), "")
        .await
        .is(expect![[r#"
        409
        {"code":"in_use","message":"environment `dev` is in use: deploy ID has not ended"}
    "#]]);
}
