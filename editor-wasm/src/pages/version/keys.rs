//! The keys of the page around the text.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::drawer::Drawer;
use super::workbench::{Msg, Workbench};
use crate::navigation::window;

/// Listens to keys wherever the focus is, also where nothing has it.
pub(super) fn listen_to_keys(ctx: &Context<Workbench>) -> EventListener {
    let link = ctx.link().clone();
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), "keydown", options, move |event| {
        let event = event.dyn_ref::<KeyboardEvent>();
        if let Some((event, msg)) = event.and_then(|event| Some((event, on_key(event)?))) {
            event.prevent_default();
            link.send_message(msg);
        }
    })
}

fn on_key(event: &KeyboardEvent) -> Option<Msg> {
    let is_command = event.ctrl_key() || event.meta_key();
    let is_turned = event.alt_key() && event.shift_key() && !is_command;
    match (event.key().as_str(), event.code().as_str()) {
        ("s", _) if is_command && !event.shift_key() && !event.alt_key() => Some(Msg::AskName),
        // With Alt, the key of a letter gives another sign on some keyboards.
        (_, "KeyD") if is_turned => Some(Msg::Focus(Drawer::Deploy)),
        (_, "KeyE") if is_turned => Some(Msg::Focus(Drawer::Files)),
        _ => None,
    }
}
