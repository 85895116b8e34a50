//! What every request passes before its handler, and every answer on its way out.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;

use crate::http::error::ApiError;
use crate::http::{AppState, BODY_LIMIT, origins};

/// How long a body that is too large is read on, so that its sender sees the answer.
const DRAIN: Duration = Duration::from_secs(5);

/// Scripts, styles and connections are our own; WebAssembly may be compiled; nobody frames us.
/// Attributes named `style` are allowed, for elements that the page moves about.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// Refuses what comes from another site, is no JSON, or is too large, before anything is looked up.
pub(super) async fn incoming(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes {
        if let Err(error) = known_origin(request.headers(), &state) {
            return error.into_response();
        }
        if let Err(error) = is_json(request.headers()) {
            return error.into_response();
        }
    }
    if announced_length(request.headers()) > BODY_LIMIT as u64 {
        drain(request.into_body()).await;
        return ApiError::TooLarge { limit: BODY_LIMIT }.into_response();
    }
    next.run(request).await
}

/// Adds the headers that keep a browser from being used against its owner.
pub(super) async fn outgoing(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // A sign-in link carries its token in the URL.
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
        headers.insert(name, HeaderValue::from_static("same-origin"));
    }
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Fails if a browser says that the request comes from another site, unless that one is allowed and
/// sends no cookie.
///
/// Whatever is no browser sends neither header, and has no cookie that could be borrowed.
fn known_origin(headers: &HeaderMap, state: &AppState) -> Result<(), ApiError> {
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin.to_str().unwrap_or("unreadable");
        let borrows = headers.contains_key(header::COOKIE);
        let is_allowed = !borrows && origins::allows(&state.allowed_origins, origin);
        if is_allowed || is_own(origin, headers, state.public_url.as_deref()) {
            return Ok(());
        }
        return Err(ApiError::ForeignOrigin(origin.to_owned()));
    }
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(site) => {
            let site = String::from_utf8_lossy(site).into_owned();
            Err(ApiError::ForeignOrigin(site))
        }
    }
}

fn is_own(origin: &str, headers: &HeaderMap, public_url: Option<&Uri>) -> bool {
    let Ok(origin) = origin.parse::<Uri>() else {
        return false;
    };
    if let Some(own) = public_url {
        return origin.scheme() == own.scheme() && origin.authority() == own.authority();
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    host.is_some() && origin.authority().map(Authority::as_str) == host
}

fn is_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    match essence {
        Some(essence) if essence.trim().eq_ignore_ascii_case("application/json") => Ok(()),
        _ => Err(ApiError::ContentType),
    }
}

fn announced_length(headers: &HeaderMap) -> u64 {
    let value = headers.get(header::CONTENT_LENGTH);
    let text = value.and_then(|value| value.to_str().ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Reads a body to its end and keeps nothing of it: whoever is still sending does not read the
/// answer, and would see a broken connection in its place.
async fn drain(body: Body) {
    let mut chunks = body.into_data_stream();
    let read = async { while let Some(Ok(_)) = chunks.next().await {} };
    let _ = tokio::time::timeout(DRAIN, read).await;
}
