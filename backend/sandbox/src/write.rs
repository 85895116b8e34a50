//! Creating, changing and patching objects: the order of steps of the API server.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::access::User;
use crate::body::Body;
use crate::decode::{Decoded, decode, decode_custom};
use crate::managed::path::FieldSet;
use crate::managed::{Ownership, Writer, conform};
use crate::patch;
use crate::request::{Strictness, WriteOptions};
use crate::resources::Resource;
use crate::status::{Answer, Failure, FieldError};
use crate::store::Store;
use crate::value::{self, at, name, set, text};
use crate::world::World;
use crate::{admission, convert, defaults, lifecycle, subresource, validation};

/// One request that writes, with all it needs.
pub(crate) struct Write<'a> {
    pub(crate) world: &'a World,
    pub(crate) store: &'a mut Store,
    pub(crate) resource: &'a Resource,
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
    pub(crate) subresource: &'a str,
    pub(crate) options: WriteOptions,
    pub(crate) user: &'a User,
    pub(crate) warnings: Vec<String>,
}

/// What was written, and whether it is new.
pub(crate) struct Written {
    pub(crate) object: Value,
    pub(crate) created: bool,
}

impl Write<'_> {
    pub(crate) fn group_plural(&self) -> (&str, &str) {
        (&self.resource.group, &self.resource.plural)
    }

    fn live(&self) -> Option<Arc<Value>> {
        let found = self
            .store
            .get(&self.resource.storage(), self.namespace, self.name)?;
        Some(Arc::new(convert::to_version(&found, self.resource)))
    }

    fn not_found(&self) -> Failure {
        let (group, plural) = self.group_plural();
        Failure::not_found(group, plural, self.name)
    }

    /// `POST` to a collection.
    pub(crate) fn create(mut self, body: &Body) -> Answer<(Written, Vec<String>)> {
        let mut object = self.read_object(body)?;
        self.check_namespace(&object, true)?;
        if self.resource.namespaced {
            set(&mut object, "metadata.namespace", self.namespace);
        }
        let skeleton = self.skeleton();
        self.own_update(&skeleton, &mut object);
        let object = self.finish_create(object)?;
        Ok((
            Written {
                object,
                created: true,
            },
            self.warnings,
        ))
    }

    /// `PUT` of an object or one of its subresources.
    pub(crate) fn replace(mut self, body: &Body) -> Answer<(Written, Vec<String>)> {
        let live = self.live().ok_or_else(|| self.not_found())?;
        let new = if self.subresource == "scale" {
            subresource::with_scale(self.resource, &live, body.value()?)?
        } else {
            let mut new = self.read_object(body)?;
            self.check_name(&new)?;
            if self.resource.namespaced {
                set(&mut new, "metadata.namespace", self.namespace);
            }
            new
        };
        let object = self.finish_update(&live, new, None)?;
        Ok((
            Written {
                object,
                created: false,
            },
            self.warnings,
        ))
    }

    /// `PATCH` by JSON patch, merge patch or strategic merge patch.
    pub(crate) fn patch(
        mut self,
        kind: patch::Kind,
        body: &Body,
    ) -> Answer<(Written, Vec<String>)> {
        let live = self.live().ok_or_else(|| self.not_found())?;
        let target = if self.subresource == "scale" {
            subresource::scale(self.resource, &live)
        } else {
            (*live).clone()
        };
        let types = (self.subresource != "scale").then_some(self.resource);
        let patched = patch::apply(kind, &target, body.value()?, types)?;
        let new = if self.subresource == "scale" {
            subresource::with_scale(self.resource, &live, &patched)?
        } else {
            let refused = |value: &Value, why: String| {
                let error = FieldError::invalid("patch", &json!(value.to_string()), why);
                Failure::invalid("", "", "", &[error])
            };
            let Decoded { value, unknown } = self
                .decode(&patched)
                .map_err(|why| refused(&patched, why))?;
            let unknown: Vec<_> = unknown
                .iter()
                .map(|it| format!("unknown field {it:?}"))
                .collect();
            self.warn_or_refuse(&unknown, |why| refused(&patched, why))?;
            self.complete(value)
        };
        self.check_name(&new)?;
        let object = self.finish_update(&live, new, None)?;
        Ok((
            Written {
                object,
                created: false,
            },
            self.warnings,
        ))
    }

    /// `PATCH` by server-side apply. `may_create` is asked where the object is absent.
    pub(crate) fn apply(
        mut self,
        body: &Body,
        may_create: impl Fn() -> Answer<()>,
    ) -> Answer<(Written, Vec<String>)> {
        let live = self.live();
        if live.is_none() && !self.subresource.is_empty() {
            return Err(self.not_found());
        }
        if live.is_none() {
            may_create()?;
        }
        let applied = match self.subresource {
            "scale" => subresource::applied_scale(self.resource, body.value()?),
            _ => body.value()?.clone(),
        };
        if applied.as_object().is_none() {
            return Err(Failure::bad_request(
                "error decoding YAML: json: cannot unmarshal into Go value of type map[string]interface {}",
            ));
        }
        if self.subresource != "scale" {
            self.check_applied(&applied)?;
        }
        let base = match &live {
            Some(live) => without_managers(live),
            None => self.skeleton(),
        };
        let (types, ty) = self.types()?;
        let problems = conform::problems(&types, ty, &applied);
        if !problems.is_empty() {
            return Err(Failure::internal(format!(
                "failed to create typed patch object ({}/{}; {}): {}",
                text(&applied, "metadata.namespace"),
                text(&applied, "metadata.name"),
                self.resource.gvk(),
                conform::sentence(&problems)
            )));
        }
        let reset = self.reset_fields();
        let empty = json!({});
        let before = live.as_deref().unwrap_or(&empty);
        let mut ownership = Ownership::read(&types, ty, &reset, before);
        let api_version = self.resource.api_version();
        let now = self.world.now();
        let options = self.options.clone();
        let writer = Writer {
            manager: &options.manager,
            subresource: self.subresource,
            api_version: &api_version,
            now: &now,
        };
        let outcome = ownership.apply(&base, &applied, &writer, self.options.force)?;
        let duplicates = body.duplicates();
        self.warn_or_refuse(&duplicates, |_| {
            Failure::bad_request(crate::body::strict_error(&duplicates))
        })?;
        let merged = outcome.merged.unwrap_or(base);
        if live.is_none() && name(&merged).is_empty() {
            return Err(Failure::bad_request(format!(
                "the name of the object ({} based on URL) was undeterminable: name must be provided",
                self.name
            )));
        }
        self.check_name(&merged)?;
        let Decoded { value, .. } = self.decode(&merged).map_err(|why| {
            Failure::internal(format!(
                "failed to convert new object ({}/{}; {}) to proper version ({}): {why}",
                self.namespace,
                self.name,
                self.resource.gvk(),
                api_version
            ))
        })?;
        let mut object = self.complete(value);
        let written = if let Some(live) = &live {
            ownership.write(&mut object);
            Written {
                object: self.finish_update(live, object, Some(()))?,
                created: false,
            }
        } else {
            if self.resource.namespaced {
                set(&mut object, "metadata.namespace", self.namespace);
            }
            ownership.write(&mut object);
            Written {
                object: self.finish_create(object)?,
                created: true,
            }
        };
        Ok((written, self.warnings))
    }

    fn check_applied(&self, applied: &Value) -> Answer<()> {
        let group_version = text(applied, "apiVersion");
        let kind = text(applied, "kind");
        if group_version != self.resource.api_version() || kind != self.resource.kind {
            let (group, version) = group_version
                .rsplit_once('/')
                .unwrap_or(("", group_version));
            return Err(Failure::bad_request(format!(
                "invalid object type: {group}/{version}, Kind={kind}"
            )));
        }
        if at(applied, "metadata.managedFields").is_some() {
            return Err(Failure::bad_request("metadata.managedFields must be nil"));
        }
        Ok(())
    }

    fn types(&self) -> Answer<(Arc<crate::types::Types>, crate::types::TypeId)> {
        let ty = self.resource.ty.ok_or_else(|| {
            Failure::internal(format!("no schema is known for {}", self.resource.gvk()))
        })?;
        Ok((Arc::clone(&self.resource.types), ty))
    }

    /// An object of this kind with nothing in it.
    fn skeleton(&self) -> Value {
        json!({
            "apiVersion": self.resource.api_version(),
            "kind": self.resource.kind,
            "metadata": {},
        })
    }

    fn decode(&self, value: &Value) -> Result<Decoded, String> {
        let Ok((types, ty)) = self.types() else {
            return Ok(Decoded {
                value: value.clone(),
                unknown: Vec::new(),
            });
        };
        if self.resource.custom.is_some() {
            return Ok(decode_custom(&types, ty, value));
        }
        decode(&types, ty, value)
    }

    /// Reads the body of a create or an update: type, fields, defaults.
    fn read_object(&mut self, body: &Body) -> Answer<Value> {
        let mut value = body.value()?.clone();
        self.check_type(&mut value)?;
        let kind = self.resource.kind.clone();
        let version = self.resource.version.clone();
        let custom = self.resource.custom.is_some();
        let refused = move |why: String| {
            Failure::bad_request(if custom {
                why
            } else {
                format!("{kind} in version {version:?} cannot be handled as a {kind}: {why}")
            })
        };
        let Decoded { value, unknown } = self.decode(&value).map_err(&refused)?;
        let mut complaints = body.duplicates();
        complaints.extend(
            unknown
                .iter()
                .map(|field| format!("unknown field {field:?}")),
        );
        self.warn_or_refuse(&complaints, refused)?;
        Ok(self.complete(value))
    }

    fn check_type(&self, value: &mut Value) -> Answer<()> {
        let expected = self.resource.api_version();
        if !value.is_object() {
            return Err(Failure::bad_request(
                "couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct { APIVersion string; Kind string }",
            ));
        }
        let (api_version, kind) = (
            text(value, "apiVersion").to_owned(),
            text(value, "kind").to_owned(),
        );
        if !api_version.is_empty() && api_version != expected {
            return Err(Failure::bad_request(format!(
                "the API version in the data ({api_version}) does not match the expected API version ({expected})"
            )));
        }
        if !kind.is_empty() && kind != self.resource.kind {
            let version = &self.resource.version;
            return Err(Failure::bad_request(format!(
                "{kind} in version {version:?} cannot be handled as a {}: no kind {kind:?} is registered for the internal version of group {:?} in scheme \"pkg/api/legacyscheme/scheme.go:30\"",
                self.resource.kind, self.resource.group
            )));
        }
        set(value, "apiVersion", expected);
        set(value, "kind", self.resource.kind.as_str());
        Ok(())
    }

    fn warn_or_refuse(
        &mut self,
        complaints: &[String],
        refuse: impl FnOnce(String) -> Failure,
    ) -> Answer<()> {
        if complaints.is_empty() {
            return Ok(());
        }
        match self.options.strictness {
            Strictness::Ignore => Ok(()),
            Strictness::Warn => {
                self.warnings.extend_from_slice(complaints);
                Ok(())
            }
            Strictness::Strict => Err(refuse(format!(
                "strict decoding error: {}",
                complaints.join(", ")
            ))),
        }
    }

    /// Type and defaults of a decoded object.
    fn complete(&self, mut object: Value) -> Value {
        set(&mut object, "apiVersion", self.resource.api_version());
        set(&mut object, "kind", self.resource.kind.as_str());
        defaults::fill(self.resource, &mut object);
        object
    }

    fn check_name(&self, object: &Value) -> Answer<()> {
        let found = name(object);
        if found.is_empty() {
            return Err(Failure::bad_request(format!(
                "the name of the object ({} based on URL) was undeterminable: name must be provided",
                self.name
            )));
        }
        if found != self.name {
            return Err(Failure::bad_request(format!(
                "the name of the object ({found}) does not match the name on the URL ({})",
                self.name
            )));
        }
        self.check_namespace(object, false)
    }

    fn check_namespace(&self, object: &Value, creating: bool) -> Answer<()> {
        let found = value::namespace(object);
        if !self.resource.namespaced || found.is_empty() || found == self.namespace {
            return Ok(());
        }
        Err(Failure::bad_request(if creating {
            "the namespace of the provided object does not match the namespace sent on the request"
                .to_owned()
        } else {
            format!(
                "the namespace of the object ({found}) does not match the namespace on the request ({})",
                self.namespace
            )
        }))
    }

    /// What this endpoint may not own.
    fn reset_fields(&self) -> FieldSet {
        let has_status = self.resource.has("status");
        match self.subresource {
            "status" => crate::managed::ownership::only(&["spec"]),
            "" if has_status => crate::managed::ownership::only(&["status"]),
            _ => FieldSet::default(),
        }
    }

    fn own_update(&self, live: &Value, object: &mut Value) {
        let Ok((types, ty)) = self.types() else {
            return;
        };
        let reset = self.reset_fields();
        // A client that sends an empty list asks to forget the managers.
        let given = at(object, "metadata.managedFields").and_then(Value::as_array);
        let forget = given.is_some_and(|entries| {
            entries
                .iter()
                .all(|entry| entry.as_object().is_some_and(serde_json::Map::is_empty))
        });
        let empty = json!({});
        let source = match given {
            _ if forget => &empty,
            Some(_) => &*object,
            None => live,
        };
        let mut ownership = Ownership::read(&types, ty, &reset, source);
        if !forget {
            let api_version = self.resource.api_version();
            let now = self.world.now();
            let writer = Writer {
                manager: &self.options.manager,
                subresource: self.subresource,
                api_version: &api_version,
                now: &now,
            };
            ownership.update(&without_managers(live), &without_managers(object), &writer);
        }
        ownership.write(object);
    }

    fn finish_create(&mut self, mut object: Value) -> Answer<Value> {
        let storage = self.resource.storage();
        if at(&object, "metadata.resourceVersion").is_some() {
            return Err(Failure::internal(
                "resourceVersion should not be set on objects to be created",
            ));
        }
        admission::create(self, &mut object)?;
        lifecycle::prepare_create(self.world, self.resource, &mut object)?;
        let object_name = name(&object).to_owned();
        let mut errors = validation::create(self.resource, &object);
        self.warnings
            .extend(validation::warnings(self.resource, &object));
        if errors.is_empty() {
            errors = admission::allocate(self.world, self.store, self.resource, None, &mut object);
        }
        self.refuse(&object_name, &errors)?;
        if self
            .store
            .get(&storage, self.namespace, &object_name)
            .is_some()
        {
            let (group, plural) = self.group_plural();
            return Err(Failure::already_exists(group, plural, &object_name));
        }
        if self.options.dry_run {
            return Ok(object);
        }
        let stored = self
            .store
            .put(&storage, convert::to_storage(object, self.resource));
        lifecycle::after_write(self.world, self.store, &stored);
        Ok(convert::to_version(&stored, self.resource))
    }

    fn finish_update(
        &mut self,
        live: &Value,
        mut new: Value,
        applied: Option<()>,
    ) -> Answer<Value> {
        let (group, plural) = self.group_plural();
        let given = text(&new, "metadata.resourceVersion").to_owned();
        if !given.is_empty() && given != text(live, "metadata.resourceVersion") {
            return Err(Failure::modified(group, plural, self.name));
        }
        if given.is_empty()
            && self.resource.custom.is_some()
            && self.subresource.is_empty()
            && applied.is_none()
        {
            let error = FieldError::invalid(
                "metadata.resourceVersion",
                &json!(0),
                "must be specified for an update",
            );
            return Err(Failure::invalid(
                group,
                &self.resource.kind,
                self.name,
                &[error],
            ));
        }
        let uid = text(&new, "metadata.uid");
        if !uid.is_empty() && uid != value::uid(live) {
            let why = format!(
                "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
                value::uid(live)
            );
            return Err(Failure::conflict(group, plural, self.name, &why));
        }
        if applied.is_none() {
            self.own_update(live, &mut new);
        }
        admission::update(self, live, &mut new)?;
        lifecycle::prepare_update(self.resource, self.subresource, live, &mut new);
        let mut errors = validation::update(self.resource, self.subresource, live, &new);
        if errors.is_empty() {
            errors =
                admission::allocate(self.world, self.store, self.resource, Some(live), &mut new);
        }
        self.refuse(self.name, &errors)?;
        keep_times(live, &mut new);
        if new == *live {
            return Ok(new);
        }
        if self.options.dry_run {
            return Ok(new);
        }
        let storage = self.resource.storage();
        let stored = self
            .store
            .put(&storage, convert::to_storage(new, self.resource));
        lifecycle::after_write(self.world, self.store, &stored);
        Ok(convert::to_version(&stored, self.resource))
    }

    fn refuse(&self, name: &str, errors: &[FieldError]) -> Answer<()> {
        if errors.is_empty() {
            return Ok(());
        }
        Err(Failure::invalid(
            &self.resource.group,
            &self.resource.kind,
            name,
            errors,
        ))
    }
}

fn without_managers(object: &Value) -> Value {
    let mut object = object.clone();
    value::remove(&mut object, "metadata.managedFields");
    object
}

/// Takes the old managers back where only their times differ: then nothing was written.
fn keep_times(live: &Value, new: &mut Value) {
    let timeless = |object: &Value| {
        let entries = value::items(object, "metadata.managedFields").iter();
        let entries = entries.map(|entry| {
            let mut entry = entry.clone();
            value::remove(&mut entry, "time");
            entry
        });
        let mut entries: Vec<_> = entries.map(|entry| entry.to_string()).collect();
        entries.sort();
        entries
    };
    if without_managers(live) == without_managers(new)
        && timeless(live) == timeless(new)
        && let Some(managers) = at(live, "metadata.managedFields").cloned()
    {
        set(new, "metadata.managedFields", managers);
    }
}
