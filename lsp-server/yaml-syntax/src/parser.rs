//! From the text of one document to its segments.
//!
//! The parser goes line by line. Between two lines its whole state is a stack of open levels, so
//! it can stop and go on there. It uses no recursion and writes the tree as it goes. What does not
//! fit is reported, mended (see [`crate::recovery`]) and read on: there is no other, strict mode.

mod block;
mod document;
mod flow;
mod property;
mod scalar;

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Code;
use crate::line;
use crate::order::sort_by_number;
use crate::source::line_starts;
use crate::tree::{Builder, Handles, Kind, Level, NONE, Problem, Segment, Shape};

pub(crate) use block::{Atom, Next, Slot};
pub(crate) use document::{boundaries, is_start, skip_prefix};

/// How deep collections may be nested.
pub(crate) const MAX_DEPTH: usize = 1000;

/// A segment is cut in front of the next line once it has this many bytes.
pub(crate) const SEGMENT_SIZE: usize = 4096;

/// The id of the next segment. Only that ids grow has a meaning.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// An open block collection, and the entry or item that is open in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) shape: Shape,
    pub(crate) indent: i32,
    /// The index of the collection; [`NONE`] if it stands in an earlier segment.
    pub(crate) node: u32,
    /// The index of the open entry or item, in the same way.
    pub(crate) child: u32,
    /// Whether the entry or item has no node yet.
    pub(crate) awaits: bool,
    /// Whether that entry is the first of its mapping.
    pub(crate) is_first: bool,
    /// Whether that is the key behind a `?`.
    pub(crate) in_key: bool,
    /// The properties that stand in front of the awaited node, see [`block`].
    pub(crate) props: u8,
}

/// Reads one document, or some lines of one.
pub(crate) struct Parser<'t> {
    pub(crate) source: &'t str,
    pub(crate) text: &'t [u8],
    pub(crate) pos: usize,
    /// Where the line of `pos` starts.
    pub(crate) line: usize,
    /// Added to all columns of this line, which is mended.
    pub(crate) shift: i32,
    pub(crate) out: Builder,
    /// Invariant: the first is the document and never popped.
    pub(crate) frames: Vec<Frame>,
    /// Behind the last byte that had a part in a decision.
    reach: Cell<usize>,
    pub(crate) handles: Arc<Handles>,
    /// Where the blanks with a tab behind the last indicator of this line start.
    pub(crate) tab: Option<usize>,
    /// The mapping that the line in front of this one opened; 0 if it opened none.
    pub(crate) fresh: usize,
    segment_size: usize,
    /// Where the current segment starts.
    base: usize,
    enter: Box<[Level]>,
    done: Vec<Segment>,
}

/// Parses the text of one document.
pub(crate) fn document(text: &str, segment_size: usize) -> Vec<Segment> {
    let mut parser = Parser::new(text, segment_size);
    parser.lines(text.len());
    parser.finish()
}

impl<'t> Parser<'t> {
    /// A parser behind what stands in front of a document's content.
    pub(crate) fn new(text: &'t str, segment_size: usize) -> Self {
        let root = Level {
            shape: Shape::Document,
            indent: -1,
            awaits: true,
            is_first: false,
        };
        let mut parser = Self::resume(text, &[root], Arc::default(), segment_size);
        parser.prefix();
        parser
    }

    /// A parser at the start of a line in the middle of a document.
    pub(crate) fn resume(
        text: &'t str,
        levels: &[Level],
        handles: Arc<Handles>,
        segment_size: usize,
    ) -> Self {
        let mut parser = Self {
            source: text,
            text: text.as_bytes(),
            pos: 0,
            line: 0,
            shift: 0,
            out: Builder::default(),
            frames: levels.iter().copied().map(Frame::inherited).collect(),
            reach: Cell::new(0),
            handles,
            tab: None,
            fresh: 0,
            segment_size,
            base: 0,
            enter: levels.into(),
            done: Vec::new(),
        };
        parser.start_segment();
        parser
    }

    fn start_segment(&mut self) {
        let size = self.segment_size.min(self.text.len() - self.base);
        self.out.reserve(size / 8 + 8);
        self.out.exits = vec![NONE; 2 * (self.frames.len() - 1)];
    }

    /// Reads lines until it stands at or behind `stop`.
    pub(crate) fn lines(&mut self, stop: usize) {
        while self.pos < stop {
            if self.pos - self.base >= self.segment_size && self.can_cut() {
                self.cut();
            }
            self.block_line();
        }
    }

    /// Whether the levels are all there is to know.
    pub(crate) fn can_cut(&self) -> bool {
        let mut frames = self.frames.iter();
        self.fresh == 0 && frames.all(|frame| !frame.in_key && frame.props == 0)
    }

    /// What is open.
    pub(crate) fn levels(&self) -> Vec<Level> {
        self.frames.iter().map(Frame::level).collect()
    }

    /// Ends the document and returns its segments.
    pub(crate) fn finish(mut self) -> Vec<Segment> {
        while self.frames.len() > 1 {
            self.pop();
        }
        self.fill_properties();
        self.cut();
        self.done
    }

    /// Ends here, at the start of a line, and returns the segments; what is open stays so.
    pub(crate) fn suspend(mut self) -> Vec<Segment> {
        self.cut();
        self.done
    }

    /// Ends the segment in front of `pos`.
    fn cut(&mut self) {
        // A line feed that is put behind a carriage return belongs to it.
        let is_return = self.pos > 0 && self.byte(self.pos - 1) == b'\r';
        self.saw(self.pos + usize::from(is_return));
        let mut opens = Vec::new();
        for (level, frame) in self.frames.iter_mut().skip(1).enumerate() {
            let slot = 2 * level as u32;
            if frame.node != NONE {
                opens.push((frame.node, slot));
            }
            if frame.child != NONE {
                opens.push((frame.child, slot + 1));
            }
            (frame.node, frame.child) = (NONE, NONE);
        }
        if self.pos == self.base {
            // Nothing pends where a segment starts, so there is nothing to say.
            return;
        }
        let out = std::mem::take(&mut self.out);
        let text = self.source.get(self.base..self.pos).unwrap_or_default();
        let mut problems = out.problems;
        problems.extend(control_characters(text));
        sort_by_number(&mut problems, |problem| {
            u64::from(problem.start) << 32 | u64::from(problem.end)
        });
        let levels = self.levels().into_boxed_slice();
        let enter = std::mem::replace(&mut self.enter, levels);
        let mut segment = Segment {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            lines: line_starts(text).into(),
            text: text.into(),
            kinds: out.kinds.into(),
            starts: out.starts.into(),
            ends: out.ends.into(),
            problems: problems.into(),
            enter,
            exits: out.exits.into(),
            opens: opens.into(),
            anchors: Box::default(),
            reach: (self.reach() - self.base) as u32,
            handles: Arc::clone(&self.handles),
        };
        segment.index_anchors();
        self.done.push(segment);
        self.base = self.pos;
        self.start_segment();
    }

    // The tree.

    /// Adds a token.
    pub(crate) fn push(&mut self, kind: Kind, start: usize, end: usize) -> u32 {
        self.out
            .push(kind, self.relative(start), self.relative(end))
    }

    /// Adds a branch.
    pub(crate) fn open(&mut self, kind: Kind, start: usize) -> u32 {
        self.out.push(kind, self.relative(start), NONE)
    }

    pub(crate) fn relative(&self, at: usize) -> u32 {
        at.saturating_sub(self.base) as u32
    }

    pub(crate) fn problem(&mut self, code: Code, start: usize, end: usize) {
        let (start, end) = (self.relative(start), self.relative(end));
        self.out.problems.push(Problem { code, start, end });
    }

    /// A problem in front of the text at `start`, which counts from the segment's start.
    pub(crate) fn problem_on_line_of(&mut self, code: Code, start: u32) {
        let at = self.base + start as usize;
        let before = self.text.get(self.base..at).unwrap_or_default();
        let line =
            memchr::memrchr2(b'\n', b'\r', before).map_or(self.base, |end| self.base + end + 1);
        self.problem(code, line, at.max(line));
    }

    // The stack.

    pub(crate) fn top(&self) -> Frame {
        self.frames.last().copied().unwrap_or_else(Frame::document)
    }

    pub(crate) fn change_top(&mut self, change: impl FnOnce(&mut Frame)) {
        if let Some(frame) = self.frames.last_mut() {
            change(frame);
        }
    }

    /// Opens a collection in the slot of the innermost open entry or item.
    pub(crate) fn push_frame(&mut self, shape: Shape, indent: i32, node: u32, child: u32) {
        self.change_top(|frame| {
            frame.awaits = false;
            frame.props = 0;
        });
        let is_first = shape == Shape::Mapping;
        self.fresh = if is_first { self.frames.len() } else { 0 };
        self.frames.push(Frame {
            shape,
            indent,
            node,
            child,
            awaits: true,
            is_first,
            in_key: false,
            props: 0,
        });
    }

    /// Closes the innermost collection.
    pub(crate) fn pop(&mut self) {
        self.close_child();
        let Some(frame) = self.frames.pop() else {
            return;
        };
        self.close_branch(frame.node, 2 * (self.frames.len() - 1));
    }

    /// Closes the open entry or item of the innermost collection.
    pub(crate) fn close_child(&mut self) {
        self.fill_properties();
        let slot = 2 * self.frames.len() - 3;
        self.close_branch(self.top().child, slot);
    }

    /// Properties without a node stand at an empty one.
    pub(crate) fn fill_properties(&mut self) {
        if self.top().props != 0 {
            let is_property = |kind: &Kind| matches!(kind, Kind::Anchor | Kind::Tag);
            let last = self.out.kinds.iter().rposition(is_property);
            let end = last.and_then(|at| self.out.ends.get(at)).copied();
            let at = end.unwrap_or_else(|| self.relative(self.pos));
            self.out.push(Kind::Plain, at, at);
            self.change_top(|frame| frame.props = 0);
        }
    }

    fn close_branch(&mut self, idx: u32, slot: usize) {
        let end = self.out.content();
        if idx != NONE {
            self.out.close(idx);
            return;
        }
        // It was opened in an earlier segment.
        if let Some(exit) = self.out.exits.get_mut(slot)
            && *exit == NONE
        {
            *exit = end;
        }
    }

    // The text.

    pub(crate) fn byte(&self, at: usize) -> u8 {
        line::byte(self.text, at)
    }

    pub(crate) fn col(&self, at: usize) -> i32 {
        line::width(at.saturating_sub(self.line)) + self.shift
    }

    /// Says that the bytes in front of `at` had a part in what was decided.
    pub(crate) fn saw(&self, at: usize) {
        self.reach.set(self.reach.get().max(at));
    }

    pub(crate) fn reach(&self) -> usize {
        self.reach.get()
    }

    /// Goes to the start of the line behind the break at `end`.
    pub(crate) fn next_line(&mut self, end: usize) {
        self.pos = line::after_break(self.text, end);
        self.line = self.pos;
        self.shift = 0;
        self.tab = None;
    }
}

/// The runs of characters that YAML does not allow.
fn control_characters(text: &str) -> Vec<Problem> {
    let is_suspect =
        |&byte: &u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || byte >= 0x7F;
    if !text.as_bytes().iter().any(is_suspect) {
        return Vec::new();
    }
    let mut problems: Vec<Problem> = Vec::new();
    for (at, char) in text.char_indices() {
        let is_control = char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\u{85}');
        if !is_control && !matches!(char, '\u{FFFE}' | '\u{FFFF}') {
            continue;
        }
        let (start, end) = (at as u32, (at + char.len_utf8()) as u32);
        match problems.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => problems.push(Problem {
                code: Code::ControlCharacter,
                start,
                end,
            }),
        }
    }
    problems
}

impl Frame {
    fn document() -> Self {
        Self {
            shape: Shape::Document,
            indent: -1,
            node: NONE,
            child: NONE,
            awaits: false,
            is_first: false,
            in_key: false,
            props: 0,
        }
    }

    fn inherited(level: Level) -> Self {
        Self {
            shape: level.shape,
            indent: level.indent,
            awaits: level.awaits,
            is_first: level.is_first,
            ..Self::document()
        }
    }

    fn level(&self) -> Level {
        Level {
            shape: self.shape,
            indent: self.indent,
            awaits: self.awaits,
            is_first: self.is_first,
        }
    }
}
