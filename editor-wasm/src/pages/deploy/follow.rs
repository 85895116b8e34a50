//! Following a deploy job by its events.

use std::rc::Rc;

use api_types::{Deploy, DeployEvent, LogLine};
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::api;

/// A job as it is known here.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FollowedDeploy {
    /// The job; `None` until the first event.
    pub(crate) deploy: Option<Rc<Deploy>>,
    /// Its log, in order.
    pub(crate) lines: Vec<LogLine>,
    /// Whether the server cannot be heard; the browser tries again by itself.
    pub(crate) is_cut_off: bool,
}

impl FollowedDeploy {
    /// Takes in what the server reported. A line that is known is not taken twice.
    fn apply(&mut self, event: DeployEvent) {
        self.is_cut_off = false;
        match event {
            DeployEvent::Job(deploy) => self.deploy = Some(Rc::new(*deploy)),
            DeployEvent::Line(line) => {
                let last = self.lines.last().map_or(0, |line| line.sequence);
                if line.sequence > last {
                    self.lines.push(line);
                }
            }
        }
    }
}

/// What can happen to a followed job.
pub(crate) enum Action {
    Event(DeployEvent),
    CutOff,
    Restart,
}

impl Reducible for FollowedDeploy {
    type Action = Action;

    fn reduce(mut self: Rc<Self>, action: Action) -> Rc<Self> {
        let this = Rc::make_mut(&mut self);
        match action {
            Action::Event(event) => this.apply(event),
            Action::CutOff => this.is_cut_off = true,
            Action::Restart => *this = Self::default(),
        }
        self
    }
}

/// Follows the job `id`, or nothing if there is none.
#[hook]
pub(crate) fn use_followed_deploy(id: Option<String>) -> Rc<FollowedDeploy> {
    let state = use_reducer(FollowedDeploy::default);
    {
        let dispatcher = state.dispatcher();
        use_effect_with(id, move |id| {
            dispatcher.dispatch(Action::Restart);
            let stream = id.as_deref().and_then(|id| Stream::open(id, &dispatcher));
            move || drop(stream)
        });
    }
    let current: &FollowedDeploy = &state;
    Rc::new(current.clone())
}

/// An open event stream; closed when dropped.
struct Stream {
    source: web_sys::EventSource,
    _listeners: [EventListener; 2],
}

impl Stream {
    fn open(id: &str, dispatcher: &UseReducerDispatcher<FollowedDeploy>) -> Option<Self> {
        let source = web_sys::EventSource::new(&api::deploy_events_url(id)).ok()?;
        let on_message = {
            let (source, dispatcher) = (source.clone(), dispatcher.clone());
            EventListener::new(&source.clone(), "message", move |event| {
                let data = event
                    .dyn_ref::<web_sys::MessageEvent>()
                    .and_then(|event| event.data().as_string())
                    .and_then(|data| serde_json::from_str::<DeployEvent>(&data).ok());
                let Some(event) = data else { return };
                if matches!(&event, DeployEvent::Job(deploy) if deploy.state.is_final()) {
                    // Or the browser would connect again when the server ends the stream.
                    source.close();
                }
                dispatcher.dispatch(Action::Event(event));
            })
        };
        let on_error = {
            let (source, dispatcher) = (source.clone(), dispatcher.clone());
            EventListener::new(&source.clone(), "error", move |_| {
                if source.ready_state() != web_sys::EventSource::OPEN {
                    dispatcher.dispatch(Action::CutOff);
                }
            })
        };
        Some(Self {
            source,
            _listeners: [on_message, on_error],
        })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::LogLevel;

    fn line(sequence: i64) -> DeployEvent {
        DeployEvent::Line(LogLine {
            sequence,
            at: String::new(),
            level: LogLevel::Info,
            object: None,
            message: format!("line {sequence}"),
        })
    }

    #[test]
    fn a_line_that_comes_again_is_shown_once() {
        let mut followed = FollowedDeploy::default();
        for sequence in [1, 2, 1, 2, 3] {
            followed.apply(line(sequence));
        }
        let sequences: Vec<_> = followed.lines.iter().map(|line| line.sequence).collect();
        assert_eq!(sequences, [1, 2, 3]);
    }

    #[test]
    fn an_event_ends_being_cut_off() {
        let mut followed = FollowedDeploy {
            is_cut_off: true,
            ..Default::default()
        };
        followed.apply(line(1));
        assert!(!followed.is_cut_off);
    }
}
