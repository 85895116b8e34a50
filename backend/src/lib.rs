//! KUN's backend: resource sets, versions and deploy jobs over HTTP.

pub mod cluster;
pub mod deploy;
pub mod jobs;
pub mod store;
