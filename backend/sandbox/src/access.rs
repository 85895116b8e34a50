//! Who is calling, and what they may do.

pub(crate) mod escalation;
mod impersonation;
pub(crate) mod rbac;
pub(crate) mod reviews;
mod roles;
pub(crate) mod users;

pub(crate) use impersonation::impersonate;
pub(crate) use roles::bootstrap;
pub(crate) use users::{User, Users};
