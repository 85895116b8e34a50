//! Whole objects are right as they come.

use crate::diagnostics::{Severity, diagnostics};
use crate::{FileId, completion, fixture};
use yaml_syntax::TextSize;

#[test]
fn objects_are_right_before_a_stop_is_filled() {
    let analysis = fixture::plain("");
    let items = completion::completion(&analysis, FileId(0), TextSize::from(0)).items;
    let snippets = items.iter().filter(|item| item.is_snippet);
    let mut wrong = Vec::new();
    let mut count = 0;
    for item in snippets {
        let text = expand(&item.insert);
        let analysis = fixture::plain(&text);
        count += 1;
        for found in diagnostics(&analysis, FileId(0)) {
            if found.severity <= Severity::Warning && is_curated(&item.label) {
                wrong.push(format!("{}: {}", item.label, found.message));
            }
        }
    }
    assert!(count > 90, "{count} snippets");
    assert_eq!(wrong, Vec::<String>::new());
}

fn is_curated(label: &str) -> bool {
    let kind = label.split(' ').next().unwrap_or_default();
    super::known().any(|object| object.kind == kind)
}

/// The text with the first choice or the value of every stop.
fn expand(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        if let Some(body) = after.strip_prefix('{') {
            let (stop, next) = body.split_once('}').expect("a stop is closed");
            if let Some((_, value)) = stop.split_once(':') {
                text.push_str(value);
            } else if let Some((_, choices)) = stop.split_once('|') {
                text.push_str(choices.split([',', '|']).next().unwrap_or_default());
            }
            rest = next;
        } else {
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    text + rest
}
