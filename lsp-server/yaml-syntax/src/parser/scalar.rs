//! Scalars: where they end.

use memchr::{memchr, memchr3};

use super::Parser;
use super::block::Atom;
use crate::error::Code;
use crate::line::{self, Stop};
use crate::tree::Kind;

/// The next line with content behind a scalar's line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NextLine {
    /// Where its content starts, behind blanks.
    pub(crate) content: usize,
    /// How many spaces it starts with.
    pub(crate) indent: i32,
}

impl Parser<'_> {
    /// The next line that is not empty behind the line break at `line_end`; `None` at the end of
    /// the document.
    pub(crate) fn peek_line(&mut self, line_end: usize) -> Option<NextLine> {
        let mut start = line_end;
        loop {
            start = line::after_break(self.text, start);
            let spaces = line::skip_spaces(self.text, start);
            let content = line::skip_blanks(self.text, spaces);
            self.saw(content + 4);
            if content >= self.text.len() || line::is_marker(self.text, start) {
                return None;
            }
            if !line::is_break(self.byte(content)) {
                let indent = line::width(spaces - start);
                return Some(NextLine { content, indent });
            }
            start = content;
        }
    }

    /// Where a plain scalar ends that goes on behind the line break at `line_end`.
    pub(super) fn plain_lines(&mut self, line_end: usize, end: usize, indent: i32) -> usize {
        let (mut line_end, mut end) = (line_end, end);
        while let Some(next) = self.peek_line(line_end) {
            if next.indent <= indent || self.byte(next.content) == b'#' {
                break;
            }
            let line = line::plain_in_block(self.text, next.content);
            self.saw(line.at + 2);
            if line.stop == Stop::Colon {
                break;
            }
            end = line.end;
            line_end = line.at;
            if line.stop == Stop::Comment {
                break;
            }
        }
        end
    }

    /// Reads a quoted scalar in block style.
    pub(super) fn quoted_atom(&mut self, indent: i32) -> Atom {
        let start = self.pos;
        let quote = self.byte(start);
        let kind = if quote == b'"' {
            Kind::Double
        } else {
            Kind::Single
        };
        let problems = self.out.problems.len();
        let mut quoted = self.quoted(start, indent);
        if quoted.is_closed && quoted.has_key_like && !self.closes_well(quoted.end) {
            quoted.is_closed = false;
        }
        if !quoted.is_closed {
            self.out.problems.truncate(problems);
            self.problem(Code::UnclosedQuote, start, start + 1);
            quoted.end = if quoted.has_key_like {
                quoted.first_end
            } else {
                quoted.end
            };
            quoted.is_one_line &= quoted.end == quoted.first_end;
        }
        self.push(kind, start, quoted.end);
        Atom {
            is_one_line: quoted.is_one_line || quoted.end == quoted.first_end,
            is_closed: quoted.is_closed,
            ..Atom::new(kind, start, quoted.end)
        }
    }

    /// Whether nothing that is wrong follows the closing quote in front of `end`.
    pub(crate) fn closes_well(&self, end: usize) -> bool {
        let at = line::skip_blanks(self.text, end);
        self.saw(at + 2);
        line::at_line_end(self.text, at) || (self.byte(at) == b'#' && at > end)
    }

    /// Finds the end of the quoted scalar at `start`, whose other lines are indented more than
    /// `indent`.
    pub(crate) fn quoted(&mut self, start: usize, indent: i32) -> Quoted {
        let quote = self.byte(start);
        let mut at = start + 1;
        let escape = if quote == b'"' { b'\\' } else { quote };
        // The next quote, escape or line feed; searched again once it is behind.
        let mut ahead = start;
        // How far lines may stand left of where they should.
        let mut outdented = start;
        let mut quoted = Quoted {
            end: start + 1,
            first_end: start + 1,
            is_closed: false,
            is_one_line: true,
            has_key_like: false,
        };
        loop {
            if ahead < at {
                let rest = self.text.get(at..).unwrap_or_default();
                ahead = at + memchr3(quote, escape, b'\n', rest).unwrap_or(rest.len());
            }
            let before = self.text.get(at..ahead).unwrap_or_default();
            at = memchr(b'\r', before).map_or(ahead, |carriage| at + carriage);
            match self.byte(at) {
                b'\\' if quote == b'"' => at = self.escape(at),
                b'\'' if quote == b'\'' && self.byte(at + 1) == b'\'' => at += 2,
                byte if byte == quote && at < self.text.len() => {
                    self.saw(at + 2);
                    quoted.end = at + 1;
                    if quoted.is_one_line {
                        quoted.first_end = at + 1;
                    }
                    quoted.is_closed = true;
                    return quoted;
                }
                _ => {
                    quoted.end = self.trimmed(start + 1, at);
                    if quoted.is_one_line {
                        quoted.first_end = quoted.end;
                    }
                    let Some(next) = self.peek_line(at) else {
                        return quoted;
                    };
                    if next.indent <= indent && next.content > outdented {
                        let Some(end) = self.closes_outdented(next, quote) else {
                            return quoted;
                        };
                        outdented = end;
                    }
                    quoted.is_one_line = false;
                    quoted.has_key_like |=
                        self.is_key_like(next.content) || self.is_dash(next.content);
                    at = next.content;
                }
            }
        }
    }

    /// Where the quote is closed that a line goes on with which is not indented enough, if that is
    /// plain: no line up to there looks like block style, and nothing else follows. It is reported.
    fn closes_outdented(&mut self, first: NextLine, quote: u8) -> Option<usize> {
        let mut next = first;
        loop {
            let line_end = line::line_end(self.text, next.content);
            self.saw(line_end + 1);
            if self.is_key_like(next.content) || self.is_dash(next.content) {
                return None;
            }
            if let Some(close) = self.closing_quote(next.content, line_end, quote) {
                let behind = line::skip_blanks(self.text, close);
                let closes = line::at_line_end(self.text, behind)
                    || matches!(self.byte(behind), b'#' | b',' | b']' | b'}');
                if closes {
                    let first_end = line::line_end(self.text, first.content);
                    let end = self.trimmed(first.content, first_end.min(close));
                    self.problem(Code::QuoteIndentation, first.content, end);
                }
                return closes.then_some(close);
            }
            next = self.peek_line(line_end)?;
        }
    }

    /// Where the first quote ends that is no escape, from `at` to the end of the line.
    fn closing_quote(&self, mut at: usize, line_end: usize, quote: u8) -> Option<usize> {
        while at < line_end {
            at += match self.byte(at) {
                b'\\' if quote == b'"' => 2,
                byte if byte != quote => 1,
                b'\'' if self.byte(at + 1) == b'\'' => 2,
                _ => return Some(at + 1),
            };
        }
        None
    }

    /// Without the blanks in front of `end`.
    pub(super) fn trimmed(&self, start: usize, end: usize) -> usize {
        let text = self.text.get(start..end).unwrap_or_default();
        let blanks = text.iter().rev().take_while(|&&byte| line::is_blank(byte));
        end - blanks.count()
    }

    /// Checks the escape at `at` and returns what is behind it.
    fn escape(&mut self, at: usize) -> usize {
        let digits = match self.byte(at + 1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            b'\n' | b'\r' => return at + 1,
            b'0' | b'a' | b'b' | b't' | b'\t' | b'n' | b'v' | b'f' | b'r' | b'e' | b' ' | b'"'
            | b'/' | b'\\' | b'N' | b'_' | b'L' | b'P' => return at + 2,
            b'\'' => {
                self.problem(Code::EscapedQuote, at, at + 2);
                return at + 2;
            }
            _ => {
                let wide = self
                    .source
                    .get(at + 1..)
                    .and_then(|rest| rest.chars().next());
                let next = wide.map_or(0, char::len_utf8);
                self.problem(Code::InvalidEscape, at, at + 1 + next);
                return at + 1 + usize::from(next == 1);
            }
        };
        let code = self.source.get(at + 2..at + 2 + digits);
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if code.is_none() {
            self.problem(Code::InvalidEscape, at, at + 2);
            return at + 2;
        }
        at + 2 + digits
    }

    /// Reads the block scalar at `pos`; its lines are indented more than `indent`.
    pub(super) fn block_scalar(&mut self, indent: i32) {
        let start = self.pos;
        let kind = if self.byte(start) == b'|' {
            Kind::Literal
        } else {
            Kind::Folded
        };
        let header = self.block_header(start);
        if let Some(explicit) = header.indent {
            self.out
                .push(Kind::Indent, (indent.max(0) + explicit).cast_unsigned(), 0);
        }
        let token = self.push(kind, start, header.end);
        let line_end = line::line_end(self.text, header.end);
        self.finish_line(header.end);
        let content = self.block_lines(indent, header, line_end);
        // A comment behind the header stands within the token, and follows it in the tree.
        let end = self.relative(content.end);
        if let Some(slot) = self.out.ends.get_mut(token as usize) {
            *slot = end;
        }
        self.pos = content.next;
        self.line = self.pos;
    }

    fn block_header(&mut self, start: usize) -> Header {
        let mut header = Header {
            end: start + 1,
            indent: None,
            keeps: false,
        };
        let mut has_chomping = false;
        loop {
            match self.byte(header.end) {
                b'+' | b'-' if !has_chomping => {
                    has_chomping = true;
                    header.keeps = self.byte(header.end) == b'+';
                }
                digit @ b'1'..=b'9' if header.indent.is_none() => {
                    header.indent = Some(i32::from(digit - b'0'));
                }
                _ => break,
            }
            header.end += 1;
        }
        if self.byte(header.end) == b'#' {
            // `finish_line` reports it.
        } else if !line::at_gap(self.text, header.end) {
            let end = line::line_end(self.text, header.end);
            let end = self.trimmed(start, end);
            self.problem(Code::InvalidBlockHeader, start, end);
            header.end = end;
        }
        header
    }

    fn block_lines(&mut self, indent: i32, header: Header, line_end: usize) -> BlockLines {
        let mut lines = BlockLines {
            end: self.pos,
            next: self.pos,
        };
        if self.pos == line_end {
            // The text ends behind the header.
            lines.end = self.trimmed(header.end, line_end).max(header.end);
            return lines;
        }
        let mut content_indent = header
            .indent
            .map(|explicit| (indent.max(0) + explicit).cast_unsigned() as usize);
        let mut widest = 0;
        let mut widest_at = 0;
        let mut at = self.pos;
        loop {
            let content = line::skip_spaces(self.text, at);
            let spaces = content - at;
            self.saw(content + 4);
            if content >= self.text.len() {
                // A last line of spaces only.
                let is_content = content_indent.is_some_and(|least| spaces > least);
                if spaces > 0 && (header.keeps || is_content) {
                    lines.end = content;
                }
                lines.next = content;
                return lines;
            }
            let is_break = line::is_break(self.byte(content));
            let is_outdented = !is_break
                && content_indent
                    .is_some_and(|least| spaces < least && line::width(spaces) > indent);
            if is_outdented
                && indent >= 0
                && self.is_outdented_text(content, content_indent.unwrap_or(0))
            {
                self.problem(Code::WrongIndentation, at, content);
                at = line::after_break(self.text, line::line_end(self.text, content));
                (lines.end, lines.next) = (at, at);
                continue;
            }
            let is_content = match content_indent {
                Some(least) if is_break => spaces > least,
                Some(least) => spaces >= least,
                None => !is_break && line::width(spaces) > indent,
            };
            if is_content {
                if line::is_marker(self.text, at) {
                    return lines;
                }
                if content_indent.is_none() && widest > spaces {
                    self.problem(Code::BlockScalarIndentation, widest_at, widest_at + widest);
                }
                content_indent = content_indent.or(Some(spaces));
                at = line::after_break(self.text, line::line_end(self.text, content));
                (lines.end, lines.next) = (at, at);
            } else if is_break {
                if spaces > widest {
                    (widest, widest_at) = (spaces, at);
                }
                at = line::after_break(self.text, content);
                if header.keeps {
                    lines.end = at;
                }
                lines.next = at;
            } else {
                let behind = line::skip_blanks(self.text, content);
                if behind > content && line::at_line_end(self.text, behind) {
                    self.problem(Code::TabIndentation, content, behind);
                }
                return lines;
            }
        }
    }
}

/// Where a quoted scalar ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quoted {
    /// Behind the closing quote, or behind the last line that may belong to it.
    pub(crate) end: usize,
    /// Where it ends if it has but one line.
    pub(crate) first_end: usize,
    pub(crate) is_closed: bool,
    pub(crate) is_one_line: bool,
    /// Whether one of its other lines looks like a key or an item.
    pub(crate) has_key_like: bool,
}

#[derive(Debug, Clone, Copy)]
struct Header {
    end: usize,
    indent: Option<i32>,
    keeps: bool,
}

struct BlockLines {
    /// Behind the last line that counts.
    end: usize,
    /// The line to go on with.
    next: usize,
}
