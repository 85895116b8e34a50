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
    /// Where it stands, with the line before and behind it.
    pub(crate) places: Vec<Use>,
    /// Why the last name was refused.
    pub(crate) error: Option<String>,
}

/// A place where the name stands.
pub(crate) struct Use {
    /// The file, and the line in it.
    pub(crate) place: String,
    /// What stands before and behind the name.
    pub(crate) around: (String, String),
}

/// Places that are listed; of more their number is told.
const LISTED: usize = 8;

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
    let typed = {
        let editing = editing.clone();
        Callback::from(move |event: InputEvent| {
            let name = event.target_unchecked_into::<HtmlInputElement>().value();
            editing.name_typed(name);
        })
    };
    html! {
        <>
            <input
                ref={input.clone()}
                class="ed-field-input"
                aria-label="New name"
                value={rename.name.clone()}
                oninput={typed}
                onkeydown={key}
            />
            if !rename.places.is_empty() {
                { view_places(rename) }
            }
            if let Some(error) = &rename.error {
                <p class="ed-find-error" role="alert">{ error }</p>
            }
        </>
    }
}

/// What Enter would do.
fn view_places(rename: &Rename) -> Html {
    let count = rename.places.len();
    let more = count.saturating_sub(LISTED);
    html! {
        <>
            <p class="ed-uses-count" role="status">
                { if count == 1 { "1 place".to_owned() } else { format!("{count} places") } }
            </p>
            <ul class="ed-uses" aria-label="What is renamed">
                { for rename.places.iter().take(LISTED).map(|it| html! {
                    <li>
                        <span class="ed-detail">{ &it.place }</span>
                        <code>{ &it.around.0 }<ins>{ &rename.name }</ins>{ &it.around.1 }</code>
                    </li>
                }) }
            </ul>
            if more > 0 {
                <p class="ed-uses-count">{ format!("and {more} more") }</p>
            }
        </>
    }
}
