//! Services.

use std::collections::HashSet;

use super::{between, metadata, named, place, port_or_name, refuse};
use crate::diagnostics::report::Report;
use crate::formats::{address, name};
use crate::object::Object;

const SERVICE: &str = "https://kubernetes.io/docs/concepts/services-networking/service/";

pub(super) fn check(report: &mut Report<'_>, spec: Object<'_>) {
    let ty = spec.text("type").unwrap_or_else(|| "ClusterIP".to_owned());
    let headless = spec.text("clusterIP").as_deref() == Some("None");
    ports(report, spec, &ty, headless);
    by_type(report, spec, &ty, headless);
    addresses(report, spec);
    families(report, spec);
    if let Some(selector) = spec.object("selector") {
        metadata::labels(report, selector);
    }
    if spec.says("sessionAffinityConfig")
        && spec.text("sessionAffinity").as_deref() != Some("ClientIP")
    {
        let message = "`sessionAffinityConfig` needs `sessionAffinity: ClientIP`";
        report.error(
            spec.key_range("sessionAffinityConfig"),
            "session-affinity",
            message,
        );
    }
    if let Some(config) = spec
        .at(&["sessionAffinityConfig", "clientIP"])
        .and_then(crate::object::Value::object)
    {
        between(report, config, "timeoutSeconds", 1, 86_400);
    }
}

fn ports(report: &mut Report<'_>, spec: Object<'_>, ty: &str, headless: bool) {
    let ports = spec.objects("ports");
    let needs_ports = ty != "ExternalName" && !headless;
    if ports.is_empty() && needs_ports && !report.is_broken(spec.mapping().range()) {
        let range = if spec.has("ports") {
            spec.key_range("ports")
        } else {
            super::first_key(spec)
        };
        report
            .error(range, "service-ports", "a Service needs `ports`")
            .docs(SERVICE.to_owned());
    }
    node_ports(report, &ports);
    let mut seen = HashSet::new();
    for port in &ports {
        match port.text("name") {
            Some(name) if seen.contains(&name) => {
                let message = format!("another port of this Service is called `{name}`");
                refuse(report, *port, "name", "duplicate-port-name", message);
            }
            Some(name) => {
                seen.insert(name);
            }
            None if ports.len() > 1
                && !port.says("name")
                && !report.is_broken(port.mapping().range()) =>
            {
                let message = "a Service with several ports needs a `name` for each";
                let range = super::first_key(*port);
                report
                    .error(range, "service-ports", message)
                    .docs(SERVICE.to_owned());
            }
            None => {}
        }
        if ty == "ClusterIP" && port.integer("nodePort").is_some_and(|port| port != 0) {
            let message = "`nodePort` needs `type: NodePort` or `LoadBalancer`";
            refuse(report, *port, "nodePort", "node-port", message).docs(SERVICE.to_owned());
        }
    }
}

fn node_ports(report: &mut Report<'_>, ports: &[Object<'_>]) {
    let mut seen = HashSet::new();
    for port in ports {
        let Some(number) = port.integer("nodePort").filter(|number| *number != 0) else {
            continue;
        };
        let protocol = port.text("protocol").unwrap_or_else(|| "TCP".to_owned());
        if !seen.insert((number, protocol)) {
            let message = format!("another port of this Service has the `nodePort` {number}");
            refuse(report, *port, "nodePort", "node-port", message).docs(SERVICE.to_owned());
        }
    }
}

fn by_type(report: &mut Report<'_>, spec: Object<'_>, ty: &str, headless: bool) {
    if ty == "ExternalName"
        && !spec.says("externalName")
        && !report.is_broken(spec.mapping().range())
    {
        let message = "`type: ExternalName` needs `externalName`";
        refuse(report, spec, "type", "external-name", message).docs(SERVICE.to_owned());
    }
    if ty == "ExternalName" {
        external_name(report, spec);
    }
    if headless && matches!(ty, "NodePort" | "LoadBalancer") {
        let message = format!("`clusterIP: None` is not possible with `type: {ty}`");
        refuse(report, spec, "clusterIP", "cluster-ip", message).docs(SERVICE.to_owned());
    }
    let outside = matches!(ty, "NodePort" | "LoadBalancer");
    if spec.says("externalTrafficPolicy") && !outside && spec.items("externalIPs").is_empty() {
        let message = "`externalTrafficPolicy` needs `type: NodePort` or `LoadBalancer`";
        report.error(
            spec.key_range("externalTrafficPolicy"),
            "load-balancer",
            message,
        );
    }
    if ty == "ExternalName" && spec.text("clusterIP").is_some_and(|ip| !ip.is_empty()) {
        let message = "`clusterIP` does not go with `type: ExternalName`";
        refuse(report, spec, "clusterIP", "cluster-ip", message).docs(SERVICE.to_owned());
    }
    for field in [
        "loadBalancerClass",
        "loadBalancerSourceRanges",
        "allocateLoadBalancerNodePorts",
    ] {
        if ty != "LoadBalancer" && spec.says(field) {
            let message = format!("`{field}` needs `type: LoadBalancer`");
            report.error(spec.key_range(field), "load-balancer", message);
        }
    }
    let local = spec.text("externalTrafficPolicy").as_deref() == Some("Local");
    if spec
        .integer("healthCheckNodePort")
        .is_some_and(|port| port != 0)
        && !(ty == "LoadBalancer" && local)
    {
        let message =
            "`healthCheckNodePort` needs `type: LoadBalancer` and `externalTrafficPolicy: Local`";
        report.error(
            spec.key_range("healthCheckNodePort"),
            "load-balancer",
            message,
        );
    }
}

fn external_name(report: &mut Report<'_>, spec: Object<'_>) {
    let Some(text) = spec.text("externalName") else {
        return;
    };
    let is_address = address::is_ip(&text);
    if !is_address && text.contains(['/', ':']) {
        let message = "`externalName` takes a name only: no scheme, no port and no path";
        refuse(report, spec, "externalName", "external-name", message).docs(SERVICE.to_owned());
        return;
    }
    named(report, spec.get("externalName"), "external-name", |text| {
        name::subdomain(text.trim_end_matches('.'))
    });
    if is_address {
        let message = "an address here is taken for a name, which no DNS knows: write a Service without selector, and an EndpointSlice";
        report
            .warning(place(spec, "externalName"), "external-name", message)
            .docs(SERVICE.to_owned());
    }
}

/// One family of addresses or two, and the policy that goes with them.
fn families(report: &mut Report<'_>, spec: Object<'_>) {
    let families = spec.items("ipFamilies");
    let single = spec
        .text("ipFamilyPolicy")
        .is_none_or(|policy| policy == "SingleStack");
    if families.len() > 1 && single {
        let message =
            "two `ipFamilies` need `ipFamilyPolicy: PreferDualStack` or `RequireDualStack`";
        refuse(report, spec, "ipFamilies", "ip-family", message).docs(SERVICE.to_owned());
    }
    let ips = spec.items("clusterIPs");
    let first = ips.first().and_then(|first| Some((first, first.text()?)));
    let ip = spec.text("clusterIP").unwrap_or_default();
    if let Some((first, _)) = first.filter(|(_, first)| !ip.is_empty() && *first != ip) {
        let message = format!("the first of `clusterIPs` must be the `clusterIP`, which is {ip}");
        report
            .error(first.range(), "cluster-ip", message)
            .docs(SERVICE.to_owned());
    }
}

fn addresses(report: &mut Report<'_>, spec: Object<'_>) {
    let ip = spec.text("clusterIP").unwrap_or_default();
    if !ip.is_empty() && ip != "None" && !address::is_ip(&ip) {
        let message = "`clusterIP` must be an IP address, None or empty";
        refuse(report, spec, "clusterIP", "cluster-ip", message).docs(SERVICE.to_owned());
    }
    for value in spec.items("externalIPs") {
        let text = value.text().unwrap_or_default();
        let message = if !text.is_empty() && !address::is_ip(&text) {
            "`externalIPs` must be IP addresses"
        } else if address::is_special(&text) {
            "`externalIPs` must be addresses that others can reach"
        } else {
            continue;
        };
        report.error(value.range(), "invalid-address", message);
    }
    let ranges = spec.items("loadBalancerSourceRanges").into_iter();
    let taken = spec.text("type").as_deref() == Some("LoadBalancer");
    for value in ranges.filter(|_| taken) {
        if value
            .text()
            .is_some_and(|text| !address::is_cidr(text.trim()))
        {
            let message = "`loadBalancerSourceRanges` must be address ranges such as 10.0.0.0/8";
            report.error(value.range(), "invalid-address", message);
        }
    }
}

pub(super) fn port(report: &mut Report<'_>, port: Object<'_>) {
    between(report, port, "port", 1, 65535);
    port_or_name(report, port, "targetPort");
    named(report, port.get("name"), "port-name", name::label_1123);
    let outside = port
        .integer("nodePort")
        .filter(|port| *port != 0 && !(30_000..=32_767).contains(port));
    if outside.is_some_and(|port| !(1..=65535).contains(&port)) {
        between(report, port, "nodePort", 1, 65535);
    } else if outside.is_some() {
        let message =
            "clusters give out node ports from 30000 to 32767, unless they were set up otherwise";
        report
            .warning(place(port, "nodePort"), "node-port", message)
            .docs(SERVICE.to_owned());
    }
}
