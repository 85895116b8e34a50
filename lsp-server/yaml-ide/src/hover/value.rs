//! What a value comes to: amounts, schedules, encoded texts.

use yaml_syntax::PathSegment;

use crate::enums;
use crate::formats::{base64, cron, duration, image, quantity};
use crate::object::Value;

/// How many runs of a schedule are told.
const NEXT_RUNS: usize = 3;

/// How much of a decoded text is shown.
const MAX_SHOWN: usize = 400;

/// What is asked about a value.
pub(super) struct Asked<'a> {
    pub(super) value: Value<'a>,
    /// The steps from the object to it.
    pub(super) way: &'a [PathSegment],
    /// The kind of the object.
    pub(super) kind: &'a str,
    /// The last part of the name of the definition that has the field.
    pub(super) definition: &'a str,
    /// The field, or the one that holds the list or map.
    pub(super) field: &'a str,
    /// Seconds since 1970, UTC.
    pub(super) now: i64,
    pub(super) reveal_secrets: bool,
}

/// Says what a value means, if its text does not say it plainly.
pub(super) fn meaning(asked: &Asked<'_>) -> Option<String> {
    let text = asked.value.raw_text()?;
    if let Some(meaning) = enums::meaning(asked.definition, asked.field, &text) {
        let shown = if text.is_empty() { "\"\"" } else { &text };
        return Some(format!("`{shown}`: {meaning}"));
    }
    let is_key = |segment: &PathSegment| match segment {
        PathSegment::Key(key) => Some(key.clone()),
        PathSegment::Index(_) => None,
    };
    let keys: Vec<String> = asked.way.iter().filter_map(is_key).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match (keys.as_slice(), asked.kind) {
        (
            [
                ..,
                "requests" | "limits" | "capacity" | "hard" | "default" | "defaultRequest" | "max"
                | "min",
                name,
            ]
            | [.., name @ "sizeLimit"],
            _,
        ) => amount(name, &text),
        (["spec", "schedule"], "CronJob") => schedule(&text, asked.now),
        // The text of a Secret is shown to nobody who did not ask for it.
        (["data", _], "Secret") if asked.reveal_secrets => decoded(&text),
        (["data", _], "Secret") => Some(secret(&text)),
        (["binaryData", _], "ConfigMap") | ([.., "caBundle"], _) => decoded(&text),
        ([.., "image"], _) => image::describe(&text),
        ([.., name], _) if name.ends_with("Seconds") => {
            let words = duration::words(text.parse().ok()?)?;
            Some(format!("`{text}` seconds are {words}"))
        }
        _ => None,
    }
}

/// Says what an amount of a resource is.
pub(crate) fn amount(resource: &str, text: &str) -> Option<String> {
    let amount = quantity::parse(text)?;
    let resource = resource.rsplit_once('.').map_or(resource, |(_, name)| name);
    let words = match resource {
        "cpu" => amount.as_cpu(),
        "memory" | "storage" | "ephemeral-storage" | "sizeLimit" => amount.as_bytes(),
        _ if resource.starts_with("hugepages-") => amount.as_bytes(),
        _ => amount.as_number(),
    };
    (words != text).then(|| format!("`{text}` is {words}"))
}

/// The next runs of a schedule, in words too where words are short. Without `timeZone` a cluster
/// counts in the zone of its controller manager, which is nearly always UTC.
fn schedule(text: &str, now: i64) -> Option<String> {
    let schedule = cron::parse(text).ok()?;
    let runs = schedule.next(now, NEXT_RUNS);
    let mut parts = Vec::new();
    parts.extend(schedule.describe().map(|words| format!("Runs {words}.")));
    parts.push(if runs.is_empty() {
        "Never runs: no such day comes.".to_owned()
    } else {
        let runs: Vec<String> = runs.iter().map(|run| format!("- {run}")).collect();
        format!(
            "Next runs, in the time zone of `timeZone` (UTC without one):

{}",
            runs.join(
                "
"
            )
        )
    });
    Some(parts.join(
        "

",
    ))
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
