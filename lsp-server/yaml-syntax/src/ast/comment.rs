//! Comments, and what they describe.
//!
//! A comment describes an entry or an item
//!
//! - that starts the line below it, as the last line of a block of comments. An empty line ends the
//!   block: what stands above it, such as the head of a file, describes nothing in particular. So
//!   does a comment that is indented deeper than the line below, which belongs to what it follows.
//!   In front of `- name: x` it describes the item, not the entry `name`.
//! - that is the last to start on its own line, in front of it: `name` for `- name: x # …`, and
//!   `spec` for `spec: # …`; or whose value ends there.

use super::{Entry, Item, Node};
use crate::cursor::Cursor;
use crate::tree::{Kind, NONE};
use crate::{TextRange, TextSize};

/// A comment, from its `#` to the end of its line.
#[derive(Debug, Clone, Copy)]
pub struct Comment<'a>(Cursor<'a>);

impl<'a> Comment<'a> {
    /// From its `#` to the end of its line.
    pub fn range(self) -> TextRange {
        self.0.range()
    }

    /// What it says: without the `#` and the blanks around.
    pub fn text(self) -> &'a str {
        self.0.text().trim_start_matches('#').trim()
    }
}

impl<'a> Entry<'a> {
    /// The block of comments on the lines above that describes it, in order. Empty where something
    /// else starts its line, and where an empty line follows the comments.
    pub fn leading_comments(self) -> Vec<Comment<'a>> {
        above(self.0, self.range().start())
    }

    /// The comment behind it, on the line of its colon or of its end.
    pub fn trailing_comment(self) -> Option<Comment<'a>> {
        let inner = self.colon().map_or(NONE, |colon| colon.start().into());
        behind(self.0, inner, self.value(), self.range().end())
    }
}

impl<'a> Item<'a> {
    /// As [`Entry::leading_comments`].
    pub fn leading_comments(self) -> Vec<Comment<'a>> {
        above(self.0, self.range().start())
    }

    /// The comment behind it, on the line of its dash or of its end. That behind the first key of a
    /// mapping in it describes the entry.
    pub fn trailing_comment(self) -> Option<Comment<'a>> {
        let dash = self.range().start();
        behind(self.0, dash.into(), self.node(), self.range().end())
    }
}

/// The comments on the lines above what starts at `start`.
fn above(cursor: Cursor<'_>, start: TextSize) -> Vec<Comment<'_>> {
    let mut comments = Vec::new();
    let place = cursor.source.line_col(start);
    if !starts_line(cursor, start) {
        return comments;
    }
    let mut line = place.line;
    let mut next = cursor.previous();
    while let Some(before) = next {
        let is_around = matches!(before.kind(), Kind::BlockMap | Kind::BlockSeq);
        if is_around && line == place.line {
            next = before.previous();
            continue;
        }
        let at = TextSize::from(before.start());
        let is_comment = before.kind() == Kind::Comment && starts_line(cursor, at);
        let stands = cursor.source.line_col(at);
        if !is_comment || stands.line + 1 != line || stands.col > place.col {
            break;
        }
        comments.push(Comment(before));
        line = stands.line;
        next = before.previous();
    }
    comments.reverse();
    comments
}

/// The comment on the line of the colon or dash at `indicator`, in front of `node`, or behind `end`.
fn behind<'a>(
    cursor: Cursor<'a>,
    indicator: u32,
    node: Option<Node<'a>>,
    end: TextSize,
) -> Option<Comment<'a>> {
    let source = cursor.source;
    let line = |at: TextSize| source.line_col(at).line;
    let is_comment = |child: &Cursor<'_>| child.kind() == Kind::Comment;
    let first_line = line(TextSize::from(indicator).min(end));
    let inside = cursor.children().find(|child| {
        is_comment(child) && child.start() > indicator && line(child.range().start()) == first_line
    });
    if inside.is_some() {
        return inside.map(Comment);
    }
    let is_in_lines = node.is_some_and(crate::edit::is_block);
    let next = cursor.to(cursor.subtree_end()).filter(is_comment)?;
    let start = next.range().start();
    let is_on_line = line(start) == line(end) || (start < end && line(start) == first_line);
    let between = source.slice(TextRange::new(end, start));
    let is_next = between.chars().all(|char| matches!(char, ' ' | '\t' | ','));
    (!is_in_lines && is_on_line && is_next).then_some(Comment(next))
}

/// Whether nothing but blanks stands in front of `at` on its line.
fn starts_line(cursor: Cursor<'_>, at: TextSize) -> bool {
    let line = cursor.source.line_col(at).line;
    let start = cursor.source.line_range(line).start();
    let before = cursor.source.slice(TextRange::new(start, at));
    before.chars().all(|char| matches!(char, ' ' | '\t'))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use crate::ast::{Mapping, Node, Sequence};

    #[test]
    fn comments_above_describe_what_starts_the_next_line() {
        check(
            "\
# head of the file

# about spec
# in two lines
spec:
  # about ports
  ports:
  # about the item
  - name: x
    # about port
    port: 1
    # behind the port
  # also behind
status: {}
",
            &expect![[r"
                spec < about spec | in two lines
                ports < about ports
                - 0 < about the item
                port < about port
            "]],
        );
    }

    #[test]
    fn comments_behind_describe_the_last_that_starts_on_the_line() {
        check(
            "\
spec: # a
  ports: # b
  - # c
    name: x # d
  - name: y # e
    text: | # f
      # no comment
  - plain # g
  - [1, # h
     2] # i
  flow: {a: 1, # j
    b: 2 # k
    } # l
  none: # m
  tagged: !t # n
    v # o
",
            &expect![[r"
                spec > a
                ports > b
                - 0 > c
                name > d
                name > e
                text > f
                - 2 > g
                - 3 > i
                - 0 > h
                flow > l
                a > j
                b > k
                none > m
                tagged > n
            "]],
        );
    }

    #[track_caller]
    fn check(text: &str, expected: &Expect) {
        let parse = crate::parse(text);
        assert!(parse.is_valid(), "{:?}", parse.errors());
        let mut out = String::new();
        for document in parse.documents() {
            describe(document.root(), &mut out);
        }
        expected.assert_eq(&out);
    }

    fn describe(node: Option<Node<'_>>, out: &mut String) {
        match node {
            Some(Node::Mapping(mapping)) => entries(mapping, out),
            Some(Node::Sequence(sequence)) => items(sequence, out),
            _ => {}
        }
    }

    fn entries(mapping: Mapping<'_>, out: &mut String) {
        for entry in mapping.entries() {
            let name = entry.key_text().unwrap_or_default();
            say(
                &name,
                &entry.leading_comments(),
                entry.trailing_comment(),
                out,
            );
            describe(entry.value(), out);
        }
    }

    fn items(sequence: Sequence<'_>, out: &mut String) {
        for (index, item) in sequence.items().enumerate() {
            let name = format!("- {index}");
            say(
                &name,
                &item.leading_comments(),
                item.trailing_comment(),
                out,
            );
            describe(item.node(), out);
        }
    }

    fn say(
        name: &str,
        leading: &[super::Comment<'_>],
        trailing: Option<super::Comment<'_>>,
        out: &mut String,
    ) {
        let leading: Vec<_> = leading.iter().map(|comment| comment.text()).collect();
        if !leading.is_empty() {
            writeln!(out, "{name} < {}", leading.join(" | ")).unwrap();
        }
        if let Some(trailing) = trailing {
            writeln!(out, "{name} > {}", trailing.text()).unwrap();
        }
    }
}
