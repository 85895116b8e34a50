//! More than one caret.

use super::movement::by_rows;
use crate::rows::Rows;
use crate::search::{Query, find_text};
use crate::selection::{Caret, Selection};
use crate::state::EditorState;
use crate::transaction::{Origin, Transaction};
use crate::words::word_at;

/// Carets that one command makes at most.
const MOST: usize = 10_000;

/// Selects all text.
pub fn select_all(state: &EditorState) -> Option<Transaction> {
    let all = Caret::new(0, state.text().len());
    Some(Transaction::select(state, all.into(), Origin::Move))
}

/// One more caret in the line above each.
pub fn add_above(state: &EditorState, rows: &Rows) -> Option<Transaction> {
    Some(add(state, rows, -1))
}

/// One more caret in the line below each.
pub fn add_below(state: &EditorState, rows: &Rows) -> Option<Transaction> {
    Some(add(state, rows, 1))
}

fn add(state: &EditorState, rows: &Rows, by: isize) -> Transaction {
    let text = state.text();
    let mut carets = state.selection().carets().to_vec();
    let more = state.selection().carets().iter().filter_map(|caret| {
        let row = rows.row_at(text, caret.head).checked_add_signed(by);
        let moved = by_rows(text, rows, caret, by);
        row.is_some_and(|it| it < rows.count(text.line_count()))
            .then_some(Caret {
                anchor: moved.head,
                ..moved
            })
    });
    carets.extend(more);
    carets.truncate(MOST);
    let selection = Selection::new(carets, state.selection().primary_idx());
    Transaction::select(state, selection, Origin::Move)
}

/// Selects the word; what is selected is looked for and its next occurrence selected as well.
pub fn add_next_occurrence(state: &EditorState) -> Option<Transaction> {
    let primary = state.selection().primary();
    if primary.is_empty() {
        let word = word_at(state.text(), primary.head);
        let selection = Caret::new(word.start, word.end).into();
        return Some(Transaction::select(state, selection, Origin::Move));
    }
    let mut carets = state.selection().carets().to_vec();
    let matches = find_text(state.text(), &query(state));
    let last = carets.iter().map(Caret::end).max()?;
    let first = matches.next_from(last)?;
    let free = |idx: &usize| {
        let range = matches.get(*idx);
        !range.is_none_or(|it| carets.iter().any(|caret| caret.range() == it))
    };
    let idx = (first..matches.len()).chain(0..first).find(free)?;
    let range = matches.get(idx)?;
    carets.push(Caret::new(range.start, range.end));
    let primary = carets.len() - 1;
    Some(Transaction::select(
        state,
        Selection::new(carets, primary),
        Origin::Move,
    ))
}

/// Selects every occurrence of the word or of what is selected.
pub fn select_occurrences(state: &EditorState) -> Option<Transaction> {
    let primary = state.selection().primary();
    let matches = find_text(state.text(), &query(state));
    let carets: Vec<_> = matches
        .iter()
        .take(MOST)
        .map(|it| Caret::new(it.start, it.end))
        .collect();
    let idx = carets
        .iter()
        .position(|it| it.start() <= primary.head && primary.head <= it.end());
    let selection = Selection::new(carets, idx.unwrap_or(0));
    (!matches.is_empty()).then(|| Transaction::select(state, selection, Origin::Move))
}

fn query(state: &EditorState) -> Query {
    let primary = state.selection().primary();
    let range = if primary.is_empty() {
        word_at(state.text(), primary.head)
    } else {
        primary.range()
    };
    Query {
        pattern: state.text().slice(range).into_owned(),
        match_case: true,
        whole_word: primary.is_empty(),
        regex: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{check, shown, state};

    #[test]
    fn carets_above_and_below() {
        check(
            |it| add_below(it, &Rows::default()),
            "ab$0\nc\nde",
            "ab$0\nc$1\nde",
        );
        check(
            |it| add_above(it, &Rows::default()),
            "ab\nc$0d",
            "a$0b\nc$1d",
        );
        check(|it| add_above(it, &Rows::default()), "a$0", "a$0");
    }

    #[test]
    fn the_word_and_then_its_next_occurrence() {
        check(add_next_occurrence, "we$0b: web", "$0web$0: web");
        check(add_next_occurrence, "$0web$0: web", "$0web$0: $1web$1");
    }

    #[test]
    fn the_search_for_occurrences_starts_over() {
        let state = state("web web $0web$0");
        let next = state.apply(&add_next_occurrence(&state).unwrap());
        assert_eq!(shown(&next), "$0web$0 web $1web$1");
        assert_eq!(next.selection().primary(), Caret::new(0, 3));
    }

    #[test]
    fn every_occurrence_of_the_word() {
        check(
            select_occurrences,
            "w$0eb: web webs",
            "$0web$0: $1web$1 webs",
        );
    }
}
