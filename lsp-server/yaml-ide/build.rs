//! Writes the schema of `.gitlab-ci.yml` to `OUT_DIR`: as tables, which cost nothing to load.
#![allow(
    dead_code,
    reason = "the types of the language are there for the schema that they derive"
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
