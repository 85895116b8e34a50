//! Selecting a rectangle: the same columns of several lines.

use super::movement::Motion;
use crate::rows::Rows;
use crate::selection::{Caret, Selection};
use crate::state::EditorState;
use crate::text::Text;
use crate::transaction::{Origin, Transaction};
use crate::words::{byte_of_column, columns};

/// Lines that a rectangle takes in at most.
const MOST: usize = 10_000;

/// A corner of a rectangle. Its line may be shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corner {
    /// The line, from 0.
    pub line: usize,
    /// The column, from 0.
    pub column: u32,
}

/// A rectangle of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Where selecting began.
    pub anchor: Corner,
    /// Where it has come.
    pub head: Corner,
}

impl Block {
    /// The rectangle between the ends of a caret.
    pub fn of(text: &Text, caret: Caret) -> Self {
        let corner = |offset| {
            let line = text.line_of(offset);
            let column = columns(&text.slice(text.line_start(line)..offset));
            Corner { line, column }
        };
        Self {
            anchor: corner(caret.anchor),
            head: corner(caret.head),
        }
    }

    /// The rectangle with its head moved by one row or column, or by a page.
    #[must_use]
    pub fn stepped(self, text: &Text, rows: &Rows, motion: Motion) -> Self {
        let Corner { line, column } = self.head;
        let last = text.line_count() - 1;
        let down = |by: usize| {
            let wanted = line.saturating_add(by).min(last);
            (wanted..=last).find(|it| !rows.is_hidden(*it))
        };
        let up = |by: usize| Some(rows.header_of(line.saturating_sub(by)));
        let line = match motion {
            Motion::Up => up(1),
            Motion::Down => down(1),
            Motion::PageUp(by) => up(by as usize),
            Motion::PageDown(by) => down(by as usize),
            _ => None,
        };
        let line = line.unwrap_or(self.head.line);
        let column = match motion {
            Motion::Left => column.saturating_sub(1),
            Motion::Right => (column + 1).min(self.widest(text)),
            _ => column,
        };
        Self {
            head: Corner { line, column },
            ..self
        }
    }

    fn widest(self, text: &Text) -> u32 {
        let widths = self.lines().map(|line| columns(&text.line(line)));
        widths.max().unwrap_or(0).max(self.head.column)
    }

    /// The lines, the first ones if they are too many.
    fn lines(self) -> impl Iterator<Item = usize> {
        let (from, to) = (self.anchor.line, self.head.line);
        (from.min(to)..=from.max(to)).take(MOST)
    }

    /// What is selected: a caret a line. Lines that end before the rectangle have none, unless all
    /// of them do.
    pub fn selection(self, text: &Text, rows: &Rows) -> Selection {
        let left = self.anchor.column.min(self.head.column);
        let shown = || self.lines().filter(|line| !rows.is_hidden(*line));
        let caret = |line: usize| {
            let content = text.line(line);
            let at = |column| text.line_start(line) + byte_of_column(&content, column);
            Caret::new(at(self.anchor.column), at(self.head.column))
        };
        let reaching = shown().filter(|line| columns(&text.line(*line)) >= left);
        let mut carets: Vec<_> = reaching.map(caret).collect();
        if carets.is_empty() {
            carets = shown().map(caret).collect();
        }
        let primary = if self.head.line < self.anchor.line {
            0
        } else {
            carets.len().saturating_sub(1)
        };
        Selection::new(carets, primary)
    }

    /// Selects it.
    pub fn select(self, state: &EditorState, rows: &Rows, origin: Origin) -> Transaction {
        Transaction::select(state, self.selection(state.text(), rows), origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::check;

    const TEXT: &str = "ab$0cd\ne\nefgh\n";

    #[test]
    fn a_rectangle_leaves_out_lines_that_are_too_short() {
        use Motion::{Down, Right};
        by(TEXT, &[Down, Down], "ab$0cd\ne\nef$1gh\n");
        by(
            TEXT,
            &[Down, Down, Right, Right, Right],
            "ab$0cd$0\ne\nef$1gh$1\n",
        );
    }

    #[test]
    fn it_grows_to_the_left_and_upward_as_well() {
        use Motion::{Left, Up};
        by("abc\ndef$0", &[Up, Left], "ab$0c$0\nde$1f$1");
    }

    #[test]
    fn where_all_lines_are_too_short_their_ends_are_taken() {
        let text = Text::new("a\nb");
        let corner = |line| Corner { line, column: 9 };
        let block = Block {
            anchor: corner(0),
            head: corner(1),
        };
        let selection = block.selection(&text, &Rows::default());
        assert_eq!(selection.carets(), [Caret::at(1), Caret::at(3)]);
    }

    #[track_caller]
    fn by(before: &str, motions: &[Motion], after: &str) {
        let rows = Rows::default();
        check(
            |state| {
                let block = Block::of(state.text(), state.selection().primary());
                let step =
                    |block: Block, motion: &Motion| block.stepped(state.text(), &rows, *motion);
                let block = motions.iter().fold(block, step);
                Some(block.select(state, &rows, Origin::Move))
            },
            before,
            after,
        );
    }
}
