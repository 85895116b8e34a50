//! `ConfigMap`s and Secrets.

use crate::diagnostics::report::{Report, key_range};
use crate::formats::{base64, name};
use crate::object::Object;

const SECRET: &str = "https://kubernetes.io/docs/concepts/configuration/secret/";

/// What the API server stores at most.
const MAX_BYTES: usize = 1024 * 1024;

pub(super) fn config_map(report: &mut Report<'_>, object: Object<'_>) {
    let (data, binary) = (object.object("data"), object.object("binaryData"));
    let mut total = 0;
    for data in [data, binary].into_iter().flatten() {
        total += keys(report, data);
    }
    if let (Some(data), Some(binary)) = (data, binary) {
        for (key, entry, _) in binary.pairs() {
            if data.has(&key) {
                let message = format!("`{key}` stands in `data` already");
                report.error(key_range(entry), "config-key", message);
            }
        }
    }
    too_long(report, object, total);
}

/// Judges the keys; answers how many bytes the values have.
fn keys(report: &mut Report<'_>, data: Object<'_>) -> usize {
    let mut total = 0;
    for (key, entry, value) in data.pairs() {
        if key == "<<" {
            continue;
        }
        if let Some(message) = name::config_key(&key) {
            report.error(key_range(entry), "config-key", message);
        }
        total += value
            .and_then(crate::object::Value::raw_text)
            .map_or(0, |text| text.len());
    }
    total
}

fn too_long(report: &mut Report<'_>, object: Object<'_>, total: usize) {
    if total > MAX_BYTES {
        let message = format!("the values are {total} bytes long; at most {MAX_BYTES} are taken");
        report.error(object.key_range("kind"), "config-too-long", message);
    }
}

pub(super) fn secret(report: &mut Report<'_>, object: Object<'_>) {
    let mut total = 0;
    let parts = [object.object("data"), object.object("stringData")];
    for data in parts.into_iter().flatten() {
        total += keys(report, data);
    }
    too_long(report, object, total);
    let ty = object.text("type").unwrap_or_default();
    let has = |key: &str| parts.into_iter().flatten().any(|data| data.has(key));
    let missing: Vec<&str> = match ty.as_str() {
        "kubernetes.io/tls" => vec!["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => vec![".dockerconfigjson"],
        "kubernetes.io/dockercfg" => vec![".dockercfg"],
        "kubernetes.io/ssh-auth" => vec!["ssh-privatekey"],
        "kubernetes.io/basic-auth" if !has("username") => vec!["password"],
        _ => Vec::new(),
    };
    for key in missing.into_iter().filter(|key| !has(key)) {
        let message = format!("a Secret of type {ty} needs the key `{key}`");
        super::refuse(report, object, "type", "secret-keys", message).docs(SECRET.to_owned());
    }
    let account = [
        "metadata",
        "annotations",
        "kubernetes.io/service-account.name",
    ];
    if ty == "kubernetes.io/service-account-token" && object.at(&account).is_none() {
        let message = format!(
            "a Secret of type {ty} needs the annotation `kubernetes.io/service-account.name`"
        );
        super::refuse(report, object, "type", "secret-keys", message).docs(SECRET.to_owned());
    }
    if ty != "Opaque" && ty.eq_ignore_ascii_case("opaque") {
        let range = super::place(object, "type");
        let message = "a type of its own, hardly meant: the usual one is written `Opaque`";
        report
            .warning(range, "secret-keys", message)
            .docs(SECRET.to_owned())
            .replace("Change to `Opaque`", range, "Opaque");
    }
    encoded_twice(report, object);
    if ty == "kubernetes.io/dockerconfigjson" {
        docker_config(report, object);
    }
}

/// What stands in `stringData` is encoded by the server: base64 there reaches the pod as it is.
fn encoded_twice(report: &mut Report<'_>, object: Object<'_>) {
    let plain = object.object("stringData");
    for (key, _, value) in plain.into_iter().flat_map(Object::pairs) {
        let Some((value, text)) = value.and_then(|value| Some((value, value.text()?))) else {
            continue;
        };
        let decoded = base64::decode(text.trim()).and_then(|bytes| String::from_utf8(bytes).ok());
        let is_text = |text: &String| {
            text.len() >= 4 && !text.chars().any(|c| c.is_control() && !c.is_whitespace())
        };
        let decoded = decoded
            .filter(is_text)
            .filter(|_| text.trim().ends_with('='));
        let Some(decoded) = decoded else { continue };
        let message = format!(
            "`{key}` looks like base64, which `stringData` does not decode: write the plain text, or move it to `data`"
        );
        let complaint = report.warning(value.range(), "base64", message);
        complaint.docs(SECRET.to_owned());
        let one_line = !decoded.contains('\n') && value.written().as_scalar().is_some();
        if one_line {
            let insert = crate::layout::plain_or_quoted(&decoded);
            complaint.replace("Write the plain text", value.range(), insert);
        }
    }
}

fn docker_config(report: &mut Report<'_>, object: Object<'_>) {
    let key = ".dockerconfigjson";
    let encoded = object.object("data").and_then(|data| data.get(key));
    let plain = object.object("stringData").and_then(|data| data.get(key));
    let decoded = encoded.and_then(|value| {
        let text = base64::decode(&value.text()?)?;
        Some((value, text))
    });
    let plain = plain.and_then(|value| Some((value, value.text()?.into_bytes())));
    if let Some((value, bytes)) = decoded.or(plain) {
        // Filled in by a tool before it is applied.
        let open = bytes.contains(&b'$');
        if !open && serde_json::from_slice::<serde_json::Value>(&bytes).is_err() {
            let message = format!("`{key}` is not JSON");
            report
                .error(value.range(), "secret-keys", message)
                .docs(SECRET.to_owned());
        }
    }
}
