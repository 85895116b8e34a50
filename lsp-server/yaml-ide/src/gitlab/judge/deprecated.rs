//! Keywords of older days, and what is written in their place.

use yaml_syntax::{Entry, Mapping};

use super::migrate;
use crate::diagnostics::Tag;
use crate::diagnostics::at::At;
use crate::diagnostics::report::{Report, key_range};
use crate::gitlab::schema::Field;

pub(super) fn keyword(
    report: &mut Report<'_>,
    mapping: Mapping<'_>,
    entry: Entry<'_>,
    field: &'static Field,
    at: &At<'_>,
) {
    let Some(instead) = field.instead else {
        return;
    };
    // With `rules` they are an error already.
    let is_policy = matches!(field.name, "only" | "except");
    if is_policy && mapping.entry("rules").is_some() {
        return;
    }
    let name = match at {
        At::Kind(_) => field.name.to_owned(),
        _ => at.to_string(),
    };
    let mut message = format!("`{name}` is deprecated");
    if !instead.is_empty() {
        message = format!("{message}; write `{instead}`");
    }
    let fix = migrate::fix(report, mapping, entry, field);
    let complaint = report
        .warning(key_range(entry), "deprecated-keyword", message)
        .docs(field.url());
    complaint.tags.push(Tag::Deprecated);
    complaint.fixes.extend(fix);
}
