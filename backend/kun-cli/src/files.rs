//! Files and folders of the command line, as the files of a version.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// Reads files and whole folders under the paths that they were given by, for messages and reports.
pub(crate) fn read_for_lint(paths: &[PathBuf]) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for path in paths {
        let shown = path.to_string_lossy();
        let shown = shown
            .strip_prefix("./")
            .unwrap_or(&shown)
            .trim_end_matches('/');
        if path.is_dir() {
            let before = files.len();
            read_folder(path, &format!("{shown}/"), &mut files)?;
            if files.len() == before {
                bail!("{} holds no .yaml, .yml or .json file", path.display());
            }
        } else if !files.contains_key(shown) {
            add(path, shown.to_owned(), &mut files)?;
        }
    }
    Ok(files)
}

/// Reads files and whole folders: a file is called by its name, one in a folder by its path in it.
///
/// In folders only manifests are read, and nothing whose name starts with a dot.
pub(crate) fn read(paths: &[PathBuf]) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            read_folder(path, "", &mut files)?;
            if files.len() == before {
                bail!("{} holds no .yaml, .yml or .json file", path.display());
            }
        } else {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            let Some(name) = name else {
                bail!("{} is no file", path.display());
            };
            add(path, name, &mut files)?;
        }
    }
    Ok(files)
}

fn read_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<()> {
    let shown = folder.display();
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {shown}"))?;
    let entries = entries.collect::<Result<Vec<_>, _>>();
    let mut entries = entries.with_context(|| format!("cannot read {shown}"))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            read_folder(&path, &format!("{prefix}{name}/"), files)?;
        } else if is_manifest(&path) {
            add(&path, format!("{prefix}{name}"), files)?;
        }
    }
    Ok(())
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
}

fn add(path: &Path, name: String, files: &mut BTreeMap<String, String>) -> Result<()> {
    let shown = path.display();
    let bytes = fs::read(path).with_context(|| format!("cannot read {shown}"))?;
    let Ok(text) = String::from_utf8(bytes) else {
        bail!("{shown} is not UTF-8 text");
    };
    if files.contains_key(&name) {
        bail!("two files would be called `{name}`: give the folder that holds them instead");
    }
    files.insert(name, text);
    Ok(())
}
