//! Which rows of the screen a line is drawn in: folded lines have none, long ones several.

use std::ops::Range;

use crate::text::Text;
use crate::wrap::{Broken, Wraps};

/// The rows of all lines. The default draws every line in a row of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Where the height of lines changes. Invariant: sorted by line; the first starts at line 0.
    runs: Vec<Run>,
    /// The columns of a row where long lines are broken.
    columns: Option<u32>,
}

/// Lines of the same height, up to the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    line: usize,
    row: usize,
    height: usize,
}

impl Rows {
    /// The rows where the lines of `hidden` (sorted, disjoint) are not drawn, and long lines are
    /// broken.
    pub fn new(hidden: &[Range<usize>], wraps: Option<&Wraps>) -> Self {
        let mut runs = Runs::default();
        let mut tall = wraps.map_or(&[][..], Wraps::tall).iter().peekable();
        for range in hidden {
            while let Some((line, height)) = tall.next_if(|it| it.0 < range.end) {
                if *line < range.start {
                    runs.add(*line..line + 1, *height);
                }
            }
            runs.add(range.clone(), 0);
        }
        tall.for_each(|(line, height)| runs.add(*line..line + 1, *height));
        Self {
            runs: runs.found,
            columns: wraps.map(Wraps::columns),
        }
    }

    /// Whether every line has a row of its own.
    pub fn is_plain(&self) -> bool {
        self.runs.is_empty()
    }

    /// How many rows `lines` lines take.
    pub fn count(&self, lines: usize) -> usize {
        self.row_of(lines)
    }

    /// The first row of a line; for a folded one the row below its header.
    pub fn row_of(&self, line: usize) -> usize {
        let run = self.run(|it| it.line <= line);
        run.row + line.saturating_sub(run.line) * run.height
    }

    /// The line that is drawn in a row.
    pub fn line_at(&self, row: usize) -> usize {
        let run = self.run(|it| it.row <= row);
        run.line + (row - run.row) / run.height.max(1)
    }

    /// How many rows a line takes.
    pub fn height(&self, line: usize) -> usize {
        self.run(|it| it.line <= line).height
    }

    /// Whether a line is folded away.
    pub fn is_hidden(&self, line: usize) -> bool {
        self.height(line) == 0
    }

    /// Where a line is broken; `None` for one that stands in one row.
    pub fn broken(&self, text: &Text, line: usize) -> Option<Broken> {
        let columns = self.columns?;
        (self.height(line) > 1).then(|| Broken::of(&text.line(line), columns))
    }

    /// The row of a place in the text.
    pub fn row_at(&self, text: &Text, offset: usize) -> usize {
        let line = text.line_of(offset);
        let within = self.broken(text, line);
        let at = offset - text.line_start(line);
        self.row_of(line) + within.map_or(0, |it| it.row_of(at))
    }

    /// The next line from `line` on that is drawn, or the last one before it.
    pub fn shown_from(&self, line: usize, lines: usize) -> usize {
        if !self.is_hidden(line) {
            return line;
        }
        let row = self.row_of(line);
        if row < self.count(lines) {
            self.line_at(row)
        } else {
            self.header_of(line)
        }
    }

    /// The line itself if it is drawn, or the line that it is folded below.
    pub fn header_of(&self, line: usize) -> usize {
        if self.is_hidden(line) {
            self.line_at(self.row_of(line).saturating_sub(1))
        } else {
            line
        }
    }

    fn run(&self, passed: impl Fn(&Run) -> bool) -> Run {
        let behind = self.runs.partition_point(passed);
        let run = behind.checked_sub(1).and_then(|it| self.runs.get(it));
        run.copied().unwrap_or(Run {
            line: 0,
            row: 0,
            height: 1,
        })
    }
}

/// Runs as they are put together from the top.
#[derive(Default)]
struct Runs {
    found: Vec<Run>,
    /// Behind the last lines that were added.
    line: usize,
    row: usize,
}

impl Runs {
    /// Adds lines of a height of their own; those before them have one row each.
    fn add(&mut self, lines: Range<usize>, height: usize) {
        self.push(self.line, 1);
        self.row += lines.start - self.line;
        self.push(lines.start, height);
        self.row += lines.len() * height;
        self.line = lines.end;
        self.push(lines.end, 1);
    }

    /// Starts a run; one without lines is overwritten.
    fn push(&mut self, line: usize, height: usize) {
        if self.found.last().is_some_and(|it| it.line == line) {
            self.found.pop();
        }
        let row = self.row;
        self.found.push(Run { line, row, height });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_own_row() {
        let rows = Rows::default();
        assert_eq!((rows.row_of(7), rows.line_at(7), rows.count(9)), (7, 7, 9));
    }

    #[test]
    fn folded_lines_have_no_row() {
        let rows = Rows::new(&[2..4, 7..9], None);
        let shown: Vec<_> = (0..rows.count(10)).map(|it| rows.line_at(it)).collect();
        assert_eq!(shown, [0, 1, 4, 5, 6, 9]);
        let back: Vec<_> = shown.iter().map(|&it| rows.row_of(it)).collect();
        assert_eq!(back, [0, 1, 2, 3, 4, 5]);
        assert!(rows.is_hidden(3) && !rows.is_hidden(4));
        assert_eq!((rows.shown_from(2, 10), rows.header_of(3)), (4, 1));
    }

    #[test]
    fn behind_a_fold_at_the_end_is_nothing() {
        let hidden = 1..5;
        let rows = Rows::new(std::slice::from_ref(&hidden), None);
        assert_eq!(rows.count(5), 1);
        assert_eq!((rows.shown_from(3, 5), rows.header_of(3)), (0, 0));
    }

    #[test]
    fn long_lines_have_several_rows() {
        let text = Text::new("a\none two three\nb\none two\nc\nd");
        let wraps = Wraps::new(&text, 5);
        let hidden = 3..5;
        let rows = Rows::new(std::slice::from_ref(&hidden), Some(&wraps));
        let shown: Vec<_> = (0..rows.count(6)).map(|it| rows.line_at(it)).collect();
        assert_eq!(shown, [0, 1, 1, 1, 2, 5]);
        assert_eq!((rows.row_of(2), rows.row_of(5), rows.height(1)), (4, 5, 3));
        assert_eq!(rows.row_at(&text, 7), 2);
    }
}
