//! `/api/projects`, `/api/search`

use expect_test::expect;

use crate::support::App;

#[tokio::test]
async fn admin_adds_a_project() {
    let app = App::start().await;
    let body = r#"{"name":"billing","description":" Invoices "}"#;
    app.ask("alice", "POST /api/projects", body)
        .await
        .is(expect![[r#"
        201
        {"name":"billing","description":"Invoices","created_at":"TIME"}
    "#]]);
    app.ask("alice", "GET /api/projects/billing", "")
        .await
        .has("200");
    app.ask("alice", "POST /api/projects", body)
        .await
        .is(expect![[r#"
        409
        {"code":"exists","message":"project `billing` exists already"}
    "#]]);
}

#[tokio::test]
async fn only_an_admin_adds_a_project() {
    let app = App::start().await;
    let body = r#"{"name":"billing"}"#;
    app.ask("dora", "POST /api/projects", body)
        .await
        .is(expect![[r#"
        403
        {"code":"forbidden","message":"`dora` may not do this: it takes an admin of this server"}
    "#]]);
    app.ask("nobody", "POST /api/projects", body)
        .await
        .has("401 not_signed_in");
}

#[tokio::test]
async fn project_is_not_there_for_whoever_is_no_member() {
    let app = App::start().await;
    app.ask("vera", "GET /api/projects", "")
        .await
        .is(expect![[r#"
        200
        {"items":[{"name":"shop","description":"","created_at":"TIME"}]}
    "#]]);
    app.ask("eve", "GET /api/projects", "")
        .await
        .is(expect![[r#"
        200
        {"items":[]}
    "#]]);
    app.ask("eve", "GET /api/projects/shop", "")
        .await
        .is(expect![[r#"
        404
        {"code":"not_found","message":"there is no project `shop`"}
    "#]]);
    app.ask("alice", "GET /api/projects/nowhere", "")
        .await
        .has("404 not_found");
    app.ask("nobody", "GET /api/projects", "")
        .await
        .has("401 not_signed_in");
}

#[tokio::test]
async fn names_that_could_leave_their_place_are_refused() {
    let app = App::start().await;
    for name in [
        "..",
        "%2e%2e",
        "..%2Fshop",
        "%2Fetc",
        "Shop",
        "a%00b",
        "sh%C3%B6p",
        "-a",
    ] {
        let request = format!("GET /api/projects/{name}");
        app.ask("alice", &request, "").await.has("400 invalid_name");
    }
    app.ask("alice", "GET /api/projects/%FF", "")
        .await
        .has("400 invalid_parameter");
    let body = r#"{"name":"../shop"}"#;
    app.ask("alice", "POST /api/projects", body).await.is(expect![[r#"
        400
        {"code":"invalid_body","message":"the body is not what this route takes: `../shop` is not a name: use 1 to 63 lower-case letters, digits and `-`, with a letter or digit at both ends at line 1 column 18"}
    "#]]);
}

#[tokio::test]
async fn description_is_one_line() {
    let app = App::start().await;
    for description in [
        "a\\nb".to_owned(),
        "a".repeat(301),
        "\\u001b[31m".to_owned(),
    ] {
        let body = format!(r#"{{"name":"billing","description":"{description}"}}"#);
        app.ask("alice", "POST /api/projects", body)
            .await
            .has("422 invalid");
    }
}

#[tokio::test]
async fn search_finds_what_one_may_see() {
    let app = App::start().await.with_version().await;
    app.ask("vera", "GET /api/search?q=shop%20web/v1", "")
        .await
        .is(expect![[r#"
        200
        {"items":[{"project":"shop","set":"web","version":"v1"}]}
    "#]]);
    app.ask("eve", "GET /api/search?q=web", "")
        .await
        .is(expect![[r#"
        200
        {"items":[]}
    "#]]);
    app.ask("alice", "GET /api/search", "").await.has("200");
    app.ask("nobody", "GET /api/search?q=web", "")
        .await
        .has("401 not_signed_in");
}
