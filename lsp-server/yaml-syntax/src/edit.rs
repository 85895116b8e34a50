//! Changes of a text: made of the tree, so that all they do not mean stays as it is written.

mod write;

use serde_json::Value;

use crate::ast::{Document, Entry, Item, Mapping, Node, PathSegment, Scalar, ScalarStyle};
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

/// Gives the node at `path` another value. Its anchor and the comments around it stay, its tag goes;
/// a text keeps its kind of quotes. `None` where there is no such entry or item.
pub fn set(document: Document<'_>, path: &[PathSegment], value: &Value) -> Option<TextEdit> {
    let place = Place::at(document, path)?;
    let (range, insert) = if place.is_flow() {
        within_brackets(&place, value)?
    } else {
        in_lines(document, &place, value)?
    };
    Some(edit_of(document.source(), range, &insert))
}

/// Adds an entry at the end of the mapping at `path`, which may also be empty or missing its value.
/// `None` where something else stands there, or where the key is there already.
pub fn insert(
    document: Document<'_>,
    path: &[PathSegment],
    key: &str,
    value: &Value,
) -> Option<TextEdit> {
    let source = document.source();
    let node = document.node_at_path(path);
    let Some(mapping) = node.and_then(Node::as_mapping) else {
        let is_empty = node.is_none_or(|node| {
            node.tag().is_none() && node.as_scalar().is_some_and(|it| it.raw().is_empty())
        });
        let object = Value::Object([(key.to_owned(), value.clone())].into_iter().collect());
        return is_empty.then(|| set(document, path, &object))?;
    };
    if mapping.entry(key).is_some() {
        return None;
    }
    let entry = format!("{}: {}", write::text(key), write::inline(value));
    let Some(last) = mapping.entries().last() else {
        let at = TextRange::empty(mapping.range().start() + TextSize::from(1));
        return Some(TextEdit::new(at, entry));
    };
    if mapping.is_pair() {
        let pair = source.slice(mapping.range());
        return Some(TextEdit::new(
            mapping.range(),
            format!("{{{pair}, {entry}}}"),
        ));
    }
    if mapping.is_flow() {
        let at = TextRange::empty(last.range().end());
        // A comma right behind a colon makes a text of both for kubectl; where it is one, it stays.
        let behind = source.slice(TextRange::new(at.end(), at.end() + TextSize::from(1)));
        let is_text = behind.starts_with([',', '}', ']']);
        let blank = if last.value().is_none() && !is_text {
            " "
        } else {
            ""
        };
        return Some(TextEdit::new(at, format!("{blank}, {entry}")));
    }
    let col = source.line_col(mapping.range().start()).col;
    let end = last_line_end(source, last.range(), last.value());
    let entry = format!("\n{}{}", write::spaces(col), write::entry(key, value, col));
    Some(edit_of(source, TextRange::empty(end), &entry))
}

/// Removes the entry or item at `path`, with the comment on its line. What would be left empty
/// becomes `{}` or `[]`. `None` where there is no such entry or item.
pub fn remove(document: Document<'_>, path: &[PathSegment]) -> Option<TextEdit> {
    let (last, outer) = path.split_last()?;
    let parent = document.node_at_path(outer)?;
    let children: Vec<(TextRange, Option<Node<'_>>)> = match parent {
        Node::Mapping(mapping) => {
            let entries = mapping.entries();
            entries
                .map(|entry| (entry.range(), entry.value()))
                .collect()
        }
        Node::Sequence(sequence) => {
            let items = sequence.items();
            items.map(|item| (item.range(), item.node())).collect()
        }
        Node::Scalar(_) | Node::Alias(_) => return None,
    };
    let at = match (parent, last) {
        (Node::Mapping(mapping), PathSegment::Key(key)) => {
            let mut keys = mapping.entries().map(Entry::key_text).enumerate();
            let is_it = |(_, text): &(usize, Option<_>)| text.as_deref() == Some(key.as_str());
            keys.by_ref().filter(is_it).last()?.0
        }
        (Node::Sequence(_), PathSegment::Index(index)) => *index,
        _ => return None,
    };
    let (gone, value) = *children.get(at)?;
    if children.len() == 1 {
        let empty = match parent {
            Node::Mapping(_) => Value::Object(serde_json::Map::new()),
            Node::Sequence(_) | Node::Scalar(_) | Node::Alias(_) => Value::Array(Vec::new()),
        };
        return set(document, outer, &empty);
    }
    let source = document.source();
    let next = children.get(at + 1).map(|(range, _)| range.start());
    let previous = at.checked_sub(1).and_then(|at| children.get(at));
    let starts_line = is_blank(&before_on_line(source, gone.start()));
    Some(match (next, previous) {
        (_, _) if is_block(parent) && starts_line => {
            let end = last_line_end(source, gone, value);
            TextEdit::new(lines_of(source, gone.start(), end), "")
        }
        // The next one moves to its place: behind a dash, that is the same line.
        (Some(next), _) => TextEdit::new(up_to(document, gone, next), ""),
        (None, Some((previous, _))) => {
            let between = source.slice(TextRange::new(previous.end(), gone.start()));
            let kept = without_comma(&between);
            TextEdit::new(TextRange::new(previous.end(), gone.end()), kept)
        }
        (None, None) => return None,
    })
}

/// An edit whose line breaks are those of the text around it.
fn edit_of(source: &Source, range: TextRange, insert: &str) -> TextEdit {
    let line = source.line_col(range.start()).line;
    let end = source.line_range(line).end();
    let behind = source.slice(TextRange::new(end, end + TextSize::from(2)));
    let mut insert = insert.replace("\r\n", "\n");
    if behind == "\r\n" {
        insert = insert.replace('\n', "\r\n");
    }
    let follows = source.slice(TextRange::new(range.end(), range.end() + TextSize::from(1)));
    if follows == "#" && !insert.is_empty() {
        insert.push(' ');
    }
    TextEdit::new(range, insert)
}

/// What a value within brackets is replaced with.
fn within_brackets(place: &Place<'_>, value: &Value) -> Option<(TextRange, String)> {
    let new = write::inline(value);
    Some(match place.node() {
        Some(node) if node.tag().is_some() => {
            let anchor = node.anchor().map(|name| format!("&{name} "));
            (node.full_range(), anchor.unwrap_or_default() + &new)
        }
        Some(node) if !node.range().is_empty() => (node.range(), write::scalar_like(value, node)),
        _ => (TextRange::empty(place.start()?), format!(" {new}")),
    })
}

/// What a value in lines is replaced with: from behind its colon, dash or anchor to its end.
/// Comments in between, and that behind a value of one line, stay on the line of the key.
fn in_lines(
    document: Document<'_>,
    place: &Place<'_>,
    value: &Value,
) -> Option<(TextRange, String)> {
    let source = document.source();
    let start = place.start()?;
    let node = place.node();
    let mut end = node.map_or(start, |node| node.range().end()).max(start);
    let mut comments = comments_in_front(document, start, node);
    // A tag would say something else of the new value.
    let tagged = node.filter(|node| node.tag().is_some());
    let anchor = tagged
        .and_then(Node::anchor)
        .map(|name| format!(" &{name}"));
    let anchor = anchor.unwrap_or_default();
    if write::is_inline(value) {
        let new = node.map_or_else(
            || write::inline(value),
            |node| write::scalar_like(value, node),
        );
        return Some(match node {
            Some(node) if tagged.is_none() && comments.is_empty() && stays(node) => {
                (node.range(), new)
            }
            _ => {
                let new = format!("{anchor} {new}{comments}");
                let before = before_on_line(source, start);
                let has_blank = before.is_empty() || before.ends_with([' ', '\t']);
                let new = if has_blank {
                    new.trim_start().to_owned()
                } else {
                    new
                };
                (TextRange::new(start, end), new)
            }
        });
    }
    if node.is_none_or(|node| !is_block(node)) {
        let line_end = source.line_range(source.line_col(end).line).end();
        let behind = source.slice(TextRange::new(end, line_end));
        if behind.trim_start().starts_with('#') {
            comments = format!("{comments} {}", behind.trim());
            end = line_end;
        }
    }
    let new = write::lines(source, place, value, &(anchor + &comments));
    Some((TextRange::new(start, end), new))
}

/// Whether another value on one line may take exactly the place of a node.
fn stays(node: Node<'_>) -> bool {
    !is_block(node) && !node.range().is_empty()
}

/// The comments from `start` to a node, as they are written; also one in the header of a block text.
fn comments_in_front(document: Document<'_>, start: TextSize, node: Option<Node<'_>>) -> String {
    let Some(node) = node.filter(|node| node.range().start() >= start) else {
        return String::new();
    };
    let source = document.source();
    let between = TextRange::new(start, node.range().start());
    if source.slice(between).contains('#') {
        let comments = document
            .comments()
            .filter(|comment| between.covers(*comment));
        let lines = comments.map(|comment| {
            let before = before_on_line(source, comment.start());
            let gap = if is_blank(&before) {
                format!("\n{before}")
            } else {
                " ".to_owned()
            };
            gap + source.slice(comment).trim_end()
        });
        let comments: String = lines.collect();
        if !comments.is_empty() {
            return comments;
        }
    }
    let Some(scalar) = node.as_scalar() else {
        return String::new();
    };
    let is_block = matches!(scalar.style(), ScalarStyle::Literal | ScalarStyle::Folded);
    let raw = scalar.raw();
    let header = raw.lines().next().filter(|_| is_block).unwrap_or_default();
    let comment = first_comment(header).and_then(|at| header.get(at..));
    comment.unwrap_or_default().trim_end().to_owned()
}

/// Where the blanks in front of the first `#` that starts a comment start.
fn first_comment(text: &str) -> Option<usize> {
    let is_gap = |text: &str| text.ends_with([' ', '\t', '\n', '\r']);
    let mut hashes = text.match_indices('#').filter_map(|(at, _)| text.get(..at));
    let before = hashes.find(|before| is_gap(before))?;
    Some(before.trim_end().len())
}

/// From the start of what goes to what follows it; comments of their own lines in between stay.
fn up_to(document: Document<'_>, gone: TextRange, next: TextSize) -> TextRange {
    let source = document.source();
    let is_between = |range: &TextRange| {
        let start = range.start();
        start >= gone.end() && start < next && is_blank(&before_on_line(source, start))
    };
    let comment = document.comments().find(is_between);
    TextRange::new(gone.start(), comment.map_or(next, TextRange::start))
}

/// What stands between two items without its comma; nothing unless there is a comment.
fn without_comma(between: &str) -> String {
    let Some(comment) = between.find('#') else {
        return String::new();
    };
    let (blanks, comments) = between.split_at_checked(comment).unwrap_or_default();
    let last = comments
        .rfind(['\n', '\r'])
        .map_or(comments.len(), |end| end + 1);
    blanks.replacen(',', "", 1) + comments.get(..last).unwrap_or(comments)
}

/// The part of a line in front of `at`.
fn before_on_line(source: &Source, at: TextSize) -> String {
    let line = source.line_range(source.line_col(at).line);
    source.slice(TextRange::new(line.start(), at)).into_owned()
}

fn is_blank(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '\u{feff}']).is_empty()
}

/// The whole lines from `start` to `end`, with the last line break; without the one before them at
/// the end of the text.
fn lines_of(source: &Source, start: TextSize, end: TextSize) -> TextRange {
    let first = source.line_col(start).line;
    let last = source.line_col(end).line;
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

    /// Where what is written for the value starts: behind the anchor, the colon or the dash.
    fn start(&self) -> Option<TextSize> {
        let untagged = self.node().filter(|node| node.tag().is_none());
        if let Some(anchor) = untagged.and_then(Node::properties_end) {
            return Some(anchor);
        }
        match self {
            Self::Entry(entry, _) => Some(entry.colon()?.end()),
            Self::Item(item, true) => Some(item.range().start()),
            Self::Item(item, false) => Some(item.range().start() + TextSize::from(1)),
            Self::Root(node) => Some(node.full_range().start()),
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
