//! Whatever is offered in right manifests leaves them right.

use std::collections::BTreeMap;

use yaml_ide::completion::{CompletionItem, completion};
use yaml_ide::diagnostics::{Severity, diagnostics};
use yaml_syntax::{PathSegment, TextSize};

use super::{FILE, none, open};
use crate::cursors::trial::{DOCUMENTS, accepted};

const PIPELINE: &str = ".gitlab-ci.yml";

/// Of so many documents one is tried.
const EVERY: usize = 4;

/// What depends on another field that a person has to write or change too.
const FOLLOWS: [&str; 13] = [
    "cluster-ip",
    "crd-schema",
    "crd-versions",
    "data-source",
    "invalid-address",
    "out-of-range",
    "os-field",
    "quota-scope",
    "resource-claim",
    "restart-policy",
    "selector-mismatch",
    "unknown-volume",
    "volume-device",
];

#[test]
fn an_offered_field_is_right_where_it_is_offered() {
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    let mut count = 0;
    for text in DOCUMENTS.iter().step_by(EVERY) {
        let had = errors(text);
        for (text, cursor) in blanks(text) {
            count += try_all(&text, cursor, &had, &mut wrong);
        }
    }
    let shown: Vec<String> = wrong.into_values().collect();
    assert!(count > 1000, "{count} offers");
    none(&shown);
}

#[test]
fn an_offered_job_is_right() {
    let text = "stages: [build, test, deploy]\n\nfirst: {stage: build, script: make}\n\n";
    let analysis = open(PIPELINE, text);
    let items = completion(&analysis, FILE, TextSize::of(text)).items;
    let items = items.iter();
    let snippets: Vec<_> = items.filter(|it| it.is_snippet && !it.deprecated).collect();
    let faults = snippets.iter().flat_map(|item| {
        let found = diagnostics(&open(PIPELINE, &accepted(text, item)), FILE);
        let label = item.label.clone();
        found
            .into_iter()
            .map(move |it| format!("`{label}` brings [{}] {}", it.code, it.message))
    });
    let faults: Vec<String> = faults.collect();
    assert!(snippets.len() > 15, "{} snippets", snippets.len());
    none(&faults);
}

fn try_all(
    text: &str,
    cursor: usize,
    had: &[String],
    wrong: &mut BTreeMap<String, String>,
) -> usize {
    let analysis = open("a.yaml", text);
    let items = completion(&analysis, FILE, TextSize::from(cursor as u32)).items;
    for item in &items {
        let after = errors(&accepted(text, item));
        let new = after.iter().find(|error| !had.contains(error));
        if let Some(new) = new {
            let key = format!("{} {new}", item.label);
            let shown = wrong.entry(key);
            shown.or_insert_with(|| show(item, new, &text[..cursor]));
        }
    }
    items.len()
}

fn show(item: &CompletionItem, error: &str, before: &str) -> String {
    let near: Vec<&str> = before.lines().rev().take(6).collect();
    let near: Vec<&str> = near.into_iter().rev().collect();
    let near = near.join("\n");
    format!(
        "`{}` brings {error}\n{near}\n  => {}\n",
        item.label, item.insert
    )
}

/// A blank line above the first key of each block, in its column, and where the cursor is in it.
fn blanks(text: &str) -> Vec<(String, usize)> {
    let parse = yaml_syntax::parse(text);
    let mut found = Vec::new();
    let mut last = None;
    for (path, entry) in parse.documents().flat_map(yaml_syntax::Document::entries) {
        let Some((PathSegment::Key(_), parent)) = path.split_last() else {
            continue;
        };
        let start = usize::from(entry.range().start());
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent = &text[line..start];
        let is_first = last.as_deref() != Some(parent);
        last = Some(parent.to_vec());
        let in_lines = indent.chars().all(|c| c == ' ') && !text.trim_start().starts_with('{');
        if is_first && in_lines {
            let blank = format!("{}{indent}\n{}", &text[..line], &text[line..]);
            found.push((blank, start));
        }
    }
    found
}

fn errors(text: &str) -> Vec<String> {
    let found = diagnostics(&open("a.yaml", text), FILE).into_iter();
    found
        .filter(|it| it.severity == Severity::Error && !FOLLOWS.contains(&it.code))
        .map(|it| format!("[{}] {}", it.code, it.message))
        .collect()
}
