//! Which row of the screen a line is drawn in: folded lines have none.

use std::ops::Range;

/// The rows of all lines. The default draws every line in a row of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Where the height of lines changes. Invariant: sorted by line; the first starts at line 0.
    runs: Vec<Run>,
}

/// Lines of the same height, up to the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    line: usize,
    row: usize,
    height: usize,
}

impl Rows {
    /// The rows where the lines of `hidden` (sorted, disjoint) are not drawn.
    pub fn new(hidden: impl IntoIterator<Item = Range<usize>>) -> Self {
        let mut runs = Vec::new();
        let mut row = 0;
        let mut line = 0;
        for range in hidden {
            push(
                &mut runs,
                Run {
                    line,
                    row,
                    height: 1,
                },
            );
            row += range.start - line;
            line = range.end;
            push(
                &mut runs,
                Run {
                    line: range.start,
                    row,
                    height: 0,
                },
            );
        }
        if !runs.is_empty() {
            push(
                &mut runs,
                Run {
                    line,
                    row,
                    height: 1,
                },
            );
        }
        Self { runs }
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

    /// Whether a line is folded away.
    pub fn is_hidden(&self, line: usize) -> bool {
        self.run(|it| it.line <= line).height == 0
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

/// Adds a run; one without lines is overwritten.
fn push(runs: &mut Vec<Run>, run: Run) {
    if runs.last().is_some_and(|it| it.line == run.line) {
        runs.pop();
    }
    runs.push(run);
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
        let rows = Rows::new([2..4, 7..9]);
        let shown: Vec<_> = (0..rows.count(10)).map(|it| rows.line_at(it)).collect();
        assert_eq!(shown, [0, 1, 4, 5, 6, 9]);
        let back: Vec<_> = shown.iter().map(|&it| rows.row_of(it)).collect();
        assert_eq!(back, [0, 1, 2, 3, 4, 5]);
        assert!(rows.is_hidden(3) && !rows.is_hidden(4));
        assert_eq!((rows.shown_from(2, 10), rows.header_of(3)), (4, 1));
    }

    #[test]
    fn behind_a_fold_at_the_end_is_nothing() {
        let rows = Rows::new([1..5]);
        assert_eq!(rows.count(5), 1);
        assert_eq!((rows.shown_from(3, 5), rows.header_of(3)), (0, 0));
    }
}
