//! What every request passes, and every answer carries.

use axum::body::Body;
use expect_test::expect;

use crate::support::App;

#[tokio::test]
async fn other_sites_change_nothing() {
    let app = App::start().await;
    let token = app.token("alice");
    let body = r#"{"name":"billing"}"#;
    for (name, value) in [
        ("origin", "https://evil.example.com"),
        ("origin", "http://kun.example.com:81"),
        ("origin", "null"),
        ("origin", ""),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let headers = [
            ("host", "kun.example.com"),
            ("authorization", token.as_str()),
            ("content-type", "application/json"),
            (name, value),
        ];
        app.send("POST /api/projects", &headers, body)
            .await
            .has("403 foreign_origin");
    }
    app.ask("alice", "GET /api/projects/billing", "")
        .await
        .has("404 not_found");
}

#[tokio::test]
async fn own_pages_change_what_they_may() {
    let app = App::start().await;
    let token = app.token("alice");
    let headers = [
        ("host", "127.0.0.1:8080"),
        ("origin", "http://127.0.0.1:8080"),
        ("sec-fetch-site", "same-origin"),
        ("authorization", token.as_str()),
        ("content-type", "application/json; charset=utf-8"),
    ];
    app.send("POST /api/projects", &headers, r#"{"name":"billing"}"#)
        .await
        .has("201");
}

#[tokio::test]
async fn behind_a_proxy_the_public_address_counts() {
    let app = App::start_at("https://kun.example.com").await;
    let token = app.token("alice");
    for (origin, expected) in [
        ("https://kun.example.com", "201"),
        ("http://kun.example.com", "403 foreign_origin"),
        ("http://internal:8080", "403 foreign_origin"),
    ] {
        let headers = [
            ("host", "internal:8080"),
            ("origin", origin),
            ("authorization", token.as_str()),
            ("content-type", "application/json"),
        ];
        app.send("POST /api/projects", &headers, r#"{"name":"billing"}"#)
            .await
            .has(expected);
    }
}

#[tokio::test]
async fn pages_of_an_allowed_site_use_a_token_and_no_cookie() {
    let app = App::start_for("https://*.ide.example.com").await;
    let token = app.token("alice");
    let site = ("origin", "https://a1.ide.example.com");
    let sent = [
        ("host", "kun.example.com"),
        ("sec-fetch-site", "cross-site"),
        ("authorization", token.as_str()),
        ("content-type", "application/json"),
    ];
    let body = r#"{"name":"billing"}"#;

    let with_cookie = [&sent[..], &[site, ("cookie", "kun_session=1")]].concat();
    let refused = app.send("POST /api/projects", &with_cookie, body).await;
    refused.has("403 foreign_origin");

    let allowed = app
        .send("POST /api/projects", &[&sent[..], &[site]].concat(), body)
        .await;
    allowed.has("201");
    assert_eq!(allowed.header("access-control-allow-origin"), site.1);
    assert_eq!(
        allowed.headers.get("access-control-allow-credentials"),
        None
    );
}

#[tokio::test]
async fn a_browser_is_told_which_sites_may_ask() {
    let app = App::start_for("https://ide.example.com").await;
    for (origin, answered) in [
        ("https://ide.example.com", Some("https://ide.example.com")),
        ("https://evil.example.com", None),
    ] {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            (
                "access-control-request-headers",
                "authorization,content-type",
            ),
        ];
        let answer = app.send("OPTIONS /api/projects", &headers, "").await;
        let header = answer.headers.get("access-control-allow-origin");
        let header = header.map(|value| value.to_str().unwrap());
        assert_eq!(header, answered, "{origin}");
    }
    let closed = App::start().await;
    let headers = [("origin", "https://ide.example.com")];
    let answer = closed.send("GET /api/session", &headers, "").await;
    assert_eq!(answer.headers.get("access-control-allow-origin"), None);
}

#[tokio::test]
async fn what_a_form_can_send_is_refused() {
    let app = App::start().await;
    let token = app.token("alice");
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
    ] {
        let headers = [
            ("authorization", token.as_str()),
            ("content-type", content_type),
        ];
        let answer = app
            .send("POST /api/projects", &headers, r#"{"name":"billing"}"#)
            .await;
        answer.has("415 wrong_content_type");
    }
    let headers = [("authorization", token.as_str())];
    app.send("DELETE /api/session", &headers, "").await.is(expect![[r#"
        415
        {"code":"wrong_content_type","message":"the body must be JSON: send `Content-Type: application/json`"}
    "#]]);
}

#[tokio::test]
async fn hundred_megabytes_are_refused_before_anybody_is_looked_up() {
    let app = App::start().await;
    let chunk = axum::body::Bytes::from(vec![b'a'; 1_000_000]);
    let chunks = (0..100).map(move |_| Ok::<_, std::io::Error>(chunk.clone()));
    let announced = Body::from_stream(futures::stream::iter(chunks.clone()));
    let headers = [
        ("content-type", "application/json"),
        ("content-length", "100000000"),
    ];
    app.send("POST /api/session", &headers, announced).await.is(expect![[r#"
        413
        {"code":"too_large","message":"the body is larger than 8000 kB, which is the most that this route takes"}
    "#]]);
    let unannounced = Body::from_stream(futures::stream::iter(chunks));
    let headers = [("content-type", "application/json")];
    app.send("POST /api/session", &headers, unannounced)
        .await
        .has("413 too_large");
}

#[tokio::test]
async fn body_that_is_no_json_is_refused_with_its_place() {
    let app = App::start().await;
    app.ask("alice", "POST /api/projects", "{\"name\":\n!}").await.is(expect![[r#"
        400
        {"code":"invalid_body","message":"the body is not what this route takes: expected value at line 2 column 1"}
    "#]]);
    for body in [
        &b"\xff\xfe"[..],
        b"",
        b"null",
        b"{}",
        b"[[[[",
        b"{\"name\":1}",
    ] {
        app.ask("alice", "POST /api/projects", body)
            .await
            .has("400 invalid_body");
    }
    let deep = format!(r#"{{"name":{}"#, "[".repeat(1_000_000));
    app.ask("alice", "POST /api/projects", deep)
        .await
        .has("400 invalid_body");
}

#[tokio::test]
async fn unknown_routes_and_methods_say_so() {
    let app = App::start().await;
    for url in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/projects/shop/nothing",
        "/assets/nothing.js",
    ] {
        app.ask("alice", &format!("GET {url}"), "")
            .await
            .has("404 unknown_route");
    }
    let answer = app.ask("alice", "DELETE /api/projects", "").await;
    answer.has("405 method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    app.ask("alice", "POST /some/page", "")
        .await
        .has("405 method_not_allowed");
}

#[tokio::test]
async fn every_answer_protects_its_reader() {
    let app = App::start().await;
    for url in ["/", "/api/session", "/api/nothing", "/healthz", "/login"] {
        let answer = app.ask("nobody", &format!("GET {url}"), "").await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval';"),
            "{url}: {policy}"
        );
        assert!(
            !policy.contains("script-src 'self' 'unsafe"),
            "{url}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{url}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{url}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{url}");
    }
    let answer = app.ask("alice", "GET /api/session", "").await;
    assert_eq!(answer.header("cache-control"), "no-store");
}
