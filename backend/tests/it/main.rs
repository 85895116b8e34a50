//! The API as its clients see it: a request in, an answer out. One file for each noun.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod cluster_schemas;
mod clusters;
mod deploys;
mod environments;
mod events;
mod guard;
mod issuer;
mod operation;
mod pages;
mod people;
mod pipelines;
mod projects;
mod sessions;
mod sets;
mod support;
mod versions;
