//! What is looked for, what was found, and replacing it as one change.

use std::ops::Range;

use crate::change::ChangeSet;
use crate::text::Text;
use crate::words::is_whole_word;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// A text, or a regular expression.
    pub pattern: String,
    /// Whether upper and lower case differ.
    pub match_case: bool,
    /// Whether words are found only as a whole.
    pub whole_word: bool,
    /// Whether the pattern is a regular expression.
    pub regex: bool,
}

/// What was found, carried along by changes.
///
/// Invariant: sorted and disjoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matches {
    ranges: Vec<(u32, u32)>,
}

/// What is put in the place of matches.
#[derive(Debug, Clone, Copy)]
pub enum Replacement<'a> {
    /// The same everywhere.
    Same(&'a str),
    /// One for each match, in order.
    Each(&'a [String]),
}

impl Matches {
    /// Of starts and ends by turns, as the worker sends them; what is out of order is left out.
    pub fn from_packed(packed: impl IntoIterator<Item = u32>) -> Self {
        let mut numbers = packed.into_iter();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        while let (Some(start), Some(end)) = (numbers.next(), numbers.next()) {
            let floor = ranges.last().map_or(0, |last| last.1);
            if floor <= start && start <= end {
                ranges.push((start, end));
            }
        }
        Self { ranges }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// One match.
    pub fn get(&self, idx: usize) -> Option<Range<usize>> {
        self.ranges
            .get(idx)
            .map(|&(start, end)| start as usize..end as usize)
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = Range<usize>> {
        self.ranges
            .iter()
            .map(|&(start, end)| start as usize..end as usize)
    }

    /// Those that lie in `range` in part.
    pub fn within(&self, range: Range<usize>) -> impl Iterator<Item = (usize, Range<usize>)> {
        let from = self
            .ranges
            .partition_point(|it| (it.1 as usize) < range.start);
        (from..self.len())
            .map_while(|idx| Some((idx, self.get(idx)?)))
            .take_while(move |(_, it)| it.start <= range.end)
    }

    /// Index of the first match from `offset` on, of the first of all behind the last.
    pub fn next_from(&self, offset: usize) -> Option<usize> {
        let idx = self.ranges.partition_point(|it| (it.0 as usize) < offset);
        (!self.is_empty()).then(|| if idx < self.len() { idx } else { 0 })
    }

    /// Index of the last match that starts before `offset`, of the last of all before the first.
    pub fn previous_before(&self, offset: usize) -> Option<usize> {
        let idx = self.ranges.partition_point(|it| (it.0 as usize) < offset);
        idx.checked_sub(1).or(self.len().checked_sub(1))
    }

    /// Index of the match that is exactly `range`.
    pub fn index_of(&self, range: &Range<usize>) -> Option<usize> {
        let wanted = (range.start as u32, range.end as u32);
        self.ranges.binary_search(&wanted).ok()
    }

    /// Carries all through a change; those whose text is touched are no longer matches.
    pub fn map(&mut self, changes: &ChangeSet) {
        if changes.is_empty() {
            return;
        }
        self.ranges.retain_mut(|it| {
            let range = it.0 as usize..it.1 as usize;
            let mapped = changes.map_range(&range);
            *it = (mapped.start as u32, mapped.end as u32);
            mapped.len() == range.len()
        });
    }

    /// The change that replaces all.
    pub fn replace(&self, text: &Text, replacement: Replacement<'_>) -> ChangeSet {
        let edits = self.iter().enumerate().map(|(idx, range)| {
            let insert = match replacement {
                Replacement::Same(text) => text,
                Replacement::Each(texts) => texts.get(idx).map_or("", String::as_str),
            };
            (range, insert)
        });
        ChangeSet::of(text, edits)
    }
}

/// Finds a plain text, without a regular expression.
pub fn find_text(text: &Text, query: &Query) -> Matches {
    if query.pattern.is_empty() {
        return Matches::default();
    }
    let folded;
    let (haystack, needle) = if query.match_case {
        (text.to_string(), query.pattern.as_str())
    } else {
        // Of all letters only ASCII is folded: that changes no offset.
        folded = query.pattern.to_ascii_lowercase();
        (text.to_string().to_ascii_lowercase(), folded.as_str())
    };
    let found = haystack
        .match_indices(needle)
        .map(|(at, it)| at..at + it.len());
    let ranges = found
        .filter(|range| !query.whole_word || is_whole_word(text, range))
        .map(|range| (range.start as u32, range.end as u32))
        .collect();
    Matches { ranges }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_text_by_case_and_word() {
        check("web Web webs", "web", |_| {}, &[0..3, 4..7, 8..11]);
        check(
            "web Web webs",
            "web",
            |it| it.match_case = true,
            &[0..3, 8..11],
        );
        check(
            "web Web webs",
            "web",
            |it| it.whole_word = true,
            &[0..3, 4..7],
        );
    }

    #[test]
    fn going_on_starts_over_at_the_ends() {
        let matches = Matches::from_packed([2, 4, 8, 9]);
        assert_eq!(matches.next_from(3), Some(1));
        assert_eq!(matches.next_from(9), Some(0));
        assert_eq!(matches.previous_before(2), Some(1));
        assert_eq!(matches.index_of(&(8..9)), Some(1));
    }

    #[test]
    fn replaces_all_as_one_change_that_undo_takes_back() {
        let text = Text::new("a1 a2 a3");
        let matches = Matches::from_packed([0, 1, 3, 4, 6, 7]);
        let each = ["x".to_owned(), String::new(), "yy".to_owned()];
        let change = matches.replace(&text, Replacement::Each(&each));
        let after = change.apply(&text);
        assert_eq!(after.to_string(), "x1 2 yy3");
        assert_eq!(change.invert(&text).apply(&after), text);
    }

    #[test]
    fn edited_matches_are_no_longer_matches() {
        let text = Text::new("aa bb aa");
        let mut matches = Matches::from_packed([0, 2, 6, 8]);
        matches.map(&ChangeSet::of(&text, [(1..1, "x"), (3..5, "")]));
        assert_eq!(matches, Matches::from_packed([5, 7]));
    }

    #[track_caller]
    fn check(text: &str, pattern: &str, flags: impl Fn(&mut Query), expected: &[Range<usize>]) {
        let mut query = Query {
            pattern: pattern.to_owned(),
            ..Query::default()
        };
        flags(&mut query);
        let found: Vec<_> = find_text(&Text::new(text), &query).iter().collect();
        assert_eq!(found, expected);
    }
}
