//! Flow style: `[…]` and `{…}`.

mod scope;

use super::block::Atom;
use super::{MAX_DEPTH, Parser};
use crate::error::Code;
use crate::line::{self, Stop};
use crate::tree::{Kind, NONE};

/// How far an open collection has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// An item, an entry or the end is next.
    Start,
    /// A `?` stands here; the key is next.
    Key,
    /// An item or a key is there.
    Node,
    /// A colon stands here; the value is next.
    Colon,
    /// The value is there.
    Value,
}

/// A bracket that is not closed yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    is_map: bool,
    node: u32,
    /// The open entry or item.
    child: u32,
    /// The entry of a pair within a sequence.
    pair: u32,
    state: State,
    /// Where its bracket stands.
    at: usize,
    /// The first element of the last node.
    mark: u32,
    /// Where the last node starts.
    start: usize,
    /// Whether a colon may follow the last node without a blank behind it.
    is_json: bool,
    /// Whether properties wait for their node.
    has_props: bool,
}

impl Parser<'_> {
    /// Reads the flow collection at `pos`, whose other lines are indented more than `indent`.
    pub(super) fn flow(&mut self, indent: i32) -> Atom {
        self.flow_within(indent, usize::MAX)
    }

    /// Whether the flow collection at `pos` is closed in front of `limit`.
    pub(crate) fn flow_closes(&mut self, indent: i32, limit: usize) -> bool {
        let (pos, elements, problems) = (self.pos, self.out.len(), self.out.problems.len());
        let atom = self.flow_within(indent, limit);
        self.saw(line::line_end(self.text, atom.end) + 1);
        self.out.truncate(elements);
        self.out.problems.truncate(problems);
        self.pos = pos;
        atom.is_closed
    }

    fn flow_within(&mut self, indent: i32, limit: usize) -> Atom {
        let start = self.pos;
        let kind = if self.byte(start) == b'{' {
            Kind::FlowMap
        } else {
            Kind::FlowSeq
        };
        let mut flow = Flow {
            indent,
            stack: Vec::new(),
            end: start,
            is_closed: true,
            known: 0,
            limit,
        };
        flow.open(self, start);
        while !flow.stack.is_empty() {
            flow.step(self);
        }
        self.pos = flow.end;
        let is_one_line = !has_break(self.text.get(start..flow.end).unwrap_or_default());
        Atom {
            is_one_line,
            is_closed: flow.is_closed,
            ..Atom::new(kind, start, flow.end)
        }
    }
}

/// Whether what stands behind a quoted scalar that ends at `end` may stand there.
fn closes_well(parser: &Parser<'_>, end: usize) -> bool {
    let at = line::skip_blanks(parser.text, end);
    parser.saw(at + 2);
    line::at_line_end(parser.text, at)
        || matches!(parser.byte(at), b',' | b']' | b'}' | b':' | b'#')
}

fn has_break(text: &[u8]) -> bool {
    memchr::memchr2(b'\n', b'\r', text).is_some()
}

struct Flow {
    indent: i32,
    stack: Vec<Open>,
    /// Behind the last token.
    end: usize,
    is_closed: bool,
    /// Up to here the next line with content is known to belong to it.
    known: usize,
    /// What is not closed here counts as not closed at all.
    limit: usize,
}

impl Flow {
    fn top(&self) -> Open {
        self.stack.last().copied().unwrap_or(Open::NOTHING)
    }

    fn change(&mut self, change: impl FnOnce(&mut Open)) {
        if let Some(open) = self.stack.last_mut() {
            change(open);
        }
    }

    fn set(&mut self, state: State) {
        self.change(|open| open.state = state);
    }

    /// Reads one token.
    fn step(&mut self, parser: &mut Parser<'_>) {
        if !self.skip_trivia(parser) {
            self.unclosed(parser);
            return;
        }
        let at = parser.pos;
        let byte = parser.byte(at);
        let is_indicator = line::at_flow_gap(parser.text, at + 1);
        match byte {
            b']' | b'}' => self.close(parser, at),
            b',' => self.comma(parser, at),
            b'?' if is_indicator => self.question(parser, at),
            b':' if is_indicator || self.may_be_adjacent() => self.colon(parser, at),
            b'&' | b'!' => self.properties(parser),
            b'[' | b'{' => {
                self.begin(parser, at);
                self.open(parser, at);
            }
            b'"' | b'\'' if self.is_stray(parser, at) => {
                parser.report_stray(at);
                self.took(parser, at + 1);
            }
            _ => {
                self.begin(parser, at);
                self.scalar(parser, at, byte);
            }
        }
    }

    /// Whether the quote at `at` stands in front of a bracket and is not closed.
    fn is_stray(&self, parser: &mut Parser<'_>, at: usize) -> bool {
        if !matches!(parser.byte(at + 1), b'[' | b'{') {
            return false;
        }
        let problems = parser.out.problems.len();
        let quoted = parser.quoted(at, self.indent);
        parser.out.problems.truncate(problems);
        !quoted.is_closed
    }

    /// Whether a colon needs no blank behind it: the key is quoted or bracketed.
    fn may_be_adjacent(&self) -> bool {
        let top = self.top();
        top.state == State::Node && top.is_json
    }

    /// Opens the bracket at `at`.
    fn open(&mut self, parser: &mut Parser<'_>, at: usize) {
        if self.stack.len() + parser.frames.len() >= MAX_DEPTH {
            parser.problem(Code::TooDeep, at, at + 1);
            self.give_up(parser, at);
            return;
        }
        let is_map = parser.byte(at) == b'{';
        let kind = if is_map { Kind::FlowMap } else { Kind::FlowSeq };
        let node = parser.open(kind, at);
        self.stack.push(Open {
            is_map,
            node,
            at,
            ..Open::NOTHING
        });
        self.took(parser, at + 1);
    }

    /// Too deep: the rest of the collection is skipped, as far as indentation says.
    fn give_up(&mut self, parser: &mut Parser<'_>, at: usize) {
        let end = line::line_end(parser.text, at);
        parser.push(Kind::Junk, at, end);
        self.took(parser, end);
        self.is_closed = false;
        while !self.stack.is_empty() {
            self.finish_top(parser, end, end);
        }
    }

    fn took(&mut self, parser: &mut Parser<'_>, end: usize) {
        parser.pos = end;
        self.end = end;
    }

    fn unclosed(&mut self, parser: &mut Parser<'_>) {
        let at = self.top().at;
        parser.problem(Code::UnclosedBracket, at, at + 1);
        self.is_closed = false;
        let end = self.end;
        while !self.stack.is_empty() {
            self.finish_top(parser, end, end);
        }
    }

    /// Closes the innermost collection, whose bracket is from `start` to `end`.
    fn finish_top(&mut self, parser: &mut Parser<'_>, start: usize, end: usize) {
        self.end_child(parser);
        parser.push(Kind::Close, start, end);
        parser.out.close(self.top().node);
        self.stack.pop();
        self.is_json(true);
        self.took_node();
    }

    fn is_json(&mut self, is_json: bool) {
        self.change(|open| open.is_json = is_json);
    }

    fn close(&mut self, parser: &mut Parser<'_>, at: usize) {
        let is_map = parser.byte(at) == b'}';
        let Some(depth) = self.stack.iter().rposition(|open| open.is_map == is_map) else {
            parser.problem(Code::UnexpectedCloser, at, at + 1);
            parser.push(Kind::Junk, at, at + 1);
            self.took(parser, at + 1);
            return;
        };
        while self.stack.len() > depth + 1 {
            let open = self.top().at;
            parser.problem(Code::UnclosedBracket, open, open + 1);
            let end = self.end;
            self.finish_top(parser, end, end);
        }
        self.finish_top(parser, at, at + 1);
        self.took(parser, at + 1);
    }

    fn comma(&mut self, parser: &mut Parser<'_>, at: usize) {
        let top = self.top();
        if top.state == State::Start && !top.has_props {
            parser.problem(Code::UnexpectedComma, at, at + 1);
        }
        self.end_child(parser);
        self.took(parser, at + 1);
    }

    /// Ends the open entry or item.
    fn end_child(&mut self, parser: &mut Parser<'_>) {
        self.fill_properties(parser);
        let top = self.top();
        if top.pair != NONE {
            parser.out.close(top.pair);
            parser.out.close(top.pair.saturating_sub(1));
        }
        if top.child != NONE {
            parser.out.close(top.child);
        }
        self.change(|open| {
            open.pair = NONE;
            open.child = NONE;
            open.state = State::Start;
        });
    }

    /// Properties in front of nothing stand at an empty node.
    fn fill_properties(&mut self, parser: &mut Parser<'_>) {
        if self.top().has_props {
            let end = self.end;
            parser.push(Kind::Plain, end, end);
            self.is_json(false);
            self.took_node();
        }
    }

    /// A node starts at `at`: opens the entry or item it belongs to.
    fn begin(&mut self, parser: &mut Parser<'_>, at: usize) {
        let top = self.top();
        if top.has_props {
            return;
        }
        if matches!(top.state, State::Node | State::Value) && !self.drop_half_item(parser, at) {
            parser.problem(Code::MissingComma, at, at + 1);
            self.end_child(parser);
        }
        self.begin_child(parser, at);
        let mark = parser.out.len();
        self.change(|open| {
            open.mark = mark;
            if matches!(open.state, State::Start | State::Key) {
                open.start = at;
            }
        });
    }

    /// A lone word on a line of its own in front of a collection is no item. False: it is one.
    fn drop_half_item(&mut self, parser: &mut Parser<'_>, at: usize) -> bool {
        let top = self.top();
        let out = &parser.out;
        let is_lone = !top.is_map && out.len() == top.child.saturating_add(2);
        let is_plain = out.kinds.last() == Some(&Kind::Plain);
        let is_collection = matches!(parser.byte(at), b'[' | b'{');
        let between = parser.text.get(self.end..at).unwrap_or_default();
        if !(is_lone && is_plain && is_collection && has_break(between)) {
            return false;
        }
        let (start, end) = (top.start, self.end);
        parser.out.truncate(top.child);
        parser.problem(Code::UnexpectedText, start, end);
        parser.push(Kind::Junk, start, end);
        self.change(|open| {
            open.child = NONE;
            open.state = State::Start;
        });
        true
    }

    fn begin_child(&mut self, parser: &mut Parser<'_>, at: usize) {
        let top = self.top();
        if top.state != State::Start {
            return;
        }
        let child = if top.is_map {
            parser.out.push(Kind::Entry, NONE, NONE)
        } else {
            parser.open(Kind::Item, at)
        };
        self.change(|open| open.child = child);
    }

    fn took_node(&mut self) {
        self.change(|open| {
            open.has_props = false;
            open.state = match open.state {
                State::Start | State::Key | State::Node => State::Node,
                State::Colon | State::Value => State::Value,
            };
        });
    }

    fn question(&mut self, parser: &mut Parser<'_>, at: usize) {
        let top = self.top();
        if top.state != State::Start || top.has_props {
            parser.problem(Code::MissingComma, at, at + 1);
            self.end_child(parser);
        }
        self.begin_child(parser, at);
        if !top.is_map {
            self.begin_pair(parser, at, NONE);
        }
        parser.push(Kind::Question, at, at + 1);
        self.set(State::Key);
        self.took(parser, at + 1);
    }

    fn begin_pair(&mut self, parser: &mut Parser<'_>, at: usize, colon: u32) {
        parser.open(Kind::Pair, at);
        let pair = parser.out.push(Kind::Entry, colon, NONE);
        self.change(|open| open.pair = pair);
    }

    fn colon(&mut self, parser: &mut Parser<'_>, at: usize) {
        if !self.may_be_adjacent() && matches!(parser.byte(at + 1), b'[' | b'{') {
            parser.problem(Code::MissingBlank, at + 1, at + 2);
        }
        self.fill_properties(parser);
        let top = self.top();
        let colon = parser.relative(at);
        match top.state {
            State::Start => {
                self.begin_child(parser, at);
                if !top.is_map {
                    self.begin_pair(parser, at, colon);
                }
                self.set_colon(parser, colon);
            }
            State::Key => self.set_colon(parser, colon),
            State::Node => {
                if !top.is_map && top.pair == NONE && !self.make_pair(parser, at) {
                    self.took(parser, at + 1);
                    return;
                }
                self.set_colon(parser, colon);
            }
            State::Colon | State::Value => {
                parser.problem(Code::MappingInLine, at, at + 1);
                parser.push(Kind::Junk, at, at + 1);
            }
        }
        self.took(parser, at + 1);
    }

    /// The colon at `at` makes the last node the key of a pair. False: it may not be one.
    fn make_pair(&mut self, parser: &mut Parser<'_>, at: usize) -> bool {
        let top = self.top();
        let too_long = at - top.start > 1024 && {
            let key = parser.source.get(top.start..at.min(top.start + 4097));
            key.is_none_or(|key| key.chars().count() > 1024)
        };
        if too_long {
            parser.problem(Code::LongKey, top.start, at);
            parser.push(Kind::Junk, at, at + 1);
            return false;
        }
        if has_break(parser.text.get(top.start..at).unwrap_or_default()) {
            parser.problem(Code::MultilineKey, top.start, at);
        }
        let pair = (Kind::Pair, parser.relative(top.start));
        parser.out.wrap(top.mark, pair, (Kind::Entry, NONE));
        self.change(|open| open.pair = open.mark + 1);
        true
    }

    fn set_colon(&mut self, parser: &mut Parser<'_>, colon: u32) {
        let top = self.top();
        let entry = if top.is_map { top.child } else { top.pair };
        if let Some(place) = parser.out.starts.get_mut(entry as usize) {
            *place = colon;
        }
        self.set(State::Colon);
    }

    fn properties(&mut self, parser: &mut Parser<'_>) {
        let at = parser.pos;
        if self.top().has_props {
            // On a line of its own behind others; the kinds may still differ.
            parser.properties();
        } else {
            self.begin(parser, at);
            parser.properties();
            self.change(|open| open.has_props = true);
        }
        let end = parser.last_property_end();
        self.took(parser, end);
    }

    fn scalar(&mut self, parser: &mut Parser<'_>, at: usize, byte: u8) {
        let end = match byte {
            b'"' | b'\'' => {
                self.is_json(true);
                self.quoted(parser, at)
            }
            b'*' => {
                self.is_json(false);
                if self.top().has_props {
                    parser.problem(Code::PropertyOfAlias, at, at + 1);
                }
                parser.alias().end
            }
            _ => {
                self.is_json(false);
                self.plain(parser, at)
            }
        };
        self.took(parser, end);
        self.took_node();
    }

    /// Whether a key that starts here may have several lines.
    fn may_have_long_key(&self) -> bool {
        let top = self.top();
        top.is_map || top.state == State::Key
    }

    fn quoted(&mut self, parser: &mut Parser<'_>, at: usize) -> usize {
        let kind = if parser.byte(at) == b'"' {
            Kind::Double
        } else {
            Kind::Single
        };
        let problems = parser.out.problems.len();
        let quoted = parser.quoted(at, self.indent);
        let mut end = quoted.end;
        let is_open = !quoted.is_one_line && !closes_well(parser, quoted.end);
        if !quoted.is_closed || is_open {
            parser.out.problems.truncate(problems);
            parser.problem(Code::UnclosedQuote, at, at + 1);
            let first = line::plain_in_flow(parser.text, at + 1);
            end = if first.stop == Stop::Flow {
                first.end
            } else {
                quoted.first_end
            };
        }
        parser.push(kind, at, end);
        end
    }

    fn plain(&mut self, parser: &mut Parser<'_>, at: usize) -> usize {
        let byte = parser.byte(at);
        let is_lone = line::at_flow_gap(parser.text, at + 1);
        if byte == b'-' && is_lone && line::is_flow_indicator(parser.byte(at + 1)) {
            parser.problem(Code::DashInFlow, at, at + 1);
        } else if (is_lone && matches!(byte, b'-' | b'?' | b':'))
            || matches!(byte, b'#' | b'|' | b'>' | b'%' | b'@' | b'`')
        {
            parser.problem(Code::InvalidStart, at, at + 1);
        }
        let mut line = line::plain_in_flow(parser.text, at);
        let mut end = line.end.max(at + 1);
        while line.stop == Stop::LineEnd {
            let Some(next) = parser.peek_line(line.at) else {
                break;
            };
            let first = parser.byte(next.content);
            if next.indent <= self.indent
                || matches!(first, b'#' | b',' | b']' | b'}' | b'[' | b'{')
            {
                break;
            }
            if first == b':' && line::at_flow_gap(parser.text, next.content + 1) {
                break;
            }
            let more = line::plain_in_flow(parser.text, next.content);
            parser.saw(more.at + 2);
            if more.stop == Stop::Colon && !self.may_have_long_key() {
                break;
            }
            line = more;
            end = line.end;
        }
        parser.push(Kind::Plain, at, end);
        end
    }
}

impl Parser<'_> {
    pub(super) fn last_property_end(&self) -> usize {
        let end = self.out.ends.last().copied().unwrap_or(0);
        self.base + end as usize
    }
}

impl Open {
    const NOTHING: Self = Self {
        is_map: false,
        node: NONE,
        child: NONE,
        pair: NONE,
        state: State::Start,
        at: 0,
        mark: 0,
        start: 0,
        is_json: false,
        has_props: false,
    };
}
