//! The pages and the editor, for WebAssembly.
//!
//! A browser loads them as two modules, the binaries of this crate: one for the editor with what
//! serves it, one for all other pages.

mod api;
mod app;
mod drafts;
mod early;
mod json;
mod loading;
pub mod lsp;
mod navigation;
mod pages;
mod parts;
mod popups;
mod route;
mod storage;
mod time;
pub mod view;

use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::lsp::{LspClient, LspOptions};

/// Shows a text in `area` until [`mount_workbench`] takes it over; `frame` stands in for the page.
pub fn open_early(frame: Element, area: &Element, text: String) -> Result<(), JsValue> {
    early::open(frame, area, text)
}

/// Shows the editor of the version that the address names. `known` is the URL and the answer of a
/// request that was made already.
pub fn mount_workbench(element: Element, options: LspOptions, known: Option<(String, String)>) {
    api::know(known);
    let lsp = LspClient::start(options);
    app::mount(element, move |route| pages::workbench(route, &lsp));
}

/// Shows the page that the address names.
pub fn mount_pages(element: Element) {
    app::mount(element, pages::page);
}
