//! KUN's backend: resource sets, versions and deploy jobs over HTTP.

pub mod cluster;
pub mod config;
pub mod deploy;
pub mod example;
pub mod http;
pub mod identity;
pub mod jobs;
pub mod playground;
pub mod push;
pub mod retention;
pub mod serve;
pub mod store;

pub use http::{Services, Shutdown, build};
