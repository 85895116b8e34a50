//! What a deploy means: which manifests may be deployed, in which order, what changes, when an
//! object is ready, what an answer of the API server asks for, and what may be pruned.
//!
//! Nothing here reads a clock or talks to a cluster; `backend` does, and asks this crate.
#![deny(missing_docs)]
#![cfg_attr(
    test,
    allow(
        clippy::needless_pass_by_value,
        clippy::format_push_string,
        clippy::format_collect,
        reason = "tests hand over what they expect, and build short texts"
    )
)]

pub mod adoption;
pub mod apply_set;
pub mod classify;
pub mod conflicts;
pub mod diff;
pub mod explain;
pub mod manifest;
mod mask;
pub mod object;
pub mod plan;
pub mod progress;
pub mod readiness;
pub mod receipt;
pub mod secret;
pub mod status;

pub use manifest::{Manifest, ManifestError, ManifestErrors, Manifests};
pub use object::{GroupKind, ObjectId};
