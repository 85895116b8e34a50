//! Typed requests to KUN's HTTP API.

use api_types::{
    Comparison, CreatedToken, Deploy, Environment, EnvironmentStatus, ErrorBody, NewDeploy,
    NewPreview, NewProject, NewResourceSet, NewToken, Page, Preview, Project, PushVersion,
    PushedVersion, PutEnvironment, ResourceSet, SearchHit, Session, Token, Version, VersionFiles,
};
use gloo::net::http::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::route::encode;

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ApiFailure {
    /// Nobody is signed in.
    SignedOut,
    /// The server refuses, with its reason.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the server says.
        body: ErrorBody,
    },
    /// The server cannot be reached, or what answers is not KUN.
    Unreachable(String),
}

impl ApiFailure {
    /// The sentence to show.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::SignedOut => "You are signed out: open the sign-in link again.".to_owned(),
            Self::Refused { body, .. } => body.message.clone(),
            Self::Unreachable(_) => {
                "The server does not answer. What you typed is kept in this browser.".to_owned()
            }
        }
    }
}

type Answer<T> = Result<T, ApiFailure>;

pub(crate) async fn session() -> Answer<Session> {
    get("/api/session").await
}

pub(crate) async fn sign_out() -> Answer<()> {
    let response = send(
        RequestBuilder::new("/api/session").method(Method::DELETE),
        None,
    )
    .await?;
    accepted(response).await.map(drop)
}

pub(crate) async fn projects() -> Answer<Page<Project>> {
    get("/api/projects").await
}

pub(crate) async fn create_project(new: &NewProject) -> Answer<Project> {
    send_json(Method::POST, "/api/projects", new).await
}

pub(crate) async fn sets(project: &str) -> Answer<Page<ResourceSet>> {
    get(&format!("{}/sets", project_url(project))).await
}

pub(crate) async fn create_set(project: &str, new: &NewResourceSet) -> Answer<ResourceSet> {
    send_json(Method::POST, &format!("{}/sets", project_url(project)), new).await
}

pub(crate) async fn environments(project: &str) -> Answer<Page<Environment>> {
    get(&format!("{}/environments", project_url(project))).await
}

pub(crate) async fn put_environment(
    project: &str,
    name: &str,
    put: &PutEnvironment,
) -> Answer<Environment> {
    let url = format!("{}/environments/{}", project_url(project), encode(name));
    send_json(Method::PUT, &url, put).await
}

pub(crate) async fn clusters() -> Answer<Page<api_types::Cluster>> {
    get("/api/clusters").await
}

pub(crate) async fn versions(project: &str, set: &str) -> Answer<Page<Version>> {
    get(&format!("{}/versions", set_url(project, set))).await
}

pub(crate) async fn version(project: &str, set: &str, version: &str) -> Answer<VersionFiles> {
    get(&format!(
        "{}/versions/{}",
        set_url(project, set),
        encode(version)
    ))
    .await
}

pub(crate) async fn push_version(
    project: &str,
    set: &str,
    push: &PushVersion,
) -> Answer<PushedVersion> {
    send_json(
        Method::POST,
        &format!("{}/versions", set_url(project, set)),
        push,
    )
    .await
}

pub(crate) async fn compare(project: &str, set: &str, from: &str, to: &str) -> Answer<Comparison> {
    let set = set_url(project, set);
    get(&format!(
        "{set}/versions/{}/compare/{}",
        encode(from),
        encode(to)
    ))
    .await
}

pub(crate) async fn status(project: &str, set: &str) -> Answer<Page<EnvironmentStatus>> {
    get(&format!("{}/status", set_url(project, set))).await
}

pub(crate) async fn preview(project: &str, set: &str, new: &NewPreview) -> Answer<Preview> {
    send_json(
        Method::POST,
        &format!("{}/previews", set_url(project, set)),
        new,
    )
    .await
}

pub(crate) async fn start_deploy(project: &str, set: &str, new: &NewDeploy) -> Answer<Deploy> {
    send_json(
        Method::POST,
        &format!("{}/deploys", set_url(project, set)),
        new,
    )
    .await
}

pub(crate) async fn recent_deploys() -> Answer<Page<Deploy>> {
    get("/api/deploys").await
}

pub(crate) async fn cancel_deploy(id: &str) -> Answer<Deploy> {
    let url = format!("/api/deploys/{}/cancel", encode(id));
    send_json(Method::POST, &url, &serde_json::Map::new()).await
}

/// Where the events of a deploy are streamed from.
pub(crate) fn deploy_events_url(id: &str) -> String {
    format!("/api/deploys/{}/events", encode(id))
}

pub(crate) async fn search(query: &str) -> Answer<Page<SearchHit>> {
    get(&format!("/api/search?q={}", encode(query))).await
}

pub(crate) async fn tokens() -> Answer<Page<Token>> {
    get("/api/tokens").await
}

pub(crate) async fn create_token(new: &NewToken) -> Answer<CreatedToken> {
    send_json(Method::POST, "/api/tokens", new).await
}

pub(crate) async fn revoke_token(id: &str) -> Answer<()> {
    let request = RequestBuilder::new(&format!("/api/tokens/{}", encode(id)));
    let response = send(request.method(Method::DELETE), None).await?;
    accepted(response).await.map(drop)
}

fn project_url(project: &str) -> String {
    format!("/api/projects/{}", encode(project))
}

fn set_url(project: &str, set: &str) -> String {
    format!("{}/sets/{}", project_url(project), encode(set))
}

async fn get<T: DeserializeOwned>(url: &str) -> Answer<T> {
    read(send(RequestBuilder::new(url), None).await?).await
}

async fn send_json<T: DeserializeOwned>(
    method: Method,
    url: &str,
    body: &impl Serialize,
) -> Answer<T> {
    let body = serde_json::to_string(body).map_err(|error| unreachable_(&error))?;
    read(send(RequestBuilder::new(url).method(method), Some(body)).await?).await
}

async fn send(request: RequestBuilder, body: Option<String>) -> Answer<Response> {
    let request = request.header("Content-Type", "application/json");
    let request = match body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let request = request.map_err(|error| unreachable_(&error))?;
    request.send().await.map_err(|error| unreachable_(&error))
}

async fn read<T: DeserializeOwned>(response: Response) -> Answer<T> {
    let text = accepted(response).await?;
    serde_json::from_str(&text).map_err(|error| unreachable_(&error))
}

/// The body of an answer that is not an error.
async fn accepted(response: Response) -> Answer<String> {
    let text = response
        .text()
        .await
        .map_err(|error| unreachable_(&error))?;
    if response.ok() {
        return Ok(text);
    }
    if response.status() == 401 {
        return Err(ApiFailure::SignedOut);
    }
    match serde_json::from_str(&text) {
        Ok(body) => Err(ApiFailure::Refused {
            status: response.status(),
            body,
        }),
        Err(error) => Err(unreachable_(&error)),
    }
}

fn unreachable_(error: &impl ToString) -> ApiFailure {
    ApiFailure::Unreachable(error.to_string())
}
