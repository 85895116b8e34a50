//! Keywords of older days, and what is written in their place.

use yaml_syntax::{Entry, Mapping};

use crate::diagnostics::Tag;
use crate::diagnostics::report::{At, Report, key_range};
use crate::gitlab::schema::Field;

pub(super) fn keyword(
    report: &mut Report<'_>,
    _mapping: Mapping<'_>,
    entry: Entry<'_>,
    field: &'static Field,
    _at: &At<'_>,
) {
    let Some(instead) = field.instead else {
        return;
    };
    let mut message = format!("`{}` is deprecated", field.name);
    if !instead.is_empty() {
        message = format!("{message}; write `{instead}`");
    }
    let complaint = report
        .warning(key_range(entry), "deprecated-keyword", message)
        .docs(field.url());
    complaint.tags.push(Tag::Deprecated);
}
