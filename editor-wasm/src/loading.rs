//! What a page waits for: not there yet, there, or refused.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Interval;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{self, Answer, ApiFailure, Ask, Request};
use crate::navigation::window;
use crate::time;

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
impl<T: ?Sized> PartialEq for Loading<T> {
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
pub(crate) struct Loaded<T: ?Sized + 'static> {
    pub(crate) state: Loading<T>,
    /// When the answer came, if it could not be asked for again since.
    pub(crate) stale_since: Option<i64>,
    pub(crate) reload: Callback<()>,
}

/// Asks when the page opens, and again when the request changes or `reload` is called. An answer
/// that was overtaken by a newer question is dropped; the old answer is shown until the new one to
/// the same question is there, also while the server is silent.
#[hook]
pub(crate) fn use_loaded<T: DeserializeOwned + 'static>(request: Request<T>) -> Loaded<T> {
    let Loaded {
        state,
        stale_since,
        reload,
    } = use_answer(request.into_ask(), read::<T>);
    let state = match state {
        Loading::Waiting => Loading::Waiting,
        Loading::Failed(failure) => Loading::Failed(failure),
        Loading::Ready(value) => match value.downcast() {
            Ok(value) => Loading::Ready(value),
            // Until the answer to the new question is there.
            Err(_) => Loading::Waiting,
        },
    };
    Loaded {
        state,
        stale_since,
        reload,
    }
}

fn read<T: DeserializeOwned + 'static>(text: &str) -> Answer<Rc<dyn Any>> {
    Ok(Rc::new(api::read::<T>(text)?))
}

/// What does not depend on the type of the answer stands here, once in the page's code.
#[hook]
fn use_answer(ask: Ask, read: fn(&str) -> Answer<Rc<dyn Any>>) -> Loaded<dyn Any> {
    let answer = use_state(|| (Loading::Waiting, 0_i64));
    let stale_since = use_state(|| None::<i64>);
    let round = use_state(|| 0_u32);
    let asked = use_mut_ref(|| None::<Ask>);
    {
        let (answer, stale_since) = (answer.clone(), stale_since.clone());
        use_effect_with((ask, *round), move |(ask, _)| {
            let is_again = asked.borrow().as_ref() == Some(ask);
            if !is_again {
                answer.set((Loading::Waiting, 0));
                stale_since.set(None);
                *asked.borrow_mut() = Some(ask.clone());
            }
            let known = is_again.then(|| answer.1).filter(|at| *at > 0);
            let is_current = Rc::new(Cell::new(true));
            {
                let (ask, is_current) = (ask.clone(), Rc::clone(&is_current));
                spawn_local(async move {
                    let told = ask.send().await.and_then(|text| read(&text));
                    if !is_current.get() {
                        return;
                    }
                    match told {
                        Ok(value) => {
                            stale_since.set(None);
                            answer.set((Loading::Ready(value), time::now()));
                        }
                        Err(failure) if failure.may_pass() && known.is_some() => {
                            stale_since.set(known);
                        }
                        Err(failure) => answer.set((Loading::Failed(failure), 0)),
                    }
                });
            }
            move || is_current.set(false)
        });
    }
    let reload = Callback::from(move |()| round.set(*round + 1));
    Loaded {
        state: answer.0.clone(),
        stale_since: *stale_since,
        reload,
    }
}

/// Asks again when the person comes back to the page, and every so many seconds while it is seen.
#[hook]
pub(crate) fn use_refreshed(reload: &Callback<()>, seconds: Option<u32>) {
    // The callback of the newest drawing: an older one would ask for a round that is over.
    let newest = use_mut_ref(|| reload.clone());
    newest.borrow_mut().clone_from(reload);
    use_effect_with(seconds, move |seconds| {
        let ask = move || {
            let is_seen = document().is_some_and(|it| !it.hidden());
            if is_seen {
                newest.borrow().emit(());
            }
        };
        let every = seconds.map(|seconds| Interval::new(seconds * 1000, ask.clone()));
        let back = document()
            .map(|document| EventListener::new(&document, "visibilitychange", move |_| ask()));
        move || drop((every, back))
    });
}

fn document() -> Option<web_sys::Document> {
    window().document()
}

/// Says that what is shown may be old, and how old.
pub(crate) fn stale(since: Option<i64>) -> Html {
    let Some(since) = since else {
        return Html::default();
    };
    let age = time::ago(time::now(), since);
    html! {
        <p class="notice stale" role="status">
            { format!("The server does not answer. What is shown is as of {age}.") }
        </p>
    }
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
