//! Which lines belong to an open bracket.

use super::{Flow, State, has_break};
use crate::error::Code;
use crate::line;
use crate::parser::Parser;
use crate::parser::scalar::NextLine;
use crate::tree::Kind;

impl Flow {
    /// Skips blanks, comments and line breaks. False: the collection ends here without its bracket.
    pub(super) fn skip_trivia(&mut self, parser: &mut Parser<'_>) -> bool {
        let mut at = parser.pos;
        let from = at;
        loop {
            at = line::skip_blanks(parser.text, at);
            match parser.byte(at) {
                b'#' => {
                    let end = line::line_end(parser.text, at);
                    if at == from && at > parser.line {
                        parser.problem(Code::CommentWithoutBlank, at, at + 1);
                    }
                    if !self.goes_on(parser, end) {
                        return false;
                    }
                    parser.push(Kind::Comment, at, end);
                    at = end;
                }
                b'\n' | b'\r' => {
                    if !self.goes_on(parser, at) {
                        return false;
                    }
                    at = line::after_break(parser.text, at);
                }
                _ => {
                    parser.pos = at;
                    return at < parser.text.len().min(self.limit);
                }
            }
        }
    }

    /// Whether the next line with content belongs to the collection.
    fn goes_on(&mut self, parser: &mut Parser<'_>, line_end: usize) -> bool {
        if line_end < self.known {
            return true;
        }
        let mut end = line_end;
        let next = loop {
            let Some(next) = parser.peek_line(end) else {
                return false;
            };
            if parser.byte(next.content) != b'#' {
                break next;
            }
            end = line::line_end(parser.text, next.content);
        };
        let top = self.top();
        if next.indent <= self.indent {
            self.known = next.content;
            return self.goes_on_outdented(parser, next);
        }
        self.known = next.content;
        parser.saw(line::line_end(parser.text, next.content) + 1);
        let is_done = top.state == State::Value || (top.state == State::Node && !top.is_map);
        let opened_here = !has_break(parser.text.get(top.at..self.end).unwrap_or_default());
        !(is_done && opened_here && self.indent >= 0 && parser.is_key_like(next.content))
    }

    /// As [`Self::goes_on`], for a line that is not indented enough. A closing bracket may stand
    /// there, as everyone writes it; other content too if it is plainly no block.
    fn goes_on_outdented(&self, parser: &mut Parser<'_>, next: NextLine) -> bool {
        let closer = if self.top().is_map { b'}' } else { b']' };
        let first = parser.byte(next.content);
        if first == closer && next.indent >= self.indent {
            return true;
        }
        let is_punctuation = first == closer || first == b',';
        if !is_punctuation && (self.top().state != State::Start || !ends_as_flow(parser, next)) {
            return false;
        }
        parser.problem(Code::FlowIndentation, next.content, next.content + 1);
        true
    }
}

/// Whether a line that is not indented enough is plainly no block: it ends with a comma or a bracket,
/// or a closing bracket starts the next one, or it is neither a key nor an item.
fn ends_as_flow(parser: &mut Parser<'_>, next: NextLine) -> bool {
    let line_end = line::line_end(parser.text, next.content);
    parser.saw(line_end + 1);
    if !parser.is_key_like(next.content) && !parser.is_dash(next.content) {
        return true;
    }
    let line = parser.text.get(next.content..line_end).unwrap_or_default();
    if matches!(line.trim_ascii_end().last(), Some(b',' | b']' | b'}')) {
        return true;
    }
    let behind = parser.peek_line(line_end);
    behind.is_some_and(|behind| matches!(parser.byte(behind.content), b']' | b'}'))
}
