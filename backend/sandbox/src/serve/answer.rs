//! Answers: JSON, tables, streams, failures.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::status::Failure;
use crate::table::Include;

pub(super) fn json(status: u16, value: &Value, warnings: &[String]) -> Response {
    let body = serde_json::to_vec(value).unwrap_or_default();
    typed(status, "application/json", body, warnings)
}

pub(super) fn typed(status: u16, media_type: &str, body: Vec<u8>, warnings: &[String]) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(media_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, private"),
    );
    for warning in warnings {
        let quoted = warning.replace('\\', "\\\\").replace('"', "\\\"");
        if let Ok(value) = HeaderValue::from_str(&format!("299 - \"{quoted}\"")) {
            headers.append(header::WARNING, value);
        }
    }
    response
}

pub(super) fn text(text: impl Into<String>) -> Response {
    typed(
        200,
        "text/plain; charset=utf-8",
        text.into().into_bytes(),
        &[],
    )
}

pub(super) fn failure(failure: &Failure) -> Response {
    if failure.plain {
        let body = failure.message.clone().into_bytes();
        return typed(failure.code, "text/plain; charset=utf-8", body, &[]);
    }
    let mut response = json(failure.code, &failure.body(), &[]);
    if let Some(seconds) = failure.retry_after
        && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// Events, one on a line, as they come.
pub(super) fn events(events: mpsc::Receiver<Value>) -> Response {
    let lines = ReceiverStream::new(events).map(|event| {
        let mut line = serde_json::to_vec(&event).unwrap_or_default();
        line.push(b'\n');
        Ok::<_, std::convert::Infallible>(Bytes::from(line))
    });
    let mut response = Response::new(Body::from_stream(lines));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, private"),
    );
    response
}

/// What of the `Accept` header matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Yaml,
    Table,
    /// Metadata only, of one object or a list.
    Partial,
    AggregatedDiscovery {
        beta: bool,
    },
}

/// Picks the first form of the `Accept` header that the server speaks.
pub(super) fn form(accept: &str) -> Result<Form, Failure> {
    if accept.trim().is_empty() {
        return Ok(Form::Json);
    }
    for part in accept.split(',') {
        let mut words = part.split(';').map(str::trim);
        let media = words.next().unwrap_or_default();
        let parameters: Vec<_> = words.collect();
        let has = |wanted: &str| parameters.contains(&wanted);
        match media {
            "application/json" | "*/*" | "application/*" => {
                if has("as=Table") && has("g=meta.k8s.io") && has("v=v1") {
                    return Ok(Form::Table);
                }
                if has("as=PartialObjectMetadata") || has("as=PartialObjectMetadataList") {
                    return Ok(Form::Partial);
                }
                if has("as=APIGroupDiscoveryList") {
                    return Ok(Form::AggregatedDiscovery {
                        beta: has("v=v2beta1"),
                    });
                }
                if !parameters.iter().any(|it| it.starts_with("as=")) {
                    return Ok(Form::Json);
                }
            }
            "application/yaml" if !parameters.iter().any(|it| it.starts_with("as=")) => {
                return Ok(Form::Yaml);
            }
            // What a browser asks for gets JSON as well.
            "text/html" | "text/*" | "text/plain" => return Ok(Form::Json),
            _ => {}
        }
    }
    Err(Failure::new(
        406,
        "NotAcceptable",
        "only the following media types are accepted: application/json, application/yaml",
    ))
}

/// How much of each object a table carries.
pub(super) fn include(query: &crate::request::Query) -> Include {
    Include::parse(query.get("includeObject"))
}
