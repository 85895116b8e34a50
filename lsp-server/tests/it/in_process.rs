//! The pump alone, without a transport.

use std::collections::VecDeque;

use lsp_server::transport::finder::find;
use lsp_server::{Found, Progress, Pump, Wanted};
use serde_json::{Value, json};

use crate::case::{self, Connection};

/// A client beside the server in one thread: what arrives when is the test's choice.
pub(crate) struct Client {
    pump: Pump,
    received: VecDeque<Value>,
}

impl Client {
    /// A client of a server that it does not know yet. For the server no time passes.
    pub(crate) fn connect() -> Self {
        Self::connect_by(|| 0)
    }

    fn connect_by(clock: fn() -> i64) -> Self {
        Self {
            pump: Pump::new(clock),
            received: VecDeque::new(),
        }
    }

    /// A client of a server of which a part is still to come.
    pub(crate) fn start_in_two_parts() -> Self {
        let mut client = Self {
            pump: Pump::in_two_parts(|| 0),
            received: VecDeque::new(),
        };
        client.introduce(&json!({}));
        client
    }

    /// A client with these abilities, introduced to its server.
    pub(crate) fn start(capabilities: &Value) -> Self {
        Self::start_by(|| 0, capabilities)
    }

    /// The same, with a clock for the server.
    pub(crate) fn start_by(clock: fn() -> i64, capabilities: &Value) -> Self {
        let mut client = Self::connect_by(clock);
        client.introduce(capabilities);
        client
    }

    fn introduce(&mut self, capabilities: &Value) {
        self.request(0, "initialize", &json!({"capabilities": capabilities}));
        self.notify("initialized", &json!({}));
        self.run();
    }

    /// Whether the server wants the rest of itself.
    pub(crate) fn is_rest_wanted(&mut self) -> bool {
        self.pump.wants_rest()
    }

    /// The rest of the server is there.
    pub(crate) fn complete(&mut self) {
        self.pump.rest_has_come();
    }

    pub(crate) fn request(&mut self, id: i32, method: &str, params: &Value) {
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.send(&message.to_string());
    }

    pub(crate) fn notify(&mut self, method: &str, params: &Value) {
        let message = json!({"jsonrpc": "2.0", "method": method, "params": params});
        self.send(&message.to_string());
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": item}));
    }

    /// Replaces the whole text.
    pub(crate) fn replace(&mut self, uri: &str, version: i32, text: &str) {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": [{"text": text}]});
        self.notify("textDocument/didChange", &params);
    }

    /// Lets the server do all it has to do, with the files that it wants: what it sent, in order.
    pub(crate) fn run(&mut self) -> Vec<Value> {
        while self.pump.step() == Progress::Worked || self.find_wanted() {}
        self.take()
    }

    /// The same without any file.
    pub(crate) fn run_alone(&mut self) -> Vec<Value> {
        while self.pump.step() == Progress::Worked {}
        self.take()
    }

    /// What the server wants of the files.
    pub(crate) fn wanted(&mut self) -> Vec<Wanted> {
        std::iter::from_fn(|| self.pump.next_wanted()).collect()
    }

    pub(crate) fn find(&mut self, found: Found) {
        self.pump.found(found);
    }

    fn find_wanted(&mut self) -> bool {
        let wanted = self.wanted();
        for wanted in &wanted {
            find(wanted, &mut |found| {
                self.pump.found(found);
                true
            });
        }
        !wanted.is_empty()
    }

    /// Lets the server do one piece of work: what it sent, in order.
    pub(crate) fn step(&mut self) -> Vec<Value> {
        self.pump.step();
        self.take()
    }

    fn take(&mut self) -> Vec<Value> {
        let sent = std::iter::from_fn(|| self.pump.next_outgoing());
        sent.map(|message| serde_json::from_str(&message).expect("JSON"))
            .collect()
    }
}

impl Connection for Client {
    fn send(&mut self, message: &str) {
        self.pump.receive(message);
    }

    fn receive(&mut self) -> Option<Value> {
        if self.received.is_empty() {
            let sent = self.run();
            self.received.extend(sent);
        }
        self.received.pop_front()
    }
}

#[test]
fn conversations_are_held_in_process() {
    case::hold_all(Client::connect);
}
