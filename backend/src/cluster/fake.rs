//! A cluster in memory, for tests of what a deploy decides: real objects, versions and watches, no
//! network. Its controllers do what a test tells them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api_types::Slug;
use async_trait::async_trait;
use deploy_core::status::Status;
use deploy_core::{GroupKind, ObjectId};
use futures::StreamExt;
use futures::stream::BoxStream;
use serde_json::{Value, json};
use tokio::sync::{Notify, broadcast};
use tokio_stream::wrappers::BroadcastStream;

use crate::cluster::{
    Access, Applied, Apply, Cluster, ClusterError, Connect, Listed, LogSource, Mode, Query,
    Resource, Seen, Target,
};

/// Such as `deployments/shop/web`; the namespace is `-` for kinds without one.
type Key = String;

/// A cluster in memory.
pub(crate) struct Fake {
    state: Mutex<State>,
    events: broadcast::Sender<Seen>,
    /// Wakes whoever waits for a request, or to be let go.
    changed: Notify,
}

#[derive(Default)]
struct State {
    kinds: Vec<Resource>,
    objects: BTreeMap<Key, Value>,
    version: u64,
    /// What applying an object is answered with.
    refusals: HashMap<String, Status>,
    /// The status that a controller gives an object as soon as it is applied, by `Kind/name`.
    statuses: HashMap<String, Value>,
    /// Objects whose apply never ends.
    stuck: BTreeSet<String>,
    denied: BTreeSet<String>,
    /// Rights to one object of a kind that is denied.
    granted: BTreeSet<String>,
    requests: Vec<String>,
    log: String,
}

impl Fake {
    /// A cluster with the usual kinds and the namespaces `default` and `shop`.
    pub(crate) fn new() -> Arc<Self> {
        let kinds = [
            ("v1", "ConfigMap", "configmaps", true),
            ("v1", "Secret", "secrets", true),
            ("v1", "Service", "services", true),
            ("v1", "Namespace", "namespaces", false),
            ("v1", "Pod", "pods", true),
            ("v1", "Event", "events", true),
            (
                "v1",
                "PersistentVolumeClaim",
                "persistentvolumeclaims",
                true,
            ),
            ("apps/v1", "Deployment", "deployments", true),
            ("apps/v1", "ReplicaSet", "replicasets", true),
            ("batch/v1", "Job", "jobs", true),
            (
                "apiextensions.k8s.io/v1",
                "CustomResourceDefinition",
                "customresourcedefinitions",
                false,
            ),
        ];
        let kinds = kinds.map(|(api_version, kind, plural, namespaced)| Resource {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            namespaced,
        });
        let state = State {
            kinds: kinds.to_vec(),
            ..State::default()
        };
        let fake = Arc::new(Self {
            state: Mutex::new(state),
            events: broadcast::channel(1024).0,
            changed: Notify::new(),
        });
        for name in ["default", "shop"] {
            fake.put(
                json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name},
                "status": {"phase": "Active"}}),
            );
        }
        fake
    }

    /// From now on, it serves a namespaced kind more.
    pub(crate) fn serve(&self, api_version: &str, kind: &str, plural: &str) {
        self.state.lock().unwrap().kinds.push(Resource {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            namespaced: true,
        });
    }

    /// Puts an object there as somebody else would.
    pub(crate) fn put(&self, object: Value) {
        let id = ObjectId::of(&object);
        let mut state = self.state.lock().unwrap();
        let resource = state
            .resource(&id.api_version, &id.kind)
            .expect("a kind of the fake");
        let key = key(&resource, id.namespace.as_deref(), &id.name);
        let object = state.store(key, object);
        drop(state);
        let _ = self.events.send(Seen::Present(object));
    }

    /// Gives an object a status, as its controller would.
    pub(crate) fn set_status(&self, name: &str, status: Value) {
        let mut object = self.object(name).expect("an object of the fake");
        object["status"] = status;
        self.put(object);
    }

    /// Deletes an object as somebody else would.
    pub(crate) fn remove(&self, name: &str) {
        let mut state = self.state.lock().unwrap();
        let named = |it: &Value| ObjectId::of(it).to_string() == name;
        let key = state
            .objects
            .iter()
            .find(|(_, it)| named(it))
            .map(|(key, _)| key.clone());
        if let Some(gone) = key.and_then(|key| state.objects.remove(&key)) {
            let _ = self.events.send(Seen::Gone(gone));
        }
    }

    /// From now on, applying `Kind/name` gives it this status.
    pub(crate) fn behave(&self, name: &str, status: Value) {
        self.state
            .lock()
            .unwrap()
            .statuses
            .insert(name.to_owned(), status);
    }

    /// From now on, applying `Kind/name` is refused.
    pub(crate) fn refuse(&self, name: &str, code: u16, body: &Value) {
        let status = Status::parse(code, &body.to_string(), None);
        self.state
            .lock()
            .unwrap()
            .refusals
            .insert(name.to_owned(), status);
    }

    /// From now on, applying `Kind/name` is no longer refused.
    pub(crate) fn accept(&self, name: &str) {
        self.state.lock().unwrap().refusals.remove(name);
    }

    /// From now on, applying `Kind/name` never ends, until it is let go.
    pub(crate) fn hold(&self, name: &str) {
        self.state.lock().unwrap().stuck.insert(name.to_owned());
    }

    pub(crate) fn let_go(&self, name: &str) {
        self.state.lock().unwrap().stuck.remove(name);
        self.changed.notify_waiters();
    }

    /// From now on, the person lacks a right such as `patch deployments.apps in namespace shop`.
    pub(crate) fn deny(&self, right: &str) {
        self.state.lock().unwrap().denied.insert(right.to_owned());
    }

    /// From now on, the person has a right such as `patch configmaps/web in namespace shop`, though
    /// it is denied for others of the kind.
    pub(crate) fn grant(&self, right: &str) {
        self.state.lock().unwrap().granted.insert(right.to_owned());
    }

    pub(crate) fn set_log(&self, log: &str) {
        log.clone_into(&mut self.state.lock().unwrap().log);
    }

    /// The object `Kind/name` in any namespace.
    pub(crate) fn object(&self, name: &str) -> Option<Value> {
        let state = self.state.lock().unwrap();
        let found = state
            .objects
            .values()
            .find(|it| ObjectId::of(it).to_string() == name);
        found.cloned()
    }

    /// All changes that were asked for so far, in order, such as `apply ConfigMap/a`.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }

    /// Waits until a change was asked for.
    pub(crate) async fn requested(&self, request: &str) {
        let is_there = |state: &State| state.requests.iter().any(|it| it == request);
        self.wait_until(is_there).await;
    }

    /// Waits until a change was asked for so often.
    pub(crate) async fn requested_times(&self, request: &str, times: usize) {
        let is_there = |state: &State| {
            let asked = state.requests.iter().filter(|it| *it == request);
            asked.count() >= times
        };
        self.wait_until(is_there).await;
    }

    fn note(&self, request: String) {
        self.state.lock().unwrap().requests.push(request);
        self.changed.notify_waiters();
    }

    async fn wait_until(&self, holds: impl Fn(&State) -> bool + Send) {
        loop {
            // Listening begins before the look, or a change between the two would be missed.
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if holds(&self.state.lock().unwrap()) {
                return;
            }
            changed.await;
        }
    }

    fn refusal(&self, target: &Target) -> Option<Status> {
        let state = self.state.lock().unwrap();
        if let Some(status) = state.refusals.get(&target.to_string()) {
            return Some(status.clone());
        }
        let namespace = target.namespace.as_deref()?;
        let is_there = state
            .objects
            .contains_key(&format!("namespaces/-/{namespace}"));
        (!is_there).then(|| Status {
            code: 404,
            reason: "NotFound".to_owned(),
            kind: "namespaces".to_owned(),
            ..Status::default()
        })
    }

    fn query(&self, query: &Query) -> Vec<Value> {
        let state = self.state.lock().unwrap();
        let of_kind = |key: &str| key.starts_with(&format!("{}/", query.resource.plural));
        let objects = state.objects.iter().filter(|(key, _)| of_kind(key));
        objects
            .map(|(_, it)| it)
            .filter(|it| is_asked_for(query, it))
            .cloned()
            .collect()
    }
}

impl State {
    fn resource(&self, api_version: &str, kind: &str) -> Option<Resource> {
        let mut kinds = self.kinds.iter();
        kinds
            .find(|it| it.api_version == api_version && it.kind == kind)
            .cloned()
    }

    /// Keeps an object under a new version, and the uid that it had.
    fn store(&mut self, key: Key, mut object: Value) -> Value {
        self.version += 1;
        let uid = match self.objects.get(&key) {
            Some(old) => old["metadata"]["uid"].clone(),
            None => json!(format!("uid-{}", self.version)),
        };
        object["metadata"]["uid"] = uid;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        self.objects.insert(key, object.clone());
        object
    }
}

#[async_trait]
impl Cluster for Fake {
    async fn resource(
        &self,
        api_version: &str,
        kind: &str,
    ) -> Result<Option<Resource>, ClusterError> {
        Ok(self.state.lock().unwrap().resource(api_version, kind))
    }

    async fn preferred(&self, kind: &GroupKind) -> Result<Option<Resource>, ClusterError> {
        let state = self.state.lock().unwrap();
        let mut kinds = state.kinds.iter();
        Ok(kinds
            .find(|it| it.kind == kind.kind && it.group() == kind.group)
            .cloned())
    }

    async fn apply(
        &self,
        target: &Target,
        object: &Value,
        how: &Apply,
    ) -> Result<Applied, ClusterError> {
        if how.mode == Mode::Store {
            self.note(format!("apply {target}"));
            let name = target.to_string();
            self.wait_until(|state| !state.stuck.contains(&name)).await;
        }
        if let Some(status) = self.refusal(target) {
            return Err(ClusterError::Refused(Box::new(status)));
        }
        let mut state = self.state.lock().unwrap();
        let key = key(&target.resource, target.namespace.as_deref(), &target.name);
        let old = state.objects.get(&key).cloned();
        let mut new = object.clone();
        let named = &object["metadata"]["resourceVersion"];
        let is_of_now = |old: &Value| *named == old["metadata"]["resourceVersion"];
        if !named.is_null() && !old.as_ref().is_some_and(is_of_now) {
            return Err(ClusterError::Refused(Box::new(Status {
                code: 409,
                reason: "Conflict".to_owned(),
                ..Status::default()
            })));
        }
        let given = state.statuses.get(&target.to_string()).cloned();
        if let Some(status) = given.or_else(|| old.as_ref()?.get("status").cloned()) {
            new["status"] = status;
        }
        let created = old.is_none();
        if let Some(old) = &old {
            new["metadata"]["uid"] = old["metadata"]["uid"].clone();
            new["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"].clone();
        }
        if how.mode == Mode::Store && old.as_ref() != Some(&new) {
            new = state.store(key, new);
            if target.resource.kind == "CustomResourceDefinition" {
                state.kinds.extend(defined(&new));
            }
            let _ = self.events.send(Seen::Present(new.clone()));
        }
        Ok(Applied {
            object: new,
            created,
            warnings: Vec::new(),
        })
    }

    async fn get(&self, target: &Target) -> Result<Option<Value>, ClusterError> {
        let state = self.state.lock().unwrap();
        let key = key(&target.resource, target.namespace.as_deref(), &target.name);
        Ok(state.objects.get(&key).cloned())
    }

    async fn set_managers(
        &self,
        target: &Target,
        _live: &Value,
        _managers: Value,
    ) -> Result<(), ClusterError> {
        self.note(format!("adopt {target}"));
        // What stood in the way was the managers.
        self.accept(&target.to_string());
        Ok(())
    }

    async fn delete(&self, target: &Target, uid: &str) -> Result<(), ClusterError> {
        self.note(format!("delete {target}"));
        let mut state = self.state.lock().unwrap();
        // What could not be changed can be made again.
        state.refusals.remove(&target.to_string());
        let key = key(&target.resource, target.namespace.as_deref(), &target.name);
        if let Some(held) = state.objects.get_mut(&key)
            && !held["metadata"]["finalizers"].is_null()
        {
            held["metadata"]["deletionTimestamp"] = json!("2026-11-22T12:00:00Z");
            return Ok(());
        }
        if state
            .objects
            .get(&key)
            .is_some_and(|it| it["metadata"]["uid"] == uid)
            && let Some(gone) = state.objects.remove(&key)
        {
            let _ = self.events.send(Seen::Gone(gone));
        }
        Ok(())
    }

    async fn list(&self, query: &Query) -> Result<Listed, ClusterError> {
        let resource_version = self.state.lock().unwrap().version.to_string();
        Ok(Listed {
            items: self.query(query),
            resource_version,
        })
    }

    async fn watch(
        &self,
        query: &Query,
        from: &str,
    ) -> Result<BoxStream<'static, Result<Seen, ClusterError>>, ClusterError> {
        let receiver = self.events.subscribe();
        // What changed between the list and the watch comes first.
        let from: u64 = from.parse().unwrap();
        let version = |it: &Value| {
            it["metadata"]["resourceVersion"]
                .as_str()?
                .parse::<u64>()
                .ok()
        };
        let mut missed = self.query(query);
        missed.retain(|it| version(it) > Some(from));
        let query = query.clone();
        let later = BroadcastStream::new(receiver).filter_map(|it| std::future::ready(it.ok()));
        let seen = futures::stream::iter(missed.into_iter().map(Seen::Present)).chain(later);
        let asked = seen.filter(move |seen| {
            let (Seen::Present(object) | Seen::Gone(object)) = seen;
            let kind = ObjectId::of(object).kind == query.resource.kind;
            std::future::ready(kind && is_asked_for(&query, object))
        });
        Ok(asked.map(Ok).boxed())
    }

    async fn may(&self, access: &Access) -> Result<bool, ClusterError> {
        let denied = |access: &Access| {
            let state = self.state.lock().unwrap();
            state.denied.contains(&access.to_string())
        };
        // Who may do something with all objects may do it with one.
        let all = Access {
            name: None,
            ..access.clone()
        };
        let granted = self
            .state
            .lock()
            .unwrap()
            .granted
            .contains(&access.to_string());
        Ok(granted || !denied(&all))
    }

    async fn log(&self, _source: &LogSource) -> Result<String, ClusterError> {
        Ok(self.state.lock().unwrap().log.clone())
    }
}

/// Connects everybody to one cluster.
pub(crate) struct Only(pub(crate) Arc<dyn Cluster>);

#[async_trait]
impl Connect for Only {
    async fn connect(
        &self,
        _cluster: &Slug,
        _user: &str,
        _patience: Duration,
    ) -> Result<Arc<dyn Cluster>, ClusterError> {
        Ok(Arc::clone(&self.0))
    }
}

fn key(resource: &Resource, namespace: Option<&str>, name: &str) -> Key {
    let namespace = namespace.filter(|_| resource.namespaced).unwrap_or("-");
    format!("{}/{namespace}/{name}", resource.plural)
}

fn is_asked_for(query: &Query, object: &Value) -> bool {
    let labels = &object["metadata"]["labels"];
    let has_label = |pair: &str| {
        pair.split_once('=')
            .is_none_or(|(key, value)| labels.get(key).is_some_and(|it| it == value))
    };
    let involved = object.get("involvedObject");
    let has_field = |pair: &str| {
        let wanted = pair
            .strip_prefix("involvedObject.")
            .and_then(|it| it.split_once('='));
        wanted.is_none_or(|(key, value)| involved.is_some_and(|it| it[key] == value))
    };
    let namespace = object["metadata"]["namespace"].as_str();
    query
        .namespace
        .as_deref()
        .is_none_or(|wanted| Some(wanted) == namespace)
        && query.labels.split(',').all(has_label)
        && query.fields.split(',').all(has_field)
}

fn defined(definition: &Value) -> Option<Resource> {
    let text = |pointer: &str| Some(definition.pointer(pointer)?.as_str()?.to_owned());
    Some(Resource {
        api_version: format!(
            "{}/{}",
            text("/spec/group")?,
            text("/spec/versions/0/name")?
        ),
        kind: text("/spec/names/kind")?,
        plural: text("/spec/names/plural")?,
        namespaced: text("/spec/scope")? == "Namespaced",
    })
}
