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

/// A text that is JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Json(String);

impl Json {
    /// Any of the protocol's types as text.
    pub(crate) fn of(value: &impl Serialize) -> Self {
        // The protocol's types are maps with text keys, which cannot fail.
        Self(serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()))
    }

    /// An object with these members, in this order.
    pub(crate) fn object(members: &[(&str, &Self)]) -> Self {
        let mut text = String::from("{");
        for (name, value) in members {
            let comma = if text.len() > 1 { "," } else { "" };
            text.extend([comma, "\"", name, "\":", &value.0]);
        }
        text.push('}');
        Self(text)
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// A list of JSON while it is written: what is large is never there as anything else.
#[derive(Debug, Default)]
pub(crate) struct JsonList(String);

impl JsonList {
    pub(crate) fn push(&mut self, item: &impl Serialize) {
        self.push_json(&Json::of(item));
    }

    pub(crate) fn push_json(&mut self, item: &Json) {
        self.0.push(if self.0.is_empty() { '[' } else { ',' });
        self.0.push_str(&item.0);
    }

    pub(crate) fn finish(mut self) -> Json {
        if self.0.is_empty() {
            self.0.push('[');
        }
        self.0.push(']');
        Json(self.0)
    }
}

/// The answer to a request of the client.
pub(crate) fn answer(id: &Id, result: Result<&Json, &Error>) -> String {
    let id = Json::of(id);
    match result {
        Ok(result) => message(&[("id", &id), ("result", result)]),
        Err(error) => message(&[("id", &id), ("error", &Json::of(error))]),
    }
}

/// Something that the client should know.
pub(crate) fn notification(method: &str, params: &Json) -> String {
    message(&[("method", &Json::of(&method)), ("params", params)])
}

/// Something that the client is asked.
pub(crate) fn request(id: &Id, method: &str, params: Option<&Json>) -> String {
    let (id, method) = (Json::of(id), Json::of(&method));
    let params = params.map(|params| ("params", params));
    let members: Vec<_> = [("id", &id), ("method", &method)]
        .into_iter()
        .chain(params)
        .collect();
    message(&members)
}

fn message(members: &[(&str, &Json)]) -> String {
    let version = Json::of(&"2.0");
    let members = [&[("jsonrpc", &version)], members].concat();
    Json::object(&members).into_text()
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
