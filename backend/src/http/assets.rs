//! The web part: files compiled into this program, and the frame that every page route shows.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::http::error::ApiError;

/// A file of the web part. Its name carries a hash of its content, unless it is the frame.
struct Asset {
    /// Such as `assets/page.0123456789abcdef.css`.
    path: &'static str,
    bytes: &'static [u8],
    brotli: Option<&'static [u8]>,
}

// `ASSETS: &[Asset]`, sorted by path; empty where the web part was not built.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Shown where the web part was not built into this program.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>KUN</title>\
    <h1>The pages are not built</h1><p>This server was compiled without its web part: \
    start it with <code>cargo xtask run</code>. Its API answers under <code>/api</code>.</p>";

/// Answers whatever no route of the API takes: a file, a page, or that there is nothing.
pub(super) async fn serve(request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return ApiError::UnknownRoute(path.to_owned()).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError::MethodNotAllowed(request.method().clone()).into_response();
    }
    let relative = path.trim_start_matches('/');
    if relative.starts_with("assets/") {
        return match find(relative) {
            Some(asset) => file(asset, request.headers()),
            None => ApiError::UnknownRoute(path.to_owned()).into_response(),
        };
    }
    if let Some(frame) = find("index.html") {
        let early = [(header::LINK, early(path))];
        return (early, file(frame, request.headers())).into_response();
    }
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, html, NOT_BUILT).into_response()
}

/// What a page needs at once: a browser asks for it before it has read the frame.
fn early(path: &str) -> String {
    let module = if is_version(path) {
        "assets/workbench."
    } else {
        "assets/pages."
    };
    let files = ASSETS.iter().filter(|it| it.path.starts_with(module));
    let links = files.filter_map(|it| match it.path.rsplit_once('.')?.1 {
        "js" => Some(format!("</{}>; rel=modulepreload", it.path)),
        "wasm" => Some(format!(
            "</{}>; rel=preload; as=fetch; crossorigin",
            it.path
        )),
        _ => None,
    });
    links.collect::<Vec<_>>().join(", ")
}

/// Whether a path is that of a version, which `web/page/boot.js` shows in the editor.
fn is_version(path: &str) -> bool {
    let mut parts = path.trim_end_matches('/').split('/').skip(1);
    let is_page = parts.next() == Some("p") && parts.clone().all(|it| !it.is_empty());
    is_page && parts.count() == 3 && !path.contains("...")
}

fn find(path: &str) -> Option<&'static Asset> {
    let found = ASSETS.binary_search_by(|asset| asset.path.cmp(path));
    found.ok().and_then(|idx| ASSETS.get(idx))
}

fn file(asset: &'static Asset, headers: &HeaderMap) -> Response {
    // The names of assets change with their content; the frame names the assets.
    let caching = match asset.path {
        "index.html" => "no-cache",
        _ => "public, max-age=31536000, immutable",
    };
    let headers_out = [
        (header::CONTENT_TYPE, content_type(asset.path)),
        (header::CACHE_CONTROL, caching),
        (header::VARY, "accept-encoding"),
    ];
    match asset.brotli.filter(|_| accepts_brotli(headers)) {
        Some(brotli) => {
            let encoding: [(HeaderName, &str); 1] = [(header::CONTENT_ENCODING, "br")];
            (headers_out, encoding, brotli).into_response()
        }
        None => (headers_out, asset.bytes).into_response(),
    }
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut encodings = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    encodings.any(|encoding| {
        let (name, weight) = encoding.split_once(';').unwrap_or((encoding, ""));
        name.trim() == "br" && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_shown_in_the_editor_and_all_else_on_the_other_pages() {
        let versions = ["/p/demo/web/draft", "/p/demo/web/3/"];
        assert_eq!(versions.map(is_version), [true; 2]);
        let others = [
            "/",
            "/p/demo/web",
            "/p/demo/web/1...2",
            "/p/demo/web/3/x",
            "/q/a/b/c",
            "/p///",
        ];
        assert_eq!(others.map(is_version), [false; 6]);
    }
}
