//! What people did: noted for every request that changes something or was forbidden, and shown.

use std::sync::{Arc, Mutex, PoisonError};

use api_types::{Act, ErrorBody, Page, Slug};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Admin, Manage, Member, Path, Query};
use crate::http::limits::Address;
use crate::http::projects::ProjectPath;
use crate::identity::Caller;
use crate::store::{NewAct, User};

/// Acts that one request returns at most, and usually.
const MOST: u32 = 500;
const USUAL: u32 = 100;
/// Bytes that are kept of a path.
const LONGEST_PATH: usize = 500;

/// Where handlers leave who asks, and what the path does not say. Part of every request.
#[derive(Clone, Default)]
pub(super) struct Trail(Arc<Mutex<Left>>);

#[derive(Default)]
struct Left {
    user: Option<String>,
    via: Option<String>,
    about: Option<String>,
    project: Option<Slug>,
}

impl Trail {
    pub(super) fn is_of(&self, caller: &Caller) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.user = Some(caller.user.name.clone());
        left.via = Some(caller.via.clone());
    }

    /// Who came in by a link: they are known from then on.
    pub(super) fn is_signed_in(&self, user: &User) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.user = Some(user.name.clone());
        left.via = Some("sign-in link".to_owned());
    }

    pub(super) fn about(&self, about: impl Into<String>) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.about = Some(about.into());
    }

    /// For routes that do not name their project.
    pub(super) fn in_project(&self, project: &Slug) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.project = Some(project.clone());
    }

    fn take(&self) -> Left {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Notes a request once it is answered, if it is worth that.
pub(super) async fn note(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let trail = Trail::default();
    request.extensions_mut().insert(trail.clone());
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(LONGEST_PATH).collect();
    let address = request.extensions().get::<Address>().copied();
    let response = next.run(request).await;
    let left = trail.take();
    if !is_worth_noting(&method, &path, response.status(), left.user.is_some()) {
        return response;
    }
    let act = NewAct {
        user: left.user,
        via: left.via,
        address: address.and_then(Address::text),
        method: method.to_string(),
        project: left.project.or_else(|| project(&path)),
        path,
        status: response.status().as_u16(),
        about: left.about,
    };
    if let Err(error) = state.store.add_act(act, Timestamp::now()).await {
        tracing::error!(error = %error, "what was done cannot be noted");
    }
    response
}

/// Changes by known people, whatever came of them; every sign-in; and whatever was forbidden. A
/// stranger who knocks leaves no more than the counts of the metrics.
fn is_worth_noting(method: &Method, path: &str, status: StatusCode, is_known: bool) -> bool {
    let signs_in = matches!(path, "/login" | "/api/session" | "/api/pipeline-sessions");
    let changes = !matches!(*method, Method::GET | Method::HEAD);
    // A preview asks, and changes nothing.
    let asks = path.ends_with("/previews");
    match status {
        StatusCode::TOO_MANY_REQUESTS => false,
        StatusCode::FORBIDDEN => is_known || signs_in,
        _ if path == "/login" || (changes && signs_in) => true,
        _ => changes && is_known && !asks,
    }
}

/// The project in `/api/projects/{project}/…`.
fn project(path: &str) -> Option<Slug> {
    let rest = path.strip_prefix("/api/projects/")?;
    rest.split('/').next()?.parse().ok()
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// The `next` of the page before.
    after: Option<String>,
    /// Acts at most.
    limit: Option<u32>,
}

/// Lists what was done, newest first, as an admin.
#[utoipa::path(get, path = "/api/audit", tag = "people", params(Paging), responses(
    (status = 200, body = Page<Act>),
    (status = "4XX", body = ErrorBody),
))]
pub(super) async fn acts(
    State(state): State<AppState>,
    _admin: Admin,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Act>>, ApiError> {
    page(&state, None, paging).await
}

/// Lists what was done in a project, newest first, as an owner.
#[utoipa::path(get, path = "/api/projects/{project}/audit", tag = "people",
    params(ProjectPath, Paging),
    responses((status = 200, body = Page<Act>), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn acts_of_project(
    State(state): State<AppState>,
    _member: Member<Manage>,
    Path(path): Path<ProjectPath>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Act>>, ApiError> {
    page(&state, Some(&path.project), paging).await
}

async fn page(
    state: &AppState,
    project: Option<&Slug>,
    paging: Paging,
) -> Result<Json<Page<Act>>, ApiError> {
    let limit = paging.limit.unwrap_or(USUAL).clamp(1, MOST);
    let items = state
        .store
        .acts(project, paging.after.as_deref(), limit)
        .await?;
    let is_full = items.len() == limit as usize;
    let next = items.last().filter(|_| is_full).map(|last| last.id.clone());
    Ok(Json(Page { items, next }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_matters_is_noted() {
        for (request, status, known, expected) in [
            ("POST /api/projects", 201, true, true),
            ("POST /api/projects", 409, true, true),
            ("POST /api/projects", 401, false, false),
            ("GET /api/clusters", 200, true, false),
            ("GET /api/audit", 403, true, true),
            ("POST /api/projects/a/sets/b/previews", 200, true, false),
            ("POST /api/projects/a/sets/b/previews", 403, true, true),
            ("GET /login", 303, false, true),
            ("POST /api/session", 401, false, true),
            ("POST /api/session", 429, false, false),
            ("GET /api/session", 401, false, false),
        ] {
            let (method, path) = request.split_once(' ').unwrap();
            let method = method.parse().unwrap();
            let status = StatusCode::from_u16(status).unwrap();
            let noted = is_worth_noting(&method, path, status, known);
            assert_eq!(noted, expected, "{request} {status}");
        }
    }
}
