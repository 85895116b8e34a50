//! Watches: what is there, then every change as it happens.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::convert;
use crate::read::Selection;
use crate::request::Query;
use crate::resources::Resource;
use crate::status::{Answer, Failure, FieldError};
use crate::store::{Key, key};
use crate::table::{self, Include};
use crate::value::set;
use crate::world::World;

/// How often a client that wants bookmarks gets one.
const BOOKMARK: Duration = Duration::from_secs(30);

/// What a client wants to watch, and how.
pub(crate) struct Watch {
    pub(crate) world: Arc<World>,
    pub(crate) resource: Arc<Resource>,
    pub(crate) selection: Selection,
    /// Whether events carry tables, as `kubectl get -w` asks.
    pub(crate) table: Option<Include>,
    since: Since,
    bookmarks: bool,
    until: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    /// The objects that are there come first.
    Now {
        marked: bool,
    },
    Version(u64),
}

impl Watch {
    pub(crate) fn read(
        world: Arc<World>,
        resource: Arc<Resource>,
        selection: Selection,
        table: Option<Include>,
        query: &Query,
    ) -> Answer<Self> {
        let asked = query.get("resourceVersion");
        let marked = query.flag("sendInitialEvents");
        if marked && query.get("resourceVersionMatch") != "NotOlderThan" {
            let error = FieldError::forbidden(
                "resourceVersionMatch",
                "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
            );
            return Err(Failure::invalid("meta.k8s.io", "ListOptions", "", &[error]));
        }
        let initial = marked || !query.has("sendInitialEvents");
        let since = match asked.parse::<u64>() {
            Ok(version) if version > 0 && !marked => Since::Version(version),
            Err(_) if !asked.is_empty() => {
                let error = FieldError::invalid("resourceVersion", &json!(asked), "invalid syntax");
                return Err(Failure::invalid("meta.k8s.io", "ListOptions", "", &[error]));
            }
            _ if initial => Since::Now { marked },
            _ => Since::Version(world.store().version()),
        };
        let seconds = query
            .number("timeoutSeconds")
            .and_then(|it| u64::try_from(it).ok());
        let seconds = seconds
            .filter(|it| *it > 0)
            .unwrap_or(1800 + world.roll(0, 1800));
        Ok(Self {
            world,
            resource,
            selection,
            table,
            since,
            bookmarks: query.flag("allowWatchBookmarks"),
            until: Instant::now() + Duration::from_secs(seconds),
        })
    }

    /// Sends events until the client goes, the time is over, or the server stops.
    pub(crate) async fn run(mut self, out: mpsc::Sender<Value>, mut stop: watch::Receiver<bool>) {
        let (first, mut version, mut changed) = self.begin();
        let mut seen: BTreeSet<Key> = BTreeSet::new();
        for event in first {
            seen.insert(key(&event["object"]));
            if out.send(event).await.is_err() {
                return;
            }
        }
        loop {
            match self.news(version) {
                Ok((events, newest)) => {
                    for event in events {
                        if out.send(event).await.is_err() {
                            return;
                        }
                    }
                    version = newest;
                }
                Err(error) => {
                    let _ = out.send(error).await;
                    return;
                }
            }
            let bookmark = tokio::time::sleep(BOOKMARK);
            tokio::select! {
                alive = changed.changed() => if alive.is_err() { return },
                () = tokio::time::sleep_until(self.until) => return,
                () = out.closed() => return,
                () = crate::world::stopped(&mut stop) => return,
                () = bookmark, if self.bookmarks => {
                    if out.send(self.bookmark(version, false)).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    fn begin(&mut self) -> (Vec<Value>, u64, watch::Receiver<u64>) {
        let store = self.world.store();
        let changed = store.subscribe();
        let version = store.version();
        match self.since {
            Since::Version(version) => (Vec::new(), version, changed),
            Since::Now { marked } => {
                let all = self.selection.list(&store, &self.resource);
                drop(store);
                let mut events: Vec<_> = all.iter().map(|it| self.event("ADDED", it)).collect();
                if marked && self.bookmarks {
                    events.push(self.bookmark(version, true));
                }
                (events, version, changed)
            }
        }
    }

    /// The events after `version`, and the version they reach.
    fn news(&self, version: u64) -> Result<(Vec<Value>, u64), Value> {
        let store = self.world.store();
        let storage = self.resource.storage();
        let newest = store.version();
        let Some(changes) = store.since(version) else {
            let failure =
                Failure::expired(format!("too old resource version: {version} ({newest})"));
            return Err(json!({"type": "ERROR", "object": failure.body()}));
        };
        let mut events = Vec::new();
        for change in changes.filter(|change| *change.storage == *storage) {
            let was = change
                .before
                .as_ref()
                .is_some_and(|it| self.selection.matches(it));
            let is = !change.deleted && self.selection.matches(&change.object);
            let kind = match (was, is) {
                (true, true) => "MODIFIED",
                (true, false) => "DELETED",
                (false, true) => "ADDED",
                (false, false) => continue,
            };
            events.push(self.event(kind, &change.object));
        }
        Ok((events, newest.max(version)))
    }

    fn event(&self, kind: &str, object: &Value) -> Value {
        let object = convert::to_version(object, &self.resource);
        let object = match self.table {
            Some(include) => table::of_one(&self.resource, &object, include),
            None => object,
        };
        json!({"type": kind, "object": object})
    }

    fn bookmark(&self, version: u64, initial: bool) -> Value {
        let mut object = json!({
            "kind": self.resource.kind,
            "apiVersion": self.resource.api_version(),
            "metadata": {"resourceVersion": version.to_string(), "creationTimestamp": null},
        });
        if initial {
            set(
                &mut object,
                "metadata.annotations",
                json!({"k8s.io/initial-events-end": "true"}),
            );
        }
        let object = match self.table {
            Some(_) => {
                let mut table = json!({
                    "kind": "Table", "apiVersion": "meta.k8s.io/v1",
                    "metadata": {"resourceVersion": version.to_string()},
                    "columnDefinitions": null, "rows": [{"cells": [], "object": object}],
                });
                if initial {
                    set(
                        &mut table,
                        "metadata.annotations",
                        json!({"k8s.io/initial-events-end": "true"}),
                    );
                }
                table
            }
            None => object,
        };
        json!({"type": "BOOKMARK", "object": object})
    }
}
