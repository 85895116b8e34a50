//! Cluster addresses and node ports of Services.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::status::FieldError;
use crate::store::Store;
use crate::value::{at, int, items, items_mut, name, namespace, remove, set, set_default, text};
use crate::world::World;

/// Gives a Service what its type needs and it lacks, and keeps what it has.
pub(super) fn allocate(
    world: &World,
    store: &Store,
    live: Option<&Value>,
    service: &mut Value,
) -> Vec<FieldError> {
    let kind = text(service, "spec.type").to_owned();
    if kind == "ExternalName" {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            remove(service, &format!("spec.{field}"));
        }
        return Vec::new();
    }
    if let Some(live) = live {
        keep(live, service);
    }
    let others: Vec<_> = store
        .list("services", "")
        .into_iter()
        .filter(|it| (namespace(it), name(it)) != (namespace(service), name(service)))
        .collect();
    let mut errors = address(world, &others, service);
    errors.extend(node_ports(world, &others, live.is_none(), &kind, service));
    errors
}

fn address(
    world: &World,
    others: &[std::sync::Arc<Value>],
    service: &mut Value,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let taken: BTreeSet<&str> = others.iter().map(|it| text(it, "spec.clusterIP")).collect();
    let wanted = text(service, "spec.clusterIP").to_owned();
    if wanted.is_empty() {
        set(service, "spec.clusterIP", free_address(world, &taken));
    } else if wanted != "None" && taken.contains(wanted.as_str()) {
        errors.push(FieldError::invalid(
            "spec.clusterIPs",
            &json!([wanted]),
            format!("failed to allocate IP {wanted}: provided IP is already allocated"),
        ));
    }
    let address = text(service, "spec.clusterIP").to_owned();
    set_default(service, "spec.clusterIPs", json!([address]));
    set_default(service, "spec.ipFamilies", json!(["IPv4"]));
    set_default(service, "spec.ipFamilyPolicy", "SingleStack");
    errors
}

fn node_ports(
    world: &World,
    others: &[std::sync::Arc<Value>],
    creating: bool,
    kind: &str,
    service: &mut Value,
) -> Vec<FieldError> {
    let wants = match kind {
        "NodePort" => true,
        "LoadBalancer" => {
            at(service, "spec.allocateLoadBalancerNodePorts").is_none_or(|it| *it == true)
        }
        _ => false,
    };
    if !wants {
        return Vec::new();
    }
    let mut errors = Vec::new();
    let mut taken: BTreeSet<i64> = others
        .iter()
        .flat_map(|it| items(it, "spec.ports"))
        .filter_map(|port| int(port, "nodePort"))
        .collect();
    for (index, port) in items_mut(service, "spec.ports").iter_mut().enumerate() {
        match int(port, "nodePort").filter(|it| *it != 0) {
            Some(number) if creating && taken.contains(&number) => {
                errors.push(FieldError::invalid(
                    format!("spec.ports[{index}].nodePort"),
                    &json!(number),
                    "provided port is already allocated",
                ));
            }
            Some(number) => {
                taken.insert(number);
            }
            None => {
                let number = free_port(world, &taken);
                taken.insert(number);
                set(port, "nodePort", number);
            }
        }
    }
    errors
}

/// An update that does not name an address or a node port keeps what there is.
fn keep(live: &Value, service: &mut Value) {
    for field in [
        "clusterIP",
        "clusterIPs",
        "ipFamilies",
        "ipFamilyPolicy",
        "healthCheckNodePort",
    ] {
        let path = format!("spec.{field}");
        if let Some(value) = at(live, &path) {
            set_default(service, &path, value.clone());
        }
    }
    if text(service, "spec.type") == "ClusterIP" {
        return;
    }
    let same =
        |one: &Value, two: &Value| one["port"] == two["port"] && one["protocol"] == two["protocol"];
    for port in items_mut(service, "spec.ports") {
        let before = items(live, "spec.ports").iter().find(|it| same(it, port));
        if let Some(number) = before.and_then(|it| int(it, "nodePort")) {
            set_default(port, "nodePort", number);
        }
    }
}

fn free_address(world: &World, taken: &BTreeSet<&str>) -> String {
    loop {
        let (third, fourth) = (world.roll(1, 255), world.roll(1, 255));
        let address = format!("10.96.{third}.{fourth}");
        if !taken.contains(address.as_str()) {
            return address;
        }
    }
}

fn free_port(world: &World, taken: &BTreeSet<i64>) -> i64 {
    let start = i64::try_from(world.roll(30_000, 32_768)).unwrap_or(30_000);
    let free = |number: &i64| !taken.contains(number);
    (start..32_768)
        .chain(30_000..start)
        .find(free)
        .unwrap_or(start)
}
