//! The server as a machine: messages in, messages out, one piece of work at a time.

use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll, Waker};

use futures::future::BoxFuture;
use futures::{FutureExt, SinkExt, StreamExt};
use serde::Serialize;
use serde_json::Value;
use tower::Service;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{ClientSocket, ExitedError, LspService, ls_types as lsp};

use crate::publish::{Publisher, notification};
use crate::server::{Server, service};

/// The language server without a transport.
///
/// [`Pump::receive`] takes messages in the order of their arrival. Changes of documents are
/// applied before it returns; a request takes a snapshot and waits. [`Pump::step`] does what
/// waits, the oldest first, and diagnostics when nothing else does. Whoever runs it hands in what
/// has arrived before every step, so that the newest text is seen and a request can be cancelled
/// before it costs anything.
pub struct Pump {
    service: LspService<Server>,
    client: ClientSocket,
    publisher: Publisher,
    /// Requests that have their snapshot and wait for their turn.
    waiting: VecDeque<Call>,
    /// Calls that had their turn and wait for an answer of the client.
    suspended: Vec<Call>,
    outgoing: VecDeque<String>,
    shutting_down: bool,
    exit_code: Option<i32>,
}

type Call = BoxFuture<'static, Result<Option<Response>, ExitedError>>;

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Something was done; there may be more.
    Worked,
    /// Nothing is left to do until the next message.
    Idle,
    /// The client ended the server; a process ends with this code.
    Exited(i32),
}

impl Pump {
    /// A server that waits for `initialize`.
    pub fn new() -> Self {
        let (service, client) = service();
        Self {
            service,
            client,
            publisher: Publisher::default(),
            waiting: VecDeque::new(),
            suspended: Vec::new(),
            outgoing: VecDeque::new(),
            shutting_down: false,
            exit_code: None,
        }
    }

    /// Takes in one message. What is no message is answered with an error, as JSON-RPC asks.
    pub fn receive(&mut self, message: &str) {
        let Ok(message) = serde_json::from_str::<Value>(message) else {
            return self.refuse(Error::parse_error());
        };
        let is_call = message.get("method").is_some();
        match (is_call, message) {
            (true, message) => match serde_json::from_value(message) {
                Ok(request) => self.call(request),
                Err(_) => self.refuse(Error::invalid_request()),
            },
            (false, message) => match serde_json::from_value(message) {
                Ok(response) => self.take_answer(response),
                Err(_) => self.refuse(Error::invalid_request()),
            },
        }
    }

    /// Does the next piece of work: one request, or the diagnostics of one file.
    pub fn step(&mut self) -> Progress {
        if let Some(code) = self.exit_code {
            return Progress::Exited(code);
        }
        if let Some(call) = self.waiting.pop_front() {
            if let Some(call) = self.poll(call) {
                self.suspended.push(call);
            }
            return Progress::Worked;
        }
        let messages = self.service.inner().session().take_messages();
        for message in messages {
            self.send(&warning(message));
        }
        match self.publisher.publish_next(self.service.inner()) {
            Some(messages) => {
                for message in &messages {
                    self.send(message);
                }
                Progress::Worked
            }
            None => Progress::Idle,
        }
    }

    /// The next message for the client.
    pub fn next_outgoing(&mut self) -> Option<String> {
        self.outgoing.pop_front()
    }

    /// The address of a file that the server wants. Hand its bytes to [`Pump::supply`].
    pub fn next_wanted(&mut self) -> Option<String> {
        self.service.inner().session().next_wanted()
    }

    /// Takes in a file that was wanted, or the reason why there is none.
    pub fn supply(&mut self, address: &str, content: Result<&[u8], &str>) {
        self.service.inner().session().supply(address, content);
    }

    fn call(&mut self, request: Request) {
        match request.method() {
            "shutdown" => self.shutting_down = true,
            "exit" => self.exit_code = Some(i32::from(!self.shutting_down)),
            _ => {}
        }
        let call = self.service.call(request);
        // The first poll applies a change, and takes the snapshot of a request.
        if let Some(call) = self.poll(call) {
            self.waiting.push_back(call);
        }
    }

    /// Takes the client's answer to a request of ours to whoever waits for it.
    fn take_answer(&mut self, response: Response) {
        let mut context = Context::from_waker(Waker::noop());
        // Fails only after the end, when nobody waits.
        let _ = self.client.send(response).poll_unpin(&mut context);
        for call in std::mem::take(&mut self.suspended) {
            if let Some(call) = self.poll(call) {
                self.suspended.push(call);
            }
        }
    }

    /// Lets a call go on; gives it back if it has to wait.
    fn poll(&mut self, mut call: Call) -> Option<Call> {
        let mut context = Context::from_waker(Waker::noop());
        let polled = call.as_mut().poll(&mut context);
        while let Poll::Ready(Some(request)) = self.client.poll_next_unpin(&mut context) {
            self.send(&request);
        }
        match polled {
            Poll::Ready(Ok(Some(response))) => self.send(&response),
            Poll::Ready(Ok(None) | Err(ExitedError { .. })) => {}
            Poll::Pending => return Some(call),
        }
        None
    }

    fn refuse(&mut self, error: Error) {
        self.send(&Response::from_error(Id::Null, error));
    }

    fn send(&mut self, message: &impl Serialize) {
        // Messages are made of maps with text keys, which cannot fail.
        self.outgoing.extend(serde_json::to_string(message));
    }
}

fn warning(message: String) -> Request {
    let params = lsp::ShowMessageParams {
        typ: lsp::MessageType::WARNING,
        message,
    };
    notification("window/showMessage", &params)
}

impl Default for Pump {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Pump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pump")
            .field("waiting", &self.waiting.len())
            .field("outgoing", &self.outgoing.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_in_a_feature_costs_one_request() {
        let mut pump = Pump::new();
        for message in [
            r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#,
            r#"{"jsonrpc":"2.0","id":2,"method":"test/panic"}"#,
            r#"{"jsonrpc":"2.0","id":3,"method":"shutdown"}"#,
        ] {
            pump.receive(message);
        }
        while pump.step() == Progress::Worked {}
        let answers: Vec<_> = std::iter::from_fn(|| pump.next_outgoing())
            .skip(1)
            .collect();
        let panicked = r#"{"jsonrpc":"2.0","error":{"code":-32603,"message":"the language server failed on this request; please report it"},"id":2}"#;
        let [first, second] = answers.as_slice() else {
            panic!("{answers:?}");
        };
        assert!(first.contains(r#""result":null"#), "{first}");
        assert_eq!(second, panicked);
    }
}
