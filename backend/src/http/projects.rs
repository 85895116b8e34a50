//! Projects, and the search over everything in them.

use api_types::{ErrorBody, NewProject, Page, Project, SearchHit, Slug};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Admin, Body, Member, Path, Query, Read, SignedIn, Trail};
use crate::store::StoreError;

const MOST_DESCRIPTION: usize = 300;
const HITS: u32 = 50;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ProjectPath {
    /// The project.
    pub project: Slug,
}

/// Lists the projects that one may see, by name.
#[utoipa::path(get, path = "/api/projects", tag = "projects", responses(
    (status = 200, body = Page<Project>),
    (status = 401, body = ErrorBody),
))]
pub(super) async fn projects(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
) -> Result<Json<Page<Project>>, ApiError> {
    let items = state.store.projects(&user).await?;
    Ok(Json(Page { items, next: None }))
}

/// Adds a project, as an admin.
#[utoipa::path(post, path = "/api/projects", tag = "projects", request_body = NewProject, responses(
    (status = 201, body = Project),
    (status = "4XX", body = ErrorBody),
))]
pub(super) async fn create_project(
    State(state): State<AppState>,
    Admin(user): Admin,
    trail: Trail,
    Body(request): Body<NewProject>,
) -> Result<(StatusCode, Json<Project>), ApiError> {
    trail.about(request.name.as_str());
    let description = checked_description(&request.description)?;
    let project = state
        .store
        .add_project(&request.name, description, &user.name, Timestamp::now())
        .await?;
    Ok((StatusCode::CREATED, Json(project)))
}

/// Returns a project.
#[utoipa::path(get, path = "/api/projects/{project}", tag = "projects", params(ProjectPath),
    responses((status = 200, body = Project), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn project(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<ProjectPath>,
) -> Result<Json<Project>, ApiError> {
    let project = state.store.project(&path.project).await?;
    let project = project.ok_or_else(|| StoreError::not_found("project", &path.project))?;
    Ok(Json(project))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// Words that stand in `project/set/version` in this order, the last one in the name itself.
    #[serde(default)]
    q: String,
}

/// Finds projects, sets and versions by name.
#[utoipa::path(get, path = "/api/search", tag = "projects", params(Search), responses(
    (status = 200, body = Page<SearchHit>),
    (status = 401, body = ErrorBody),
))]
pub(super) async fn search(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Query(search): Query<Search>,
) -> Result<Json<Page<SearchHit>>, ApiError> {
    let separator = |c: char| c.is_whitespace() || c == '/';
    let words = search.q.split(separator).filter(|word| !word.is_empty());
    let words: Vec<String> = words.take(8).map(str::to_owned).collect();
    let items = state.store.search(&user, &words, HITS).await?;
    Ok(Json(Page { items, next: None }))
}

/// Returns a description without space around it, if it is one line of moderate length.
pub(super) fn checked_description(description: &str) -> Result<&str, ApiError> {
    let description = description.trim();
    let plain = !description.chars().any(char::is_control);
    if plain && description.chars().count() <= MOST_DESCRIPTION {
        return Ok(description);
    }
    let message = format!("write one line of at most {MOST_DESCRIPTION} characters");
    Err(ApiError::invalid("description", message))
}
