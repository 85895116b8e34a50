//! A file that is being edited: the state, its history, and what typing leaves behind.

use std::ops::Range;

use crate::change::{ChangeSet, Side};
use crate::commands::typing;
use crate::history::History;
use crate::order::sort_by_key;
use crate::selection::{Caret, Selection};
use crate::snippet::{Snippet, SnippetSession};
use crate::state::EditorState;
use crate::text::{LineEnding, Text};
use crate::transaction::{Origin, Transaction};

/// What was done to a buffer, for all that follows its text.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The text and the carets before.
    pub before: EditorState,
    /// What became of the text.
    pub changes: ChangeSet,
    /// Why.
    pub origin: Origin,
}

/// A file that is being edited.
#[derive(Debug, Clone, Default)]
pub struct Buffer {
    state: EditorState,
    history: History,
    line_ending: LineEnding,
    /// Closing brackets and quotes that typing put there, to be typed over.
    closers: Vec<usize>,
    snippet: Option<SnippetSession>,
}

impl Buffer {
    /// A file with this text and the caret at its start.
    pub fn new(text: &str) -> Self {
        Self {
            state: EditorState::new(Text::new(text), &Selection::default()),
            line_ending: LineEnding::of(text),
            ..Self::default()
        }
    }

    /// The text and the carets.
    pub fn state(&self) -> &EditorState {
        &self.state
    }

    /// The text.
    pub fn text(&self) -> &Text {
        self.state.text()
    }

    /// The text with the line ends that the file had.
    pub fn contents(&self) -> String {
        let text = self.text().to_string();
        match self.line_ending {
            LineEnding::Lf => text,
            LineEnding::CrLf => text.replace('\n', "\r\n"),
        }
    }

    /// The snippet that is being filled in.
    pub fn snippet(&self) -> Option<&SnippetSession> {
        self.snippet.as_ref()
    }

    /// Applies a transaction at the time `now`, in milliseconds.
    pub fn apply(&mut self, transaction: Transaction, now: f64) -> Applied {
        let transaction = self.with_mirrors(transaction);
        let after = self.state.apply(&transaction);
        self.history.record(&self.state, &transaction, &after, now);
        self.replace_state(after, transaction)
    }

    fn replace_state(&mut self, after: EditorState, transaction: Transaction) -> Applied {
        let changes = transaction.changes;
        self.closers
            .iter_mut()
            .for_each(|it| *it = changes.map(*it, Side::After));
        let before = std::mem::replace(&mut self.state, after);
        self.drop_left_closers();
        let left = self.snippet.as_ref().is_some_and(|snippet| {
            !self
                .state
                .selection()
                .carets()
                .iter()
                .all(|it| snippet.holds(it))
        });
        if left {
            self.snippet = None;
        }
        Applied {
            before,
            changes,
            origin: transaction.origin,
        }
    }

    /// A closer is typed over only while the caret stays between it and its opener.
    fn drop_left_closers(&mut self) {
        let head = self.state.selection().primary().head;
        let text = self.state.text();
        let line_end = text.line_end(text.line_of(head));
        self.closers.retain(|&it| {
            head <= it && it < line_end && text.char_after(it).is_some_and(typing::is_closer)
        });
    }

    fn with_mirrors(&mut self, mut transaction: Transaction) -> Transaction {
        let Some(session) = &mut self.snippet else {
            return transaction;
        };
        if transaction.changes.is_empty() {
            return transaction;
        }
        if transaction.origin == Origin::History || !session.map(&transaction.changes) {
            self.snippet = None;
            return transaction;
        }
        let text = transaction.changes.apply(self.state.text());
        if let Some(mirror) = session.mirror(&text) {
            session.map(&mirror);
            let selection = self.state.apply(&transaction).selection().map(&mirror);
            transaction.changes = transaction.changes.compose(&mirror);
            transaction.selection = Some(selection);
        }
        transaction
    }

    /// Types a text at every caret: closes brackets and quotes, and types over those it closed.
    pub fn type_text(&mut self, text: &str, now: f64) -> Applied {
        let typed = typing::type_text(&self.state, text, &self.closers);
        let applied = self.apply(typed.transaction, now);
        if typed.closes {
            let heads = self.state.selection().carets().iter().map(|it| it.head);
            self.closers.extend(heads);
        }
        applied
    }

    /// Deletes backward: both halves of a pair that was closed by typing, else a character.
    pub fn delete_backward(&mut self, now: f64) -> Option<Applied> {
        let transaction = typing::delete_backward(&self.state, &self.closers)?;
        Some(self.apply(transaction, now))
    }

    /// Inserts a snippet in the place of `range` and goes to its first place, with `more` edits
    /// elsewhere (sorted, disjoint).
    pub fn insert_snippet(
        &mut self,
        snippet: &Snippet,
        range: Range<usize>,
        more: &[(Range<usize>, String)],
        now: f64,
    ) -> Applied {
        self.snippet = None;
        self.history.close_step();
        let mut edits = more.to_vec();
        edits.push((range.clone(), snippet.text.clone()));
        sort_by_key(&mut edits, |(range, _)| (range.start, range.end));
        let changes = ChangeSet::of(self.text(), edits);
        // Behind the edits before it, and at the start of its own.
        let start = changes.map(range.start, Side::Before);
        let session = SnippetSession::start(snippet, start);
        let end = snippet.fields.last().and_then(|it| it.ranges.first());
        let selection = match &session {
            Some(session) => session.selection(),
            None => end.map(|it| Selection::at(start + it.start)),
        };
        let transaction = Transaction {
            changes,
            selection,
            origin: Origin::Complete,
        };
        let applied = self.apply(transaction, now);
        self.history.close_step();
        self.snippet = session;
        applied
    }

    /// Goes to the next place of the snippet; ends it at the last.
    pub fn next_field(&mut self, now: f64) -> Option<Applied> {
        let session = self.snippet.as_mut()?;
        let more = session.forward();
        let selection = session.selection()?;
        let session = self.snippet.take();
        let applied = self.select(selection, now);
        self.snippet = session.filter(|_| more);
        Some(applied)
    }

    /// Goes to the place of the snippet before.
    pub fn previous_field(&mut self, now: f64) -> Option<Applied> {
        let mut session = self.snippet.take()?;
        session.back();
        let applied = self.select(session.selection()?, now);
        self.snippet = Some(session);
        Some(applied)
    }

    /// Ends filling in a snippet. Whether there was one.
    pub fn end_snippet(&mut self) -> bool {
        self.snippet.take().is_some()
    }

    fn select(&mut self, selection: Selection, now: f64) -> Applied {
        let transaction = Transaction::select(&self.state, selection, Origin::Complete);
        self.apply(transaction, now)
    }

    /// What follows is an undo step of its own.
    pub fn close_step(&mut self) {
        self.history.close_step();
    }

    /// Takes the newest step back.
    pub fn undo(&mut self) -> Option<Applied> {
        let transaction = self.history.undo(&self.state)?;
        Some(self.travel(transaction))
    }

    /// Makes the step again that was taken back last.
    pub fn redo(&mut self) -> Option<Applied> {
        let transaction = self.history.redo(&self.state)?;
        Some(self.travel(transaction))
    }

    fn travel(&mut self, transaction: Transaction) -> Applied {
        self.snippet = None;
        self.closers.clear();
        let after = self.state.apply(&transaction);
        self.replace_state(after, transaction)
    }

    /// Replaces the whole text by a change of the part that differs.
    pub fn set_text(&mut self, text: &str, now: f64) -> Option<Applied> {
        let new = Text::new(text).to_string();
        let old = self.text().to_string();
        let changes = difference(&old, &new);
        let (range, insert) = changes?;
        self.history.close_step();
        let changes = ChangeSet::replace(self.text(), range, insert);
        let applied = self.apply(Transaction::change(changes, Origin::Command), now);
        self.history.close_step();
        Some(applied)
    }

    /// Puts one caret back of many. Whether there were many or a selection.
    pub fn one_caret(&mut self, now: f64) -> Option<Applied> {
        let selection = self.state.selection();
        let primary = selection.primary();
        let only = if selection.carets().len() > 1 {
            primary
        } else if primary.is_empty() {
            return None;
        } else {
            Caret::at(primary.head)
        };
        let transaction = Transaction::select(&self.state, only.into(), Origin::Move);
        Some(self.apply(transaction, now))
    }
}

/// The part of `old` that differs from `new`, and what stands there in `new`; `None` if they are the
/// same.
pub fn difference<'a>(old: &str, new: &'a str) -> Option<(Range<usize>, &'a str)> {
    if old == new {
        return None;
    }
    let same = old
        .bytes()
        .zip(new.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let start = (0..=same).rev().find(|&it| old.is_char_boundary(it))?;
    let (old_rest, new_rest) = (old.get(start..)?, new.get(start..)?);
    let same = old_rest
        .bytes()
        .rev()
        .zip(new_rest.bytes().rev())
        .take_while(|(a, b)| a == b);
    let tail = same.count();
    let tail = (0..=tail)
        .rev()
        .find(|&it| old_rest.is_char_boundary(old_rest.len() - it))?;
    let insert = new_rest.get(..new_rest.len() - tail)?;
    Some((start..old.len() - tail, insert))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{shown, state};
    use proptest::prelude::*;

    #[test]
    fn typing_is_one_step_and_a_pause_begins_another() {
        let mut buffer = at("a$0");
        buffer.type_text("b", 0.0);
        buffer.type_text("c", 100.0);
        buffer.type_text("d", 900.0);
        buffer.undo();
        assert_eq!(shown(buffer.state()), "abc$0");
        buffer.undo();
        assert_eq!(shown(buffer.state()), "a$0");
        buffer.redo();
        buffer.redo();
        assert_eq!(shown(buffer.state()), "abcd$0");
    }

    #[test]
    fn deleting_after_typing_is_a_step_of_its_own() {
        let mut buffer = at("$0");
        buffer.type_text("a", 0.0);
        buffer.type_text("b", 1.0);
        buffer.delete_backward(2.0);
        buffer.undo();
        assert_eq!(shown(buffer.state()), "ab$0");
    }

    #[test]
    fn a_closed_quote_is_typed_over() {
        let mut buffer = at("a: $0");
        buffer.type_text("\"", 0.0);
        assert_eq!(shown(buffer.state()), "a: \"$0\"");
        buffer.type_text("x", 1.0);
        buffer.type_text("\"", 2.0);
        assert_eq!(shown(buffer.state()), "a: \"x\"$0");
    }

    #[test]
    fn backspace_takes_an_empty_pair() {
        let mut buffer = at("a: $0");
        buffer.type_text("{", 0.0);
        buffer.delete_backward(1.0);
        assert_eq!(shown(buffer.state()), "a: $0");
    }

    #[test]
    fn snippet_fields_are_filled_in_with_their_mirrors() {
        let mut buffer = at("x$0\n");
        let snippet = Snippet::parse("name: ${1:web}\napp: $1\nport: ${2:80}\n$0");
        buffer.insert_snippet(&snippet, 0..1, &[], 0.0);
        buffer.type_text("a", 1.0);
        buffer.type_text("b", 2.0);
        assert_eq!(shown(buffer.state()), "name: ab$0\napp: ab\nport: 80\n\n");
        buffer.next_field(3.0);
        assert_eq!(shown(buffer.state()), "name: ab\napp: ab\nport: $080$0\n\n");
        buffer.type_text("9", 4.0);
        buffer.next_field(5.0);
        assert_eq!(shown(buffer.state()), "name: ab\napp: ab\nport: 9\n$0\n");
        assert!(buffer.snippet().is_none());
        buffer.undo();
        buffer.undo();
        buffer.undo();
        assert_eq!(shown(buffer.state()), "x$0\n");
    }

    #[test]
    fn leaving_a_field_ends_the_snippet() {
        let mut buffer = at("$0\n");
        let snippet = Snippet::parse("a: $1\nb: $2");
        buffer.insert_snippet(&snippet, 0..0, &[], 0.0);
        assert!(buffer.snippet().is_some());
        let away = Transaction::select(buffer.state(), Selection::at(0), Origin::Pointer);
        buffer.apply(away, 1.0);
        assert!(buffer.snippet().is_none());
    }

    #[test]
    fn setting_the_text_changes_what_differs() {
        let mut buffer = at("a: 1\nb: é\nc: $03\n");
        let applied = buffer.set_text("a: 1\nb: è\nc: 3\n", 0.0).unwrap();
        assert_eq!(applied.changes.len(), 1);
        assert_eq!(shown(buffer.state()), "a: 1\nb: è\nc: $03\n");
        assert!(buffer.set_text("a: 1\nb: è\nc: 3\n", 0.0).is_none());
    }

    #[test]
    fn contents_keep_the_line_ends_of_the_file() {
        let mut buffer = Buffer::new("a\r\nb\r\n");
        buffer.type_text("x", 0.0);
        assert_eq!(buffer.contents(), "xa\r\nb\r\n");
    }

    fn at(fixture: &str) -> Buffer {
        Buffer {
            state: state(fixture),
            ..Buffer::default()
        }
    }

    proptest! {
        #[test]
        fn undoing_all_gives_the_first_text_and_redoing_all_the_last(
            text in "[ab:\n ]{0,20}",
            steps in prop::collection::vec((0usize..30, 0usize..30, "[x\"{\n]{0,2}", 0u32..900), 1..20),
        ) {
            let mut buffer = Buffer::new(&text);
            let mut now = 0.0;
            for (anchor, head, typed, pause) in steps {
                now += f64::from(pause);
                if pause % 3 > 0 {
                    let selection = Selection::from(Caret::new(anchor, head));
                    let select = Transaction::select(buffer.state(), selection, Origin::Pointer);
                    buffer.apply(select, now);
                }
                if typed.is_empty() {
                    buffer.delete_backward(now);
                } else {
                    buffer.type_text(&typed, now);
                }
            }
            let last = buffer.text().to_string();
            while buffer.undo().is_some() {}
            prop_assert_eq!(buffer.text().to_string(), text);
            while buffer.redo().is_some() {}
            prop_assert_eq!(buffer.text().to_string(), last);
        }
    }
}
