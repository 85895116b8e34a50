//! Lines whose indentation fits nowhere, or not with what follows.
//!
//! The line that went wrong is found by the one behind it: what is complete on its line has nothing
//! below it, and what ends with a colon has.

use crate::error::Code;
use crate::line;
use crate::parser::{Frame, Parser};
use crate::tree::Shape;

/// How deep most people indent.
const STEP: i32 = 2;

/// The line behind one that is looked at.
#[derive(Debug, Clone, Copy)]
struct Below {
    indent: i32,
    is_dash: bool,
    is_key: bool,
    content: usize,
}

impl Parser<'_> {
    /// The indentation of a mapping that starts behind a key on the key's own line.
    pub(crate) fn indent_in_line(&mut self, col: i32) -> i32 {
        let outer = self.top().indent;
        let line_end = line::line_end(self.text, self.pos);
        match self.peek_line(line_end) {
            Some(next) if next.indent > outer && self.is_key_like(next.content) => next.indent,
            _ => col,
        }
    }

    /// Reads a line that matches no open level.
    pub(crate) fn mend_place(&mut self, content: usize, indent: i32, fresh: usize) {
        let is_dash = self.is_dash(content);
        let is_key = !is_dash && self.is_key_like(content);
        if !is_dash && !is_key {
            self.skip_misfit(content, is_dash);
            return;
        }
        if self.mend_first_key(content, indent, fresh, is_dash) {
            return;
        }
        let Some(frame) = self.nearest(content, indent, is_dash) else {
            self.skip_misfit(content, is_dash);
            return;
        };
        if is_dash || !self.adopt(frame, content, indent, fresh) {
            self.problem(Code::WrongIndentation, self.line, content.max(self.line));
            let level = self.frames.get(frame).map_or(indent, |frame| frame.indent);
            self.shift += level - indent;
        }
        self.pop_to(frame);
        if is_dash {
            self.item();
        } else {
            self.entry();
        }
    }

    /// A line between the first key of a mapping and the level around: that key is too deep. False:
    /// it is not so.
    fn mend_first_key(&mut self, content: usize, indent: i32, fresh: usize, is_dash: bool) -> bool {
        let at = self.frames.len() - 1;
        let (top, outer) = (self.top(), self.indent_around(at));
        let is_between = top.shape == Shape::Mapping && outer < indent && indent < top.indent;
        let is_item = self
            .frames
            .get(at.wrapping_sub(1))
            .is_some_and(|it| it.shape == Shape::Sequence);
        if !top.is_first || !is_between || is_item {
            return false;
        }
        let step = self.step();
        let is_below = top.awaits && (is_dash || indent >= outer + 2 * step);
        if !is_below {
            let adopted = !is_dash && self.adopt(at, content, indent, fresh);
            if adopted {
                self.entry();
            }
            return adopted;
        }
        self.report_first(at, content, fresh);
        let level = if indent - step > outer {
            indent - step
        } else {
            indent
        };
        self.change_top(|frame| frame.indent = level);
        self.node(true);
        true
    }

    /// If only the first entry of a mapping disagrees with this line, it is that which is wrong: the
    /// mapping takes over the indentation of this line.
    fn adopt(&mut self, at: usize, content: usize, indent: i32, fresh: usize) -> bool {
        let (Some(&frame), Some(&outer)) = (self.frames.get(at), self.frames.get(at - 1)) else {
            return false;
        };
        let opens = self.opens(content);
        let agrees_with_first = self.below(content).is_some_and(|below| {
            let is_child = opens && below.indent <= indent && !below.is_dash;
            below.indent == frame.indent || is_child && below.indent > frame.indent
        });
        // The item of a sequence moves with its first key.
        let is_item = outer.shape == Shape::Sequence && outer.indent >= indent;
        let least = if is_item {
            self.indent_around(at - 1)
        } else {
            outer.indent
        };
        if !frame.is_first || agrees_with_first || indent <= least {
            return false;
        }
        self.report_first(at, content, fresh);
        if let Some(frame) = self.frames.get_mut(at) {
            frame.indent = indent;
        }
        if is_item && let Some(outer) = self.frames.get_mut(at - 1) {
            outer.indent = (indent - STEP).max(least);
        }
        true
    }

    /// Reports the first key of a mapping if it stands on the line in front of this one.
    fn report_first(&mut self, at: usize, content: usize, fresh: usize) {
        let first = self.frames.get(at).map_or(0, |frame| frame.node);
        if at == fresh {
            let first = self.out.starts.get(first as usize).copied();
            self.problem_on_line_of(Code::WrongIndentation, first.unwrap_or(0));
        } else {
            self.problem(Code::WrongIndentation, self.line, content.max(self.line));
        }
    }

    /// The indentation of the level around that of a frame.
    fn indent_around(&self, at: usize) -> i32 {
        let outer = self.frames.get(at.wrapping_sub(1));
        outer.map_or(-1, |outer| outer.indent)
    }

    /// By how much mappings are indented here.
    fn step(&self) -> i32 {
        let pairs = self.frames.iter().zip(self.frames.iter().skip(1));
        let mappings = pairs.filter(|(outer, inner)| {
            outer.shape == Shape::Mapping && inner.shape == Shape::Mapping && !inner.is_first
        });
        let steps = mappings.map(|(outer, inner)| inner.indent - outer.indent);
        steps.filter(|&step| step > 1).min().unwrap_or(STEP)
    }

    /// The open frame that a line indented by `indent` was most likely meant for.
    fn nearest(&mut self, content: usize, indent: i32, is_dash: bool) -> Option<usize> {
        let opens = self.opens(content);
        let below = self.below(content);
        let step = self.step();
        let takes = |frame: &Frame| frame.takes(is_dash);
        if self.top().indent < indent {
            let holds = |frame: &Frame| match below {
                Some(below) if opens && below.is_dash => frame.indent <= below.indent,
                Some(below) if opens && below.is_key => frame.indent < below.indent,
                _ => true,
            };
            let fitting = self
                .frames
                .iter()
                .rposition(|frame| takes(frame) && holds(frame));
            return fitting.or_else(|| self.frames.iter().rposition(takes));
        }
        let cost = |level: i32| {
            let (bonus, is_consistent) = match below {
                Some(below) if opens && below.is_dash => {
                    let is_usual = level == below.indent || level + step == below.indent;
                    (5 * i32::from(is_usual), level <= below.indent)
                }
                Some(below) if opens => (
                    5 * i32::from(level + step == below.indent),
                    level < below.indent,
                ),
                Some(below) => (i32::from(level == below.indent), below.indent <= level),
                None => (0, true),
            };
            2 * (level - indent).abs() - bonus + if is_consistent { 0 } else { 6 }
        };
        let frames = self.frames.iter().enumerate().skip(1).rev();
        let frames = frames.filter(|(_, frame)| takes(frame));
        let best = frames.min_by_key(|(_, frame)| cost(frame.indent));
        best.map(|(at, _)| at)
    }

    /// Whether the pair at `content` stands too far left: it is complete, and yet a key follows that
    /// is deeper, at a level that this line would close or that the line in front of it opens.
    /// Returns the frame and the indentation that are meant.
    pub(crate) fn is_outdented(&mut self, frame: usize, content: usize) -> Option<(usize, i32)> {
        let top = self.frames.len() - 1;
        let indent = self.frames.get(frame).map_or(0, |frame| frame.indent);
        if (frame == top && !self.top().awaits) || !self.is_complete_pair(content) {
            return None;
        }
        let below = self.below(content)?;
        let is_deeper = below.indent > indent && below.is_key;
        if !is_deeper || matches!(self.byte(below.content), b'?' | b':') {
            return None;
        }
        let behind = self.below(below.content);
        if behind.is_some_and(|behind| behind.indent == indent) && frame != top {
            return None;
        }
        let is_meant =
            |frame: &Frame| frame.shape == Shape::Mapping && frame.indent == below.indent;
        if let Some(closed) = self.frames.iter().rposition(is_meant) {
            return Some((closed, below.indent));
        }
        let opened = self.top().awaits && self.top().indent < below.indent;
        opened.then_some((self.frames.len(), below.indent))
    }

    /// Reads such a line.
    pub(crate) fn mend_outdented(&mut self, content: usize, frame: usize, indent: i32) {
        self.problem(
            Code::WrongIndentation,
            self.line,
            content.max(self.line + 1),
        );
        self.shift += indent - self.col(content);
        if frame < self.frames.len() {
            self.pop_to(frame);
            self.entry();
        } else {
            self.node(true);
        }
    }

    /// Whether the line at `content` is `key: value`, with nothing of the value on other lines.
    pub(super) fn is_complete_pair(&self, content: usize) -> bool {
        if matches!(
            self.byte(content),
            b'"' | b'\'' | b'[' | b'{' | b'?' | b':' | b'&' | b'!' | b'*'
        ) {
            return false;
        }
        let key = line::plain_in_block(self.text, content);
        self.saw(key.at + 2);
        let value = line::skip_blanks(self.text, key.at + 1);
        if key.stop != line::Stop::Colon || line::at_line_end(self.text, value) {
            return false;
        }
        let end = line::line_end(self.text, value);
        self.saw(end + 1);
        let text = self
            .text
            .get(value..end)
            .unwrap_or_default()
            .trim_ascii_end();
        match (text.first(), text.last()) {
            (Some(b'"' | b'\''), last) => text.len() > 1 && text.first() == last,
            (Some(b'['), last) => last == Some(&b']'),
            (Some(b'{'), last) => last == Some(&b'}'),
            (Some(b'|' | b'>' | b'&' | b'!' | b'*' | b'#'), _) => false,
            _ => true,
        }
    }

    /// Whether the line at `content` ends with a colon.
    fn opens(&self, content: usize) -> bool {
        let end = line::line_end(self.text, content);
        let text = self.text.get(content..end).unwrap_or_default();
        text.trim_ascii_end().ends_with(b":")
    }

    /// The line with content behind that at `content`.
    fn below(&mut self, content: usize) -> Option<Below> {
        let next = self.peek_line(line::line_end(self.text, content))?;
        let is_dash = self.is_dash(next.content);
        Some(Below {
            indent: next.indent,
            is_dash,
            is_key: !is_dash && self.is_key_like(next.content),
            content: next.content,
        })
    }

    /// Reads a line that is indented with tabs. The line below says how deep it is meant; otherwise
    /// tabs have no width.
    pub(crate) fn mend_tabs(&mut self, tab: usize, content: usize) {
        self.problem(Code::TabIndentation, tab, tab + 1);
        let blanks = self.text.get(self.line..content).unwrap_or_default();
        let tabs = memchr::memchr_iter(b'\t', blanks).count();
        let spaces = line::width(blanks.len() - tabs);
        let meant = self.indent_instead_of_tabs(content, spaces);
        self.shift = meant - line::width(blanks.len());
        self.block_content(content);
    }

    fn indent_instead_of_tabs(&mut self, content: usize, spaces: i32) -> i32 {
        let top = self.top();
        let is_dash = self.is_dash(content);
        let below = self.below(content);
        let deeper = below.filter(|below| below.indent > spaces && (below.is_dash || below.is_key));
        let Some(below) = deeper else {
            // The first line below a key that has no value otherwise.
            let is_awaited = top.awaits && top.indent == spaces && !is_dash;
            return if is_awaited { spaces + STEP } else { spaces };
        };
        if !self.opens(content) {
            return match (is_dash, below.is_dash) {
                (true, false) => below.indent - STEP,
                (false, true) => self
                    .innermost(|indent| indent > below.indent)
                    .unwrap_or(below.indent + STEP),
                _ => below.indent,
            };
        }
        let holds = |indent: i32| indent < below.indent || below.is_dash && indent == below.indent;
        let awaited = top.awaits && top.indent + self.step() < below.indent;
        if is_dash {
            below.indent - 2 * STEP
        } else if awaited {
            below.indent - self.step()
        } else {
            self.innermost(holds).unwrap_or(below.indent - STEP)
        }
    }

    /// The indentation of the innermost mapping for which that holds.
    fn innermost(&self, holds: impl Fn(i32) -> bool) -> Option<i32> {
        let mut frames = self.frames.iter().rev();
        let found = frames.find(|frame| frame.shape == Shape::Mapping && holds(frame.indent));
        found.map(|frame| frame.indent)
    }
}
