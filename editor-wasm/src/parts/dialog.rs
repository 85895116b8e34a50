//! A dialog: what stands above the page until it is answered or closed.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    /// What assistive technology calls it.
    pub(crate) label: &'static str,
    #[prop_or_default]
    pub(crate) class: &'static str,
    /// Called by Escape and by a click beside it.
    pub(crate) on_close: Callback<()>,
    pub(crate) children: Html,
}

/// The browser keeps the focus inside, and gives it back at the end.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let element = dialog.cast::<HtmlDialogElement>();
            if let Some(element) = &element {
                // It is in the page and was not open before.
                let _ = element.show_modal();
            }
            move || {
                if let Some(element) = element {
                    element.close();
                }
            }
        });
    }
    let on_cancel = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            on_close.emit(());
        })
    };
    let on_click = {
        let (dialog, on_close) = (dialog.clone(), props.on_close.clone());
        Callback::from(move |event: MouseEvent| {
            let target = event.target().and_then(|it| it.dyn_into().ok());
            if target.is_some() && target == dialog.get() {
                on_close.emit(());
            }
        })
    };
    html! {
        <dialog ref={dialog} class={props.class} aria-label={props.label} oncancel={on_cancel} onclick={on_click}>
            { props.children.clone() }
        </dialog>
    }
}
