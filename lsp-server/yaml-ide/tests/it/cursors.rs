//! Completion at every cursor a person can be at.
//!
//! Every key and value of every realistic manifest is taken away, or cut off half typed, in all the
//! styles that people write. What was there must be offered, and accepting it must give back a
//! document of the same structure.

mod blanks;
mod keys;
mod styles;
pub(crate) mod trial;
mod values;
