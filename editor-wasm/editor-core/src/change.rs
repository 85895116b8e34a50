//! Change sets: what turns one text into the next.
//!
//! Undo, many carets, snippet fields, diagnostics and search results are all carried along by
//! mapping them through the same change set.

use std::ops::Range;

use crate::text::Text;

/// Which side of an insertion a place at that point goes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Stays before what is inserted at it.
    Before,
    /// Moves behind what is inserted at it.
    After,
}

/// Edits of one text, made at once.
///
/// Invariant: sorted, and an unchanged byte lies between any two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    len_before: usize,
    len_after: usize,
    edits: Vec<Edit>,
    /// What all edits insert, one behind the other: a change of 100,000 places is two allocations.
    inserts: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edit {
    start: u32,
    end: u32,
    new_start: u32,
    /// End of what is inserted, in `inserts`; its start is the end of the edit before.
    insert_end: u32,
}

/// One edit of a change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'a> {
    /// What is replaced, in the text before.
    pub old: Range<usize>,
    /// What stands there afterwards, in the text after.
    pub new: Range<usize>,
    /// The text that is put there.
    pub insert: &'a str,
}

impl ChangeSet {
    /// No change of a text of `len` bytes.
    pub fn none(len: usize) -> Self {
        Builder::new(len).finish()
    }

    /// One edit.
    pub fn replace(text: &Text, range: Range<usize>, insert: &str) -> Self {
        Self::of(text, [(range, insert)])
    }

    /// Several edits. Those that do not lie in the text, or overlap one before them, are cut.
    pub fn of<S: AsRef<str>>(
        text: &Text,
        edits: impl IntoIterator<Item = (Range<usize>, S)>,
    ) -> Self {
        let mut builder = Builder::new(text.len());
        for (range, insert) in edits {
            builder.replace(
                text.boundary(range.start)..text.boundary(range.end),
                insert.as_ref(),
            );
        }
        builder.finish()
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// How many edits it holds.
    pub fn len(&self) -> usize {
        self.edits.len()
    }

    /// Bytes of the text before.
    pub fn len_before(&self) -> usize {
        self.len_before
    }

    /// Bytes of the text after.
    pub fn len_after(&self) -> usize {
        self.len_after
    }

    /// The edits in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Change<'_>> + DoubleEndedIterator {
        (0..self.edits.len()).map(|idx| self.change(idx))
    }

    fn change(&self, idx: usize) -> Change<'_> {
        let edit = self.edits[idx];
        let insert_start = match idx.checked_sub(1) {
            Some(before) => self.edits[before].insert_end,
            None => 0,
        };
        let insert = &self.inserts[insert_start as usize..edit.insert_end as usize];
        let new_start = edit.new_start as usize;
        Change {
            old: edit.start as usize..edit.end as usize,
            new: new_start..new_start + insert.len(),
            insert,
        }
    }

    /// The text after.
    pub fn apply(&self, text: &Text) -> Text {
        text.edited(self.iter().map(|change| (change.old, change.insert)))
    }

    /// What undoes it; `before` is the text it applies to.
    #[must_use]
    pub fn invert(&self, before: &Text) -> Self {
        let mut builder = Builder::new(self.len_after);
        for change in self.iter() {
            builder.replace(change.new, &before.slice(change.old));
        }
        builder.finish()
    }

    /// Both changes as one: `self` first, `next` on its result.
    #[must_use]
    pub fn compose(&self, next: &Self) -> Self {
        let mut first = Steps::new(self);
        let mut second = Steps::new(next);
        let mut builder = Builder::new(self.len_before);
        loop {
            match (first.peek(), second.peek()) {
                (Some(Step::Delete(len)), _) => {
                    builder.delete(len);
                    first.advance(len);
                }
                (_, Some(Step::Insert(text))) => {
                    builder.insert(text);
                    second.advance(text.len());
                }
                (Some(one), Some(two)) => {
                    let len = one.len().min(two.len());
                    match (one, two) {
                        (Step::Insert(text), Step::Retain(_)) => {
                            builder.insert(text.get(..len).unwrap_or_default());
                        }
                        (Step::Insert(_), _) => {}
                        (_, Step::Delete(_)) => builder.delete(len),
                        _ => builder.retain(len),
                    }
                    first.advance(len);
                    second.advance(len);
                }
                _ => return builder.finish(),
            }
        }
    }

    /// Where a place of the text before lies afterwards.
    ///
    /// A place inside of what is replaced goes to the start or the end of what replaces it.
    pub fn map(&self, offset: usize, side: Side) -> usize {
        let passed = self.edits.partition_point(|edit| {
            let start = edit.start as usize;
            start < offset || (start == offset && edit.end == edit.start && side == Side::After)
        });
        let Some(idx) = passed.checked_sub(1) else {
            return offset;
        };
        let change = self.change(idx);
        if offset >= change.old.end {
            return (offset - change.old.end + change.new.end).min(self.len_after);
        }
        match side {
            Side::Before => change.new.start,
            Side::After => change.new.end,
        }
    }

    /// Where a range lies afterwards: what is inserted at its ends does not belong to it.
    pub fn map_range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.map(range.start, Side::After);
        start..self.map(range.end, Side::Before).max(start)
    }

    /// Where a range lies afterwards that what is inserted at its ends belongs to.
    pub fn map_growing(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.map(range.start, Side::Before);
        start..self.map(range.end, Side::After).max(start)
    }

    /// Whether a byte of `range`, or a place inside of it or at its ends, is touched.
    pub fn touches(&self, range: &Range<usize>) -> bool {
        let idx = self
            .edits
            .partition_point(|edit| (edit.end as usize) < range.start);
        self.edits
            .get(idx)
            .is_some_and(|edit| edit.start as usize <= range.end)
    }

    /// Bytes of memory, for a limit on what undo keeps.
    pub(crate) fn weight(&self) -> usize {
        self.edits.len() * size_of::<Edit>() + self.inserts.len() + size_of::<Self>()
    }
}

/// Puts a change set together from left to right.
struct Builder {
    len_before: usize,
    at: usize,
    start: usize,
    new_len: usize,
    inserted: usize,
    edits: Vec<Edit>,
    inserts: String,
}

impl Builder {
    fn new(len_before: usize) -> Self {
        Self {
            len_before,
            at: 0,
            start: 0,
            new_len: 0,
            inserted: 0,
            edits: Vec::new(),
            inserts: String::new(),
        }
    }

    fn retain(&mut self, len: usize) {
        if len == 0 {
            return;
        }
        self.flush();
        self.at += len;
        self.start = self.at;
        self.new_len += len;
    }

    fn delete(&mut self, len: usize) {
        self.at += len;
    }

    fn insert(&mut self, text: &str) {
        self.inserts.push_str(text);
        self.inserted += text.len();
    }

    fn replace(&mut self, range: Range<usize>, insert: &str) {
        let start = range.start.clamp(self.at, self.len_before);
        self.retain(start - self.at);
        self.delete(range.end.clamp(start, self.len_before) - start);
        self.insert(insert);
    }

    fn flush(&mut self) {
        if self.start < self.at || self.inserted > 0 {
            self.edits.push(Edit {
                start: self.start as u32,
                end: self.at as u32,
                new_start: self.new_len as u32,
                insert_end: self.inserts.len() as u32,
            });
            self.new_len += self.inserted;
            self.inserted = 0;
        }
    }

    fn finish(mut self) -> ChangeSet {
        let rest = self.len_before.saturating_sub(self.at);
        self.retain(rest);
        self.flush();
        ChangeSet {
            len_before: self.len_before,
            len_after: self.new_len,
            edits: self.edits,
            inserts: self.inserts,
        }
    }
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Retain(usize),
    Delete(usize),
    Insert(&'a str),
}

impl Step<'_> {
    fn len(self) -> usize {
        match self {
            Step::Retain(len) | Step::Delete(len) => len,
            Step::Insert(text) => text.len(),
        }
    }
}

/// A change set as steps from left to right that can be taken in parts.
struct Steps<'a> {
    set: &'a ChangeSet,
    idx: usize,
    /// What is taken of the current edit's deletion and insertion.
    old_at: usize,
    inserted: usize,
}

impl<'a> Steps<'a> {
    fn new(set: &'a ChangeSet) -> Self {
        Self {
            set,
            idx: 0,
            old_at: 0,
            inserted: 0,
        }
    }

    fn peek(&self) -> Option<Step<'a>> {
        if self.idx >= self.set.edits.len() {
            let rest = self.set.len_before - self.old_at;
            return (rest > 0).then_some(Step::Retain(rest));
        }
        let change = self.set.change(self.idx);
        if self.old_at < change.old.start {
            Some(Step::Retain(change.old.start - self.old_at))
        } else if self.old_at < change.old.end {
            Some(Step::Delete(change.old.end - self.old_at))
        } else {
            Some(Step::Insert(change.insert.get(self.inserted..)?))
        }
    }

    fn advance(&mut self, len: usize) {
        match self.peek() {
            Some(Step::Insert(_)) => self.inserted += len,
            _ => self.old_at += len,
        }
        while self.idx < self.set.edits.len() {
            let change = self.set.change(self.idx);
            if self.old_at < change.old.end || self.inserted < change.insert.len() {
                return;
            }
            self.idx += 1;
            self.inserted = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_at_an_insertion_go_with_their_side() {
        let text = Text::new("abc");
        let change = ChangeSet::replace(&text, 1..1, "xx");
        assert_eq!(change.map(1, Side::Before), 1);
        assert_eq!(change.map(1, Side::After), 3);
        assert_eq!(change.map(2, Side::Before), 4);
    }

    #[test]
    fn places_in_replaced_text_go_to_its_ends() {
        let text = Text::new("abcdef");
        let change = ChangeSet::replace(&text, 1..4, "x");
        assert_eq!(change.map(2, Side::Before), 1);
        assert_eq!(change.map(2, Side::After), 2);
        assert_eq!(change.map(1, Side::After), 1);
        assert_eq!(change.map(4, Side::Before), 2);
    }

    #[test]
    fn edits_outside_of_the_text_are_cut() {
        let text = Text::new("é");
        let change = ChangeSet::of(&text, [(1..9, "x"), (0..1, "y")]);
        assert_eq!(change.apply(&text).to_string(), "xy");
    }

    prop_compose! {
        fn edits()(parts in prop::collection::vec((0usize..6, 0usize..4, "[xyé]{0,3}"), 0..90))
            -> Vec<(Range<usize>, String)> {
            let mut at = 0;
            parts.into_iter().map(|(gap, len, insert)| {
                let start = at + gap;
                at = start + len;
                (start..at, insert)
            }).collect()
        }
    }

    proptest! {
        #[test]
        fn apply_agrees_with_a_string(text in "[ab\né]{0,200}", edits in edits()) {
            let rope = Text::new(&text);
            let change = ChangeSet::of(&rope, edits);
            let mut expected = text.clone();
            for it in change.iter().rev() {
                expected.replace_range(it.old, it.insert);
            }
            let after = change.apply(&rope);
            prop_assert_eq!(after.to_string(), expected);
            prop_assert_eq!(change.len_after(), after.len());
        }

        #[test]
        fn invert_undoes(text in "[ab\né]{0,200}", edits in edits()) {
            let before = Text::new(&text);
            let change = ChangeSet::of(&before, edits);
            let after = change.apply(&before);
            let undo = change.invert(&before);
            prop_assert_eq!(undo.apply(&after).to_string(), text);
            prop_assert_eq!(undo.invert(&after), change);
        }

        #[test]
        fn compose_is_one_after_the_other(
            text in "[ab\né]{0,60}", one in edits(), two in edits(), three in edits(),
        ) {
            let text = Text::new(&text);
            let one = ChangeSet::of(&text, one);
            let second = one.apply(&text);
            let two = ChangeSet::of(&second, two);
            let third = two.apply(&second);
            let three = ChangeSet::of(&third, three);
            let both = one.compose(&two);
            prop_assert_eq!(both.apply(&text).to_string(), third.to_string());
            prop_assert_eq!(both.compose(&three), one.compose(&two.compose(&three)));
        }

        #[test]
        fn map_keeps_order_and_stays_in_the_text(
            text in "[ab\né]{0,60}", edits in edits(), places in prop::collection::vec(0usize..70, 0..9),
        ) {
            let text = Text::new(&text);
            let change = ChangeSet::of(&text, edits);
            let mut places: Vec<usize> = places.into_iter().map(|it| it.min(text.len())).collect();
            places.sort_unstable();
            for side in [Side::Before, Side::After] {
                let mapped: Vec<usize> = places.iter().map(|&it| change.map(it, side)).collect();
                prop_assert!(mapped.is_sorted());
                prop_assert!(mapped.iter().all(|&it| it <= change.len_after()));
            }
            for &it in &places {
                prop_assert!(change.map(it, Side::Before) <= change.map(it, Side::After));
            }
        }
    }
}
