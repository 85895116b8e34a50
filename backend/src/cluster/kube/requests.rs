//! One request over `kube`, with what its own helpers drop: warnings and `Retry-After`.

use std::error::Error;
use std::fmt::Write;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use deploy_core::status::Status;
use futures::StreamExt;
use kube::Client;
use serde_json::Value;

/// Why there is no answer.
pub(super) enum Failure {
    /// None came; the reason is a part of a sentence.
    Unanswered(String),
    /// It is longer than was asked for.
    TooLong,
}

/// What a server answered, whatever its status.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: String,
    pub(super) warnings: Vec<String>,
    retry_after: Option<String>,
}

impl Answer {
    /// What a status of 400 or above says.
    pub(super) fn refusal(&self) -> Status {
        Status::parse(
            self.status.as_u16(),
            &self.body,
            self.retry_after.as_deref(),
        )
    }
}

/// Sends a request and reads its answer, of `most` bytes at most.
pub(super) async fn read(
    client: &Client,
    request: Request<Vec<u8>>,
    most: usize,
) -> Result<Answer, Failure> {
    let request = request.map(kube::client::Body::from);
    let sent = client.send(request).await;
    let response = sent.map_err(|error| Failure::Unanswered(reason(&error)))?;
    let (parts, body) = response.into_parts();
    let bytes = collect(Body::new(body), most).await?;
    Ok(Answer {
        status: parts.status,
        body: String::from_utf8_lossy(&bytes).into_owned(),
        warnings: warnings(&parts.headers),
        retry_after: text(&parts.headers, header::RETRY_AFTER.as_str()),
    })
}

async fn collect(body: Body, most: usize) -> Result<Vec<u8>, Failure> {
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| Failure::Unanswered(innermost(&error)))?;
        if bytes.len() + chunk.len() > most {
            return Err(Failure::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Writes an object so that a reader of YAML sees what a reader of JSON does. API servers read the
/// body of an apply as YAML, which refuses some characters and takes others for the end of a line.
pub(super) fn as_yaml(object: &Value) -> String {
    let json = object.to_string();
    let is_strange = |it: char| {
        matches!(
            it,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    if !json.contains(is_strange) {
        return json;
    }
    json.chars()
        .fold(String::with_capacity(json.len()), |mut acc, it| {
            if is_strange(it) {
                let _ = write!(acc, "\\u{:04x}", u32::from(it));
            } else {
                acc.push(it);
            }
            acc
        })
}

/// Why no answer came, in the words of the innermost error: the outer ones only repeat it.
pub(super) fn reason(error: &kube::Error) -> String {
    innermost(error)
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Reads `Warning: 299 - "text"`.
fn warnings(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::WARNING).iter();
    values
        .filter_map(|value| {
            let text = value.to_str().ok()?;
            let (_, quoted) = text.split_once('"')?;
            let inner = quoted.rsplit_once('"').map_or(quoted, |(inner, _)| inner);
            Some(inner.replace("\\\"", "\""))
        })
        .collect()
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_yaml_reads_otherwise_are_escaped() {
        let object = serde_json::json!({"data": {"a\u{85}": "\u{7f}\u{2028}\u{1f600}\u{e9}\n"}});

        let text = as_yaml(&object);

        assert_eq!(
            text,
            "{\"data\":{\"a\\u0085\":\"\\u007f\\u2028\u{1f600}\u{e9}\\n\"}}"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), object);
    }

    #[test]
    fn warnings_are_taken_out_of_their_quotes() {
        let mut headers = HeaderMap::new();
        let value = r#"299 - "unknown field \"spec.foo\"""#;
        headers.append(header::WARNING, value.parse().unwrap());

        assert_eq!(warnings(&headers), ["unknown field \"spec.foo\""]);
    }
}
