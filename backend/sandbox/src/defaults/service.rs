//! Defaults of Services. Addresses are given out later, at admission.

use serde_json::{Value, json};

use crate::value::{at, int, items_mut, remove, set, set_default, text};

pub(super) fn fill(object: &mut Value) {
    set_default(object, "spec.sessionAffinity", "None");
    if text(object, "spec.sessionAffinity") == "None" {
        remove(object, "spec.sessionAffinityConfig");
    } else if int(object, "spec.sessionAffinityConfig.clientIP.timeoutSeconds").is_none() {
        set(
            object,
            "spec.sessionAffinityConfig",
            json!({"clientIP": {"timeoutSeconds": 10_800}}),
        );
    }
    set_default(object, "spec.type", "ClusterIP");
    for port in items_mut(object, "spec.ports") {
        set_default(port, "protocol", "TCP");
        let target = at(port, "targetPort");
        if target.is_none_or(|target| *target == 0 || *target == "") {
            let number = int(port, "port").unwrap_or(0);
            set(port, "targetPort", number);
        }
    }
    let kind = text(object, "spec.type").to_owned();
    if matches!(kind.as_str(), "NodePort" | "LoadBalancer") {
        set_default(object, "spec.externalTrafficPolicy", "Cluster");
    }
    if kind != "ExternalName" {
        set_default(object, "spec.internalTrafficPolicy", "Cluster");
    }
    if kind == "LoadBalancer" {
        set_default(object, "spec.allocateLoadBalancerNodePorts", true);
    }
}
