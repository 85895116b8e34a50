//! `cargo xtask tidy`: the layers, the tree and the length of files, checked by machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::layers::{ALLOWED, FORBIDDEN_IN_PURE, PURE};
use crate::step::{cargo, output, root};

/// Lines of code above which a file needs a reason in its first lines (docs/style.md §3).
const MAX_LINES: usize = 600;
/// What a pure module may not name.
const IMPURE_WORDS: [&str; 10] = [
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime::now",
    "Instant::now",
    "println!",
];

pub(crate) fn run() -> Result<()> {
    let mut faults = Vec::new();
    check_dependencies(&mut faults)?;
    for file in tracked_files()? {
        check_file(&file, &mut faults);
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{} faults:\n  {}", faults.len(), faults.join("\n  "))
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<ResolveNode>,
}

#[derive(Deserialize)]
struct ResolveNode {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

impl Dependency {
    fn is_normal(&self) -> bool {
        self.dep_kinds.iter().any(|kind| kind.kind.is_none())
    }
}

fn check_dependencies(faults: &mut Vec<String>) -> Result<()> {
    let json = output(cargo().args(["metadata", "--format-version=1", "--locked"]))?;
    let metadata: Metadata = serde_json::from_str(&json)?;
    let names: BTreeMap<_, _> = metadata
        .packages
        .iter()
        .map(|package| (package.id.as_str(), package.name.as_str()))
        .collect();
    let nodes: BTreeMap<_, _> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node))
        .collect();
    let allowed = BTreeMap::from(ALLOWED);

    for member in &metadata.workspace_members {
        let name = names[member.as_str()];
        let Some(allowed) = allowed.get(name) else {
            faults.push(format!(
                "`{name}` has no place among the layers: add it to xtask/src/layers.rs"
            ));
            continue;
        };
        for dependency in nodes[member.as_str()]
            .deps
            .iter()
            .filter(|it| it.is_normal())
        {
            let other = names[dependency.pkg.as_str()];
            if metadata.workspace_members.contains(&dependency.pkg) && !allowed.contains(&other) {
                faults.push(format!(
                    "`{name}` may not depend on `{other}` (docs/architecture.md)"
                ));
            }
        }
        if PURE.contains(&name) {
            for found in reachable(member, &nodes) {
                if FORBIDDEN_IN_PURE.contains(&names[found]) {
                    faults.push(format!(
                        "`{name}` is pure, but `{}` is in its tree",
                        names[found]
                    ));
                }
            }
        }
    }
    Ok(())
}

fn reachable<'a>(from: &'a str, nodes: &BTreeMap<&'a str, &'a ResolveNode>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        let normal = nodes[id]
            .deps
            .iter()
            .filter(|dependency| dependency.is_normal());
        open.extend(
            normal
                .map(|it| it.pkg.as_str())
                .filter(|id| found.insert(*id)),
        );
    }
    found
}

fn tracked_files() -> Result<Vec<String>> {
    let mut git = Command::new("git");
    let listed = output(git.args(["ls-files"]).current_dir(root()))?;
    Ok(listed.lines().map(str::to_owned).collect())
}

fn check_file(file: &str, faults: &mut Vec<String>) {
    let path = root().join(file);
    if file.ends_with("/mod.rs") {
        faults.push(format!(
            "{file}: a module stands in `foo.rs` beside `foo/`, not in `mod.rs`"
        ));
    }
    let is_code = Path::new(file).extension().is_some_and(|extension| {
        ["rs", "mjs", "js", "ts", "css"]
            .iter()
            .any(|it| extension == *it)
    });
    let Ok(text) = fs::read_to_string(&path) else {
        return;
    };
    if !is_code {
        return;
    }
    let code: Vec<_> = text
        .lines()
        .take_while(|line| !line.contains("#[cfg(test)]"))
        .collect();
    let has_reason = text
        .lines()
        .take(12)
        .any(|line| line.contains("long because"));
    let is_test = file.contains("/tests/")
        || file.ends_with("tests.rs")
        || file.ends_with("/contract.rs")
        || file.starts_with("tests/");
    if code.len() > MAX_LINES && !has_reason && !is_test {
        faults.push(format!(
            "{file}: {} lines of code; split it, or say `long because …` at its top",
            code.len()
        ));
    }
    if is_pure_module(file) {
        check_purity(file, &code, faults);
    }
}

fn is_pure_module(file: &str) -> bool {
    let pure_folders = [
        "k8s-schemas/src/",
        "lsp-server/yaml-syntax/src/",
        "lsp-server/yaml-ide/src/",
        "backend/api-types/src/",
        "backend/deploy-core/src/",
        "editor-wasm/editor-core/src/",
    ];
    pure_folders.iter().any(|folder| file.starts_with(folder)) && !file.ends_with("tests.rs")
}

fn check_purity(file: &str, code: &[&str], faults: &mut Vec<String>) {
    for (idx, line) in code.iter().enumerate() {
        let line = line.trim_start();
        if line.starts_with("//") {
            continue;
        }
        if let Some(word) = IMPURE_WORDS.iter().find(|word| line.contains(**word)) {
            faults.push(format!("{file}:{}: a pure module names `{word}`", idx + 1));
        }
    }
}
