//! The members of a project.

use api_types::{ErrorBody, Member as ProjectMember, Page, PutMember, Slug};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Body, Manage, Member, Path, Read, Trail};
use crate::http::projects::ProjectPath;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct MemberPath {
    /// The project.
    project: Slug,
    /// The name of the user.
    user: String,
}

/// Lists the members of a project, by name.
#[utoipa::path(get, path = "/api/projects/{project}/members", tag = "people",
    params(ProjectPath),
    responses((status = 200, body = Page<ProjectMember>), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn members(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<ProjectPath>,
) -> Result<Json<Page<ProjectMember>>, ApiError> {
    let items = state.store.members(&path.project).await?;
    Ok(Json(Page { items, next: None }))
}

/// Makes a user a member, or changes their role, as an owner.
#[utoipa::path(put, path = "/api/projects/{project}/members/{user}", tag = "people",
    params(MemberPath), request_body = PutMember,
    responses((status = 200, body = ProjectMember), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn put_member(
    State(state): State<AppState>,
    _member: Member<Manage>,
    Path(path): Path<MemberPath>,
    trail: Trail,
    Body(PutMember { role }): Body<PutMember>,
) -> Result<Json<ProjectMember>, ApiError> {
    let MemberPath { project, user } = path;
    state.store.put_member(&project, &user, role).await?;
    trail.about(format!("as {role:?}").to_lowercase());
    Ok(Json(ProjectMember { user, role }))
}

/// Ends a membership, as an owner.
#[utoipa::path(delete, path = "/api/projects/{project}/members/{user}", tag = "people",
    params(MemberPath),
    responses((status = 204), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn remove_member(
    State(state): State<AppState>,
    _member: Member<Manage>,
    Path(path): Path<MemberPath>,
) -> Result<StatusCode, ApiError> {
    state.store.remove_member(&path.project, &path.user).await?;
    Ok(StatusCode::NO_CONTENT)
}
