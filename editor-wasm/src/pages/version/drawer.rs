//! The panels beside the text, which a narrow window shows above it, one at a time.

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::navigation::window;

/// A panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drawer {
    Files,
    Deploy,
}

impl Drawer {
    /// The class of a workbench that shows it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Files => "shows-files",
            Self::Deploy => "shows-deploy",
        }
    }

    /// The button that opens and shuts it, which only a narrow window shows.
    pub(super) fn button(self, open: Option<Self>, on_toggle: &Callback<Self>) -> Html {
        let (word, panel) = match self {
            Self::Files => ("Files", "files"),
            Self::Deploy => ("Deploy", "deploy-panel"),
        };
        html! {
            <button
                class="drawer-button"
                aria-expanded={(open == Some(self)).to_string()}
                aria-controls={panel}
                onclick={on_toggle.reform(move |_| self)}
            >{ word }</button>
        }
    }

    /// Moves the focus into it, once it is drawn.
    pub(super) fn focus(self) {
        let wanted = match self {
            Self::Files => ["#files .is-shown button", "#files button"],
            Self::Deploy => [
                "#deploy-panel .deploy-button:not(:disabled)",
                "#deploy-panel :is(button, select, a)",
            ],
        };
        Timeout::new(0, move || {
            let _ = wanted.into_iter().any(focus);
        })
        .forget();
    }
}

/// Whether the focus was lost with what had it.
pub(super) fn has_nothing_the_focus() -> bool {
    let document = window().document();
    let focused = document.and_then(|it| it.active_element());
    focused.is_none_or(|it| it.tag_name() == "BODY")
}

/// Whether there is something to give the focus to.
fn focus(selector: &str) -> bool {
    let document = window().document();
    let element = document.and_then(|it| it.query_selector(selector).ok().flatten());
    let element = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok());
    element.is_some_and(|it| it.focus().is_ok())
}
