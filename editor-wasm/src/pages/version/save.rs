//! Saving: the text becomes a version, and never changes again.

use std::collections::BTreeMap;

use api_types::{ErrorDetail, PushVersion, VersionName};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{self, ApiFailure, sentence};
use crate::drafts::DraftKey;
use crate::parts::dialog::Dialog;

#[derive(Properties, PartialEq)]
pub(crate) struct SaveDialogProps {
    pub(crate) draft_key: DraftKey,
    pub(crate) parent: Option<VersionName>,
    pub(crate) files: BTreeMap<String, String>,
    /// With the name of the version that was stored.
    pub(crate) on_saved: Callback<String>,
    pub(crate) on_close: Callback<()>,
}

/// Why it could not be saved.
#[derive(Clone, PartialEq)]
struct Refusal {
    message: String,
    details: Vec<ErrorDetail>,
}

/// Asks for the name of the version and stores it.
#[component]
pub(crate) fn SaveDialog(props: &SaveDialogProps) -> Html {
    let refusal = use_state(|| None::<Refusal>);
    let name = use_state(|| suggested_name(props.parent.as_ref().map(VersionName::as_str)));
    let input = use_node_ref();
    {
        let input = input.clone();
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                // The dialog has given it the focus.
                input.select();
            }
        });
    }
    let on_submit = {
        let (typed, refusal) = (name.clone(), refusal.clone());
        let DraftKey { project, set, .. } = props.draft_key.clone();
        let (parent, files) = (props.parent.clone(), props.files.clone());
        let (on_saved, on_close) = (props.on_saved.clone(), props.on_close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = match typed.trim().parse::<VersionName>() {
                Ok(name) => name,
                Err(error) => return refusal.set(Some(Refusal::of(&error.to_string()))),
            };
            let push = PushVersion {
                name,
                files: files.clone(),
                parent: parent.clone(),
                commit: None,
                git_ref: None,
                pipeline_url: None,
            };
            let (project, set, refusal) = (project.clone(), set.clone(), refusal.clone());
            let (on_saved, on_close) = (on_saved.clone(), on_close.clone());
            spawn_local(async move {
                match api::push_version(&project, &set, &push).send().await {
                    Ok(pushed) => {
                        on_close.emit(());
                        on_saved.emit(pushed.version.name.to_string());
                    }
                    Err(failure) => refusal.set(Some(failure.into())),
                }
            });
        })
    };
    let on_input = {
        let name = name.clone();
        Callback::from(move |event: InputEvent| {
            let input: web_sys::HtmlInputElement = event.target_unchecked_into();
            name.set(input.value());
        })
    };
    html! {
        <Dialog label="Save as version" on_close={props.on_close.clone()}>
            <form onsubmit={on_submit}>
                <h2>{ "Save as version" }</h2>
                <p class="quiet">{ "A version never changes. It can be compared, deployed and edited into the next one." }</p>
                <label>
                    <span>{ "Name" }</span>
                    <input ref={input} value={(*name).clone()} oninput={on_input} autocomplete="off" spellcheck="false" />
                </label>
                if let Some(refusal) = &*refusal {
                    { refusal.view() }
                }
                <div class="dialog-actions">
                    <button type="button" onclick={props.on_close.reform(|_| ())}>{ "Cancel" }</button>
                    <button type="submit" class="primary">{ "Save" }</button>
                </div>
            </form>
        </Dialog>
    }
}

impl Refusal {
    fn of(message: &str) -> Self {
        Self {
            message: sentence(message),
            details: Vec::new(),
        }
    }

    fn view(&self) -> Html {
        html! {
            <div class="failure" role="alert">
                <p>{ &self.message }</p>
                <ul>
                    { for self.details.iter().map(|detail| html! {
                        <li>
                            { &detail.place }
                            if let Some(line) = detail.line {
                                { format!(":{line}") }
                            }
                            { ": " }{ &detail.message }
                        </li>
                    }) }
                </ul>
            </div>
        }
    }
}

impl From<ApiFailure> for Refusal {
    fn from(failure: ApiFailure) -> Self {
        let message = failure.message();
        let details = match failure {
            ApiFailure::Refused { body, .. } => body.details,
            ApiFailure::SignedOut | ApiFailure::Unreachable => Vec::new(),
        };
        Self { message, details }
    }
}

/// A name that follows that of the parent: `v1`, then `v1-edit.1`, then `v1-edit.2`.
fn suggested_name(parent: Option<&str>) -> String {
    let Some(parent) = parent else {
        return "v1".to_owned();
    };
    let edit = parent.rsplit_once("-edit.").and_then(|(base, number)| {
        let number: u32 = number.parse().ok()?;
        Some(format!("{base}-edit.{}", number.checked_add(1)?))
    });
    edit.unwrap_or_else(|| format!("{parent}-edit.1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_named_after_what_it_edits() {
        assert_eq!(suggested_name(None), "v1");
        assert_eq!(suggested_name(Some("v1.4.2")), "v1.4.2-edit.1");
        assert_eq!(suggested_name(Some("v1.4.2-edit.9")), "v1.4.2-edit.10");
        assert_eq!(suggested_name(Some("v1-edit.x")), "v1-edit.x-edit.1");
    }
}
