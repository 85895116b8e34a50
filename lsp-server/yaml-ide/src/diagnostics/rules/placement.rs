//! Where a pod may run, whom it asks for names, and what its processes may do.

use super::{named, place, refuse};
use crate::diagnostics::report::Report;
use crate::formats::{address, name};
use crate::object::{Object, Value};

const NODES: &str = "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/";
const DNS: &str =
    "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config";
const CONTEXT: &str = "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/";
const SYSCTLS: &str = "https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/";

pub(super) fn node_selector(report: &mut Report<'_>, selector: Object<'_>) {
    if selector.has("nodeSelectorTerms")
        && selector.items("nodeSelectorTerms").is_empty()
        && !report.is_broken(selector.mapping().range())
    {
        let message = "`nodeSelectorTerms` needs at least one term";
        let range = selector.key_range("nodeSelectorTerms");
        report
            .error(range, "missing-field", message)
            .docs(NODES.to_owned());
    }
}

/// A node is found by one field only, its name.
pub(super) fn node_fields(report: &mut Report<'_>, term: Object<'_>) {
    for field in term.objects("matchFields") {
        let key = field.text("key").unwrap_or_default();
        if !key.is_empty() && key != "metadata.name" {
            let message = "`matchFields` knows one field: metadata.name";
            refuse(report, field, "key", "match-expression", message).docs(NODES.to_owned());
        } else if field.items("values").len() > 1 {
            let message = "`matchFields` takes one value";
            refuse(report, field, "values", "match-expression", message).docs(NODES.to_owned());
        }
    }
}

pub(super) fn host_alias(report: &mut Report<'_>, alias: Object<'_>) {
    if alias.text("ip").is_some_and(|ip| !address::is_ip(&ip)) {
        let message = "`ip` must be an IP address";
        refuse(report, alias, "ip", "invalid-address", message);
    }
    for host in alias.items("hostnames") {
        named(report, Some(host), "invalid-name", name::subdomain);
    }
}

pub(super) fn dns(report: &mut Report<'_>, config: Object<'_>) {
    for (field, most) in [("nameservers", 3), ("searches", 32)] {
        if config.items(field).len() > most {
            let message = format!("at most {most} `{field}` are taken");
            let range = config.key_range(field);
            report
                .error(range, "dns-config", message)
                .docs(DNS.to_owned());
        }
    }
    for domain in config.items("searches") {
        named(report, Some(domain), "dns-config", search_domain);
    }
    for option in config.objects("options") {
        if !option.says("name") && !report.is_broken(option.mapping().range()) {
            let message = "an option needs its `name`";
            report
                .error(super::first_key(option), "dns-config", message)
                .docs(DNS.to_owned());
        }
    }
}

/// A domain in which short names are looked for: underscores and a dot at the end are taken.
fn search_domain(text: &str) -> Option<String> {
    let domain = text.strip_suffix('.').unwrap_or(text);
    if domain.is_empty() {
        return None;
    }
    name::subdomain(&domain.replace('_', "x"))
        .map(|_| format!("`{text}` is no domain to search in: a name such as svc.cluster.local"))
}

/// The context of a whole pod, beside what containers have too.
pub(super) fn security(report: &mut Report<'_>, context: Object<'_>) {
    for group in context.items("supplementalGroups") {
        let number = group.json().and_then(|json| json.as_i64());
        if number.is_some_and(|number| !(0..=i64::from(i32::MAX)).contains(&number)) {
            let message = format!("`supplementalGroups` must be from 0 to {}", i32::MAX);
            report.error(group.range(), "out-of-range", message);
        }
    }
    let mut seen = Vec::new();
    for setting in context.objects("sysctls") {
        let Some(text) = setting.text("name") else {
            continue;
        };
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_./".contains(c);
        let message = if !text.chars().all(fits) || text.is_empty() {
            format!(
                "`{text}` is no setting of the kernel: lower-case words with dots, such as net.core.somaxconn"
            )
        } else if seen.contains(&text) {
            format!("`{text}` is set twice")
        } else {
            seen.push(text);
            continue;
        };
        report
            .error(place(setting, "name"), "invalid-name", message)
            .docs(SYSCTLS.to_owned());
    }
}

/// The kernel calls them `CAP_NET_ADMIN`, manifests `NET_ADMIN`.
pub(super) fn capabilities(report: &mut Report<'_>, capabilities: Object<'_>) {
    let lists = ["add", "drop"].iter();
    let all: Vec<Value<'_>> = lists.flat_map(|list| capabilities.items(list)).collect();
    for value in all {
        let text = value.text().unwrap_or_default();
        if let Some(short) = text.strip_prefix("CAP_") {
            let message = format!("nodes put `CAP_` before it themselves: write `{short}`");
            report
                .warning(value.range(), "capability", message)
                .docs(CONTEXT.to_owned())
                .replace(format!("Change to `{short}`"), value.range(), short);
        }
    }
}
