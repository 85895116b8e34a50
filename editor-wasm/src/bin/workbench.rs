//! The editor with what serves it, as a module that a browser loads in two parts: `open` is in the
//! first one.

use editor_wasm::lsp::LspOptions;
use wasm_bindgen::prelude::*;

/// Shows a text in `area`, a part of `frame`, until `mount` takes it over.
#[wasm_bindgen]
pub fn open(frame: web_sys::Element, area: &web_sys::Element, text: String) -> Result<(), JsValue> {
    editor_wasm::open_early(frame, area, text)
}

/// Shows the editor in `element`.
///
/// `assets` is an object of URLs: `worker`, `structure`, `descriptions` and `rareDescriptions`. `url`
/// and `answer` are those of the version, if it was asked for already.
#[wasm_bindgen]
pub fn mount(
    element: web_sys::Element,
    assets: &JsValue,
    url: Option<String>,
    answer: Option<String>,
) {
    let asset = |name: &str| {
        js_sys::Reflect::get(assets, &name.into())
            .ok()
            .and_then(|url| url.as_string())
            .unwrap_or_default()
    };
    let options = LspOptions {
        worker: asset("worker"),
        structure: asset("structure"),
        descriptions: [asset("descriptions"), asset("rareDescriptions")],
    };
    editor_wasm::mount_workbench(element, options, url.zip(answer));
}

fn main() {}
