//! Faults of our own: a panic costs what was being done, and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tower_lsp::jsonrpc::{Error, Result};

/// Runs a feature; a panic in it becomes an error.
///
/// In the browser a panic ends the worker instead, and the page starts another one.
pub(crate) fn guarded<R>(run: impl FnOnce() -> R) -> Result<R> {
    // Features read snapshots and change nothing; who changes something looks at the error.
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| {
        let mut error = Error::internal_error();
        error.message = "the language server failed on this request; please report it".into();
        error
    })
}

/// Where tests let a change of a document fail half-way: by a text that says so.
#[cfg(test)]
pub(crate) fn tried(text: &str) {
    assert_ne!(text, "a fault in a change");
}

/// Nothing, outside tests.
#[cfg(not(test))]
pub(crate) fn tried(_text: &str) {}
