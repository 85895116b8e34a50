//! One line: what its bytes are, where it ends, where a plain scalar in it stops.

use memchr::memchr2;

/// A space or a tab.
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A line feed or a carriage return.
pub(crate) fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// One of `,[]{}`.
pub(crate) fn is_flow_indicator(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

/// The byte at `at`, or 0 behind the end.
pub(crate) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// Whether a line ends at `at`.
pub(crate) fn at_line_end(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|&byte| is_break(byte))
}

/// Whether a blank or the end of a line stands at `at`.
pub(crate) fn at_gap(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_none_or(|&byte| is_blank(byte) || is_break(byte))
}

/// The end of the line that `from` stands in, in front of its line break.
pub(crate) fn line_end(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    memchr2(b'\n', b'\r', rest).map_or(text.len(), |at| from + at)
}

/// The start of the line behind the break at `end`.
pub(crate) fn after_break(text: &[u8], end: usize) -> usize {
    match (byte(text, end), byte(text, end + 1)) {
        (b'\r', b'\n') => end + 2,
        (b'\r' | b'\n', _) => end + 1,
        _ => end.min(text.len()),
    }
}

/// The first place from `from` on that is no blank.
pub(crate) fn skip_blanks(text: &[u8], mut from: usize) -> usize {
    while text.get(from).is_some_and(|&byte| is_blank(byte)) {
        from += 1;
    }
    from
}

/// The first place from `from` on that is no space.
pub(crate) fn skip_spaces(text: &[u8], mut from: usize) -> usize {
    while text.get(from) == Some(&b' ') {
        from += 1;
    }
    from
}

/// Whether a `---` or `...` stands at the line start `at`.
pub(crate) fn is_marker(text: &[u8], at: usize) -> bool {
    matches!(text.get(at..at + 3), Some(b"---" | b"...")) && at_gap(text, at + 3)
}

/// A number of bytes within a line as a column, of which differences are taken.
#[expect(
    clippy::cast_possible_wrap,
    reason = "no line has 2 GiB; a wrong column is no harm"
)]
pub(crate) fn width(bytes: usize) -> i32 {
    bytes as i32
}

/// What stops a plain scalar on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A `:` that makes it a key.
    Colon,
    /// A ` #`.
    Comment,
    /// A bracket or comma, in flow style only.
    Flow,
    /// The end of the line.
    LineEnd,
}

/// A plain scalar's part of one line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlainLine {
    /// Behind its last byte that is no blank.
    pub(crate) end: usize,
    /// Where it stops.
    pub(crate) at: usize,
    /// Why it stops.
    pub(crate) stop: Stop,
}

/// Reads a plain scalar from `from` to where it stops on this line, in block style.
pub(crate) fn plain_in_block(text: &[u8], from: usize) -> PlainLine {
    let mut at = from;
    let mut end = from;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\n' | b'\r' => break,
            b' ' | b'\t' => {}
            b':' if at_gap(text, at + 1) => return PlainLine::new(end, at, Stop::Colon),
            b'#' if at > from && end < at => return PlainLine::new(end, at, Stop::Comment),
            _ => end = at + 1,
        }
        at += 1;
    }
    PlainLine::new(end, at, Stop::LineEnd)
}

/// Reads a plain scalar from `from` to where it stops on this line, in flow style.
pub(crate) fn plain_in_flow(text: &[u8], from: usize) -> PlainLine {
    let mut at = from;
    let mut end = from;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\n' | b'\r' => break,
            b' ' | b'\t' => {}
            b',' | b'[' | b']' | b'{' | b'}' => return PlainLine::new(end, at, Stop::Flow),
            b':' if at_flow_gap(text, at + 1) => return PlainLine::new(end, at, Stop::Colon),
            b'#' if at > from && end < at => return PlainLine::new(end, at, Stop::Comment),
            _ => end = at + 1,
        }
        at += 1;
    }
    PlainLine::new(end, at, Stop::LineEnd)
}

/// As [`at_gap`], or a flow indicator.
pub(crate) fn at_flow_gap(text: &[u8], at: usize) -> bool {
    at_gap(text, at) || is_flow_indicator(byte(text, at))
}

impl PlainLine {
    fn new(end: usize, at: usize, stop: Stop) -> Self {
        Self { end, at, stop }
    }
}
