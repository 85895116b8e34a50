//! `/login`, `/api/session`, `/api/tokens`

use backend::identity;
use expect_test::expect;
use jiff::Timestamp;

use crate::support::App;

#[tokio::test]
async fn whoever_is_signed_in_is_named() {
    let app = App::start().await;
    app.ask("alice", "GET /api/session", "")
        .await
        .is(expect![[r#"
        200
        {"user":"alice","admin":true}
    "#]]);
    app.ask("nobody", "GET /api/session", "").await.is(expect![[r#"
        401
        {"code":"not_signed_in","message":"sign in first: open the link that the server printed when it started, or send `Authorization: Bearer kun_…`"}
    "#]]);
}

#[tokio::test]
async fn printed_link_signs_in_once() {
    let app = App::start().await;
    let link = format!("GET /login?token={}", login_token(&app).await);

    let first = app.send(&link, &[], "").await;
    assert_eq!((first.status, first.header("location")), (303, "/"));
    let cookie = first.header("set-cookie");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"),
        "{cookie}"
    );
    let session = app
        .send("GET /api/session", &[("cookie", &first.cookie())], "")
        .await;
    session.has("200");

    let again = app.send(&link, &[], "").await;
    assert_eq!(
        (again.status, again.header("location")),
        (303, "/?signin=spent")
    );
    assert_eq!(again.header("set-cookie"), "");
    let acts = app.ask("alice", "GET /api/audit?limit=2", "").await.json();
    let [spent, used] = [&acts["items"][0], &acts["items"][1]];
    assert_eq!(
        (&used["user"], &used["via"]),
        (&"alice".into(), &"sign-in link".into())
    );
    assert_eq!(spent["user"], serde_json::Value::Null);
    assert_eq!(spent["about"], "the link is spent");
}

#[tokio::test]
async fn sign_in_by_post_begins_a_session_and_sign_out_ends_it() {
    let app = App::start().await;
    let body = format!(r#"{{"token":"{}"}}"#, login_token(&app).await);
    let answer = app.ask("nobody", "POST /api/session", body.clone()).await;
    answer.is(expect![[r#"
        200
        {"user":"alice","admin":true}
    "#]]);
    app.ask("nobody", "POST /api/session", body)
        .await
        .has("401 login_token_spent");

    let cookie = answer.cookie();
    let headers = [
        ("cookie", cookie.as_str()),
        ("content-type", "application/json"),
    ];
    let out = app.send("DELETE /api/session", &headers, "").await;
    assert_eq!((out.status, out.cookie().as_str()), (204, "kun_session="));
    app.send("GET /api/session", &headers, "")
        .await
        .has("401 not_signed_in");
}

#[tokio::test]
async fn cookie_is_secure_behind_https() {
    let app = App::start_at("https://kun.example.com").await;
    let link = format!("GET /login?token={}", login_token(&app).await);
    let cookie = app.send(&link, &[], "").await;
    assert!(cookie.header("set-cookie").ends_with("; Secure"));
}

#[tokio::test]
async fn wrong_secrets_are_nobody() {
    let app = App::start().await;
    for (name, value) in [
        (
            "authorization",
            "Bearer kun_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ),
        ("authorization", "Bearer "),
        ("authorization", "Basic YWxpY2U6"),
        ("cookie", "kun_session="),
        ("cookie", "kun_session=' OR 1=1 --"),
    ] {
        let answer = app.send("GET /api/session", &[(name, value)], "").await;
        answer.has("401 not_signed_in");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn token_is_shown_once_and_works_until_revoked() {
    let app = App::start().await;
    let created = app
        .ask("eve", "POST /api/tokens", r#"{"label":" CI ","days":7}"#)
        .await;
    created.is(expect![[r#"
        201
        {"token":{"id":"ID","label":"CI","created_at":"TIME","expires_at":"TIME"},"secret":"SECRET"}
    "#]]);
    let secret = created.json()["secret"].as_str().unwrap().to_owned();
    let authorization = format!("Bearer {secret}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    app.send("GET /api/session", &headers, "").await.has("200");

    let listed = app.ask("eve", "GET /api/tokens", "").await;
    assert_eq!(listed.json()["items"][0]["label"], "CI");
    assert!(!listed.body.contains(&secret));

    let id = created.json()["token"]["id"].as_str().unwrap().to_owned();
    let revoke = format!("DELETE /api/tokens/{id}");
    app.ask("dora", &revoke, "").await.has("404 not_found");
    app.ask("eve", &revoke, "").await.has("204");
    app.send("GET /api/session", &headers, "")
        .await
        .has("401 not_signed_in");
}

#[tokio::test]
async fn token_needs_a_purpose_and_an_end() {
    let app = App::start().await;
    app.ask("eve", "POST /api/tokens", r#"{"label":"CI","days":366}"#).await.is(expect![[r#"
        422
        {"code":"invalid","message":"a token lives for 1 to 365 days","details":[{"place":"days","message":"a token lives for 1 to 365 days"}]}
    "#]]);
    for body in [r#"{"label":" ","days":1}"#, r#"{"label":"CI","days":0}"#] {
        app.ask("eve", "POST /api/tokens", body)
            .await
            .has("422 invalid");
    }
    for body in [r#"{"label":"CI"}"#, r#"{"label":"CI","days":-1}"#, "", "[]"] {
        app.ask("eve", "POST /api/tokens", body)
            .await
            .has("400 invalid_body");
    }
    app.ask("nobody", "POST /api/tokens", r#"{"label":"CI","days":1}"#)
        .await
        .has("401 not_signed_in");
    app.ask("nobody", "GET /api/tokens", "")
        .await
        .has("401 not_signed_in");
}

async fn login_token(app: &App) -> String {
    let token = identity::new_login_token(&*app.store, "alice", Timestamp::now()).await;
    token.unwrap().reveal().to_owned()
}
