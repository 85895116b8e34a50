//! Colors of one line from the state before it.
//!
//! A small state per line is all that is kept between calls, so an editor colors only the lines
//! it draws, and after an edit goes on only until the state after a line is what it was before.
//! No tree is needed and nothing here waits for one.

/// What a part of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// `# to the end of the line`
    Comment,
    /// The key of a mapping entry, plain or quoted.
    Key,
    /// A quoted scalar, and the text of a block scalar.
    String,
    /// A plain scalar that is read as text.
    Plain,
    /// A plain scalar that is read as a number.
    Number,
    /// A plain scalar that is read as a boolean or null, by Kubernetes' rules (`yes`, `off`, `~`).
    Constant,
    /// `&name` or `*name`.
    Anchor,
    /// `!tag`
    Tag,
    /// `---` or `...`
    Marker,
    /// `%YAML 1.2`
    Directive,
    /// `:`, `-`, `?`, `,` and brackets.
    Punctuation,
    /// The header of a block scalar, such as `|-`.
    BlockHeader,
    /// What cannot stand here, such as a tab in the indentation.
    Invalid,
}

/// A part of a line, in bytes from the start of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
    /// What it is.
    pub class: Class,
}

/// What has to be known of all lines before. The default is the start of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineState {
    mode: Mode,
    /// Open flow brackets.
    flow: u8,
    /// Least indentation of the text of a block scalar.
    indent: u16,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Nodes,
    Single,
    Double,
    /// Behind the header of a block scalar, before its first line of text.
    BlockStart,
    Block,
}

impl LineState {
    /// Whether the line that follows is text of a block scalar, as far as its indentation allows.
    pub fn in_block_scalar(self) -> bool {
        matches!(self.mode, Mode::BlockStart | Mode::Block)
    }

    /// Whether a quoted scalar is open.
    pub fn in_quotes(self) -> bool {
        matches!(self.mode, Mode::Single | Mode::Double)
    }

    /// Whether `line` goes on with the text of the block scalar or the quoted one that is open.
    pub fn continues_text(self, line: &str) -> bool {
        let indent = line.len() - line.trim_start_matches(' ').len();
        match self.mode {
            _ if is_marker(line) => false,
            Mode::Nodes => false,
            Mode::Single | Mode::Double => true,
            Mode::BlockStart | Mode::Block => {
                line.trim().is_empty() || indent >= usize::from(self.indent)
            }
        }
    }

    /// How many flow brackets are open.
    pub fn flow_depth(self) -> u32 {
        self.flow.into()
    }
}

/// Adds the parts of `line` (without its line end) to `spans`, in order and disjoint, and returns
/// the state after it.
pub fn highlight_line(line: &str, state: LineState, spans: &mut Vec<Span>) -> LineState {
    Scanner::run(line, state, Some(spans))
}

/// The state after `line`, for lines that are not drawn.
pub fn next_state(line: &str, state: LineState) -> LineState {
    let opens = |byte: u8| matches!(byte, b'"' | b'\'' | b'|' | b'>' | b'[' | b'{');
    if state == LineState::default() && !line.bytes().any(opens) {
        return state;
    }
    Scanner::run(line, state, None)
}

/// Whether a line begins with `---` or `...`.
fn is_marker(line: &str) -> bool {
    let starts = line.starts_with("---") || line.starts_with("...");
    starts && matches!(line.as_bytes().get(3), None | Some(b' ' | b'\t'))
}

struct Scanner<'a> {
    line: &'a str,
    at: usize,
    state: LineState,
    /// Column of the innermost key or dash of this line; a block scalar lies deeper.
    parent: Option<usize>,
    /// Start of the node that may turn out to be a key, its properties included.
    node: usize,
    explicit_key: bool,
    spans: Option<&'a mut Vec<Span>>,
}

impl<'a> Scanner<'a> {
    fn run(line: &'a str, state: LineState, spans: Option<&'a mut Vec<Span>>) -> LineState {
        let line = line.trim_end_matches(['\r', '\n']);
        let mut scanner = Scanner {
            line,
            at: 0,
            state,
            parent: None,
            node: 0,
            explicit_key: false,
            spans,
        };
        if !scanner.marker() && !scanner.block_text() {
            scanner.continued_quotes();
            scanner.nodes();
        }
        scanner.state
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.line.as_bytes().get(self.at + ahead).copied()
    }

    fn blank_at(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), None | Some(b' ' | b'\t'))
    }

    fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, start: usize, end: usize, class: Class) {
        if start < end
            && let Some(spans) = &mut self.spans
        {
            let (start, end) = (start as u32, end as u32);
            spans.push(Span { start, end, class });
        }
    }

    fn take(&mut self, bytes: usize, class: Class) {
        self.push(self.at, self.at + bytes, class);
        self.at += bytes;
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// `---` and `...` in the first column end whatever is open.
    fn marker(&mut self) -> bool {
        if !is_marker(self.line) {
            return false;
        }
        self.state = LineState::default();
        self.take(3, Class::Marker);
        self.nodes();
        true
    }

    /// The whole line as text of a block scalar, or the end of that scalar.
    fn block_text(&mut self) -> bool {
        if !self.state.in_block_scalar() {
            return false;
        }
        let indent = self.line.len() - self.line.trim_start_matches(' ').len();
        if self.line.trim().is_empty() {
            return true;
        }
        if indent >= usize::from(self.state.indent) {
            if self.state.mode == Mode::BlockStart {
                self.state.mode = Mode::Block;
                self.state.indent = clamp(indent);
            }
            self.push(indent, self.line.len(), Class::String);
            return true;
        }
        self.state = LineState::default();
        false
    }

    fn continued_quotes(&mut self) {
        if self.state.in_quotes() {
            self.skip_blanks();
            self.node = self.at;
            self.quoted_rest(self.at);
        }
    }

    fn nodes(&mut self) {
        if self.at == 0 && self.state.flow == 0 {
            self.indentation();
        }
        loop {
            self.skip_blanks();
            let Some(byte) = self.peek(0) else { return };
            self.node(byte);
        }
    }

    fn indentation(&mut self) {
        let blanks = self.line.len() - self.line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = self.line.find('\t').filter(|&tab| tab < blanks)
            && blanks < self.line.len()
        {
            self.push(tab, blanks, Class::Invalid);
        }
        self.at = blanks;
        if self.line.starts_with('%') {
            self.take(self.line.len(), Class::Directive);
        }
    }

    fn node(&mut self, byte: u8) {
        let in_flow = self.state.flow > 0;
        let fresh =
            self.at == 0 || matches!(self.line.as_bytes().get(self.at - 1), Some(b' ' | b'\t'));
        match byte {
            b'#' if fresh => self.take(self.line.len() - self.at, Class::Comment),
            b'-' if !in_flow && self.blank_at(1) => {
                self.parent = Some(self.at);
                self.take(1, Class::Punctuation);
            }
            b'?' if self.blank_at(1) => {
                self.parent = Some(self.at);
                self.explicit_key = true;
                self.take(1, Class::Punctuation);
            }
            b':' if self.colon_ends_key() || in_flow => self.take(1, Class::Punctuation),
            b'[' | b'{' => {
                self.state.flow = self.state.flow.saturating_add(1);
                self.take(1, Class::Punctuation);
            }
            b']' | b'}' if in_flow => {
                self.state.flow -= 1;
                self.take(1, Class::Punctuation);
            }
            b']' | b'}' | b'@' | b'`' => self.take(1, Class::Invalid),
            b',' if in_flow => self.take(1, Class::Punctuation),
            b'&' | b'*' => self.property(Class::Anchor),
            b'!' => self.property(Class::Tag),
            b'|' | b'>' if !in_flow => self.block_header(),
            b'"' | b'\'' => {
                self.node = self.at;
                self.state.mode = if byte == b'"' {
                    Mode::Double
                } else {
                    Mode::Single
                };
                self.at += 1;
                self.quoted_rest(self.node);
            }
            _ => self.plain(),
        }
    }

    /// An anchor, alias or tag: up to the next blank, in flow up to the next indicator.
    fn property(&mut self, class: Class) {
        let in_flow = self.state.flow > 0;
        let ends = |c: char| matches!(c, ' ' | '\t') || in_flow && ",[]{}".contains(c);
        let rest = self.rest();
        let end = rest.find(ends).unwrap_or(rest.len());
        if end > 1 {
            self.take(end, class);
        } else {
            self.take(1, Class::Invalid);
        }
    }

    fn block_header(&mut self) {
        let rest = self.rest();
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        let header = rest.get(1..end).unwrap_or_default();
        if !header
            .bytes()
            .all(|b| matches!(b, b'+' | b'-' | b'1'..=b'9'))
        {
            self.take(end, Class::Invalid);
            return;
        }
        let digit = header
            .bytes()
            .find(u8::is_ascii_digit)
            .map(|b| usize::from(b - b'0'));
        let base = self.parent.map_or(0, |parent| parent + 1);
        self.state.indent = clamp(digit.map_or(base, |digit| base + digit - 1));
        self.state.mode = if digit.is_some() {
            Mode::Block
        } else {
            Mode::BlockStart
        };
        self.take(end, Class::BlockHeader);
    }

    /// The rest of a quoted scalar that started at `start` or on a line before.
    fn quoted_rest(&mut self, start: usize) {
        let double = self.state.mode == Mode::Double;
        while self.state.in_quotes()
            && let Some(byte) = self.peek(0)
        {
            self.at += 1;
            match byte {
                b'\\' if double => self.at += self.rest().chars().next().map_or(0, char::len_utf8),
                b'\'' if !double && self.peek(0) == Some(b'\'') => self.at += 1,
                b'"' if double => self.state.mode = Mode::Nodes,
                b'\'' if !double => self.state.mode = Mode::Nodes,
                _ => {}
            }
        }
        let end = self.at.min(self.line.len());
        let closed = self.state.mode == Mode::Nodes;
        let class = if closed && self.key_follows() {
            Class::Key
        } else {
            Class::String
        };
        self.push(start, end, class);
        self.at = end;
    }

    /// Whether a colon comes next that makes a key of the scalar just read.
    fn key_follows(&mut self) -> bool {
        let blanks = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let colon = self.peek(blanks) == Some(b':');
        let is_key = colon && (self.state.flow > 0 || self.blank_at(blanks + 1));
        if is_key && self.state.flow == 0 {
            self.parent = Some(self.node);
        }
        is_key || std::mem::take(&mut self.explicit_key)
    }

    fn colon_ends_key(&self) -> bool {
        match self.peek(1) {
            None | Some(b' ' | b'\t') => true,
            Some(b',' | b'[' | b']' | b'{' | b'}') => self.state.flow > 0,
            Some(_) => false,
        }
    }

    fn plain(&mut self) {
        self.node = self.at;
        while let Some(byte) = self.peek(0) {
            let ends = match byte {
                b':' => self.colon_ends_key(),
                b'#' => matches!(self.line.as_bytes().get(self.at - 1), Some(b' ' | b'\t')),
                b',' | b'[' | b']' | b'{' | b'}' => self.state.flow > 0,
                _ => false,
            };
            // The first byte is taken whatever it is: every call goes on.
            if ends && self.at > self.node {
                break;
            }
            self.at += 1;
        }
        let text = self
            .line
            .get(self.node..self.at)
            .unwrap_or_default()
            .trim_end();
        let end = self.node + text.len();
        let class = if self.key_follows() {
            Class::Key
        } else {
            plain_class(text)
        };
        self.push(self.node, end, class);
    }
}

fn clamp(indent: usize) -> u16 {
    u16::try_from(indent).unwrap_or(u16::MAX)
}

fn plain_class(text: &str) -> Class {
    const CONSTANTS: [&str; 10] = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~",
    ];
    let one_case = text.bytes().skip(1).all(|b| b.is_ascii_lowercase())
        || text.bytes().all(|b| b.is_ascii_uppercase());
    if (one_case || text == "~") && CONSTANTS.iter().any(|it| text.eq_ignore_ascii_case(it)) {
        Class::Constant
    } else if is_number(text) {
        Class::Number
    } else {
        Class::Plain
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let all = |digits: &str, radix| {
        let mut bytes = digits.chars().filter(|&c| c != '_').peekable();
        bytes.peek().is_some() && bytes.all(|c| c.is_digit(radix))
    };
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return all(digits, radix);
        }
    }
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    if exponent.is_some_and(|it| !all(it.strip_prefix(['+', '-']).unwrap_or(it), 10)) {
        return false;
    }
    match mantissa.split_once('.') {
        Some((whole, "")) => all(whole, 10),
        Some(("", part)) => all(part, 10),
        Some((whole, part)) => all(whole, 10) && all(part, 10),
        None => all(mantissa, 10) && mantissa.starts_with(|c: char| c.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    #[test]
    fn keys_values_and_comments() {
        check(
            "apiVersion: apps/v1 # group\nreplicas: 3\npaused: yes\nimage: nginx:1.27\n\"quoted key\": 'it''s'\n",
            &expect![[r#"
                Key(apiVersion) Punctuation(:) Plain(apps/v1) Comment(# group)
                Key(replicas) Punctuation(:) Number(3)
                Key(paused) Punctuation(:) Constant(yes)
                Key(image) Punctuation(:) Plain(nginx:1.27)
                Key("quoted key") Punctuation(:) String('it''s')
            "#]],
        );
    }

    #[test]
    fn numbers_as_kubernetes_reads_them() {
        check(
            "- 0644\n- 0o644\n- 0x1F\n- 1e3\n- .5\n- -7\n- 1_000\n- 1.2.3\n- 12m\n- 0x\n- -\n",
            &expect![[r"
                Punctuation(-) Number(0644)
                Punctuation(-) Number(0o644)
                Punctuation(-) Number(0x1F)
                Punctuation(-) Number(1e3)
                Punctuation(-) Number(.5)
                Punctuation(-) Number(-7)
                Punctuation(-) Number(1_000)
                Punctuation(-) Plain(1.2.3)
                Punctuation(-) Plain(12m)
                Punctuation(-) Plain(0x)
                Punctuation(-) Punctuation(-)
            "]],
        );
    }

    #[test]
    fn block_scalar_ends_by_indentation() {
        check(
            "script: |-\n\n    echo: hi # text\n  # comment\nnext: >2\n   a\nlast: 1\n",
            &expect![[r"
                Key(script) Punctuation(:) BlockHeader(|-)

                String(echo: hi # text)
                Comment(# comment)
                Key(next) Punctuation(:) BlockHeader(>2)
                String(a)
                Key(last) Punctuation(:) Number(1)
            "]],
        );
    }

    #[test]
    fn block_scalar_of_a_key_behind_a_dash_lies_deeper_than_the_key() {
        check(
            "- run: |\n    text\n  name: x\n- |\n text\n- y\n",
            &expect![[r"
                Punctuation(-) Key(run) Punctuation(:) BlockHeader(|)
                String(text)
                Key(name) Punctuation(:) Plain(x)
                Punctuation(-) BlockHeader(|)
                String(text)
                Punctuation(-) Constant(y)
            "]],
        );
    }

    #[test]
    fn quotes_go_on_over_lines() {
        check(
            "a: \"one \\\" two\n  three: # no comment\n  end\" # comment\nb: 'x\n  y'\n",
            &expect![[r#"
                Key(a) Punctuation(:) String("one \" two)
                String(three: # no comment)
                String(end") Comment(# comment)
                Key(b) Punctuation(:) String('x)
                String(y')
            "#]],
        );
    }

    #[test]
    fn flow_collections_go_on_over_lines() {
        check(
            "a: {b: 1, \"c\":[x, true],\n  d: 'e'}\nf: ]\n",
            &expect![[r#"
                Key(a) Punctuation(:) Punctuation({) Key(b) Punctuation(:) Number(1) Punctuation(,) Key("c") Punctuation(:) Punctuation([) Plain(x) Punctuation(,) Constant(true) Punctuation(]) Punctuation(,)
                Key(d) Punctuation(:) String('e') Punctuation(})
                Key(f) Punctuation(:) Invalid(])
            "#]],
        );
    }

    #[test]
    fn document_marker_closes_what_is_open() {
        check(
            "a: \"open\n--- # next\nb: [1\n...\n%YAML 1.2\n--- |\ntext\n---\nc: d\n",
            &expect![[r#"
                Key(a) Punctuation(:) String("open)
                Marker(---) Comment(# next)
                Key(b) Punctuation(:) Punctuation([) Number(1)
                Marker(...)
                Directive(%YAML 1.2)
                Marker(---) BlockHeader(|)
                String(text)
                Marker(---)
                Key(c) Punctuation(:) Plain(d)
            "#]],
        );
    }

    #[test]
    fn anchors_tags_and_explicit_keys() {
        check(
            "a: &base !!map\n<<: *base\n? k\n: v\n\tx: 1\n",
            &expect![[r"
                Key(a) Punctuation(:) Anchor(&base) Tag(!!map)
                Key(<<) Punctuation(:) Anchor(*base)
                Punctuation(?) Key(k)
                Punctuation(:) Plain(v)
                Invalid(	) Key(x) Punctuation(:) Number(1)
            "]],
        );
    }

    #[test]
    fn non_ascii_text_is_cut_between_characters() {
        check(
            "名前: 値 # é\n- 😀\n",
            &expect![[r"
                Key(名前) Punctuation(:) Plain(値) Comment(# é)
                Punctuation(-) Plain(😀)
            "]],
        );
    }

    proptest! {
        #[test]
        fn spans_are_sorted_and_cut_characters_nowhere(text in "([-a: '\"|>\\[\\]{}#&*!?,é\t\n\\\\0-9.]|---\n){0,60}") {
            let mut state = LineState::default();
            for line in text.split('\n') {
                let mut spans = Vec::new();
                let after = highlight_line(line, state, &mut spans);
                prop_assert_eq!(after, next_state(line, state));
                let mut end = 0;
                for span in spans {
                    prop_assert!(end <= span.start && span.start < span.end);
                    prop_assert!(line.get(span.start as usize..span.end as usize).is_some());
                    end = span.end;
                }
                state = after;
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &Expect) {
        let mut state = LineState::default();
        let mut shown = String::new();
        for line in text.lines() {
            let mut spans = Vec::new();
            state = highlight_line(line, state, &mut spans);
            let words: Vec<String> = spans
                .iter()
                .map(|it| {
                    format!(
                        "{:?}({})",
                        it.class,
                        &line[it.start as usize..it.end as usize]
                    )
                })
                .collect();
            shown += &words.join(" ");
            shown += "\n";
        }
        expected.assert_eq(&shown);
    }
}
