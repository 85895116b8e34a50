//! Changes of a text: made of the tree, so that all they do not mean stays as it is written.

mod write;

use serde_json::Value;

use crate::ast::{Document, Entry, Item, Mapping, Node, PathSegment, Scalar};
use crate::{Source, TextRange, TextSize};

/// A change of a text: `insert` takes the place of `range`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What goes, in bytes of the whole text.
    pub range: TextRange,
    /// What comes.
    pub insert: String,
}

impl TextEdit {
    pub(crate) fn new(range: TextRange, insert: impl Into<String>) -> Self {
        Self {
            range,
            insert: insert.into(),
        }
    }
}

/// `text` with all `edits` made, which must be disjoint and sorted by place.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        out.push_str(
            text.get(from..edit.range.start().into())
                .unwrap_or_default(),
        );
        out.push_str(&edit.insert);
        from = edit.range.end().into();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Gives the node at `path` another value. Its anchor and the comments around it stay; a text keeps
/// its kind of quotes. `None` where there is no such entry or item.
pub fn set(document: Document<'_>, path: &[PathSegment], value: &Value) -> Option<TextEdit> {
    let place = Place::at(document, path)?;
    let source = document.source();
    let indent = place.indent(source);
    match place.node() {
        Some(node) if is_block(node) || value.is_object() || value.is_array() => {
            let start = place.value_start()?;
            let text = write::behind(value, indent, &place);
            Some(TextEdit::new(
                TextRange::new(start, node.range().end()),
                text,
            ))
        }
        Some(node) => Some(TextEdit::new(node.range(), write::scalar_like(value, node))),
        None => {
            let at = TextRange::empty(place.value_start()?);
            Some(TextEdit::new(at, write::behind(value, indent, &place)))
        }
    }
}

/// Adds an entry at the end of the mapping at `path`, which may also be empty or missing its value.
/// `None` where something else stands there, or where the key is there already.
pub fn insert(
    document: Document<'_>,
    path: &[PathSegment],
    key: &str,
    value: &Value,
) -> Option<TextEdit> {
    let node = document.node_at_path(path);
    let Some(mapping) = node.and_then(Node::as_mapping) else {
        let is_empty =
            node.is_none_or(|node| node.as_scalar().is_some_and(|it| it.raw().is_empty()));
        let object = Value::Object([(key.to_owned(), value.clone())].into_iter().collect());
        return is_empty.then(|| set(document, path, &object))?;
    };
    if mapping.entry(key).is_some() {
        return None;
    }
    let Some(last) = mapping.entries().last() else {
        let at = TextRange::empty(mapping.range().start() + TextSize::from(1));
        return Some(TextEdit::new(
            at,
            format!("{}: {}", write::text(key), write::inline(value)),
        ));
    };
    if mapping.is_flow() {
        let at = TextRange::empty(last.range().end());
        let entry = format!(", {}: {}", write::text(key), write::inline(value));
        return Some(TextEdit::new(at, entry));
    }
    let source = document.source();
    let col = source.line_col(mapping.range().start()).col;
    let end = last_line_end(source, last.range(), last.value());
    let entry = write::entry(key, value, col);
    Some(TextEdit::new(
        TextRange::empty(end),
        format!("\n{}{entry}", write::spaces(col)),
    ))
}

/// Removes the entry or item at `path`, with the comment on its line. What would be left empty
/// becomes `{}` or `[]`. `None` where there is no such entry or item.
pub fn remove(document: Document<'_>, path: &[PathSegment]) -> Option<TextEdit> {
    let (last, outer) = path.split_last()?;
    let parent = document.node_at_path(outer)?;
    let (ranges, at): (Vec<TextRange>, usize) = match (parent, last) {
        (Node::Mapping(mapping), PathSegment::Key(key)) => {
            let is_it = |entry: &Entry<'_>| entry.key_text().is_some_and(|text| text == *key);
            let entries: Vec<_> = mapping.entries().collect();
            (
                entries.iter().map(|entry| entry.range()).collect(),
                entries.iter().rposition(is_it)?,
            )
        }
        (Node::Sequence(sequence), PathSegment::Index(index)) => {
            (sequence.items().map(Item::range).collect(), *index)
        }
        _ => return None,
    };
    let gone = *ranges.get(at)?;
    if ranges.len() == 1 {
        let empty = match parent {
            Node::Mapping(_) => Value::Object(serde_json::Map::new()),
            Node::Sequence(_) | Node::Scalar(_) | Node::Alias(_) => Value::Array(Vec::new()),
        };
        return set(document, outer, &empty);
    }
    let next = ranges.get(at + 1).map(|range| range.start());
    let previous = at
        .checked_sub(1)
        .and_then(|at| ranges.get(at))
        .map(|range| range.end());
    let source = document.source();
    let range = match (is_block(parent), next, previous) {
        // The next one moves to its place: behind a dash, that is the same line.
        (true, Some(next), None) | (false, Some(next), _) => TextRange::new(gone.start(), next),
        (false, None, Some(previous)) => TextRange::new(previous, gone.end()),
        _ => lines_of(source, gone),
    };
    Some(TextEdit::new(range, ""))
}

/// The whole lines of a range, with the last line break; without the one before them at the end.
fn lines_of(source: &Source, range: TextRange) -> TextRange {
    let first = source.line_col(range.start()).line;
    let last = source.line_col(range.end()).line;
    let start = source.line_range(first).start();
    if last + 1 < source.line_count() {
        return TextRange::new(start, source.line_range(last + 1).start());
    }
    let before = first
        .checked_sub(1)
        .map_or(start, |line| source.line_range(line).end());
    TextRange::new(before, source.len())
}

/// The last scalar of a node.
fn last_scalar(node: Node<'_>) -> Option<Scalar<'_>> {
    let mut next = Some(node);
    loop {
        next = match next? {
            Node::Mapping(mapping) => mapping.entries().last()?.value(),
            Node::Sequence(sequence) => sequence.items().last()?.node(),
            Node::Scalar(scalar) => return Some(scalar),
            Node::Alias(_) => return None,
        };
    }
}

/// The end of the last line of a value; the empty lines that a block text keeps belong to it.
fn last_line_end(source: &Source, range: TextRange, value: Option<Node<'_>>) -> TextSize {
    let kept = value.and_then(last_scalar).map(|scalar| {
        let raw = scalar.raw();
        let text = raw.strip_suffix('\n').unwrap_or(&raw);
        scalar.range().start() + TextSize::of(text.strip_suffix('\r').unwrap_or(text))
    });
    let end = kept.map_or(range.end(), |kept| kept.max(range.end()));
    source.line_range(source.line_col(end).line).end()
}

/// Whether it is written in lines of its own.
pub(crate) fn is_block(node: Node<'_>) -> bool {
    match node {
        Node::Mapping(mapping) => !mapping.is_flow(),
        Node::Sequence(sequence) => !sequence.is_flow(),
        Node::Scalar(_) | Node::Alias(_) => false,
    }
}

/// What holds a value.
enum Place<'a> {
    Entry(Entry<'a>, Mapping<'a>),
    Item(Item<'a>, bool),
    Root(Node<'a>),
}

impl<'a> Place<'a> {
    fn at(document: Document<'a>, path: &[PathSegment]) -> Option<Self> {
        let Some((last, parent)) = path.split_last() else {
            return document.root().map(Self::Root);
        };
        match (document.node_at_path(parent)?, last) {
            (Node::Mapping(mapping), PathSegment::Key(key)) => {
                Some(Self::Entry(mapping.entry(key)?, mapping))
            }
            (Node::Sequence(sequence), PathSegment::Index(index)) => Some(Self::Item(
                sequence.items().nth(*index)?,
                sequence.is_flow(),
            )),
            _ => None,
        }
    }

    fn node(&self) -> Option<Node<'a>> {
        match self {
            Self::Entry(entry, _) => entry.value(),
            Self::Item(item, _) => item.node(),
            Self::Root(node) => Some(*node),
        }
    }

    fn is_flow(&self) -> bool {
        match self {
            Self::Entry(_, mapping) => mapping.is_flow(),
            Self::Item(_, is_flow) => *is_flow,
            Self::Root(_) => false,
        }
    }

    /// Where what is written for the value starts: behind the colon, the dash, or the properties.
    fn value_start(&self) -> Option<TextSize> {
        let node = self.node();
        if let Some(node) = node
            && (self.is_flow() || node.full_range() != node.range())
        {
            return Some(node.range().start());
        }
        match self {
            Self::Entry(entry, _) => Some(entry.colon()?.end()),
            Self::Item(item, _) if node.is_none() && self.is_flow() => Some(item.range().start()),
            Self::Item(item, _) => Some(item.range().start() + TextSize::from(1)),
            Self::Root(node) => Some(node.range().start()),
        }
    }

    /// The column of what holds the value.
    fn indent(&self, source: &Source) -> u32 {
        let start = match self {
            Self::Entry(_, mapping) => mapping.range().start(),
            Self::Item(item, _) => item.range().start(),
            Self::Root(_) => return 0,
        };
        source.line_col(start).col
    }
}

#[cfg(test)]
mod tests;
