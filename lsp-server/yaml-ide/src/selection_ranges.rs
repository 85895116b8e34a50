//! Growing the selection by the tree.

use yaml_syntax::{Document, Node, TextRange, TextSize};

use crate::{Analysis, FileId};

/// More are nested deeper in the answer than some readers of JSON go.
const MAX_RANGES: usize = 200;

/// Ranges around `offset`, from the word to the whole file: each holds the one before it and is
/// larger.
pub fn selection_ranges(analysis: &Analysis, file: FileId, offset: TextSize) -> Vec<TextRange> {
    let Some(parse) = analysis.parse(file) else {
        return Vec::new();
    };
    let mut outer_first = vec![TextRange::new(TextSize::from(0), parse.source().len())];
    if let Some(document) = parse.document_at(offset) {
        outer_first.push(document.range());
        outer_first.extend(around(document, offset));
    }
    let mut ranges: Vec<TextRange> = Vec::new();
    for range in outer_first.into_iter().rev() {
        let grows = ranges
            .last()
            .is_none_or(|inner| range.covers(*inner) && range != *inner);
        if grows {
            ranges.push(range);
        }
    }
    // Of too many the outer ones go, but for the file.
    if let Some(file) = ranges.last().copied().filter(|_| ranges.len() > MAX_RANGES) {
        ranges.truncate(MAX_RANGES - 1);
        ranges.push(file);
    }
    ranges
}

/// Nodes, entries and items around `offset`, outermost first.
fn around(document: Document<'_>, offset: TextSize) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut next = document.root();
    while let Some(node) = next.filter(|node| node.full_range().touches(offset)) {
        found.push(node.full_range());
        // The anchor and the tag are outside of it.
        if node.range().touches(offset) {
            found.push(node.range());
        }
        next = match node {
            Node::Mapping(mapping) => {
                let mut entries = mapping.entries();
                let entry = entries.find(|entry| entry.range().touches(offset));
                entry.and_then(|entry| {
                    found.push(entry.range());
                    match entry.key().filter(|key| key.range().touches(offset)) {
                        Some(key) => Some(key),
                        None => entry.value(),
                    }
                })
            }
            Node::Sequence(sequence) => {
                let mut items = sequence.items();
                let item = items.find(|item| item.range().touches(offset));
                item.and_then(|item| {
                    found.push(item.range());
                    item.node()
                })
            }
            Node::Scalar(_) | Node::Alias(_) => None,
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use expect_test::{Expect, expect};

    #[test]
    fn the_selection_grows_by_the_tree() {
        check(
            "spec:\n  ports:\n  - port: 8$00\n---\na: 1\n",
            expect![[r#"
                "80"
                "port: 80"
                "- port: 80"
                "ports:\n  - port: 80"
                "spec:\n  ports:\n  - port: 80"
                "spec:\n  ports:\n  - port: 80\n"
                "spec:\n  ports:\n  - port: 80\n---\na: 1\n"
            "#]],
        );
    }

    #[test]
    fn deep_selections_stay_readable() {
        let text = "- ".repeat(500) + "a$0\n";
        let (analysis, file, offset) = fixture::position(&text);
        let ranges = selection_ranges(&analysis, file, offset);
        assert_eq!(ranges.len(), MAX_RANGES);
        let ends = [ranges[0], ranges[MAX_RANGES - 1]].map(|it| u32::from(it.len()));
        assert_eq!(ends, [1, 1_002]);
    }

    #[track_caller]
    fn check(fixture: &str, expected: Expect) {
        let (analysis, file, offset) = fixture::position(fixture);
        let source = analysis.source(file).unwrap();
        let shown: String = selection_ranges(&analysis, file, offset)
            .into_iter()
            .map(|range| format!("{:?}\n", source.slice(range)))
            .collect();
        expected.assert_eq(&shown);
    }
}
