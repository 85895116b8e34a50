//! Requests by id over the worker; restarts it when it dies.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::{Rc, Weak};

use editor_core::{ChangeSet, Text};
use gloo::timers::callback::Timeout;
use js_sys::{JSON, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use super::answer::{Answer, Asked, answer};
use super::diagnostic::{Diagnostic, Published};
use super::protocol::ObjectLens;
use super::sync;

/// The command by which a completion asks for the next list.
const RETRIGGER: &str = "editor.action.triggerSuggest";
/// The longest wait before the worker is started again, in milliseconds.
const LONGEST_WAIT: u32 = 30_000;

/// Where the parts of the language server stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LspOptions {
    /// URL of the worker's script.
    pub worker: String,
    /// URL of the schemas' structure.
    pub structure: String,
    /// URLs of the schemas' descriptions: of usual kinds, and of all else.
    pub descriptions: [String; 2],
}

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LspError {
    /// Another request or change made it pointless.
    Canceled,
    /// The worker died over it; it is not repeated.
    Died,
    /// The server said so.
    Failed(String),
}

/// How the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It answers.
    Fine,
    /// It died, and another one is being started.
    Restarting,
    /// That one is there.
    Restarted,
}

/// The diagnostics of one file.
pub type FileDiagnostics = (Rc<str>, Rc<[Diagnostic]>);

/// The language server, shared by all that want to ask it. Clones are the same server.
#[derive(Clone)]
pub struct LspClient(Rc<Inner>);

impl PartialEq for LspClient {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    options: LspOptions,
    connection: RefCell<Option<Connection>>,
    /// Whether the server has answered `initialize`.
    ready: Cell<bool>,
    /// What was asked before that.
    waiting: RefCell<Vec<Value>>,
    next_id: Cell<u64>,
    pending: RefCell<HashMap<u64, Asked>>,
    /// The newest request of each purpose.
    newest: RefCell<HashMap<&'static str, u64>>,
    documents: RefCell<BTreeMap<Rc<str>, Document>>,
    diagnostics: RefCell<HashMap<Rc<str>, Rc<[Diagnostic]>>>,
    listeners: RefCell<Vec<(u64, Callback<FileDiagnostics>)>>,
    on_health: RefCell<Option<Callback<Health>>>,
    on_refresh: RefCell<Option<Callback<()>>>,
    /// The newest of each notice that is not about a file, to be told again to the next server.
    notices: RefCell<BTreeMap<&'static str, Value>>,
    deaths: Cell<u32>,
}

/// A worker and what listens to it.
struct Connection {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

struct Document {
    version: i32,
    text: Text,
}

impl LspClient {
    /// Starts the worker. Nothing waits for it: what is asked before it is ready is asked then.
    pub fn start(options: LspOptions) -> Self {
        let inner = Rc::new(Inner {
            options,
            connection: RefCell::default(),
            ready: Cell::new(false),
            waiting: RefCell::default(),
            next_id: Cell::new(1),
            pending: RefCell::default(),
            newest: RefCell::default(),
            documents: RefCell::default(),
            diagnostics: RefCell::default(),
            listeners: RefCell::default(),
            on_health: RefCell::default(),
            on_refresh: RefCell::default(),
            notices: RefCell::default(),
            deaths: Cell::new(0),
        });
        // The page comes first.
        connect_in(Rc::downgrade(&inner), 0);
        Self(inner)
    }

    /// Opens a file, or replaces the text of one that is open. The other files of a set are opened
    /// by the page, the one in an editor by the editor.
    pub fn open(&self, uri: &str, text: &Text) {
        let mut documents = self.0.documents.borrow_mut();
        if let Some(document) = documents.get_mut(uri) {
            if document.text != *text {
                document.version += 1;
                document.text = text.clone();
                self.0.replaced(uri, document);
            }
            return;
        }
        let document = Document {
            version: 1,
            text: text.clone(),
        };
        self.0.opened(uri, &document);
        documents.insert(uri.into(), document);
    }

    /// Tells what was changed in an open file.
    pub fn change(&self, uri: &str, before: &Text, changes: &ChangeSet, after: &Text) {
        let mut documents = self.0.documents.borrow_mut();
        if let Some(document) = documents.get_mut(uri) {
            document.version += 1;
            document.text = after.clone();
            if sync::is_large(changes) {
                self.0.replaced(uri, document);
            } else {
                let params = sync::changed(uri, document.version, before, changes);
                self.0.notify("textDocument/didChange", params);
            }
        }
    }

    /// Closes a file.
    pub fn close(&self, uri: &str) {
        if self.0.documents.borrow_mut().remove(uri).is_some() {
            let params = json!({ "textDocument": { "uri": uri } });
            self.0.notify("textDocument/didClose", params);
        }
        self.0.diagnostics.borrow_mut().remove(uri);
    }

    /// The version of an open file, as the server knows it.
    pub fn version(&self, uri: &str) -> Option<i32> {
        self.0.documents.borrow().get(uri).map(|it| it.version)
    }

    /// The text of an open file.
    pub fn text(&self, uri: &str) -> Option<Text> {
        let documents = self.0.documents.borrow();
        documents.get(uri).map(|it| it.text.clone())
    }

    /// The newest diagnostics of a file.
    pub fn diagnostics(&self, uri: &str) -> Rc<[Diagnostic]> {
        let diagnostics = self.0.diagnostics.borrow();
        diagnostics.get(uri).cloned().unwrap_or_default()
    }

    /// Calls back with the diagnostics of any open file when they change, until the result is
    /// dropped.
    pub fn on_diagnostics(&self, callback: Callback<FileDiagnostics>) -> DiagnosticsListener {
        let id = self.0.id();
        self.0.listeners.borrow_mut().push((id, callback));
        DiagnosticsListener {
            id,
            inner: Rc::downgrade(&self.0),
        }
    }

    /// Calls back when the server dies and when there is another one.
    pub fn on_health(&self, callback: Callback<Health>) {
        *self.0.on_health.borrow_mut() = Some(callback);
    }

    /// Calls back when hints and lenses may have become others without a change of their file.
    pub fn on_refresh(&self, callback: Callback<()>) {
        *self.0.on_refresh.borrow_mut() = Some(callback);
    }

    /// Checks against a release of Kubernetes from now on.
    pub fn follow_release(&self, release: &str) {
        self.note("kun/openapi", json!({ "cluster": null }));
        self.note("workspace/didChangeConfiguration", settings(release));
    }

    /// Checks against what a cluster serves from now on, as KUN's server tells it.
    pub fn follow_cluster(&self, cluster: &str, schemas: &str) {
        let schemas = json!({ "cluster": cluster, "schemas": schemas });
        self.note("kun/openapi", schemas);
        self.note("workspace/didChangeConfiguration", settings("cluster"));
    }

    /// Shows these words at objects from now on, in whatever file they are described.
    pub fn show_at_objects(&self, lenses: &[ObjectLens]) {
        let lenses: Vec<Value> = lenses.iter().map(ObjectLens::json).collect();
        self.note("kun/objectLenses", json!({ "lenses": lenses }));
    }

    /// Compares objects with these manifests from now on, or with none; `name` is what messages
    /// call them.
    pub fn compare_with(&self, deployed: Option<(&str, Vec<&str>)>) {
        self.note(
            "kun/deployed",
            match deployed {
                Some((name, texts)) => json!({ "name": name, "texts": texts }),
                None => json!({ "name": null }),
            },
        );
    }

    /// Tells what is not about a file, also to a server that is started later.
    fn note(&self, method: &'static str, params: Value) {
        let mut notices = self.0.notices.borrow_mut();
        if notices.get(method) != Some(&params) {
            self.0.notify(method, params.clone());
            notices.insert(method, params);
        }
    }

    /// Asks the server.
    pub async fn request(&self, method: &str, params: Value) -> Result<Value, LspError> {
        self.0.ask(method, &params).1.await
    }

    /// Asks the server; the request before for the same purpose is canceled.
    pub async fn newest(
        &self,
        purpose: &'static str,
        method: &str,
        params: Value,
    ) -> Result<Value, LspError> {
        let (id, answer) = self.0.ask(method, &params);
        if let Some(old) = self.0.newest.borrow_mut().insert(purpose, id) {
            self.0.cancel(old);
        }
        answer.await
    }
}

impl Inner {
    fn id(&self) -> u64 {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        id
    }

    fn ask(&self, method: &str, params: &Value) -> (u64, Answer) {
        let id = self.id();
        let (asked, answer) = answer();
        self.pending.borrow_mut().insert(id, asked);
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        if self.ready.get() {
            self.post(&message);
        } else {
            self.waiting.borrow_mut().push(message);
        }
        (id, answer)
    }

    fn cancel(&self, id: u64) {
        if let Some(asked) = self.pending.borrow_mut().remove(&id) {
            asked.finish(Err(LspError::Canceled));
            self.waiting.borrow_mut().retain(|it| it["id"] != id);
            self.notify("$/cancelRequest", json!({ "id": id }));
        }
    }

    /// What is said before the server is ready is not lost: it is told the state of things then.
    fn notify(&self, method: &str, params: Value) {
        if self.ready.get() {
            let mut message = json!({ "jsonrpc": "2.0", "method": method });
            message["params"] = params;
            self.post(&message);
        }
    }

    fn opened(&self, uri: &str, document: &Document) {
        let params = sync::opened(uri, document.version);
        let place = ["params", "textDocument"];
        self.notify_text("textDocument/didOpen", &params, &place, &document.text);
    }

    fn replaced(&self, uri: &str, document: &Document) {
        let params = sync::replaced(uri, document.version);
        let place = ["params", "contentChanges", "0"];
        self.notify_text("textDocument/didChange", &params, &place, &document.text);
    }

    /// Says something with a text at a place of its parameters: a text can be megabytes, and goes
    /// to the worker as it is, not through JSON.
    fn notify_text(&self, method: &str, params: &Value, place: &[&str], text: &Text) {
        if !self.ready.get() {
            return;
        }
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        let Ok(object) = JSON::parse(&message.to_string()) else {
            return;
        };
        let holder = place.iter().try_fold(object.clone(), |it, key| {
            Reflect::get(&it, &JsValue::from_str(key))
        });
        let text = JsValue::from_str(&text.to_string());
        if holder.is_ok_and(|it| Reflect::set(&it, &"text".into(), &text).is_ok()) {
            self.post_object(&object);
        }
    }

    fn post(&self, message: &Value) {
        if let Ok(object) = JSON::parse(&message.to_string()) {
            self.post_object(&object);
        }
    }

    fn post_object(&self, object: &JsValue) {
        let connection = self.connection.borrow();
        if let Some(connection) = connection.as_ref() {
            // A message of plain values can always be copied to the worker.
            let _ = connection.worker.post_message(object);
        }
    }

    fn connect(self: &Rc<Self>) -> Result<(), JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&self.options.worker, &options)?;
        let me = Rc::downgrade(self);
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(inner) = me.upgrade() {
                inner.received(&event.data());
            }
        });
        let me = Rc::downgrade(self);
        let on_error = Closure::new(move |_| {
            if let Some(inner) = me.upgrade() {
                inner.died();
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        *self.connection.borrow_mut() = Some(Connection {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        });
        self.post(&self.initialize());
        Ok(())
    }

    fn initialize(&self) -> Value {
        let options = &self.options;
        json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "processId": null,
            "rootUri": null,
            "capabilities": {
                // Both sides hold UTF-8, so nothing has to be counted again.
                "general": { "positionEncodings": ["utf-8"] },
                "workspace": {
                    "codeLens": { "refreshSupport": true },
                    "inlayHint": { "refreshSupport": true },
                    "workspaceEdit": { "documentChanges": true, "snippetEditSupport": true },
                },
                "textDocument": {
                    "completion": { "completionItem": {
                        "snippetSupport": true,
                        "documentationFormat": ["markdown"],
                        "resolveSupport": { "properties": ["documentation"] },
                    } },
                    "hover": { "contentFormat": ["markdown"] },
                    "definition": { "linkSupport": true },
                    "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                    "codeAction": { "codeActionLiteralSupport": {
                        "codeActionKind": { "valueSet": ["quickfix", "refactor", "source"] },
                    } },
                    "rename": { "prepareSupport": true },
                    "publishDiagnostics": {
                        "versionSupport": true,
                        "codeDescriptionSupport": true,
                        "relatedInformation": true,
                        "tagSupport": { "valueSet": [1, 2] },
                    },
                },
                "experimental": { "commands": { "commands": [RETRIGGER] } },
            },
            "initializationOptions": {
                "structure": options.structure,
                "descriptions": options.descriptions,
            },
        } })
    }

    fn received(&self, data: &JsValue) {
        if let Some(published) = Published::read(data) {
            self.published(&published);
            return;
        }
        let text = JSON::stringify(data).ok().and_then(|it| it.as_string());
        let Some(message) = text.and_then(|it| serde_json::from_str::<Value>(&it).ok()) else {
            return;
        };
        let id = message.get("id").cloned().unwrap_or(Value::Null);
        match message.get("method").and_then(Value::as_str) {
            // The server asks for nothing that was not offered: it gets an empty answer.
            Some(method) if !id.is_null() => {
                self.post(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
                if method.ends_with("/refresh") {
                    self.refresh();
                }
            }
            Some(_) => {}
            None if id == 0 => self.initialized(),
            None => self.answered(id.as_u64().unwrap_or(0), message),
        }
    }

    fn initialized(&self) {
        self.ready.set(true);
        self.notify("initialized", json!({}));
        for (method, params) in self.notices.borrow().iter() {
            self.notify(method, params.clone());
        }
        for (uri, document) in self.documents.borrow().iter() {
            self.opened(uri, document);
        }
        for message in self.waiting.take() {
            self.post(&message);
        }
        if self.deaths.get() > 0 {
            self.tell_health(Health::Restarted);
        }
    }

    fn answered(&self, id: u64, mut message: Value) {
        let Some(asked) = self.pending.borrow_mut().remove(&id) else {
            return;
        };
        self.deaths.set(0);
        asked.finish(match message.get("error") {
            Some(error) => Err(match error["code"].as_i64() {
                Some(-32800 | -32801) => LspError::Canceled,
                _ => LspError::Failed(error["message"].as_str().unwrap_or_default().to_owned()),
            }),
            None => Ok(message["result"].take()),
        });
    }

    /// Diagnostics of an older version are not shown: newer ones are on their way.
    fn published(&self, published: &Published) {
        let uri = published.uri.clone();
        let known = self.documents.borrow().get(&uri).map(|it| it.version);
        if published.version.is_some() && published.version != known {
            return;
        }
        let found = published.diagnostics();
        self.diagnostics
            .borrow_mut()
            .insert(uri.clone(), found.clone());
        let listeners = self.listeners.borrow().clone();
        for (_, listener) in listeners {
            listener.emit((uri.clone(), found.clone()));
        }
    }

    fn refresh(&self) {
        let listener = self.on_refresh.borrow().clone();
        if let Some(listener) = listener {
            listener.emit(());
        }
    }

    fn tell_health(&self, health: Health) {
        let listener = self.on_health.borrow().clone();
        if let Some(listener) = listener {
            listener.emit(health);
        }
    }

    /// The worker is gone: what was asked of it fails, and another one is started, later each time
    /// that it does not get to answer anything.
    fn died(self: &Rc<Self>) {
        self.ready.set(false);
        self.connection.take();
        self.waiting.take();
        for (_, asked) in self.pending.take() {
            asked.finish(Err(LspError::Died));
        }
        self.tell_health(Health::Restarting);
        let deaths = self.deaths.get();
        self.deaths.set(deaths + 1);
        let wait = (500 << deaths.min(8)).min(LONGEST_WAIT);
        connect_in(Rc::downgrade(self), wait);
    }
}

fn settings(release: &str) -> Value {
    json!({ "settings": { "release": release } })
}

fn connect_in(inner: Weak<Inner>, milliseconds: u32) {
    Timeout::new(milliseconds, move || {
        if let Some(inner) = inner.upgrade()
            && inner.connection.borrow().is_none()
            && inner.connect().is_err()
        {
            inner.died();
        }
    })
    .forget();
}

/// Ends listening when dropped.
pub struct DiagnosticsListener {
    id: u64,
    inner: Weak<Inner>,
}

impl Drop for DiagnosticsListener {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.upgrade() {
            inner
                .listeners
                .borrow_mut()
                .retain(|(id, _)| *id != self.id);
        }
    }
}
