//! The pages and the editor, as WebAssembly.

mod api;
mod app;
mod drafts;
mod loading;
pub mod lsp;
mod navigation;
mod pages;
mod parts;
mod popups;
mod route;
mod time;
pub mod view;

use wasm_bindgen::prelude::*;

use crate::app::{App, AppProps};
use crate::lsp::LspOptions;

/// Shows the application in `element`.
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
    let assets = LspOptions {
        worker: url("worker"),
        structure: url("structure"),
        descriptions: url("descriptions"),
    };
    parts::header::restore_theme();
    yew::Renderer::<App>::with_root_and_props(element, AppProps { assets }).render();
}
