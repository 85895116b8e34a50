//! The HTTP API, its description, and the pages.

mod assets;
mod audit;
mod clusters;
mod deploys;
mod environments;
mod error;
mod events;
mod extract;
mod guard;
mod health;
mod limits;
mod live;
mod members;
mod metrics;
mod openapi;
mod origins;
mod pipelines;
mod projects;
mod sessions;
mod sets;
mod try_api;
mod users;
mod versions;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::Uri;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use k8s_schemas::SchemaSet;
use tokio::sync::{Semaphore, watch};
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::cluster::Clusters;
use crate::deploy::Deploys;
use crate::http::error::ApiError;
use crate::http::limits::Limits;
use crate::http::metrics::Metrics;
pub use crate::http::origins::AllowedOrigin;
use crate::identity::IdTokens;
use crate::store::Store;

/// Bytes of a body at most: 5 MiB of files, and what JSON adds to them.
pub const BODY_LIMIT: usize = 8_000_000;
/// Streams of events at most: each costs a task and a query now and then.
const MOST_STREAMS: usize = 512;

/// What the routes stand on.
pub struct Services {
    pub store: Arc<dyn Store>,
    pub clusters: Arc<Clusters>,
    /// What manifests are checked against at a push.
    pub schemas: SchemaSet,
    /// Where browsers find this server, if that is another address than the one it listens on.
    pub public_url: Option<Uri>,
    /// Other sites whose pages may use the API with a token.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// Whose pipelines projects may trust.
    pub id_tokens: IdTokens,
    pub shutdown: Shutdown,
}

/// Tells long answers that the server stops.
#[derive(Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Returns the signal, and what gives it: send `true`, or drop it.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    fn is_closing(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the server stops.
    pub async fn closing(&self) {
        // An error says that the sender is gone, and so is the server.
        let _ = self.0.clone().wait_for(|closing| *closing).await;
    }
}

/// What every handler can reach.
#[derive(Clone)]
struct AppState {
    store: Arc<dyn Store>,
    clusters: Arc<Clusters>,
    deploys: Arc<Deploys>,
    schemas: SchemaSet,
    public_url: Option<Arc<Uri>>,
    allowed_origins: Arc<[AllowedOrigin]>,
    metrics: Arc<Metrics>,
    limits: Arc<Limits>,
    streams: Arc<Semaphore>,
    id_tokens: IdTokens,
    shutdown: Shutdown,
}

impl AppState {
    fn is_https(&self) -> bool {
        let scheme = self.public_url.as_ref().and_then(|url| url.scheme_str());
        scheme == Some("https")
    }
}

/// Puts the API and the pages together.
pub fn build(services: Services) -> Router {
    let metrics = Arc::<Metrics>::default();
    let cors = origins::layer(&services.allowed_origins);
    let deploys = Deploys::new(services.store.clone(), services.clusters.clone());
    let state = AppState {
        store: services.store,
        clusters: services.clusters,
        deploys: Arc::new(deploys),
        schemas: services.schemas,
        public_url: services.public_url.map(Arc::new),
        allowed_origins: services.allowed_origins.into(),
        metrics: metrics.clone(),
        limits: Arc::default(),
        streams: Arc::new(Semaphore::new(MOST_STREAMS)),
        id_tokens: services.id_tokens,
        shutdown: services.shutdown,
    };
    let (router, description) = routes().split_for_parts();
    let description = Arc::new(openapi::finish(description));
    router
        .route(
            "/api/openapi.json",
            get(async move || Json(description).into_response()),
        )
        .route("/login", get(sessions::login))
        .merge(try_api::routes())
        .method_not_allowed_fallback(async |request: Request| {
            ApiError::MethodNotAllowed(request.method().clone())
        })
        .fallback(assets::serve)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(state.clone(), audit::note))
        .layer(from_fn_with_state(state.clone(), limits::check))
        .layer(from_fn_with_state(state.clone(), guard::incoming))
        .layer(cors)
        .layer(from_fn(guard::outgoing))
        .layer(from_fn_with_state(metrics, metrics::observe))
        .with_state(state)
}

/// Every route that the description knows.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::metrics))
        .routes(routes!(
            sessions::session,
            sessions::sign_in,
            sessions::sign_out
        ))
        .routes(routes!(sessions::tokens, sessions::create_token))
        .routes(routes!(sessions::revoke_token))
        .routes(routes!(clusters::clusters, clusters::add_cluster))
        .routes(routes!(clusters::schemas).layer(CompressionLayer::new()))
        .routes(routes!(projects::search))
        .routes(routes!(projects::projects, projects::create_project))
        .routes(routes!(projects::project))
        .routes(routes!(members::members))
        .routes(routes!(members::put_member, members::remove_member))
        .routes(routes!(pipelines::sign_in))
        .routes(routes!(pipelines::pipelines))
        .routes(routes!(pipelines::put_pipeline, pipelines::remove_pipeline))
        .routes(routes!(users::users, users::add_user))
        .routes(routes!(users::put_user))
        .routes(routes!(users::sign_in_link))
        .routes(routes!(users::end_credentials))
        .routes(routes!(audit::acts))
        .routes(routes!(audit::acts_of_project))
        .routes(routes!(environments::environments))
        .routes(routes!(
            environments::environment,
            environments::put_environment,
            environments::remove_environment
        ))
        .routes(routes!(sets::sets, sets::create_set))
        .routes(routes!(sets::set))
        .routes(routes!(sets::status))
        .routes(routes!(live::live))
        .routes(routes!(versions::versions, versions::push_version))
        .routes(routes!(versions::version))
        .routes(routes!(versions::file))
        .routes(routes!(versions::compare))
        .routes(routes!(deploys::preview))
        .routes(routes!(deploys::deploys_of_set, deploys::start_deploy))
        .routes(routes!(deploys::deploys))
        .routes(routes!(deploys::deploy))
        .routes(routes!(deploys::cancel))
        .routes(routes!(deploys::log))
        .routes(routes!(events::events))
}
