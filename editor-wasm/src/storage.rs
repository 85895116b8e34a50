//! What this browser keeps between visits. A browser may refuse to keep anything; then each visit is
//! the first.

use crate::navigation::window;

/// What is kept under a key.
pub(crate) fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a text. Says whether the browser took it.
pub(crate) fn set(key: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// Forgets what is kept under a key.
pub(crate) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // What cannot be removed was not kept.
        let _ = storage.remove_item(key);
    }
}

/// What this tab keeps until it is closed, also over a reload.
pub(crate) fn get_in_tab(key: &str) -> Option<String> {
    tab_storage()?.get_item(key).ok()?
}

/// Keeps a text in this tab, or forgets it.
pub(crate) fn set_in_tab(key: &str, text: Option<&str>) {
    if let Some(storage) = tab_storage() {
        // What a browser does not keep is asked for again.
        let _ = match text {
            Some(text) => storage.set_item(key, text),
            None => storage.remove_item(key),
        };
    }
}

/// All keys, in no order.
pub(crate) fn keys() -> Vec<String> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or(0);
    (0..count)
        .filter_map(|idx| storage.key(idx).ok().flatten())
        .collect()
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok()?
}

fn tab_storage() -> Option<web_sys::Storage> {
    window().session_storage().ok()?
}
