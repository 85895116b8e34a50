//! Resource sets, and where their versions run.

use std::collections::HashMap;

use api_types::{
    Deploy, Environment, EnvironmentStatus, ErrorBody, LastDeploy, NewResourceSet, Page,
    ResourceSet, Slug,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Body, Member, Path, Read, Trail, Write};
use crate::http::projects::{ProjectPath, checked_description};
use crate::store::{SetKey, StoreError};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct SetPath {
    /// The project.
    project: Slug,
    /// The resource set.
    set: Slug,
}

impl SetPath {
    pub(super) fn into_key(self) -> SetKey {
        SetKey {
            project: self.project,
            set: self.set,
        }
    }
}

/// Lists the resource sets of a project, by name.
#[utoipa::path(get, path = "/api/projects/{project}/sets", tag = "sets", params(ProjectPath),
    responses((status = 200, body = Page<ResourceSet>), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn sets(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<ProjectPath>,
) -> Result<Json<Page<ResourceSet>>, ApiError> {
    let items = state.store.sets(&path.project).await?;
    Ok(Json(Page { items, next: None }))
}

/// Adds a resource set.
#[utoipa::path(post, path = "/api/projects/{project}/sets", tag = "sets", params(ProjectPath),
    request_body = NewResourceSet,
    responses((status = 201, body = ResourceSet), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn create_set(
    State(state): State<AppState>,
    _member: Member<Write>,
    Path(path): Path<ProjectPath>,
    trail: Trail,
    Body(request): Body<NewResourceSet>,
) -> Result<(StatusCode, Json<ResourceSet>), ApiError> {
    trail.about(request.name.as_str());
    let description = checked_description(&request.description)?;
    let key = SetKey {
        project: path.project,
        set: request.name,
    };
    let set = state
        .store
        .add_set(&key, description, Timestamp::now())
        .await?;
    Ok((StatusCode::CREATED, Json(set)))
}

/// Returns a resource set.
#[utoipa::path(get, path = "/api/projects/{project}/sets/{set}", tag = "sets", params(SetPath),
    responses((status = 200, body = ResourceSet), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn set(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<SetPath>,
) -> Result<Json<ResourceSet>, ApiError> {
    found(&state, &path.into_key()).await.map(Json)
}

/// Shows each environment of the project with the last deploy of this set there.
#[utoipa::path(get, path = "/api/projects/{project}/sets/{set}/status", tag = "sets",
    params(SetPath),
    responses((status = 200, body = Page<EnvironmentStatus>), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn status(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<SetPath>,
) -> Result<Json<Page<EnvironmentStatus>>, ApiError> {
    let key = path.into_key();
    found(&state, &key).await?;
    let environments = state.store.environments(&key.project).await?;
    let deploys = state.store.last_deploys(&key).await?;
    let items = cells(environments, deploys);
    Ok(Json(Page { items, next: None }))
}

/// Fails if there is no such set.
pub(super) async fn found(state: &AppState, key: &SetKey) -> Result<ResourceSet, ApiError> {
    let set = state.store.set(key).await?;
    Ok(set.ok_or_else(|| StoreError::not_found("set", &key.set))?)
}

fn cells(environments: Vec<Environment>, deploys: Vec<Deploy>) -> Vec<EnvironmentStatus> {
    let by_environment = deploys.into_iter().map(|it| (it.environment.clone(), it));
    let mut deploys: HashMap<Slug, Deploy> = by_environment.collect();
    let cells = environments
        .into_iter()
        .map(|environment| EnvironmentStatus {
            deploy: deploys.remove(&environment.name).map(last_deploy),
            environment,
        });
    cells.collect()
}

fn last_deploy(deploy: Deploy) -> LastDeploy {
    let at = deploy
        .finished_at
        .or(deploy.started_at)
        .unwrap_or(deploy.created_at);
    LastDeploy {
        id: deploy.id,
        version: deploy.version,
        state: deploy.state,
        by: deploy.by,
        at,
    }
}
