//! Services: the `EndpointSlice` of the pods that they select, and an address for load balancers.

use serde_json::{Value, json};

use super::actor::Actor;
use super::{Again, node, owned};
use crate::selector::Labels;
use crate::value::{at, int, items, name, namespace, set, text, uid};

const STORAGE: &str = "endpointslices.discovery.k8s.io";

pub(super) fn reconcile(actor: &mut Actor<'_>, in_namespace: &str, of_name: &str) -> Again {
    let service = actor.get("services", in_namespace, of_name)?;
    if text(&service, "spec.type") == "LoadBalancer"
        && items(&service, "status.loadBalancer.ingress").is_empty()
        && text(&service, "spec.loadBalancerClass").is_empty()
    {
        if let Some(left) = actor
            .deadlines
            .left(actor.world, uid(&service), "balancer", 500, 1500)
        {
            return Some(left);
        }
        let status = json!({"loadBalancer": {"ingress": [{"ip": "127.0.0.1", "ipMode": "VIP"}]}});
        actor.set_status(&service, status, "cloud-controller-manager");
    }
    slice(actor, &service);
    None
}

fn slice(actor: &mut Actor<'_>, service: &Value) {
    let Some(selector) = Labels::of_map(service["spec"].get("selector")) else {
        return;
    };
    let pods = actor.store.list("pods", namespace(service));
    let endpoints: Vec<_> = pods
        .iter()
        .filter(|pod| selector.matches(pod["metadata"].get("labels")))
        .filter(|pod| !text(pod, "status.podIP").is_empty() && owned::is_active(pod))
        .map(|pod| endpoint(pod))
        .collect();
    let ports: Vec<_> = items(service, "spec.ports")
        .iter()
        .map(|port| {
            json!({
                "name": text(port, "name"),
                "protocol": port["protocol"],
                "port": target(port, &pods, &selector),
            })
        })
        .collect();
    let mine = actor.store.list(STORAGE, namespace(service));
    let mine = mine
        .iter()
        .find(|it| it["metadata"]["labels"]["kubernetes.io/service-name"] == name(service));
    if let Some(live) = mine {
        let mut changed = (**live).clone();
        set(&mut changed, "endpoints", endpoints);
        set(&mut changed, "ports", ports);
        if changed != **live {
            actor.update_as(changed, "", "kube-controller-manager");
        }
        return;
    }
    let slice = json!({
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "generateName": format!("{}-", name(service)),
            "namespace": namespace(service),
            "labels": {
                "kubernetes.io/service-name": name(service),
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            },
            "ownerReferences": Actor::owner(service),
        },
        "addressType": "IPv4",
        "endpoints": endpoints,
        "ports": ports,
    });
    if let Err(failure) = actor.create(slice) {
        tracing::warn!(message = %failure.message, "no EndpointSlice could be made");
    }
}

fn endpoint(pod: &Value) -> Value {
    let ready = owned::is_ready(pod);
    json!({
        "addresses": [text(pod, "status.podIP")],
        "conditions": {"ready": ready, "serving": ready, "terminating": false},
        "nodeName": node::NAME,
        "targetRef": {
            "kind": "Pod", "name": name(pod), "namespace": namespace(pod), "uid": uid(pod),
        },
    })
}

/// The number behind a target port that may be a name.
fn target(port: &Value, pods: &[std::sync::Arc<Value>], selector: &Labels) -> Value {
    let Some(wanted) = at(port, "targetPort").and_then(Value::as_str) else {
        return at(port, "targetPort")
            .cloned()
            .unwrap_or_else(|| port["port"].clone());
    };
    let found = pods
        .iter()
        .filter(|pod| selector.matches(pod["metadata"].get("labels")))
        .flat_map(|pod| items(pod, "spec.containers"))
        .flat_map(|container| items(container, "ports"))
        .find(|it| text(it, "name") == wanted);
    found
        .and_then(|it| int(it, "containerPort"))
        .map_or_else(|| port["port"].clone(), Value::from)
}
