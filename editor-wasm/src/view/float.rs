//! Where lists and cards float.

use web_sys::HtmlElement;

use super::editing::Editing;
use super::layers::px;

/// Pixels between what floats and the edge of the window.
const MARGIN: f64 = 8.0;

impl Editing {
    /// Places what floats below its word, or above it where there is more room.
    pub(crate) fn place_float(&self, float: &HtmlElement) {
        let (anchor, prefers_above) = {
            let popups = self.popups.borrow();
            let list = popups.completion.is_some() || popups.fixes.is_some();
            (popups.anchor(), !list && popups.rename.is_none())
        };
        let place = anchor.and_then(|it| self.client_place(it));
        let (Some((x, top, bottom)), Some(window)) = (place, web_sys::window()) else {
            return;
        };
        let size = |it: Result<wasm_bindgen::JsValue, _>| {
            it.ok().and_then(|it| it.as_f64()).unwrap_or(0.0)
        };
        let (width, height) = (size(window.inner_width()), size(window.inner_height()));
        let own = float.get_bounding_client_rect();
        let below = bottom + own.height() + MARGIN <= height;
        let above = top - own.height() >= MARGIN;
        let y = if above && (prefers_above || !below) {
            top - own.height()
        } else {
            bottom
        };
        let left = x.min(width - own.width() - MARGIN).max(MARGIN);
        let style = float.style();
        // Both are properties that every browser knows.
        let _ = style.set_property("left", &px(left));
        let _ = style.set_property("top", &px(y));
    }

    /// Tells assistive technology which list is open and what is selected in it.
    pub(crate) fn describe_list(&self) {
        let Some(surface) = self.surface.get() else {
            return;
        };
        let open = {
            let popups = self.popups.borrow();
            popups.completion.is_some() || popups.fixes.is_some()
        };
        let element = surface.focusable();
        for (name, value) in [
            ("aria-controls", "ed-list"),
            ("aria-activedescendant", "ed-selected"),
        ] {
            // Only a name that is none is refused.
            let _ = if open {
                element.set_attribute(name, value)
            } else {
                element.remove_attribute(name)
            };
        }
    }
}
