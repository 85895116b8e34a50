//! How a set stands in an environment now.

use api_types::{ErrorBody, LiveStatus, Slug};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Member, Path, Read};
use crate::http::sets;
use crate::store::{SetKey, StoreError};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct LivePath {
    /// The project.
    project: Slug,
    /// The set.
    set: Slug,
    /// The environment.
    environment: Slug,
}

/// Says how the version that was deployed last with success stands now, and what was changed since.
///
/// The cluster is asked with the rights of the person who looks.
#[utoipa::path(get, path = "/api/projects/{project}/sets/{set}/environments/{environment}/live",
    tag = "sets", params(LivePath),
    responses(
        (status = 200, body = LiveStatus),
        (status = "4XX", body = ErrorBody),
        (status = 502, body = ErrorBody),
    ),
)]
pub(super) async fn live(
    State(state): State<AppState>,
    member: Member<Read>,
    Path(path): Path<LivePath>,
) -> Result<Json<LiveStatus>, ApiError> {
    let LivePath {
        project,
        set,
        environment,
    } = path;
    let found = state.store.environment(&project, &environment).await?;
    let environment = found.ok_or_else(|| StoreError::not_found("environment", &environment))?;
    let key = SetKey { project, set };
    sets::found(&state, &key).await?;
    let status = state
        .deploys
        .live(&key, &environment, &member.caller.user.name);
    Ok(Json(status.await?))
}
