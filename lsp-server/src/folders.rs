//! The folders that the client works in, and how far reading them has come.

use std::collections::VecDeque;

use serde_json::{Value, json};
use tower_lsp::ls_types as lsp;

use crate::documents::name_of;
use crate::{Found, Wanted};

/// After this many files the person is told how many there are so far.
const FILES_A_REPORT: usize = 100;

/// What the client says of its folders, what is wanted of them, and what was found.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    roots: Vec<lsp::Uri>,
    pub(crate) wanted: VecDeque<Wanted>,
    pub(crate) found: VecDeque<Found>,
    reading: Option<Reading>,
    last_token: u32,
}

/// Folders that are being read.
#[derive(Debug)]
struct Reading {
    token: u32,
    folders: usize,
    files: usize,
    /// The client agreed to show how far it is.
    is_shown: bool,
}

/// What came of a step in reading folders, for the client to show.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The client is to be asked whether it shows this.
    Begun(u32),
    /// Parameters of `$/progress`.
    Shown(Value),
    Silent,
}

impl Folders {
    /// Takes in folders of the client; those that can be read are wanted.
    pub(crate) fn add(&mut self, roots: Vec<lsp::Uri>) -> Step {
        let roots = roots.into_iter().filter(is_readable);
        let roots: Vec<_> = roots.filter(|root| !self.roots.contains(root)).collect();
        if roots.is_empty() {
            return Step::Silent;
        }
        let folders = roots.iter().map(|root| Wanted::Folder {
            root: root.to_string(),
            uri: root.to_string(),
        });
        self.wanted.extend(folders);
        let new = roots.len();
        self.roots.extend(roots);
        self.begin(new)
    }

    /// Reads a folder below one of the client's again.
    pub(crate) fn read_again(&mut self, folder: &lsp::Uri) -> Step {
        let Some(root) = self.root_of(folder).map(|it| it.to_string()) else {
            return Step::Silent;
        };
        let uri = folder.to_string();
        self.wanted.push_back(Wanted::Folder { root, uri });
        self.begin(1)
    }

    fn begin(&mut self, folders: usize) -> Step {
        if let Some(reading) = &mut self.reading {
            reading.folders += folders;
            return Step::Silent;
        }
        self.last_token += 1;
        self.reading = Some(Reading {
            token: self.last_token,
            folders,
            files: 0,
            is_shown: false,
        });
        Step::Begun(self.last_token)
    }

    /// The client no longer works in `root`.
    pub(crate) fn remove(&mut self, root: &lsp::Uri) {
        self.roots.retain(|other| name_of(other) != name_of(root));
    }

    /// The folders that can be read.
    pub(crate) fn roots(&self) -> &[lsp::Uri] {
        &self.roots
    }

    /// Whether a file stands in one of the folders, so that it is known when it is not open.
    pub(crate) fn cover(&self, uri: &lsp::Uri) -> bool {
        self.root_of(uri).is_some()
    }

    /// The innermost folder of the client that a file stands in: who opened it wants it read.
    fn root_of(&self, uri: &lsp::Uri) -> Option<&lsp::Uri> {
        let above = self.roots.iter().filter(|root| is_below(uri, root));
        let innermost = above.max_by_key(|root| root.path().as_str().len());
        innermost.filter(|_| is_readable(uri))
    }

    /// Asks for a file of the folders, as it is now.
    pub(crate) fn want(&mut self, uri: &lsp::Uri) {
        if let Some(root) = self.root_of(uri).map(|it| it.to_string()) {
            let uri = uri.to_string();
            self.wanted.push_back(Wanted::File { root, uri });
        }
    }

    /// Whether folders are still being read.
    pub(crate) fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// The client shows how far reading has come.
    pub(crate) fn show(&mut self, token: u32) -> Step {
        let Some(reading) = self.reading.as_mut().filter(|it| it.token == token) else {
            return Step::Silent;
        };
        reading.is_shown = true;
        let title = "Reading manifests";
        reading.tell(&json!({"kind": "begin", "title": title, "cancellable": true}))
    }

    /// A file of the folders was read.
    pub(crate) fn count_file(&mut self) -> Step {
        let Some(reading) = &mut self.reading else {
            return Step::Silent;
        };
        reading.files += 1;
        if !reading.files.is_multiple_of(FILES_A_REPORT) {
            return Step::Silent;
        }
        reading.tell(&json!({"kind": "report", "message": files(reading.files)}))
    }

    /// One of the folders was read to its end.
    pub(crate) fn end_folder(&mut self) -> Step {
        let Some(reading) = &mut self.reading else {
            return Step::Silent;
        };
        reading.folders = reading.folders.saturating_sub(1);
        if reading.folders > 0 {
            return Step::Silent;
        }
        let step = reading.tell(&json!({"kind": "end", "message": files(reading.files)}));
        self.reading = None;
        step
    }

    /// The person wants no more to be read. What was read stays.
    pub(crate) fn stop(&mut self, token: u32) {
        if self.reading.as_ref().is_some_and(|it| it.token == token) {
            self.wanted.push_back(Wanted::Stop);
            let is_end = |found: &Found| !matches!(found, Found::File { .. });
            self.found.retain(is_end);
        }
    }
}

impl Reading {
    fn tell(&self, value: &Value) -> Step {
        if self.is_shown {
            Step::Shown(json!({"token": self.token, "value": value}))
        } else {
            Step::Silent
        }
    }
}

fn files(count: usize) -> String {
    match count {
        1 => "1 file".to_owned(),
        _ => format!("{count} files"),
    }
}

/// Whether a file stands below a folder.
pub(crate) fn is_below(uri: &lsp::Uri, folder: &lsp::Uri) -> bool {
    let (name, folder) = (name_of(uri), name_of(folder));
    name.strip_prefix(folder.trim_end_matches('/'))
        .is_some_and(|rest| rest.starts_with('/'))
}

/// A worker has no files: there the client opens all that belong together.
fn is_readable(uri: &lsp::Uri) -> bool {
    cfg!(not(target_arch = "wasm32")) && uri.scheme().as_str() == "file"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_shown_from_the_client_s_consent_to_the_last_folder() {
        let mut folders = Folders::default();
        assert_eq!(
            folders.add(vec![uri("file:///a"), uri("file:///b")]),
            Step::Begun(1)
        );
        assert_eq!(folders.count_file(), Step::Silent);
        let begin = json!({"kind": "begin", "title": "Reading manifests", "cancellable": true});
        assert_eq!(
            folders.show(1),
            Step::Shown(json!({"token": 1, "value": begin}))
        );
        assert_eq!(folders.end_folder(), Step::Silent);
        let end = json!({"kind": "end", "message": "1 file"});
        assert_eq!(
            folders.end_folder(),
            Step::Shown(json!({"token": 1, "value": end}))
        );
        assert_eq!(folders.show(1), Step::Silent, "too late");
    }

    #[test]
    fn folder_covers_what_is_below_it() {
        let mut folders = Folders::default();
        folders.add(vec![
            uri("file:///home/a%20b/"),
            uri("vscode-vfs://github/a"),
        ]);
        assert!(folders.cover(&uri("file:///home/a b/c.yaml".replace(' ', "%20").as_str())));
        assert!(!folders.cover(&uri("file:///home/a%20bc/c.yaml")));
        assert!(
            !folders.cover(&uri("vscode-vfs://github/a/b.yaml")),
            "not on this machine"
        );
    }

    fn uri(text: &str) -> lsp::Uri {
        text.parse().expect("a URI")
    }
}
