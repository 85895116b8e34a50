//! A form of one name, which most things here need to begin with.

use std::future::Future;

use api_types::{NameError, Slug};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{ApiFailure, sentence};

/// What the form is told when the request has ended: `None`, or what is wrong.
#[derive(Clone, PartialEq)]
pub(crate) struct NameFormAnswer(Callback<Option<String>>);

impl NameFormAnswer {
    /// Says what is wrong.
    pub(crate) fn refuse(self, sentence: &str) {
        self.0.emit(Some(sentence.to_owned()));
    }

    /// Checks the name, runs the request and tells the form how it went.
    pub(crate) fn run<F, A>(self, name: &str, request: F)
    where
        F: FnOnce(Slug) -> A,
        A: Future<Output = Result<(), ApiFailure>> + 'static,
    {
        let slug: Result<Slug, NameError> = name.trim().parse();
        match slug {
            Err(error) => self.refuse(&sentence(&error.to_string())),
            Ok(slug) => {
                let request = request(slug);
                spawn_local(async move {
                    self.0
                        .emit(request.await.err().map(|failure| failure.message()));
                });
            }
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct NameFormProps {
    pub(crate) label: &'static str,
    pub(crate) placeholder: &'static str,
    pub(crate) on_submit: Callback<(String, NameFormAnswer)>,
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A field for a name and a button.
#[component]
pub(crate) fn NameForm(props: &NameFormProps) -> Html {
    let problem = use_state(|| None::<String>);
    let input = use_node_ref();
    let on_submit = {
        let (input, problem) = (input.clone(), problem.clone());
        props.on_submit.reform(move |event: SubmitEvent| {
            event.prevent_default();
            let input = input.cast::<web_sys::HtmlInputElement>();
            let name = input
                .as_ref()
                .map(web_sys::HtmlInputElement::value)
                .unwrap_or_default();
            let problem = problem.clone();
            let answer = NameFormAnswer(Callback::from(move |wrong: Option<String>| {
                if let (None, Some(input)) = (&wrong, &input) {
                    input.set_value("");
                }
                problem.set(wrong);
            }));
            (name, answer)
        })
    };
    html! {
        <form class="name-form" onsubmit={on_submit}>
            <label>
                <span>{ props.label }</span>
                <input ref={input} placeholder={props.placeholder} autocomplete="off" spellcheck="false" />
            </label>
            { props.children.clone() }
            <button type="submit">{ "Create" }</button>
            if let Some(problem) = &*problem {
                <p class="failure" role="alert">{ problem }</p>
            }
        </form>
    }
}
