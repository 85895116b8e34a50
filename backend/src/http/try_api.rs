//! A page to try the API: three small files, made from the description in the browser.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::http::AppState;

/// The page and its parts, in files of their own: nothing inline may run.
pub(super) fn routes() -> Router<AppState> {
    let files = [
        ("/api/docs", "text/html", include_str!("try_api/page.html")),
        (
            "/api/docs.css",
            "text/css",
            include_str!("try_api/page.css"),
        ),
        (
            "/api/docs.js",
            "text/javascript",
            include_str!("try_api/page.js"),
        ),
    ];
    files
        .into_iter()
        .fold(Router::new(), |router, (path, media, text)| {
            let headers = [
                (header::CONTENT_TYPE, format!("{media}; charset=utf-8")),
                (header::CACHE_CONTROL, "no-cache".to_owned()),
            ];
            router.route(path, get(async move || (headers, text).into_response()))
        })
}
