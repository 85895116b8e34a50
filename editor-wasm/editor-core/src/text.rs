//! The text: a rope with cheap clones, by byte and by line.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crop::{Rope, RopeBuilder};

/// How the lines of a file end. Inside, every line ends with `\n`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`
    #[default]
    Lf,
    /// `\r\n`
    CrLf,
}

impl LineEnding {
    /// The line ending that most of `text` has, judged by its first line.
    pub fn of(text: &str) -> Self {
        match text.split_once('\n') {
            Some((line, _)) if line.ends_with('\r') => Self::CrLf,
            _ => Self::Lf,
        }
    }
}

/// `text` with `\n` at the end of every line.
pub fn normalize(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A text. Offsets are bytes of UTF-8; an offset beyond the end means the end, one inside a
/// character its start. Lines are counted from 0, there is one more than line ends.
#[derive(Clone, Default)]
pub struct Text {
    rope: Rope,
}

impl Text {
    /// A text; line ends become `\n`.
    pub fn new(text: &str) -> Self {
        Self {
            rope: Rope::from(normalize(text).as_ref()),
        }
    }

    /// Bytes of the whole text.
    pub fn len(&self) -> usize {
        self.rope.byte_len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many lines there are.
    pub fn line_count(&self) -> usize {
        self.rope.line_of_byte(self.len()) + 1
    }

    /// The line that `offset` stands in.
    pub fn line_of(&self, offset: usize) -> usize {
        self.rope.line_of_byte(offset.min(self.len()))
    }

    /// Where `line` starts; the end of the text for a line that does not exist.
    pub fn line_start(&self, line: usize) -> usize {
        if line < self.line_count() {
            self.rope.byte_of_line(line)
        } else {
            self.len()
        }
    }

    /// Where `line` ends, before its line end.
    pub fn line_end(&self, line: usize) -> usize {
        if line + 1 < self.line_count() {
            self.rope.byte_of_line(line + 1) - 1
        } else {
            self.len()
        }
    }

    /// A line without its line end, in place where it stands in one piece.
    pub fn line(&self, line: usize) -> Cow<'_, str> {
        self.slice(self.line_start(line)..self.line_end(line))
    }

    /// A part of the text, in place where it stands in one piece.
    pub fn slice(&self, range: Range<usize>) -> Cow<'_, str> {
        let end = self.boundary(range.end);
        let start = self.boundary(range.start).min(end);
        let slice = self.rope.byte_slice(start..end);
        let mut chunks = slice.chunks();
        match (chunks.next(), chunks.next()) {
            (None, _) => Cow::Borrowed(""),
            (Some(only), None) => Cow::Borrowed(only),
            (Some(first), Some(second)) => {
                let mut text = String::with_capacity(end - start);
                text.push_str(first);
                text.push_str(second);
                chunks.for_each(|chunk| text.push_str(chunk));
                Cow::Owned(text)
            }
        }
    }

    /// The pieces of the text, in order.
    pub fn chunks(&self) -> impl Iterator<Item = &str> {
        self.rope.chunks()
    }

    /// All lines from `line` on, without their line ends.
    pub fn lines_from(&self, line: usize) -> impl Iterator<Item = Cow<'_, str>> {
        let count = self.line_count();
        let lines = self
            .rope
            .line_slice(line.min(self.rope.line_len())..)
            .lines();
        let trailing = count - self.rope.line_len();
        lines
            .map(|line| {
                let mut chunks = line.chunks();
                match (chunks.next(), chunks.next()) {
                    (None, _) => Cow::Borrowed(""),
                    (Some(only), None) => Cow::Borrowed(only),
                    _ => Cow::Owned(line.to_string()),
                }
            })
            .chain(std::iter::repeat_n(Cow::Borrowed(""), trailing))
            .take(count.saturating_sub(line))
    }

    /// `offset`, or the start of the character or the end of the text that it falls into.
    pub fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.len());
        while !self.rope.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// The character before `offset`.
    pub fn char_before(&self, offset: usize) -> Option<char> {
        let offset = self.boundary(offset);
        let start = self.boundary(offset.saturating_sub(4));
        self.slice(start..offset).chars().next_back()
    }

    /// The character behind `offset`.
    pub fn char_after(&self, offset: usize) -> Option<char> {
        let offset = self.boundary(offset);
        self.slice(offset..offset.saturating_add(4).min(self.len()).max(offset))
            .chars()
            .next()
            .or_else(|| {
                self.slice(offset..self.next_boundary(offset))
                    .chars()
                    .next()
            })
    }

    fn next_boundary(&self, offset: usize) -> usize {
        let mut end = (offset + 1).min(self.len());
        while !self.rope.is_char_boundary(end) {
            end += 1;
        }
        end
    }

    /// The text with edits (sorted, disjoint) made; each is a range of this text and what stands
    /// there afterwards.
    pub(crate) fn edited<'a>(
        &self,
        edits: impl ExactSizeIterator<Item = (Range<usize>, &'a str)> + DoubleEndedIterator,
    ) -> Self {
        // Few edits change the tree in place; many are one pass over all chunks.
        if edits.len() <= 64 {
            let mut rope = self.rope.clone();
            for (range, insert) in edits.rev() {
                rope.replace(range, insert);
            }
            return Self { rope };
        }
        let mut builder = RopeBuilder::new();
        let mut at = 0;
        for (range, insert) in edits {
            self.append(at..range.start, &mut builder);
            builder.append(insert);
            at = range.end;
        }
        self.append(at..self.len(), &mut builder);
        Self {
            rope: builder.build(),
        }
    }

    fn append(&self, range: Range<usize>, builder: &mut RopeBuilder) {
        if range.start < range.end {
            for chunk in self.rope.byte_slice(range).chunks() {
                builder.append(chunk);
            }
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.rope == other.rope
    }
}

impl Eq for Text {}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.chunks().try_for_each(|chunk| f.write_str(chunk))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.len())
    }
}

/// Length of `text` in UTF-16 code units.
pub fn utf16_len(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().map(char::len_utf16).sum()
    }
}

/// Bytes of `text` before a place counted in UTF-16 code units; its end if there are fewer.
pub fn byte_of_utf16(text: &str, utf16: usize) -> usize {
    if text.is_ascii() {
        return utf16.min(text.len());
    }
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units + c.len_utf16() > utf16 {
            return at;
        }
        units += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn last_line_is_empty_behind_a_line_end() {
        let text = Text::new("a\r\nb\n");
        assert_eq!(text.line_count(), 3);
        assert_eq!(text.line(1), "b");
        assert_eq!(text.line(2), "");
        assert_eq!(text.line_start(2), 4);
        assert_eq!(Text::new("").line_count(), 1);
    }

    #[test]
    fn characters_beside_a_place() {
        let text = Text::new("a\n😀é: x");
        assert_eq!(text.char_before(6), Some('😀'));
        assert_eq!(text.char_after(2), Some('😀'));
        assert_eq!(text.char_after(text.len()), None);
    }

    #[test]
    fn utf16_is_counted_and_counted_back() {
        assert_eq!(utf16_len("😀é: x"), 6);
        assert_eq!(byte_of_utf16("😀é: x", 3), 6);
        assert_eq!(byte_of_utf16("😀é: x", 1), 0, "half a pair is its start");
        assert_eq!(byte_of_utf16("é", 9), 2);
    }

    proptest! {
        #[test]
        fn agrees_with_a_string(text in "[a\né😀 ]{0,40}", line in 0usize..12, at in 0usize..60) {
            let rope = Text::new(&text);
            let lines: Vec<&str> = text.split('\n').collect();
            prop_assert_eq!(rope.line_count(), lines.len());
            prop_assert_eq!(rope.line(line), lines.get(line).copied().unwrap_or(""));
            let rest: Vec<String> = rope.lines_from(line).map(Into::into).collect();
            prop_assert_eq!(rest, lines.get(line..).unwrap_or(&[]).to_vec());
            let at = rope.boundary(at);
            prop_assert_eq!(byte_of_utf16(&text, utf16_len(&text[..at])), at);
            prop_assert_eq!(rope.char_after(at), text[at..].chars().next());
            prop_assert_eq!(rope.char_before(at), text[..at].chars().next_back());
        }
    }
}
