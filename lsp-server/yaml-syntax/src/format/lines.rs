//! Where each line of a document should start, found from the tree.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Options, Sequences};
use crate::ast::{Document, Entry, Item, Node, Scalar, ScalarStyle};
use crate::edit::{TextEdit, is_block};
use crate::order::sort_by_number;
use crate::{Source, TextRange, TextSize};

/// The edits, or `None` where the document is written in a way that is left alone.
pub(super) fn edits(document: Document<'_>, options: Options) -> Option<Vec<TextEdit>> {
    let source = document.source();
    let root = document.root()?;
    let mut layout = Layout {
        source,
        options,
        columns: BTreeMap::new(),
        texts: BTreeSet::new(),
        inner: BTreeSet::new(),
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
    /// The lines within scalars and brackets, which start nothing that a comment could belong to.
    inner: BTreeSet<u32>,
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
                        self.entry(entry, task.col, &mut tasks);
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

    /// Lays out one entry at column `col`; its nodes go to `tasks`.
    fn entry(&mut self, entry: Entry<'a>, col: u32, tasks: &mut Vec<Task<'a>>) {
        self.start_line(entry.range().start(), col);
        let old = self.source.line_col(entry.range().start()).col;
        if let Some(question) = entry.question() {
            tasks.extend(
                entry
                    .key()
                    .map(|key| self.behind_indicator(key, question, col, old)),
            );
            let Some(colon) = entry.colon() else { return };
            self.start_line(colon.start(), col);
            tasks.extend(
                entry
                    .value()
                    .map(|value| self.behind_indicator(value, colon, col, old)),
            );
            return;
        }
        let Some(colon) = entry.colon() else { return };
        if let Some(key @ Node::Scalar(_)) = entry.key()
            && !key.range().is_empty()
        {
            self.gap(key.range().end(), colon.start(), "");
        }
        let Some(node) = entry.value() else { return };
        let is_flush = self.options.sequences == Sequences::Flush;
        let inner = match node {
            Node::Sequence(_) if is_flush && is_block(node) => col,
            _ => col + self.options.step,
        };
        self.value(node, colon.end(), col + self.options.step, inner);
        let col = if is_block(node) { inner } else { col };
        tasks.push(Task { node, col, old });
    }

    /// Lays out the node behind a `-` or `?`, or behind the `:` of such a key.
    fn behind_indicator(
        &mut self,
        node: Node<'a>,
        indicator: TextRange,
        col: u32,
        old: u32,
    ) -> Task<'a> {
        self.value(node, indicator.end(), col + 2, col + 2);
        let col = if is_block(node) { col + 2 } else { col };
        Task { node, col, old }
    }

    /// Lays out one item at column `col`; returns its node.
    fn item(&mut self, item: Item<'a>, col: u32) -> Option<Task<'a>> {
        let dash = item.range().start();
        self.start_line(dash, col);
        let old = self.source.line_col(dash).col;
        let indicator = TextRange::new(dash, dash + TextSize::from(1));
        Some(self.behind_indicator(item.node()?, indicator, col, old))
    }

    /// One blank between an indicator and its node. If the node starts on a line of its own, that
    /// starts at column `col`; if its properties do, at column `properties`.
    fn value(&mut self, node: Node<'_>, behind: TextSize, properties: u32, col: u32) {
        let start = node.full_range().start();
        if self.line(start) == self.line(behind) {
            self.gap(behind, start, " ");
        } else {
            self.start_line(start, properties);
        }
        if start == node.range().start() || self.line(node.range().start()) != self.line(start) {
            self.start_line(node.range().start(), col);
        }
    }

    /// The lines of a scalar behind its first; `col` is that of what holds it.
    fn scalar(&mut self, scalar: Scalar<'_>, col: u32, old: u32) {
        let start = scalar.range().start();
        let first = self.line(start);
        let raw = scalar.raw();
        let raw = raw.strip_suffix('\n').unwrap_or(&raw);
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        let last = self.line(start + TextSize::of(raw));
        if first == last {
            return;
        }
        match scalar.style() {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                self.block_text(scalar, (first, last), col, old);
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                self.inside(first, last);
                self.texts.extend(first..last);
                for line in first + 1..=last {
                    if self.indent(line).is_some() {
                        self.columns.insert(line, col + self.options.step);
                    }
                }
            }
        }
    }

    /// Moves the lines of a block text together.
    fn block_text(&mut self, scalar: Scalar<'_>, lines: (u32, u32), col: u32, holder: u32) {
        let (first, last) = lines;
        self.inside(first, last);
        self.texts.extend(first + 1..=last);
        let raw = scalar.raw();
        let header = raw.lines().next().unwrap_or_default();
        let header = header.split('#').next().unwrap_or_default();
        // With an indentation of its own it moves with what holds it.
        let explicit = header.chars().find_map(|char| char.to_digit(10));
        let mut lines = first + 1..=last;
        let (old, new) = match explicit {
            Some(explicit) => (holder + explicit, col + explicit),
            None => match lines.find_map(|line| self.text_indent(line).ok()) {
                Some(old) => (old, col + self.options.step),
                None => return,
            },
        };
        for line in first + 1..=last {
            let moved = match self.text_indent(line) {
                // Blanks up to the indentation are no text, and must not become text.
                Err(blanks) if blanks <= old => blanks.min(new),
                Ok(indent) | Err(indent) => (indent + new).saturating_sub(old),
            };
            self.columns.insert(line, moved);
        }
    }

    /// The lines of a flow collection behind its first move with it.
    fn flow(&mut self, node: Node<'a>, col: u32) {
        let first = self.line(node.range().start());
        let last = self.line(node.range().end());
        if first == last {
            return;
        }
        self.inside(first, last);
        self.texts_within(node);
        let old = self.indent(first).unwrap_or(0);
        let new = self.columns.get(&first).copied().unwrap_or(old);
        for line in first + 1..=last {
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

    /// The lines of scalars within brackets.
    fn texts_within(&mut self, node: Node<'a>) {
        let mut nodes = vec![node];
        while let Some(node) = nodes.pop() {
            match node {
                Node::Mapping(mapping) => {
                    for entry in mapping.entries() {
                        nodes.extend(entry.key());
                        nodes.extend(entry.value());
                    }
                }
                Node::Sequence(sequence) => nodes.extend(sequence.items().filter_map(Item::node)),
                Node::Scalar(scalar) => {
                    let last = self.line(scalar.range().end());
                    self.texts.extend(self.line(scalar.range().start())..last);
                }
                Node::Alias(_) => {}
            }
        }
    }

    /// The lines behind `first` up to `last` start within a scalar or brackets.
    fn inside(&mut self, first: u32, last: u32) {
        self.inner.extend(first + 1..=last);
    }

    /// Comments on lines of their own stand where what follows stands, or what precedes.
    fn comments(&mut self, document: Document<'_>) {
        let starts = self
            .columns
            .iter()
            .filter(|(line, _)| !self.inner.contains(line));
        let mut starts = starts
            .map(|(line, col)| (*line, *col))
            .collect::<Vec<_>>()
            .into_iter()
            .peekable();
        // The new column of the last line in front of a comment, by its old one.
        let mut before = HashMap::new();
        for comment in document.comments() {
            let place = self.source.line_col(comment.start());
            let is_alone = self.indent(place.line) == Some(place.col);
            if !is_alone || self.inner.contains(&place.line) {
                continue;
            }
            while let Some((line, col)) = starts.next_if(|(line, _)| *line < place.line) {
                before.extend(self.indent(line).map(|old| (old, col)));
            }
            let same = before.get(&place.col).copied();
            let next = starts.peek().copied();
            let next_old = next.and_then(|(line, _)| self.indent(line));
            let next = next.map(|(_, col)| col);
            // Where something follows that is not as deep, the comment belongs to what precedes.
            let owner = match next_old {
                Some(next_old) if place.col > next_old => same.or(next),
                Some(_) => next,
                None => same,
            };
            if let Some(col) = owner {
                self.columns.insert(place.line, col);
            }
        }
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

    /// How many spaces a line of a block text starts with; as an error if it has nothing else.
    fn text_indent(&self, line: u32) -> Result<u32, u32> {
        let text = self.source.slice(self.source.line_range(line));
        let content = text.trim_start_matches(' ');
        let spaces = (text.len() - content.len()) as u32;
        if content.is_empty() {
            Err(spaces)
        } else {
            Ok(spaces)
        }
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
        sort_by_number(&mut edits, |edit| edit.range.start().into());
        edits.dedup_by(|later, earlier| later.range.start() < earlier.range.end());
        edits
    }
}
