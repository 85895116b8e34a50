//! The language server: Kubernetes YAML over the Language Server Protocol.
//!
//! [`Pump`] is the whole server as a machine without threads, clocks or sockets: messages go in,
//! messages come out, and [`Pump::step`] does the next piece of work. A transport is a loop
//! around it: standard streams and TCP natively, the messages of a worker in the browser.
//!
//! ```text
//! transport ──► pump ──► router ──► handlers ──► yaml-ide
//!                │                     │
//!                ├ session: documents  └ convert: LSP ↔ ours
//!                └ publish: diagnostics that are owed
//! ```
//!
//! Of the framework (tower-lsp) the types of the protocol and the errors of JSON-RPC are used,
//! and not its service: that runs handlers of several messages at once, so changes of a document
//! can overtake each other, and it brings every method of the protocol into the browser, most of
//! which there is nothing to say to.

mod capabilities;
mod configuration;
mod convert;
mod documents;
mod fault;
mod folders;
mod handlers;
mod message;
mod outside;
mod params;
mod publish;
mod pump;
mod question;
mod router;
mod schemas;
mod search;
mod session;
pub mod transport;
mod turn;

pub use outside::{Found, SavedFile, SavedSchemas, Wanted};
pub use pump::{Progress, Pump};
