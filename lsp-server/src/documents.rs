//! The files that are known, by name: those that the client has open, and those of its folders.

use std::collections::HashMap;

use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;

/// What the protocol calls the files. Their text is with [`yaml_ide::Workspace`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Documents {
    /// By [name](name_of), since clients and servers escape differently.
    by_name: HashMap<String, FileId>,
    by_file: HashMap<FileId, Identity>,
    next: u32,
}

/// What the protocol calls one file.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) uri: lsp::Uri,
    /// The version of the text, as long as the client has it open.
    pub(crate) version: Option<i32>,
}

impl Documents {
    /// The file that is known under `uri`.
    pub(crate) fn file(&self, uri: &lsp::Uri) -> Option<FileId> {
        self.by_name.get(&name_of(uri)).copied()
    }

    /// What `file` is called.
    pub(crate) fn identity(&self, file: FileId) -> Option<&Identity> {
        self.by_file.get(&file)
    }

    /// The version of `file`, if the client has it open.
    pub(crate) fn version(&self, file: FileId) -> Option<i32> {
        self.identity(file)?.version
    }

    /// All files, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (FileId, &Identity)> {
        self.by_file
            .iter()
            .map(|(file, identity)| (*file, identity))
    }

    /// Takes note of a file; without a version it is not open.
    pub(crate) fn set(&mut self, uri: &lsp::Uri, version: Option<i32>) -> FileId {
        let file = self.file(uri).unwrap_or_else(|| {
            self.next += 1;
            FileId(self.next)
        });
        let uri = uri.clone();
        self.by_name.insert(name_of(&uri), file);
        self.by_file.insert(file, Identity { uri, version });
        file
    }

    /// Forgets a file.
    pub(crate) fn remove(&mut self, file: FileId) {
        if let Some(identity) = self.by_file.remove(&file) {
            self.by_name.remove(&name_of(&identity.uri));
        }
    }
}

/// A name without escapes, the same for all ways to write it: `file:///c%3A/a` is `file:///C:/a`.
pub(crate) fn name_of(uri: &lsp::Uri) -> String {
    let scheme = uri.scheme().as_str();
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let mut path = path_of(uri);
    // Windows knows no difference, and its clients none either.
    if let Some(drive) = path.get(1..3).filter(|drive| drive.ends_with(':')) {
        let drive = drive.to_ascii_lowercase();
        path.replace_range(1..3, &drive);
    }
    format!("{scheme}://{authority}{path}")
}

/// The path in a name, without escapes: what the features call the file.
pub(crate) fn path_of(uri: &lsp::Uri) -> String {
    uri.path().decode().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_known_however_its_name_is_escaped() {
        let mut documents = Documents::default();
        let uri = |text: &str| text.parse::<lsp::Uri>().expect("a URI");
        let file = documents.set(&uri("file:///c%3A/a%20b/%C3%A9.yaml"), None);
        let same = documents.set(&uri("file:///C:/a%20b/%c3%a9.yaml"), Some(1));
        assert_eq!(file, same);
        assert_eq!(documents.all().count(), 1);
        assert_eq!(documents.version(file), Some(1));
        documents.remove(file);
        assert_eq!(documents.file(&uri("file:///c:/a%20b/%C3%A9.yaml")), None);
    }
}
