//! What a value comes to: amounts, schedules, encoded texts.

use yaml_syntax::PathSegment;

use crate::formats::{base64, cron, quantity};
use crate::object::Value;

/// How much of a decoded text is shown.
const MAX_SHOWN: usize = 400;

/// Says what a value means, if its text does not say it plainly.
pub(super) fn meaning(value: Value<'_>, way: &[PathSegment], kind: &str) -> Option<String> {
    let text = value.raw_text()?;
    let keys: Vec<&str> = way
        .iter()
        .filter_map(|segment| match segment {
            PathSegment::Key(key) => Some(key.as_str()),
            PathSegment::Index(_) => None,
        })
        .collect();
    match keys.as_slice() {
        [
            ..,
            "requests" | "limits" | "capacity" | "hard" | "default" | "defaultRequest" | "max"
            | "min",
            name,
        ] => amount(name, &text),
        ["spec", "schedule"] if kind == "CronJob" => schedule(&text),
        // The text of a Secret is shown to nobody who did not ask for it.
        ["data", _] if kind == "Secret" => Some(secret(&text)),
        ["binaryData", _] if kind == "ConfigMap" => decoded(&text),
        _ => None,
    }
}

/// Says what an amount of a resource is.
pub(crate) fn amount(resource: &str, text: &str) -> Option<String> {
    let amount = quantity::parse(text)?;
    let resource = resource.rsplit_once('.').map_or(resource, |(_, name)| name);
    let words = match resource {
        "cpu" => amount.as_cpu(),
        "memory" | "storage" | "ephemeral-storage" => amount.as_bytes(),
        _ if resource.starts_with("hugepages-") => amount.as_bytes(),
        _ => amount.as_number(),
    };
    Some(format!("`{text}` is {words}"))
}

fn schedule(text: &str) -> Option<String> {
    match cron::parse(text) {
        Ok(schedule) => schedule.describe().map(|words| {
            format!(
                "Runs {words}, in the time zone of the field `timeZone`, else of the controller"
            )
        }),
        Err(_) => None,
    }
}

fn secret(text: &str) -> String {
    match base64::decode(text) {
        Some(bytes) => format!("base64 of {} bytes", bytes.len()),
        None => "not base64".to_owned(),
    }
}

fn decoded(text: &str) -> Option<String> {
    let bytes = base64::decode(text)?;
    let length = bytes.len();
    let text = String::from_utf8(bytes).ok()?;
    let shown: String = text.chars().take(MAX_SHOWN).collect();
    Some(format!("{length} bytes\n\n```\n{shown}\n```"))
}
