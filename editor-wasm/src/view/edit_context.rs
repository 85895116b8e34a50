//! The browser's `EditContext`, which web-sys does not bind.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{DomRect, EventTarget, HtmlElement};

use super::viewport::whole;

#[wasm_bindgen]
extern "C" {
    /// A buffer that the input methods of the system edit.
    #[wasm_bindgen(extends = EventTarget)]
    #[derive(Clone)]
    pub(crate) type EditContext;

    #[wasm_bindgen(constructor)]
    fn create() -> EditContext;

    #[wasm_bindgen(method, js_name = updateText)]
    pub(crate) fn update_text(this: &EditContext, start: u32, end: u32, text: &str);

    #[wasm_bindgen(method, js_name = updateSelection)]
    pub(crate) fn update_selection(this: &EditContext, start: u32, end: u32);

    #[wasm_bindgen(method, js_name = updateControlBounds)]
    pub(crate) fn update_control_bounds(this: &EditContext, bounds: &DomRect);

    #[wasm_bindgen(method, js_name = updateSelectionBounds)]
    pub(crate) fn update_selection_bounds(this: &EditContext, bounds: &DomRect);

    #[wasm_bindgen(method, js_name = updateCharacterBounds)]
    pub(crate) fn update_character_bounds(this: &EditContext, start: u32, bounds: &Array);
}

impl EditContext {
    /// Attaches one to `element`; `None` where the browser has none.
    pub(crate) fn attach(element: &HtmlElement) -> Option<Self> {
        let window = web_sys::window()?;
        if !Reflect::has(&window, &"EditContext".into()).ok()? {
            return None;
        }
        let context = Self::create();
        Reflect::set(element, &"editContext".into(), &context).ok()?;
        Some(context)
    }
}

/// A number of an event, 0 if it has none.
pub(crate) fn number(event: &web_sys::Event, key: &str) -> usize {
    Reflect::get(event, &key.into())
        .ok()
        .and_then(|it| it.as_f64())
        .map_or(0, whole)
}

/// A text of an event, empty if it has none.
pub(crate) fn string(event: &web_sys::Event, key: &str) -> String {
    Reflect::get(event, &key.into())
        .ok()
        .and_then(|it| it.as_string())
        .unwrap_or_default()
}
