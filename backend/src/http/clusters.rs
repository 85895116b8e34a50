//! Clusters, registered once for the platform.

use api_types::{Cluster, ClusterKind, ErrorBody, NewCluster, Page};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;

use crate::cluster::Clusters;
use crate::http::AppState;
use crate::http::error::ApiError;
use crate::http::extract::{Admin, Body, SignedIn};

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
    Body(request): Body<NewCluster>,
) -> Result<(StatusCode, Json<Cluster>), ApiError> {
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
