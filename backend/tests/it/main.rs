//! The API as its clients see it: a request in, an answer out. One file for each noun.

mod clusters;
mod deploys;
mod environments;
mod events;
mod guard;
mod operation;
mod pages;
mod projects;
mod sessions;
mod sets;
mod support;
mod versions;
