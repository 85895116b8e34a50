//! What a browser loads, in brotli, and how much of it is allowed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Something that a person waits for.
struct Load {
    what: &'static str,
    holds: fn(&str) -> bool,
    /// Where there is more, the program has grown by something that nobody weighed.
    limit: usize,
}

const LOADS: [Load; 2] = [
    Load {
        what: "to type",
        holds: |name| TO_TYPE.contains(&name),
        limit: 122_000,
    },
    Load {
        what: "to edit, all of it",
        holds: |name| !NOT_AT_FIRST.contains(&name),
        limit: 895_000,
    },
];
/// What is needed before one can type.
const TO_TYPE: [&str; 4] = ["workbench.wasm", "workbench.js", "boot.js", "page.css"];
/// What is not needed to edit: the other pages, what only some requests and files need, and what is
/// said of rare kinds, which comes when there is time for it.
const NOT_AT_FIRST: [&str; 4] = [
    "pages.wasm",
    "pages.js",
    "lsp_server_rest.wasm",
    "descriptions_rare.bin",
];

/// The files of a folder of assets: name to bytes, in brotli.
fn weigh(assets: &Path) -> Result<BTreeMap<String, usize>> {
    let mut weights = BTreeMap::new();
    let entries = fs::read_dir(assets).with_context(|| assets.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let parts: Vec<_> = file.split('.').collect();
        if let [stem, _hash, extension, "br"] = parts[..] {
            let bytes = usize::try_from(entry.metadata()?.len())?;
            weights.insert(format!("{stem}.{extension}"), bytes);
        }
    }
    Ok(weights)
}

/// Tells what a browser loads.
///
/// # Errors
///
/// Something is larger than is allowed, and `is_strict`.
pub(crate) fn check(assets: &Path, is_strict: bool) -> Result<()> {
    let weights = weigh(assets)?;
    let mut too_large = Vec::new();
    for (name, bytes) in &weights {
        eprintln!("  {name:<22} {bytes:>9} bytes in brotli");
    }
    for load in LOADS {
        let held = weights.iter().filter(|(name, _)| (load.holds)(name));
        let bytes: usize = held.map(|(_, bytes)| bytes).sum();
        let Load { what, limit, .. } = load;
        eprintln!("  {what:<22} {bytes:>9} of {limit}");
        if bytes > limit {
            too_large.push(format!("{what}: {bytes} bytes, {limit} are allowed"));
        }
    }
    if is_strict && !too_large.is_empty() {
        bail!("a browser loads too much: {}", too_large.join("; "));
    }
    Ok(())
}
