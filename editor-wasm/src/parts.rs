//! Parts that several pages use.

pub(crate) mod act;
pub(crate) mod audit;
pub(crate) mod badge;
pub(crate) mod commands;
pub(crate) mod deploys;
pub(crate) mod dialog;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod header;
pub(crate) mod keys;
pub(crate) mod palette;
pub(crate) mod rows;
