//! The environments of a project: clusters and namespaces to deploy to.

use api_types::{Environment, ErrorBody, Page, PutEnvironment, Slug};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Body, Manage, Member, Path, Read, Trail};
use crate::http::projects::ProjectPath;
use crate::store::StoreError;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct EnvironmentPath {
    /// The project.
    project: Slug,
    /// The environment.
    environment: Slug,
}

/// Lists the environments of a project, by name.
#[utoipa::path(get, path = "/api/projects/{project}/environments", tag = "environments",
    params(ProjectPath),
    responses((status = 200, body = Page<Environment>), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn environments(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<ProjectPath>,
) -> Result<Json<Page<Environment>>, ApiError> {
    let items = state.store.environments(&path.project).await?;
    Ok(Json(Page { items, next: None }))
}

/// Returns an environment.
#[utoipa::path(get, path = "/api/projects/{project}/environments/{environment}",
    tag = "environments", params(EnvironmentPath),
    responses((status = 200, body = Environment), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn environment(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<EnvironmentPath>,
) -> Result<Json<Environment>, ApiError> {
    let EnvironmentPath {
        project,
        environment,
    } = &path;
    let found = state.store.environment(project, environment).await?;
    let found = found.ok_or_else(|| StoreError::not_found("environment", environment))?;
    Ok(Json(found))
}

/// Adds or changes an environment.
#[utoipa::path(put, path = "/api/projects/{project}/environments/{environment}",
    tag = "environments", params(EnvironmentPath), request_body = PutEnvironment,
    responses((status = 200, body = Environment), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn put_environment(
    State(state): State<AppState>,
    _member: Member<Manage>,
    Path(path): Path<EnvironmentPath>,
    trail: Trail,
    Body(request): Body<PutEnvironment>,
) -> Result<Json<Environment>, ApiError> {
    trail.about(format!("{}/{}", request.cluster, request.namespace));
    // A namespace is a label of DNS, as our own names are.
    if let Err(error) = request.namespace.parse::<Slug>() {
        let message = format!("`{}` is not a namespace: {}", error.given, error.allowed);
        return Err(ApiError::invalid("namespace", message));
    }
    let environment = Environment {
        name: path.environment,
        cluster: request.cluster,
        namespace: request.namespace,
    };
    state
        .store
        .put_environment(&path.project, &environment)
        .await?;
    Ok(Json(environment))
}

/// Removes an environment. What runs there goes on running, and its deploys stay in the history.
#[utoipa::path(delete, path = "/api/projects/{project}/environments/{environment}",
    tag = "environments", params(EnvironmentPath),
    responses((status = 204), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn remove_environment(
    State(state): State<AppState>,
    _member: Member<Manage>,
    Path(path): Path<EnvironmentPath>,
) -> Result<StatusCode, ApiError> {
    state
        .store
        .remove_environment(&path.project, &path.environment)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
