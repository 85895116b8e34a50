//! Secrets that are kept sealed: a copy of the database alone opens none of them.
//!
//! The keys stand in a file beside the data, or where every replica finds the same one. The first
//! line seals; the others still open what was sealed before a rotation.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// What a sealed text begins with; what follows is the id of its key, and nonce and text in base64.
const MARK: &str = "sealed:1:";
const KEY_BYTES: usize = 32;

/// Why a secret cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file with the keys cannot be read or written.
    #[error("the key file {}: {source}", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "line {line} of the key file {} is not a key: it takes an id and 32 bytes in base64", path.display()
    )]
    NoKey { path: PathBuf, line: usize },
    /// The key is not in the file.
    #[error("it is sealed with key `{0}`, which is not in the key file")]
    UnknownKey(String),
    /// The text was changed, or belongs to something else.
    #[error("it cannot be opened: it was changed, or its key was")]
    Broken,
}

/// Keys, the newest first.
///
/// Invariant: there is at least one.
pub struct Vault {
    newest: Key,
    older: Vec<Key>,
}

struct Key {
    id: String,
    key: LessSafeKey,
}

impl Vault {
    /// Reads the keys in a file; makes the file, for its owner only, if there is none.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or made, or holds something else.
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let line = new_line();
                write_private(path, &line)?;
                line
            }
            Err(source) => return Err(file_error(path)(source)),
        };
        Self::parse(&text, path)
    }

    /// As [`Vault::open`], with a key that is made now before those in the file.
    ///
    /// # Errors
    ///
    /// As [`Vault::open`].
    pub fn open_with_new_key(path: &Path) -> Result<Self, VaultError> {
        Self::open(path)?;
        let old = fs::read_to_string(path).map_err(file_error(path))?;
        let text = new_line() + &old;
        write_private(path, &text)?;
        Self::parse(&text, path)
    }

    /// A vault that is not kept, for a store that is not either.
    ///
    /// # Panics
    ///
    /// Never: 32 bytes are a key.
    #[must_use]
    pub fn random() -> Self {
        let newest = Key::parse(&new_line()).expect("a line that was just made is a key");
        Self {
            newest,
            older: Vec::new(),
        }
    }

    fn parse(text: &str, path: &Path) -> Result<Self, VaultError> {
        let lines = text.lines().enumerate();
        let mut keys = lines
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(idx, line)| {
                Key::parse(line).ok_or_else(|| VaultError::NoKey {
                    path: path.to_owned(),
                    line: idx + 1,
                })
            });
        let newest = keys.next().unwrap_or_else(|| {
            Err(VaultError::NoKey {
                path: path.to_owned(),
                line: 1,
            })
        })?;
        let older = keys.collect::<Result<_, _>>()?;
        Ok(Self { newest, older })
    }

    /// Seals a text. It opens under the same `name` only, so rows cannot be swapped.
    ///
    /// # Panics
    ///
    /// Never: texts are far shorter than AES-GCM takes.
    #[must_use]
    pub fn seal(&self, name: &str, text: &str) -> String {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut bytes = text.as_bytes().to_vec();
        let Key { id, key } = &self.newest;
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(name),
            &mut bytes,
        )
        .expect("only a text of gigabytes is too long");
        let body = STANDARD.encode([&nonce[..], &bytes].concat());
        format!("{MARK}{id}:{body}")
    }

    /// Opens a sealed text; one that was kept before there was a vault is returned as it is.
    ///
    /// # Errors
    ///
    /// If its key is unknown, or it was changed.
    pub fn unseal(&self, name: &str, sealed: &str) -> Result<String, VaultError> {
        let Some(rest) = sealed.strip_prefix(MARK) else {
            return Ok(sealed.to_owned());
        };
        let (id, body) = rest.split_once(':').ok_or(VaultError::Broken)?;
        let mut keys = [&self.newest].into_iter().chain(&self.older);
        let key = keys.find(|key| key.id == id);
        let key = key.ok_or_else(|| VaultError::UnknownKey(id.to_owned()))?;
        let mut bytes = STANDARD.decode(body).map_err(|_| VaultError::Broken)?;
        let (nonce, body) = bytes
            .split_at_mut_checked(NONCE_LEN)
            .ok_or(VaultError::Broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Broken)?;
        let plain = key.key.open_in_place(nonce, Aad::from(name), body);
        let plain = plain.map_err(|_| VaultError::Broken)?;
        String::from_utf8(plain.to_vec()).map_err(|_| VaultError::Broken)
    }

    /// Whether a text is sealed with the newest key.
    #[must_use]
    pub fn is_current(&self, sealed: &str) -> bool {
        let id = sealed.strip_prefix(MARK).and_then(|it| it.split_once(':'));
        id.is_some_and(|(id, _)| id == self.newest.id)
    }
}

impl Key {
    fn parse(line: &str) -> Option<Self> {
        let (id, key) = line.trim().split_once(' ')?;
        let bytes = STANDARD.decode(key.trim()).ok()?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes).ok()?;
        let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain.then(|| Self {
            id: id.to_owned(),
            key: LessSafeKey::new(key),
        })
    }
}

/// A new key as a line of the file.
fn new_line() -> String {
    let bytes: [u8; KEY_BYTES] = rand::random();
    format!("{:08x} {}\n", rand::random::<u32>(), STANDARD.encode(bytes))
}

/// Writes a file for its owner only, whole or not at all: without its keys all is lost.
fn write_private(path: &Path, text: &str) -> Result<(), VaultError> {
    let write = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let unfinished = path.with_extension("unfinished");
        let mut options = OpenOptions::new();
        options.create(true).write(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(unfinished, path)
    };
    write().map_err(file_error(path))
}

fn file_error(path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.to_owned();
    move |source| VaultError::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_under_its_own_name_only() {
        let vault = Vault::random();
        let sealed = vault.seal("prod", "token: secret");

        assert!(!sealed.contains("secret"), "{sealed}");
        assert_ne!(sealed, vault.seal("prod", "token: secret"));
        assert_eq!(vault.unseal("prod", &sealed).unwrap(), "token: secret");
        assert!(vault.unseal("dev", &sealed).is_err());
        let other = Vault::random().unseal("prod", &sealed);
        assert!(matches!(other, Err(VaultError::UnknownKey(_))));
    }

    #[test]
    fn a_text_that_was_changed_does_not_open() {
        let vault = Vault::random();
        let sealed = vault.seal("prod", "token: secret");
        let last = sealed.len() - 3;
        let changed = format!("{}AAA", &sealed[..last]);
        for broken in [&changed, &sealed[..last], "sealed:1:x", "sealed:1:"] {
            assert!(vault.unseal("prod", broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn older_keys_open_what_they_sealed() {
        let path = std::env::temp_dir().join(format!("kun-key-{}", uuid::Uuid::new_v4()));
        let first = Vault::open(&path).unwrap();
        let sealed = first.seal("prod", "secret");
        let second = Vault::open_with_new_key(&path).unwrap();
        let again = Vault::open(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        fs::remove_file(&path).unwrap();

        assert_eq!(text.lines().count(), 2);
        assert_eq!(again.unseal("prod", &sealed).unwrap(), "secret");
        let newer = second.seal("prod", "secret");
        assert_eq!(
            [again.is_current(&sealed), again.is_current(&newer)],
            [false, true]
        );
        assert!(first.unseal("prod", &newer).is_err());
    }

    #[test]
    fn a_file_with_something_else_is_refused_by_its_line() {
        for text in [
            "",
            "key",
            "a AAAA\n",
            "! AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        ] {
            let error = Vault::parse(text, Path::new("kun.key")).err().unwrap();
            assert!(error.to_string().starts_with("line 1 of"), "{error}");
        }
    }
}
