//! What does not fit is mended by indentation.
//!
//! Each repair is one error, and looks at no more than a few lines ahead.

use crate::error::Code;
use crate::line::{self, Stop};
use crate::parser::{Atom, Parser};
use crate::tree::{Kind, NONE, Shape};

impl Parser<'_> {
    /// Whether a line with content at `at` looks as if it were `key:` or `key: value`.
    pub(crate) fn is_key_like(&self, at: usize) -> bool {
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
        let follows = match self.is_dash(next.content) {
            true => is_deeper && !matches!(atom.kind, Kind::Plain),
            false => next.indent >= col && self.is_key_like(next.content),
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
    pub(crate) fn mend_place(&mut self, content: usize, indent: i32) {
        let is_dash = self.is_dash(content);
        let is_key = !is_dash && self.is_key_like(content);
        let fitting = if is_dash || is_key {
            self.nearest(content, indent, is_dash)
        } else {
            None
        };
        let Some(frame) = fitting else {
            self.skip_misfit(content, is_dash);
            return;
        };
        let spaces = self.line;
        self.problem(Code::WrongIndentation, spaces, content.max(spaces));
        self.pop_to(frame);
        self.shift += self.top().indent - indent;
        if is_dash {
            self.item();
        } else {
            self.entry();
        }
    }

    /// The open frame that a line indented by `indent` was most likely meant for.
    fn nearest(&mut self, content: usize, indent: i32, is_dash: bool) -> Option<usize> {
        let line_end = line::line_end(self.text, content);
        let opens = self.trimmed_ends_with_colon(content, line_end);
        let next = self.peek_line(line_end).map(|next| next.indent);
        let mut best: Option<(i32, usize)> = None;
        for (at, frame) in self.frames.iter().enumerate().skip(1) {
            if !frame.takes(is_dash) {
                continue;
            }
            let distance = (frame.indent - indent).abs() * 2;
            let agrees = match next {
                Some(next) if opens => frame.indent < next,
                Some(next) => frame.indent == next,
                None => false,
            };
            let cost = distance + if agrees { 0 } else { 3 };
            if best.is_none_or(|(least, _)| cost <= least) {
                best = Some((cost, at));
            }
        }
        best.map(|(_, at)| at)
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
        let spaces = blanks.iter().filter(|&&byte| byte == b' ').count();
        self.shift = spaces as i32 - blanks.len() as i32;
        self.block_content(content);
    }
}
