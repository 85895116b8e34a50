//! Ingresses, network policies, endpoint slices.

use super::{between, exactly_one, named, place, refuse};
use crate::alternatives;
use crate::diagnostics::report::Report;
use crate::formats::{address, name};
use crate::object::Object;

const INGRESS: &str = "https://kubernetes.io/docs/concepts/services-networking/ingress/";
const POLICY: &str = "https://kubernetes.io/docs/concepts/services-networking/network-policies/";

pub(super) fn ingress(report: &mut Report<'_>, spec: Object<'_>) {
    let empty = !spec.says("defaultBackend") && spec.items("rules").is_empty();
    if empty && !report.is_broken(spec.mapping().range()) {
        let message = "an Ingress needs `rules` or a `defaultBackend`";
        report
            .error(super::first_key(spec), "ingress-rules", message)
            .docs(INGRESS.to_owned());
    }
    named(
        report,
        spec.get("ingressClassName"),
        "invalid-name",
        name::subdomain,
    );
    for tls in spec.objects("tls") {
        for host in tls.items("hosts") {
            if let Some(message) = host.text().as_deref().and_then(bad_host) {
                report.error(host.range(), "ingress-host", message);
            }
        }
    }
}

pub(super) fn ingress_rule(report: &mut Report<'_>, rule: Object<'_>) {
    if let Some(message) = rule.text("host").as_deref().and_then(bad_host) {
        refuse(report, rule, "host", "ingress-host", message).docs(INGRESS.to_owned());
    }
}

fn bad_host(host: &str) -> Option<String> {
    if host.is_empty() {
        return None;
    }
    if address::is_ip(host) {
        return Some("`host` must be a name, not an IP address".to_owned());
    }
    if host.contains("://") || host.contains('/') || host.contains(':') {
        return Some("`host` takes a name only: no scheme, no port and no path".to_owned());
    }
    match host.strip_prefix("*.") {
        Some(rest) => name::subdomain(rest),
        None if host.contains('*') => {
            Some("`*` stands for the first label only: `*.example.com`".to_owned())
        }
        None => name::subdomain(host),
    }
}

pub(super) fn ingress_path(report: &mut Report<'_>, path: Object<'_>) {
    let ty = path.text("pathType");
    let text = path.text("path").unwrap_or_default();
    let strict = matches!(ty.as_deref(), Some("Exact" | "Prefix"));
    let any = ty.as_deref() == Some("ImplementationSpecific") && !text.is_empty();
    if (strict || any)
        && !text.starts_with('/')
        && (path.says("path") || !report.is_broken(path.mapping().range()))
    {
        let message = "`path` must start with `/`";
        let range = place(path, "path");
        let complaint = report.error(range, "ingress-path", message);
        complaint.docs(INGRESS.to_owned());
        if path.has("path") && !text.is_empty() {
            complaint.replace(format!("Change to `/{text}`"), range, format!("/{text}"));
        }
    }
    let forbidden = ["//", "/./", "/../", "%2f", "%2F"];
    if let Some(part) = forbidden
        .iter()
        .chain(["/..", "/."].iter().filter(|end| text.ends_with(**end)))
        .find(|part| strict && text.contains(**part))
    {
        refuse(
            report,
            path,
            "path",
            "ingress-path",
            format!("`path` may not contain `{part}`"),
        );
    }
}

pub(super) fn ingress_backend(report: &mut Report<'_>, backend: Object<'_>) {
    exactly_one(
        report,
        backend,
        alternatives::BACKEND,
        "a backend",
        "ingress-backend",
    );
}

/// A Service behind an Ingress needs its port.
pub(super) fn service_backend(report: &mut Report<'_>, service: Object<'_>) {
    if !service.has("port") && !report.is_broken(service.mapping().range()) {
        let message = "a Service behind an Ingress needs `port`, with its `number` or `name`";
        let range = super::first_key(service);
        report
            .error(range, "ingress-backend", message)
            .docs(INGRESS.to_owned());
    }
}

pub(super) fn backend_port(report: &mut Report<'_>, port: Object<'_>) {
    exactly_one(
        report,
        port,
        alternatives::BACKEND_PORT,
        "`port`",
        "ingress-backend",
    );
    between(report, port, "number", 1, 65535);
    let name = port.get("name");
    let name = name.filter(|name| name.text().is_some_and(|text| !text.is_empty()));
    named(report, name, "port-name", name::port_name);
}

/// Rules of a direction that the policy is not for say nothing.
pub(super) fn policy(report: &mut Report<'_>, spec: Object<'_>) {
    let types = spec.items("policyTypes");
    if let Some(third) = types.get(2) {
        let message = "`policyTypes` has at most Ingress and Egress";
        report
            .error(third.range(), "policy-type", message)
            .docs(POLICY.to_owned());
    }
    for (field, ty) in [("ingress", "Ingress"), ("egress", "Egress")] {
        let is_meant = types.iter().any(|it| it.text().as_deref() == Some(ty));
        if !types.is_empty() && !is_meant && !spec.items(field).is_empty() {
            let message = format!("`{field}` says nothing: `policyTypes` leaves {ty} out");
            report
                .warning(spec.key_range(field), "policy-type", message)
                .docs(POLICY.to_owned());
        }
    }
}

pub(super) fn peer(report: &mut Report<'_>, peer: Object<'_>) {
    let selectors = super::present(peer, &["podSelector", "namespaceSelector"]);
    if selectors.is_empty() && !peer.says("ipBlock") && !report.is_broken(peer.mapping().range()) {
        let message = "a peer needs `podSelector`, `namespaceSelector` or `ipBlock`";
        report
            .error(super::first_key(peer), "policy-peer", message)
            .docs(POLICY.to_owned());
    }
    if peer.says("ipBlock") && !selectors.is_empty() {
        let message = "`ipBlock` cannot stand beside a selector: write a second entry for it";
        report
            .error(peer.key_range("ipBlock"), "policy-peer", message)
            .docs(POLICY.to_owned());
    }
}

pub(super) fn policy_port(report: &mut Report<'_>, port: Object<'_>) {
    super::port_or_name(report, port, "port");
    let Some(end) = port.integer("endPort") else {
        return;
    };
    let message = match port.integer("port") {
        None => "`endPort` needs a number as `port`",
        Some(start) if end < start => "`endPort` must not be below `port`",
        Some(_) => {
            between(report, port, "endPort", 1, 65535);
            return;
        }
    };
    refuse(report, port, "endPort", "policy-port", message).docs(POLICY.to_owned());
}

pub(super) fn ip_block(report: &mut Report<'_>, block: Object<'_>) {
    let Some(outer) = block.text("cidr") else {
        return;
    };
    if !address::is_cidr(&outer) {
        let message = format!("`{outer}` is not an address range such as 10.0.0.0/8");
        refuse(report, block, "cidr", "invalid-address", message);
        return;
    }
    for value in block.items("except") {
        let Some(inner) = value.text() else {
            continue;
        };
        let message = match address::contains(&outer, &inner) {
            Some(true) if inner != outer => continue,
            Some(_) => format!("`{inner}` is no part of {outer}"),
            None => format!("`{inner}` is not an address range such as 10.1.0.0/16"),
        };
        report
            .error(value.range(), "invalid-address", message)
            .docs(POLICY.to_owned());
    }
}

/// The addresses of one endpoint.
pub(super) fn endpoint(report: &mut Report<'_>, endpoint: Object<'_>) {
    let count = endpoint.items("addresses").len();
    if endpoint.has("addresses") && !(1..=100).contains(&count) {
        let message = "an endpoint has 1 to 100 `addresses`";
        report.error(endpoint.key_range("addresses"), "out-of-range", message);
    }
}

pub(super) fn endpoint_slice(report: &mut Report<'_>, slice: Object<'_>) {
    let Some(ty) = slice.text("addressType") else {
        return;
    };
    for endpoint in slice.objects("endpoints") {
        for value in endpoint.items("addresses") {
            let Some(text) = value.text() else {
                continue;
            };
            let fits = match ty.as_str() {
                "IPv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
                "IPv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
                _ => true,
            };
            if !fits {
                let message = format!("`{text}` is not an address of type {ty}");
                report.error(value.range(), "invalid-address", message);
            }
        }
    }
}
