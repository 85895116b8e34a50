//! The elements that the text is drawn into. They are made by hand, once, and never by Yew.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, HtmlTextAreaElement};

use super::edit_context::EditContext;

/// The elements of one editor.
pub(crate) struct Surface {
    pub(crate) document: Document,
    /// Scrolls, natively.
    pub(crate) scroller: HtmlElement,
    /// As large as the whole text.
    pub(crate) space: HtmlElement,
    pub(crate) gutter: HtmlElement,
    /// Holds the text; takes the focus where there is an `EditContext` or nothing to edit.
    pub(crate) content: HtmlElement,
    pub(crate) selections: HtmlElement,
    pub(crate) lines: HtmlElement,
    pub(crate) carets: HtmlElement,
    pub(crate) context: Option<EditContext>,
    /// Takes the focus where there is no `EditContext`.
    pub(crate) text_area: Option<HtmlTextAreaElement>,
}

impl Surface {
    /// Makes the elements in `parent`.
    pub(crate) fn new(parent: &Element, label: &str, read_only: bool) -> Result<Self, JsValue> {
        let document = parent.owner_document().ok_or(JsValue::NULL)?;
        let scroller = child(&document, parent, "ed-scroller")?;
        let space = child(&document, &scroller, "ed-space")?;
        let gutter = child(&document, &space, "ed-gutter")?;
        let content = child(&document, &space, "ed-content")?;
        let selections = child(&document, &content, "ed-layer")?;
        let lines = child(&document, &content, "ed-lines")?;
        let carets = child(&document, &content, "ed-layer ed-carets")?;
        for decoration in [&gutter, &selections, &carets] {
            decoration.set_attribute("aria-hidden", "true")?;
        }
        let mut surface = Self {
            document,
            scroller,
            space,
            gutter,
            content,
            selections,
            lines,
            carets,
            context: None,
            text_area: None,
        };
        if !read_only {
            surface.context = EditContext::attach(&surface.content);
            if surface.context.is_none() {
                surface.text_area = Some(surface.add_text_area()?);
            }
        }
        surface.describe(label, read_only)?;
        Ok(surface)
    }

    fn add_text_area(&self) -> Result<HtmlTextAreaElement, JsValue> {
        let area = self.document.create_element("textarea")?;
        area.set_class_name("ed-input");
        for (name, value) in [
            ("autocapitalize", "off"),
            ("autocomplete", "off"),
            ("autocorrect", "off"),
            ("spellcheck", "false"),
            ("wrap", "off"),
        ] {
            area.set_attribute(name, value)?;
        }
        self.content.append_child(&area)?;
        area.dyn_into().map_err(JsValue::from)
    }

    fn describe(&self, label: &str, read_only: bool) -> Result<(), JsValue> {
        let element = self.focusable();
        element.set_tab_index(0);
        for (name, value) in [
            ("role", "textbox"),
            ("aria-multiline", "true"),
            ("aria-roledescription", "editor"),
            ("aria-autocomplete", "list"),
            ("aria-label", label),
            ("aria-readonly", if read_only { "true" } else { "false" }),
        ] {
            element.set_attribute(name, value)?;
        }
        Ok(())
    }

    /// Goes to another place of the page, with what is scrolled to and focused.
    pub(crate) fn move_to(&self, parent: &Element) -> Result<(), JsValue> {
        let target: &Movable = parent.unchecked_ref();
        if target.move_before(&self.scroller, None).is_ok() {
            return Ok(());
        }
        // A browser that cannot move an element takes it out and puts it in.
        let active = self.document.active_element();
        let focused = active.as_ref() == Some(self.focusable().as_ref());
        let (top, left) = (self.scroller.scroll_top(), self.scroller.scroll_left());
        parent.append_child(&self.scroller)?;
        self.scroller.set_scroll_top(top);
        self.scroller.set_scroll_left(left);
        if focused {
            self.focus();
        }
        Ok(())
    }

    /// Tells assistive technology what the text is called.
    pub(crate) fn set_label(&self, label: &str) {
        // The name is one of those that an attribute can have.
        let _ = self.focusable().set_attribute("aria-label", label);
    }

    /// What takes the focus.
    pub(crate) fn focusable(&self) -> &HtmlElement {
        match &self.text_area {
            Some(area) => area,
            None => &self.content,
        }
    }

    /// Takes the focus without scrolling.
    pub(crate) fn focus(&self) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element that is not on the page cannot be focused: nothing is lost.
        let _ = self.focusable().focus_with_options(&options);
    }
}

#[wasm_bindgen]
extern "C" {
    type Movable;

    /// Not in web-sys yet, nor in every browser.
    #[wasm_bindgen(method, catch, js_name = moveBefore)]
    fn move_before(this: &Movable, child: &Element, next: Option<&Element>) -> Result<(), JsValue>;
}

/// Adds a `div`.
pub(crate) fn child(
    document: &Document,
    parent: &Element,
    class: &str,
) -> Result<HtmlElement, JsValue> {
    let element = document.create_element("div")?;
    element.set_class_name(class);
    parent.append_child(&element)?;
    element.dyn_into().map_err(JsValue::from)
}
