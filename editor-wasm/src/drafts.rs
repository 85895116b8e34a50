//! What a person typed and has not saved: kept in this browser, one entry a version.
//!
//! A version never changes, so that of a file that it has only the part that differs is kept: a
//! change in a file of megabytes is a few bytes, and a browser keeps only a few megabytes in all.

use std::collections::BTreeMap;

use editor_core::difference;
use serde::{Deserialize, Serialize};

use crate::{json, storage};

const PREFIX: &str = "kun:draft:";

/// The unsaved files of one version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    /// Path to text, of the files that differ from the version; `None` where a file was removed.
    pub(crate) files: BTreeMap<String, Option<String>>,
}

/// A draft as it is kept.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    /// What the version does not have, or does not have any more.
    files: BTreeMap<String, Option<String>>,
    /// What differs in files that the version has.
    #[serde(default)]
    patches: BTreeMap<String, Patch>,
}

/// One part of a text, in bytes, and what stands there instead.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Patch {
    start: usize,
    end: usize,
    insert: String,
}

impl Patch {
    fn between(old: &str, new: &str) -> Self {
        let (range, insert) = difference(old, new).unwrap_or((0..0, ""));
        Self {
            start: range.start,
            end: range.end,
            insert: insert.to_owned(),
        }
    }

    /// The text that it makes of `old`; `None` if it was made for another one.
    fn apply(&self, old: &str) -> Option<String> {
        Some([old.get(..self.start)?, &self.insert, old.get(self.end..)?].concat())
    }
}

/// Which version a draft changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DraftKey {
    pub(crate) project: String,
    pub(crate) set: String,
    pub(crate) version: String,
}

impl DraftKey {
    fn storage_key(&self) -> String {
        // None of the three can hold a slash.
        format!("{PREFIX}{}/{}/{}", self.project, self.set, self.version)
    }

    fn parse(key: &str) -> Option<Self> {
        let mut parts = key.strip_prefix(PREFIX)?.split('/').map(str::to_owned);
        Some(Self {
            project: parts.next()?,
            set: parts.next()?,
            version: parts.next()?,
        })
    }
}

/// The draft of a version with these files; an empty one if nothing is unsaved.
pub(crate) fn load(key: &DraftKey, saved: &BTreeMap<String, String>) -> Draft {
    let kept = storage::get(&key.storage_key());
    let kept: Kept = kept
        .and_then(|text| json::parse(&text).ok())
        .unwrap_or_default();
    let mut draft = Draft { files: kept.files };
    for (path, patch) in kept.patches {
        if let Some(text) = saved.get(&path).and_then(|old| patch.apply(old)) {
            draft.files.insert(path, Some(text));
        }
    }
    draft
}

/// Keeps a draft, or forgets it if it is empty. Says whether the browser took it.
pub(crate) fn keep(key: &DraftKey, saved: &BTreeMap<String, String>, draft: &Draft) -> bool {
    if draft.files.is_empty() {
        storage::remove(&key.storage_key());
        return true;
    }
    let mut kept = Kept::default();
    for (path, text) in &draft.files {
        match (saved.get(path), text) {
            (Some(old), Some(new)) => {
                kept.patches.insert(path.clone(), Patch::between(old, new));
            }
            _ => {
                kept.files.insert(path.clone(), text.clone());
            }
        }
    }
    serde_json::to_string(&kept).is_ok_and(|text| storage::set(&key.storage_key(), &text))
}

/// The versions that have unsaved changes.
pub(crate) fn list() -> Vec<DraftKey> {
    let mut keys = storage::keys();
    keys.sort();
    keys.iter().filter_map(|key| DraftKey::parse(key)).collect()
}

/// The files of a version with a draft laid over them.
pub(crate) fn overlay(saved: &BTreeMap<String, String>, draft: &Draft) -> BTreeMap<String, String> {
    let mut files = saved.clone();
    for (path, text) in &draft.files {
        match text {
            Some(text) => files.insert(path.clone(), text.clone()),
            None => files.remove(path),
        };
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_changes_adds_and_removes_files() {
        let saved = BTreeMap::from([
            ("a.yaml".to_owned(), "1".to_owned()),
            ("b.yaml".to_owned(), "2".to_owned()),
        ]);
        let draft = Draft {
            files: BTreeMap::from([
                ("a.yaml".to_owned(), Some("one".to_owned())),
                ("b.yaml".to_owned(), None),
                ("c.yaml".to_owned(), Some("3".to_owned())),
            ]),
        };
        let files = overlay(&saved, &draft);
        assert_eq!(
            files.into_iter().collect::<Vec<_>>(),
            [
                ("a.yaml".to_owned(), "one".to_owned()),
                ("c.yaml".to_owned(), "3".to_owned()),
            ]
        );
    }

    #[test]
    fn a_patch_makes_the_new_text_of_the_old() {
        for (old, new, insert) in [
            ("a: 1\nb: 2\n", "a: 1\nb: 23\n", "3"),
            ("aa", "aaa", "a"),
            ("é", "è", "è"),
            ("x", "", ""),
            ("", "x", "x"),
        ] {
            let patch = Patch::between(old, new);
            assert_eq!(patch.insert, insert, "{old:?} to {new:?}");
            assert_eq!(patch.apply(old).as_deref(), Some(new));
        }
        assert_eq!(Patch::between("abc", "abd").apply("a"), None);
    }

    #[test]
    fn keys_are_read_back() {
        let key = DraftKey {
            project: "shop".to_owned(),
            set: "web".to_owned(),
            version: "v1.2".to_owned(),
        };
        assert_eq!(DraftKey::parse(&key.storage_key()), Some(key));
        assert_eq!(DraftKey::parse("other"), None);
    }
}
