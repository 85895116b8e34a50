//! The language server in its worker, as the page sees it.

mod client;
mod protocol;

pub use client::{LspClient, LspError, LspOptions};
pub use protocol::{Action, Diagnostic, Location, Position, Range, Severity, Symbol, TextEdit};
