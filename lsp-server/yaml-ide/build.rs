//! Writes the schema of `.gitlab-ci.yml` to `OUT_DIR`: as tables, which cost nothing to load.
#![allow(
    dead_code,
    clippy::doc_markdown,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "the types of the language are there for the schema that they derive: no value of them is ever made, and their comments are the words that people read"
)]

#[path = "build/gitlab/language.rs"]
mod language;
#[path = "build/tables.rs"]
mod tables;

use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), String> {
    for path in ["build.rs", "build"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let tables = tables::tables(&language::schema())?;
    let folder = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    let path = PathBuf::from(folder).join("gitlab_tables.rs");
    fs::write(&path, tables).map_err(|error| format!("{}: {error}", path.display()))
}
