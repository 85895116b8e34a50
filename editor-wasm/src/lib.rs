//! The pages and the editor, for WebAssembly.
//!
//! A browser loads them as two modules, the binaries of this crate: one for the editor with what
//! serves it, one for all other pages.

mod api;
mod app;
mod drafts;
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

use web_sys::Element;

use crate::lsp::{LspClient, LspOptions};

/// Shows the editor of the version that the address names.
pub fn mount_workbench(element: Element, options: LspOptions) {
    let lsp = LspClient::start(options);
    app::mount(element, move |route| pages::workbench(route, &lsp));
}

/// Shows the page that the address names.
pub fn mount_pages(element: Element) {
    app::mount(element, pages::page);
}
