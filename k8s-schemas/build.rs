//! Reads the definitions of Kubernetes from the sources of the `k8s-openapi` package.
//!
//! Writes to `OUT_DIR`: `structure.bin`, `descriptions.bin` and `descriptions_rare.bin`, the parts of
//! the bundle, and `newest_kinds.rs`, the kinds of the newest release for a test.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "modules of the crate are compiled here as well, and only a part of them is used"
)]

#[path = "build/assemble.rs"]
mod assemble;
#[path = "src/codec.rs"]
mod codec;
#[path = "build/encode.rs"]
mod encode;
#[path = "src/fact_table.rs"]
mod fact_table;
#[path = "src/facts.rs"]
mod facts;
#[path = "build/literal.rs"]
mod literal;
#[path = "build/locate.rs"]
mod locate;
#[path = "src/pool.rs"]
mod pool;
#[path = "src/reader.rs"]
mod reader;
#[path = "build/sources.rs"]
mod sources;
#[path = "src/texts.rs"]
mod texts;
#[path = "build/usual.rs"]
mod usual;

use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), String> {
    let shared = ["codec", "fact_table", "facts", "pool", "reader", "texts"];
    for name in shared {
        println!("cargo::rerun-if-changed=src/{name}.rs");
    }
    for path in ["build.rs", "build", "../Cargo.lock"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let (pool, texts, kinds) = assemble::pool(&locate::k8s_openapi()?)?;
    let (usual, rare) = usual::part(&pool, &texts);
    let [structure, descriptions, rare] = encode::encode(&pool, &usual, &rare);
    let paths = kinds.lines().map(|path| format!("    {path},\n"));
    let kinds = format!("each_kind! {{\n{}}}\n", paths.collect::<String>());
    write("structure.bin", &structure)?;
    write("descriptions.bin", &descriptions)?;
    write("descriptions_rare.bin", &rare)?;
    write("newest_kinds.rs", kinds.as_bytes())
}

fn write(name: &str, bytes: &[u8]) -> Result<(), String> {
    let folder = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    let path = PathBuf::from(folder).join(name);
    fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}
