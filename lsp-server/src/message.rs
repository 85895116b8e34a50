//! JSON-RPC messages. Parameters and results stay text until somebody reads them.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use tower_lsp::jsonrpc::{Error, Id};

/// A message of the client.
pub(crate) enum Incoming {
    /// Something to be answered.
    Request {
        id: Id,
        method: String,
        params: Box<RawValue>,
    },
    /// Something to be known.
    Notification {
        method: String,
        params: Box<RawValue>,
    },
    /// The answer to a request of ours; without a result where the client could not.
    Response {
        id: Id,
        result: Option<Box<RawValue>>,
    },
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default, deserialize_with = "present")]
    id: Option<Id>,
    method: Option<String>,
    params: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "present")]
    result: Option<Box<RawValue>>,
    error: Option<Box<RawValue>>,
}

/// Tells `null` from nothing.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl Incoming {
    /// Reads a message.
    ///
    /// # Errors
    ///
    /// It is no JSON, or no message: the error that answers it.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let envelope = serde_json::from_str::<Envelope>(text).map_err(|error| {
            if error.is_data() {
                Error::invalid_request()
            } else {
                Error::parse_error()
            }
        })?;
        let params = envelope.params.unwrap_or_else(|| RawValue::NULL.to_owned());
        match (envelope.method, envelope.id) {
            (Some(method), Some(id)) => Ok(Self::Request { id, method, params }),
            (Some(method), None) => Ok(Self::Notification { method, params }),
            (None, Some(id)) if envelope.result.is_some() || envelope.error.is_some() => {
                Ok(Self::Response {
                    id,
                    result: envelope.result,
                })
            }
            (None, _) => Err(Error::invalid_request()),
        }
    }
}

/// A message to the client.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outgoing<'a> {
    jsonrpc: Version,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Error>,
}

#[derive(Default, Serialize)]
enum Version {
    #[default]
    #[serde(rename = "2.0")]
    Two,
}

impl<'a> Outgoing<'a> {
    /// The answer to a request of the client.
    pub(crate) fn answer(id: &'a Id, result: Result<&'a RawValue, &'a Error>) -> Self {
        Self {
            id: Some(id),
            result: result.ok(),
            error: result.err(),
            ..Self::default()
        }
    }

    /// Something that the client should know.
    pub(crate) fn notification(method: &'a str, params: &'a RawValue) -> Self {
        Self {
            method: Some(method),
            params: Some(params),
            ..Self::default()
        }
    }

    /// Something that the client is asked.
    pub(crate) fn request(id: &'a Id, method: &'a str, params: &'a RawValue) -> Self {
        Self {
            id: Some(id),
            ..Self::notification(method, params)
        }
    }

    /// The message as text.
    pub(crate) fn text(&self) -> String {
        // Made of texts and numbers only, which cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Any of the protocol's types as text.
pub(crate) fn raw(value: &impl Serialize) -> Box<RawValue> {
    // The protocol's types are maps with text keys, which cannot fail.
    serde_json::value::to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart_by_their_members() {
        check(r#"{"id":1,"method":"m"}"#, "request m null");
        check(
            r#"{"id":"a","method":"m","params":[1, 2]}"#,
            "request m [1, 2]",
        );
        check(r#"{"id":null,"method":"m"}"#, "request m null");
        check(r#"{"method":"m","params":{}}"#, "notification m {}");
        check(r#"{"id":1,"result":null}"#, "response 1 null");
        check(r#"{"id":1,"error":{"code":1}}"#, "response 1 nothing");
        check(r#"{"id":1}"#, "error -32600");
        check("[]", "error -32600");
        check("{", "error -32700");
        check("", "error -32700");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let read = match Incoming::parse(text) {
            Ok(Incoming::Request { method, params, .. }) => format!("request {method} {params}"),
            Ok(Incoming::Notification { method, params }) => {
                format!("notification {method} {params}")
            }
            Ok(Incoming::Response { id, result }) => {
                format!(
                    "response {id} {}",
                    result.map_or("nothing".into(), |it| it.to_string())
                )
            }
            Err(error) => format!("error {}", error.code.code()),
        };
        assert_eq!(read, expected);
    }
}
