//! What a page waits for: not there yet, there, or refused.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{self, Answer, ApiFailure, Ask, Request};

/// The answer to a request.
#[derive(Debug)]
pub(crate) enum Loading<T: ?Sized> {
    /// Asked and not answered.
    Waiting,
    /// The answer.
    Ready(Rc<T>),
    /// Why there is none.
    Failed(ApiFailure),
}

impl<T: ?Sized> Clone for Loading<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Waiting => Self::Waiting,
            Self::Ready(value) => Self::Ready(Rc::clone(value)),
            Self::Failed(failure) => Self::Failed(failure.clone()),
        }
    }
}

/// Equal is what was answered by the same answer.
impl<T> PartialEq for Loading<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Waiting, Self::Waiting) => true,
            (Self::Ready(a), Self::Ready(b)) => Rc::ptr_eq(a, b),
            (Self::Failed(a), Self::Failed(b)) => a == b,
            _ => false,
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

    /// Why there is no answer, if it failed.
    pub(crate) fn failure(&self) -> Option<&ApiFailure> {
        match self {
            Self::Failed(failure) => Some(failure),
            Self::Waiting | Self::Ready(_) => None,
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
    let (state, reload) = use_answer(request.into_ask(), read::<T>);
    let state = match state {
        Loading::Waiting => Loading::Waiting,
        Loading::Failed(failure) => Loading::Failed(failure),
        Loading::Ready(value) => match value.downcast() {
            Ok(value) => Loading::Ready(value),
            // Until the answer to the new question is there.
            Err(_) => Loading::Waiting,
        },
    };
    Loaded { state, reload }
}

fn read<T: DeserializeOwned + 'static>(text: &str) -> Answer<Rc<dyn Any>> {
    Ok(Rc::new(api::read::<T>(text)?))
}

/// What does not depend on the type of the answer stands here, once in the page's code.
#[hook]
fn use_answer(ask: Ask, read: fn(&str) -> Answer<Rc<dyn Any>>) -> (Loading<dyn Any>, Callback<()>) {
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
                    let answer = ask.send().await.and_then(|text| read(&text));
                    if is_current.get() {
                        state.set(match answer {
                            Ok(value) => Loading::Ready(value),
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
        Loading::Waiting => skeleton(),
        Loading::Ready(value) => ready(value),
        Loading::Failed(failure) => failed(failure),
    }
}

/// Stands for what is not there yet.
pub(crate) fn skeleton() -> Html {
    html! { <div class="skeleton" aria-busy="true" aria-label="Loading" /> }
}

/// Why a part of a page has nothing to show.
pub(crate) fn failed(failure: &ApiFailure) -> Html {
    html! { <p class="failure" role="alert">{ failure.message() }</p> }
}

/// A page that cannot be shown at all: why, and the ways on.
pub(crate) fn failed_page(failure: &ApiFailure, reload: &Callback<()>) -> Html {
    crate::early::uncover();
    html! {
        <main class="page">
            <h1>{ failure.title() }</h1>
            <p role="alert">{ failure.message() }</p>
            <p class="ways-on">
                if failure.may_pass() {
                    <button onclick={reload.reform(|_: MouseEvent| ())}>{ "Try again" }</button>
                }
                <a href="/">{ "All projects" }</a>
            </p>
        </main>
    }
}
