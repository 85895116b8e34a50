//! `cargo xtask judge`: what kubernetes-validate says of our manifests, written down for the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::step::{output, root, step};
use crate::tools;

/// The release whose definitions judge, and the package that has them.
const RELEASE: &str = "1.37";
const PACKAGE: &str = "1.37.0";
const FOLDERS: [&str; 2] = ["manifests", "broken-manifests"];

/// Judges all manifests, and writes what was said.
pub(crate) fn run() -> Result<()> {
    let verdicts = step("judge the manifests", verdicts)?;
    Ok(fs::write(record(), verdicts)?)
}

/// Judges all manifests; an error if that is not what is written down.
///
/// Where pip cannot bring the judge, the record stands: a test holds it to the bytes of the files.
pub(crate) fn check() -> Result<()> {
    if let Err(error) = tools::kubernetes_validate(PACKAGE) {
        eprintln!("  not judged again, tests/verdicts.tsv stands: {error:#}");
        return Ok(());
    }
    let (said, written) = (verdicts()?, fs::read_to_string(record())?);
    if let Some(line) = said.lines().find(|line| !written.contains(line)) {
        bail!("tests/verdicts.tsv has no such line (`cargo xtask judge` writes it):\n{line}");
    }
    if said != written {
        bail!("tests/verdicts.tsv has lines too many: `cargo xtask judge` writes it");
    }
    Ok(())
}

fn record() -> PathBuf {
    root().join("tests/verdicts.tsv")
}

fn verdicts() -> Result<String> {
    let judge = tools::kubernetes_validate(PACKAGE)?;
    let files: Vec<PathBuf> = FOLDERS.map(manifests).into_iter().flatten().collect();
    let lines = output(
        Command::new(judge.python)
            .env("PYTHONPATH", judge.packages)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(root().join("tests"))
            .arg("-c")
            .args([include_str!("judge.py"), RELEASE])
            .args(files),
    )?;
    Ok(format!(
        "# kubernetes-validate {PACKAGE}, strictly, for Kubernetes {RELEASE}; \
        written by `cargo xtask judge`\n{lines}"
    ))
}

/// The manifests of a folder of `tests`, seen from there, sorted.
fn manifests(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("tests").join(folder));
    let mut files: Vec<_> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(Path::new(folder).join(entry.ok()?.file_name())))
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"))
        .collect();
    files.sort();
    files
}
