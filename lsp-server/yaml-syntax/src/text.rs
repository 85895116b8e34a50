//! Offsets and ranges: bytes of UTF-8.

use std::fmt;
use std::ops::{Add, Sub};

/// An offset or a length, in bytes of UTF-8.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextSize(u32);

impl From<u32> for TextSize {
    fn from(bytes: u32) -> Self {
        Self(bytes)
    }
}

impl From<TextSize> for u32 {
    fn from(size: TextSize) -> Self {
        size.0
    }
}

impl From<TextSize> for u64 {
    fn from(size: TextSize) -> Self {
        size.0.into()
    }
}

impl From<TextSize> for usize {
    fn from(size: TextSize) -> Self {
        size.0 as usize
    }
}

impl TextSize {
    /// The length of `text`. Texts are limited to 4 GiB at the edge.
    pub fn of(text: &str) -> Self {
        Self(text.len() as u32)
    }
}

impl Add for TextSize {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for TextSize {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for TextSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A half-open range: `start` included, `end` excluded.
///
/// Invariant: `start <= end`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TextRange {
    start: TextSize,
    end: TextSize,
}

impl TextRange {
    /// The range from `start` to `end`; empty at `start` if `end` lies before it.
    pub fn new(start: TextSize, end: TextSize) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// The empty range at `offset`.
    pub fn empty(offset: TextSize) -> Self {
        Self::new(offset, offset)
    }

    /// The first offset.
    pub fn start(self) -> TextSize {
        self.start
    }

    /// The first offset after it.
    pub fn end(self) -> TextSize {
        self.end
    }

    /// Bytes between start and end.
    pub fn len(self) -> TextSize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` is in it; its end is not.
    pub fn contains(self, offset: TextSize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether `offset` is in it or at its end, as a cursor behind a word is.
    pub fn touches(self, offset: TextSize) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// Whether all of `other` is in it.
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl From<TextRange> for std::ops::Range<usize> {
    fn from(range: TextRange) -> Self {
        range.start.into()..range.end.into()
    }
}

/// A place as line and column, both from 0. What the column counts is said where it is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineCol {
    /// The line.
    pub line: u32,
    /// The column.
    pub col: u32,
}
