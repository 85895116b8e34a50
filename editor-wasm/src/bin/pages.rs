//! All pages but the editor, as a module that a browser loads.

use wasm_bindgen::prelude::*;

/// Shows the page in `element`.
#[wasm_bindgen]
pub fn mount(element: web_sys::Element) {
    editor_wasm::mount_pages(element);
}

fn main() {}
