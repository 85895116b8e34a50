//! What does not fit is mended by indentation.
//!
//! Each repair is one error, and looks at no more than a few lines ahead.

mod indentation;

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
        let is_dash = self.is_dash(next.content);
        let follows = if is_dash {
            // Without a colon the next line would be text of this one.
            let is_item = atom.kind != Kind::Plain || self.is_key_like(next.content);
            next.indent >= col && is_item
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
        self.change_top(|frame| frame.awaits = is_deeper || is_dash);
        self.finish_line(atom.end);
        true
    }

    /// Whether the quote or bracket at `pos` opens nothing: it is not closed, and without it all
    /// that follows is block style.
    pub(crate) fn is_stray(&mut self, slot: Slot) -> bool {
        let at = self.pos;
        match self.byte(at) {
            b'"' | b'\'' => {
                let indent = self.top().indent;
                slot != Slot::Inline && self.is_key_like(at + 1) && self.is_open(at, indent)
            }
            b'[' | b'{' => {
                let indent = self.top().indent;
                self.precedes_block(at + 1, slot) && !self.flow_closes(indent, at + BRACKET_LIMIT)
            }
            _ => false,
        }
    }

    /// Whether the line of a plain scalar that ends at `end` ends as `key:"` does, and what follows
    /// says that it is a key.
    pub(crate) fn has_stray_quote(&mut self, end: usize, slot: Slot) -> bool {
        let is_there = end > self.pos + 2
            && self.byte(end - 2) == b':'
            && line::at_line_end(self.text, end)
            && self.is_last_quote(end - 1);
        is_there && {
            let indent = self.col(self.pos);
            let next = self.peek_line(end);
            slot == Slot::Key
                || next.is_some_and(|next| next.indent > indent && self.is_key_like(next.content))
        }
    }

    /// Whether a quote stands at `at` and ends its line.
    pub(crate) fn is_last_quote(&self, at: usize) -> bool {
        matches!(self.byte(at), b'"' | b'\'') && line::at_line_end(self.text, at + 1)
    }

    /// Whether the quote at `at` is not closed where it should.
    fn is_open(&mut self, at: usize, indent: i32) -> bool {
        let problems = self.out.problems.len();
        let quoted = self.quoted(at, indent);
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
    /// here, or what follows could not follow a key that starts with a dash.
    pub(crate) fn is_joined_dash(&mut self, content: usize) -> bool {
        let second = self.byte(content + 1);
        if self.byte(content) != b'-' || second == b'-' || line::at_gap(self.text, content + 1) {
            return false;
        }
        let indent = self.col(content);
        let is_key = self.is_key_like(content);
        let at_indent =
            |shape: Shape| move |frame: &Frame| frame.shape == shape && frame.indent == indent;
        let is_item = self.frames.iter().any(at_indent(Shape::Sequence));
        let is_entry = self.frames.iter().any(at_indent(Shape::Mapping));
        if is_item && !(is_entry && is_key) {
            return true;
        }
        let top = self.top();
        let is_awaited = top.awaits && top.indent <= indent;
        if !is_key || !(is_item || is_awaited) || !self.is_complete_pair(content) {
            return false;
        }
        let next = self.peek_line(line::line_end(self.text, content));
        next.is_some_and(|next| {
            next.indent == indent + 2 && self.is_key_like(next.content)
                || next.indent == indent && self.is_dash(next.content)
        })
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
        if self.byte(line::skip_blanks(self.text, content)) == b'#' {
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

    pub(crate) fn report_stray(&mut self, at: usize) {
        let is_quote = matches!(self.byte(at), b'"' | b'\'');
        let code = if is_quote {
            Code::UnclosedQuote
        } else {
            Code::UnclosedBracket
        };
        self.problem(code, at, at + 1);
        self.push(Kind::Junk, at, at + 1);
    }

    /// Skips a quote or bracket in front of a `- ` that is not closed, a bracket on its line; returns
    /// where the line's content starts then.
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
        let indent = self.top().indent.min(self.col(content) - 1);
        if matches!(closer, b'"' | b'\'') && !self.is_open(content, indent) {
            return content;
        }
        self.report_stray(content);
        self.shift -= 1;
        content + 1
    }

    /// A line that has no place at all.
    pub(super) fn skip_misfit(&mut self, content: usize, is_dash: bool) {
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
}
