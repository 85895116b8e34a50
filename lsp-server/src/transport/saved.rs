//! Reads schemas that were saved from a cluster, and looks again now and then: they stand where
//! clients watch nothing, and many clients watch nothing at all.

use std::fs::{self, File, Metadata};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::finder::{path_of, sorted};
use crate::{Found, SavedFile, SavedSchemas};

/// How often somebody is to look again.
pub(super) const EVERY: Duration = Duration::from_secs(1);

/// KUN's server hands out 32 MB at most; a document of an API server has one or two.
const MAX_FILE: u64 = 64 << 20;
/// Of one place, no more than this is read.
const MAX_BYTES: u64 = 128 << 20;
const MAX_FILES: usize = 2_000;
const MAX_DEPTH: usize = 8;

/// Places that are looked at.
#[derive(Default)]
pub(super) struct Saved {
    places: Vec<(SavedSchemas, Seen)>,
}

/// What was seen of a place.
#[derive(Default)]
struct Seen {
    told: Option<u64>,
    last: u64,
}

impl Saved {
    pub(super) fn at(places: &[SavedSchemas]) -> Self {
        let places = places.iter().map(|it| (it.clone(), Seen::default()));
        Self {
            places: places.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Tells what changed since the last look, once it rests: files take a moment to be written.
    pub(super) fn look(&mut self, tell: &mut dyn FnMut(Found) -> bool) {
        for (place, seen) in &mut self.places {
            let files = files_of(place);
            let stamp = stamp(&files);
            let is_first = seen.told.is_none();
            let rests = seen.last == stamp;
            seen.last = stamp;
            if is_first || (rests && seen.told != Some(stamp)) {
                seen.told = Some(stamp);
                let (place, files) = (place.clone(), files.map(|files| read_all(&files)));
                tell(Found::Schemas { place, files });
            }
        }
    }
}

/// A file that is not read yet.
struct Listed {
    name: String,
    path: PathBuf,
    metadata: Metadata,
}

/// The file, or the JSON files of the folder; or why there are none.
fn files_of(place: &SavedSchemas) -> Result<Vec<Listed>, String> {
    let path = path(place).ok_or("it is no path of this machine")?;
    let metadata = fs::metadata(&path).map_err(|error| reason(&error))?;
    let mut files = Vec::new();
    if metadata.is_dir() {
        list(&path, "", 0, &mut files);
    } else if metadata.is_file() {
        let name = path.file_name().unwrap_or_default();
        files.push(Listed {
            name: name.to_string_lossy().into_owned(),
            path,
            metadata,
        });
    } else {
        return Err("it is neither a file nor a folder".to_owned());
    }
    Ok(files)
}

fn path(place: &SavedSchemas) -> Option<PathBuf> {
    if let Some(folder) = &place.folder {
        return Some(path_of(folder)?.join(&place.path));
    }
    match place.path.strip_prefix('~') {
        Some(rest) => Some(std::env::home_dir()?.join(rest.trim_start_matches(['/', '\\']))),
        None => Some(PathBuf::from(&place.path)),
    }
}

fn list(folder: &Path, above: &str, depth: usize, files: &mut Vec<Listed>) {
    for entry in sorted(folder) {
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        // Links to folders may lead in circles; those to files are read.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth < MAX_DEPTH {
            list(&path, &format!("{name}/"), depth + 1, files);
            continue;
        }
        let is_json = path.extension().is_some_and(|it| it == "json");
        let metadata = fs::metadata(&path).ok().filter(Metadata::is_file);
        if let Some(metadata) = metadata.filter(|_| is_json && files.len() < MAX_FILES) {
            files.push(Listed {
                name,
                path,
                metadata,
            });
        }
    }
}

/// A number that is another one when a file is.
fn stamp(files: &Result<Vec<Listed>, String>) -> u64 {
    let mut hasher = DefaultHasher::new();
    match files {
        Err(reason) => reason.hash(&mut hasher),
        Ok(files) => {
            for Listed { path, metadata, .. } in files {
                (path, metadata.len(), metadata.modified().ok()).hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}

fn read_all(files: &[Listed]) -> Vec<SavedFile> {
    let mut left = MAX_BYTES;
    let files = files.iter().map(|file| {
        let text = read(file, left);
        left = left.saturating_sub(text.as_ref().map_or(0, |text| text.len() as u64));
        let name = file.name.clone();
        SavedFile { name, text }
    });
    files.collect()
}

fn read(file: &Listed, left: u64) -> Result<String, String> {
    let length = file.metadata.len();
    if length > MAX_FILE {
        return Err(format!("{} MB are too many", length >> 20));
    }
    if length > left {
        return Err("all files together are too large".to_owned());
    }
    let mut bytes = Vec::new();
    let opened = File::open(&file.path);
    let read = opened.and_then(|it| it.take(MAX_FILE).read_to_end(&mut bytes));
    read.map_err(|error| reason(&error))?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        // As PowerShell writes it.
        return Err("it is UTF-16; save it as UTF-8".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text")?;
    let mark = '\u{feff}';
    Ok(text.strip_prefix(mark).map(str::to_owned).unwrap_or(text))
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn change_is_told_once_and_when_it_rests() {
        let folder = std::env::temp_dir().join(format!("kun-saved-{}", std::process::id()));
        let place = SavedSchemas {
            folder: None,
            path: folder.display().to_string(),
        };
        let mut saved = Saved::at(&[place]);
        assert_eq!(look(&mut saved), ["Err(there is no such file or folder)"]);
        assert_eq!(look(&mut saved), [""; 0]);

        fs::create_dir_all(folder.join("apis")).expect("a folder");
        let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("a file");
        write("apis/a.json", b"{}");
        write("b.json", b"\xff\xfe{\0}\0");
        write("c.json", b"\xef\xbb\xbf[]");
        write("d.json", b"\xff");
        write("e.txt", b"{}");
        assert_eq!(look(&mut saved), [""; 0], "it may still be written");
        let files = "apis/a.json {}, b.json it is UTF-16; save it as UTF-8, c.json [], \
                     d.json it is no UTF-8 text";
        assert_eq!(look(&mut saved), [files]);
        assert_eq!(look(&mut saved), [""; 0]);

        fs::remove_dir_all(&folder).expect("a folder");
        look(&mut saved);
        assert_eq!(look(&mut saved), ["Err(there is no such file or folder)"]);
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        for (path, reason) in [
            ("/dev/zero", "it is neither a file nor a folder"),
            ("relative", "there is no such file or folder"),
        ] {
            let place = SavedSchemas {
                folder: None,
                path: path.to_owned(),
            };
            assert_eq!(look(&mut Saved::at(&[place])), [format!("Err({reason})")]);
        }
    }

    fn look(saved: &mut Saved) -> Vec<String> {
        let mut told = Vec::new();
        saved.look(&mut |found| {
            let Found::Schemas { files, .. } = found else {
                return false;
            };
            told.push(match files {
                Err(reason) => format!("Err({reason})"),
                Ok(files) => {
                    let files = files.into_iter().map(|SavedFile { name, text }| {
                        format!("{name} {}", text.unwrap_or_else(|reason| reason))
                    });
                    files.collect::<Vec<_>>().join(", ")
                }
            });
            true
        });
        told
    }
}
