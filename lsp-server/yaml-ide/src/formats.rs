//! What the texts in manifests mean: quantities, schedules, names. Pure functions of the text.

pub(crate) mod address;
pub(crate) mod base64;
pub(crate) mod cron;
pub(crate) mod duration;
pub(crate) mod image;
pub(crate) mod name;
pub(crate) mod placeholder;
pub(crate) mod quantity;
