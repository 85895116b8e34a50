//! The server as a machine: messages in, messages out, one piece of work at a time.

use std::collections::VecDeque;
use std::fmt;
use std::task::Poll;

use serde::Deserialize;
use serde_json::value::RawValue;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id};
use tower_lsp::ls_types as lsp;

use crate::fault::guarded;
use crate::message::{self, Incoming, Json};
use crate::publish::{Published, Publisher};
use crate::question::{Question, Remark};
use crate::session::Session;
use crate::turn::{Turn, Work};
use crate::{Found, Wanted, capabilities, router};

/// The language server without a transport.
///
/// [`Pump::receive`] takes messages in the order of their arrival. Changes of documents are
/// applied before it returns; a request takes a snapshot and waits. [`Pump::step`] does what
/// waits, the oldest first, and diagnostics when nothing else does: a few milliseconds of it, then
/// it is the turn of what waits behind. A large text is taken in so too, before anything else. Whoever runs it hands in what has arrived before every
/// step, so that the newest text is seen, and a request can be cancelled before it costs anything
/// or while it is worked on.
///
/// The order is the reason why this is no service of the framework: there, handlers of several
/// messages run at once, and a change can overtake another one.
pub struct Pump {
    turn: Turn,
    phase: Phase,
    session: Session,
    publisher: Publisher,
    waiting: VecDeque<Call>,
    rest: Rest,
    /// What came while a large text was taken in.
    arrived: VecDeque<Incoming>,
    /// Questions to the client that it has not answered yet.
    asked: Vec<(Id, Question)>,
    last_id: i64,
    outgoing: VecDeque<String>,
}

/// Where the conversation stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    New,
    Running,
    ShutDown,
    Exited(i32),
}

/// Whether all of the program is here. A browser loads what is rarely needed when it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Rest {
    #[default]
    Here,
    Absent,
    OnItsWay,
}

/// A request that waits for its turn, or for its next one. It is answered from the session as it
/// was when the request arrived.
struct Call {
    id: Id,
    /// Whether it waits for the rest of the program too.
    needs_rest: bool,
    work: Work<Result<Json, Error>>,
}

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
    /// A server that waits for `initialize`. `clock` tells the milliseconds since the start of 1970
    /// in UTC: what is asked about schedules depends on when it is asked.
    pub fn new(clock: fn() -> i64) -> Self {
        Self {
            turn: Turn::new(clock),
            phase: Phase::New,
            session: Session::default(),
            publisher: Publisher::default(),
            waiting: VecDeque::new(),
            rest: Rest::Here,
            arrived: VecDeque::new(),
            asked: Vec::new(),
            last_id: 0,
            outgoing: VecDeque::new(),
        }
    }

    /// The same where a part of the program comes later: what needs it waits until it
    /// [has come](Self::rest_has_come), and all else goes on.
    pub fn in_two_parts(clock: fn() -> i64) -> Self {
        Self {
            rest: Rest::Absent,
            ..Self::new(clock)
        }
    }

    /// Takes in one message. What is no message is answered with an error, as JSON-RPC asks.
    pub fn receive(&mut self, message: &str) {
        match Incoming::parse(message) {
            Ok(Incoming::Notification { method, params }) if method == "$/cancelRequest" => {
                self.cancel(&params);
            }
            Ok(message) if self.session.is_opening() => self.arrived.push_back(message),
            Ok(message) => self.take(message),
            Err(error) => self.answer(&Id::Null, Err(&error)),
        }
        self.tell();
    }

    fn take(&mut self, message: Incoming) {
        match message {
            Incoming::Request { id, method, params } => self.request(id, method, params),
            Incoming::Notification { method, params } => self.notice(&method, &params),
            Incoming::Response { id, result } => self.take_answer(&id, result.as_deref()),
        }
    }

    /// Takes in some more of a large text, and behind its end what came meanwhile; whether there
    /// was one.
    fn go_on_opening(&mut self) -> bool {
        let was_opening = self.session.go_on_opening();
        while !self.session.is_opening()
            && let Some(message) = self.arrived.pop_front()
        {
            self.take(message);
        }
        if was_opening {
            self.tell();
        }
        was_opening
    }

    /// Does the next piece of work: some of a request, or of the diagnostics of one file.
    pub fn step(&mut self) -> Progress {
        if let Phase::Exited(code) = self.phase {
            return Progress::Exited(code);
        }
        if self.go_on_opening() {
            return Progress::Worked;
        }
        let is_here = self.rest == Rest::Here;
        let ready = |call: &Call| is_here || !call.needs_rest;
        let next = self.waiting.iter().position(ready);
        if let Some(call) = next.and_then(|at| self.waiting.remove(at)) {
            self.go_on(call);
            return Progress::Worked;
        }
        if !is_here && self.session.has_pipeline() {
            return self.take_in_found();
        }
        match self.publisher.publish_next(&mut self.session, &self.turn) {
            Published::Nothing => return self.take_in_found(),
            Published::Unchanged => {}
            Published::Changed(params) => {
                self.notify("textDocument/publishDiagnostics", &params);
            }
        }
        Progress::Worked
    }

    /// The next message for the client.
    pub fn next_outgoing(&mut self) -> Option<String> {
        self.outgoing.pop_front()
    }

    /// Something that the server wants from outside.
    pub fn next_wanted(&mut self) -> Option<Wanted> {
        self.session.next_wanted()
    }

    /// Whether the rest of the program is to be loaded now; tells it once.
    pub fn wants_rest(&mut self) -> bool {
        let is_needed = self.rest == Rest::Absent
            && (self.waiting.iter().any(|call| call.needs_rest) || self.session.has_pipeline());
        if is_needed {
            self.rest = Rest::OnItsWay;
        }
        is_needed
    }

    /// Goes on with what waited for the rest of the program.
    pub fn rest_has_come(&mut self) {
        self.rest = Rest::Here;
    }

    /// Takes in something that was wanted. It waits until there is time for it.
    pub fn found(&mut self, found: Found) {
        self.session.found(found);
    }

    /// Takes in an asset that was wanted, or the reason why there is none.
    pub fn supply(&mut self, address: &str, content: Result<&[u8], &str>) {
        self.session.supply(address, content);
        self.tell();
    }

    /// Works on a request. One that is not done goes behind the others: what takes little time
    /// does not wait for all of what takes long.
    fn go_on(&mut self, mut call: Call) {
        match guarded(|| self.turn.take(&mut call.work)) {
            Ok(Poll::Pending) => self.waiting.push_back(call),
            Ok(Poll::Ready(result)) => self.answer(&call.id, result.as_ref()),
            // A fault in a feature is an error of this request alone.
            Err(fault) => self.answer(&call.id, Err(&fault)),
        }
    }

    fn take_in_found(&mut self) -> Progress {
        let is_news = self.session.take_in_found();
        self.tell();
        if is_news {
            Progress::Worked
        } else {
            Progress::Idle
        }
    }

    fn request(&mut self, id: Id, method: String, params: Box<RawValue>) {
        match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => self.initialize(&id, &params),
            (Phase::New, _) => self.answer(&id, Err(&not_initialized())),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                self.answer(&id, Ok(&Json::of(&())));
            }
            (Phase::ShutDown | Phase::Exited(_), _) | (Phase::Running, "initialize") => {
                self.answer(&id, Err(&Error::invalid_request()));
            }
            (Phase::Running, _) => {
                let snapshot = self.session.snapshot(&self.turn);
                let needs_rest = router::is_rare(&method) || self.session.has_pipeline();
                let work = Box::pin(router::answer(method, params, snapshot));
                let call = Call {
                    id,
                    needs_rest,
                    work,
                };
                self.waiting.push_back(call);
            }
        }
    }

    fn initialize(&mut self, id: &Id, params: &RawValue) {
        let params = match serde_json::from_str(params.get()) {
            Ok(params) => params,
            Err(error) => {
                let error = Error::invalid_params(error.to_string());
                return self.answer(id, Err(&error));
            }
        };
        self.session.start(&params);
        self.phase = Phase::Running;
        let result = Json::of(&capabilities::introduction(&self.session.client));
        self.answer(id, Ok(&result));
    }

    fn notice(&mut self, method: &str, params: &RawValue) {
        match (self.phase, method) {
            (Phase::ShutDown, "exit") => self.phase = Phase::Exited(0),
            (_, "exit") => self.phase = Phase::Exited(1),
            (Phase::Running, _) => router::notice(method, params, &mut self.session),
            _ => {}
        }
    }

    /// Answers a request that waits or was begun with "cancelled". Any other was answered before.
    fn cancel(&mut self, params: &RawValue) {
        let Ok(Cancelled { id }) = serde_json::from_str(params.get()) else {
            return;
        };
        let waiting = self.waiting.iter().position(|call| call.id == id);
        let is_it =
            |message: &Incoming| matches!(message, Incoming::Request { id: own, .. } if *own == id);
        let arrived = self.arrived.iter().position(is_it);
        let is_waiting = match (waiting, arrived) {
            (Some(at), _) => self.waiting.remove(at).is_some(),
            (None, Some(at)) => self.arrived.remove(at).is_some(),
            (None, None) => false,
        };
        if is_waiting {
            self.answer(&id, Err(&Error::request_cancelled()));
        }
    }

    /// Takes the client's answer to a question of ours.
    fn take_answer(&mut self, id: &Id, result: Option<&RawValue>) {
        let Some(at) = self.asked.iter().position(|(asked, _)| asked == id) else {
            return;
        };
        let (_, question) = self.asked.swap_remove(at);
        // A client that cannot answer leaves things as they are.
        if let Some(result) = result {
            self.session.take_answer(question, result);
        }
    }

    /// Sends what the session has to say.
    fn tell(&mut self) {
        for remark in self.session.take_remarks() {
            match remark {
                Remark::Warning(message) => {
                    let typ = lsp::MessageType::WARNING;
                    let params = Json::of(&lsp::ShowMessageParams { typ, message });
                    self.notify("window/showMessage", &params);
                }
                Remark::Schemas(params) => self.notify("kun/schemas", &Json::of(&params)),
                Remark::Progress(params) => self.notify("$/progress", &Json::of(&params)),
                Remark::Question(question) => self.ask(question),
            }
        }
    }

    fn ask(&mut self, question: Question) {
        self.last_id += 1;
        let id = Id::Number(self.last_id);
        let (method, params) = question.message();
        let params = params.map(|it| Json::of(&it));
        self.send(message::request(&id, method, params.as_ref()));
        self.asked.push((id, question));
    }

    fn notify(&mut self, method: &str, params: &Json) {
        self.send(message::notification(method, params));
    }

    fn answer(&mut self, id: &Id, result: Result<&Json, &Error>) {
        self.send(message::answer(id, result));
    }

    fn send(&mut self, message: String) {
        self.outgoing.push_back(message);
    }
}

#[derive(Deserialize)]
struct Cancelled {
    id: Id,
}

fn not_initialized() -> Error {
    Error {
        code: ErrorCode::ServerError(-32002),
        message: "the server is not initialized".into(),
        data: None,
    }
}

impl fmt::Debug for Pump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pump")
            .field("phase", &self.phase)
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
        let mut pump = Pump::new(|| 0);
        for message in [
            r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#,
            r#"{"jsonrpc":"2.0","id":2,"method":"test/panic"}"#,
            r#"{"jsonrpc":"2.0","id":3,"method":"test/panic"}"#,
        ] {
            pump.receive(message);
        }
        while pump.step() == Progress::Worked {}
        let answers: Vec<_> = std::iter::from_fn(|| pump.next_outgoing())
            .skip(1)
            .collect();
        let failed = |id| {
            let message = "the language server failed on this request; please report it";
            let error = format!(r#"{{"code":-32603,"message":"{message}"}}"#);
            format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#)
        };
        assert_eq!(answers, [failed(2), failed(3)]);
    }
}
