//! The bracket that belongs to the one at the caret.

use crate::text::Text;

/// How far the other one is looked for, in bytes: a screen is nearer.
const REACH: usize = 20_000;

/// The bracket at `offset`, behind it or before it, and the one that belongs to it. Quotes are not
/// looked at: what is typed is rarely balanced in them, and a wrong mark does no harm.
pub fn matching_brackets(text: &Text, offset: usize) -> Option<[usize; 2]> {
    let behind = text.char_after(offset).map(|it| (offset, it));
    let before = text
        .char_before(offset)
        .map(|it| (offset - it.len_utf8(), it));
    [behind, before]
        .into_iter()
        .flatten()
        .find_map(|(at, bracket)| Some([at, partner(text, at, bracket)?]))
}

fn partner(text: &Text, at: usize, bracket: char) -> Option<usize> {
    match bracket {
        '{' => forward(text, at, b'{', b'}'),
        '[' => forward(text, at, b'[', b']'),
        '}' => backward(text, at, b'}', b'{'),
        ']' => backward(text, at, b']', b'['),
        _ => None,
    }
}

fn forward(text: &Text, at: usize, open: u8, close: u8) -> Option<usize> {
    let end = text.boundary(at + REACH);
    let reached = text.slice(at..end);
    balance(reached.bytes().enumerate(), open, close).map(|it| at + it)
}

fn backward(text: &Text, at: usize, open: u8, close: u8) -> Option<usize> {
    let start = text.boundary(at.saturating_sub(REACH));
    let reached = text.slice(start..at + 1);
    balance(reached.bytes().enumerate().rev(), open, close).map(|it| start + it)
}

/// Where as many are closed as were opened; the first byte opens.
fn balance(bytes: impl Iterator<Item = (usize, u8)>, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in bytes {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_find_their_partners_over_others() {
        check("a: $0{b: {c: [1]}}", Some([3, 15]));
        check("a: {b: {c: [1]}}$0", Some([15, 3]));
        check("a: {b: {c: $0[1]}}", Some([11, 13]));
        check("a: [é, 2$0]", Some([9, 3]));
    }

    #[test]
    fn a_bracket_alone_has_no_partner() {
        check("a: $0{b", None);
        check("a: b$0", None);
    }

    #[track_caller]
    fn check(fixture: &str, expected: Option<[usize; 2]>) {
        let offset = fixture.find("$0").unwrap();
        let text = Text::new(&fixture.replace("$0", ""));
        assert_eq!(matching_brackets(&text, offset), expected);
    }
}
