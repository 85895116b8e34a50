//! What is wrong with YAML of any language: keys that stand twice in a mapping (the API server
//! refuses them, and plain tools keep the last), aliases of nothing.

use std::collections::{HashMap, HashSet};

use yaml_syntax::{Alias, Mapping, Node, TextRange};

use super::report::{Report, key_range};
use super::{Severity, Tag};
use crate::fuzzy;

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 128;

/// Judges the part; a key that stands twice is as bad as `twice` says to who reads the file.
pub(crate) fn check(report: &mut Report<'_>, twice: Severity) {
    if let Some(root) = report.part().root() {
        node(report, root, &mut HashSet::new(), twice, 0);
    }
}

fn node<'a>(
    report: &mut Report<'_>,
    at: Node<'a>,
    anchors: &mut HashSet<&'a str>,
    twice: Severity,
    depth: usize,
) {
    if depth > MAX_DEPTH || report.part().leaves_out(at) {
        return;
    }
    anchors.extend(at.anchor());
    match at {
        Node::Mapping(at) => {
            mapping(report, at, twice);
            for entry in at.entries() {
                anchors.extend(entry.key().and_then(Node::anchor));
                if let Some(value) = entry.value() {
                    node(report, value, anchors, twice, depth + 1);
                }
            }
        }
        Node::Sequence(at) => {
            for item in at.items().filter_map(yaml_syntax::Item::node) {
                node(report, item, anchors, twice, depth + 1);
            }
        }
        Node::Alias(alias) if !anchors.contains(alias.name()) => {
            unknown_anchor(report, alias, anchors);
        }
        Node::Scalar(_) | Node::Alias(_) => {}
    }
}

fn unknown_anchor(report: &mut Report<'_>, alias: Alias<'_>, anchors: &HashSet<&str>) {
    let name = alias.name();
    let document = report.document();
    // One of an empty value has no node.
    if document.anchor(name, alias.range().start()).is_some() {
        return;
    }
    let are_few = anchors.len() <= fuzzy::MAX_COMPARED;
    let mut known: Vec<&str> = anchors.iter().copied().filter(|_| are_few).collect();
    known.sort_unstable();
    let near = fuzzy::nearest(name, known);
    let hint = near.map_or(String::new(), |near| format!("; did you mean `*{near}`?"));
    let message = format!("no anchor `&{name}` stands before this alias{hint}");
    let complaint = report.error(alias.range(), "unknown-anchor", message);
    if let Some(near) = near {
        let insert = format!("*{near}");
        complaint.replace(format!("Change to `{insert}`"), alias.range(), insert);
    }
}

fn mapping(report: &mut Report<'_>, mapping: Mapping<'_>, twice: Severity) {
    let mut first: HashMap<String, TextRange> = HashMap::new();
    for entry in mapping.entries() {
        let Some(key) = entry.key_text() else {
            continue;
        };
        // Ruby applies each merge in turn, and pipelines are read by Ruby.
        if key == "<<" && twice != Severity::Error {
            continue;
        }
        let range = key_range(entry);
        if let Some(earlier) = first.get(key.as_ref()) {
            let gone = report.whole_lines(entry.range());
            report.slip(mapping.range());
            let file = report.file();
            let message = format!("`{key}` stands twice in this mapping; remove one of them");
            report
                .push(range, twice, "duplicate-key", message)
                .related(file, *earlier, "it stands here first")
                .replace(format!("Remove this `{key}`"), gone, "")
                .tags
                .push(Tag::Unnecessary);
        } else {
            first.insert(key.into_owned(), range);
        }
    }
}
