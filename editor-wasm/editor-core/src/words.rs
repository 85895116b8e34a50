//! Where characters, words and columns begin and end.
//!
//! A character here is what a person sees as one: a letter with its accents, an emoji with its
//! skin tone. The rules are a small cut of Unicode's, enough for carets.

use std::ops::Range;

use crate::text::Text;

/// Columns that a tab is drawn with at most.
pub const TAB_WIDTH: u32 = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Blank,
    Word,
    Mark,
}

fn sort(c: char) -> Sort {
    if c.is_whitespace() {
        Sort::Blank
    } else if c.is_alphanumeric() || c == '_' || combines(c) {
        Sort::Word
    } else {
        Sort::Mark
    }
}

/// Marks that belong to the letter before them.
fn combines(c: char) -> bool {
    matches!(c as u32,
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x0610..=0x061A | 0x064B..=0x065F
        | 0x0900..=0x0903 | 0x093A..=0x094F | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E
        | 0x1160..=0x11FF | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF
        | 0x302A..=0x302F | 0x3099..=0x309A | 0xFE20..=0xFE2F)
}

/// Parts of an emoji behind its first character.
fn extends_emoji(c: char) -> bool {
    matches!(c as u32, 0x200C..=0x200D | 0xFE00..=0xFE0F | 0x1F3FB..=0x1F3FF | 0xE0020..=0xE01EF)
}

fn is_flag_half(c: char) -> bool {
    matches!(c as u32, 0x1F1E6..=0x1F1FF)
}

fn joins(before: char, c: char) -> bool {
    combines(c) || extends_emoji(c) || before == '\u{200D}'
}

/// The end of the character that starts at `offset`; a line end is one.
pub fn next_char(text: &Text, offset: usize) -> usize {
    let line = text.line_of(offset);
    if offset >= text.line_end(line) {
        return (offset + 1).min(text.len());
    }
    let rest = text.slice(offset..text.line_end(line));
    offset + char_end(&rest)
}

fn char_end(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, first)) = chars.next() else {
        return 0;
    };
    let (mut before, mut flag) = (first, is_flag_half(first));
    for (at, c) in chars {
        let pair = flag && is_flag_half(c);
        if !pair && !joins(before, c) {
            return at;
        }
        flag = flag && !pair;
        before = c;
    }
    rest.len()
}

/// The start of the character that ends at `offset`; a line end is one.
pub fn prev_char(text: &Text, offset: usize) -> usize {
    let start = text.line_start(text.line_of(offset));
    if offset <= start {
        return offset.saturating_sub(1);
    }
    let before = text.slice(start..offset);
    if before.is_ascii() {
        return offset - 1;
    }
    let mut at = 0;
    loop {
        let end = at + char_end(&before[at..]);
        if end >= before.len() {
            return start + at;
        }
        at = end;
    }
}

/// What Backspace takes away: a character, but of a letter with accents the last accent only.
pub fn backspace(text: &Text, offset: usize) -> usize {
    match text.char_before(offset) {
        Some(c) if combines(c) => offset - c.len_utf8(),
        _ => prev_char(text, offset),
    }
}

/// Where moving a word to the right from `offset` ends: behind the next word.
pub fn word_right(text: &Text, offset: usize) -> usize {
    let line = text.line_of(offset);
    let end = text.line_end(line);
    if offset >= end {
        return next_char(text, offset);
    }
    let rest = text.slice(offset..end);
    let trimmed = rest.trim_start();
    let Some(first) = trimmed.chars().next() else {
        return end;
    };
    let word = trimmed.find(|c| sort(c) != sort(first));
    offset + (rest.len() - trimmed.len()) + word.unwrap_or(trimmed.len())
}

/// Where moving a word to the left from `offset` ends: before the last word.
pub fn word_left(text: &Text, offset: usize) -> usize {
    let start = text.line_start(text.line_of(offset));
    if offset <= start {
        return prev_char(text, offset);
    }
    let before = text.slice(start..offset);
    let trimmed = before.trim_end();
    let Some(last) = trimmed.chars().next_back() else {
        return start;
    };
    let cut = trimmed.trim_end_matches(|c| sort(c) == sort(last));
    start + cut.len()
}

/// The word, the blanks or the marks around `offset`: what a double click selects.
pub fn word_at(text: &Text, offset: usize) -> Range<usize> {
    let line = text.line_of(offset);
    let (start, end) = (text.line_start(line), text.line_end(line));
    let (before, after) = (text.slice(start..offset), text.slice(offset..end));
    let left = before.chars().next_back().map(sort);
    let right = after.chars().next().map(sort);
    let wanted = match (left, right) {
        (Some(Sort::Word), _) | (_, Some(Sort::Word)) => Sort::Word,
        (_, Some(right)) => right,
        (Some(left), None) => left,
        (None, None) => return offset..offset,
    };
    let from = before.trim_end_matches(|c| sort(c) == wanted).len();
    let to = after.len() - after.trim_start_matches(|c| sort(c) == wanted).len();
    start + from..offset + to
}

/// Whether `range` begins and ends at the edge of a word.
pub fn is_whole_word(text: &Text, range: &Range<usize>) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| sort(c) == Sort::Word);
    let edge = |at| !(is_word(text.char_before(at)) && is_word(text.char_after(at)));
    edge(range.start) && edge(range.end)
}

/// Columns that `c` takes when the column before it is `col`.
fn width(c: char, col: u32) -> u32 {
    match c as u32 {
        0x09 => TAB_WIDTH - col % TAB_WIDTH,
        0..=0x2FF => 1,
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => u32::from(!extends_emoji(c)) * 2,
        _ if combines(c) || extends_emoji(c) => 0,
        _ => 1,
    }
}

/// Columns that `before` takes.
pub fn columns(before: &str) -> u32 {
    before.chars().fold(0, |col, c| col + width(c, col))
}

/// The column behind `c`, which is drawn from column `col` on.
pub(crate) fn columns_from(c: char, col: u32) -> u32 {
    col + width(c, col)
}

/// The byte of `line` at a column; the end of the line if it is shorter.
pub fn byte_of_column(line: &str, column: u32) -> usize {
    let mut col = 0;
    for (at, c) in line.char_indices() {
        let next = col + width(c, col);
        if next > column {
            return at;
        }
        col = next;
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_marks_by_turns() {
        let text = Text::new("  image: nginx:1.27\n");
        let mut at = 0;
        let mut stops = vec![];
        while at < 19 {
            at = word_right(&text, at);
            stops.push(at);
        }
        assert_eq!(stops, [7, 8, 14, 15, 16, 17, 19]);
        assert_eq!(word_left(&text, 19), 17);
        assert_eq!(word_left(&text, 9), 7);
        assert_eq!(word_left(&text, 2), 0);
    }

    #[test]
    fn what_a_person_sees_as_one_is_one() {
        for one in ["e\u{301}", "👍🏽", "👩‍👩‍👧", "🇩🇪", "é", "한"] {
            let text = Text::new(&format!("a{one}b"));
            assert_eq!(next_char(&text, 1), 1 + one.len(), "{one}");
            assert_eq!(prev_char(&text, 1 + one.len()), 1, "{one}");
        }
        let flags = Text::new("🇩🇪🇫🇷");
        assert_eq!(next_char(&flags, 0), 8);
        assert_eq!(prev_char(&flags, 16), 8);
    }

    #[test]
    fn backspace_takes_one_accent() {
        let text = Text::new("e\u{301}");
        assert_eq!(backspace(&text, 3), 1);
    }

    #[test]
    fn double_click_takes_the_word() {
        let text = Text::new("my-app: x");
        assert_eq!(word_at(&text, 2), 0..2);
        assert_eq!(word_at(&text, 3), 3..6);
        assert_eq!(word_at(&text, 9), 8..9);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(columns("a値\t"), 4);
        assert_eq!(byte_of_column("a値b", 2), 1);
        assert_eq!(byte_of_column("a値b", 3), 4);
    }
}
