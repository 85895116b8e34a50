//! Requests and limits.

use crate::diagnostics::report::{Report, key_range};
use crate::formats::quantity::{self, Quantity};
use crate::fuzzy;
use crate::object::{Object, Value};

const RESOURCES: &str =
    "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/";

/// What a container can ask for, beside what others define under a domain of theirs.
const KNOWN: [&str; 4] = ["cpu", "memory", "ephemeral-storage", "storage"];

/// What a container asks for: it has no storage but that of its node.
pub(super) fn of_container(report: &mut Report<'_>, resources: Object<'_>) {
    check(report, resources);
    for list in ["limits", "requests"] {
        let amounts = resources.object(list);
        let Some(entry) = amounts.and_then(|amounts| amounts.entry("storage")) else {
            continue;
        };
        let (range, own) = (key_range(entry), "ephemeral-storage");
        let message = format!("a container has no `storage` but that of its node: `{own}`");
        report
            .error(range, "unknown-resource", message)
            .docs(RESOURCES.to_owned())
            .replace(format!("Rename to `{own}`"), range, own);
    }
}

pub(super) fn check(report: &mut Report<'_>, resources: Object<'_>) {
    let limits = resources.object("limits");
    for amounts in [limits, resources.object("requests")].into_iter().flatten() {
        for (name, entry, value) in amounts.pairs() {
            if name == "<<" {
                continue;
            }
            if is_unknown(&name) {
                unknown(report, &name, key_range(entry));
            }
            if let Some((value, amount)) = value.and_then(amount) {
                plausible(report, &name, value, amount);
            }
        }
    }
    if let Some(requests) = resources.object("requests") {
        if let Some(limits) = limits {
            compare(report, requests, limits);
        }
        whole_pieces(report, requests, limits);
    }
    huge_pages(report, resources);
}

/// Huge pages alone do not make a container schedulable.
fn huge_pages(report: &mut Report<'_>, resources: Object<'_>) {
    let lists = ["limits", "requests"].iter();
    let lists = lists.filter_map(|list| resources.object(list));
    let asked: Vec<_> = lists.flat_map(Object::pairs).collect();
    if asked
        .iter()
        .any(|(name, _, _)| matches!(name.as_str(), "cpu" | "memory" | "<<"))
    {
        return;
    }
    let mut asked = asked.iter();
    if let Some((name, entry, _)) = asked.find(|(name, _, _)| name.starts_with("hugepages-")) {
        let message = format!("`{name}` needs an amount of `cpu` or `memory` beside it");
        report
            .error(key_range(*entry), "device-limit", message)
            .docs(RESOURCES.to_owned());
    }
}

/// Devices and huge pages cannot be shared: who asks for some must limit itself to as many.
fn whole_pieces(report: &mut Report<'_>, requests: Object<'_>, limits: Option<Object<'_>>) {
    for (name, entry, value) in requests.pairs() {
        let is_device = name.contains('/') && !name.contains("kubernetes.io/");
        let Some((value, wanted)) = value.and_then(amount) else {
            continue;
        };
        if !is_device && !name.starts_with("hugepages-") {
            continue;
        }
        let limit = limits.and_then(|limits| limits.get(&name).and_then(amount));
        match limit {
            None => {
                let message = format!("`{name}` needs a limit, of the same amount");
                report
                    .error(key_range(entry), "device-limit", message)
                    .docs(RESOURCES.to_owned());
            }
            Some((limit, most)) if wanted < most => {
                let shown = limit.raw_text().unwrap_or_default();
                let message =
                    format!("the request of `{name}` must be equal to its limit, {shown}");
                let file = report.file();
                report
                    .error(value.range(), "device-limit", message)
                    .docs(RESOURCES.to_owned())
                    .related(file, limit.range(), "the limit");
            }
            Some(_) => {}
        }
    }
}

fn amount(value: Value<'_>) -> Option<(Value<'_>, Quantity)> {
    Some((value, quantity::parse(&value.raw_text()?)?))
}

fn is_unknown(name: &str) -> bool {
    !KNOWN.contains(&name) && !name.starts_with("hugepages-") && !name.contains('/')
}

fn unknown(report: &mut Report<'_>, name: &str, range: yaml_syntax::TextRange) {
    let near = fuzzy::nearest(name, KNOWN);
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "use cpu, memory or ephemeral-storage; others have a domain, as in example.com/gpu"
            .to_owned(),
    };
    let message = format!("`{name}` is not a resource; {hint}");
    let complaint = report.error(range, "unknown-resource", message);
    complaint.docs(RESOURCES.to_owned());
    if let Some(near) = near {
        complaint.replace(format!("Rename to `{near}`"), range, near);
    }
}

fn plausible(report: &mut Report<'_>, name: &str, value: Value<'_>, amount: Quantity) {
    let range = value.range();
    let raw = value.raw_text().unwrap_or_default();
    if amount.is_negative() {
        report.error(
            range,
            "out-of-range",
            format!("`{name}` must not be negative"),
        );
        return;
    }
    let bytes = name != "cpu" && !name.contains('/');
    if bytes && amount.is_fractional() {
        let message = format!(
            "`{raw}` is {}: `m` means a thousandth; megabytes are `M` or `Mi`",
            amount.as_bytes()
        );
        let complaint = report.warning(range, "quantity-unit", message);
        complaint.docs(RESOURCES.to_owned());
        if let Some(number) = raw.strip_suffix('m') {
            complaint.replace(
                format!("Change to `{number}Mi`"),
                range,
                format!("{number}Mi"),
            );
        }
    }
    let huge = name == "cpu" && quantity::parse("10k").is_some_and(|most| amount > most);
    if huge {
        let message = format!(
            "`{raw}` is {}: a thousandth of a CPU is `m`",
            amount.as_cpu()
        );
        report
            .warning(range, "quantity-unit", message)
            .docs(RESOURCES.to_owned());
    }
    if name.contains('/') && amount.is_fractional() {
        report.error(
            range,
            "quantity-unit",
            format!("`{name}` is counted in whole pieces"),
        );
    }
}

fn compare(report: &mut Report<'_>, requests: Object<'_>, limits: Object<'_>) {
    for (name, _, value) in requests.pairs() {
        let Some((request, wanted)) = value.and_then(amount) else {
            continue;
        };
        let Some((limit, most)) = limits.get(&name).and_then(amount) else {
            continue;
        };
        if wanted > most && !most.is_negative() {
            let shown = limit.raw_text().unwrap_or_default();
            let message = format!("the request of `{name}` is above its limit of {shown}");
            let file = report.file();
            report
                .error(request.range(), "request-above-limit", message)
                .docs(RESOURCES.to_owned())
                .related(file, limit.range(), "the limit");
        }
    }
}
