//! `POST` to a subresource: tokens of accounts, evictions, bindings.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::access::User;
use crate::body::Body;
use crate::delete::{self, DeleteOptions};
use crate::request::Target;
use crate::resources::Resource;
use crate::status::{Answer, Failure, FieldError};
use crate::store::Store;
use crate::value::{int, items, set, text, uid};
use crate::world::{World, time};

/// Carries out the subresource that `target` names.
pub(crate) fn post(
    world: &World,
    store: &mut Store,
    resource: &Resource,
    target: &Target,
    body: &Body,
) -> Answer<Value> {
    let found = store.get(&resource.storage(), &target.namespace, &target.name);
    let found =
        found.ok_or_else(|| Failure::not_found(&resource.group, &resource.plural, &target.name))?;
    match target.subresource.as_str() {
        "token" => token(world, &found, target, body),
        "eviction" => evict(world, store, resource, target, body),
        "binding" => {
            let mut pod = (*found).clone();
            if !text(&pod, "spec.nodeName").is_empty() {
                let why = format!(
                    "pod {} is already assigned to node {:?}",
                    target.name,
                    text(&pod, "spec.nodeName")
                );
                return Err(Failure::conflict("", "pods/binding", &target.name, &why));
            }
            set(
                &mut pod,
                "spec.nodeName",
                text(body.value()?, "target.name"),
            );
            store.put("pods", pod);
            Ok(success())
        }
        "exec" | "attach" | "portforward" | "proxy" => Err(Failure::bad_request(
            "nothing runs in the sandbox: there is no container to connect to",
        )),
        _ => Err(Failure::method_not_allowed()),
    }
}

fn success() -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201})
}

fn token(world: &World, account: &Value, target: &Target, body: &Body) -> Answer<Value> {
    use base64::Engine as _;
    let request = body.value()?;
    let seconds = int(request, "spec.expirationSeconds").unwrap_or(3600);
    if seconds < 600 {
        let error = FieldError::invalid(
            "spec.expirationSeconds",
            &json!(seconds),
            "may not specify a duration less than 10 minutes",
        );
        return Err(Failure::invalid(
            "authentication.k8s.io",
            "TokenRequest",
            "",
            &[error],
        ));
    }
    let expires = Timestamp::now() + SignedDuration::from_secs(seconds);
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let subject = format!("system:serviceaccount:{}:{}", target.namespace, target.name);
    let claims = json!({
        "iss": "https://kubernetes.default.svc.cluster.local",
        "sub": subject,
        "exp": expires.as_second(),
        "jti": world.uid(),
    });
    // The sandbox knows its tokens by heart; nobody else can check the last part.
    let token = format!(
        "{}.{}.{}",
        encode(r#"{"alg":"none","kid":"sandbox"}"#),
        encode(&claims.to_string()),
        uuid::Uuid::new_v4().simple()
    );
    let user = User::service_account(&target.namespace, &target.name, uid(account));
    world.users.insert(&token, user, Some(expires));
    let audiences = match items(request, "spec.audiences") {
        [] => json!(["https://kubernetes.default.svc.cluster.local"]),
        given => json!(given),
    };
    Ok(json!({
        "kind": "TokenRequest",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": {"name": target.name, "namespace": target.namespace, "creationTimestamp": world.now()},
        "spec": {"audiences": audiences, "expirationSeconds": seconds, "boundObjectRef": null},
        "status": {"token": token, "expirationTimestamp": time(expires)},
    }))
}

/// Deletes a pod unless a budget forbids it.
fn evict(
    world: &World,
    store: &mut Store,
    resource: &Resource,
    target: &Target,
    body: &Body,
) -> Answer<Value> {
    let Some(pod) = store.get("pods", &target.namespace, &target.name) else {
        return Err(Failure::not_found("", "pods", &target.name));
    };
    for budget in store.list("poddisruptionbudgets.policy", &target.namespace) {
        let selector = crate::selector::Labels::of_workload(budget["spec"].get("selector"));
        let covers = selector.is_some_and(|it| it.matches(pod["metadata"].get("labels")));
        if covers && int(&budget, "status.disruptionsAllowed").unwrap_or(0) < 1 {
            let mut failure = Failure::too_many_requests(
                "Cannot evict pod as it would violate the pod's disruption budget.",
                0,
            );
            failure.retry_after = None;
            failure.details = Some(json!({"causes": [{
                "reason": "DisruptionBudget",
                "message": format!("The disruption budget {} needs {} healthy pods and has {} currently",
                    crate::value::name(&budget), int(&budget, "status.desiredHealthy").unwrap_or(0),
                    int(&budget, "status.currentHealthy").unwrap_or(0)),
            }]}));
            return Err(failure);
        }
    }
    let options = body.optional().and_then(|body| body.get("deleteOptions"));
    let options = DeleteOptions::read(&crate::request::Query::default(), options)?;
    delete::delete(
        world,
        store,
        resource,
        (&target.namespace, &target.name),
        &options,
    )?;
    Ok(success())
}
