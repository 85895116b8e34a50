//! `/api/users`, `/api/projects/{project}/members`, `/api/audit`

use expect_test::expect;

use crate::support::App;

const MEMBERS: &str = "/api/projects/shop/members";

#[tokio::test]
async fn admin_adds_a_user_who_signs_in_by_a_link() {
    let app = App::start().await;
    let body = r#"{"name":"nora@example.com"}"#;
    app.ask("alice", "POST /api/users", body)
        .await
        .is(expect![[r#"
        201
        {"name":"nora@example.com","admin":false,"created_at":"TIME"}
    "#]]);
    app.ask("alice", "POST /api/users", body)
        .await
        .has("409 exists");

    let links = "POST /api/users/nora@example.com/sign-in-links";
    let link = app.ask("alice", links, "").await;
    assert_eq!(link.status, 201, "{}", link.body);
    let path = link.json()["path"].as_str().unwrap().to_owned();
    let signed_in = app.send(&format!("GET {path}"), &[], "").await;
    let cookie = signed_in.cookie();
    let session = app
        .send("GET /api/session", &[("cookie", &cookie)], "")
        .await;
    session.is(expect![[r#"
        200
        {"user":"nora@example.com","admin":false}
    "#]]);

    let end = "DELETE /api/users/nora@example.com/credentials";
    app.ask("eve", end, "").await.has("403 forbidden");
    app.ask("alice", end, "").await.has("204");
    let session = app
        .send("GET /api/session", &[("cookie", &cookie)], "")
        .await;
    session.has("401 not_signed_in");
}

#[tokio::test]
async fn names_that_clusters_or_pages_would_misread_are_refused() {
    let app = App::start().await;
    for name in [
        "",
        "a b",
        "system:masters",
        "<b>",
        "a\r\nImpersonate-Group: x",
        "../x",
    ] {
        let body = serde_json::json!({ "name": name });
        let answer = app.ask("alice", "POST /api/users", body.to_string()).await;
        answer.has("422 invalid");
    }
}

#[tokio::test]
async fn only_admins_manage_users() {
    let app = App::start().await;
    for (request, body) in [
        ("GET /api/users", ""),
        ("POST /api/users", r#"{"name":"x"}"#),
        ("PUT /api/users/dora", r#"{"admin":true}"#),
        ("POST /api/users/dora/sign-in-links", ""),
        ("GET /api/audit", ""),
    ] {
        app.ask("dora", request, body).await.has("403 forbidden");
        app.ask("nobody", request, body)
            .await
            .has("401 not_signed_in");
    }
    let own = app
        .ask("alice", "PUT /api/users/alice", r#"{"admin":false}"#)
        .await;
    own.has("422 invalid");
    app.ask("alice", "PUT /api/users/dora", r#"{"admin":true}"#)
        .await
        .has("204");
    app.ask("dora", "GET /api/users", "").await.has("200");
    app.ask("alice", "PUT /api/users/nobody", r#"{"admin":true}"#)
        .await
        .has("404 not_found");
}

#[tokio::test]
async fn owner_decides_who_belongs_to_a_project() {
    let app = App::start().await;
    app.ask("eve", "GET /api/projects/shop", "")
        .await
        .has("404 not_found");
    let put = format!("PUT {MEMBERS}/eve");
    app.ask("dora", &put, r#"{"role":"viewer"}"#)
        .await
        .has("403 forbidden");
    app.ask("eve", &put, r#"{"role":"owner"}"#)
        .await
        .has("404 not_found");

    app.ask("alice", &put, r#"{"role":"viewer"}"#)
        .await
        .has("200");
    app.ask("eve", &format!("GET {MEMBERS}"), "").await.is(expect![[r#"
        200
        {"items":[{"user":"alice","role":"owner"},{"user":"dora","role":"developer"},{"user":"eve","role":"viewer"},{"user":"vera","role":"viewer"}]}
    "#]]);
    app.ask("eve", "POST /api/projects/shop/sets", r#"{"name":"x"}"#)
        .await
        .has("403 forbidden");

    app.ask("alice", &format!("DELETE {MEMBERS}/eve"), "")
        .await
        .has("204");
    app.ask("eve", "GET /api/projects/shop", "")
        .await
        .has("404 not_found");
    app.ask("alice", &put, r#"{"role":"god"}"#)
        .await
        .has("400 invalid_body");
    let nobody = format!("PUT {MEMBERS}/nobody");
    app.ask("alice", &nobody, r#"{"role":"viewer"}"#)
        .await
        .has("404 not_found");
    app.ask("alice", &format!("DELETE {MEMBERS}/alice"), "").await.is(expect![[r#"
        409
        {"code":"last_owner","message":"nobody would own the project `shop`: make somebody else an owner first"}
    "#]]);
}

#[tokio::test]
async fn what_was_done_and_what_was_forbidden_is_kept() {
    let app = App::start().await.with_version().await;
    app.ask("dora", "GET /api/users", "")
        .await
        .has("403 forbidden");
    app.ask("nobody", "POST /api/projects", r#"{"name":"x"}"#)
        .await
        .has("401 not_signed_in");
    app.ask("nobody", "POST /api/session", r#"{"token":"guess"}"#)
        .await
        .has("401 login_token_spent");
    app.ask(
        "dora",
        "POST /api/projects/shop/sets/web/deploys",
        r#"{"version":"v1","environment":"dev"}"#,
    )
    .await
    .has("201");

    let acts = app.ask("alice", "GET /api/audit?limit=6", "").await;
    acts.is(expect![[r#"
        200
        {"items":[{"id":"ID","at":"TIME","user":"dora","via":"token ID","method":"POST","path":"/api/projects/shop/sets/web/deploys","status":201,"about":"v1 to dev, deploy ID","project":"shop"},{"id":"ID","at":"TIME","method":"POST","path":"/api/session","status":401},{"id":"ID","at":"TIME","user":"dora","via":"token ID","method":"GET","path":"/api/users","status":403},{"id":"ID","at":"TIME","user":"dora","via":"token ID","method":"POST","path":"/api/projects/shop/sets/web/versions","status":201,"about":"v1, sha256 HASH","project":"shop"},{"id":"ID","at":"TIME","user":"dora","via":"token ID","method":"POST","path":"/api/projects/shop/sets","status":201,"about":"web","project":"shop"},{"id":"ID","at":"TIME","user":"alice","via":"token ID","method":"PUT","path":"/api/projects/shop/environments/dev","status":200,"about":"away/shop","project":"shop"}],"next":"ID"}
    "#]]);
    assert!(!acts.body.contains("guess"), "{}", acts.body);
    let after = acts.json()["next"].as_str().unwrap().to_owned();
    let rest = app
        .ask("alice", &format!("GET /api/audit?after={after}"), "")
        .await;
    assert_eq!(rest.json()["items"][0]["path"], "/api/projects");

    let own = "GET /api/projects/shop/audit";
    app.ask("dora", own, "").await.has("403 forbidden");
    let items = app.ask("alice", own, "").await.json()["items"].clone();
    assert_eq!(items[0]["path"], "/api/projects/shop/audit");
    assert!(
        items
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["project"] == "shop"),
        "{items}"
    );
}

#[tokio::test]
async fn guesses_are_slowed_down() {
    let app = App::start().await;
    let json = ("content-type", "application/json");
    let wrong = ("authorization", "Bearer kun_guess");
    for (request, header, body) in [
        ("POST /api/session", json, r#"{"token":"guess"}"#),
        ("GET /api/session", wrong, ""),
    ] {
        let mut guesses = 0;
        let refused = loop {
            let answer = app.send(request, &[header], body).await;
            if answer.status == 429 {
                break answer;
            }
            assert_eq!(answer.status, 401, "{}", answer.body);
            guesses += 1;
            assert!(guesses < 1_000, "{request} is never refused");
        };
        refused.has("429 too_often");
        assert!(!refused.header("retry-after").is_empty());
    }
    app.send("GET /login?token=x", &[], "")
        .await
        .has("429 too_often");
    app.ask("dora", "GET /api/projects", "").await.has("200");
}
