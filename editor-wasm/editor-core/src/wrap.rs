//! Where long lines are broken on the screen. The text is the same.

use crate::change::ChangeSet;
use crate::text::Text;
use crate::words;

/// Edits of more places than this look at the whole text again.
const MANY: usize = 64;
/// Bytes of a line that are broken; what stands behind them is not drawn.
const LONGEST: usize = 10_000;

/// A line in rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Broken {
    /// Where each row but the first starts, in bytes of the line.
    pub breaks: Vec<usize>,
    /// The column that each row but the first starts at.
    pub hang: u32,
}

impl Broken {
    /// Breaks a line so that no row is wider than `columns`: behind blanks, in a word only if it is
    /// longer than a row. What goes on stands below the first letter of the line.
    pub fn of(line: &str, columns: u32) -> Self {
        if line.len() <= columns as usize && !line.contains('\t') {
            return Self::default();
        }
        let first = line.len() - line.trim_start().len();
        let indent = words::columns(line.get(..first).unwrap_or_default());
        let hang = indent.min(columns / 2);
        let (mut breaks, mut row, mut col) = (Vec::new(), 0, 0);
        // Behind the last blanks of the row, and the column there.
        let mut blank = None;
        let mut was_blank = false;
        for (at, c) in line.char_indices().take_while(|(at, _)| *at < LONGEST) {
            let is_blank = c == ' ' || c == '\t';
            if was_blank && !is_blank {
                blank = Some((at, col));
            }
            was_blank = is_blank;
            let next = words::columns_from(c, col);
            // Blanks at the end of a row may reach beyond it.
            if next > columns && !is_blank && next > col && at > row {
                let (start, from) = blank
                    .take()
                    .filter(|it| it.0 > row.max(first))
                    .unwrap_or((at, col));
                breaks.push(start);
                row = start;
                col = hang + (next - from);
            } else {
                col = next;
            }
        }
        Self { breaks, hang }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.breaks.len() + 1
    }

    /// The row that byte `at` of the line stands in.
    pub fn row_of(&self, at: usize) -> usize {
        self.breaks.partition_point(|it| *it <= at)
    }

    /// The bytes of a row in a line of `len` bytes.
    pub fn row(&self, row: usize, len: usize) -> std::ops::Range<usize> {
        let start = row.checked_sub(1).and_then(|it| self.breaks.get(it));
        let end = self.breaks.get(row);
        start.copied().unwrap_or(0)..end.copied().unwrap_or(len)
    }

    /// The column that a row starts at.
    pub fn hang_of(&self, row: usize) -> u32 {
        if row == 0 { 0 } else { self.hang }
    }

    /// The column of byte `at` on the screen.
    pub fn column(&self, line: &str, at: usize) -> u32 {
        let row = self.row_of(at);
        let start = self.row(row, line.len()).start;
        self.hang_of(row) + words::columns(line.get(start..at).unwrap_or_default())
    }

    /// The byte at a column of a row; within it, so that the caret stays in this row.
    pub fn byte_at(&self, line: &str, row: usize, column: u32) -> usize {
        let range = self.row(row, line.len());
        let content = line.get(range.clone()).unwrap_or_default();
        let at = words::byte_of_column(content, column.saturating_sub(self.hang_of(row)));
        let is_next = at == content.len() && range.end < line.len();
        let last = content.chars().next_back().map_or(0, char::len_utf8);
        range.start + at - if is_next { last } else { 0 }
    }
}

/// The lines that take more than one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wraps {
    columns: u32,
    /// Line and rows. Invariant: sorted by line.
    tall: Vec<(usize, usize)>,
}

impl Wraps {
    /// Breaks all lines that are wider than `columns`.
    pub fn new(text: &Text, columns: u32) -> Self {
        let lines = text.lines_from(0).enumerate();
        let tall = lines.filter_map(|(line, content)| tall(line, &content, columns));
        Self {
            columns,
            tall: tall.collect(),
        }
    }

    /// The columns of a row.
    pub fn columns(&self) -> u32 {
        self.columns
    }

    /// The lines of more than one row, and how many each has.
    pub fn tall(&self) -> &[(usize, usize)] {
        &self.tall
    }

    /// Takes in a change of the text: only the lines that it touches are looked at.
    pub fn follow(&mut self, before: &Text, changes: &ChangeSet, after: &Text) {
        if changes.len() > MANY {
            *self = Self::new(after, self.columns);
            return;
        }
        for change in changes.iter() {
            // Changes before this one are already made, so lines count as in the text after.
            let line = after.line_of(change.new.start);
            let removed = before.line_of(change.old.end) - before.line_of(change.old.start);
            let added = after.line_of(change.new.end) - line;
            let from = self.tall.partition_point(|it| it.0 < line);
            let until = self.tall.partition_point(|it| it.0 <= line + removed);
            for later in &mut self.tall[until..] {
                later.0 = later.0 - removed + added;
            }
            let fresh = after.lines_from(line).take(added + 1).zip(line..);
            let fresh = fresh.filter_map(|(content, line)| tall(line, &content, self.columns));
            self.tall.splice(from..until, fresh.collect::<Vec<_>>());
        }
    }
}

fn tall(line: usize, content: &str, columns: u32) -> Option<(usize, usize)> {
    let rows = Broken::of(content, columns).rows();
    (rows > 1).then_some((line, rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_broken_behind_blanks_and_hang_below_their_first_letter() {
        check("  one two three", 10, "  one two |three");
        check("  abcdefghijklm", 10, "  abcdefgh|ijklm");
        check("short", 10, "short");
        check("one two            three", 10, "one two            |three");
        check("你好你好你好", 5, "你好|你好|你好");
    }

    #[test]
    fn carets_find_their_column_in_their_row() {
        let line = "  one two three";
        let broken = Broken::of(line, 10);
        assert_eq!((broken.row_of(10), broken.column(line, 10)), (1, 2));
        assert_eq!(broken.byte_at(line, 1, 4), 12);
        assert_eq!(broken.byte_at(line, 0, 99), 9);
        assert_eq!(broken.byte_at(line, 1, 99), 15);
    }

    proptest! {
        #[test]
        fn what_follows_a_change_is_what_is_found_anew(
            text in "([ab é]{0,30}\n){0,8}",
            edits in prop::collection::vec((0usize..90, 0usize..30, "[a \n]{0,20}"), 1..5),
        ) {
            let mut text = Text::new(&text);
            let mut wraps = Wraps::new(&text, 12);
            for (start, len, insert) in edits {
                let other = start + len + 3;
                let places = [(start..start + len, insert.as_str()), (other..other + 1, "\n")];
                let changes = ChangeSet::of(&text, places);
                let after = changes.apply(&text);
                wraps.follow(&text, &changes, &after);
                text = after;
                prop_assert_eq!(&wraps, &Wraps::new(&text, 12));
            }
        }
    }

    #[track_caller]
    fn check(line: &str, columns: u32, expected: &str) {
        let broken = Broken::of(line, columns);
        let rows = (0..broken.rows()).map(|it| &line[broken.row(it, line.len())]);
        assert_eq!(rows.collect::<Vec<_>>().join("|"), expected);
    }
}
