//! Reads the files that the server wants, on a thread of its own.

use std::fmt::Write as _;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;

use tower_lsp::ls_types as lsp;

use super::own::{self, Rules};
use super::saved::{self, Saved};
use crate::{Found, Wanted};

/// A larger file is nothing that a person wrote.
const MAX_FILE: u64 = 8 << 20;
/// Of one folder, no more than this is read …
const MAX_FILES: usize = 5_000;
const MAX_BYTES: u64 = 64 << 20;
/// … and no more than this is looked at.
const MAX_ENTRIES: usize = 200_000;

/// Reads what is wanted, one after the other.
pub(super) struct Finder {
    queue: Sender<(Wanted, usize)>,
    stops: Arc<AtomicUsize>,
}

impl Finder {
    /// A finder that hands what it finds to `tell`, and ends when that answers `false`.
    pub(super) fn start(tell: impl Fn(Found) -> bool + Send + 'static) -> Self {
        let (queue, wanted) = mpsc::channel::<(Wanted, usize)>();
        let stops = Arc::new(AtomicUsize::new(0));
        let stopped = Arc::clone(&stops);
        thread::spawn(move || {
            let mut saved = Saved::default();
            loop {
                let next = if saved.is_empty() {
                    wanted.recv().map_err(RecvTimeoutError::from)
                } else {
                    wanted.recv_timeout(saved::EVERY)
                };
                let mut is_heard = true;
                let mut tell = |found| {
                    is_heard &= tell(found);
                    is_heard
                };
                match next {
                    Ok((Wanted::Schemas(places), _)) => {
                        saved = Saved::at(&places);
                        saved.look(&mut tell);
                    }
                    Ok((wanted, asked)) => find(&wanted, &mut |found| {
                        tell(found) && stopped.load(Ordering::Relaxed) == asked
                    }),
                    Err(RecvTimeoutError::Timeout) => saved.look(&mut tell),
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                if !is_heard {
                    return;
                }
            }
        });
        Self { queue, stops }
    }

    /// Reads this too.
    pub(super) fn want(&self, wanted: Wanted) {
        if wanted == Wanted::Stop {
            self.stops.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let asked = self.stops.load(Ordering::Relaxed);
        // Without its thread there is nobody left to tell.
        let _ = self.queue.send((wanted, asked));
    }
}

/// Reads what is wanted and tells what it finds. A folder is read on while `tell` answers `true`.
pub fn find(wanted: &Wanted, tell: &mut dyn FnMut(Found) -> bool) {
    match wanted {
        Wanted::File { root, uri } => {
            let text = path_of(root).zip(path_of(uri));
            let text = text.and_then(|(root, path)| read_own(&root, &path));
            let uri = uri.clone();
            tell(Found::File { uri, text });
        }
        Wanted::Folder { root, uri } => {
            let paths = path_of(root).zip(path_of(uri));
            let found = paths.and_then(|(root, path)| Some((Rules::below(&root, &path)?, path)));
            let is_cut = found.is_some_and(|(rules, path)| walk(path, uri, rules, tell));
            tell(Found::Folder { is_cut });
        }
        Wanted::Schemas(places) => Saved::at(places).look(tell),
        Wanted::Asset(_) | Wanted::Stop => {}
    }
}

/// Reads a file if a walk from `root` would.
fn read_own(root: &Path, path: &Path) -> Option<String> {
    let is_file = fs::symlink_metadata(path).is_ok_and(|it| it.is_file());
    if !is_file || !own::is_reached(root, path) {
        return None;
    }
    let text = read(path).ok()?;
    own::is_of_interest(path, &text).then_some(text)
}

/// Reads the manifests below a folder; whether some were left out.
fn walk(path: PathBuf, uri: &str, rules: Rules, tell: &mut dyn FnMut(Found) -> bool) -> bool {
    let mut folders = vec![(path, uri.trim_end_matches('/').to_owned(), rules)];
    let (mut entries, mut files, mut bytes) = (0, 0, 0);
    let mut is_cut = false;
    while let Some((path, uri, rules)) = folders.pop() {
        for entry in sorted(&path) {
            entries += 1;
            if entries > MAX_ENTRIES || files >= MAX_FILES || bytes >= MAX_BYTES {
                return true;
            }
            // Links are not followed: what they lead to would be there twice, or for ever.
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let uri = format!("{uri}/{}", escaped(&name));
            if kind.is_dir() && rules.are_kept_by_folder(&path) {
                let rules = rules.of_folder(&path);
                folders.push((path, uri, rules));
            } else if kind.is_file() && rules.are_kept_by_file(&path) {
                let Ok(text) = read(&path) else {
                    is_cut |= entry.metadata().is_ok_and(|it| it.len() > MAX_FILE);
                    continue;
                };
                if !own::is_of_interest(&path, &text) {
                    continue;
                }
                files += 1;
                bytes += text.len() as u64;
                let text = Some(text);
                if !tell(Found::File { uri, text }) {
                    return false;
                }
            }
        }
    }
    is_cut
}

pub(super) fn sorted(folder: &Path) -> Vec<DirEntry> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(DirEntry::file_name);
    entries
}

fn read(path: &Path) -> io::Result<String> {
    let length = fs::metadata(path)?.len();
    if length > MAX_FILE {
        let message = format!("{length} bytes are too many");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    fs::read_to_string(path)
}

pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let uri: lsp::Uri = uri.parse().ok()?;
    Some(uri.to_file_path()?.into_owned())
}

/// A name as a part of a URI.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(byte.into());
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_uris_are() {
        assert_eq!(escaped("a b%é.yaml"), "a%20b%25%C3%A9.yaml");
    }
}
