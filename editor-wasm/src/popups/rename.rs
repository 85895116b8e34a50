//! The box for a new name.

use std::ops::Range;
use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::view::editing::Editing;

/// An open box.
pub(crate) struct Rename {
    /// The name in the text.
    pub(crate) range: Range<usize>,
    pub(crate) name: String,
    /// Why the last name was refused.
    pub(crate) error: Option<String>,
}

/// Shows the box.
pub(crate) fn view(editing: &Rc<Editing>, rename: &Rename, input: &NodeRef) -> Html {
    let key = {
        let editing = editing.clone();
        Callback::from(move |event: KeyboardEvent| {
            let name = event.target_unchecked_into::<HtmlInputElement>().value();
            match event.key().as_str() {
                "Enter" => editing.rename_to(&name),
                "Escape" => editing.close_rename(),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <>
            <input
                ref={input.clone()}
                class="ed-field-input"
                aria-label="New name"
                value={rename.name.clone()}
                onkeydown={key}
            />
            if let Some(error) = &rename.error {
                <p class="ed-find-error" role="alert">{ error }</p>
            }
        </>
    }
}
