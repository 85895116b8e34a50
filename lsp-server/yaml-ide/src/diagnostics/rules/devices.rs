//! Devices that a claim asks for.

use super::{at_least, exactly_one, refuse};
use crate::alternatives;
use crate::diagnostics::report::Report;
use crate::object::Object;

const DEVICES: &str =
    "https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/";

/// One device or one of several: a request says which.
pub(super) fn request(report: &mut Report<'_>, request: Object<'_>) {
    exactly_one(
        report,
        request,
        alternatives::DEVICE_REQUEST,
        "a request",
        "device-request",
    );
}

/// How many devices are asked for.
pub(super) fn amount(report: &mut Report<'_>, request: Object<'_>) {
    at_least(report, request, "count", 1);
    if request.text("allocationMode").as_deref() == Some("All") && request.says("count") {
        let message = "`allocationMode: All` takes no `count`";
        let range = request.key_range("count");
        report
            .error(range, "device-request", message)
            .docs(DEVICES.to_owned());
    }
}

/// Constraints and settings are for requests of the same claim.
pub(super) fn claim(report: &mut Report<'_>, claim: Object<'_>) {
    let mut known = Vec::new();
    for request in claim.objects("requests") {
        let Some(name) = request.text("name") else {
            continue;
        };
        let inner = request.objects("firstAvailable").into_iter();
        known.extend(inner.filter_map(|inner| Some(format!("{name}/{}", inner.text("name")?))));
        if known.contains(&name) {
            let message = format!("another request is called `{name}`");
            refuse(report, request, "name", "device-request", message).docs(DEVICES.to_owned());
        }
        known.push(name);
    }
    for part in ["constraints", "config"]
        .iter()
        .flat_map(|list| claim.objects(list))
    {
        for value in part.items("requests") {
            if let Some(name) = value.text().filter(|name| !known.contains(name)) {
                let message = format!("the claim has no request `{name}`");
                report
                    .error(value.range(), "device-request", message)
                    .docs(DEVICES.to_owned());
            }
        }
    }
}
