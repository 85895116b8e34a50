//! The addresses under which the language server knows the files of a version.

use crate::drafts::DraftKey;
use crate::route::{decode, encode};

/// The address of a file.
pub(super) fn of(key: &DraftKey, path: &str) -> String {
    let DraftKey {
        project,
        set,
        version,
    } = key;
    let mut uri = format!("kun:///{project}/{set}/{version}");
    for part in path.split('/') {
        uri.push('/');
        uri.push_str(&encode(part));
    }
    uri
}

/// The file that an address of this version names.
pub(super) fn path(key: &DraftKey, uri: &str) -> Option<String> {
    uri.strip_prefix(&of(key, "")).map(decode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_back() {
        let key = |version: &str| DraftKey {
            project: "shop".to_owned(),
            set: "web".to_owned(),
            version: version.to_owned(),
        };
        let uri = of(&key("v1"), "base/a b.yaml");
        assert_eq!(uri, "kun:///shop/web/v1/base/a%20b.yaml");
        assert_eq!(path(&key("v1"), &uri).as_deref(), Some("base/a b.yaml"));
        assert_eq!(path(&key("v2"), &uri), None);
    }
}
