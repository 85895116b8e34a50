//! Anchors and tags.

use super::Parser;
use crate::error::Code;
use crate::line;
use crate::tree::{Kind, Shape};

/// An anchor stands in front of the node.
const ANCHOR: u8 = 1;
/// A tag stands in front of the node.
const TAG: u8 = 2;

impl Parser<'_> {
    /// After `&a - x`, which is wrong: the sequence all the same.
    pub(super) fn node_after_properties(&mut self) {
        let at = self.pos;
        if self.open_block(at, true, Shape::Sequence) && !self.rest_is_empty(at + 1) {
            self.pos = line::skip_blanks(self.text, at + 1);
            let end = line::line_end(self.text, self.pos);
            self.push(Kind::Junk, self.pos, end);
            self.next_line(end);
        }
    }

    /// Whether the line ends behind the properties from `start` on; if so they wait for their node.
    pub(super) fn only_properties(&mut self, props: u8, start: usize) -> bool {
        let at = self.pos;
        if !line::at_line_end(self.text, at) && self.byte(at) != b'#' {
            return false;
        }
        self.check_properties(props, start);
        self.change_top(|frame| frame.props |= props);
        self.finish_line(at);
        true
    }

    /// Two anchors or two tags at one node are wrong.
    pub(super) fn check_properties(&mut self, props: u8, at: usize) {
        if self.top().props & props != 0 {
            self.problem(Code::DuplicateProperty, at, at + 1);
        }
    }

    /// Reads anchors and tags and the blanks behind them.
    pub(super) fn properties(&mut self) -> u8 {
        let mut props = 0;
        loop {
            let start = self.pos;
            let (kind, bit) = match self.byte(start) {
                b'&' => (Kind::Anchor, ANCHOR),
                b'!' => (Kind::Tag, TAG),
                _ => return props,
            };
            let end = self.property_end(start);
            self.check_property(kind, start, end);
            if props & bit != 0 {
                self.problem(Code::DuplicateProperty, start, end);
            }
            props |= bit;
            self.push(kind, start, end);
            self.pos = line::skip_blanks(self.text, end);
        }
    }

    pub(super) fn property_end(&self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or_default();
        if rest.starts_with(b"!<") {
            let close = rest
                .iter()
                .position(|&byte| byte == b'>' || line::is_break(byte));
            let close = close.filter(|&at| rest.get(at) == Some(&b'>'));
            if let Some(close) = close {
                return start + close + 1;
            }
        }
        let mut end = start + 1;
        while !line::at_gap(self.text, end) && !line::is_flow_indicator(self.byte(end)) {
            end += 1;
        }
        end
    }

    pub(super) fn check_property(&mut self, kind: Kind, start: usize, end: usize) {
        let text = self.source.get(start..end).unwrap_or_default();
        if kind == Kind::Anchor {
            if text.len() < 2 {
                self.problem(Code::InvalidAnchor, start, end);
            }
        } else if let Some(code) = crate::tag::problem(text, &self.handles) {
            self.problem(code, start, end);
        }
        if !line::at_flow_gap(self.text, end) {
            self.problem(Code::MissingBlank, end, end + 1);
        }
    }
}
