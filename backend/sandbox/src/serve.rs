//! The HTTP side: who asks for what, and in which form it is answered.

mod answer;
mod dispatch;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body as HttpBody;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use futures::StreamExt as _;
use tokio::sync::watch;

use crate::access::{User, impersonate, rbac};
use crate::request::{Query, Target};
use crate::status::{Answer, Failure};
use crate::tls::TlsListener;
use crate::world::World;

/// Bodies may not be longer.
const LONGEST_BODY: usize = 3 * 1024 * 1024;

/// What a handler needs.
#[derive(Clone)]
struct Server {
    world: Arc<World>,
    stop: watch::Receiver<bool>,
}

/// Serves until `stop` says so.
pub(crate) async fn run(world: Arc<World>, listener: TlsListener, stop: watch::Receiver<bool>) {
    let mut stopping = stop.clone();
    let router = Router::new()
        .fallback(handle)
        .with_state(Server { world, stop });
    let until = async move { crate::world::stopped(&mut stopping).await };
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(until)
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the sandbox stopped serving");
    }
}

/// One request, as the rest of the server sees it.
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) target: Target,
    pub(crate) query: Query,
    pub(crate) content_type: String,
    pub(crate) accept: String,
    pub(crate) agent: String,
    pub(crate) user: User,
    pub(crate) body: Vec<u8>,
}

async fn handle(State(server): State<Server>, request: Request) -> Response {
    match answer_to(&server, request).await {
        Ok(response) => response,
        Err(failure) => answer::failure(&failure),
    }
}

async fn answer_to(server: &Server, request: Request) -> Answer<Response> {
    let latency = server.world.faults.latency();
    if latency > Duration::ZERO {
        tokio::time::sleep(latency).await;
    }
    let (head, body) = request.into_parts();
    let mut call = begin(&server.world, &head)?;
    call.body = read_body(body).await?;
    if !matches!(call.method.as_str(), "GET" | "HEAD") {
        let world = &server.world;
        world.faults.service(|| world.roll(400, 1600)).await;
    }
    dispatch::dispatch(server, call)
}

/// Everything that can be decided before the body is read.
fn begin(world: &World, head: &Parts) -> Answer<Call> {
    let method = head.method.as_str().to_owned();
    let path = head.uri.path().to_owned();
    if let Some(status) = world.faults.status(&method, &path) {
        return Err(injected(status));
    }
    let query = Query::parse(head.uri.query().unwrap_or_default());
    let target = Target::parse(&method, &path, &query);
    let header = |name: &str| {
        let value = head.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let user = identify(world, &target, head)?;
    rbac::authorize(&world.store(), &user, &rbac::Wish::of(&target))?;
    Ok(Call {
        content_type: header("content-type"),
        accept: header("accept"),
        agent: header("user-agent"),
        method,
        target,
        query,
        user,
        body: Vec::new(),
    })
}

/// The caller by token, or whom the caller acts as.
fn identify(world: &World, target: &Target, head: &Parts) -> Answer<User> {
    let token = head.headers.get("authorization").map(|value| {
        let value = value.to_str().unwrap_or_default();
        value.strip_prefix("Bearer ").unwrap_or_default().trim()
    });
    let caller = match token {
        None => User::anonymous(),
        Some(token) => world.users.of(token).ok_or_else(Failure::unauthorized)?,
    };
    let headers = head
        .headers
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("impersonate-"))
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
    impersonate(&world.store(), caller, target, headers)
}

async fn read_body(body: HttpBody) -> Answer<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| Failure::bad_request(error.to_string()))?;
        if bytes.len() + chunk.len() > LONGEST_BODY {
            return Err(Failure::too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn injected(status: u16) -> Failure {
    let message = "the sandbox was told to fail";
    match status {
        429 => Failure::too_many_requests(message, 1),
        503 => {
            let mut failure = Failure::new(503, "ServiceUnavailable", message);
            failure.retry_after = Some(1);
            failure
        }
        504 => Failure::new(504, "Timeout", message),
        500 => Failure::new(500, "InternalError", message),
        403 => Failure::new(403, "Forbidden", message),
        401 => Failure::unauthorized(),
        other => Failure::new(other, "", message),
    }
}
