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
async fn frame_is_asked_for_each_time() {
    let app = App::start().await;
    let start = app.ask("nobody", "GET /", "").await;
    if start.status == 200 {
        assert_eq!(start.header("cache-control"), "no-cache");
    }
}
