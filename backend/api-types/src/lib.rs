//! Requests, responses and errors of KUN's HTTP API: what the backend answers, and what the pages
//! and the `kun` command ask.
//!
//! A type here is a promise: fields are only added. Times are RFC 3339 in UTC, durations are
//! milliseconds, and sizes are bytes.
#![deny(missing_docs)]

mod deploys;
mod environments;
mod error;
mod name;
mod people;
mod pipelines;
mod sessions;
mod sets;
mod versions;

pub use deploys::*;
pub use environments::*;
pub use error::*;
pub use name::*;
pub use people::*;
pub use pipelines::*;
pub use sessions::*;
pub use sets::*;
pub use versions::*;
