//! Clusters, registered once for the platform.

use api_types::{Cluster, ClusterKind, ClusterSchemas, ErrorBody, NewCluster, Page, Slug};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use crate::cluster::Clusters;
use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Admin, Body, Path, SignedIn, Trail};

/// Lists the clusters, by name.
#[utoipa::path(get, path = "/api/clusters", tag = "clusters", responses(
    (status = 200, body = Page<Cluster>),
    (status = 401, body = ErrorBody),
))]
pub(super) async fn clusters(
    State(state): State<AppState>,
    _user: SignedIn,
) -> Result<Json<Page<Cluster>>, ApiError> {
    let items = state.store.clusters().await?;
    Ok(Json(Page { items, next: None }))
}

/// Registers a cluster, as an admin.
///
/// A kubeconfig that would run a program, read a file or trust anybody is refused.
#[utoipa::path(post, path = "/api/clusters", tag = "clusters", request_body = NewCluster,
    responses((status = 201, body = Cluster), (status = "4XX", body = ErrorBody)),
)]
pub(super) async fn add_cluster(
    State(state): State<AppState>,
    _admin: Admin,
    trail: Trail,
    Body(request): Body<NewCluster>,
) -> Result<(StatusCode, Json<Cluster>), ApiError> {
    trail.about(request.name.as_str());
    let kubeconfig = with_context(&request)?;
    let cluster = Cluster {
        server: Clusters::check(&kubeconfig, None)?,
        name: request.name,
        kind: ClusterKind::Registered,
    };
    let now = Timestamp::now();
    state
        .store
        .add_cluster(&cluster, Some(&kubeconfig), now)
        .await?;
    Ok((StatusCode::CREATED, Json(cluster)))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ClusterPath {
    cluster: Slug,
}

/// Returns the schemas of what a cluster serves beyond the kinds of every cluster, as it publishes
/// them to the person who asks.
///
/// The `ETag` changes when a definition is added or changed: send it as `If-None-Match`.
#[utoipa::path(get, path = "/api/clusters/{cluster}/openapi", tag = "clusters",
    params(ClusterPath),
    responses(
        (status = 200, body = ClusterSchemas),
        (status = 304, description = "They are as `If-None-Match` says."),
        (status = "4XX", body = ErrorBody),
        (status = 502, body = ErrorBody),
    ),
)]
pub(super) async fn schemas(
    State(state): State<AppState>,
    SignedIn(user): SignedIn,
    Path(path): Path<ClusterPath>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let schemas = state.clusters.schemas(&path.cluster, &user.name).await?;
    let tag = format!("W/\"{}\"", schemas.hash());
    // A browser keeps the answer, and asks each time whether it still holds.
    let caching = [
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::ETAG, tag.clone()),
    ];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let json = [(header::CONTENT_TYPE, "application/json")];
    Ok((caching, json, schemas.into_json()).into_response())
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    let tags = values.filter_map(|value| value.to_str().ok());
    tags.flat_map(|value| value.split(','))
        .any(|known| known.trim() == tag)
}

/// Returns the kubeconfig with the context that is asked for as its current one.
fn with_context(request: &NewCluster) -> Result<String, ApiError> {
    let Some(context) = &request.context else {
        return Ok(request.kubeconfig.clone());
    };
    let mut kubeconfig: serde_yaml::Mapping = serde_yaml::from_str(&request.kubeconfig)
        .map_err(|error| ApiError::invalid("kubeconfig", format!("it is not YAML: {error}")))?;
    kubeconfig.insert("current-context".into(), context.as_str().into());
    serde_yaml::to_string(&kubeconfig)
        .map_err(|error| ApiError::invalid("kubeconfig", error.to_string()))
}
