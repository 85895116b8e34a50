//! What a page waits for: not there yet, there, or refused.

use std::cell::Cell;
use std::rc::Rc;

use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{self, ApiFailure, Ask, Request};

/// The answer to a request.
#[derive(Debug, PartialEq)]
pub(crate) enum Loading<T> {
    /// Asked and not answered.
    Waiting,
    /// The answer.
    Ready(Rc<T>),
    /// Why there is none.
    Failed(ApiFailure),
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Waiting => Self::Waiting,
            Self::Ready(value) => Self::Ready(Rc::clone(value)),
            Self::Failed(failure) => Self::Failed(failure.clone()),
        }
    }
}

impl<T> Loading<T> {
    /// The answer, if it is there.
    pub(crate) fn ready(&self) -> Option<&Rc<T>> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Waiting | Self::Failed(_) => None,
        }
    }
}

/// An answer, and the way to ask again.
#[derive(Clone, PartialEq)]
pub(crate) struct Loaded<T: 'static> {
    pub(crate) state: Loading<T>,
    pub(crate) reload: Callback<()>,
}

/// Asks when the page opens, and again when the request changes or `reload` is called. An answer
/// that was overtaken by a newer question is dropped; the old answer is shown until the new one to
/// the same question is there.
#[hook]
pub(crate) fn use_loaded<T: DeserializeOwned + 'static>(request: Request<T>) -> Loaded<T> {
    let (text, reload) = use_text(request.into_ask());
    let state = use_memo(text, |text| match text {
        Loading::Waiting => Loading::Waiting,
        Loading::Failed(failure) => Loading::Failed(failure.clone()),
        Loading::Ready(text) => match api::read(text) {
            Ok(value) => Loading::Ready(Rc::new(value)),
            Err(failure) => Loading::Failed(failure),
        },
    });
    Loaded {
        state: (*state).clone(),
        reload,
    }
}

/// What does not depend on the type of the answer stands here, once in the page's code.
#[hook]
fn use_text(ask: Ask) -> (Loading<String>, Callback<()>) {
    let state = use_state(|| Loading::Waiting);
    let round = use_state(|| 0_u32);
    let asked = use_mut_ref(|| None::<Ask>);
    {
        let state = state.clone();
        use_effect_with((ask, *round), move |(ask, _)| {
            if asked.borrow().as_ref() != Some(ask) {
                state.set(Loading::Waiting);
                *asked.borrow_mut() = Some(ask.clone());
            }
            let is_current = Rc::new(Cell::new(true));
            {
                let (ask, is_current) = (ask.clone(), Rc::clone(&is_current));
                spawn_local(async move {
                    let answer = ask.send().await;
                    if is_current.get() {
                        state.set(match answer {
                            Ok(text) => Loading::Ready(Rc::new(text)),
                            Err(failure) => Loading::Failed(failure),
                        });
                    }
                });
            }
            move || is_current.set(false)
        });
    }
    let reload = Callback::from(move |()| round.set(*round + 1));
    ((*state).clone(), reload)
}

/// Shows an answer, or what stands in its place until it is there.
pub(crate) fn view<T>(state: &Loading<T>, ready: impl FnOnce(&Rc<T>) -> Html) -> Html {
    match state {
        Loading::Waiting => {
            html! { <div class="skeleton" aria-busy="true" aria-label="Loading" /> }
        }
        Loading::Ready(value) => ready(value),
        Loading::Failed(failure) => {
            html! { <p class="failure" role="alert">{ failure.message() }</p> }
        }
    }
}
