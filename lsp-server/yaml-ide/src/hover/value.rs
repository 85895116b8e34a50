//! What a value comes to: amounts, schedules, encoded texts.

use yaml_syntax::PathSegment;

use crate::formats::{base64, cron, quantity};
use crate::object::Value;

/// How many runs of a schedule are told.
const NEXT_RUNS: usize = 3;

/// How much of a decoded text is shown.
const MAX_SHOWN: usize = 400;

/// Says what a value means, if its text does not say it plainly. `now` is in seconds since 1970.
pub(super) fn meaning(
    value: Value<'_>,
    way: &[PathSegment],
    kind: &str,
    now: i64,
) -> Option<String> {
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
        ["spec", "schedule"] if kind == "CronJob" => schedule(&text, now),
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
