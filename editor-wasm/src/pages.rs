//! What a person sees, a module a page.

pub(crate) mod account;
pub(crate) mod compare;
pub(crate) mod deploy;
pub(crate) mod home;
pub(crate) mod project;
pub(crate) mod set;
pub(crate) mod version;
