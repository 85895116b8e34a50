//! What kubernetes-validate said of each manifest, in `tests/verdicts.tsv`.
//!
//! `cargo xtask judge` writes it; `cargo xtask test` judges again. Here the record is held to the
//! files as they are, so that no verdict is older than its manifest.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

#[test]
fn every_manifest_was_judged_as_it_is_now() {
    let verdicts = verdicts();
    let mut wrong = Vec::new();
    let mut n_files = 0;
    for folder in ["manifests", "broken-manifests"] {
        for path in files(folder) {
            n_files += 1;
            let name = format!("{folder}/{}", file_name(&path));
            let content = fs::read(&path).expect("a manifest can be read");
            let mut hash = String::new();
            for byte in Sha256::digest(content) {
                let _ = write!(hash, "{byte:02x}");
            }
            if verdicts.get(&name).map(|it| &it.hash) != Some(&hash) {
                wrong.push(format!("{name}: `cargo xtask judge` judges it"));
            }
        }
    }
    assert_eq!(wrong.join("\n"), "");
    assert_eq!(verdicts.len(), n_files, "verdicts without a manifest");
}

#[test]
fn right_manifests_were_judged_valid() {
    let verdicts = verdicts();
    let of_ours = || {
        verdicts
            .iter()
            .filter(|(name, _)| name.starts_with("manifests/"))
    };
    let refused: Vec<_> = of_ours().filter(|(_, it)| !it.valid).collect();
    assert!(refused.is_empty(), "{refused:?}");
    let judged = of_ours().filter(|(_, it)| !it.reason.starts_with("0 judged"));
    assert!(judged.count() >= 60);
}

#[test]
fn broken_manifests_were_judged_invalid_by_whom_they_name() {
    let mut n_refused = 0;
    let mut wrong = Vec::new();
    for (name, verdict) in verdicts() {
        let Some(file) = name.strip_prefix("broken-manifests/") else {
            continue;
        };
        n_refused += usize::from(!verdict.valid);
        let text = fs::read_to_string(folder("broken-manifests").join(file)).expect("it is there");
        let judge = text.lines().find_map(|line| line.strip_prefix("# judge: "));
        match judge {
            None => wrong.push(format!("{file}: names no judge")),
            Some("kubernetes-validate 1.37") if verdict.valid => {
                wrong.push(format!("{file}: kubernetes-validate takes it"));
            }
            Some(_) => {}
        }
    }
    assert_eq!(wrong.join("\n"), "");
    assert!(n_refused >= 60, "{n_refused}");
}

/// A line of the record.
#[derive(Debug)]
struct Verdict {
    hash: String,
    valid: bool,
    reason: String,
}

fn verdicts() -> BTreeMap<String, Verdict> {
    let record = fs::read_to_string(folder("verdicts.tsv")).expect("the record is there");
    let lines = record.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let columns: Vec<_> = line.splitn(4, '\t').collect();
            let [name, hash, word, reason] = columns[..] else {
                panic!("four columns: {line}");
            };
            let verdict = Verdict {
                hash: hash.to_owned(),
                valid: word == "valid",
                reason: reason.to_owned(),
            };
            (name.to_owned(), verdict)
        })
        .collect()
}

fn folder(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    tests.join(name)
}

fn files(name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder(name)).expect("the manifests are there");
    entries
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"))
        .collect()
}

fn file_name(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name()
        .expect("a file has a name")
        .to_string_lossy()
}
