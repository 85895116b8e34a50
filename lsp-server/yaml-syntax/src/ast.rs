//! Typed views of the tree.
//!
//! Views are small and `Copy`; they borrow the [`crate::Parse`] that they were made from.
//! All ranges are in bytes of the whole text.

mod comment;
mod document;

use std::borrow::Cow;

use crate::cursor::Cursor;
use crate::decode::decode;
use crate::tree::{Kind, NONE};
use crate::{TextRange, TextSize};

pub use comment::Comment;
pub use document::{Document, Path, PathSegment};

/// A mapping, sequence, scalar or alias.
#[derive(Debug, Clone, Copy)]
pub enum Node<'a> {
    /// `key: value` lines or `{…}`.
    Mapping(Mapping<'a>),
    /// `- item` lines or `[…]`.
    Sequence(Sequence<'a>),
    /// A plain, quoted or block scalar.
    Scalar(Scalar<'a>),
    /// `*name`.
    Alias(Alias<'a>),
}

/// A mapping, in block or flow style.
#[derive(Debug, Clone, Copy)]
pub struct Mapping<'a>(Cursor<'a>);

/// A pair of a mapping. Key and value may both be missing while a person types.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a>(Cursor<'a>);

/// A sequence, in block or flow style.
#[derive(Debug, Clone, Copy)]
pub struct Sequence<'a>(Cursor<'a>);

/// An item of a sequence.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a>(Cursor<'a>);

/// A scalar in any style.
#[derive(Debug, Clone, Copy)]
pub struct Scalar<'a>(Cursor<'a>);

/// An alias.
#[derive(Debug, Clone, Copy)]
pub struct Alias<'a>(Cursor<'a>);

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

impl<'a> Node<'a> {
    pub(crate) fn new(cursor: Cursor<'a>) -> Option<Self> {
        Some(match cursor.kind() {
            Kind::BlockMap | Kind::FlowMap | Kind::Pair => Self::Mapping(Mapping(cursor)),
            Kind::BlockSeq | Kind::FlowSeq => Self::Sequence(Sequence(cursor)),
            Kind::Plain | Kind::Single | Kind::Double | Kind::Literal | Kind::Folded => {
                Self::Scalar(Scalar(cursor))
            }
            Kind::Alias => Self::Alias(Alias(cursor)),
            _ => return None,
        })
    }

    pub(crate) fn cursor(self) -> Cursor<'a> {
        match self {
            Self::Mapping(Mapping(cursor))
            | Self::Sequence(Sequence(cursor))
            | Self::Scalar(Scalar(cursor))
            | Self::Alias(Alias(cursor)) => cursor,
        }
    }

    /// Without its properties (anchor, tag) and without trailing blanks and comments.
    pub fn range(self) -> TextRange {
        range(self.cursor())
    }

    /// With its properties.
    pub fn full_range(self) -> TextRange {
        let range = self.range();
        let first = self.properties().last();
        let start = first.map_or(range.start(), |first| first.range().start());
        TextRange::new(start, range.end())
    }

    /// The name after `&`.
    pub fn anchor(self) -> Option<&'a str> {
        self.property(Kind::Anchor)?.strip_prefix('&')
    }

    /// The tag as written, such as `!!str`.
    pub fn tag(self) -> Option<&'a str> {
        self.property(Kind::Tag)
    }

    /// Behind its anchor and tag, if it has one of them.
    pub(crate) fn properties_end(self) -> Option<TextSize> {
        let last = self.properties().next()?;
        Some(last.range().end())
    }

    fn property(self, kind: Kind) -> Option<&'a str> {
        let mut properties = self.properties();
        properties
            .find(|token| token.kind() == kind)
            .map(Cursor::text)
    }

    /// Its anchor and tag, the last one first.
    fn properties(self) -> impl Iterator<Item = Cursor<'a>> {
        let before = |cursor: &Cursor<'a>| {
            let before = cursor.previous()?;
            let kind = before.kind();
            (kind.is_property() || kind == Kind::Comment).then_some(before)
        };
        std::iter::successors(before(&self.cursor()), before)
            .filter(|token| matches!(token.kind(), Kind::Anchor | Kind::Tag))
    }

    /// The mapping, if it is one.
    pub fn as_mapping(self) -> Option<Mapping<'a>> {
        match self {
            Self::Mapping(mapping) => Some(mapping),
            Self::Sequence(_) | Self::Scalar(_) | Self::Alias(_) => None,
        }
    }

    /// The sequence, if it is one.
    pub fn as_sequence(self) -> Option<Sequence<'a>> {
        match self {
            Self::Sequence(sequence) => Some(sequence),
            Self::Mapping(_) | Self::Scalar(_) | Self::Alias(_) => None,
        }
    }

    /// The scalar, if it is one.
    pub fn as_scalar(self) -> Option<Scalar<'a>> {
        match self {
            Self::Scalar(scalar) => Some(scalar),
            Self::Mapping(_) | Self::Sequence(_) | Self::Alias(_) => None,
        }
    }
}

impl<'a> Mapping<'a> {
    /// As [`Node::range`].
    pub fn range(self) -> TextRange {
        range(self.0)
    }

    /// Whether it is written with braces.
    pub fn is_flow(self) -> bool {
        self.0.kind() != Kind::BlockMap
    }

    /// Whether it is the one pair in `[a: b]`.
    pub(crate) fn is_pair(self) -> bool {
        self.0.kind() == Kind::Pair
    }

    /// Its pairs, in order, duplicates and half-typed ones included.
    pub fn entries(self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let children = self.0.children();
        children
            .filter(|child| child.kind() == Kind::Entry)
            .map(Entry)
    }

    /// The value of the last entry with this decoded key (of duplicates the last wins).
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry(key)?.value()
    }

    /// The last entry with this decoded key.
    pub fn entry(self, key: &str) -> Option<Entry<'a>> {
        self.entries().filter(|entry| entry.has_key(key)).last()
    }
}

impl<'a> Entry<'a> {
    /// The entry at `cursor`, which must be one.
    pub(crate) fn new(cursor: Cursor<'a>) -> Self {
        Self(cursor)
    }

    /// Key, colon and value.
    pub fn range(self) -> TextRange {
        range(self.0)
    }

    /// The key; `None` for `: value`.
    pub fn key(self) -> Option<Node<'a>> {
        let first = self.0.nodes().next()?;
        let colon = self.0.start();
        (colon == NONE || first.start() < colon).then(|| Node::new(first))?
    }

    /// The decoded key, if it is a scalar.
    pub fn key_text(self) -> Option<Cow<'a, str>> {
        Some(self.key()?.as_scalar()?.text())
    }

    /// Whether this is its decoded key. A plain one is compared as it is written: rules ask for
    /// many keys of every mapping.
    fn has_key(self, key: &str) -> bool {
        let first = self.0.next().filter(|first| first.kind() == Kind::Plain);
        let Some(first) = first.filter(|first| first.start() < self.0.start()) else {
            return self.key_text().is_some_and(|text| text == key);
        };
        let written = first.text();
        written == key
            || written.contains(['\n', '\r']) && decode(Kind::Plain, written, None) == key
    }

    /// The `:`; `None` for a half-typed key.
    pub fn colon(self) -> Option<TextRange> {
        let colon = self.0.start();
        let end = TextSize::from(colon.checked_add(1)?);
        Some(TextRange::new(TextSize::from(colon), end))
    }

    /// The value; `None` where nothing is written.
    pub fn value(self) -> Option<Node<'a>> {
        let mut nodes = self.0.nodes();
        let first = nodes.next()?;
        let colon = self.0.start();
        if colon == NONE || first.start() < colon {
            return Node::new(nodes.next()?);
        }
        Node::new(first)
    }
}

impl Entry<'_> {
    /// The `?` in front of its key.
    pub(crate) fn question(self) -> Option<TextRange> {
        let mut children = self.0.children();
        let question = children.find(|child| child.kind() == Kind::Question);
        question.map(Cursor::range)
    }

    /// The byte behind `range`.
    pub(crate) fn byte_behind(self, range: TextRange) -> Option<u8> {
        let end = range.end();
        let behind = TextRange::new(end, end + TextSize::from(1));
        self.0.source.slice(behind).bytes().next()
    }

    /// Whether a line ends from the start of one range to the end of the other.
    pub(crate) fn has_break_between(self, start: TextRange, end: TextRange) -> bool {
        let text = self
            .0
            .source
            .slice(TextRange::new(start.start(), end.end()));
        text.contains(['\n', '\r'])
    }
}

impl<'a> Sequence<'a> {
    /// As [`Node::range`].
    pub fn range(self) -> TextRange {
        range(self.0)
    }

    /// Whether it is written with brackets.
    pub fn is_flow(self) -> bool {
        self.0.kind() == Kind::FlowSeq
    }

    /// Its items, in order, empty ones included.
    pub fn items(self) -> impl Iterator<Item = Item<'a>> + use<'a> {
        let children = self.0.children();
        children
            .filter(|child| child.kind() == Kind::Item)
            .map(Item)
    }
}

impl<'a> Item<'a> {
    /// Dash and node.
    pub fn range(self) -> TextRange {
        range(self.0)
    }

    /// The node; `None` where nothing is written.
    pub fn node(self) -> Option<Node<'a>> {
        Node::new(self.0.nodes().next()?)
    }
}

impl<'a> Scalar<'a> {
    /// As [`Node::range`], quotes and block header included.
    pub fn range(self) -> TextRange {
        range(self.0)
    }

    /// How it is written.
    pub fn style(self) -> ScalarStyle {
        match self.0.kind() {
            Kind::Single => ScalarStyle::SingleQuoted,
            Kind::Double => ScalarStyle::DoubleQuoted,
            Kind::Literal => ScalarStyle::Literal,
            Kind::Folded => ScalarStyle::Folded,
            _ => ScalarStyle::Plain,
        }
    }

    /// As written, quotes and block header included.
    pub fn raw(self) -> Cow<'a, str> {
        Cow::Borrowed(self.0.text())
    }

    /// The content: escapes resolved, lines folded.
    pub fn text(self) -> Cow<'a, str> {
        let before = self
            .0
            .previous()
            .filter(|before| before.kind() == Kind::Indent);
        decode(self.0.kind(), self.0.text(), before.map(Cursor::number))
    }
}

impl<'a> Alias<'a> {
    /// As [`Node::range`].
    pub fn range(self) -> TextRange {
        range(self.0)
    }

    /// The name after `*`.
    pub fn name(self) -> &'a str {
        let text = self.0.text();
        text.strip_prefix('*').unwrap_or(text)
    }
}

fn range(cursor: Cursor<'_>) -> TextRange {
    let start = cursor.content_start();
    let end = cursor.content_end();
    TextRange::new(TextSize::from(start), TextSize::from(end))
}
