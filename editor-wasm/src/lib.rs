//! The pages and the editor, as WebAssembly.

pub mod lsp;
pub mod view;
