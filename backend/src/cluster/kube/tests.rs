//! Requests to a server that answers what API servers were seen to answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

use super::*;
use crate::cluster::as_person;

const PODS: &str = r#"{"kind":"Status","status":"Failure","reason":"Forbidden","code":403,"message":"pods \"a\" is forbidden: error looking up service account shop/default: serviceaccount \"default\" not found"}"#;
const QUOTA: &str = r#"{"kind":"Status","status":"Failure","reason":"Forbidden","code":403,"message":"configmaps \"a\" is forbidden: status unknown for quota: small, resources: count/configmaps"}"#;
const STARTING: &str = r#"{"kind":"Status","status":"Failure","reason":"ServiceUnavailable","code":503,"message":"the request has been made before all known HTTP paths have been installed, please try again","details":{"retryAfterSeconds":0}}"#;
const WEBHOOK: &str = r#"{"kind":"Status","status":"Failure","reason":"InternalError","code":500,"message":"Internal error occurred: failed calling webhook \"check.example.com\": failed to call webhook: Post \"https://check.example.svc:443/?timeout=10s\": context deadline exceeded"}"#;
const DONE: &str = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop","uid":"u","resourceVersion":"7"}}"#;

#[tokio::test]
async fn what_passes_is_tried_again() {
    for first in [
        (403, QUOTA),
        (403, PODS),
        (503, STARTING),
        (500, WEBHOOK),
        (429, "Too many requests, please try again later."),
        (
            500,
            r#"{"kind":"Status","message":"etcdserver: request timed out"}"#,
        ),
    ] {
        let server = Server::that_answers(&[first, (201, DONE)]).await;

        let applied = server.apply().await;

        assert!(applied.is_ok_and(|it| it.created), "{first:?}");
        assert_eq!(server.asked().len(), 2, "{first:?}");
    }
}

#[tokio::test]
async fn what_stays_is_not() {
    for (first, told) in [
        (
            (
                403,
                r#"{"kind":"Status","reason":"Forbidden","message":"configmaps \"a\" is forbidden: exceeded quota: small"}"#,
            ),
            "configmaps \"a\" is forbidden: exceeded quota: small",
        ),
        (
            (
                401,
                r#"{"kind":"Status","reason":"Unauthorized","message":"Unauthorized"}"#,
            ),
            "the cluster does not accept KUN's credential: renew it",
        ),
        (
            (
                413,
                r#"{"kind":"Status","reason":"RequestEntityTooLarge","message":"Request entity too large: limit is 3145728"}"#,
            ),
            "Request entity too large: limit is 3145728",
        ),
        (
            (
                422,
                r#"{"kind":"Status","reason":"Invalid","message":"ConfigMap \"a\" is invalid: data: Forbidden: field is immutable when `immutable` is set","details":{"causes":[{"reason":"FieldValueForbidden","message":"Forbidden: field is immutable when `immutable` is set","field":"data"}]}}"#,
            ),
            "data: Forbidden: field is immutable when `immutable` is set",
        ),
        (
            (
                500,
                r#"{"kind":"Status","message":"etcdserver: request is too large"}"#,
            ),
            "etcdserver: request is too large",
        ),
    ] {
        let server = Server::that_answers(&[first, (201, DONE)]).await;

        let refused = server.apply().await.unwrap_err();

        assert_eq!(refused.about(&target().id()), told);
        assert_eq!(server.asked().len(), 1, "{first:?}");
    }
}

#[tokio::test]
async fn an_apply_says_who_asks_and_how_long() {
    let server = Server::that_answers(&[(201, DONE)]).await;

    server.apply().await.unwrap();

    assert_eq!(
        server.asked(),
        [
            "PATCH /api/v1/namespaces/shop/configmaps/a?fieldManager=kun&fieldValidation=Strict&force=false&timeout=14s \
          as alice application/apply-patch+yaml"
        ]
    );
}

#[tokio::test]
async fn a_kind_that_is_defined_later_is_found_at_once() {
    const KINDS: &str = r#"{"kind":"APIResourceList","groupVersion":"example.com/v1","resources":[
        {"name":"widgets","kind":"Widget","namespaced":true}]}"#;
    let server = Server::that_answers(&[(404, "404 page not found\n"), (200, KINDS)]).await;

    let resource = || server.cluster.resource("example.com/v1", "Widget");

    assert_eq!(resource().await.unwrap(), None);
    assert!(resource().await.unwrap().is_some());
    assert!(resource().await.unwrap().is_some(), "it is remembered");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_kind_may_be_served_in_another_version_than_its_group_prefers() {
    const GROUP: &str = r#"{"kind":"APIGroup","name":"example.com",
        "versions":[{"groupVersion":"example.com/v1"},{"groupVersion":"example.com/v1alpha1"}],
        "preferredVersion":{"groupVersion":"example.com/v1"}}"#;
    const OTHERS: &str =
        r#"{"kind":"APIResourceList","groupVersion":"example.com/v1","resources":[]}"#;
    const KINDS: &str = r#"{"kind":"APIResourceList","groupVersion":"example.com/v1alpha1","resources":[
        {"name":"widgets","kind":"Widget","namespaced":true}]}"#;
    let server = Server::that_answers(&[(200, GROUP), (200, OTHERS), (200, KINDS)]).await;

    let widget = GroupKind::parse("Widget.example.com");
    let found = server.cluster.preferred(&widget).await.unwrap();

    let api_version = found.map(|it| it.api_version);
    assert_eq!(api_version.as_deref(), Some("example.com/v1alpha1"));
}

#[tokio::test]
async fn a_watch_that_is_too_old_says_so() {
    const GONE: &str = r#"{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old resource version: 1 (9)","reason":"Expired","code":410}}"#;
    const BOOKMARK: &str = r#"{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"8","creationTimestamp":null}}}"#;
    let events = format!("{BOOKMARK}\n{GONE}\n");
    let server = Server::that_answers(&[(200, &events)]).await;
    let query = Query {
        resource: target().resource,
        namespace: Some("shop".to_owned()),
        labels: String::new(),
        fields: String::new(),
    };

    let mut seen = server.cluster.watch(&query, "1").await.unwrap();

    assert!(seen.next().await.unwrap().unwrap_err().is_gone());
}

/// A server that gives its answers one after the other.
struct Server {
    cluster: Arc<dyn Cluster>,
    script: Arc<Script>,
}

#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<(u16, String)>>,
    asked: Mutex<Vec<String>>,
}

impl Server {
    async fn that_answers(answers: &[(u16, &str)]) -> Self {
        let answers = answers
            .iter()
            .map(|(code, body)| (*code, (*body).to_owned()));
        let script = Arc::new(Script {
            answers: Mutex::new(answers.collect()),
            ..Script::default()
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let kubeconfig = format!(
            "clusters: [{{name: c, cluster: {{server: 'http://{address}'}}}}]\n\
             users: [{{name: u, user: {{token: t}}}}]\n\
             contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n\
             current-context: c\n"
        );
        let patience = Duration::from_secs(30);
        let cluster = as_person(&kubeconfig, Acting::AsThePerson, "alice", patience).await;
        Self { cluster, script }
    }

    async fn apply(&self) -> Result<Applied, ClusterError> {
        let how = Apply {
            manager: "kun".to_owned(),
            mode: Mode::Store,
            conflicts: Conflicts::Report,
        };
        self.cluster.apply(&target(), &json!({}), &how).await
    }

    fn asked(&self) -> Vec<String> {
        self.script.asked.lock().unwrap().clone()
    }
}

async fn answer(State(script): State<Arc<Script>>, request: Request) -> Response {
    let header = |name: &str| {
        let value = request.headers().get(name);
        value
            .and_then(|it| it.to_str().ok())
            .unwrap_or("-")
            .to_owned()
    };
    let (user, media) = (header("impersonate-user"), header("content-type"));
    let asked = format!("{} {} as {user} {media}", request.method(), request.uri());
    script.asked.lock().unwrap().push(asked);
    let next = script.answers.lock().unwrap().pop_front();
    let (code, body) = next.unwrap_or((500, "nothing is left to answer".to_owned()));
    (StatusCode::from_u16(code).unwrap(), body).into_response()
}

fn target() -> Target {
    Target {
        resource: Resource {
            api_version: "v1".to_owned(),
            kind: "ConfigMap".to_owned(),
            plural: "configmaps".to_owned(),
            namespaced: true,
        },
        namespace: Some("shop".to_owned()),
        name: "a".to_owned(),
    }
}
