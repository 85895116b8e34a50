//! What can be folded, read line by line: no tree is needed, and only the lines of a fold are read.

use std::ops::{ControlFlow, Range};

use yaml_syntax::highlight::{LineState, next_state};

use crate::colors::Colors;
use crate::text::Text;

/// Lines below a line that are looked at to tell whether it can be folded.
const LOOK: usize = 64;
/// The same for the first document of a file, which can be folded if another follows.
const LOOK_FOR_DOCUMENT: usize = 500;
/// Lines above the first document that are looked at to tell that it is the first.
const MOST_ABOVE: usize = 200;

/// Lines that can be hidden below the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The line that stays.
    pub header: usize,
    /// The last line that goes.
    pub last: usize,
    /// How many regions it stands in, if it was found with all others.
    pub level: usize,
    /// What it is.
    pub sort: RegionSort,
}

/// What can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionSort {
    /// A document of several.
    Document,
    /// What belongs to a key, an item or a bracket.
    Block,
    /// Lines of comments.
    Comment,
}

/// All that can be folded, in the order of the first lines.
pub fn regions(text: &Text, colors: &mut Colors) -> Vec<Region> {
    let mut found = Vec::new();
    scan(text, colors, 0, |_, region| {
        found.extend(region);
        ControlFlow::Continue(())
    });
    crate::sort_by_key(&mut found, |it| (it.header, usize::MAX - it.last));
    let documents = found.iter().any(|it| it.sort == RegionSort::Document);
    if !documents {
        for region in &mut found {
            region.level = region.level.saturating_sub(1);
        }
    }
    found.dedup_by_key(|it| it.header);
    found
}

/// What can be folded below `line`.
pub fn region_at(text: &Text, colors: &mut Colors, line: usize) -> Option<Region> {
    let mut found: Option<Region> = None;
    scan(text, colors, line, |scanner, region| {
        if let Some(region) = region {
            if region.header == line {
                found = Some(region);
            }
        } else if !scanner.holds(line) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    found
}

/// The innermost region that `is_wanted` of those around `line`, the one below it included.
pub fn region_around(
    text: &Text,
    colors: &mut Colors,
    line: usize,
    is_wanted: impl Fn(&Region) -> bool,
) -> Option<Region> {
    let mut indent = usize::MAX;
    for above in (0..=line).rev() {
        let content = text.line(above);
        let trimmed = content.trim_start();
        let own = indentation(&content);
        let is_outer = own < indent || own == indent && !trimmed.starts_with("- ");
        if trimmed.is_empty() || !is_outer {
            continue;
        }
        let found = region_at(text, colors, above);
        let found = found.filter(|it| it.last >= line && is_wanted(it));
        if found.is_some() || content.starts_with("---") {
            return found;
        }
        if !trimmed.starts_with('#') {
            indent = own;
        }
    }
    None
}

/// The lines of `range` below which something can be folded.
pub fn headers(text: &Text, colors: &mut Colors, range: &Range<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    scan(text, colors, range.start, |scanner, region| {
        found.extend(region.map(|it| it.header));
        let look = if scanner.reads_first_document() {
            LOOK_FOR_DOCUMENT
        } else {
            LOOK
        };
        if scanner.line < range.end + look {
            return ControlFlow::Continue(());
        }
        let more = scanner.open.iter().filter(|it| it.hides());
        let more = more.filter(|it| it.sort != Sort::Document || scanner.documents > 0);
        found.extend(more.map(|it| it.header));
        ControlFlow::Break(())
    });
    found.retain(|it| range.contains(it));
    found.sort_unstable();
    found.dedup();
    found
}

/// Reads lines from `from` on and tells of each region when it ends, and of nothing after each
/// line.
fn scan(
    text: &Text,
    colors: &mut Colors,
    from: usize,
    mut tell: impl FnMut(&Scanner, Option<Region>) -> ControlFlow<()>,
) {
    let is_first = from <= MOST_ABOVE && (0..from).all(|it| is_blank(&text.line(it)));
    let mut scanner = Scanner {
        line: from,
        documents: usize::from(!is_first),
        is_known: is_first,
        state: colors.before(text, from),
        open: Vec::new(),
        comments: None,
        closed: Vec::new(),
    };
    for content in text.lines_from(from) {
        scanner.read(&content);
        for region in std::mem::take(&mut scanner.closed) {
            if tell(&scanner, Some(region)).is_break() {
                return;
            }
        }
        scanner.line += 1;
        if tell(&scanner, None).is_break() {
            return;
        }
    }
    scanner.close_comments();
    scanner.close_to(0);
    for region in std::mem::take(&mut scanner.closed) {
        if tell(&scanner, Some(region)).is_break() {
            return;
        }
    }
}

struct Scanner {
    line: usize,
    /// Documents that have ended, as far as it matters whether there was one.
    documents: usize,
    /// Whether the start of the document is known.
    is_known: bool,
    /// The state before `line`.
    state: LineState,
    /// What may go on, from the outside in.
    open: Vec<Open>,
    /// The first line of the comments right above.
    comments: Option<usize>,
    closed: Vec<Region>,
}

/// A region that may go on.
struct Open {
    header: usize,
    last: usize,
    sort: Sort,
}

#[derive(PartialEq, Eq)]
enum Sort {
    Document,
    /// A document that began above what was read.
    Rest,
    /// Goes on while lines are indented more.
    Block {
        indent: usize,
        is_item: bool,
    },
    /// Goes on until no more brackets are open than before it.
    Flow {
        depth: u32,
    },
}

impl Open {
    fn hides(&self) -> bool {
        self.last > self.header
    }
}

impl Scanner {
    /// Whether the region below `line` may go on. The first document of a file is one of several
    /// only if another begins soon: one long file is not read to its end for that.
    fn holds(&self, line: usize) -> bool {
        let reads_on = self.documents > 0 || self.line < line + LOOK_FOR_DOCUMENT;
        let holds = |it: &Open| it.header == line && (reads_on || it.sort != Sort::Document);
        self.comments == Some(line) || self.open.iter().any(holds)
    }

    /// Whether what was read so far is the first document of a file.
    fn reads_first_document(&self) -> bool {
        self.documents == 0
    }

    fn read(&mut self, content: &str) {
        let before = self.state;
        self.state = next_state(content, before);
        let trimmed = content.trim();
        let is_comment = trimmed.starts_with('#') && !before.continues_text(content);
        if is_comment {
            self.comment(indentation(content));
            return;
        }
        self.close_comments();
        if before.continues_text(content) || trimmed.is_empty() {
            if !trimmed.is_empty() {
                self.extend();
            }
        } else if content.starts_with("---") || content.starts_with("...") {
            self.marker(content);
        } else if before.flow_depth() > 0 {
            self.flow(trimmed, before.flow_depth());
        } else {
            self.block(content, trimmed);
        }
    }

    /// The innermost region reaches to this line.
    fn extend(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.last = self.line;
        }
    }

    /// A comment belongs to what it is indented below, and ends nothing.
    fn comment(&mut self, indent: usize) {
        self.comments.get_or_insert(self.line);
        let line = self.line;
        let belongs = |it: &&mut Open| match it.sort {
            Sort::Document | Sort::Rest => false,
            Sort::Block { indent: outer, .. } => outer < indent,
            Sort::Flow { .. } => true,
        };
        if let Some(open) = self.open.iter_mut().rev().find(belongs) {
            open.last = line;
        }
    }

    fn close_comments(&mut self) {
        let Some(header) = self.comments.take() else {
            return;
        };
        let last = self.line - 1;
        if last > header {
            self.closed.push(Region {
                header,
                last,
                level: self.open.iter().filter(|it| it.last > header).count(),
                sort: RegionSort::Comment,
            });
        }
    }

    fn marker(&mut self, content: &str) {
        // What ends before another is one of several.
        self.documents += usize::from(!self.open.is_empty());
        self.close_to(0);
        self.is_known = true;
        if content.starts_with("---") {
            self.push(Sort::Document);
        }
    }

    /// What stands in a document without a marker begins it.
    fn begin(&mut self) {
        if self.open.is_empty() {
            self.push(if self.is_known {
                Sort::Document
            } else {
                Sort::Rest
            });
        }
    }

    fn block(&mut self, content: &str, trimmed: &str) {
        self.begin();
        let indent = indentation(content);
        let is_item = trimmed == "-" || trimmed.starts_with("- ");
        while let Some(open) = self.open.last() {
            let goes_on = match open.sort {
                Sort::Document | Sort::Rest => true,
                // Items may stand right below their key.
                Sort::Block {
                    indent: outer,
                    is_item: outer_item,
                } => outer < indent || outer == indent && is_item && !outer_item,
                Sort::Flow { .. } => false,
            };
            if goes_on {
                break;
            }
            self.close_to(self.open.len() - 1);
        }
        self.extend();
        self.push(match self.state.flow_depth() {
            0 => Sort::Block { indent, is_item },
            _ => Sort::Flow { depth: 0 },
        });
    }

    /// A line between brackets, of which `depth` are open before it.
    fn flow(&mut self, trimmed: &str, depth: u32) {
        self.begin();
        let closing = |c: &char| matches!(c, ']' | '}' | ',' | ' ');
        let closed = trimmed.chars().take_while(closing);
        let closed = closed.filter(|c| matches!(c, ']' | '}')).count();
        let least = depth.saturating_sub(u32::try_from(closed).unwrap_or(depth));
        // The brackets that end a region stay beside its first line, as in other editors.
        self.close_flow(least);
        self.extend();
        let after = self.state.flow_depth();
        self.close_flow(after);
        if after > least {
            self.push(Sort::Flow { depth: least });
        }
    }

    fn close_flow(&mut self, least: u32) {
        while let Some(Open {
            sort: Sort::Flow { depth },
            ..
        }) = self.open.last()
            && *depth >= least
        {
            self.close_to(self.open.len() - 1);
        }
    }

    fn push(&mut self, sort: Sort) {
        self.open.push(Open {
            header: self.line,
            last: self.line,
            sort,
        });
    }

    /// Ends all but the `kept` outermost.
    fn close_to(&mut self, kept: usize) {
        while self.open.len() > kept
            && let Some(open) = self.open.pop()
        {
            if let Some(outer) = self.open.last_mut() {
                outer.last = outer.last.max(open.last);
            }
            let sort = match open.sort {
                // The only document of a file is the file.
                Sort::Document if self.documents > 0 => RegionSort::Document,
                Sort::Document | Sort::Rest => continue,
                Sort::Block { .. } | Sort::Flow { .. } => RegionSort::Block,
            };
            if open.last > open.header {
                self.closed.push(Region {
                    header: open.header,
                    last: open.last,
                    level: self.open.len(),
                    sort,
                });
            }
        }
    }
}

/// Whether a line belongs to no document.
fn is_blank(content: &str) -> bool {
    let trimmed = content.trim_start();
    trimmed.is_empty() || trimmed.starts_with('#')
}

fn indentation(content: &str) -> usize {
    content.len() - content.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn keys_and_items_hold_what_is_indented_below() {
        check(
            "\
spec:
  ports:
  - name: a
    port: 80

  - name: b
  type: x
kind: y
",
            &expect![[r"
                0-6 level 0
                1-5 level 1
                2-3 level 2
            "]],
        );
    }

    #[test]
    fn documents_fold_where_there_are_several() {
        check("---\na: 1\nb: 2\n", &expect![""]);
        check(
            "---\na: 1\n---\nb:\n  c: 1\n",
            &expect![[r"
                0-1 level 0 document
                2-4 level 0 document
                3-4 level 1
            "]],
        );
        check(
            "# about\na: 1\nb:\n  c: 1\n---\nd: 1\n",
            &expect![[r"
                1-3 level 0 document
                2-3 level 1
                4-5 level 0 document
            "]],
        );
    }

    #[test]
    fn texts_are_not_read() {
        check(
            "a: |\n  b:\n    c\n\n  d: {\nb: \"x\n  y:\n    z\"\nc: 1\n",
            &expect![[r"
                0-4 level 0
                5-7 level 0
            "]],
        );
    }

    #[test]
    fn the_brackets_that_end_stay() {
        check(
            "{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  },\n  \"c\": 1\n}\n",
            &expect![[r"
                0-6 level 0
                1-4 level 1
                2-3 level 2
            "]],
        );
        check("a: [\n  1, 2]\nb: 1\n", &expect!["0-1 level 0\n"]);
    }

    #[test]
    fn comments_fold_and_end_nothing() {
        check(
            "# one\n# two\na:\n  b: 1\n# shallow\n  c: 1\n  # last\nd: 1\n",
            &expect![[r"
                0-1 level 0 comment
                2-6 level 0
            "]],
        );
    }

    #[test]
    fn the_region_around_a_line_is_the_innermost() {
        let text = Text::new("a:\n  b:\n    - x\n    - y\n  c: 1\nd: 1\n");
        let mut colors = Colors::default();
        let mut around =
            |line| region_around(&text, &mut colors, line, |_| true).map(|it| it.header);
        assert_eq!(around(3), Some(1));
        assert_eq!(around(4), Some(0));
        assert_eq!(around(1), Some(1));
        assert_eq!(around(5), None);
    }

    /// What is found line by line is what is found in the whole text.
    #[track_caller]
    fn check(text: &str, expected: &Expect) {
        let text = Text::new(text);
        let mut colors = Colors::default();
        let all = regions(&text, &mut colors);
        let shown = all.iter().fold(String::new(), |acc, it| {
            let comment = match it.sort {
                RegionSort::Document => " document",
                RegionSort::Block => "",
                RegionSort::Comment => " comment",
            };
            format!(
                "{acc}{}-{} level {}{comment}\n",
                it.header, it.last, it.level
            )
        });
        expected.assert_eq(&shown);
        let lines = 0..text.line_count();
        let each: Vec<_> = lines
            .clone()
            .filter_map(|it| region_at(&text, &mut colors, it))
            .collect();
        let ends = |it: &[Region]| it.iter().map(|it| (it.header, it.last)).collect::<Vec<_>>();
        assert_eq!(ends(&each), ends(&all));
        let found: Vec<_> = all.iter().map(|it| it.header).collect();
        assert_eq!(headers(&text, &mut colors, &lines), found);
    }
}
