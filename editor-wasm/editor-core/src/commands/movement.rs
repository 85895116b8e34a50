//! Moving carets, and selecting on the way.

use crate::rows::Rows;
use crate::selection::Caret;
use crate::state::EditorState;
use crate::text::Text;
use crate::transaction::{Origin, Transaction};
use crate::words::{byte_of_column, columns, next_char, prev_char, word_left, word_right};

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// To the character before.
    Left,
    /// To the character behind.
    Right,
    /// To the line above.
    Up,
    /// To the line below.
    Down,
    /// To the start of the word.
    WordLeft,
    /// To the end of the word.
    WordRight,
    /// To the first letter of the line, from there to its start.
    LineStart,
    /// To the end of the line.
    LineEnd,
    /// So many lines up.
    PageUp(u32),
    /// So many lines down.
    PageDown(u32),
    /// To the start of the text.
    TextStart,
    /// To the end of the text.
    TextEnd,
}

/// Moves every caret; a selection collapses to its end in that direction.
pub fn move_carets(state: &EditorState, rows: &Rows, motion: Motion) -> Option<Transaction> {
    let text = state.text();
    let selection = state.selection().transform(|caret| {
        let collapsed = match motion {
            Motion::Left if !caret.is_empty() => Some(caret.start()),
            Motion::Right if !caret.is_empty() => Some(caret.end()),
            _ => None,
        };
        if let Some(offset) = collapsed {
            Caret::at(offset)
        } else {
            let head = moved(text, rows, caret, motion);
            Caret {
                anchor: head.head,
                ..head
            }
        }
    });
    Some(Transaction::select(state, selection, Origin::Move))
}

/// Moves the head of every caret and leaves the anchor.
pub fn select(state: &EditorState, rows: &Rows, motion: Motion) -> Option<Transaction> {
    let text = state.text();
    let selection = state
        .selection()
        .transform(|caret| moved(text, rows, caret, motion));
    Some(Transaction::select(state, selection, Origin::Move))
}

fn many(lines: u32) -> isize {
    isize::try_from(lines).unwrap_or(isize::MAX)
}

fn moved(text: &Text, rows: &Rows, caret: &Caret, motion: Motion) -> Caret {
    let head = caret.head;
    let lines = match motion {
        Motion::Up => -1,
        Motion::Down => 1,
        Motion::PageUp(lines) => -many(lines),
        Motion::PageDown(lines) => many(lines),
        _ => 0,
    };
    if lines != 0 {
        return by_rows(text, rows, caret, lines);
    }
    let head = match motion {
        Motion::Left => prev_char(text, head),
        Motion::Right => next_char(text, head),
        Motion::WordLeft => word_left(text, head),
        Motion::WordRight => word_right(text, head),
        Motion::LineStart => row_start(text, rows, head),
        Motion::LineEnd => row_end(text, rows, head),
        Motion::TextStart => 0,
        Motion::TextEnd => text.len(),
        Motion::Up | Motion::Down | Motion::PageUp(_) | Motion::PageDown(_) => head,
    };
    let head = outside_folds(text, rows, caret.head, head);
    Caret::new(caret.anchor, head)
}

/// Where moving from `from` to `to` ends if folded lines are passed as one.
fn outside_folds(text: &Text, rows: &Rows, from: usize, to: usize) -> usize {
    let line = text.line_of(to);
    if !rows.is_hidden(line) {
        return to;
    }
    let shown = rows.shown_from(line, text.line_count());
    if to > from && shown > line {
        text.line_start(shown)
    } else {
        text.line_end(rows.header_of(line))
    }
}

/// Moves up or down and keeps aiming at the column where that began.
pub(crate) fn by_rows(text: &Text, rows: &Rows, caret: &Caret, by: isize) -> Caret {
    let line = rows.header_of(text.line_of(caret.head));
    let start = text.line_start(line);
    let at = caret.head.min(text.line_end(line)) - start;
    let broken = rows.broken(text, line);
    let goal = caret.goal.unwrap_or_else(|| match &broken {
        Some(broken) => broken.column(&text.line(line), at),
        None => columns(&text.slice(start..start + at)),
    });
    let row = rows.row_of(line) + broken.map_or(0, |it| it.row_of(at));
    let last = rows.count(text.line_count()) - 1;
    let head = match row.checked_add_signed(by) {
        None => 0,
        Some(row) if row > last => text.line_end(rows.line_at(last)),
        Some(row) => {
            let line = rows.line_at(row);
            let content = text.line(line);
            let within = match rows.broken(text, line) {
                Some(broken) => broken.byte_at(&content, row - rows.row_of(line), goal),
                None => byte_of_column(&content, goal),
            };
            text.line_start(line) + within
        }
    };
    Caret {
        anchor: caret.anchor,
        head,
        goal: Some(goal),
    }
}

/// The start of the row of a broken line; from there, and in its first row, that of the line.
fn row_start(text: &Text, rows: &Rows, offset: usize) -> usize {
    let line = text.line_of(offset);
    if let Some(broken) = rows.broken(text, line) {
        let start = text.line_start(line);
        let row = broken.row_of(offset - start);
        let first = start + broken.row(row, text.line_end(line) - start).start;
        if row > 0 && offset != first {
            return first;
        }
    }
    line_start(text, offset)
}

/// The end of the row of a broken line, before what it is broken at: behind that is the next row.
/// From there the end of the line.
fn row_end(text: &Text, rows: &Rows, offset: usize) -> usize {
    let line = text.line_of(offset);
    let (start, end) = (text.line_start(line), text.line_end(line));
    let row = rows.broken(text, line);
    let row = row.map(|it| it.row(it.row_of(offset - start), end - start).end);
    match row.map(|it| prev_char(text, start + it)) {
        Some(last) if offset < last => last,
        _ => end,
    }
}

/// The first letter of the line, or its start for a caret that is there already.
pub(crate) fn line_start(text: &Text, offset: usize) -> usize {
    let line = text.line_of(offset);
    let start = text.line_start(line);
    let content = text.line(line);
    let first = start + content.len() - content.trim_start().len();
    if offset == first { start } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{check, shown, state};

    #[test]
    fn left_and_right_collapse_a_selection() {
        check(
            |it| move_carets(it, &Rows::default(), Motion::Left),
            "a$0bc$0",
            "a$0bc",
        );
        check(
            |it| move_carets(it, &Rows::default(), Motion::Right),
            "a$0bc$0",
            "abc$0",
        );
        check(
            |it| move_carets(it, &Rows::default(), Motion::Right),
            "a$0\nb",
            "a\n$0b",
        );
    }

    #[test]
    fn down_aims_at_the_column_where_it_began() {
        let mut state = state("long line$0\nx\nlong line");
        for _ in 0..2 {
            state = state.apply(&move_carets(&state, &Rows::default(), Motion::Down).unwrap());
        }
        assert_eq!(shown(&state), "long line\nx\nlong line$0");
    }

    #[test]
    fn up_in_the_first_line_goes_to_its_start() {
        check(
            |it| move_carets(it, &Rows::default(), Motion::Up),
            "ab$0c",
            "$0abc",
        );
        check(
            |it| move_carets(it, &Rows::default(), Motion::Down),
            "ab$0c",
            "abc$0",
        );
    }

    #[test]
    fn home_goes_to_the_first_letter_and_then_to_the_start() {
        check(
            |it| move_carets(it, &Rows::default(), Motion::LineStart),
            "  ab$0",
            "  $0ab",
        );
        check(
            |it| move_carets(it, &Rows::default(), Motion::LineStart),
            "  $0ab",
            "$0  ab",
        );
    }

    #[test]
    fn selecting_leaves_the_anchor() {
        check(
            |it| select(it, &Rows::default(), Motion::WordRight),
            "$0one two",
            "$0one$0 two",
        );
        check(
            |it| select(it, &Rows::default(), Motion::TextEnd),
            "a$0b\nc",
            "a$0b\nc$0",
        );
    }

    #[test]
    fn folded_lines_are_passed_as_one() {
        let rows = Rows::new(std::slice::from_ref(&(1..3)), None);
        let text = "a:$0\n  b: 1\n  c: 2\nd: 3";
        let check = |motion, after| check(|it| move_carets(it, &rows, motion), text, after);
        check(Motion::Down, "a:\n  b: 1\n  c: 2\nd:$0 3");
        check(Motion::Right, "a:\n  b: 1\n  c: 2\n$0d: 3");
        let text = "a:\n  b: 1\n  c: 2\n$0d: 3";
        let check =
            |motion, after| crate::fixture::check(|it| move_carets(it, &rows, motion), text, after);
        check(Motion::Left, "a:$0\n  b: 1\n  c: 2\nd: 3");
        check(Motion::Up, "$0a:\n  b: 1\n  c: 2\nd: 3");
    }

    #[test]
    fn home_and_end_know_the_rows_of_a_broken_line() {
        use crate::wrap::Wraps;
        let text = crate::text::Text::new("aaa bbb ccc");
        let rows = Rows::new(&[], Some(&Wraps::new(&text, 8)));
        let check = |motion, from, to| check(|it| move_carets(it, &rows, motion), from, to);
        check(Motion::LineEnd, "a$0aa bbb ccc", "aaa bbb$0 ccc");
        check(Motion::LineEnd, "aaa bbb$0 ccc", "aaa bbb ccc$0");
        check(Motion::LineStart, "aaa bbb cc$0c", "aaa bbb $0ccc");
        check(Motion::LineStart, "aaa bbb $0ccc", "$0aaa bbb ccc");
    }
}
