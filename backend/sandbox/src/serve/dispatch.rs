//! From a path to what answers it.

use std::sync::Arc;

use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::answer::{self, Form};
use super::{Call, Server};
use crate::access::rbac::{self, Wish};
use crate::access::reviews;
use crate::body::Body;
use crate::delete::{self, DeleteOptions};
use crate::patch;
use crate::read::{self, Selection};
use crate::request::WriteOptions;
use crate::resources::{Resource, Verbs};
use crate::status::{Answer, Failure};
use crate::watch::Watch;
use crate::world::World;
use crate::write::{Write, Written};
use crate::{controllers, discovery, logs, openapi, protobuf, subresource, table};

/// Answers a request of a user who may make it.
pub(super) fn dispatch(server: &Server, mut call: Call) -> Answer<Response> {
    let world = Arc::clone(&server.world);
    if !call.target.is_resource {
        return path(&world, &call);
    }
    let target = &call.target;
    let resource = world
        .catalog
        .resource(&target.group, &target.version, &target.plural)
        .ok_or_else(Failure::page_not_found)?;
    if resource.namespaced
        && target.namespace.is_empty()
        && !matches!(target.verb.as_str(), "list" | "watch")
    {
        return Err(if target.verb == "create" {
            Failure::method_not_allowed()
        } else {
            Failure::page_not_found()
        });
    }
    if !resource.namespaced && !target.namespace.is_empty() && resource.plural != "namespaces" {
        return Err(Failure::page_not_found());
    }
    if !target.subresource.is_empty() && !resource.has(&target.subresource) {
        return Err(Failure::page_not_found());
    }
    if !resource.namespaced {
        // The path of a namespace names itself; it is in none.
        call.target.namespace.clear();
    }
    let target = &call.target;
    if resource.verbs == Verbs::CreateOnly && target.verb != "create" {
        return Err(Failure::method_not_allowed());
    }
    match target.verb.as_str() {
        "watch" => watch(server, &call, resource),
        "get" | "list" => look(&world, &call, &resource),
        "create" => create(&world, &call, &resource),
        "update" | "patch" => change(&world, &call, &resource),
        "delete" | "deletecollection" => remove(&world, &call, &resource),
        _ => Err(Failure::method_not_allowed()),
    }
}

/// Everything that is no resource.
fn path(world: &World, call: &Call) -> Answer<Response> {
    let parts: Vec<_> = call
        .target
        .path
        .split('/')
        .filter(|it| !it.is_empty())
        .collect();
    if !matches!(call.method.as_str(), "GET" | "HEAD") {
        return Err(Failure::page_not_found());
    }
    let found = match parts.as_slice() {
        ["healthz" | "livez" | "readyz", ..] => {
            return Ok(health(call, parts.first().copied().unwrap_or_default()));
        }
        ["version"] => Some(discovery::version()),
        ["api"] => return Ok(groups(world, call, true)),
        ["apis"] => return Ok(groups(world, call, false)),
        ["api", version] => discovery::resource_list(world, "", version),
        ["apis", group] => discovery::group(world, group),
        ["apis", group, version] => discovery::resource_list(world, group, version),
        ["openapi", "v2"] if call.accept.contains("protobuf") => {
            let body = openapi::legacy::document(world);
            return Ok(answer::typed(200, openapi::legacy::MEDIA_TYPE, body, &[]));
        }
        ["openapi", "v3"] => Some(openapi::index(world)),
        ["openapi", "v3", "api", version] => openapi::document(world, "", version),
        ["openapi", "v3", "apis", group, version] => openapi::document(world, group, version),
        [] => Some(
            json!({"paths": ["/api", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"]}),
        ),
        _ => None,
    };
    let found = found.ok_or_else(Failure::page_not_found)?;
    Ok(answer::json(200, &found, &[]))
}

fn health(call: &Call, which: &str) -> Response {
    if call.query.has("verbose") {
        return answer::text(format!("[+]ping ok\n[+]sandbox ok\n{which} check passed\n"));
    }
    answer::text("ok")
}

fn groups(world: &World, call: &Call, core: bool) -> Response {
    if let Ok(Form::AggregatedDiscovery { beta }) = answer::form(&call.accept) {
        let version = if beta { "v2beta1" } else { "v2" };
        let value = discovery::aggregated(world, core, beta);
        let media_type =
            format!("application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList");
        return answer::typed(200, &media_type, value.to_string().into_bytes(), &[]);
    }
    let value = if core {
        discovery::core_versions(world)
    } else {
        discovery::group_list(world)
    };
    answer::json(200, &value, &[])
}

fn look(world: &World, call: &Call, resource: &Resource) -> Answer<Response> {
    let form = answer::form(&call.accept)?;
    let target = &call.target;
    let store = world.store();
    if target.subresource == "log" {
        return logs::read(&store, &world.faults, target, &call.query).map(answer::text);
    }
    if matches!(
        target.subresource.as_str(),
        "exec" | "attach" | "portforward" | "proxy"
    ) {
        return Err(Failure::bad_request(
            "nothing runs in the sandbox: there is no container to connect to",
        ));
    }
    let value = if target.verb == "list" {
        let selection = Selection::read(target, resource, &call.query)?;
        read::list(&store, resource, &selection, &call.query)?
    } else {
        let object = read::get(&store, resource, target)?;
        if target.subresource == "scale" {
            subresource::scale(resource, &object)
        } else {
            object
        }
    };
    drop(store);
    Ok(shaped(call, resource, form, 200, value, &[]))
}

/// A value in the form that the client asked for.
fn shaped(
    call: &Call,
    resource: &Resource,
    form: Form,
    status: u16,
    value: Value,
    warnings: &[String],
) -> Response {
    let is_list = value.get("items").is_some();
    let value = match form {
        Form::Table if value["kind"] == "Status" || value["kind"] == "Scale" => value,
        Form::Table if is_list => table::of_list(resource, &value, answer::include(&call.query)),
        Form::Table => table::of_one(resource, &value, answer::include(&call.query)),
        Form::Partial if is_list => partial_list(&value),
        Form::Partial => partial(&value),
        Form::Json | Form::Yaml | Form::AggregatedDiscovery { .. } => value,
    };
    answer::json(status, &value, warnings)
}

fn partial(object: &Value) -> Value {
    json!({
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": object["metadata"],
    })
}

fn partial_list(list: &Value) -> Value {
    let items: Vec<_> = list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(partial)
        .collect();
    json!({
        "kind": "PartialObjectMetadataList",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": list["metadata"],
        "items": items,
    })
}

fn watch(server: &Server, call: &Call, resource: Arc<Resource>) -> Answer<Response> {
    let include = match answer::form(&call.accept)? {
        Form::Table => Some(answer::include(&call.query)),
        _ => None,
    };
    let selection = Selection::read(&call.target, &resource, &call.query)?;
    let world = Arc::clone(&server.world);
    let watch = Watch::read(world, resource, selection, include, &call.query)?;
    let (sender, events) = mpsc::channel(64);
    tokio::spawn(watch.run(sender, server.stop.clone()));
    Ok(answer::events(events))
}

fn write<'a>(
    world: &'a World,
    store: &'a mut crate::store::Store,
    resource: &'a Resource,
    call: &'a Call,
    options: WriteOptions,
) -> Write<'a> {
    Write {
        world,
        store,
        resource,
        namespace: &call.target.namespace,
        name: &call.target.name,
        subresource: &call.target.subresource,
        options,
        user: &call.user,
        warnings: Vec::new(),
    }
}

fn create(world: &World, call: &Call, resource: &Resource) -> Answer<Response> {
    let form = answer::form(&call.accept)?;
    let body = body(call)?;
    let mut store = world.store();
    if resource.verbs == Verbs::CreateOnly && resource.kind != "Binding" {
        let review = reviews::answer(world, &store, resource, &call.user, body.value()?.clone())?;
        return Ok(answer::json(201, &review, &[]));
    }
    if !call.target.name.is_empty() {
        let done = controllers::post(world, &mut store, resource, &call.target, &body)?;
        return Ok(answer::json(201, &done, &[]));
    }
    let options = WriteOptions::parse(&call.query, "CreateOptions", false, &call.agent)?;
    let (Written { object, .. }, warnings) =
        write(world, &mut store, resource, call, options).create(&body)?;
    drop(store);
    Ok(shaped(call, resource, form, 201, object, &warnings))
}

fn change(world: &World, call: &Call, resource: &Resource) -> Answer<Response> {
    let form = answer::form(&call.accept)?;
    let kind = if call.target.verb == "patch" {
        Some(patch_kind(&call.content_type)?)
    } else {
        None
    };
    let applies = kind == Some(None);
    let options_kind = if kind.is_some() {
        "PatchOptions"
    } else {
        "UpdateOptions"
    };
    let options = WriteOptions::parse(&call.query, options_kind, applies, &call.agent)?;
    let body = body(call)?;
    let mut store = world.store();
    let user = call.user.clone();
    let may_create = {
        let wish = Wish {
            verb: "create",
            name: &call.target.name,
            ..Wish::of(&call.target)
        };
        rbac::authorize(&store, &user, &wish)
    };
    let written = write(world, &mut store, resource, call, options);
    let (Written { object, created }, warnings) = match kind {
        None => written.replace(&body)?,
        Some(Some(kind)) => written.patch(kind, &body)?,
        Some(None) => written.apply(&body, || may_create.clone())?,
    };
    drop(store);
    let object = if call.target.subresource == "scale" {
        subresource::scale(resource, &object)
    } else {
        object
    };
    Ok(shaped(
        call,
        resource,
        form,
        if created { 201 } else { 200 },
        object,
        &warnings,
    ))
}

/// The patch that a media type names; `Some(None)` is server-side apply.
fn patch_kind(content_type: &str) -> Answer<Option<patch::Kind>> {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    Ok(match media_type {
        "application/json-patch+json" => Some(patch::Kind::Json),
        "application/merge-patch+json" => Some(patch::Kind::Merge),
        "application/strategic-merge-patch+json" => Some(patch::Kind::Strategic),
        "application/apply-patch+yaml" => None,
        _ => {
            return Err(Failure::unsupported_media_type(
                "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml, application/apply-patch+cbor",
            ));
        }
    })
}

fn body(call: &Call) -> Answer<Body> {
    let media_type = call
        .content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    if media_type == protobuf::MEDIA_TYPE {
        return protobuf::read(&call.body).map(Body::of);
    }
    let is_yaml = match media_type {
        "application/yaml" | "application/apply-patch+yaml" => true,
        "" | "application/json" | "*/*" => false,
        patch if patch.ends_with("+json") => false,
        _ => {
            return Err(Failure::unsupported_media_type(
                "application/json, application/yaml",
            ));
        }
    };
    Body::read(&call.body, is_yaml)
}

fn remove(world: &World, call: &Call, resource: &Resource) -> Answer<Response> {
    let form = answer::form(&call.accept)?;
    let body = body(call)?;
    let options = DeleteOptions::read(&call.query, body.optional())?;
    let mut store = world.store();
    if call.target.verb == "delete" {
        let key = (call.target.namespace.as_str(), call.target.name.as_str());
        let value = delete::delete(world, &mut store, resource, key, &options)?;
        drop(store);
        return Ok(shaped(call, resource, form, 200, value, &[]));
    }
    let selection = Selection::read(&call.target, resource, &call.query)?;
    let all = selection.list(&store, resource);
    let gone = delete::delete_all(world, &mut store, resource, all, &options)?;
    let list = json!({
        "kind": resource.list_kind(),
        "apiVersion": resource.api_version(),
        "metadata": {"resourceVersion": store.version().to_string()},
        "items": gone,
    });
    drop(store);
    Ok(shaped(call, resource, form, 200, list, &[]))
}
