//! What the text before the cursor leaves open: brackets, quotes, comments, block scalars.
//!
//! Read from the text and not from the tree, because what is open at the cursor is just what a tree
//! of half-typed text cannot say.

/// The state at the end of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Open {
    /// Outside of all brackets.
    Block,
    /// In a comment or in the text of a block scalar: nothing can be completed.
    Text,
    /// In a quoted scalar outside of brackets, which starts at this byte.
    Quote(usize),
    /// In brackets.
    Flow(Frame),
}

/// The innermost open bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Whether it is `{`.
    pub(super) mapping: bool,
    /// Whether the cursor stands behind the colon of a pair.
    pub(super) after_colon: bool,
    /// Where the key or value at the cursor starts.
    pub(super) token: usize,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    frames: Vec<Frame>,
}

/// Reads `text`, which starts where a line of a block starts.
pub(super) fn open_at_end(text: &str) -> Open {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        at: 0,
        frames: Vec::new(),
    };
    loop {
        match scanner.line() {
            Line::Done => {}
            Line::End(open) => return open,
        }
    }
}

enum Line {
    Done,
    End(Open),
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next_is_blank(&self) -> bool {
        matches!(
            self.bytes.get(self.at + 1),
            None | Some(b' ' | b'\t' | b'\r' | b'\n')
        )
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// A line of a block, or what goes on over lines from it.
    fn line(&mut self) -> Line {
        let start = self.at;
        self.skip_blanks();
        let mut column = self.at - start;
        let mut node = true;
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => {
                    self.at += 1;
                    return Line::Done;
                }
                b' ' | b'\t' | b'\r' => {
                    self.skip_blanks();
                    if self.peek() == Some(b'#') {
                        return self.comment();
                    }
                    if self.peek() == Some(b'\r') {
                        self.at += 1;
                    }
                }
                b'#' if self.at == start + column && node => return self.comment(),
                b'-' | b'?' if node && self.next_is_blank() => {
                    self.at += 1;
                    self.skip_blanks();
                    column = self.at - start;
                }
                b':' if self.next_is_blank() => {
                    self.at += 1;
                    self.skip_blanks();
                    node = true;
                }
                b'{' | b'[' if node => match self.flow() {
                    Some(open) => return Line::End(open),
                    None => node = false,
                },
                b'"' | b'\'' if node => {
                    let from = self.at;
                    if !self.quoted(byte) {
                        return Line::End(Open::Quote(from));
                    }
                    node = false;
                }
                b'|' | b'>' if node && self.is_header() => return self.block_scalar(start, column),
                b'&' | b'!' if node => self.word(),
                _ => {
                    node = false;
                    self.at += 1;
                }
            }
        }
        Line::End(Open::Block)
    }

    fn word(&mut self) {
        while !matches!(self.peek(), None | Some(b' ' | b'\n')) {
            self.at += 1;
        }
    }

    fn comment(&mut self) -> Line {
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'\n' {
                return Line::Done;
            }
        }
        Line::End(Open::Text)
    }

    /// Whether the rest of the line can be the head of a block scalar.
    fn is_header(&self) -> bool {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let code = line.split(|byte| *byte == b'#').next().unwrap_or_default();
        code.iter()
            .all(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9' | b' ' | b'\r' | b'\t'))
    }

    /// Skips the lines of a block scalar whose key or dash stands at `column`.
    fn block_scalar(&mut self, line_start: usize, column: usize) -> Line {
        // The text of an item stands right of the dash, that of a key right of the key.
        let dash = column > 0 && self.at == line_start + column;
        let outer = if dash {
            column.saturating_sub(2)
        } else {
            column
        };
        loop {
            if !self.skip_line() {
                return Line::End(Open::Text);
            }
            let start = self.at;
            let mut end = start;
            while self.bytes.get(end) == Some(&b' ') {
                end += 1;
            }
            match self.bytes.get(end) {
                None if end - start > outer => return Line::End(Open::Text),
                None => {
                    self.at = start;
                    return Line::Done;
                }
                Some(b'\n' | b'\r') => {}
                Some(_) if end - start > outer => {}
                Some(_) => return Line::Done,
            }
        }
    }

    /// Goes to the next line; false where there is none.
    fn skip_line(&mut self) -> bool {
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'\n' {
                return true;
            }
        }
        false
    }

    /// Skips a quoted scalar; false where the text ends in it.
    fn quoted(&mut self, quote: u8) -> bool {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'\\' && quote == b'"' {
                self.at += 1;
            } else if byte == quote {
                if quote == b'\'' && self.peek() == Some(b'\'') {
                    self.at += 1;
                } else {
                    return true;
                }
            }
        }
        false
    }

    /// Skips a flow collection; what is open where the text ends in it.
    fn flow(&mut self) -> Option<Open> {
        let mut fresh = false;
        while let Some(byte) = self.peek() {
            let at = self.at;
            self.at += 1;
            match byte {
                b'{' | b'[' => {
                    self.frames.push(Frame {
                        mapping: byte == b'{',
                        after_colon: false,
                        token: self.at,
                    });
                    fresh = true;
                }
                b'}' | b']' => {
                    self.frames.pop();
                    if self.frames.is_empty() {
                        return None;
                    }
                }
                b',' => self.restart(false, &mut fresh),
                b':' if self.ends_key() => self.restart(true, &mut fresh),
                b'"' | b'\'' if fresh => {
                    self.begin(at, &mut fresh);
                    self.at = at;
                    if !self.quoted(byte) {
                        break;
                    }
                }
                b'#' if self.is_comment(at) => {
                    if matches!(self.comment(), Line::End(_)) {
                        return Some(Open::Text);
                    }
                }
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => self.begin(at, &mut fresh),
            }
        }
        if fresh {
            let end = self.bytes.len();
            self.begin(end, &mut fresh);
        }
        self.frames.last().map(|frame| Open::Flow(*frame))
    }

    /// A colon ends a key before a blank, a bracket or a comma, and right behind a quote.
    fn ends_key(&self) -> bool {
        let before = self.at.checked_sub(2).and_then(|at| self.bytes.get(at));
        matches!(
            self.peek(),
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b'{' | b'[' | b'}' | b']')
        ) || matches!(before, Some(b'"' | b'\''))
    }

    fn is_comment(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.bytes.get(at));
        matches!(before, None | Some(b' ' | b'\t' | b'\n'))
    }

    fn restart(&mut self, after_colon: bool, fresh: &mut bool) {
        if let Some(frame) = self.frames.last_mut() {
            frame.after_colon = after_colon;
            frame.token = self.at;
        }
        *fresh = true;
    }

    fn begin(&mut self, at: usize, fresh: &mut bool) {
        if let Some(frame) = self.frames.last_mut().filter(|_| *fresh) {
            frame.token = at;
        }
        *fresh = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_open_everywhere_else() {
        for text in [
            "",
            "a: 1\n",
            "a: {b: 1}\n",
            "a: \"{\"\nb",
            "a: '{'\n",
            "a: b{\n",
            "- [a]\n- ",
            "t: |\n  {\n",
        ] {
            check(text, Open::Block);
        }
    }

    #[test]
    fn comments_and_block_scalars_are_text() {
        for text in [
            "# a",
            "a: 1 # b",
            "a: |\n  b",
            "a: >-\n\n  b\n  ",
            "- |\n  x",
            "a: {b: 1, # c",
        ] {
            check(text, Open::Text);
        }
    }

    #[test]
    fn brackets_know_key_and_value() {
        let key = |token| {
            Open::Flow(Frame {
                mapping: true,
                after_colon: false,
                token,
            })
        };
        let value = |token| {
            Open::Flow(Frame {
                mapping: true,
                after_colon: true,
                token,
            })
        };
        let item = |token| {
            Open::Flow(Frame {
                mapping: false,
                after_colon: false,
                token,
            })
        };
        check("a: {", key(4));
        check("a: {ap", key(4));
        check("a: {x: 1, ap", key(10));
        check("a: {x: ", value(7));
        check("a: {x: ye", value(7));
        check("{\"a\":1", value(5));
        check("{\"a\": {\"b\": [x, y", item(16));
        check("{\n  \"ki", key(4));
        check("[a, [b], ", item(9));
    }

    #[test]
    fn quotes_stay_open() {
        check("a: \"b", Open::Quote(3));
        check("a: 'it''s", Open::Quote(3));
        check("\"a", Open::Quote(0));
    }

    #[track_caller]
    fn check(text: &str, expected: Open) {
        assert_eq!(open_at_end(text), expected, "{text:?}");
    }
}
