//! The one node, which is none.

use serde_json::{Value, json};

use crate::quantity::Quantity;
use crate::world::World;

pub(super) const NAME: &str = "sandbox";
const CPU: &str = "64";
const MEMORY: &str = "256Gi";
const PODS: &str = "5000";

/// The node as clients see it.
pub(super) fn object(world: &World) -> Value {
    let now = world.now();
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({
            "type": kind, "status": status, "reason": reason, "message": message,
            "lastHeartbeatTime": now, "lastTransitionTime": now,
        })
    };
    let resources = json!({"cpu": CPU, "memory": MEMORY, "pods": PODS, "ephemeral-storage": "1Ti"});
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": NAME,
            "uid": world.uid(),
            "creationTimestamp": now,
            "labels": {
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/hostname": NAME,
                "kubernetes.io/os": "linux",
            },
            "annotations": {"kun.dev/sandbox": "nothing runs on this node"},
        },
        "spec": {"podCIDR": "10.244.0.0/16", "podCIDRs": ["10.244.0.0/16"]},
        "status": {
            "capacity": resources,
            "allocatable": resources,
            "addresses": [
                {"type": "InternalIP", "address": "127.0.0.1"},
                {"type": "Hostname", "address": NAME},
            ],
            "conditions": [
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                condition("Ready", "True", "KubeletReady", "the sandbox is posting ready status; nothing runs here"),
            ],
            "nodeInfo": {
                "architecture": "amd64", "bootID": "", "containerRuntimeVersion": "sandbox://0",
                "kernelVersion": "none", "kubeProxyVersion": "",
                "kubeletVersion": crate::discovery::GIT_VERSION, "machineID": "",
                "operatingSystem": "linux", "osImage": "KUN sandbox", "systemUUID": "",
            },
        },
    })
}

/// Why a pod does not fit, or `None`.
pub(super) fn refuses(pod: &Value) -> Option<String> {
    use crate::value::{entries, items};
    for (name, capacity) in [("cpu", CPU), ("memory", MEMORY)] {
        let requests = items(pod, "spec.containers")
            .iter()
            .filter_map(|container| {
                let request = crate::value::at(container, &format!("resources.requests.{name}"))?;
                Quantity::parse(request.as_str()?)
            });
        let wanted: i128 = requests.map(Quantity::milli).sum();
        if Quantity::parse(capacity).is_some_and(|it| it.milli() < wanted) {
            return Some(format!(
                "0/1 nodes are available: 1 Insufficient {name}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
            ));
        }
    }
    let selected = entries(pod, "spec.nodeSelector").all(|(key, value)| match key.as_str() {
        "kubernetes.io/os" => value == "linux",
        "kubernetes.io/arch" => value == "amd64",
        "kubernetes.io/hostname" => value == NAME,
        _ => false,
    });
    (!selected).then(|| {
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.".to_owned()
    })
}
