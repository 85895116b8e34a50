//! What a `kustomization.yaml` says of the files around it.

use std::collections::HashMap;
use std::iter;

use yaml_syntax::Parse;
use yaml_syntax::order::sort_by_number;

use crate::code_actions::Fix;
use crate::diagnostics::{Diagnostic, Severity};
use crate::named_files::NamedFile;
use crate::object::{Object, Value};
use crate::part::Part;
use crate::rename::TextEdit;
use crate::{Analysis, FileId, fuzzy};

const PAGE: &str =
    "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/";

const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Whether a file is a kustomization.
pub(crate) fn is_kustomization(analysis: &Analysis, file: FileId) -> bool {
    let path = analysis.path(file).unwrap_or_default();
    path.rsplit('/')
        .next()
        .is_some_and(|name| NAMES.contains(&name))
}

/// Files that a kustomization names, and that are called nearly so: the names of files that are
/// not known say nothing, for they may not be open.
pub(crate) fn misspelt_files(analysis: &Analysis, file: FileId) -> Vec<Diagnostic> {
    let own = analysis.path(file).unwrap_or_default();
    let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Vec::new();
    for (document, _) in analysis.documents(file) {
        let root = document.root().map(|root| Value::new(document, root));
        let Some(root) = root.and_then(Value::object) else {
            continue;
        };
        for named in named_files(root) {
            found.extend(misspelt(analysis, folder, named));
        }
    }
    found
}

/// All places where files of manifests are named.
fn named_files(root: Object<'_>) -> Vec<Value<'_>> {
    let lists = [
        "resources",
        "components",
        "bases",
        "patchesStrategicMerge",
        "crds",
    ];
    let plain = lists.iter().flat_map(|list| root.items(list));
    let by_path = ["patches", "patchesJson6902", "replacements"];
    let by_path = by_path.iter().flat_map(|list| root.objects(list));
    plain
        .chain(by_path.filter_map(|item| item.get("path")))
        .collect()
}

/// The words of a kustomization that name files, or folders with a kustomization, and these files.
pub(crate) fn files(analysis: &Analysis, file: FileId) -> Vec<NamedFile> {
    let own = analysis.path(file).unwrap_or_default();
    let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
    let known: HashMap<&str, FileId> = analysis
        .files()
        .filter_map(|file| Some((analysis.path(file)?.trim_start_matches('/'), file)))
        .collect();
    let mut found = Vec::new();
    for (document, _) in analysis.documents(file) {
        let root = document.root().map(|root| Value::new(document, root));
        let named = root.and_then(Value::object).map(named_files);
        for named in named.into_iter().flatten() {
            let Some(written) = named.text().filter(|written| !written.contains("://")) else {
                continue;
            };
            let wanted = join(folder, &written);
            let inside = NAMES.iter().map(|name| join(&wanted, name));
            let mut places = iter::once(wanted.clone()).chain(inside);
            let meant = places.find_map(|place| known.get(place.as_str()));
            found.extend(meant.map(|file| NamedFile {
                range: named.range(),
                file: *file,
            }));
        }
    }
    sort_by_number(&mut found, |named| named.range.start().into());
    found
}

fn misspelt(analysis: &Analysis, folder: &str, named: Value<'_>) -> Option<Diagnostic> {
    let written = named.text()?;
    let ending = written.rsplit_once('.').map(|(_, ending)| ending);
    let is_file = matches!(ending, Some("yaml" | "yml"));
    if !is_file || written.contains("://") || written.contains(['?', '\n']) {
        return None;
    }
    let wanted = join(folder, &written);
    let known = || {
        let paths = analysis.files().filter_map(|file| analysis.path(file));
        paths.map(|path| path.trim_start_matches('/'))
    };
    if known().any(|path| path == wanted) {
        return None;
    }
    let (place, name) = wanted.rsplit_once('/').unwrap_or(("", &wanted));
    let beside = known().filter_map(|path| {
        let (other, name) = path.rsplit_once('/').unwrap_or(("", path));
        (other == place).then_some(name)
    });
    let near = fuzzy::nearest(name, beside)?;
    let better = format!("{}{near}", written.strip_suffix(name)?);
    let message = format!("no file is called `{written}`; did you mean `{better}`?");
    let range = named.range();
    Some(Diagnostic {
        range,
        severity: Severity::Warning,
        code: "missing-file",
        message,
        docs: Some(PAGE.to_owned()),
        related: Vec::new(),
        tags: Vec::new(),
        fixes: vec![Fix {
            title: format!("Change to `{better}`"),
            edits: vec![TextEdit {
                range,
                insert: better,
            }],
            snippet: None,
        }],
    })
}

/// The files that a kustomization names as patches: paths like that of the kustomization itself.
/// Nothing where `path` is that of another file.
pub(crate) fn patches(path: &str, parse: &Parse) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if !NAMES.contains(&name) {
        return Vec::new();
    }
    let roots = parse.documents().filter_map(|document| {
        let root = Value::new(document, document.root()?);
        root.object()
    });
    let files = roots.flat_map(named_patches);
    files.map(|file| join(folder, &file)).collect()
}

fn named_patches(kustomization: Object<'_>) -> Vec<String> {
    let by_path = ["patches", "patchesJson6902"];
    let by_path = by_path.iter().flat_map(|list| kustomization.objects(list));
    let by_path = by_path.filter_map(|patch| patch.text("path"));
    let plain = kustomization.items("patchesStrategicMerge").into_iter();
    by_path.chain(plain.filter_map(Value::text)).collect()
}

/// `file` as seen from `folder`, without `.` and `..`.
fn join(folder: &str, file: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in file.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/").trim_start_matches('/').to_owned()
}

/// Whether a part changes an object that stands elsewhere: it says no more than the change.
///
/// A kustomization of the workspace names the file, or the file is called a patch, or it
/// has a directive of such patches.
pub(crate) fn is_patch(analysis: &Analysis, file: FileId, part: &Part<'_>) -> bool {
    is_patch_file(analysis, file)
        || analysis
            .source(file)
            .is_some_and(|source| source.slice(part.range()).contains("$patch:"))
}

/// Whether a file is one of patches, by its name or by a kustomization.
pub(crate) fn is_patch_file(analysis: &Analysis, file: FileId) -> bool {
    let path = analysis.path(file).unwrap_or_default();
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let mut words = stem.split(['-', '_']);
    words.any(|word| word == "patch")
        || parts.next() == Some("patches")
        || analysis.is_named_as_patch(path.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_are_found_from_the_folder_of_the_kustomization() {
        let text = "\
patches:
- path: replicas.yaml
- path: ./more/env.yaml
- patch: |-
    - op: remove
patchesStrategicMerge: [../base/fix.yaml]
patchesJson6902:
- path: ops.json
";
        let parse = yaml_syntax::parse(text);
        assert_eq!(
            patches("deploy/prod/kustomization.yaml", &parse),
            [
                "deploy/prod/replicas.yaml",
                "deploy/prod/more/env.yaml",
                "deploy/prod/ops.json",
                "deploy/base/fix.yaml",
            ]
        );
        assert_eq!(
            patches("kustomization.yaml", &parse).first().unwrap(),
            "replicas.yaml"
        );
        assert!(patches("deploy/web.yaml", &parse).is_empty());
    }
}
