//! The server, asked over HTTP. Its errors become sentences here.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use api_types::{ErrorBody, ErrorDetail};
use reqwest::header::RETRY_AFTER;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::settings::Settings;

const CONNECT: Duration = Duration::from_secs(10);
/// How often a request is sent again that came too soon after others.
const PATIENCE: usize = 20;

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
        response
            .map_err(|error| anyhow!(innermost(&error)).context(format!("cannot reach {server}")))
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
