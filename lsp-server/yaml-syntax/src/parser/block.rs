//! Block style: lines, and what stands in them.

use super::{Frame, MAX_DEPTH, Parser};
use crate::error::Code;
use crate::line::{self, Stop};
use crate::tree::{Kind, NONE, Shape};

/// A scalar, alias or flow collection whose elements are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atom {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether it may be a key as far as its lines go.
    pub(crate) is_one_line: bool,
    pub(crate) kind: Kind,
    /// Whether its end had to be guessed.
    pub(crate) is_closed: bool,
}

/// What a line does to the levels.
enum Place {
    /// Goes on with the mapping of a frame.
    Entry(usize),
    /// Goes on with the sequence of a frame.
    Item(usize),
    /// Is the awaited node of the innermost entry or item.
    Node,
    /// Fits nowhere.
    Misfit,
}

impl Parser<'_> {
    /// Reads the line at `pos`, and those that belong to what it starts.
    pub(super) fn block_line(&mut self) {
        self.line = self.pos;
        let content = line::skip_spaces(self.text, self.pos);
        match self.byte(content) {
            b'\n' | b'\r' => self.next_line(content),
            b'#' => self.finish_line(content),
            b'\t' => self.tabbed_line(content),
            _ if content >= self.text.len() => self.pos = content,
            b'.' if content == self.line && line::is_marker(self.text, content) => {
                self.end_marker();
            }
            _ => self.block_content(content),
        }
    }

    fn tabbed_line(&mut self, tab: usize) {
        let content = line::skip_blanks(self.text, tab);
        if line::at_line_end(self.text, content) {
            self.next_line(content);
        } else if self.byte(content) == b'#' {
            self.finish_line(content);
        } else if self.awaits_flow(tab, content) {
            self.pos = content;
            self.tab = Some(tab);
            self.node(true);
        } else {
            self.mend_tabs(tab, content);
        }
    }

    /// Whether what starts at `content` may stand behind a tab: no block collection.
    fn awaits_flow(&self, tab: usize, content: usize) -> bool {
        let top = self.top();
        let is_awaited = top.awaits && self.col(tab) > top.indent;
        is_awaited && !self.is_key_like(content) && !self.is_dash(content)
    }

    /// Reads the line whose first content stands at `content`.
    pub(crate) fn block_content(&mut self, content: usize) {
        let content = self.drop_stray_before_dash(content);
        let fresh = std::mem::take(&mut self.fresh);
        self.pos = content;
        if self.byte(content) == b'-' && self.is_joined_dash(content) {
            return self.mend_joined_dash(content);
        }
        let indent = self.col(content);
        match self.place(content, indent) {
            Place::Entry(frame) => {
                if let Some((meant, indent)) = self.is_outdented(frame, content) {
                    return self.mend_outdented(content, meant, indent);
                }
                self.pop_to(frame);
                self.entry();
            }
            Place::Item(frame) => {
                self.pop_to(frame);
                self.item();
            }
            Place::Node => self.node(true),
            Place::Misfit => self.mend_place(content, indent, fresh),
        }
    }

    fn place(&self, content: usize, indent: i32) -> Place {
        let deepest = self.frames.iter().rposition(|frame| frame.indent <= indent);
        let at = deepest.unwrap_or(0);
        let is_top = at + 1 == self.frames.len();
        let Some(&frame) = self.frames.get(at) else {
            return Place::Misfit;
        };
        if frame.indent < indent {
            return if is_top && frame.awaits {
                Place::Node
            } else {
                Place::Misfit
            };
        }
        match (frame.shape, self.is_dash(content)) {
            (Shape::Sequence, true) => Place::Item(at),
            (Shape::Sequence, false) => match self.frames.get(at.wrapping_sub(1)) {
                Some(outer) if outer.shape == Shape::Mapping && outer.indent == indent => {
                    Place::Entry(at - 1)
                }
                _ => Place::Misfit,
            },
            (Shape::Mapping, true) if is_top && frame.awaits => Place::Node,
            (Shape::Mapping, true) | (Shape::Document, _) => Place::Misfit,
            (Shape::Mapping, false) => Place::Entry(at),
        }
    }

    pub(crate) fn pop_to(&mut self, frame: usize) {
        while self.frames.len() > frame + 1 {
            self.pop();
        }
    }

    /// Reads the next entry of the innermost mapping.
    pub(crate) fn entry(&mut self) {
        let at = self.pos;
        match self.byte(at) {
            b'?' if line::at_gap(self.text, at + 1) => {
                self.next_entry(NONE);
                self.question(at);
            }
            b':' if line::at_gap(self.text, at + 1) => self.colon(at),
            _ if self.skip_half_key() => {}
            _ => {
                self.next_entry(NONE);
                loop {
                    match self.content(Slot::Key) {
                        Next::Line => return,
                        Next::Value => return self.node(false),
                        Next::Again => {}
                    }
                }
            }
        }
    }

    fn next_entry(&mut self, colon: u32) {
        self.close_child();
        let child = self.out.push(Kind::Entry, colon, NONE);
        self.change_top(|frame| {
            frame.child = child;
            frame.awaits = true;
            frame.is_first = false;
            frame.in_key = false;
        });
    }

    /// Reads what follows the `?` of the open entry.
    fn question(&mut self, at: usize) {
        self.push(Kind::Question, at, at + 1);
        self.change_top(|frame| frame.in_key = true);
        if !self.rest_is_empty(at + 1) {
            self.node(true);
        }
    }

    /// Reads a `:` that starts a line: the value of a `?`, or an entry without key.
    fn colon(&mut self, at: usize) {
        let is_value = self.top().in_key;
        let colon = self.relative(at);
        if is_value {
            self.fill_properties();
            self.set_colon(colon);
        } else {
            self.next_entry(colon);
        }
        if !self.rest_is_empty(at + 1) {
            self.node(is_value);
        }
    }

    /// The open entry has its colon and awaits its value.
    pub(crate) fn set_colon(&mut self, colon: u32) {
        let child = self.top().child;
        if let Some(place) = self.out.starts.get_mut(child as usize) {
            *place = colon;
        }
        self.change_top(|frame| {
            frame.awaits = true;
            frame.in_key = false;
        });
    }

    /// Reads the next item of the innermost sequence.
    pub(crate) fn item(&mut self) {
        let dash = self.pos;
        self.item_at_dash();
        if !self.rest_is_empty(dash + 1) {
            self.node(true);
        }
    }

    /// Opens the next item of the innermost sequence; its dash stands at `pos`.
    pub(crate) fn item_at_dash(&mut self) {
        self.close_child();
        let child = self.open(Kind::Item, self.pos);
        self.change_top(|frame| {
            frame.child = child;
            frame.awaits = true;
        });
    }

    /// Opens a sequence and its first item; its dash stands at `pos`.
    pub(crate) fn open_item(&mut self) {
        if self.frames.len() < MAX_DEPTH {
            self.open_block(self.pos, true, Shape::Sequence);
        }
    }

    /// Skips blanks behind an indicator. If nothing follows on the line, finishes it.
    pub(crate) fn rest_is_empty(&mut self, from: usize) -> bool {
        let content = line::skip_blanks(self.text, from);
        let blanks = self.text.get(from..content).unwrap_or_default();
        if line::at_line_end(self.text, content) {
            self.next_line(content);
            return true;
        }
        if self.byte(content) == b'#' && content > from {
            self.finish_line(content);
            return true;
        }
        self.tab = blanks.contains(&b'\t').then_some(from);
        self.pos = content;
        false
    }

    /// Reads the awaited node, which starts at `pos`. `is_fresh`: block collections may start here.
    pub(crate) fn node(&mut self, is_fresh: bool) {
        let mut is_fresh = is_fresh;
        loop {
            let at = self.pos;
            let is_indicator = line::at_gap(self.text, at + 1);
            match self.byte(at) {
                b'-' if is_indicator => {
                    if !self.open_block(at, is_fresh, Shape::Sequence) {
                        return;
                    }
                    is_fresh = true;
                }
                b'?' if is_indicator => {
                    if !self.open_block(at, is_fresh, Shape::Mapping) {
                        return;
                    }
                    self.push(Kind::Question, at, at + 1);
                    self.change_top(|frame| frame.in_key = true);
                    is_fresh = true;
                }
                b':' if is_indicator => {
                    if !self.open_block(at, is_fresh, Shape::Mapping) {
                        return;
                    }
                    let colon = self.relative(at);
                    self.set_colon(colon);
                    is_fresh = false;
                }
                _ => {
                    let slot = if is_fresh { Slot::Fresh } else { Slot::Inline };
                    match self.content(slot) {
                        Next::Line => return,
                        Next::Value => is_fresh = false,
                        Next::Again => {}
                    }
                    continue;
                }
            }
            if self.rest_is_empty(at + 1) {
                return;
            }
        }
    }

    /// Opens a collection whose first indicator stands at `at`. False: it is too deep.
    pub(super) fn open_block(&mut self, at: usize, is_fresh: bool, shape: Shape) -> bool {
        if self.frames.len() >= MAX_DEPTH {
            self.too_deep(at);
            return false;
        }
        if !is_fresh {
            self.problem(Code::BlockInLine, at, at + 1);
            if shape == Shape::Sequence {
                self.align_sequence_in_line(at);
            }
        }
        self.check_tab();
        let (outer, inner, place) = match shape {
            Shape::Sequence => (Kind::BlockSeq, Kind::Item, self.relative(at)),
            Shape::Mapping | Shape::Document => (Kind::BlockMap, Kind::Entry, NONE),
        };
        let node = self.open(outer, at);
        let child = self.out.push(inner, place, NONE);
        self.push_frame(shape, self.col(at), node, child);
        true
    }

    fn check_tab(&mut self) {
        if let Some(tab) = self.tab.take() {
            self.problem(Code::TabIndentation, tab, tab + 1);
        }
    }

    /// The rest of the line is skipped: there is a limit to nesting.
    fn too_deep(&mut self, at: usize) {
        let end = line::line_end(self.text, at);
        self.problem(Code::TooDeep, at, at + 1);
        self.push(Kind::Junk, at, end);
        self.change_top(|frame| frame.awaits = false);
        self.next_line(end);
    }

    /// Reads properties, then a scalar, alias or flow collection.
    fn content(&mut self, slot: Slot) -> Next {
        let mark = self.out.len();
        let start = self.pos;
        let props = self.properties();
        let at = self.pos;
        if props != 0 {
            if slot != Slot::Key && self.only_properties(props, start) {
                return Next::Line;
            }
            if self.is_dash(at) {
                self.problem(Code::BlockInLine, at, at + 1);
                self.change_top(|frame| frame.props |= props);
                self.node_after_properties();
                return Next::Line;
            }
        } else if self.is_stray(slot) {
            return self.drop_stray();
        }
        let frame = self.top();
        if matches!(self.byte(at), b'|' | b'>') && slot != Slot::Key {
            self.check_properties(props, start);
            self.block_scalar(frame.indent);
            self.fill_slot();
            return Next::Line;
        }
        let atom = self.atom(frame.indent, slot);
        if props != 0 && atom.kind == Kind::Alias {
            self.problem(Code::PropertyOfAlias, start, at);
        }
        if let Some(colon) = self.key_colon(atom) {
            return self.key(slot, mark, start, atom, colon);
        }
        if slot == Slot::Key {
            self.half_key(atom);
        } else {
            self.check_properties(props, start);
            self.value(slot, mark, atom);
        }
        Next::Line
    }

    /// The awaited node is there.
    pub(crate) fn fill_slot(&mut self) {
        self.change_top(|frame| {
            frame.awaits = false;
            frame.props = 0;
        });
    }

    /// Reads a scalar, alias or flow collection.
    fn atom(&mut self, indent: i32, slot: Slot) -> Atom {
        match self.byte(self.pos) {
            b'"' | b'\'' => self.quoted_atom(indent),
            b'[' | b'{' => self.flow(indent),
            b'*' => self.alias(),
            _ => self.plain_atom(indent, slot),
        }
    }

    /// Reads `*name`.
    pub(super) fn alias(&mut self) -> Atom {
        let start = self.pos;
        let mut end = start + 1;
        while !line::at_flow_gap(self.text, end) {
            end += 1;
        }
        if end == start + 1 {
            self.problem(Code::InvalidAnchor, start, end);
        }
        self.push(Kind::Alias, start, end);
        Atom::new(Kind::Alias, start, end)
    }

    fn plain_atom(&mut self, indent: i32, slot: Slot) -> Atom {
        let start = self.pos;
        if self.byte(start) == b':' && line::at_gap(self.text, start + 1) {
            // Only behind properties: they are those of an empty key.
            let end = self.last_property_end();
            self.push(Kind::Plain, end, end);
            return Atom::new(Kind::Plain, end, end);
        }
        if !self.can_start_plain(start) {
            self.problem(Code::InvalidStart, start, start + 1);
        }
        let first = line::plain_in_block(self.text, start);
        let mut end = first.end;
        if first.stop == Stop::LineEnd && self.has_stray_quote(first.end, slot) {
            end -= 2;
            self.push(Kind::Plain, start, end);
            return Atom::new(Kind::Plain, start, end);
        }
        if first.stop == Stop::LineEnd && slot != Slot::Key {
            end = self.plain_lines(first.at, end, indent);
        }
        self.push(Kind::Plain, start, end);
        Atom {
            is_one_line: end == first.end,
            ..Atom::new(Kind::Plain, start, end)
        }
    }

    fn can_start_plain(&self, at: usize) -> bool {
        match self.byte(at) {
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`' => false,
            b'-' | b'?' | b':' => !line::at_gap(self.text, at + 1),
            _ => true,
        }
    }

    /// The colon that makes `atom` a key.
    fn key_colon(&self, atom: Atom) -> Option<usize> {
        let colon = line::skip_blanks(self.text, atom.end);
        let is_colon = self.byte(colon) == b':'
            && (line::at_gap(self.text, colon + 1) || self.is_last_quote(colon + 1));
        is_colon.then_some(colon)
    }

    /// `atom` is a key; goes on with its value.
    fn key(&mut self, slot: Slot, mark: u32, start: usize, atom: Atom, colon: usize) -> Next {
        let place = self.relative(colon);
        if !atom.is_one_line {
            self.problem(Code::MultilineKey, atom.start, atom.end);
        } else if colon - start > 1024 {
            let key = self.source.get(start..colon).unwrap_or_default();
            if key.chars().count() > 1024 {
                self.problem(Code::LongKey, start, colon);
            }
        }
        if slot == Slot::Key {
            self.set_colon(place);
            return self.after_colon(colon);
        }
        if self.frames.len() >= MAX_DEPTH {
            self.too_deep(colon);
            return Next::Line;
        }
        let mut indent = self.col(start);
        if slot == Slot::Inline {
            self.problem(Code::MappingInLine, colon, colon + 1);
            indent = self.indent_in_line(indent);
        }
        self.check_tab();
        let map = (Kind::BlockMap, self.relative(start));
        self.out.wrap(mark, map, (Kind::Entry, place));
        self.push_frame(Shape::Mapping, indent, mark, mark + 1);
        self.after_colon(colon)
    }

    fn after_colon(&mut self, colon: usize) -> Next {
        if self.is_last_quote(colon + 1) {
            self.report_stray(colon + 1);
            self.finish_line(colon + 2);
            return Next::Line;
        }
        if self.rest_is_empty(colon + 1) {
            Next::Line
        } else {
            Next::Value
        }
    }

    /// `atom` is the awaited node.
    fn value(&mut self, slot: Slot, mark: u32, atom: Atom) {
        if slot == Slot::Fresh && self.mend_half_key(mark, atom) {
            return;
        }
        self.fill_slot();
        self.finish_line(atom.end);
    }

    /// Reads the comment behind `end`, if any; what else stands there is wrong.
    pub(crate) fn finish_line(&mut self, end: usize) {
        let at = line::skip_blanks(self.text, end);
        if line::at_line_end(self.text, at) {
            self.next_line(at);
            return;
        }
        let line_end = line::line_end(self.text, at);
        if self.byte(at) == b'#' {
            if at == end && at > self.line && !line::is_blank(self.byte(at - 1)) {
                self.problem(Code::CommentWithoutBlank, at, at + 1);
            }
            self.push(Kind::Comment, at, line_end);
        } else {
            let junk = line::plain_in_block(self.text, at);
            let junk_end = match junk.stop {
                Stop::Comment => junk.end,
                Stop::Colon | Stop::Flow | Stop::LineEnd => line_end,
            };
            self.problem(Code::UnexpectedText, at, junk_end);
            self.push(Kind::Junk, at, junk_end);
            if junk_end < line_end {
                self.finish_line(junk_end);
                return;
            }
        }
        self.next_line(line_end);
    }

    /// Whether `- ` stands at `at`.
    pub(crate) fn is_dash(&self, at: usize) -> bool {
        self.saw(at + 2);
        self.byte(at) == b'-' && line::at_gap(self.text, at + 1)
    }
}

/// Where [`Parser::content`] stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// At the start of an entry of the innermost mapping.
    Key,
    /// Where a node is awaited, a mapping too.
    Fresh,
    /// Where a node is awaited behind a key on its line: no block collection starts here.
    Inline,
}

/// What [`Parser::content`] leaves to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The next line.
    Line,
    /// The value of the key that was read, on the same line.
    Value,
    /// The same, behind what has no place there.
    Again,
}

impl Atom {
    pub(crate) fn new(kind: Kind, start: usize, end: usize) -> Self {
        Self {
            start,
            end,
            kind,
            is_one_line: true,
            is_closed: true,
        }
    }
}

impl Frame {
    /// Whether it goes on with lines such as the one at `is_dash`.
    pub(crate) fn takes(&self, is_dash: bool) -> bool {
        self.shape
            == if is_dash {
                Shape::Sequence
            } else {
                Shape::Mapping
            }
    }
}
