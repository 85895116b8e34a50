//! A deploy as it happens, as server-sent events.
//!
//! Everything sent is stored before, so a stream may break at any point and go on from any
//! replica: the id of an event is the sequence of the last line sent.

use std::convert::Infallible;
use std::time::Duration;

use api_types::{Deploy, DeployEvent, ErrorBody, LogLine};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use tokio::sync::{broadcast, mpsc};
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use crate::http::AppState;
use crate::http::deploys::{self, After, DeployPath};
use crate::http::error::ApiError;
use crate::http::extract::{Known, Path, Query};
use crate::store::{DeployId, Role, StoreError};

/// How often the store is asked where nothing woke us: another replica may run the job.
const POLL: Duration = Duration::from_secs(1);
/// Changes within this time are sent together.
const GATHER: Duration = Duration::from_millis(50);
/// A comment this often keeps proxies from cutting a silent stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const LINES: u32 = 500;

/// Follows a deploy: the job as it stands, its log from the start or after `Last-Event-ID`, and
/// each change, until it ends.
#[utoipa::path(get, path = "/api/deploys/{deploy}/events", tag = "deploys",
    params(DeployPath, After),
    responses(
        (status = 200, body = DeployEvent, content_type = "text/event-stream"),
        (status = "4XX", body = ErrorBody),
        (status = 503, body = ErrorBody),
    ),
)]
pub(super) async fn events(
    State(state): State<AppState>,
    Known(caller): Known,
    Path(path): Path<DeployPath>,
    Query(query): Query<After>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (id, deploy) = deploys::found(&state, &caller, &path, Role::Viewer).await?;
    let last = last_event_id(&headers)?.unwrap_or(query.after);
    let permit = state.streams.clone().try_acquire_owned();
    let permit = permit.map_err(|_| ApiError::TooManyStreams)?;

    let (sender, receiver) = mpsc::channel(64);
    let mut follower = Follower {
        changes: state.store.changes(),
        state,
        id,
        last,
        sent: None,
        sender,
    };
    tokio::spawn(async move {
        follower.run(deploy).await;
        drop(permit);
    });
    let events = ReceiverStream::new(receiver).map(Ok::<Event, Infallible>);
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // A proxy that collects an answer before it passes it on would show nothing until the end.
    Ok(([("x-accel-buffering", "no")], events).into_response())
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<i64>, ApiError> {
    let Some(value) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let sequence = value.to_str().ok().and_then(|text| text.parse().ok());
    let refused = || ApiError::parameter("Last-Event-ID", "is not the id of an event");
    sequence.map(Some).ok_or_else(refused)
}

/// Sends what changes until the deploy ends or nobody reads on.
struct Follower {
    state: AppState,
    changes: broadcast::Receiver<DeployId>,
    id: DeployId,
    /// The sequence of the last line that was sent.
    last: i64,
    /// The job as it was sent last.
    sent: Option<Deploy>,
    sender: mpsc::Sender<Event>,
}

/// Why a stream ends early.
enum Broken {
    /// Which is no failure.
    ReaderGone,
    Store(StoreError),
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Follower {
    async fn run(&mut self, first: Deploy) {
        let ended = self.follow(first).await;
        if let Err(Broken::Store(error)) = ended {
            // The client comes back with the last id and goes on.
            tracing::warn!(error = %error, deploy.id = %self.id, "a stream of events broke off");
        }
    }

    async fn follow(&mut self, first: Deploy) -> Result<(), Broken> {
        self.send_job(first).await?;
        loop {
            // The job is read before its lines: a job that has ended has all of its lines.
            let Some(job) = self.state.store.deploy(self.id).await? else {
                return Ok(());
            };
            self.send_lines().await?;
            let ended = job.state.is_final();
            if ended || self.sent.as_ref() != Some(&job) {
                self.send_job(job).await?;
            }
            // A reader who is gone would else be noticed by the next line only.
            if ended || self.sender.is_closed() || self.state.shutdown.is_closing() {
                return Ok(());
            }
            self.wait().await;
        }
    }

    async fn send_lines(&mut self) -> Result<(), Broken> {
        loop {
            let lines = self.state.store.log(self.id, self.last, LINES).await?;
            let more = lines.len() == LINES as usize;
            for line in lines {
                self.send_line(line).await?;
            }
            if !more {
                return Ok(());
            }
        }
    }

    async fn send_line(&mut self, line: LogLine) -> Result<(), Broken> {
        self.last = line.sequence;
        self.send(&DeployEvent::Line(line)).await
    }

    async fn send_job(&mut self, job: Deploy) -> Result<(), Broken> {
        self.sent = Some(job.clone());
        self.send(&DeployEvent::Job(Box::new(job))).await
    }

    async fn send(&self, event: &DeployEvent) -> Result<(), Broken> {
        let json = serde_json::to_string(event)
            .map_err(|error| Broken::Store(StoreError::Unavailable(Box::new(error))))?;
        let event = Event::default().id(self.last.to_string()).data(json);
        self.sender
            .send(event)
            .await
            .map_err(|_| Broken::ReaderGone)
    }

    /// Waits until the deploy may have changed, the server stops or the reader is gone.
    async fn wait(&mut self) {
        let changed = async {
            loop {
                match self.changes.recv().await {
                    Ok(id) if id != self.id => {}
                    // Also where some were missed.
                    _ => return,
                }
            }
        };
        tokio::select! {
            _ = timeout(POLL, changed) => sleep(GATHER).await,
            () = self.state.shutdown.closing() => {}
            () = self.sender.closed() => {}
        }
    }
}
