//! A deploy: before it starts, while it runs and after it ended.

mod follow;
mod job;
mod panel;
mod preview;

pub(crate) use follow::Follower;
pub(crate) use job::DeployPage;
pub(crate) use panel::DeployPanel;
