//! Everything that is not the API: the frame of the pages.

use crate::support::App;

#[tokio::test]
async fn every_page_route_shows_the_frame() {
    let app = App::start().await;
    let start = app.ask("nobody", "GET /", "").await;
    // 503 with a page that says what to run, where the web part was not built.
    assert!(matches!(start.status, 200 | 503), "{}", start.body);
    assert_eq!(start.header("content-type"), "text/html; charset=utf-8");
    assert!(
        start
            .body
            .to_ascii_lowercase()
            .starts_with("<!doctype html>")
    );

    let deep = app.ask("nobody", "GET /shop/web/v1/edit", "").await;
    assert_eq!((deep.status, deep.body), (start.status, start.body));
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_the_frame_is_not() {
    let app = App::start().await;
    let start = app.ask("nobody", "GET /", "").await;
    let Some(asset) = first_asset(&start.body) else {
        assert_eq!(start.status, 503, "a page without assets");
        return;
    };
    assert_eq!(start.header("cache-control"), "no-cache");

    let get = format!("GET {asset}");
    let plain = app.send(&get, &[], "").await;
    let caching = "public, max-age=31536000, immutable";
    assert_eq!(
        (plain.status, plain.header("cache-control")),
        (200, caching)
    );
    assert_eq!(
        (plain.header("content-encoding"), plain.header("vary")),
        ("", "accept-encoding")
    );
    for (accepted, encoding) in [("gzip, br", "br"), ("br;q=0, gzip", ""), ("gzip", "")] {
        let answer = app.send(&get, &[("accept-encoding", accepted)], "").await;
        assert_eq!(answer.header("content-encoding"), encoding, "{accepted}");
        assert_eq!(answer.header("content-type"), plain.header("content-type"));
    }
}

#[tokio::test]
async fn a_page_names_at_once_what_it_needs_before_a_person_can_type() {
    let app = App::start().await;
    if app.ask("nobody", "GET /", "").await.status == 503 {
        return;
    }
    for (path, module) in [("/", "pages"), ("/p/demo/web/v1", "workbench")] {
        let page = app.ask("nobody", &format!("GET {path}"), "").await;
        let link = page.header("link");
        let script = link.contains(&format!("</assets/{module}."));
        let wasm = link.contains(".wasm>; rel=preload; as=fetch; crossorigin");
        assert!(script && wasm, "{path}: {link}");
        assert_eq!(link.split(", ").count(), 2, "{path}: {link}");
    }
}

/// The first asset that the frame names, such as `/assets/page.0123456789abcdef.css`.
fn first_asset(frame: &str) -> Option<&str> {
    let start = frame.find("\"/assets/")? + 1;
    frame.get(start..)?.split('"').next()
}

#[tokio::test]
async fn api_can_be_tried_on_a_page_that_runs_nothing_inline() {
    let app = App::start().await;
    let page = app.send("GET /api/docs", &[], "").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'self'")
    );
    for (part, media) in [("docs.js", "text/javascript"), ("docs.css", "text/css")] {
        assert!(page.body.contains(&format!("/api/{part}")), "{part}");
        let part = app.send(&format!("GET /api/{part}"), &[], "").await;
        assert_eq!(
            part.header("content-type"),
            format!("{media}; charset=utf-8")
        );
    }
    assert!(!page.body.contains("<script>"), "{}", page.body);
}
