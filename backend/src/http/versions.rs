//! Versions: pushed, read and compared, never changed.

use std::sync::Arc;

use api_types::{
    Comparison, ErrorBody, Page, Provenance, PushVersion, PushedVersion, Slug, Version,
    VersionFiles, VersionName,
};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use deploy_core::Manifests;
use jiff::Timestamp;
use serde::Deserialize;

use crate::deploy;
use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Body, Member, Path, Push, Query, Read, Trail};
use crate::http::sets::{self, SetPath};
use crate::push::{self, Accepted};
use crate::store::{NewVersion, PushOutcome, SetKey, StoreError, VersionKey};

/// The name under which pages keep what is not saved yet.
const RESERVED: &str = "draft";
const PAGE: u32 = 50;
const MOST: u32 = 200;
const MOST_TEXT: usize = 500;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct VersionPath {
    /// The project.
    project: Slug,
    /// The resource set.
    set: Slug,
    /// The version.
    version: VersionName,
}

impl VersionPath {
    fn into_key(self) -> VersionKey {
        VersionKey {
            set: SetKey {
                project: self.project,
                set: self.set,
            },
            version: self.version,
        }
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// What the page before answered as `next`.
    pub after: Option<String>,
    /// How many items at most, up to 200.
    pub limit: Option<u32>,
}

impl Paging {
    pub(super) fn limit(&self) -> u32 {
        self.limit.unwrap_or(PAGE).clamp(1, MOST)
    }
}

/// Lists the versions of a set, newest first.
#[utoipa::path(get, path = "/api/projects/{project}/sets/{set}/versions", tag = "versions",
    params(SetPath, Paging),
    responses((status = 200, body = Page<Version>), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn versions(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<SetPath>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Version>>, ApiError> {
    let key = path.into_key();
    sets::found(&state, &key).await?;
    let before = match &paging.after {
        Some(after) => Some(after.parse().map_err(|_| not_a_page(after))?),
        None => None,
    };
    let items = state.store.versions(&key, before, paging.limit()).await?;
    let next = items.last().map(|it| it.sequence).filter(|it| *it > 1);
    let next = next.filter(|_| items.len() == paging.limit() as usize);
    Ok(Json(Page {
        items,
        next: next.map(|sequence| sequence.to_string()),
    }))
}

/// Pushes a version.
///
/// 201 for a new one, 200 if the same files are there under the same name, 409 if other ones are.
/// Files with errors are refused whole; warnings are handed back.
#[utoipa::path(post, path = "/api/projects/{project}/sets/{set}/versions", tag = "versions",
    params(SetPath), request_body = PushVersion,
    responses(
        (status = 201, body = PushedVersion),
        (status = 200, body = PushedVersion),
        (status = 422, body = ErrorBody),
        (status = "4XX", body = ErrorBody),
    ),
)]
pub(super) async fn push_version(
    State(state): State<AppState>,
    member: Member<Push>,
    Path(path): Path<SetPath>,
    trail: Trail,
    Body(request): Body<PushVersion>,
) -> Result<(StatusCode, Json<PushedVersion>), ApiError> {
    let key = path.into_key();
    trail.about(request.name.as_str());
    check_labels(&request)?;
    sets::found(&state, &key).await?;
    let files = Arc::new(request.files);
    let accepted = check_files(&state, files.clone()).await?;
    trail.about(format!(
        "{}, sha256 {}",
        request.name, accepted.content_hash
    ));
    let job = member.caller.pipeline().cloned();
    let new = NewVersion {
        name: request.name,
        files: Arc::unwrap_or_clone(files),
        content_hash: accepted.content_hash,
        parent: request.parent,
        provenance: Provenance {
            // What an ID token says of a job goes before what the job says of itself.
            commit: job
                .as_ref()
                .map_or(request.commit, |job| job.commit.clone()),
            git_ref: job
                .as_ref()
                .map_or(request.git_ref, |job| job.git_ref.clone()),
            pipeline_url: request.pipeline_url,
            author: member.caller.user.name,
        },
        objects: accepted.objects,
    };
    let (status, version) = match state.store.add_version(&key, new, Timestamp::now()).await? {
        PushOutcome::Added(version) => (StatusCode::CREATED, version),
        PushOutcome::Present(version) => (StatusCode::OK, version),
    };
    let warnings = accepted.warnings;
    Ok((status, Json(PushedVersion { version, warnings })))
}

/// Returns a version with its files.
#[utoipa::path(get, path = "/api/projects/{project}/sets/{set}/versions/{version}",
    tag = "versions", params(VersionPath),
    responses((status = 200, body = VersionFiles), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn version(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<VersionPath>,
) -> Result<Json<VersionFiles>, ApiError> {
    let key = path.into_key();
    let version = found(&state, &key).await?;
    let files = state.store.files(&key).await?;
    Ok(Json(VersionFiles { version, files }))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct FilePath {
    project: Slug,
    set: Slug,
    version: VersionName,
    /// The path of the file, with `/`.
    path: String,
}

/// Returns one file of a version as it was pushed.
#[utoipa::path(get, path = "/api/projects/{project}/sets/{set}/versions/{version}/files/{*path}",
    tag = "versions", params(FilePath),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = "4XX", body = ErrorBody),
    ),
)]
pub(super) async fn file(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(file): Path<FilePath>,
) -> Result<Response, ApiError> {
    let FilePath {
        project,
        set,
        version,
        path,
    } = file;
    let key = VersionPath {
        project,
        set,
        version,
    }
    .into_key();
    found(&state, &key).await?;
    let text = state.store.file(&key, &path).await?;
    let text = text.ok_or_else(|| StoreError::not_found("file", &path))?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        // Opened in a browser it is saved, whatever somebody made it look like.
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    Ok((headers, text).into_response())
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ComparePath {
    project: Slug,
    set: Slug,
    version: VersionName,
    /// The version to compare with.
    other: VersionName,
}

/// Says what changed from `version` to `other`, object by object. Values of Secrets are masked.
#[utoipa::path(get,
    path = "/api/projects/{project}/sets/{set}/versions/{version}/compare/{other}",
    tag = "versions", params(ComparePath),
    responses((status = 200, body = Comparison), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn compare(
    State(state): State<AppState>,
    _member: Member<Read>,
    Path(path): Path<ComparePath>,
) -> Result<Json<Comparison>, ApiError> {
    let ComparePath {
        project,
        set,
        version,
        other,
    } = path;
    let set = SetKey { project, set };
    let from = VersionKey {
        set: set.clone(),
        version,
    };
    let to = VersionKey {
        set,
        version: other,
    };
    let old = manifests(&state, &from).await?;
    let new = manifests(&state, &to).await?;
    let objects = deploy::comparison(&old, &new);
    Ok(Json(Comparison {
        from: from.version,
        to: to.version,
        objects,
    }))
}

/// Fails if there is no such version.
pub(super) async fn found(state: &AppState, key: &VersionKey) -> Result<Version, ApiError> {
    sets::found(state, &key.set).await?;
    let version = state.store.version(key).await?;
    Ok(version.ok_or_else(|| StoreError::not_found("version", &key.version))?)
}

async fn manifests(state: &AppState, key: &VersionKey) -> Result<Manifests, ApiError> {
    found(state, key).await?;
    let files = state.store.files(key).await?;
    Manifests::parse(&files).map_err(|error| ApiError::Invalid {
        place: "version",
        message: format!("version `{}` cannot be read: {error}", key.version),
    })
}

/// Checks files beside the threads that answer requests: it computes for a while.
async fn check_files(
    state: &AppState,
    files: Arc<std::collections::BTreeMap<String, String>>,
) -> Result<Accepted, ApiError> {
    let schemas = state.schemas.clone();
    let checked = tokio::task::spawn_blocking(move || push::check(&files, &schemas));
    match checked.await {
        Ok(checked) => Ok(checked?),
        Err(error) => {
            tracing::error!(error = %error, "the check of a push broke off");
            Err(ApiError::invalid("files", "these files cannot be checked"))
        }
    }
}

fn check_labels(request: &PushVersion) -> Result<(), ApiError> {
    if request.name.as_str() == RESERVED {
        let message = "`draft` is what pages call a version that is not saved: use another name";
        return Err(ApiError::invalid("name", message));
    }
    let labels = [("commit", &request.commit), ("git_ref", &request.git_ref)];
    for (place, text) in labels {
        let text = text.as_deref().unwrap_or_default();
        if text.len() > MOST_TEXT || text.chars().any(char::is_control) {
            let message = format!("write one line of at most {MOST_TEXT} bytes");
            return Err(ApiError::invalid(place, message));
        }
    }
    // It becomes a link in a page: nothing but a web address may stand in it.
    let url = request.pipeline_url.as_deref().unwrap_or("https://");
    let web = url.starts_with("https://") || url.starts_with("http://");
    let plain = url.chars().all(|c| c.is_ascii_graphic());
    if !web || !plain || url.len() > MOST_TEXT {
        let message = "give a link that starts with `https://` or `http://`";
        return Err(ApiError::invalid("pipeline_url", message));
    }
    Ok(())
}

pub(super) fn not_a_page(after: &str) -> ApiError {
    ApiError::parameter("after", format!("`{after}` is not the `next` of a page"))
}
