//! Files that are dropped on the page become files of the version.

use std::collections::BTreeMap;

use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File};

/// The largest file that is taken, in bytes.
const LARGEST: f64 = 10_000_000.0;

/// What was dropped: paths and texts, and what was refused, as sentences.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    pub(crate) files: Vec<(String, String)>,
    pub(crate) refused: Vec<String>,
}

/// The files of a drop.
pub(super) fn files(event: &DragEvent) -> Vec<File> {
    let list = event.data_transfer().and_then(|it| it.files());
    let all = list
        .iter()
        .flat_map(|list| (0..list.length()).filter_map(|at| list.get(at)));
    all.collect()
}

/// Reads them.
pub(super) async fn read(files: Vec<File>) -> Dropped {
    let mut dropped = Dropped::default();
    for file in files {
        let name = file.name();
        if file.size() > LARGEST {
            dropped
                .refused
                .push(format!("{name} is larger than 10 MB."));
            continue;
        }
        let text = JsFuture::from(file.text()).await.ok();
        match text.and_then(|it| it.as_string()).filter(|it| is_text(it)) {
            Some(text) => dropped.files.push((name, text)),
            None => dropped.refused.push(format!("{name} is not a text.")),
        }
    }
    dropped
}

/// What is not UTF-8 was read with replacements.
fn is_text(read: &str) -> bool {
    !read.contains(['\0', '\u{FFFD}'])
}

/// A path for a dropped text: its own, or one that is free if another text has that.
pub(super) fn path_for(files: &BTreeMap<String, String>, name: &str, text: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "yaml"));
    let mut path = name.to_owned();
    let mut number = 2;
    while files
        .get(&path)
        .is_some_and(|it| !it.is_empty() && it != text)
    {
        path = format!("{stem}-{number}.{ending}");
        number += 1;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_there_is_replaced() {
        let files = ["a.yaml", "a-2.yaml"].map(|it| (it.to_owned(), "x: 1".to_owned()));
        let files = BTreeMap::from(files);
        assert_eq!(path_for(&files, "b.yaml", "y: 2"), "b.yaml");
        assert_eq!(path_for(&files, "a.yaml", "x: 1"), "a.yaml");
        assert_eq!(path_for(&files, "a.yaml", "y: 2"), "a-3.yaml");
    }

    #[test]
    fn what_is_no_text_is_known() {
        assert!(is_text("kind: é\n"));
        assert!(!is_text("\u{FFFD}PNG"));
    }
}
