//! A document, and the ways into it: by path and by offset.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Entry, Item, Node};
use crate::cursor::{Children, Cursor, Place};
use crate::error::Code;
use crate::source::{Piece, Source};
use crate::tree::Kind;
use crate::{SyntaxError, TextRange, TextSize};

/// One document of the stream, with its directives and markers.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    source: &'a Source,
    index: u32,
}

/// One step from a node to a child.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PathSegment {
    /// Into a mapping, by decoded key.
    Key(String),
    /// Into a sequence, from 0 on.
    Index(usize),
}

/// The steps from the root of a document to a node.
pub type Path = Vec<PathSegment>;

impl<'a> Document<'a> {
    pub(crate) fn new(source: &'a Source, index: u32) -> Self {
        Self { source, index }
    }

    /// Its place in the stream, from 0 on.
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// What tells it from others, and from itself before an edit: equal as long as nothing in it
    /// was parsed again, in clones of a [`crate::Parse`] and where edits elsewhere moved it.
    pub fn id(self) -> u64 {
        let segments = self.pieces().iter().map(|piece| piece.segment.id);
        segments.max().unwrap_or(0)
    }

    /// Whether an alias stands in it: only then do its parts depend on each other.
    pub fn has_aliases(self) -> bool {
        let mut pieces = self.pieces().iter();
        pieces.any(|piece| piece.segment.kinds.contains(&Kind::Alias))
    }

    /// Its syntax errors, sorted by place; ranges are in bytes of the whole text.
    pub fn errors(self) -> Vec<SyntaxError> {
        let problems = self.problems();
        problems
            .map(|(code, range)| code.error(range, &self.text(range)))
            .collect()
    }

    fn pieces(self) -> &'a [Piece] {
        let (first, behind) = self.source.pieces_of(self.index);
        let pieces = self.source.pieces.get(first as usize..behind as usize);
        pieces.unwrap_or_default()
    }

    /// From its first directive, comment or marker to the start of the next document.
    pub fn range(self) -> TextRange {
        let (first, last) = (self.pieces().first(), self.pieces().last());
        let start = first.map_or(0, |piece| piece.start);
        let end = last.map_or(start, Piece::end);
        TextRange::new(TextSize::from(start), TextSize::from(end))
    }

    /// The root node, or `None` where there is nothing but comments.
    pub fn root(self) -> Option<Node<'a>> {
        let root = self.top_level().find(|element| element.kind().is_node())?;
        Node::new(root)
    }

    /// The elements that no other one contains.
    pub(crate) fn top_level(self) -> impl Iterator<Item = Cursor<'a>> {
        let first = self.source.first_element(self.index);
        std::iter::successors(first, |element| element.to(element.subtree_end()))
    }

    /// All elements, in order.
    pub(crate) fn elements(self) -> impl Iterator<Item = Cursor<'a>> + use<'a> {
        let first = self.source.first_element(self.index);
        std::iter::successors(first, |element| element.next())
    }

    pub(crate) fn source(self) -> &'a Source {
        self.source
    }

    /// Its text within `range`.
    pub(crate) fn text(self, range: TextRange) -> Cow<'a, str> {
        self.source.slice(range)
    }

    /// What is wrong in it, and where.
    pub(crate) fn problems(self) -> impl Iterator<Item = (Code, TextRange)> + use<'a> {
        self.pieces().iter().flat_map(|piece| {
            let problems = piece.segment.problems.iter();
            problems.map(|problem| (problem.code, piece.range_of(problem)))
        })
    }

    /// All nodes with an anchor, by its name, in order.
    pub(crate) fn anchors(self) -> HashMap<&'a str, Vec<Node<'a>>> {
        let mut anchors: HashMap<_, Vec<_>> = HashMap::new();
        for anchor in self
            .elements()
            .filter(|element| element.kind() == Kind::Anchor)
        {
            let name = anchor.text().strip_prefix('&').unwrap_or_default();
            anchors.entry(name).or_default().extend(node_behind(anchor));
        }
        anchors
    }

    /// The node at the end of `path`.
    pub fn node_at_path(self, path: &[PathSegment]) -> Option<Node<'a>> {
        path.iter()
            .try_fold(self.root()?, |node, segment| match segment {
                PathSegment::Key(key) => node.as_mapping()?.get(key),
                PathSegment::Index(index) => node.as_sequence()?.items().nth(*index)?.node(),
            })
    }

    /// The entry whose key the path names last.
    pub fn entry_at_path(self, path: &[PathSegment]) -> Option<Entry<'a>> {
        let (PathSegment::Key(key), parent) = path.split_last()? else {
            return None;
        };
        self.node_at_path(parent)?.as_mapping()?.entry(key)
    }

    /// All pairs of all its mappings with the path to each, in order of the text. A key that is no
    /// scalar stands in the path as it is written.
    pub fn entries(self) -> impl Iterator<Item = (Path, Entry<'a>)> {
        let mut path = Path::new();
        let mut tasks = vec![(0, Task::Node(self.root()))];
        std::iter::from_fn(move || {
            loop {
                let (depth, task) = tasks.pop()?;
                path.truncate(depth);
                match task {
                    Task::Node(node) => {
                        tasks.extend(node.and_then(Task::children).map(|it| (depth, it)));
                    }
                    Task::Entries(mut children) => {
                        let Some(entry) = children.find(|child| child.kind() == Kind::Entry) else {
                            continue;
                        };
                        let entry = Entry::new(entry);
                        path.push(PathSegment::Key(entry.path_key()));
                        tasks.push((depth, Task::Entries(children)));
                        tasks.push((depth + 1, Task::Node(entry.value())));
                        return Some((path.clone(), entry));
                    }
                    Task::Items(index, mut children) => {
                        let Some(item) = children.find(|child| child.kind() == Kind::Item) else {
                            continue;
                        };
                        path.push(PathSegment::Index(index));
                        tasks.push((depth, Task::Items(index + 1, children)));
                        tasks.push((
                            depth + 1,
                            Task::Node(item.nodes().next().and_then(Node::new)),
                        ));
                    }
                }
            }
        })
    }

    /// Where the node, the entry or the item at the end of `path` stands: of an entry and an item
    /// the whole range. The way back is [`Self::path_at`].
    pub fn range_at_path(self, path: &[PathSegment]) -> Option<TextRange> {
        let Some((last, parent)) = path.split_last() else {
            return self.root().map(Node::range);
        };
        match (self.node_at_path(parent)?, last) {
            (Node::Mapping(mapping), PathSegment::Key(key)) => Some(mapping.entry(key)?.range()),
            (Node::Sequence(sequence), PathSegment::Index(index)) => {
                Some(sequence.items().nth(*index)?.range())
            }
            _ => None,
        }
    }

    /// The path to the innermost entry or item around `offset`; touching counts. Within a key that
    /// is the entry of the key.
    pub fn path_at(self, offset: TextSize) -> Path {
        let mut path = Path::new();
        let mut next = self.root();
        while let Some(node) = next.filter(|node| node.full_range().touches(offset)) {
            next = match node {
                Node::Mapping(mapping) => {
                    let Some(entry) = touched(mapping.entries(), Entry::range, offset) else {
                        break;
                    };
                    path.push(PathSegment::Key(entry.path_key()));
                    entry.value()
                }
                Node::Sequence(sequence) => {
                    let items = sequence.items().enumerate();
                    let Some((index, item)) = touched(items, |(_, item)| item.range(), offset)
                    else {
                        break;
                    };
                    path.push(PathSegment::Index(index));
                    item.node()
                }
                Node::Scalar(_) | Node::Alias(_) => break,
            };
        }
        path
    }

    /// The innermost node whose range touches `offset`.
    pub fn node_at(self, offset: TextSize) -> Option<Node<'a>> {
        let touches = |node: &Node<'a>| node.full_range().touches(offset);
        let mut innermost = None;
        let mut next = self.root().filter(touches);
        while let Some(node) = next {
            innermost = Some(node);
            next = match node {
                Node::Mapping(mapping) => {
                    let entry = touched(mapping.entries(), Entry::range, offset);
                    let key_or_value = |entry: Entry<'a>| {
                        let value = entry.value().filter(touches);
                        value.or_else(|| entry.key().filter(touches))
                    };
                    entry.and_then(key_or_value)
                }
                Node::Sequence(sequence) => touched(sequence.items(), Item::range, offset)
                    .and_then(Item::node)
                    .filter(touches),
                Node::Scalar(_) | Node::Alias(_) => None,
            };
        }
        innermost
    }

    /// Its comments, in order, each with its range (from `#` to the end of the line).
    pub fn comments(self) -> impl Iterator<Item = TextRange> + use<'a> {
        self.elements()
            .filter(|element| element.kind() == Kind::Comment)
            .map(Cursor::range)
    }

    /// The node that `&name` stands at, nearest before `before`.
    pub fn anchor(self, name: &str, before: TextSize) -> Option<Node<'a>> {
        let (first, behind) = self.source.pieces_of(self.index);
        let found = (first..behind).rev().find_map(|number| {
            let piece = self.source.pieces.get(number as usize)?;
            let before = u32::from(before).checked_sub(piece.start)?;
            let idx = piece.segment.anchor(name, before)?;
            Some(Place { piece: number, idx })
        });
        let any = self.source.first_element(self.index)?;
        node_behind(any.to(found?)?)
    }
}

/// The node whose property `property` is.
fn node_behind(property: Cursor<'_>) -> Option<Node<'_>> {
    let behind = std::iter::successors(property.next(), |element| element.next());
    let mut nodes = behind.filter(|element| element.kind().is_node());
    nodes.find_map(Node::new)
}

/// What is still to be visited by [`Document::entries`].
enum Task<'a> {
    Node(Option<Node<'a>>),
    Entries(Children<'a>),
    /// The index of the next item, and what is left.
    Items(usize, Children<'a>),
}

impl<'a> Task<'a> {
    fn children(node: Node<'a>) -> Option<Self> {
        let children = node.cursor().children();
        match node {
            Node::Mapping(_) => Some(Self::Entries(children)),
            Node::Sequence(_) => Some(Self::Items(0, children)),
            Node::Scalar(_) | Node::Alias(_) => None,
        }
    }
}

impl Entry<'_> {
    /// The key as a path names it.
    fn path_key(self) -> String {
        let text = self.key_text().map(Cow::into_owned);
        let raw = || {
            Some(
                self.key()?
                    .cursor()
                    .source
                    .slice(self.key()?.range())
                    .into_owned(),
            )
        };
        text.or_else(raw).unwrap_or_default()
    }
}

/// The last of `all` (in order of place) whose range touches `offset`.
fn touched<T: Copy>(
    all: impl Iterator<Item = T>,
    range: impl Fn(T) -> TextRange,
    offset: TextSize,
) -> Option<T> {
    let reached = all.take_while(|&one| range(one).start() <= offset);
    reached.last().filter(|&one| range(one).touches(offset))
}
