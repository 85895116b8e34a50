//! Which files below a folder are the person's own: not those of tools, nor what Git ignores.

use std::path::{Component, Path};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::Gitignore;

/// Hidden folders and those of package managers hold no manifests of the person's own.
const FOREIGN_FOLDERS: [&str; 3] = ["node_modules", "target", "vendor"];
/// Pipelines include templates from here.
const GITLAB_FOLDER: &str = ".gitlab";

/// The rules for what stands directly in one folder.
#[derive(Clone, Default)]
pub(super) struct Rules {
    /// Those of the folder itself last: they come first.
    ignored: Vec<Arc<Gitignore>>,
}

impl Rules {
    /// The rules of a folder that is `root` or stands below; none if reading `root` does not come
    /// to it.
    pub(super) fn below(root: &Path, folder: &Path) -> Option<Self> {
        let mut rules = Self::of_root(root);
        let mut path = root.to_owned();
        for part in folder.strip_prefix(root).ok()?.components() {
            let is_name = matches!(part, Component::Normal(_));
            path.push(part);
            if !is_name || !rules.are_kept_by_folder(&path) {
                return None;
            }
            rules = rules.of_folder(&path);
        }
        Some(rules)
    }

    /// The rules of a folder of the client, which may be a part of a checkout.
    fn of_root(root: &Path) -> Self {
        let is_top = |folder: &&Path| folder.join(".git").exists();
        let Some(top) = root.ancestors().find(is_top) else {
            return Self::default().of_folder(root);
        };
        let mut folders: Vec<_> = root.ancestors().take_while(|it| *it != top).collect();
        folders.push(top);
        let folders = folders.into_iter().rev();
        folders.fold(Self::default(), |rules, folder| rules.of_folder(folder))
    }

    /// The rules of a folder below.
    pub(super) fn of_folder(&self, folder: &Path) -> Self {
        let mut rules = self.clone();
        let file = folder.join(".gitignore");
        if file.is_file() {
            // A pattern that is none costs only itself.
            let (ignored, _) = Gitignore::new(file);
            rules.ignored.push(Arc::new(ignored));
        }
        rules
    }

    /// Whether a folder is to be looked into.
    pub(super) fn are_kept_by_folder(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        is_own(&name) && !self.ignore(path, true)
    }

    /// Whether a file is to be read.
    pub(super) fn are_kept_by_file(&self, path: &Path) -> bool {
        is_yaml(path) && !self.ignore(path, false)
    }

    fn ignore(&self, path: &Path, is_folder: bool) -> bool {
        let mut matches = self.ignored.iter().rev();
        let found = matches.find_map(|it| match it.matched(path, is_folder) {
            Match::None => None,
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
        });
        found.unwrap_or_default()
    }
}

/// Whether reading `root` comes to the file.
pub(super) fn is_reached(root: &Path, file: &Path) -> bool {
    let rules = file.parent().and_then(|folder| Rules::below(root, folder));
    rules.is_some_and(|rules| rules.are_kept_by_file(file))
}

fn is_own(folder: &str) -> bool {
    let is_hidden = folder.starts_with('.') && folder != GITLAB_FOLDER;
    !is_hidden && !FOREIGN_FOLDERS.contains(&folder)
}

fn is_yaml(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|it| it == "yaml" || it == "yml")
}

/// Kubernetes objects and pipelines name each other; of all other YAML nothing is asked.
pub(super) fn is_of_interest(path: &Path, text: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    text.contains("apiVersion") || name.contains("gitlab") || text.contains("script:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn own_manifests_are_of_interest() {
        assert!(is_own("base") && is_own(".gitlab") && !is_own(".git") && !is_own("node_modules"));
        let path = Path::new;
        assert!(is_yaml(path("a.yaml")) && is_yaml(path(".gitlab-ci.yml")));
        assert!(!is_yaml(path("a.yaml.bak")) && !is_yaml(path("yaml")));
        assert!(is_of_interest(path("a.yaml"), "apiVersion: v1\n"));
        assert!(!is_of_interest(path("playbook.yml"), "- hosts: all\n"));
    }

    #[test]
    fn what_git_ignores_is_not_reached() {
        let top = std::env::temp_dir().join(format!("kun-own-{}", std::process::id()));
        let root = top.join("apps");
        fs::create_dir_all(top.join(".git")).expect("a folder");
        fs::create_dir_all(root.join("base")).expect("a folder");
        fs::write(top.join(".gitignore"), "/apps/build/\n*.gen.yaml\n[\n").expect("a file");
        fs::write(root.join("base/.gitignore"), "!kept.gen.yaml\nlocal\n").expect("a file");

        let is = |name: &str| is_reached(&root, &root.join(name));
        for name in [
            "a.yaml",
            "base/a.yml",
            "base/kept.gen.yaml",
            "other/local/a.yaml",
        ] {
            assert!(is(name), "{name}");
        }
        for name in [
            "a.json",
            "build/a.yaml",
            "build/deep/a.yaml",
            "a.gen.yaml",
            "base/local/a.yaml",
            "node_modules/x/a.yaml",
            ".helm/a.yaml",
            "../a.yaml",
        ] {
            assert!(!is(name), "{name}");
        }
        fs::remove_dir_all(&top).expect("a folder");
    }
}
