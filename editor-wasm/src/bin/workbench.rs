//! The editor with what serves it, as a module that a browser loads.

use editor_wasm::lsp::LspOptions;
use wasm_bindgen::prelude::*;

/// Shows the editor in `element`.
///
/// `assets` is an object of URLs: `worker`, `structure` and `descriptions`.
#[wasm_bindgen]
pub fn mount(element: web_sys::Element, assets: &JsValue) {
    let url = |name: &str| {
        js_sys::Reflect::get(assets, &name.into())
            .ok()
            .and_then(|url| url.as_string())
            .unwrap_or_default()
    };
    let options = LspOptions {
        worker: url("worker"),
        structure: url("structure"),
        descriptions: url("descriptions"),
    };
    editor_wasm::mount_workbench(element, options);
}

fn main() {}
