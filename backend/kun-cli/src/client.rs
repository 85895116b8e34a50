//! The server, asked over HTTP. Its errors become sentences here.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result};
use api_types::{ErrorBody, ErrorDetail, NewPipelineSession, PipelineSession, Slug};
use reqwest::header::RETRY_AFTER;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::settings::{Settings, Signed};

const CONNECT: Duration = Duration::from_secs(10);
/// How often a request is sent again that came too soon after others.
const PATIENCE: usize = 20;

/// How often a request is sent again that the server could not take, and the pause before.
const RETRIES: u32 = 3;
const RETRY_AFTER_SECONDS: u64 = 1;

/// A server, and the token that is sent to it.
pub(crate) struct Client {
    http: reqwest::Client,
    settings: Settings,
}

impl Client {
    pub(crate) fn new(settings: Settings) -> Result<Self> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("kun/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            // A redirect would carry the token to wherever it leads.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, settings })
    }

    /// The server that the environment or `kun login` names. A job of a pipeline that has an ID
    /// token and no other one signs in to `project` by it.
    pub(crate) async fn connect(project: Option<&Slug>) -> Result<Self> {
        match Settings::read()? {
            Signed::In(settings) => Self::new(settings),
            Signed::ByIdToken { server, id_token } => {
                let project = project.context("an ID token is for a project: give `-p`")?;
                let client = Self::new(Settings::checked(&server, "")?)?;
                let request = NewPipelineSession {
                    project: project.clone(),
                    id_token,
                };
                let (_, session): (_, PipelineSession) =
                    client.post("/api/pipeline-sessions", &request).await?;
                Self::new(Settings::checked(&server, &session.secret)?)
            }
        }
    }

    /// The address of a page, such as `/p/shop/web`.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.settings.server)
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        read(self.send(self.request(Method::GET, path)).await?).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<(StatusCode, T)> {
        let response = self
            .send(self.request(Method::POST, path).json(body))
            .await?;
        let status = response.status();
        Ok((status, read(response).await?))
    }

    pub(crate) async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T> {
        let request = self.request(Method::PUT, path).json(body);
        read(self.send(request).await?).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<()> {
        let empty = serde_json::json!({});
        let request = self.request(Method::DELETE, path).json(&empty);
        accepted(self.send(request).await?).await.map(|_| ())
    }

    /// As [`Client::post`], for what may be sent twice: again where the server could not be
    /// reached, or was about to stop.
    pub(crate) async fn post_again<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<(StatusCode, T)> {
        let mut pause = RETRY_AFTER_SECONDS;
        for _ in 0..RETRIES {
            match self.post(path, body).await {
                Err(error) if is_worth_another(&error) => {
                    eprintln!("kun: {error:#}; trying again in {pause} s");
                    tokio::time::sleep(Duration::from_secs(pause)).await;
                    pause *= 2;
                }
                other => return other,
            }
        }
        self.post(path, body).await
    }

    /// Opens a stream of events after the one with the id `last`.
    pub(crate) async fn events(&self, path: &str, last: &str) -> Result<Response> {
        let request = self
            .request(Method::GET, path)
            .header("last-event-id", last);
        accepted(self.send(request).await?).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.settings.server));
        match self.settings.token.as_str() {
            "" => request,
            token => request.bearer_auth(token),
        }
    }

    /// Sends a request, and again when the server says that it was too soon after others.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response> {
        for _ in 0..PATIENCE {
            let Some(copy) = request.try_clone() else {
                break;
            };
            let response = self.send_once(copy).await?;
            let Some(pause) = pause(&response) else {
                return Ok(response);
            };
            tokio::time::sleep(pause).await;
        }
        self.send_once(request).await
    }

    async fn send_once(&self, request: RequestBuilder) -> Result<Response> {
        let server = &self.settings.server;
        let response = request.send().await;
        response.map_err(|error| {
            let reason = innermost(&error);
            Unreachable(format!("cannot reach {server}: {reason}")).into()
        })
    }

    /// A request without the token, for signing in.
    pub(crate) fn plain(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.settings.server))
    }
}

/// How long to wait before asking again, if it was too soon after others.
fn pause(response: &Response) -> Option<Duration> {
    let too_often = response.status() == StatusCode::TOO_MANY_REQUESTS;
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    too_often.then_some(Duration::from_secs(seconds.parse().ok()?))
}

/// Whether the same request may be answered better a moment later.
fn is_worth_another(error: &anyhow::Error) -> bool {
    let refused = error.downcast_ref::<Refused>();
    error.downcast_ref::<Unreachable>().is_some()
        || refused.is_some_and(|it| matches!(it.status.as_u16(), 502..=504))
}

/// That no server answered.
#[derive(Debug)]
pub(crate) struct Unreachable(String);

impl std::error::Error for Unreachable {}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// That the server refused, in its own words.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    sentence: String,
}

impl Refused {
    /// Whether asking again is of no use.
    pub(crate) fn is_for_good(&self) -> bool {
        self.status.is_client_error()
    }
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// Fails with [`Refused`] if the server refused.
pub(crate) async fn accepted(response: Response) -> Result<Response> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let text = response.text().await.unwrap_or_default();
    let sentence = match serde_json::from_str::<ErrorBody>(&text) {
        Ok(body) => sentence(&body),
        Err(_) => format!("the server answered {status}, and not as a KUN server does"),
    };
    Err(Refused { status, sentence }.into())
}

pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Result<T> {
    let response = accepted(response).await?;
    let text = response.text().await.context("the answer broke off")?;
    serde_json::from_str(&text).context("the server answered what this version of kun cannot read")
}

/// The message, and below it each place that is wrong where there are several.
fn sentence(body: &ErrorBody) -> String {
    if body.details.len() < 2 && body.details.iter().all(|it| it.line.is_none()) {
        return body.message.clone();
    }
    let lines = body.details.iter().map(|it| format!("\n  {}", place(it)));
    format!("the files were refused:{}", lines.collect::<String>())
}

/// One wrong place as compilers write it: `app.yaml:3:5: unknown field … [unknown-field]`.
pub(crate) fn place(it: &ErrorDetail) -> String {
    let number = |number: Option<u32>| number.map_or(String::new(), |it| format!(":{it}"));
    let (line, column) = (number(it.line), number(it.column));
    let code = it
        .code
        .as_ref()
        .map_or(String::new(), |code| format!(" [{code}]"));
    match it.place.as_str() {
        "" => format!("{}{code}", it.message),
        place => format!("{place}{line}{column}: {}{code}", it.message),
    }
}

/// What lies at the bottom of an error: `connection refused` says more than `error sending request`.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
