//! A deploy: before it starts, while it runs and after it ended.

mod actions;
mod follow;
mod job;
mod log;
mod objects;
mod panel;
mod preview;
mod stages;

pub(crate) use follow::Follower;
pub(crate) use job::DeployPage;
pub(crate) use panel::{DeployPanel, chosen_environment};
