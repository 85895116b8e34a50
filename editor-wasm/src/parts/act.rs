//! A button that changes something on the server: it says what went wrong.

use std::future::Future;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::ApiFailure;

/// What a person can do here, and how the last of it went.
#[derive(Clone, PartialEq)]
pub(crate) struct Act {
    problem: UseStateHandle<Option<String>>,
    on_done: Callback<()>,
}

impl Act {
    /// Does it; what is shown is then loaded anew.
    pub(crate) fn run(&self, request: impl Future<Output = Result<(), ApiFailure>> + 'static) {
        let Self { problem, on_done } = self.clone();
        spawn_local(async move {
            let failure = request.await.err();
            problem.set(failure.map(|failure| failure.message()));
            on_done.emit(());
        });
    }

    /// What went wrong.
    pub(crate) fn view(&self) -> Html {
        match &*self.problem {
            Some(problem) => html! { <p class="failure" role="alert">{ problem }</p> },
            None => Html::default(),
        }
    }
}

/// Acts on a page; `on_done` hears when one has ended, well or not.
#[hook]
pub(crate) fn use_act(on_done: &Callback<()>) -> Act {
    let problem = use_state(|| None::<String>);
    Act {
        problem,
        on_done: on_done.clone(),
    }
}
