//! Requests to KUN's HTTP API: each function says what is asked, [`Request::send`] asks it.

use std::cell::RefCell;
use std::marker::PhantomData;

use api_types::{
    Act, Cluster, Comparison, CreatedToken, Deploy, Environment, EnvironmentStatus, ErrorBody,
    LiveStatus, Member, NewCluster, NewDeploy, NewPreview, NewProject, NewResourceSet, NewToken,
    NewUser, Page, Preview, Project, PushVersion, PushedVersion, PutEnvironment, PutMember,
    PutUser, ResourceSet, Role, SearchHit, Session, SignInLink, Token, UserAccount, Version,
    VersionFiles,
};
use gloo::net::http::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::json;
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
    Unreachable,
}

impl ApiFailure {
    /// What is the matter, in a few words.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::SignedOut => "Sign in",
            Self::Refused { status: 403, .. } => "Not allowed",
            Self::Refused { status: 404, .. } => "Not found",
            Self::Refused { .. } => "That did not work",
            Self::Unreachable => "No answer",
        }
    }

    /// The sentence to show.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::SignedOut => {
                "Open the sign-in link that the server printed when it started. A link works once: \
                 every start prints another."
                    .to_owned()
            }
            Self::Refused { body, .. } => sentence(&body.message),
            Self::Unreachable => {
                "The server does not answer. What you typed is kept in this browser.".to_owned()
            }
        }
    }

    /// Whether asking again may help.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
            Self::SignedOut => false,
        }
    }
}

/// What the server says, with a capital and a full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut sentence = message.to_owned();
    // The name of a file stays as it is.
    let begins_with_a_name = message
        .split([' ', ','])
        .next()
        .is_some_and(|word| word.contains(['.', '/']));
    if let Some(first) = sentence.get_mut(..1)
        && !begins_with_a_name
    {
        first.make_ascii_uppercase();
    }
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// The answer to a request.
pub(crate) type Answer<T> = Result<T, ApiFailure>;

/// A request that is answered with a `T`.
#[derive(Debug)]
pub(crate) struct Request<T> {
    ask: Ask,
    answer: PhantomData<fn() -> T>,
}

/// A request, whatever its answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ask {
    method: Method,
    url: String,
    /// JSON.
    body: Option<String>,
}

impl<T: DeserializeOwned> Request<T> {
    /// Asks.
    pub(crate) async fn send(self) -> Answer<T> {
        read(&self.ask.send().await?)
    }

    /// The request without the type of its answer.
    pub(crate) fn into_ask(self) -> Ask {
        self.ask
    }
}

/// Reads an answer.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Answer<T> {
    json::parse(text).map_err(|_| ApiFailure::Unreachable)
}

thread_local! {
    static KNOWN: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Remembers the answer to a request, by its URL: it is asked no second time.
pub(crate) fn know(known: Option<(String, String)>) {
    KNOWN.set(known);
}

/// An answer that is known, once.
fn known(url: &str) -> Option<String> {
    let known = KNOWN.take()?;
    if known.0 == url {
        return Some(known.1);
    }
    KNOWN.set(Some(known));
    None
}

impl Ask {
    /// Asks, and returns the JSON of an answer that is not an error.
    pub(crate) async fn send(&self) -> Answer<String> {
        if self.method == Method::GET
            && let Some(answer) = known(&self.url)
        {
            return Ok(answer);
        }
        let request = RequestBuilder::new(&self.url)
            .method(self.method.clone())
            .header("Content-Type", "application/json");
        let request = match &self.body {
            Some(body) => request.body(body.as_str()),
            None => request.build(),
        };
        let request = request.map_err(no_answer)?;
        let response = request.send().await.map_err(no_answer)?;
        let text = response.text().await.map_err(no_answer)?;
        match response.status() {
            200..=299 => Ok(text),
            401 => Err(ApiFailure::SignedOut),
            status => Err(ApiFailure::Refused {
                status,
                body: read(&text)?,
            }),
        }
    }
}

fn no_answer<E>(_: E) -> ApiFailure {
    ApiFailure::Unreachable
}

fn get<T>(url: String) -> Request<T> {
    request(Method::GET, url, None)
}

fn send<T>(method: Method, url: String, body: &impl Serialize) -> Request<T> {
    // Our own types hold nothing that JSON cannot say.
    request(
        method,
        url,
        Some(serde_json::to_string(body).unwrap_or_default()),
    )
}

fn delete(url: String) -> Ask {
    Ask {
        method: Method::DELETE,
        url,
        body: None,
    }
}

fn request<T>(method: Method, url: String, body: Option<String>) -> Request<T> {
    Request {
        ask: Ask { method, url, body },
        answer: PhantomData,
    }
}

pub(crate) fn session() -> Request<Session> {
    get("/api/session".to_owned())
}

pub(crate) fn sign_out() -> Ask {
    delete("/api/session".to_owned())
}

pub(crate) fn projects() -> Request<Page<Project>> {
    get("/api/projects".to_owned())
}

pub(crate) fn create_project(new: &NewProject) -> Request<Project> {
    send(Method::POST, "/api/projects".to_owned(), new)
}

/// What a cluster serves beyond Kubernetes itself: the language server reads it, nobody else.
pub(crate) fn cluster_schemas(cluster: &str) -> Ask {
    Ask {
        method: Method::GET,
        url: format!("/api/clusters/{}/openapi", encode(cluster)),
        body: None,
    }
}

pub(crate) fn sets(project: &str) -> Request<Page<ResourceSet>> {
    get(format!("{}/sets", project_url(project)))
}

pub(crate) fn create_set(project: &str, new: &NewResourceSet) -> Request<ResourceSet> {
    send(Method::POST, format!("{}/sets", project_url(project)), new)
}

pub(crate) fn environments(project: &str) -> Request<Page<Environment>> {
    get(format!("{}/environments", project_url(project)))
}

pub(crate) fn put_environment(
    project: &str,
    name: &str,
    put: &PutEnvironment,
) -> Request<Environment> {
    let url = format!("{}/environments/{}", project_url(project), encode(name));
    send(Method::PUT, url, put)
}

pub(crate) fn clusters() -> Request<Page<Cluster>> {
    get("/api/clusters".to_owned())
}

/// What runs in the environment goes on running.
pub(crate) fn remove_environment(project: &str, name: &str) -> Ask {
    delete(format!(
        "{}/environments/{}",
        project_url(project),
        encode(name)
    ))
}

pub(crate) fn add_cluster(new: &NewCluster) -> Request<Cluster> {
    send(Method::POST, "/api/clusters".to_owned(), new)
}

pub(crate) fn users() -> Request<Page<UserAccount>> {
    get("/api/users".to_owned())
}

pub(crate) fn add_user(new: &NewUser) -> Request<UserAccount> {
    send(Method::POST, "/api/users".to_owned(), new)
}

pub(crate) fn put_user(user: &str, put: &PutUser) -> Request<UserAccount> {
    send(Method::PUT, user_url(user), put)
}

pub(crate) fn sign_in_link(user: &str) -> Request<SignInLink> {
    let url = format!("{}/sign-in-links", user_url(user));
    send(Method::POST, url, &serde_json::Map::new())
}

/// Signs a user out everywhere.
pub(crate) fn end_credentials(user: &str) -> Ask {
    delete(format!("{}/credentials", user_url(user)))
}

pub(crate) fn members(project: &str) -> Request<Page<Member>> {
    get(format!("{}/members", project_url(project)))
}

pub(crate) fn put_member(project: &str, user: &str, role: Role) -> Request<Member> {
    let url = format!("{}/members/{}", project_url(project), encode(user));
    send(Method::PUT, url, &PutMember { role })
}

pub(crate) fn remove_member(project: &str, user: &str) -> Ask {
    delete(format!("{}/members/{}", project_url(project), encode(user)))
}

/// What was done on this server or in a project, newest first, from `after` on.
pub(crate) fn audit(project: Option<&str>, after: Option<&str>) -> Request<Page<Act>> {
    let mut url = match project {
        Some(project) => format!("{}/audit", project_url(project)),
        None => "/api/audit".to_owned(),
    };
    if let Some(after) = after {
        url.push_str("?after=");
        url.push_str(&encode(after));
    }
    get(url)
}

pub(crate) fn versions(project: &str, set: &str) -> Request<Page<Version>> {
    get(format!("{}/versions", set_url(project, set)))
}

pub(crate) fn version(project: &str, set: &str, version: &str) -> Request<VersionFiles> {
    get(format!(
        "{}/versions/{}",
        set_url(project, set),
        encode(version)
    ))
}

pub(crate) fn push_version(project: &str, set: &str, push: &PushVersion) -> Request<PushedVersion> {
    send(
        Method::POST,
        format!("{}/versions", set_url(project, set)),
        push,
    )
}

pub(crate) fn compare(project: &str, set: &str, from: &str, to: &str) -> Request<Comparison> {
    let set = set_url(project, set);
    get(format!(
        "{set}/versions/{}/compare/{}",
        encode(from),
        encode(to)
    ))
}

pub(crate) fn status(project: &str, set: &str) -> Request<Page<EnvironmentStatus>> {
    get(format!("{}/status", set_url(project, set)))
}

pub(crate) fn live(project: &str, set: &str, environment: &str) -> Request<LiveStatus> {
    get(format!(
        "{}/environments/{}/live",
        set_url(project, set),
        encode(environment)
    ))
}

pub(crate) fn preview(project: &str, set: &str, new: &NewPreview) -> Request<Preview> {
    send(
        Method::POST,
        format!("{}/previews", set_url(project, set)),
        new,
    )
}

pub(crate) fn start_deploy(project: &str, set: &str, new: &NewDeploy) -> Request<Deploy> {
    send(
        Method::POST,
        format!("{}/deploys", set_url(project, set)),
        new,
    )
}

/// The deploys of a set, newest first.
pub(crate) fn deploys(project: &str, set: &str) -> Request<Page<Deploy>> {
    get(format!("{}/deploys", set_url(project, set)))
}

pub(crate) fn recent_deploys() -> Request<Page<Deploy>> {
    get("/api/deploys".to_owned())
}

pub(crate) fn cancel_deploy(id: &str) -> Request<Deploy> {
    let url = format!("/api/deploys/{}/cancel", encode(id));
    send(Method::POST, url, &serde_json::Map::new())
}

/// Where the events of a deploy are streamed from.
pub(crate) fn deploy_events_url(id: &str) -> String {
    format!("/api/deploys/{}/events", encode(id))
}

pub(crate) fn search(query: &str) -> Request<Page<SearchHit>> {
    get(format!("/api/search?q={}", encode(query)))
}

pub(crate) fn tokens() -> Request<Page<Token>> {
    get("/api/tokens".to_owned())
}

pub(crate) fn create_token(new: &NewToken) -> Request<CreatedToken> {
    send(Method::POST, "/api/tokens".to_owned(), new)
}

pub(crate) fn revoke_token(id: &str) -> Ask {
    delete(format!("/api/tokens/{}", encode(id)))
}

fn user_url(user: &str) -> String {
    format!("/api/users/{}", encode(user))
}

fn project_url(project: &str) -> String {
    format!("/api/projects/{}", encode(project))
}

fn set_url(project: &str, set: &str) -> String {
    format!("{}/sets/{}", project_url(project), encode(set))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_encoded_in_addresses() {
        let ask = compare("a/b", "web", "v1", "v 2").into_ask();
        assert_eq!(
            ask.url,
            "/api/projects/a%2Fb/sets/web/versions/v1/compare/v%202"
        );
        assert_eq!(ask.body, None);
    }

    #[test]
    fn messages_are_shown_as_sentences() {
        assert_eq!(
            sentence("there is no project `demo`"),
            "There is no project `demo`."
        );
        assert_eq!(sentence("Is it?"), "Is it?");
        assert_eq!(sentence(""), "");
        assert_eq!(sentence("app.yaml, line 2: no"), "app.yaml, line 2: no.");
    }

    #[test]
    fn what_is_no_json_is_no_answer() {
        let answer = read::<Session>("<html>");
        assert_eq!(answer, Err(ApiFailure::Unreachable));
    }
}
