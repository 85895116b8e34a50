//! The language server: Kubernetes YAML over the Language Server Protocol.
//!
//! [`Pump`] is the whole server as a machine without threads, clocks or sockets: messages go in,
//! messages come out, and [`Pump::step`] does the next piece of work. A transport is a loop
//! around it: standard streams and TCP natively, the messages of a worker in the browser.
//!
//! ```text
//! transport ──► pump ──► server (tower-lsp) ──► handlers ──► yaml-ide
//!                │            │                     │
//!                │            └ session: documents  └ convert: LSP ↔ ours
//!                └ publish: diagnostics that are owed
//! ```

mod capabilities;
mod configuration;
mod convert;
mod documents;
mod handlers;
mod publish;
mod pump;
mod schemas;
mod search;
mod server;
mod session;
pub mod transport;

pub use pump::{Progress, Pump};
