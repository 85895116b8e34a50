//! Keys that stand twice in a mapping: the API server refuses them, and plain tools keep the last.

use std::collections::HashMap;

use yaml_syntax::{Mapping, Node, TextRange};

use super::Tag;
use super::report::{Report, key_range};

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 128;

pub(super) fn check(report: &mut Report<'_>) {
    if let Some(root) = report.document().root() {
        node(report, root, 0);
    }
}

fn node(report: &mut Report<'_>, at: Node<'_>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match at {
        Node::Mapping(at) => {
            mapping(report, at);
            for value in at.entries().filter_map(yaml_syntax::Entry::value) {
                node(report, value, depth + 1);
            }
        }
        Node::Sequence(at) => {
            for item in at.items().filter_map(yaml_syntax::Item::node) {
                node(report, item, depth + 1);
            }
        }
        Node::Scalar(_) | Node::Alias(_) => {}
    }
}

fn mapping(report: &mut Report<'_>, mapping: Mapping<'_>) {
    let mut first: HashMap<String, TextRange> = HashMap::new();
    for entry in mapping.entries() {
        let Some(key) = entry.key_text() else {
            continue;
        };
        let range = key_range(entry);
        if let Some(earlier) = first.get(key.as_ref()) {
            let gone = report.whole_lines(entry.range());
            let file = report.file();
            let message = format!("`{key}` stands twice in this mapping; remove one of them");
            report
                .error(range, "duplicate-key", message)
                .related(file, *earlier, "it stands here first")
                .replace(format!("Remove this `{key}`"), gone, "")
                .tags
                .push(Tag::Unnecessary);
        } else {
            first.insert(key.into_owned(), range);
        }
    }
}
