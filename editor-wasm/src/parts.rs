//! Parts that several pages use.

pub(crate) mod badge;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod header;
pub(crate) mod palette;
