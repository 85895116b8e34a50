//! Services.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Errors, check_given_name, check_name, format};
use crate::status::FieldError;
use crate::value::{at, entries, int, items, text};

pub(super) fn check(service: &Value) -> Errors {
    let mut errors = Vec::new();
    let kind = text(service, "spec.type");
    if !matches!(
        kind,
        "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName"
    ) {
        errors.push(FieldError::not_supported(
            "spec.type",
            &json!(kind),
            &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"],
        ));
    }
    if kind == "ExternalName" {
        let name = text(service, "spec.externalName").trim_end_matches('.');
        check_name(
            name,
            "spec.externalName".to_owned(),
            format::subdomain,
            &mut errors,
        );
    }
    let address = text(service, "spec.clusterIP");
    if !address.is_empty() && address != "None" && address.parse::<std::net::IpAddr>().is_err() {
        errors.push(FieldError::invalid(
            "spec.clusterIPs[0]",
            &json!(address),
            "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
        ));
    }
    let affinity = text(service, "spec.sessionAffinity");
    if !matches!(affinity, "None" | "ClientIP") {
        errors.push(FieldError::not_supported(
            "spec.sessionAffinity",
            &json!(affinity),
            &["ClientIP", "None"],
        ));
    }
    for (key, value) in entries(service, "spec.selector") {
        for why in format::qualified_name(key) {
            errors.push(FieldError::invalid("spec.selector", &json!(key), why));
        }
        if let Some(why) = format::label_value(value.as_str().unwrap_or_default()) {
            errors.push(FieldError::invalid("spec.selector", value, why));
        }
    }
    let headless = address == "None";
    if items(service, "spec.ports").is_empty() && !headless && kind != "ExternalName" {
        errors.push(FieldError::required("spec.ports", ""));
    }
    ports(service, kind, &mut errors);
    errors
}

fn ports(service: &Value, kind: &str, errors: &mut Errors) {
    let ports = items(service, "spec.ports");
    let mut names = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for (index, port) in ports.iter().enumerate() {
        let path = format!("spec.ports[{index}]");
        let name = text(port, "name");
        if name.is_empty() && ports.len() > 1 {
            errors.push(FieldError::required(format!("{path}.name"), ""));
        } else if !name.is_empty() {
            check_given_name(name, format!("{path}.name"), format::label, errors);
            if !names.insert(name) {
                errors.push(FieldError::duplicate(format!("{path}.name"), &json!(name)));
            }
        }
        let number = int(port, "port").unwrap_or(0);
        if !format::is_port(number) {
            errors.push(FieldError::invalid(
                format!("{path}.port"),
                &json!(number),
                format::PORT,
            ));
        }
        let protocol = text(port, "protocol");
        if !matches!(protocol, "TCP" | "UDP" | "SCTP") {
            errors.push(FieldError::not_supported(
                format!("{path}.protocol"),
                &json!(protocol),
                &["SCTP", "TCP", "UDP"],
            ));
        }
        match at(port, "targetPort") {
            Some(Value::Number(target)) if !target.as_i64().is_some_and(format::is_port) => {
                errors.push(FieldError::invalid(
                    format!("{path}.targetPort"),
                    &json!(target),
                    format::PORT,
                ));
            }
            Some(Value::String(target)) => {
                for why in format::port_name(target) {
                    errors.push(FieldError::invalid(
                        format!("{path}.targetPort"),
                        &json!(target),
                        why,
                    ));
                }
            }
            _ => {}
        }
        let node_port = int(port, "nodePort").unwrap_or(0);
        if kind == "ClusterIP" && node_port != 0 {
            errors.push(FieldError::forbidden(
                format!("{path}.nodePort"),
                "may not be used when `type` is 'ClusterIP'",
            ));
        } else if node_port != 0 && !(30_000..32_768).contains(&node_port) {
            errors.push(FieldError::invalid(
                format!("{path}.nodePort"),
                &json!(node_port),
                "provided port is not in the valid range. The range of valid ports is 30000-32767",
            ));
        }
        if !numbers.insert((number, protocol)) {
            let key = json!({"protocol": protocol, "port": number});
            errors.push(FieldError::duplicate(path, &key));
        }
    }
}
