//! What does not fit is mended by indentation.
//!
//! Each repair is one error, and looks at no more than a few lines ahead.

use crate::error::Code;
use crate::line::{self, Stop};
use crate::parser::{Atom, Frame, Next, Parser, Slot};
use crate::tree::{Kind, NONE, Shape};

/// How far a bracket that looks stray may be from the one that closes it.
const BRACKET_LIMIT: usize = 4096;

impl Parser<'_> {
    /// Whether a line with content at `at` looks as if it were `key:` or `key: value`.
    pub(crate) fn is_key_like(&self, at: usize) -> bool {
        self.saw(line::line_end(self.text, at) + 1);
        let end = match self.byte(at) {
            quote @ (b'"' | b'\'') => {
                let line_end = line::line_end(self.text, at);
                let rest = self.text.get(at + 1..line_end).unwrap_or_default();
                match rest.iter().position(|&byte| byte == quote) {
                    Some(close) => at + 1 + close + 1,
                    None => return false,
                }
            }
            b'[' | b'{' | b'#' | b',' | b']' | b'}' => return false,
            b'?' | b':' if line::at_gap(self.text, at + 1) => return true,
            _ => {
                let line = line::plain_in_block(self.text, at);
                return line.stop == Stop::Colon;
            }
        };
        let colon = line::skip_blanks(self.text, end);
        self.byte(colon) == b':' && line::at_gap(self.text, colon + 1)
    }

    /// The open entry of the innermost mapping has a key and no colon.
    pub(crate) fn half_key(&mut self, atom: Atom) {
        if atom.is_closed {
            self.problem(Code::MissingColon, atom.start, atom.end);
        }
        let indent = self.top().indent;
        let line_end = line::line_end(self.text, atom.end);
        let next = self.peek_line(line_end);
        let awaits = next.is_some_and(|next| {
            next.indent > indent || (next.indent == indent && self.is_dash(next.content))
        });
        self.change_top(|frame| {
            frame.awaits = awaits;
            frame.in_key = false;
        });
        self.finish_line(atom.end);
    }

    /// A scalar that starts its line in front of a `key:` line as deep is a half-typed key itself.
    /// False: it is not.
    pub(crate) fn mend_half_key(&mut self, mark: u32, atom: Atom) -> bool {
        if !matches!(
            atom.kind,
            Kind::Plain | Kind::Single | Kind::Double | Kind::Alias
        ) {
            return false;
        }
        let line_end = line::line_end(self.text, atom.end);
        let col = self.col(atom.start);
        let Some(next) = self.peek_line(line_end) else {
            return false;
        };
        self.saw(line::line_end(self.text, next.content) + 1);
        let is_deeper = next.indent > col;
        let follows = if self.is_dash(next.content) {
            is_deeper && !matches!(atom.kind, Kind::Plain)
        } else {
            next.indent >= col && self.is_key_like(next.content)
        };
        if !follows || self.frames.len() >= crate::parser::MAX_DEPTH {
            return false;
        }
        if atom.is_closed {
            self.problem(Code::MissingColon, atom.start, atom.end);
        }
        let start = self.out.starts.get(mark as usize).copied().unwrap_or(0);
        let map = (Kind::BlockMap, start);
        self.out.wrap(mark, map, (Kind::Entry, NONE));
        self.push_frame(Shape::Mapping, col, mark, mark + 1);
        self.change_top(|frame| frame.awaits = is_deeper);
        self.finish_line(atom.end);
        true
    }

    /// Whether the quote or bracket at `pos` opens nothing: it is not closed, and without it all
    /// that follows is block style.
    pub(crate) fn is_stray(&mut self, slot: Slot) -> bool {
        let at = self.pos;
        match self.byte(at) {
            b'"' | b'\'' => slot != Slot::Inline && self.is_key_like(at + 1) && self.is_open(at),
            b'[' | b'{' => {
                let indent = self.top().indent;
                self.precedes_block(at + 1, slot) && !self.flow_closes(indent, at + BRACKET_LIMIT)
            }
            _ => false,
        }
    }

    /// Whether the quote at `at` is not closed where it should.
    fn is_open(&mut self, at: usize) -> bool {
        let problems = self.out.problems.len();
        let quoted = self.quoted(at, self.top().indent);
        self.out.problems.truncate(problems);
        !quoted.is_closed || (quoted.has_key_like && !self.closes_well(quoted.end))
    }

    /// Whether what stands behind a bracket looks like lines of a block.
    fn precedes_block(&mut self, at: usize, slot: Slot) -> bool {
        let content = line::skip_blanks(self.text, at);
        let line_end = line::line_end(self.text, at);
        if content < line_end && self.byte(content) != b'#' {
            return slot != Slot::Inline && self.is_block_line(content);
        }
        let next = self.peek_line(line_end);
        slot != Slot::Key && next.is_some_and(|next| self.is_block_line(next.content))
    }

    /// Whether a key or an item stands at `at`, and the line does not go on as flow style does.
    fn is_block_line(&mut self, at: usize) -> bool {
        let line_end = line::line_end(self.text, at);
        self.saw(line_end + 1);
        let line = self
            .text
            .get(at..line_end)
            .unwrap_or_default()
            .trim_ascii_end();
        let is_flow = matches!(line.last(), Some(b',' | b'[' | b'{'));
        let has_list = memchr::memmem::find(line, b", ").is_some() && !self.is_dash(at);
        let opens = line
            .iter()
            .any(|byte| matches!(byte, b'[' | b'{' | b'"' | b'\''));
        !is_flow && (!has_list || opens) && (self.is_dash(at) || self.is_key_like(at))
    }

    /// Whether the `-` at `content` starts an item and only its blank is missing: items are read
    /// here, or the next line is aligned with what follows the dash.
    pub(crate) fn is_joined_dash(&mut self, content: usize) -> bool {
        let second = self.byte(content + 1);
        if self.byte(content) != b'-' || second == b'-' || line::at_gap(self.text, content + 1) {
            return false;
        }
        let indent = self.col(content);
        let is_item = |frame: &Frame| frame.shape == Shape::Sequence && frame.indent == indent;
        if self.frames.iter().any(is_item) {
            return true;
        }
        let top = self.top();
        let next = self.peek_line(line::line_end(self.text, content));
        let is_aligned = next.is_some_and(|next| {
            next.indent == indent + 2 && self.is_key_like(next.content)
                || next.indent == indent && self.is_dash(next.content)
        });
        top.awaits && top.indent <= indent && is_aligned && self.is_key_like(content)
    }

    /// Reads the line of such a dash.
    pub(crate) fn mend_joined_dash(&mut self, content: usize) {
        self.problem(Code::MissingBlankAfterDash, content, content + 1);
        let indent = self.col(content);
        let sequence = |frame: &Frame| frame.shape == Shape::Sequence && frame.indent == indent;
        match self.frames.iter().rposition(sequence) {
            Some(frame) => {
                self.pop_to(frame);
                self.item_at_dash();
            }
            None => self.open_item(),
        }
        self.shift += 1;
        self.pos = content + 1;
        self.node(true);
    }

    /// Where the dash of a sequence that starts behind a key should stand: by the next line.
    pub(crate) fn align_sequence_in_line(&mut self, dash: usize) {
        let outer = self.top().indent;
        let line_end = line::line_end(self.text, dash);
        let Some(next) = self.peek_line(line_end).filter(|next| next.indent > outer) else {
            return;
        };
        let meant = if self.is_dash(next.content) {
            next.indent
        } else if self.is_key_like(next.content) {
            (next.indent - 2).max(outer)
        } else {
            return;
        };
        self.shift += meant - self.col(dash);
    }

    /// A word between a `?` key and its `:` is skipped. False: it is none.
    pub(crate) fn skip_half_key(&mut self) -> bool {
        let at = self.pos;
        if !self.top().in_key || self.is_key_like(at) {
            return false;
        }
        let line_end = line::line_end(self.text, at);
        let next = self.peek_line(line_end);
        let is_value = next.is_some_and(|next| {
            next.indent == self.top().indent
                && self.byte(next.content) == b':'
                && line::at_gap(self.text, next.content + 1)
        });
        if is_value {
            let end = line::plain_in_block(self.text, at).end;
            self.problem(Code::MissingColon, at, end);
            self.push(Kind::Junk, at, end);
            self.finish_line(end);
        }
        is_value
    }

    /// Whether a line of a block text that is indented too little is meant to belong to it.
    pub(crate) fn is_outdented_text(&mut self, content: usize, least: usize) -> bool {
        if self.byte(content) == b'#' {
            return false;
        }
        let line_end = line::line_end(self.text, content);
        let next = self.peek_line(line_end);
        let goes_on = next.is_some_and(|next| next.indent >= line::width(least));
        goes_on || !(self.is_key_like(content) || self.is_dash(content))
    }

    /// Skips the quote or bracket at `pos`.
    pub(crate) fn drop_stray(&mut self) -> Next {
        let at = self.pos;
        self.report_stray(at);
        let content = line::skip_blanks(self.text, at + 1);
        if line::at_line_end(self.text, content) || self.byte(content) == b'#' {
            self.finish_line(content);
            return Next::Line;
        }
        self.shift -= line::width(content - at);
        self.pos = content;
        Next::Again
    }

    fn report_stray(&mut self, at: usize) {
        let is_quote = matches!(self.byte(at), b'"' | b'\'');
        let code = if is_quote {
            Code::UnclosedQuote
        } else {
            Code::UnclosedBracket
        };
        self.problem(code, at, at + 1);
        self.push(Kind::Junk, at, at + 1);
    }

    /// Skips a quote or bracket in front of a `- ` if its line does not close it; returns where the
    /// line's content starts then.
    pub(crate) fn drop_stray_before_dash(&mut self, content: usize) -> usize {
        let closer = match self.byte(content) {
            b'[' => b']',
            b'{' => b'}',
            quote @ (b'"' | b'\'') => quote,
            _ => return content,
        };
        let line_end = line::line_end(self.text, content);
        let rest = self.text.get(content + 1..line_end).unwrap_or_default();
        if !self.is_dash(content + 1) || rest.contains(&closer) {
            return content;
        }
        self.report_stray(content);
        self.shift -= 1;
        content + 1
    }

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
        let fitting = (is_dash || is_key).then(|| self.nearest(content, indent, is_dash));
        let Some(frame) = fitting.flatten() else {
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

    /// If only the first entry of a mapping disagrees with this line, it is that which is wrong: the
    /// mapping takes over the indentation of this line.
    fn adopt(&mut self, at: usize, content: usize, indent: i32, fresh: usize) -> bool {
        let (Some(&frame), Some(&outer)) = (self.frames.get(at), self.frames.get(at - 1)) else {
            return false;
        };
        let next = self.peek_line(line::line_end(self.text, content));
        let is_alone = next.is_some_and(|next| next.indent == frame.indent);
        // The item of a sequence moves with its first key.
        let is_item = outer.shape == Shape::Sequence && outer.indent >= indent;
        let least = if is_item {
            self.indent_around(at - 1)
        } else {
            outer.indent
        };
        if !frame.is_first || is_alone || indent <= least {
            return false;
        }
        if at == fresh {
            let first = self.out.starts.get(frame.node as usize).copied();
            self.problem_on_line_of(Code::WrongIndentation, first.unwrap_or(0));
        } else {
            self.problem(Code::WrongIndentation, self.line, content.max(self.line));
        }
        if let Some(frame) = self.frames.get_mut(at) {
            frame.indent = indent;
        }
        if is_item && let Some(outer) = self.frames.get_mut(at - 1) {
            outer.indent = (indent - 2).max(least);
        }
        true
    }

    /// The indentation of the level around the sequence of a frame; it may be as deep.
    fn indent_around(&self, sequence: usize) -> i32 {
        let outer = self.frames.get(sequence.wrapping_sub(1));
        outer.map_or(-1, |outer| outer.indent)
    }

    /// The open frame that a line indented by `indent` was most likely meant for.
    fn nearest(&mut self, content: usize, indent: i32, is_dash: bool) -> Option<usize> {
        let takes = |frame: &&Frame| frame.takes(is_dash);
        let innermost = self.frames.iter().rposition(|frame| takes(&frame))?;
        if self.top().indent < indent {
            return Some(innermost);
        }
        let line_end = line::line_end(self.text, content);
        let opens = self.trimmed_ends_with_colon(content, line_end);
        let next = self.peek_line(line_end);
        let next = next.map(|next| (next.indent, self.is_dash(next.content)));
        let cost = |level: i32| {
            let (exact, consistent) = match next {
                Some((next, true)) if opens => (false, level <= next),
                Some((next, _)) if opens => (false, level < next),
                Some((next, _)) => (level == next, next <= level),
                None => (false, true),
            };
            2 * (level - indent).abs() - i32::from(exact) + if consistent { 0 } else { 6 }
        };
        let frames = self.frames.iter().enumerate().skip(1).rev();
        let frames = frames.filter(|(_, frame)| takes(frame));
        let best = frames.min_by_key(|(_, frame)| cost(frame.indent));
        best.map(|(at, _)| at)
    }

    fn trimmed_ends_with_colon(&self, start: usize, end: usize) -> bool {
        let text = self.text.get(start..end).unwrap_or_default();
        text.trim_ascii_end().ends_with(b":")
    }

    /// A line that has no place at all.
    fn skip_misfit(&mut self, content: usize, is_dash: bool) {
        let line_end = line::line_end(self.text, content);
        let is_complete = self.frames.len() == 1 && !self.top().awaits;
        let code = match (is_dash, is_complete) {
            (true, _) => Code::SequenceAtKey,
            (false, true) => Code::UnexpectedContent,
            (false, false) => Code::UnexpectedText,
        };
        let line = line::plain_in_block(self.text, content);
        let end = if line.stop == Stop::Comment {
            line.end
        } else {
            line_end
        };
        self.problem(code, content, end);
        self.push(Kind::Junk, content, end);
        self.finish_line(end);
    }

    /// Reads a line that is indented with tabs: as if they had no width.
    pub(crate) fn mend_tabs(&mut self, tab: usize, content: usize) {
        self.problem(Code::TabIndentation, tab, tab + 1);
        let blanks = self.text.get(self.line..content).unwrap_or_default();
        let tabs = memchr::memchr_iter(b'\t', blanks).count();
        self.shift = -line::width(tabs);
        self.block_content(content);
    }
}
