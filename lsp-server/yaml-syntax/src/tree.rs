//! The tree: flat arrays in the order of the text, one set for each segment.
//!
//! An element is a kind and two numbers. For a *token* they are where it starts and ends. For a
//! *branch* (a collection, an entry, an item) they are a place (see [`Kind`]) and the index behind
//! its last descendant: its next sibling, if it has one.
//! Blanks, line breaks, commas and dashes are no elements: they are what stands between.
//!
//! A long document is cut into segments between lines. A branch that is open where a segment ends
//! has [`NONE`] as its end there; the segment that closes it says so in [`Segment::exits`]. Nothing
//! in a segment refers to another one, so an edit replaces the segments it touches and no more.

use std::collections::BTreeSet;
use std::sync::Arc;

/// The tag handles that a document declares.
pub(crate) type Handles = BTreeSet<Box<str>>;

/// No place, no index.
pub(crate) const NONE: u32 = u32::MAX;

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Branch: a mapping of lines; its start is that of its first key.
    BlockMap,
    /// Branch: a sequence of lines; its start is its first dash.
    BlockSeq,
    /// Branch: `{…}`; its last element is a [`Kind::Close`].
    FlowMap,
    /// Branch: `[…]`; its last element is a [`Kind::Close`].
    FlowSeq,
    /// Branch: the mapping of the one pair in `[a: b]`.
    Pair,
    /// Branch: a pair of a mapping; its place is the colon or [`NONE`].
    Entry,
    /// Branch: an item of a sequence; its place is the dash, or where the item starts.
    Item,
    /// Token: a scalar without quotes. Empty where only properties are written.
    Plain,
    /// Token: `'…'`.
    Single,
    /// Token: `"…"`.
    Double,
    /// Token: `|…`, from the header to the last line break that counts.
    Literal,
    /// Token: `>…`, as [`Kind::Literal`].
    Folded,
    /// Token: `*name`.
    Alias,
    /// Token: `&name`, in front of its node.
    Anchor,
    /// Token: `!tag`, in front of its node.
    Tag,
    /// In front of a block scalar whose header names an indentation: its start is the indentation.
    Indent,
    /// Token: `?`.
    Question,
    /// Token: the closing bracket; empty where it is missing.
    Close,
    /// Token: from `#` to the end of the line.
    Comment,
    /// Token: a line that starts with `%`.
    Directive,
    /// Token: `---`.
    DocumentStart,
    /// Token: `...`.
    DocumentEnd,
    /// Token: what has no place in YAML.
    Junk,
}

impl Kind {
    /// Whether its second number is an index rather than an offset.
    pub(crate) fn is_branch(self) -> bool {
        (self as u8) <= Self::Item as u8
    }

    /// Whether it is a mapping, sequence, scalar or alias.
    pub(crate) fn is_node(self) -> bool {
        (self as u8) <= Self::Alias as u8 && !matches!(self, Self::Entry | Self::Item)
    }

    /// Whether it stands in front of a node and belongs to it.
    pub(crate) fn is_property(self) -> bool {
        matches!(self, Self::Anchor | Self::Tag | Self::Indent)
    }
}

/// A level of nesting that is open between two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level {
    /// What is open.
    pub(crate) shape: Shape,
    /// The column its lines start at; -1 for the document, -2 once it is ended by `...`.
    pub(crate) indent: i32,
    /// Whether its last entry or item has no node yet.
    pub(crate) awaits: bool,
    /// Whether its last entry is the first one of its mapping.
    pub(crate) is_first: bool,
}

/// What a level is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The document itself.
    Document,
    /// A block mapping.
    Mapping,
    /// A block sequence.
    Sequence,
}

/// What is wrong at a place of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: crate::error::Code,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Some lines of one document: their text, elements and errors. Offsets count from its start.
#[derive(Debug)]
pub(crate) struct Segment {
    /// Greater than that of all segments made before it.
    pub(crate) id: u64,
    /// The text.
    pub(crate) text: Box<str>,
    /// Where its lines but the first start, and the end of its text if that follows a break.
    pub(crate) lines: Box<[u32]>,
    pub(crate) kinds: Box<[Kind]>,
    pub(crate) starts: Box<[u32]>,
    pub(crate) ends: Box<[u32]>,
    /// What is wrong, in order of place.
    pub(crate) problems: Box<[Problem]>,
    /// The levels open in front of its first line; empty where a document starts.
    pub(crate) enter: Box<[Level]>,
    /// For each level of `enter` but the document two indexes, where its branch and where the open
    /// entry or item of that ends in this segment, or [`NONE`].
    pub(crate) exits: Box<[u32]>,
    /// The branches open at its end that were opened in it, each with its slot in `exits`.
    pub(crate) opens: Box<[(u32, u32)]>,
    /// The elements that are anchors, in order of name and place.
    pub(crate) anchors: Box<[u32]>,
    /// Behind the last byte that the parser looked at; may lie in a later segment.
    pub(crate) reach: u32,
    /// The handles that its document declares.
    pub(crate) handles: Arc<Handles>,
}

impl Segment {
    pub(crate) fn kind(&self, idx: u32) -> Kind {
        self.kinds.get(idx as usize).copied().unwrap_or(Kind::Junk)
    }

    pub(crate) fn start(&self, idx: u32) -> u32 {
        self.starts.get(idx as usize).copied().unwrap_or(NONE)
    }

    pub(crate) fn end(&self, idx: u32) -> u32 {
        self.ends.get(idx as usize).copied().unwrap_or(NONE)
    }

    /// How many elements it has.
    pub(crate) fn len(&self) -> u32 {
        self.kinds.len() as u32
    }

    /// Puts its anchors in order.
    pub(crate) fn index_anchors(&mut self) {
        let kinds = (0..).zip(&self.kinds);
        let anchors = kinds.filter(|(_, kind)| **kind == Kind::Anchor);
        let mut anchors: Vec<u32> = anchors.map(|(idx, _)| idx).collect();
        anchors.sort_unstable_by_key(|idx| (self.anchor_name(*idx), *idx));
        self.anchors = anchors.into();
    }

    /// The last anchor of this name that starts before an offset.
    pub(crate) fn anchor(&self, name: &str, before: u32) -> Option<u32> {
        let is_before = |idx: &u32| (self.anchor_name(*idx), self.start(*idx)) < (name, before);
        let behind = self.anchors.partition_point(is_before);
        let last = self.anchors.get(behind.checked_sub(1)?).copied();
        last.filter(|idx| self.anchor_name(*idx) == name)
    }

    fn anchor_name(&self, idx: u32) -> &str {
        let (start, end) = (self.start(idx) as usize, self.end(idx) as usize);
        let written = self.text.get(start..end).unwrap_or_default();
        written.strip_prefix('&').unwrap_or_default()
    }

    /// The slot in `exits` of later segments of a branch that is open at the end of this one.
    pub(crate) fn slot(&self, idx: u32) -> Option<u32> {
        let at = self
            .opens
            .binary_search_by_key(&idx, |&(idx, _)| idx)
            .ok()?;
        self.opens.get(at).map(|&(_, slot)| slot)
    }
}

/// The arrays of a segment while they grow.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) starts: Vec<u32>,
    pub(crate) ends: Vec<u32>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) exits: Vec<u32>,
    /// Behind the last element that is no comment: branches end there, so that their ranges need
    /// no search through the comments behind them.
    content: u32,
}

impl Builder {
    pub(crate) fn reserve(&mut self, elements: usize) {
        self.kinds.reserve(elements);
        self.starts.reserve(elements);
        self.ends.reserve(elements);
    }

    /// The index of the next element.
    pub(crate) fn len(&self) -> u32 {
        self.kinds.len() as u32
    }

    /// Adds an element and returns its index.
    pub(crate) fn push(&mut self, kind: Kind, start: u32, end: u32) -> u32 {
        let idx = self.len();
        self.kinds.push(kind);
        self.starts.push(start);
        self.ends.push(end);
        if kind != Kind::Comment {
            self.content = idx + 1;
        }
        idx
    }

    /// Takes back the elements from `idx` on.
    pub(crate) fn truncate(&mut self, idx: u32) {
        self.kinds.truncate(idx as usize);
        self.starts.truncate(idx as usize);
        self.ends.truncate(idx as usize);
        self.content = self.content.min(idx);
    }

    /// Puts two branches in front of the element at `idx`; those behind it move.
    pub(crate) fn wrap(&mut self, idx: u32, outer: (Kind, u32), inner: (Kind, u32)) {
        let at = idx as usize;
        for (kind, end) in self.kinds.iter().zip(&mut self.ends).skip(at) {
            if kind.is_branch() && *end != NONE {
                *end += 2;
            }
        }
        self.kinds.splice(at..at, [outer.0, inner.0]);
        self.starts.splice(at..at, [outer.1, inner.1]);
        self.ends.splice(at..at, [NONE, NONE]);
        self.content += 2;
    }

    /// Where a branch ends that is closed now.
    pub(crate) fn content(&self) -> u32 {
        self.content
    }

    /// Says that the branch at `idx` ends here, in front of comments that follow its content.
    pub(crate) fn close(&mut self, idx: u32) {
        let end = self.content;
        if let Some(slot) = self.ends.get_mut(idx as usize) {
            *slot = end;
        }
    }
}
