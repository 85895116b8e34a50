//! What a person typed and has not saved: kept in this browser, one entry a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{json, storage};

const PREFIX: &str = "kun:draft:";

/// The unsaved files of one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// Path to text, of the files that differ from the version; `None` where a file was removed.
    pub(crate) files: BTreeMap<String, Option<String>>,
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

/// The draft of a version; an empty one if nothing is unsaved.
pub(crate) fn load(key: &DraftKey) -> Draft {
    let kept = storage::get(&key.storage_key());
    kept.and_then(|text| json::parse(&text).ok())
        .unwrap_or_default()
}

/// Keeps a draft, or forgets it if it is empty. Says whether the browser took it.
pub(crate) fn keep(key: &DraftKey, draft: &Draft) -> bool {
    if draft.files.is_empty() {
        storage::remove(&key.storage_key());
        return true;
    }
    serde_json::to_string(draft).is_ok_and(|text| storage::set(&key.storage_key(), &text))
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
