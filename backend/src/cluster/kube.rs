//! Clusters over `kube`: requests as a person, repeated when that may help.
//!
//! One pool of connections serves all people of a cluster: who asks stands in the headers of each
//! request. `kube`'s own retry is off, since it waits for minutes and repeats what it should not.

mod requests;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use deploy_core::GroupKind;
use deploy_core::classify::{Advice, backoff, classify};
use deploy_core::status::Status;
use futures::StreamExt;
use futures::stream::BoxStream;
use kube::core::WatchEvent;
use kube::{Client, Config};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::cluster::discovery::{self, Kinds};
use crate::cluster::openapi::Documents;
use crate::cluster::{
    Access, Acting, Applied, Apply, Cluster, ClusterError, Conflicts, Listed, LogSource, Mode,
    Query, Resource, Seen, Target, url,
};

use requests::{Answer, Failure, read};

/// One request; an API server whose database hangs answers after half a minute only.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// The same for the server: it gives up before nobody listens, and then names what it waited for.
const SERVER_TIMEOUT: &str = "14s";
/// How long a watch lasts: whoever follows it looks at everything again soon after.
const WATCH_SECONDS: &str = "60";
/// How long a refusal is repeated that only says that the server is a moment behind.
const BEHIND: Duration = Duration::from_secs(5);
/// Requests to one cluster at the same time; more gain nothing.
const IN_FLIGHT: usize = 16;
/// The largest answer that is read: a list of some thousand objects.
const MAX_BYTES: usize = 256 * 1024 * 1024;
/// How long after a broken connection a 403 is not believed: a server that starts refuses what it
/// allows.
const DOUBT: Duration = Duration::from_secs(30);

/// An API server and the credential for it.
pub(super) struct Server {
    name: String,
    client: Client,
    acting: Acting,
    kinds: Kinds,
    pub(super) documents: Documents,
    permits: Semaphore,
    last_break: Mutex<Option<Instant>>,
}

impl Server {
    pub(super) fn new(
        name: &str,
        mut config: Config,
        acting: Acting,
    ) -> Result<Self, ClusterError> {
        config.default_retry = false;
        config.connect_timeout = Some(Duration::from_secs(5));
        config.read_timeout = None;
        let client = Client::try_from(config)
            .map_err(|error| ClusterError::Kubeconfig(error.to_string()))?;
        Ok(Self {
            name: name.to_owned(),
            client,
            acting,
            kinds: Kinds::default(),
            documents: Documents::default(),
            permits: Semaphore::new(IN_FLIGHT),
            last_break: Mutex::default(),
        })
    }

    /// Fails if the credential is somebody else's own: it would lend `user` their rights.
    pub(super) fn admit(&self, user: &str) -> Result<(), ClusterError> {
        match &self.acting {
            Acting::AsOwner(owner) if owner != user => Err(ClusterError::OfSomebodyElse {
                cluster: self.name.clone(),
                owner: owner.clone(),
            }),
            Acting::AsOwner(_) | Acting::AsThePerson => Ok(()),
        }
    }

    fn note_break(&self) {
        let mut last = self
            .last_break
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *last = Some(Instant::now());
    }

    fn broke_lately(&self) -> bool {
        let last = self
            .last_break
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|at| at.elapsed() < DOUBT)
    }

    pub(super) fn unreachable(&self, reason: impl Into<String>) -> ClusterError {
        ClusterError::Unreachable {
            cluster: self.name.clone(),
            reason: reason.into(),
        }
    }

    pub(super) fn unreadable(&self, reason: &impl ToString) -> ClusterError {
        ClusterError::Unreadable {
            cluster: self.name.clone(),
            reason: reason.to_string(),
        }
    }
}

/// Whom a cluster is asked to act as.
pub(super) struct Person(HeaderValue);

impl Person {
    /// A name that cannot stand in a header, or that would name one of the cluster's own parts, is
    /// refused.
    pub(super) fn new(name: &str) -> Result<Self, ClusterError> {
        let refused =
            || ClusterError::Kubeconfig(format!("`{name}` cannot be a user of a cluster"));
        if name.is_empty() || name.starts_with("system:") {
            return Err(refused());
        }
        HeaderValue::from_str(name).map(Self).map_err(|_| refused())
    }
}

/// A cluster as one person.
pub(super) struct KubeCluster {
    server: Arc<Server>,
    person: Person,
    patience: Duration,
}

/// Whether a refusal that looks passing is repeated.
struct Attempts {
    begin: Instant,
    deadline: Instant,
    count: u32,
    doubted: bool,
}

impl KubeCluster {
    pub(super) fn new(server: Arc<Server>, person: Person, patience: Duration) -> Self {
        Self {
            server,
            person,
            patience,
        }
    }

    fn request(&self, method: Method, path: &str, body: Vec<u8>) -> Request<Vec<u8>> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        // Paths are made by `url`, which encodes whatever a person may name.
        *request.uri_mut() = path.parse().unwrap_or_default();
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if self.server.acting == Acting::AsThePerson {
            headers.insert("impersonate-user", self.person.0.clone());
        }
        request
    }

    fn with_json(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        media: &'static str,
    ) -> Request<Vec<u8>> {
        self.with_body(method, path, body.to_string(), media)
    }

    fn with_body(
        &self,
        method: Method,
        path: &str,
        body: String,
        media: &'static str,
    ) -> Request<Vec<u8>> {
        let mut request = self.request(method, path, body.into_bytes());
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        request
    }

    fn get_request(&self, path: &str) -> Request<Vec<u8>> {
        self.request(Method::GET, path, Vec::new())
    }

    /// Sends a request until it is answered for good, or time is over.
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Answer, ClusterError> {
        self.send_for(request, MAX_BYTES).await
    }

    /// As [`Self::send`], for an answer of `most` bytes at most.
    async fn send_for(
        &self,
        request: Request<Vec<u8>>,
        most: usize,
    ) -> Result<Answer, ClusterError> {
        let mut attempts = Attempts {
            begin: Instant::now(),
            deadline: Instant::now() + self.patience,
            count: 0,
            doubted: false,
        };
        loop {
            let (error, pause) = match self.send_once(request.clone(), most).await {
                Ok(answer) if answer.status.is_success() => return Ok(answer),
                Ok(answer) => self.judge(&answer, &mut attempts)?,
                Err(Failure::TooLong) => {
                    let reason = format!("it is longer than {} MB", most / 1_000_000);
                    return Err(self.server.unreadable(&reason));
                }
                Err(Failure::Unanswered(reason)) => {
                    self.server.note_break();
                    (self.server.unreachable(reason), Duration::ZERO)
                }
            };
            let pause = pause.max(backoff(attempts.count, rand::random()));
            attempts.count += 1;
            if Instant::now() + pause >= attempts.deadline {
                return Err(error);
            }
            tokio::time::sleep(pause).await;
            if self.server.broke_lately() {
                self.wait_until_ready(attempts.deadline).await;
            }
        }
    }

    async fn send_once(&self, request: Request<Vec<u8>>, most: usize) -> Result<Answer, Failure> {
        let permit = self.server.permits.acquire().await;
        let answer = read(&self.server.client, request, most);
        let sent = tokio::time::timeout(REQUEST_TIMEOUT, answer).await;
        drop(permit);
        match sent {
            Ok(answer) => answer,
            Err(_) => Err(Failure::Unanswered(format!(
                "no answer within {} seconds",
                REQUEST_TIMEOUT.as_secs()
            ))),
        }
    }

    /// Reads what the server publishes about itself, such as `/openapi/v3`.
    pub(super) async fn published(&self, path: &str, most: usize) -> Result<String, ClusterError> {
        let answer = self.send_for(self.get_request(path), most).await?;
        Ok(answer.body)
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// Returns the refusal and the pause after which it is worth another try, or the refusal as the
    /// last word.
    fn judge(
        &self,
        answer: &Answer,
        attempts: &mut Attempts,
    ) -> Result<(ClusterError, Duration), ClusterError> {
        let status = answer.refusal();
        let advice = classify(&status);
        let refused = ClusterError::Refused(Box::new(status));
        match advice {
            Advice::Retry { after } => Ok((refused, after.unwrap_or_default())),
            Advice::RetryOnce if self.server.broke_lately() && !attempts.doubted => {
                attempts.doubted = true;
                Ok((refused, Duration::from_secs(1)))
            }
            Advice::RetryShortly if attempts.begin.elapsed() < BEHIND => {
                Ok((refused, Duration::ZERO))
            }
            Advice::RetryOnce | Advice::RetryShortly | Advice::GiveUp => Err(refused),
        }
    }

    /// Waits until the server says that it is ready, or says nothing of the kind.
    async fn wait_until_ready(&self, deadline: Instant) {
        let mut count = 0;
        while Instant::now() < deadline {
            let mut request = self.get_request("/readyz");
            request.headers_mut().remove("impersonate-user");
            match self.send_once(request, MAX_BYTES).await {
                Ok(answer) if answer.status.as_u16() < 500 => return,
                Ok(_) | Err(_) => tokio::time::sleep(backoff(count, rand::random())).await,
            }
            count += 1;
        }
    }

    async fn json(&self, request: Request<Vec<u8>>) -> Result<Value, ClusterError> {
        let answer = self.send(request).await?;
        serde_json::from_str(&answer.body).map_err(|error| self.server.unreadable(&error))
    }

    /// Returns `None` where there is nothing.
    async fn json_if_found(&self, path: &str) -> Result<Option<Value>, ClusterError> {
        match self.json(self.get_request(path)).await {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.status().is_some_and(|it| it.code == 404) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn ask_for_kinds(&self, api_version: &str) -> Result<Vec<Resource>, ClusterError> {
        let list = self.json_if_found(&url::group_version(api_version)).await?;
        let resources = list.map_or_else(Vec::new, |list| discovery::resources(api_version, &list));
        self.server.kinds.remember(api_version, resources.clone());
        Ok(resources)
    }
}

#[async_trait]
impl Cluster for KubeCluster {
    async fn resource(
        &self,
        api_version: &str,
        kind: &str,
    ) -> Result<Option<Resource>, ClusterError> {
        let find = |served: Vec<Resource>| served.into_iter().find(|it| it.kind == kind);
        let remembered = self.server.kinds.remembered(api_version);
        match remembered.and_then(find) {
            Some(resource) => Ok(Some(resource)),
            // Somebody may have defined it since.
            None => Ok(find(self.ask_for_kinds(api_version).await?)),
        }
    }

    async fn preferred(&self, kind: &GroupKind) -> Result<Option<Resource>, ClusterError> {
        let Some(path) = discovery::group_path(kind) else {
            return self.resource("v1", &kind.kind).await;
        };
        let group = self.json_if_found(&path).await?;
        for version in group.as_ref().map(discovery::versions).unwrap_or_default() {
            if let Some(resource) = self.resource(&version, &kind.kind).await? {
                return Ok(Some(resource));
            }
        }
        Ok(None)
    }

    async fn apply(
        &self,
        target: &Target,
        object: &Value,
        how: &Apply,
    ) -> Result<Applied, ClusterError> {
        let force = match how.conflicts {
            Conflicts::Report => "false",
            Conflicts::TakeOver => "true",
        };
        let dry_run = match how.mode {
            Mode::Store => "",
            Mode::DryRun => "All",
        };
        let parameters = [
            ("fieldManager", how.manager.as_str()),
            ("fieldValidation", "Strict"),
            ("force", force),
            ("dryRun", dry_run),
            ("timeout", SERVER_TIMEOUT),
        ];
        let path = url::with_parameters(&url::object(target), &parameters);
        let body = requests::as_yaml(object);
        let request = self.with_body(Method::PATCH, &path, body, "application/apply-patch+yaml");
        let answer = self.send(request).await?;
        let object =
            serde_json::from_str(&answer.body).map_err(|error| self.server.unreadable(&error))?;
        Ok(Applied {
            object,
            created: answer.status == StatusCode::CREATED,
            warnings: answer.warnings,
        })
    }

    async fn set_managers(
        &self,
        target: &Target,
        live: &Value,
        managers: Value,
    ) -> Result<(), ClusterError> {
        let version = live.pointer("/metadata/resourceVersion");
        let change = json!([
            {"op": "replace", "path": "/metadata/managedFields", "value": managers},
            {"op": "replace", "path": "/metadata/resourceVersion", "value": version},
        ]);
        let path = url::object(target);
        let media = "application/json-patch+json";
        self.send(self.with_json(Method::PATCH, &path, &change, media))
            .await?;
        Ok(())
    }

    async fn get(&self, target: &Target) -> Result<Option<Value>, ClusterError> {
        self.json_if_found(&url::object(target)).await
    }

    async fn delete(&self, target: &Target, uid: &str) -> Result<(), ClusterError> {
        let options = json!({
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "propagationPolicy": "Background",
            "preconditions": { "uid": uid },
        });
        let path = url::object(target);
        let request = self.with_json(Method::DELETE, &path, &options, "application/json");
        match self.send(request).await {
            Ok(_) => Ok(()),
            Err(error) if error.status().is_some_and(|it| it.code == 404) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn list(&self, query: &Query) -> Result<Listed, ClusterError> {
        let mut list = self.json(self.get_request(&url::list(query))).await?;
        let version = list
            .pointer("/metadata/resourceVersion")
            .and_then(Value::as_str);
        let resource_version = version.unwrap_or_default().to_owned();
        let mut items = match list.get_mut("items").map(Value::take) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        // Items of a list carry neither; whoever reads them should not need to know.
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            item.insert(
                "apiVersion".to_owned(),
                query.resource.api_version.clone().into(),
            );
            item.insert("kind".to_owned(), query.resource.kind.clone().into());
        }
        Ok(Listed {
            items,
            resource_version,
        })
    }

    async fn watch(
        &self,
        query: &Query,
        from: &str,
    ) -> Result<BoxStream<'static, Result<Seen, ClusterError>>, ClusterError> {
        let parameters = [
            ("watch", "true"),
            ("resourceVersion", from),
            ("timeoutSeconds", WATCH_SECONDS),
        ];
        let path = url::with_parameters(&url::list(query), &parameters);
        let opened = self
            .server
            .client
            .request_events::<Value>(self.get_request(&path));
        let events = match tokio::time::timeout(REQUEST_TIMEOUT, opened).await {
            Ok(Ok(events)) => events,
            Ok(Err(error)) => return Err(self.of_kube(error)),
            Err(_) => return Err(self.server.unreachable("the watch was not answered")),
        };
        let server = Arc::clone(&self.server);
        let seen = events.filter_map(move |event| {
            let seen = match event {
                Ok(WatchEvent::Added(object) | WatchEvent::Modified(object)) => {
                    Some(Ok(Seen::Present(object)))
                }
                Ok(WatchEvent::Deleted(object)) => Some(Ok(Seen::Gone(object))),
                Ok(WatchEvent::Bookmark(_)) => None,
                Ok(WatchEvent::Error(status)) => Some(Err(refused(&status))),
                Err(error) => Some(Err(server.unreachable(requests::reason(&error)))),
            };
            std::future::ready(seen)
        });
        Ok(seen.boxed())
    }

    async fn may(&self, access: &Access) -> Result<bool, ClusterError> {
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": { "resourceAttributes": {
                "verb": access.verb,
                "group": access.group,
                "resource": access.plural,
                "namespace": access.namespace,
                "name": access.name,
            }},
        });
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        let request = self.with_json(Method::POST, path, &review, "application/json");
        let answer = self.json(request).await?;
        Ok(answer.pointer("/status/allowed") == Some(&Value::Bool(true)))
    }

    async fn log(&self, source: &LogSource) -> Result<String, ClusterError> {
        let path = format!(
            "/api/v1/namespaces/{}/pods/{}/log",
            url::encode(&source.namespace),
            url::encode(&source.pod)
        );
        let lines = source.lines.to_string();
        let previous = if source.previous { "true" } else { "" };
        let parameters = [
            ("container", source.container.as_str()),
            ("tailLines", &lines),
            ("limitBytes", "65536"),
            ("previous", previous),
        ];
        let path = url::with_parameters(&path, &parameters);
        Ok(self.send(self.get_request(&path)).await?.body)
    }
}

impl KubeCluster {
    fn of_kube(&self, error: kube::Error) -> ClusterError {
        match error {
            kube::Error::Api(status) => refused(&status),
            other => self.server.unreachable(requests::reason(&other)),
        }
    }
}

fn refused(status: &kube::core::Status) -> ClusterError {
    ClusterError::Refused(Box::new(Status {
        code: status.code,
        reason: status.reason.clone(),
        message: status.message.clone(),
        ..Status::default()
    }))
}
