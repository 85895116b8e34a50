//! Which server, and as whom: from the environment in a pipeline, from a file for a person.

use std::path::PathBuf;
use std::{env, fs, io};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// What `kun login` keeps.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Such as `https://kun.example.com`.
    pub(crate) server: String,
    /// A token that starts with `kun_`.
    pub(crate) token: String,
}

/// How somebody is known.
pub(crate) enum Signed {
    In(Settings),
    /// A job, which has yet to sign in.
    ByIdToken {
        server: String,
        id_token: String,
    },
}

impl Settings {
    /// Reads `KUN_SERVER` and `KUN_TOKEN`, or `KUN_ID_TOKEN` in a pipeline, and from the file what
    /// they leave open.
    pub(crate) fn read() -> Result<Signed> {
        let server = variable("KUN_SERVER");
        let token = variable("KUN_TOKEN");
        if let (Some(server), Some(token)) = (&server, &token) {
            return Self::checked(server, token).map(Signed::In);
        }
        if let (Some(server), Some(id_token)) = (&server, variable("KUN_ID_TOKEN")) {
            return Ok(Signed::ByIdToken {
                server: server.clone(),
                id_token,
            });
        }
        let Some(kept) = read_file()? else {
            let missing = if server.is_none() {
                "KUN_SERVER"
            } else {
                "KUN_TOKEN"
            };
            bail!(
                "not signed in: run `kun login`, or set KUN_SERVER and KUN_TOKEN, \
                 in a pipeline KUN_ID_TOKEN ({missing} is not set)"
            );
        };
        // A token of one server is never sent to another.
        if let (Some(server), None) = (&server, &token)
            && server.trim_end_matches('/') != kept.server
        {
            bail!(
                "KUN_SERVER is {server}, but `kun login` was for {}: set KUN_TOKEN too",
                kept.server
            );
        }
        let settings = Self::checked(
            server.as_deref().unwrap_or(&kept.server),
            token.as_deref().unwrap_or(&kept.token),
        )?;
        Ok(Signed::In(settings))
    }

    /// Settings whose server is the address of one.
    pub(crate) fn checked(server: &str, token: &str) -> Result<Self> {
        let server = server.trim_end_matches('/');
        if !server.starts_with("https://") && !server.starts_with("http://") {
            bail!("`{server}` is no address of a server: it starts with `https://` or `http://`");
        }
        // A token that anybody on the way could read is no token.
        if server.starts_with("http://") && !is_local(server) && !token.is_empty() {
            eprintln!(
                "kun: warning: {server} is not encrypted: whoever is on the way sees the token"
            );
        }
        Ok(Self {
            server: server.to_owned(),
            token: token.trim().to_owned(),
        })
    }

    /// Writes the file, readable for its owner only, and returns its path.
    pub(crate) fn keep(&self) -> Result<PathBuf> {
        let path = file()?;
        let text = serde_yaml::to_string(self)?;
        write_private(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

fn is_local(server: &str) -> bool {
    let host = server.trim_start_matches("http://");
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|local| {
        host.strip_prefix(local)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn read_file() -> Result<Option<Settings>> {
    let path = file()?;
    let shown = path.display();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {shown}")),
    };
    let settings = serde_yaml::from_str(&text)
        .with_context(|| format!("cannot use {shown}: run `kun login` again"))?;
    Ok(Some(settings))
}

/// `kun/config.yaml` in the folder where the system keeps settings.
fn file() -> Result<PathBuf> {
    let folder = match variable("XDG_CONFIG_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => match variable("HOME") {
            Some(home) => PathBuf::from(home).join(".config"),
            None => bail!("neither HOME nor XDG_CONFIG_HOME is set: set KUN_SERVER and KUN_TOKEN"),
        },
    };
    Ok(folder.join("kun/config.yaml"))
}

fn write_private(path: &std::path::Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // A file that is there keeps its mode when it is opened, so it goes first.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
