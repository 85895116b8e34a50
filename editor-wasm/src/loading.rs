//! What a page waits for: not there yet, there, or refused.

use std::future::Future;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::ApiFailure;

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

/// Asks when the page opens, and again when `key` changes or `reload` is called. An answer that
/// was overtaken by a newer question is dropped; the old answer is shown until the new one is there.
#[hook]
pub(crate) fn use_loaded<K, T, F, A>(key: K, ask: F) -> Loaded<T>
where
    K: PartialEq + Clone + 'static,
    T: 'static,
    F: Fn(&K) -> A + 'static,
    A: Future<Output = Result<T, ApiFailure>> + 'static,
{
    let state = use_state(|| Loading::Waiting);
    let round = use_state(|| 0_u32);
    let shown_key = use_mut_ref(|| None::<K>);
    {
        let state = state.clone();
        use_effect_with((key, *round), move |(key, _)| {
            if shown_key.borrow().as_ref() != Some(key) {
                state.set(Loading::Waiting);
                *shown_key.borrow_mut() = Some(key.clone());
            }
            let is_current = Rc::new(std::cell::Cell::new(true));
            let answer = ask(key);
            {
                let is_current = Rc::clone(&is_current);
                spawn_local(async move {
                    let answer = answer.await;
                    if is_current.get() {
                        state.set(match answer {
                            Ok(value) => Loading::Ready(Rc::new(value)),
                            Err(failure) => Loading::Failed(failure),
                        });
                    }
                });
            }
            move || is_current.set(false)
        });
    }
    let reload = Callback::from(move |()| round.set(*round + 1));
    Loaded {
        state: (*state).clone(),
        reload,
    }
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
