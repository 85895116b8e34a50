//! Field managers: who owns which field of an object, and server-side apply.

pub(crate) mod compare;
pub(crate) mod conform;
pub(crate) mod entries;
pub(crate) mod merge;
pub(crate) mod ownership;
pub(crate) mod path;

pub(crate) use ownership::{Ownership, Writer};
