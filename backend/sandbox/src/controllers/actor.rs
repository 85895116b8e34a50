//! What controllers do to objects: through the same steps as every client.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Deadlines;
use crate::access::{User, users::MASTERS};
use crate::body::Body;
use crate::delete::{self, DeleteOptions};
use crate::request::{Strictness, WriteOptions};
use crate::resources::Resource;
use crate::status::Answer;
use crate::store::Store;
use crate::value::{at, name, namespace, remove, set, text};
use crate::world::World;
use crate::write::Write;

/// One controller at work on the objects.
pub(super) struct Actor<'a> {
    pub(super) world: &'a World,
    pub(super) store: &'a mut Store,
    pub(super) deadlines: &'a mut Deadlines,
}

impl Actor<'_> {
    /// An object that is there.
    pub(super) fn get(&self, storage: &str, namespace: &str, name: &str) -> Option<Arc<Value>> {
        self.store.get(storage, namespace, name)
    }

    fn write<T>(
        &mut self,
        resource: &Resource,
        object: &Value,
        subresource: &str,
        manager: &str,
        act: impl FnOnce(Write<'_>) -> Answer<T>,
    ) -> Answer<T> {
        let user = User::new("system:kube-controller-manager", &[MASTERS]);
        act(Write {
            world: self.world,
            store: self.store,
            resource,
            namespace: if resource.namespaced {
                namespace(object)
            } else {
                ""
            },
            name: name(object),
            subresource,
            options: WriteOptions {
                manager: manager.to_owned(),
                dry_run: false,
                force: false,
                strictness: Strictness::Ignore,
            },
            user: &user,
            warnings: Vec::new(),
        })
    }

    /// Creates an object.
    pub(super) fn create(&mut self, object: Value) -> Answer<Value> {
        let kind = self
            .world
            .catalog
            .kind(text(&object, "apiVersion"), text(&object, "kind"));
        let Some(resource) = kind else {
            return Ok(object);
        };
        let body = Body::of(object.clone());
        self.write(&resource, &object, "", "kube-controller-manager", |write| {
            write.create(&body)
        })
        .map(|(written, _)| written.object)
    }

    /// Writes an object that was read before, whatever happened to it since: there is one lock.
    pub(super) fn update(&mut self, object: Value) {
        self.update_as(object, "", "kube-controller-manager");
    }

    /// Writes the status of an object that was read before.
    pub(super) fn set_status(&mut self, live: &Value, status: Value, manager: &str) {
        if at(live, "status") == Some(&status) {
            return;
        }
        let mut object = live.clone();
        set(&mut object, "status", status);
        self.update_as(object, "status", manager);
    }

    pub(super) fn update_as(&mut self, mut object: Value, subresource: &str, manager: &str) {
        let kind = self
            .world
            .catalog
            .kind(text(&object, "apiVersion"), text(&object, "kind"));
        let Some(resource) = kind else {
            return;
        };
        remove(&mut object, "metadata.resourceVersion");
        let body = Body::of(object.clone());
        let written = self.write(&resource, &object, subresource, manager, |write| {
            write.replace(&body)
        });
        if let Err(failure) = written {
            tracing::warn!(message = %failure.message, "a controller of the sandbox could not write");
        }
    }

    /// Deletes an object in the background, as soon as it may go.
    pub(super) fn delete(&mut self, object: &Value) {
        let kind = self
            .world
            .catalog
            .kind(text(object, "apiVersion"), text(object, "kind"));
        let Some(resource) = kind else {
            return;
        };
        let key = (
            if resource.namespaced {
                namespace(object)
            } else {
                ""
            },
            name(object),
        );
        // That it is gone already is as good.
        let _ = delete::delete(
            self.world,
            self.store,
            &resource,
            key,
            &DeleteOptions::default(),
        );
    }

    /// A reference to the owner, for what it makes.
    pub(super) fn owner(object: &Value) -> Value {
        json!([{
            "apiVersion": object["apiVersion"],
            "kind": object["kind"],
            "name": name(object),
            "uid": crate::value::uid(object),
            "controller": true,
            "blockOwnerDeletion": true,
        }])
    }
}
