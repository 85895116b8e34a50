//! Ranges with something attached, carried along by changes.

use std::ops::Range;

use crate::change::ChangeSet;
use crate::order::sort_by_key;

/// Ranges in order of their start. What covers nothing after a change goes away, unless it covered
/// nothing before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decorations<T> {
    items: Vec<(Range<usize>, T)>,
    /// The longest range: how far back to look for one that reaches into a line.
    longest: usize,
}

impl<T> Default for Decorations<T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl<T> Decorations<T> {
    /// Ranges in any order.
    pub fn new(mut items: Vec<(Range<usize>, T)>) -> Self {
        sort_by_key(&mut items, |(range, _)| (range.start, range.end));
        let longest = items.iter().map(|(range, _)| range.len()).max();
        Self {
            items,
            longest: longest.unwrap_or(0),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// All, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Range<usize>, &T)> + Clone {
        self.items.iter().map(|(range, item)| (range, item))
    }

    /// Those that overlap `range` or touch it.
    pub fn touching(&self, range: Range<usize>) -> impl Iterator<Item = (&Range<usize>, &T)> {
        let first = range.start.saturating_sub(self.longest);
        let from = self.items.partition_point(|(it, _)| it.start < first);
        self.items[from..]
            .iter()
            .take_while(move |(it, _)| it.start <= range.end)
            .filter(move |(it, _)| it.end >= range.start)
            .map(|(range, item)| (range, item))
    }

    /// Carries all through a change.
    pub fn map(&mut self, changes: &ChangeSet) {
        if changes.is_empty() {
            return;
        }
        self.longest = 0;
        self.items.retain_mut(|(range, _)| {
            let was_empty = range.start == range.end;
            *range = changes.map_range(range);
            self.longest = self.longest.max(range.len());
            was_empty || range.start < range.end
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn ranges_go_with_their_text_and_vanish_with_it() {
        let text = Text::new("one two three");
        let mut marks = Decorations::new(vec![(8..13, 'c'), (0..3, 'a'), (4..7, 'b')]);
        marks.map(&ChangeSet::of(&text, [(0..0, "> "), (4..8, "")]));
        let shown: Vec<_> = marks
            .iter()
            .map(|(range, &mark)| (range.clone(), mark))
            .collect();
        assert_eq!(shown, [(2..5, 'a'), (6..11, 'c')]);
    }

    #[test]
    fn long_ranges_are_found_from_their_middle() {
        let marks = Decorations::new(vec![(0..90, 'a'), (5..6, 'b'), (80..81, 'c')]);
        let found: Vec<_> = marks.touching(40..41).map(|(_, &mark)| mark).collect();
        assert_eq!(found, ['a']);
    }
}
