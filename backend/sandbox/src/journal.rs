//! Objects on disk: a snapshot and a log of what happened since. A torn last line is left out at the start.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::value;

/// Lines after which the log is folded into a snapshot.
const LONG: usize = 20_000;

/// Appends every change to a file before it is answered.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: PathBuf,
    log: File,
    lines: usize,
}

/// What was on disk.
pub(crate) struct Loaded {
    pub(crate) journal: Journal,
    pub(crate) objects: Vec<(String, Value)>,
    pub(crate) version: u64,
}

impl Journal {
    /// Opens the folder, making it where there is none, and reads what is in it.
    pub(crate) fn open(folder: &Path) -> io::Result<Loaded> {
        fs::create_dir_all(folder)?;
        let mut state = State::default();
        for name in ["snapshot.jsonl", "log.jsonl"] {
            state.read(&folder.join(name))?;
        }
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join("log.jsonl"))?;
        let mut journal = Self {
            folder: folder.to_owned(),
            log,
            lines: 0,
        };
        let objects: Vec<_> = state
            .objects
            .into_iter()
            .map(|((storage, ..), object)| (storage, object))
            .collect();
        journal.compact(
            objects
                .iter()
                .map(|(storage, object)| (storage.as_str(), object)),
            state.version,
        );
        Ok(Loaded {
            journal,
            objects,
            version: state.version,
        })
    }

    pub(crate) fn put(&mut self, storage: &str, object: &Value) {
        self.append(&json!({"put": storage, "object": object}));
    }

    pub(crate) fn delete(&mut self, storage: &str, namespace: &str, name: &str, version: u64) {
        self.append(&json!({
            "delete": storage, "namespace": namespace, "name": name, "version": version,
        }));
    }

    fn append(&mut self, line: &Value) {
        self.lines += 1;
        let written = self.log.write_all(format!("{line}\n").as_bytes());
        if let Err(error) = written {
            tracing::error!(%error, folder = %self.folder.display(), "cannot write the log of the sandbox");
        }
    }

    pub(crate) fn is_long(&self) -> bool {
        self.lines > LONG
    }

    /// Writes all objects as a snapshot and begins an empty log.
    pub(crate) fn compact<'a>(
        &mut self,
        objects: impl Iterator<Item = (&'a str, &'a Value)>,
        version: u64,
    ) {
        self.lines = 0;
        if let Err(error) = self.try_compact(objects, version) {
            tracing::error!(%error, folder = %self.folder.display(), "cannot write the snapshot of the sandbox");
        }
    }

    fn try_compact<'a>(
        &mut self,
        objects: impl Iterator<Item = (&'a str, &'a Value)>,
        version: u64,
    ) -> io::Result<()> {
        let unfinished = self.folder.join("snapshot.jsonl.new");
        let mut file = BufWriter::new(File::create(&unfinished)?);
        writeln!(file, "{}", json!({ "version": version }))?;
        for (storage, object) in objects {
            writeln!(file, "{}", json!({"put": storage, "object": object}))?;
        }
        file.into_inner()?.sync_all()?;
        // The log is emptied after the snapshot stands: read twice, its lines say the same.
        fs::rename(&unfinished, self.folder.join("snapshot.jsonl"))?;
        self.log.set_len(0)
    }
}

#[derive(Default)]
struct State {
    objects: std::collections::BTreeMap<(String, String, String), Value>,
    version: u64,
}

impl State {
    fn read(&mut self, path: &Path) -> io::Result<()> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for line in BufReader::new(file).split(b'\n') {
            // A line that a crash cut short is the last one, and was never answered.
            let Ok(line) = serde_json::from_slice::<Value>(&line?) else {
                continue;
            };
            self.take(line);
        }
        Ok(())
    }

    fn take(&mut self, mut line: Value) {
        let object = line["object"].take();
        let version = line["version"].as_u64();
        let written = value::text(&object, "metadata.resourceVersion")
            .parse()
            .ok();
        self.version = self.version.max(version.or(written).unwrap_or(0));
        if let Some(storage) = line["put"].as_str() {
            let key = (
                storage.to_owned(),
                value::namespace(&object).to_owned(),
                value::name(&object).to_owned(),
            );
            self.objects.insert(key, object);
        } else if let Some(storage) = line["delete"].as_str() {
            let key = (
                storage.to_owned(),
                value::text(&line, "namespace").to_owned(),
                value::text(&line, "name").to_owned(),
            );
            self.objects.remove(&key);
        }
    }
}
