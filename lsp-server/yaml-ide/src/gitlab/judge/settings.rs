//! What single settings of a job must hold: its script, the key of its cache, its address, its release.

use super::values;
use crate::diagnostics::report::{Report, key_range};
use crate::gitlab::schema::DOCS;
use crate::object::{Object, Value};

/// Judges them all.
pub(super) fn check(report: &mut Report<'_>, job: Object<'_>) {
    script(report, job);
    for cache in job.objects("cache").into_iter().chain(job.object("cache")) {
        cache_key(report, cache);
    }
    if let Some(environment) = job.object("environment") {
        address(report, environment);
    }
    if let Some(release) = job.object("release") {
        date(report, release);
    }
}

/// A script that is there has a command.
fn script(report: &mut Report<'_>, job: Object<'_>) {
    let Some(entry) = job.entry("script").filter(|entry| entry.colon().is_some()) else {
        return;
    };
    let is_empty = match entry.value() {
        None => true,
        Some(node) if node.tag().is_some() => false,
        Some(node) => match node.as_sequence() {
            Some(list) => list.items().next().is_none(),
            None => job.get("script").is_some_and(Value::is_null),
        },
    };
    if is_empty && !report.is_broken(entry.range()) {
        let message = "`script` has no command: write one below it";
        report
            .error(key_range(entry), "empty-script", message)
            .docs(format!("{DOCS}yaml/#script"));
    }
}

/// A prefix comes before the hash of files.
fn cache_key(report: &mut Report<'_>, cache: Object<'_>) {
    let Some(key) = cache.object("key") else {
        return;
    };
    let Some(prefix) = key.entry("prefix") else {
        return;
    };
    if !["files", "files_commits", "<<"]
        .iter()
        .any(|keyword| key.has(keyword))
    {
        let message = "`prefix` comes before the hash of `files`; without those write `key: …`";
        report
            .error(key_range(prefix), "cache-key", message)
            .docs(format!("{DOCS}yaml/#cachekeyprefix"));
    }
}

fn address(report: &mut Report<'_>, environment: Object<'_>) {
    let Some(url) = environment.get("url") else {
        return;
    };
    let Some(text) = url.text() else {
        return;
    };
    let starts = ["http://", "https://", "$"];
    if starts.iter().any(|start| text.starts_with(start)) {
        return;
    }
    // GitLab takes it, and links to nowhere.
    let better = format!("https://{text}");
    let complaint = report
        .warning(
            url.range(),
            "environment-url",
            "the address of an environment begins with `https://`, `http://` or a variable",
        )
        .docs(format!("{DOCS}yaml/#environmenturl"));
    if !text.contains("://") && !text.is_empty() {
        let quoted = crate::layout::plain_or_quoted(&better);
        complaint.replace(format!("Change to `{better}`"), url.range(), quoted);
    }
}

fn date(report: &mut Report<'_>, release: Object<'_>) {
    let Some(value) = release.get("released_at") else {
        return;
    };
    let Some(text) = value.text().filter(|text| !text.contains('$')) else {
        return;
    };
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let fits = text.len() >= 10
        && text.bytes().zip(0..10).all(|(byte, at)| match at {
            4 | 7 => byte == b'-',
            _ => is_digit(&byte),
        });
    if !fits {
        let quoted = values::quoted("2026-01-31T08:00:00Z");
        let message = format!("`released_at` is a day and a time, such as {quoted}");
        report
            .error(value.range(), "release-date", message)
            .docs(format!("{DOCS}yaml/#releasereleased_at"));
    }
}
