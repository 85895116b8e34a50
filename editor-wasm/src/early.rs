//! The text before the page around it: it takes keys while the rest is still on its way.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::view::EditorProps;
use crate::view::editing::Editing;

/// An editor that waits for its page, the text that it was opened with, and what stands in for the
/// page.
struct Early {
    editing: Rc<Editing>,
    text: String,
    frame: Element,
}

thread_local! {
    static EARLY: RefCell<Option<Early>> = const { RefCell::new(None) };
}

/// Shows a text in `area`, which is a part of `frame`.
pub(crate) fn open(frame: Element, area: &Element, text: String) -> Result<(), JsValue> {
    let props = EditorProps::of(&text);
    let editing = Editing::new(&props);
    editing.mount(area)?;
    if let Some(surface) = editing.surface.get() {
        surface.focus();
    }
    let early = Early {
        editing,
        text,
        frame,
    };
    EARLY.set(Some(early));
    Ok(())
}

/// The editor that was opened with this text, for the page that takes over. It still stands in the
/// frame, until [`uncover`] takes that away.
pub(crate) fn take(text: &str) -> Option<Rc<Editing>> {
    EARLY.with_borrow(|early| {
        let early = early.as_ref().filter(|it| it.text == text)?;
        Some(Rc::clone(&early.editing))
    })
}

/// Takes away what stands in for the page.
pub(crate) fn uncover() {
    if let Some(early) = EARLY.take() {
        early.frame.remove();
    }
}
