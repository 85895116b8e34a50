//! Lists the files of `web/dist` as a table of bytes, if the web part was built.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let dist = manifest.join("../web/dist");
    // A folder that is not there yet counts as changed at every build, so its parent is watched.
    let watched = if dist.is_dir() {
        "../web/dist"
    } else {
        "../web"
    };
    println!("cargo::rerun-if-changed={watched}");
    println!("cargo::rerun-if-changed=migrations");

    let mut files = Vec::new();
    list(&dist, "", &mut files)?;
    files.sort();
    let compressed = |path: &str| Path::new(path).extension().is_some_and(|it| it == "br");
    let table = files.iter().filter(|path| !compressed(path));
    let mut source = String::from("static ASSETS: &[Asset] = &[\n");
    for path in table {
        let compressed = format!("{path}.br");
        let brotli = match files.binary_search(&compressed) {
            Ok(_) => format!("Some({})", include(&dist, &compressed)),
            Err(_) => "None".to_owned(),
        };
        let bytes = include(&dist, path);
        writeln!(
            source,
            "    Asset {{ path: {path:?}, bytes: {bytes}, brotli: {brotli} }},"
        )
        .expect("a String takes all");
    }
    source.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("assets.rs"), source)
}

/// Adds the files under `folder` to `files`, with `/` between the parts of their paths.
fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn include(dist: &Path, path: &str) -> String {
    format!(
        "include_bytes!({:?})",
        dist.join(path).display().to_string()
    )
}
