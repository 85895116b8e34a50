//! All objects, in memory, with the history that watches read.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::journal::Journal;
use crate::value::{self, set};

/// How many changes are kept for watches that are behind.
const HISTORY: usize = 5_000;

/// Namespace and name. What belongs to no namespace has an empty one.
pub(crate) type Key = (String, String);

/// What happened to an object.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) version: u64,
    pub(crate) storage: Arc<str>,
    /// As it is now, or as it was last.
    pub(crate) object: Arc<Value>,
    pub(crate) before: Option<Arc<Value>>,
    pub(crate) deleted: bool,
}

/// The objects of a cluster.
#[derive(Debug)]
pub(crate) struct Store {
    objects: HashMap<Arc<str>, BTreeMap<Key, Arc<Value>>>,
    version: u64,
    history: VecDeque<Change>,
    /// The newest version that is no longer in the history.
    forgotten: u64,
    changed: watch::Sender<u64>,
    journal: Option<Journal>,
}

impl Store {
    pub(crate) fn new(
        journal: Option<Journal>,
        loaded: Vec<(String, Value)>,
        version: u64,
    ) -> Self {
        let mut objects: HashMap<Arc<str>, BTreeMap<Key, Arc<Value>>> = HashMap::new();
        for (storage, object) in loaded {
            objects
                .entry(storage.into())
                .or_default()
                .insert(key(&object), Arc::new(object));
        }
        Self {
            objects,
            version,
            history: VecDeque::new(),
            forgotten: version,
            changed: watch::Sender::new(version),
            journal,
        }
    }

    /// The version of the newest change.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Wakes whoever waits for changes.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub(crate) fn get(&self, storage: &str, namespace: &str, name: &str) -> Option<Arc<Value>> {
        self.objects
            .get(storage)?
            .get(&(namespace.to_owned(), name.to_owned()))
            .cloned()
    }

    /// The objects of one kind in the order of their keys; of all namespaces where none is named.
    pub(crate) fn list(&self, storage: &str, namespace: &str) -> Vec<Arc<Value>> {
        let Some(objects) = self.objects.get(storage) else {
            return Vec::new();
        };
        if namespace.is_empty() {
            return objects.values().cloned().collect();
        }
        objects
            .range((namespace.to_owned(), String::new())..)
            .take_while(|((it, _), _)| it == namespace)
            .map(|(_, object)| Arc::clone(object))
            .collect()
    }

    /// How many objects of one kind there are.
    pub(crate) fn count(&self, storage: &str) -> usize {
        self.objects.get(storage).map_or(0, BTreeMap::len)
    }

    /// The names of all stores that hold something.
    pub(crate) fn storages(&self) -> Vec<Arc<str>> {
        let mut all: Vec<_> = self
            .objects
            .iter()
            .filter(|(_, objects)| !objects.is_empty())
            .map(|(storage, _)| Arc::clone(storage))
            .collect();
        all.sort();
        all
    }

    /// Stores an object under its name and gives it the next version.
    pub(crate) fn put(&mut self, storage: &str, mut object: Value) -> Arc<Value> {
        self.version += 1;
        set(
            &mut object,
            "metadata.resourceVersion",
            self.version.to_string(),
        );
        let object = Arc::new(object);
        if let Some(journal) = &mut self.journal {
            journal.put(storage, &object);
        }
        let storage: Arc<str> = storage.into();
        let before = self
            .objects
            .entry(Arc::clone(&storage))
            .or_default()
            .insert(key(&object), Arc::clone(&object));
        self.remember(Change {
            version: self.version,
            storage,
            object: Arc::clone(&object),
            before,
            deleted: false,
        });
        object
    }

    /// Removes an object and returns it as it was last, with the version of its removal.
    pub(crate) fn delete(
        &mut self,
        storage: &str,
        namespace: &str,
        name: &str,
    ) -> Option<Arc<Value>> {
        let objects = self.objects.get_mut(storage)?;
        let before = objects.remove(&(namespace.to_owned(), name.to_owned()))?;
        self.version += 1;
        if let Some(journal) = &mut self.journal {
            journal.delete(storage, namespace, name, self.version);
        }
        let mut last = (*before).clone();
        set(
            &mut last,
            "metadata.resourceVersion",
            self.version.to_string(),
        );
        let last = Arc::new(last);
        self.remember(Change {
            version: self.version,
            storage: storage.into(),
            object: Arc::clone(&last),
            before: Some(before),
            deleted: true,
        });
        Some(last)
    }

    fn remember(&mut self, change: Change) {
        self.history.push_back(change);
        if self.history.len() > HISTORY
            && let Some(old) = self.history.pop_front()
        {
            self.forgotten = old.version;
        }
        self.changed.send_replace(self.version);
        if self.journal.as_ref().is_some_and(Journal::is_long) {
            let objects = &self.objects;
            let version = self.version;
            if let Some(journal) = &mut self.journal {
                let all = objects
                    .iter()
                    .flat_map(|(storage, objects)| objects.values().map(move |it| (storage, it)));
                journal.compact(all.map(|(storage, it)| (&**storage, &**it)), version);
            }
        }
    }

    /// The changes after `version`, oldest first; `None` where the history no longer reaches back so far.
    pub(crate) fn since(&self, version: u64) -> Option<impl Iterator<Item = &Change>> {
        if version < self.forgotten {
            return None;
        }
        let first = self
            .history
            .partition_point(|change| change.version <= version);
        Some(self.history.range(first..))
    }
}

/// The key that an object is stored under.
pub(crate) fn key(object: &Value) -> Key {
    (
        value::namespace(object).to_owned(),
        value::name(object).to_owned(),
    )
}

/// A reference to an object, as events and owners hold it.
pub(crate) fn reference(object: &Value) -> Value {
    json!({
        "apiVersion": object["apiVersion"],
        "kind": object["kind"],
        "name": value::name(object),
        "namespace": value::namespace(object),
        "uid": value::uid(object),
        "resourceVersion": value::text(object, "metadata.resourceVersion"),
    })
}
