//! Whether the server lives, and whether it can work.

use axum::extract::State;
use axum::http::StatusCode;

use api_types::ErrorBody;

use crate::http::AppState;
use crate::http::error::ApiError;

/// Answers as long as the server runs.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, body = String)))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Answers once requests can be served: the database is there.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, body = String),
    (status = 503, body = ErrorBody),
))]
pub(super) async fn readyz(
    State(state): State<AppState>,
) -> Result<(StatusCode, &'static str), ApiError> {
    state.store.ping().await?;
    Ok((StatusCode::OK, "ok\n"))
}
