//! The language server in its worker, as the page sees it.

mod answer;
mod client;
mod diagnostic;
pub(crate) mod protocol;
pub(crate) mod sync;

pub use client::{DiagnosticsListener, FileDiagnostics, Health, LspClient, LspError, LspOptions};
pub use diagnostic::{Diagnostic, Tag};
pub use protocol::{Action, Link, Location, ObjectLens, Position, Range, Severity, TextEdit};
