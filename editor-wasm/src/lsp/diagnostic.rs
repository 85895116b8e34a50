//! Problems as the worker tells them. A file can have thousands and each key brings all of them
//! again, so that only their places are read at once; their words stay with the browser until they
//! are shown.

use std::rc::Rc;

use js_sys::{Array, JSON};
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::protocol::{Location, Position, Range, Severity, is_of_web, list, text};

/// One complaint about a file.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The place, in the newest text that the server has seen.
    pub range: Range,
    /// How bad it is.
    pub severity: Severity,
    sent: Sent,
}

impl Diagnostic {
    fn read(sent: Sent) -> Self {
        let range = sent.range();
        let position = |place: SentPlace| Position {
            line: place.line(),
            character: place.character(),
        };
        Self {
            range: Range {
                start: position(range.start()),
                end: position(range.end()),
            },
            severity: Severity::of(sent.severity().unwrap_or(1)),
            sent,
        }
    }

    /// A sentence.
    pub fn message(&self) -> String {
        self.sent.message()
    }

    /// A word for machines, such as `unknown-field`.
    pub fn code(&self) -> String {
        self.sent.code().unwrap_or_default()
    }

    /// What is the matter beside the complaint, if anything.
    pub fn tag(&self) -> Option<Tag> {
        match self.sent.tags()?.get(0).as_f64()? {
            1.0 => Some(Tag::Unnecessary),
            2.0 => Some(Tag::Deprecated),
            _ => None,
        }
    }

    /// Other places that belong to it, and what each has to do with it.
    pub fn related(&self) -> Vec<(Location, Rc<str>)> {
        let sent = self.sent.related().map(|it| JSON::stringify(&it));
        let sent = sent.and_then(Result::ok).and_then(|it| it.as_string());
        let sent = sent.and_then(|it| serde_json::from_str::<Value>(&it).ok());
        let read =
            |one: &Value| Some((Location::read(one.get("location")?)?, text(one, "message")));
        list(sent.as_ref(), read)
    }

    /// Where the rule is explained.
    pub fn link(&self) -> Option<String> {
        let link = self.sent.description().map(|it| it.href());
        link.filter(|it| is_of_web(it))
    }
}

/// What a text is besides being complained of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// It does nothing.
    Unnecessary,
    /// It will not work for long.
    Deprecated,
}

/// What the server says about a file.
pub(super) struct Published {
    pub(super) uri: Rc<str>,
    /// The version of the text that it is about.
    pub(super) version: Option<i32>,
    pub(super) found: Array,
}

impl Published {
    /// Reads a message; `None` if it is about something else.
    pub(super) fn read(message: &JsValue) -> Option<Self> {
        let message: &Message = message.unchecked_ref();
        if message.method()? != "textDocument/publishDiagnostics" {
            return None;
        }
        let params = message.params();
        Some(Self {
            uri: params.uri().into(),
            version: params.version(),
            found: params.diagnostics(),
        })
    }

    /// The problems.
    pub(super) fn diagnostics(&self) -> Rc<[Diagnostic]> {
        let sent = self.found.iter();
        sent.map(|it| Diagnostic::read(it.unchecked_into()))
            .collect()
    }
}

#[wasm_bindgen]
extern "C" {
    type Message;

    #[wasm_bindgen(method, getter)]
    fn method(this: &Message) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn params(this: &Message) -> Params;

    type Params;

    #[wasm_bindgen(method, getter)]
    fn uri(this: &Params) -> String;

    #[wasm_bindgen(method, getter)]
    fn version(this: &Params) -> Option<i32>;

    #[wasm_bindgen(method, getter)]
    fn diagnostics(this: &Params) -> Array;

    #[derive(Debug, Clone)]
    type Sent;

    #[wasm_bindgen(method, getter)]
    fn range(this: &Sent) -> SentRange;

    #[wasm_bindgen(method, getter)]
    fn severity(this: &Sent) -> Option<u32>;

    #[wasm_bindgen(method, getter)]
    fn message(this: &Sent) -> String;

    #[wasm_bindgen(method, getter)]
    fn code(this: &Sent) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn tags(this: &Sent) -> Option<Array>;

    #[wasm_bindgen(method, getter, js_name = relatedInformation)]
    fn related(this: &Sent) -> Option<Array>;

    #[wasm_bindgen(method, getter, js_name = codeDescription)]
    fn description(this: &Sent) -> Option<Description>;

    type Description;

    #[wasm_bindgen(method, getter)]
    fn href(this: &Description) -> String;

    type SentRange;

    #[wasm_bindgen(method, getter)]
    fn start(this: &SentRange) -> SentPlace;

    #[wasm_bindgen(method, getter)]
    fn end(this: &SentRange) -> SentPlace;

    type SentPlace;

    #[wasm_bindgen(method, getter)]
    fn line(this: &SentPlace) -> u32;

    #[wasm_bindgen(method, getter)]
    fn character(this: &SentPlace) -> u32;
}
