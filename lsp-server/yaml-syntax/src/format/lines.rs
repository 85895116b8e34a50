//! Where each line of a document should start, found from the tree.

use std::collections::{BTreeMap, BTreeSet};

use super::{Options, Sequences};
use crate::ast::{Document, Entry, Item, Node, Scalar, ScalarStyle};
use crate::edit::{TextEdit, is_block};
use crate::tree::Kind;
use crate::{Source, TextRange, TextSize};

/// The edits, or `None` where the document is written in a way that is left alone.
pub(super) fn edits(document: Document<'_>, options: Options) -> Option<Vec<TextEdit>> {
    let source = document.source();
    let root = document.root()?;
    if document
        .elements()
        .any(|element| element.kind() == Kind::Question)
    {
        return None;
    }
    let mut layout = Layout {
        source,
        options,
        columns: BTreeMap::new(),
        texts: BTreeSet::new(),
        gaps: Vec::new(),
    };
    layout.nodes(root);
    layout.comments(document);
    Some(layout.into_edits(document.range()))
}

/// A node that is to be laid out: lines that start within it start at `col`, or deeper.
struct Task<'a> {
    node: Node<'a>,
    col: u32,
    /// The column, so far, of what holds it.
    old: u32,
}

struct Layout<'a> {
    source: &'a Source,
    options: Options,
    /// The column at which a line should start.
    columns: BTreeMap<u32, u32>,
    /// The lines within scalars, whose last blanks may count.
    texts: BTreeSet<u32>,
    /// Blanks within lines, by where they start.
    gaps: Vec<TextEdit>,
}

impl<'a> Layout<'a> {
    fn nodes(&mut self, root: Node<'a>) {
        let mut tasks = vec![Task {
            node: root,
            col: 0,
            old: 0,
        }];
        while let Some(task) = tasks.pop() {
            match task.node {
                Node::Mapping(mapping) if !mapping.is_flow() => {
                    for entry in mapping.entries() {
                        tasks.extend(self.entry(entry, task.col));
                    }
                }
                Node::Sequence(sequence) if !sequence.is_flow() => {
                    for item in sequence.items() {
                        tasks.extend(self.item(item, task.col));
                    }
                }
                Node::Scalar(scalar) => self.scalar(scalar, task.col, task.old),
                Node::Alias(_) => {}
                Node::Mapping(_) | Node::Sequence(_) => self.flow(task.node, task.col),
            }
        }
    }

    /// Lays out one entry at column `col`; returns its value.
    fn entry(&mut self, entry: Entry<'a>, col: u32) -> Option<Task<'a>> {
        let (key, colon) = (entry.key()?, entry.colon()?);
        self.start_line(key.full_range().start(), col);
        if matches!(key, Node::Scalar(_)) && key.range().len() > TextSize::from(0) {
            self.gap(key.range().end(), colon.start(), "");
        }
        let value = entry.value()?;
        let is_flush = self.options.sequences == Sequences::Flush;
        let inner = match value {
            Node::Sequence(_) if is_flush && is_block(value) => col,
            _ => col + self.options.step,
        };
        self.value(value, colon.end(), inner);
        let outer = if is_block(value) { inner } else { col };
        Some(Task {
            node: value,
            col: outer,
            old: self.source.line_col(key.full_range().start()).col,
        })
    }

    /// Lays out one item at column `col`; returns its node.
    fn item(&mut self, item: Item<'a>, col: u32) -> Option<Task<'a>> {
        let dash = item.range().start();
        self.start_line(dash, col);
        let node = item.node()?;
        self.value(node, dash + TextSize::from(1), col + 2);
        let is_block = is_block(node);
        let col = if is_block { col + 2 } else { col };
        let old = self.source.line_col(dash).col;
        Some(Task { node, col, old })
    }

    /// One blank between an indicator and its node; if the node starts on a line of its own, that
    /// starts at column `col`.
    fn value(&mut self, node: Node<'_>, behind: TextSize, col: u32) {
        let start = node.full_range().start();
        if self.line(start) == self.line(behind) {
            self.gap(behind, start, " ");
        } else {
            self.start_line(start, col);
        }
        if self.line(node.range().start()) != self.line(start) {
            self.start_line(node.range().start(), col);
        }
    }

    /// The lines of a scalar behind its first; `col` is that of what holds it.
    fn scalar(&mut self, scalar: Scalar<'_>, col: u32, old: u32) {
        let start = scalar.range().start();
        let first = self.line(start);
        let raw = scalar.raw();
        let raw = raw.strip_suffix('\n').unwrap_or(&raw);
        let last = self.line(start + TextSize::of(raw));
        if first == last {
            return;
        }
        match scalar.style() {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                self.block_text(scalar, (first, last), col, old);
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                for line in first..=last {
                    self.texts.insert(line);
                    if line > first && self.indent(line).is_some() {
                        self.columns.insert(line, col + self.options.step);
                    }
                }
            }
        }
    }

    /// Moves the lines of a block text together.
    fn block_text(&mut self, scalar: Scalar<'_>, lines: (u32, u32), col: u32, holder: u32) {
        let (first, last) = lines;
        let header = scalar.raw();
        let header = header.lines().next().unwrap_or_default();
        let header = header.split('#').next().unwrap_or_default();
        let old = (first + 1..=last).find_map(|line| self.indent(line));
        let Some(old) = old else { return };
        // With an indentation of its own it moves with what holds it.
        let is_explicit = header.bytes().any(|byte| byte.is_ascii_digit());
        let (old, new) = if is_explicit {
            (holder, col)
        } else {
            (old, col + self.options.step)
        };
        for line in first + 1..=last {
            self.texts.insert(line);
            if let Some(indent) = self.indent(line) {
                self.columns
                    .insert(line, (indent + new).saturating_sub(old));
            }
        }
    }

    /// The lines of a flow collection behind its first move with it.
    fn flow(&mut self, node: Node<'_>, col: u32) {
        let first = self.line(node.range().start());
        let last = self.line(node.range().end());
        let old = self.indent(first).unwrap_or(0);
        let new = self.columns.get(&first).copied().unwrap_or(old);
        for line in first + 1..=last {
            self.texts.insert(line);
            let Some(indent) = self.indent(line) else {
                continue;
            };
            let text = self.source.slice(self.source.line_range(line));
            let is_closer = text.trim_start().starts_with([']', '}']);
            let shallowest = if is_closer { col } else { col + 1 };
            self.columns
                .insert(line, (indent + new).saturating_sub(old).max(shallowest));
        }
    }

    /// Comments on lines of their own stand where what follows stands, or what precedes.
    fn comments(&mut self, document: Document<'_>) {
        for comment in document.comments() {
            let line = self.line(comment.start());
            if self.source.line_col(comment.start()).col != self.indent(line).unwrap_or(0)
                || self.columns.contains_key(&line)
                || self.texts.contains(&line)
            {
                continue;
            }
            if let Some(col) = self.comment_column(line) {
                self.columns.insert(line, col);
            }
        }
    }

    fn comment_column(&self, line: u32) -> Option<u32> {
        let is_structure = |other: &u32| !self.texts.contains(other);
        let old = self.indent(line)?;
        let next = self
            .columns
            .range(line + 1..)
            .map(|(line, _)| *line)
            .find(is_structure);
        let mut before = self.columns.range(..line).rev().map(|(line, _)| *line);
        let same = before.find(|other| is_structure(other) && self.indent(*other) == Some(old));
        let next_old = next.and_then(|next| self.indent(next));
        // Where something follows that is not as deep, the comment belongs to what precedes.
        let owner = match (next, next_old) {
            (Some(_), Some(next_old)) if old > next_old => same.or(next),
            (Some(next), _) => Some(next),
            (None, _) => same,
        };
        self.columns.get(&owner?).copied()
    }

    /// If the line of `at` starts there, it should start at column `col`.
    fn start_line(&mut self, at: TextSize, col: u32) {
        let place = self.source.line_col(at);
        if self.indent(place.line) == Some(place.col) {
            self.columns.insert(place.line, col);
        }
    }

    /// The blanks from `start` to `end`, if nothing else stands there, become `blanks`.
    fn gap(&mut self, start: TextSize, end: TextSize, blanks: &str) {
        let range = TextRange::new(start, end);
        let old = self.source.slice(range);
        let is_blank = old.chars().all(|char| matches!(char, ' ' | '\t'));
        if is_blank && old != blanks {
            self.gaps.push(TextEdit::new(range, blanks));
        }
    }

    fn line(&self, at: TextSize) -> u32 {
        self.source.line_col(at).line
    }

    /// How many spaces a line starts with; `None` for an empty one.
    fn indent(&self, line: u32) -> Option<u32> {
        let text = self.source.slice(self.source.line_range(line));
        let content = text.trim_start_matches(' ');
        let is_empty = content.trim_start_matches('\t').is_empty();
        (!is_empty).then(|| (text.len() - content.len()) as u32)
    }

    fn into_edits(self, range: TextRange) -> Vec<TextEdit> {
        let mut edits = self.gaps;
        for (line, col) in &self.columns {
            let start = self.source.line_range(*line).start();
            let text = self.source.slice(self.source.line_range(*line));
            let blanks = text.len() - text.trim_start_matches(' ').len();
            let insert = " ".repeat(*col as usize);
            if text.get(..blanks) != Some(insert.as_str()) {
                let end = start + TextSize::from(blanks as u32);
                edits.push(TextEdit::new(TextRange::new(start, end), insert));
            }
        }
        let first = self.source.line_col(range.start()).line;
        let last = self.source.line_col(range.end()).line;
        for line in (first..=last).filter(|line| !self.texts.contains(line)) {
            let line = self.source.line_range(line);
            let text = self.source.slice(line);
            let content = text.trim_end_matches([' ', '\t']).len() as u32;
            let start = line.start() + TextSize::from(content);
            if start < line.end() && range.covers(line) {
                edits.push(TextEdit::new(TextRange::new(start, line.end()), ""));
            }
        }
        edits.sort_by_key(|edit| edit.range.start());
        edits.dedup_by(|later, earlier| later.range.start() < earlier.range.end());
        edits
    }
}
