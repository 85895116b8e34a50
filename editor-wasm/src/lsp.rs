//! The language server in its worker, as the page sees it.

mod answer;
mod client;
pub(crate) mod protocol;
pub(crate) mod sync;

pub use client::{DiagnosticsListener, FileDiagnostics, LspClient, LspError, LspOptions};
pub use protocol::{Action, Diagnostic, Location, Position, Range, Severity, Symbol, TextEdit};
