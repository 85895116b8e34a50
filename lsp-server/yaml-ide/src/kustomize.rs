//! What a `kustomization.yaml` says of the files around it.

use yaml_syntax::Parse;

use crate::object::{Object, Value};
use crate::part::Part;
use crate::{Analysis, FileId};

/// The files that a kustomization names as patches: paths like that of the kustomization itself.
/// Nothing where `path` is that of another file.
pub(crate) fn patches(path: &str, parse: &Parse) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    if !names.contains(&name) {
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
