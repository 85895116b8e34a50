//! What yaml-ide promises as a whole: its manual is true, and right manifests are left alone.

mod bad_input;
mod broken;
mod cursors;
mod deployed;
mod edits;
mod judged;
mod laws;
mod manifests;
mod migrations;
mod other_files;
mod pipelines;
mod rules_page;
mod spec;
mod typing;
