//! What can be folded: documents, blocks, comments.

use yaml_syntax::{Entry, Node, Source, TextRange, TextSize};

use crate::cache::{Facts, Moved};
use crate::manifest;
use crate::part::Part;
use crate::pieces::{self, Place, Placed};
use crate::{Analysis, FileId};

/// Something that can be folded to its first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldingRange {
    /// From the line that stays visible to the end of the last line that goes.
    pub range: TextRange,
    /// What it is.
    pub kind: FoldingKind,
    /// What is shown in its place, where more can be said than the first line does.
    pub collapsed: Option<String>,
}

/// What can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldingKind {
    /// A document of several in a file.
    Document,
    /// A key with what belongs to it, or an item.
    Block,
    /// Comment lines.
    Comment,
}

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 64;

/// All that can be folded in `file`, in order of their starts.
pub fn folding_ranges(analysis: &Analysis, file: FileId) -> Vec<FoldingRange> {
    folding_ranges_in_pieces(analysis, file).flatten().collect()
}

/// The same in pieces of work, for those who may not stay away for long.
pub fn folding_ranges_in_pieces(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = Vec<FoldingRange>> {
    let several = analysis
        .parse(file)
        .is_some_and(|parse| parse.documents().len() > 1);
    let source = analysis.source(file).into_iter();
    let pieces = source.flat_map(move |source| {
        let of_part = move |part: &Part<'_>| of_part(source, part);
        pieces::found(analysis, file, None, of_part)
    });
    pieces.map(move |mut folds| {
        folds.retain(|fold| several || fold.kind != FoldingKind::Document);
        folds
    })
}

impl Placed for FoldingRange {
    fn place(facts: &Facts) -> &Place<Self> {
        &facts.folds
    }

    fn start(&self) -> TextSize {
        self.range.start()
    }

    fn moved(&self, moved: Moved) -> Self {
        Self {
            range: moved.range(self.range),
            ..self.clone()
        }
    }
}

fn of_part(source: &Source, part: &Part<'_>) -> Vec<FoldingRange> {
    let mut folds = Folds {
        source,
        part,
        found: Vec::new(),
    };
    if let Some(root) = part.root() {
        if part.is_item() {
            let item = TextRange::new(part.start(), root.range().end());
            folds.push(item, FoldingKind::Block, None);
        } else {
            folds.document(root);
        }
        folds.node(root, 0);
    }
    folds.comments();
    folds.found
}

struct Folds<'a> {
    source: &'a Source,
    part: &'a Part<'a>,
    found: Vec<FoldingRange>,
}

impl Folds<'_> {
    fn document(&mut self, root: Node<'_>) {
        let named = manifest::manifests(self.part.document()).into_iter().next();
        let collapsed = named.map(|manifest| {
            let name = manifest.name.unwrap_or_default();
            format!("{} {name}", manifest.kind).trim().to_owned()
        });
        let range = TextRange::new(self.part.start(), root.range().end());
        self.push(range, FoldingKind::Document, collapsed);
    }

    fn node(&mut self, node: Node<'_>, depth: usize) {
        match node {
            _ if depth > MAX_DEPTH => {}
            Node::Mapping(mapping) => {
                for entry in mapping.entries() {
                    self.entry(entry, depth);
                }
            }
            Node::Sequence(sequence) => {
                for item in sequence.items() {
                    if let Some(node) = item.node().filter(|node| !self.part.leaves_out(*node)) {
                        self.push(item.range(), FoldingKind::Block, None);
                        self.node(node, depth + 1);
                    }
                }
            }
            Node::Scalar(_) | Node::Alias(_) => {}
        }
    }

    fn entry(&mut self, entry: Entry<'_>, depth: usize) {
        self.push(entry.range(), FoldingKind::Block, None);
        if let Some(value) = entry.value() {
            self.node(value, depth + 1);
        }
    }

    /// Runs of lines that hold nothing but a comment.
    fn comments(&mut self) {
        let mut run: Option<TextRange> = None;
        for comment in self.part.comments() {
            if !self.stands_alone(comment) {
                continue;
            }
            let next = match run {
                Some(run) if self.line(run.end()) + 1 == self.line(comment.start()) => {
                    TextRange::new(run.start(), comment.end())
                }
                Some(run) => {
                    self.push(run, FoldingKind::Comment, None);
                    comment
                }
                None => comment,
            };
            run = Some(next);
        }
        if let Some(run) = run {
            self.push(run, FoldingKind::Comment, None);
        }
    }

    fn stands_alone(&self, comment: TextRange) -> bool {
        let line = self.source.line_range(self.line(comment.start()));
        let before = TextRange::new(line.start(), comment.start());
        self.source.slice(before).trim().is_empty()
    }

    /// Adds a fold if it has more than one line and starts where no other does.
    fn push(&mut self, range: TextRange, kind: FoldingKind, collapsed: Option<String>) {
        let first = self.line(range.start());
        if first == self.line(range.end()) {
            return;
        }
        let again = self.found.last().is_some_and(|last| {
            last.kind == kind
                && self.line(last.range.start()) == first
                && self.line(last.range.end()) == self.line(range.end())
        });
        if !again {
            self.found.push(FoldingRange {
                range,
                kind,
                collapsed,
            });
        }
    }

    fn line(&self, offset: TextSize) -> u32 {
        self.source.line_col(offset).line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use expect_test::{Expect, expect};

    #[test]
    fn blocks_documents_and_comments_fold() {
        check(
            "\
# one
# two
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
    name: http
---
kind: Namespace
data: |
  a
  b
",
            expect![[r#"
                0-9 Document Service web
                0-1 Comment
                4-5 Block
                6-9 Block
                7-9 Block
                8-9 Block
                10-14 Document Namespace
                12-14 Block
            "#]],
        );
    }

    #[test]
    fn single_lines_do_not_fold() {
        check("a: 1\n# c\nb: {c: 1}\n", expect![""]);
    }

    #[track_caller]
    fn check(fixture: &str, expected: Expect) {
        let analysis = fixture::plain(fixture);
        let source = analysis.source(FileId(0)).unwrap();
        let shown: String = folding_ranges(&analysis, FileId(0))
            .iter()
            .map(|fold| {
                let line = |offset| source.line_col(offset).line;
                let (start, end) = (line(fold.range.start()), line(fold.range.end()));
                let collapsed = fold.collapsed.as_deref().unwrap_or_default();
                format!("{start}-{end} {:?} {collapsed}", fold.kind)
                    .trim_end()
                    .to_owned()
                    + "\n"
            })
            .collect();
        expected.assert_eq(&shown);
    }
}
