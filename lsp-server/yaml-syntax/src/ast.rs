//! Typed views of the tree.
//!
//! Views are small and `Copy`; they borrow the [`crate::Parse`] that they were made from.
//! All ranges are in bytes of the whole text.

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::{TextRange, TextSize};

type Placeholder<'a> = PhantomData<&'a ()>;

/// One document of the stream, with its directives and markers.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a>(Placeholder<'a>);

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
pub struct Mapping<'a>(Placeholder<'a>);

/// A pair of a mapping. Key and value may both be missing while a person types.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a>(Placeholder<'a>);

/// A sequence, in block or flow style.
#[derive(Debug, Clone, Copy)]
pub struct Sequence<'a>(Placeholder<'a>);

/// An item of a sequence.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a>(Placeholder<'a>);

/// A scalar in any style.
#[derive(Debug, Clone, Copy)]
pub struct Scalar<'a>(Placeholder<'a>);

/// An alias.
#[derive(Debug, Clone, Copy)]
pub struct Alias<'a>(Placeholder<'a>);

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
    /// Its place in the stream, from 0 on.
    pub fn index(self) -> usize {
        todo!()
    }
    /// From its first directive or marker to the start of the next document.
    pub fn range(self) -> TextRange {
        todo!()
    }
    /// The root node, or `None` where there is nothing but comments.
    pub fn root(self) -> Option<Node<'a>> {
        todo!()
    }
    /// The node at the end of `path`.
    pub fn node_at_path(self, _path: &[PathSegment]) -> Option<Node<'a>> {
        todo!()
    }
    /// The entry whose key the path names last.
    pub fn entry_at_path(self, _path: &[PathSegment]) -> Option<Entry<'a>> {
        todo!()
    }
    /// The innermost nodes and entries around `offset`, outermost first; touching counts.
    pub fn path_at(self, _offset: TextSize) -> Path {
        todo!()
    }
    /// The innermost node whose range touches `offset`.
    pub fn node_at(self, _offset: TextSize) -> Option<Node<'a>> {
        todo!()
    }
    /// Its comments, in order, each with its range (from `#` to the end of the line).
    pub fn comments(self) -> impl Iterator<Item = TextRange> + use<'a> {
        std::iter::empty()
    }
    /// The node that `&name` stands at, nearest before `before`.
    pub fn anchor(self, _name: &str, _before: TextSize) -> Option<Node<'a>> {
        todo!()
    }
}

impl<'a> Node<'a> {
    /// Without its properties (anchor, tag) and without trailing blanks and comments.
    pub fn range(self) -> TextRange {
        todo!()
    }
    /// With its properties.
    pub fn full_range(self) -> TextRange {
        todo!()
    }
    /// The name after `&`.
    pub fn anchor(self) -> Option<&'a str> {
        todo!()
    }
    /// The tag as written, such as `!!str`.
    pub fn tag(self) -> Option<&'a str> {
        todo!()
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
        todo!()
    }
    /// Whether it is written with braces.
    pub fn is_flow(self) -> bool {
        todo!()
    }
    /// Its pairs, in order, duplicates and half-typed ones included.
    pub fn entries(self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        std::iter::empty()
    }
    /// The value of the last entry with this decoded key (of duplicates the last wins).
    pub fn get(self, _key: &str) -> Option<Node<'a>> {
        todo!()
    }
    /// The last entry with this decoded key.
    pub fn entry(self, _key: &str) -> Option<Entry<'a>> {
        todo!()
    }
}

impl<'a> Entry<'a> {
    /// Key, colon and value.
    pub fn range(self) -> TextRange {
        todo!()
    }
    /// The key; `None` for `: value`.
    pub fn key(self) -> Option<Node<'a>> {
        todo!()
    }
    /// The decoded key, if it is a scalar.
    pub fn key_text(self) -> Option<Cow<'a, str>> {
        todo!()
    }
    /// The `:`; `None` for a half-typed key.
    pub fn colon(self) -> Option<TextRange> {
        todo!()
    }
    /// The value; `None` where nothing is written.
    pub fn value(self) -> Option<Node<'a>> {
        todo!()
    }
}

impl<'a> Sequence<'a> {
    /// As [`Node::range`].
    pub fn range(self) -> TextRange {
        todo!()
    }
    /// Whether it is written with brackets.
    pub fn is_flow(self) -> bool {
        todo!()
    }
    /// Its items, in order, empty ones included.
    pub fn items(self) -> impl Iterator<Item = Item<'a>> + use<'a> {
        std::iter::empty()
    }
}

impl<'a> Item<'a> {
    /// Dash and node.
    pub fn range(self) -> TextRange {
        todo!()
    }
    /// The node; `None` where nothing is written.
    pub fn node(self) -> Option<Node<'a>> {
        todo!()
    }
}

impl<'a> Scalar<'a> {
    /// As [`Node::range`], quotes and block header included.
    pub fn range(self) -> TextRange {
        todo!()
    }
    /// How it is written.
    pub fn style(self) -> ScalarStyle {
        todo!()
    }
    /// As written, quotes and block header included.
    pub fn raw(self) -> Cow<'a, str> {
        todo!()
    }
    /// The content: escapes resolved, lines folded.
    pub fn text(self) -> Cow<'a, str> {
        todo!()
    }
}

impl<'a> Alias<'a> {
    /// As [`Node::range`].
    pub fn range(self) -> TextRange {
        todo!()
    }
    /// The name after `*`.
    pub fn name(self) -> &'a str {
        todo!()
    }
}
