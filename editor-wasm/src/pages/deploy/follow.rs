//! Following a deploy job by its events.

use std::cell::RefCell;
use std::rc::Rc;

use api_types::{Deploy, DeployEvent, DeployObject, LogLine};
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};
use yew::prelude::*;

use crate::{api, json};

/// A job as it is known here.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FollowedDeploy {
    /// The job; `None` until the first event.
    pub(crate) deploy: Option<Rc<Deploy>>,
    /// Its log, in order.
    pub(crate) lines: Vec<Rc<LogLine>>,
    /// Whether the server cannot be heard; the browser tries again by itself.
    pub(crate) is_cut_off: bool,
}

impl FollowedDeploy {
    /// Whether the job has ended.
    fn is_over(&self) -> bool {
        let deploy = self.deploy.as_ref();
        deploy.is_some_and(|deploy| deploy.state.is_final())
    }

    /// Takes in what the server reported. A line that is known is not taken twice.
    fn apply(&mut self, event: DeployEvent) {
        self.is_cut_off = false;
        match event {
            DeployEvent::Job(deploy) => self.deploy = Some(Rc::new(*deploy)),
            DeployEvent::Line(line) => {
                let last = self.lines.last().map_or(0, |line| line.sequence);
                if line.sequence > last {
                    self.lines.push(Rc::new(line));
                }
            }
        }
    }
}

/// Follows one job until it is dropped.
pub(crate) struct Follower {
    state: Rc<RefCell<Rc<FollowedDeploy>>>,
    source: Option<EventSource>,
    _listeners: Vec<EventListener>,
}

impl Follower {
    /// Follows the job `id`, and calls back whenever more is known of it.
    pub(crate) fn new(id: &str, heard: &Callback<()>) -> Self {
        let state = Rc::<RefCell<Rc<FollowedDeploy>>>::default();
        let source = EventSource::new(&api::deploy_events_url(id)).ok();
        let listeners = source
            .iter()
            .flat_map(|source| listen(source, &state, heard))
            .collect();
        Self {
            state,
            source,
            _listeners: listeners,
        }
    }

    /// What is known.
    pub(crate) fn state(&self) -> Rc<FollowedDeploy> {
        self.state.borrow().clone()
    }

    /// Whether the job goes on, as far as is known.
    pub(crate) fn is_running(&self) -> bool {
        !self.state.borrow().is_over()
    }

    /// The objects of the job, once it is known.
    pub(crate) fn objects(&self) -> Option<Vec<DeployObject>> {
        let state = self.state.borrow();
        state.deploy.as_ref().map(|deploy| deploy.objects.clone())
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        if let Some(source) = &self.source {
            source.close();
        }
    }
}

/// Follows the job `id`.
#[hook]
pub(crate) fn use_followed_deploy(id: &str) -> Rc<FollowedDeploy> {
    let redraw = use_force_update();
    let heard = Callback::from(move |()| redraw.force_update());
    let follower = use_memo(id.to_owned(), |id| Follower::new(id, &heard));
    follower.state()
}

fn listen(
    source: &EventSource,
    state: &Rc<RefCell<Rc<FollowedDeploy>>>,
    heard: &Callback<()>,
) -> [EventListener; 2] {
    let on_message = {
        let (state, heard) = (Rc::clone(state), heard.clone());
        EventListener::new(source, "message", move |event| {
            if let Some(event) = event.dyn_ref().and_then(read) {
                Rc::make_mut(&mut state.borrow_mut()).apply(event);
                heard.emit(());
            }
        })
    };
    let on_error = {
        let (source, state, heard) = (source.clone(), Rc::clone(state), heard.clone());
        EventListener::new(&source.clone(), "error", move |_| {
            if source.ready_state() == EventSource::OPEN {
                return;
            }
            if state.borrow().is_over() {
                // The server has told all and ended the stream: the browser shall not ask again.
                return source.close();
            }
            Rc::make_mut(&mut state.borrow_mut()).is_cut_off = true;
            heard.emit(());
        })
    };
    [on_message, on_error]
}

fn read(event: &MessageEvent) -> Option<DeployEvent> {
    json::parse(&event.data().as_string()?).ok()
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
