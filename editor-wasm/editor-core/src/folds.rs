//! What is folded at the moment, carried along by changes.

use std::ops::Range;

use crate::change::ChangeSet;
use crate::colors::Colors;
use crate::folding::{Region, region_at};
use crate::order::sort_by_key;
use crate::rows::Rows;
use crate::selection::Selection;
use crate::text::Text;
use crate::wrap::Wraps;

/// What is folded. Offsets and not lines, so that edits elsewhere carry it along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folds {
    /// Each from the end of the line that stays to the end of the last that goes. They may lie in
    /// each other. Invariant: sorted by start, one for each line that stays.
    ranges: Vec<Range<usize>>,
}

impl Folds {
    /// Whether nothing is folded.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Folds regions.
    pub fn fold(&mut self, text: &Text, regions: impl IntoIterator<Item = Region>) {
        let ranges = regions.into_iter().map(|it| range_of(text, &it));
        self.ranges.extend(ranges);
        sort_by_key(&mut self.ranges, |it| (it.start, it.end));
        self.ranges.dedup_by_key(|it| it.start);
    }

    /// Unfolds what is folded below a line of `lines`. Whether anything was.
    pub fn unfold(&mut self, text: &Text, lines: &Range<usize>) -> bool {
        let offsets = text.line_start(lines.start)..text.line_start(lines.end);
        let at_end = lines.end >= text.line_count();
        let unfolds =
            |it: &Range<usize>| offsets.contains(&it.start) || at_end && it.start >= offsets.end;
        self.drop_if(unfolds)
    }

    /// Unfolds whatever hides a caret, but for what it selects as a whole. Whether anything did.
    pub fn reveal(&mut self, text: &Text, selection: &Selection) -> bool {
        let mut revealed = false;
        for caret in selection.carets() {
            let start = text.line_start(text.line_of(caret.head));
            let hides = |it: &Range<usize>| it.start < start && start <= it.end;
            let selected = |it: &Range<usize>| caret.start() <= it.start && it.end <= caret.end();
            revealed |= self.drop_if(|it| hides(it) && !selected(it));
        }
        revealed
    }

    fn drop_if(&mut self, dropped: impl Fn(&Range<usize>) -> bool) -> bool {
        let before = self.ranges.len();
        self.ranges.retain(|it| !dropped(it));
        self.ranges.len() < before
    }

    /// How many lines are folded below `line`, if it is folded.
    pub fn hidden_below(&self, text: &Text, line: usize) -> Option<usize> {
        let end = text.line_end(line);
        let at = self.ranges.binary_search_by_key(&end, |it| it.start).ok()?;
        self.ranges.get(at).map(|it| text.line_of(it.end) - line)
    }

    /// The rows that lines are drawn in.
    pub fn rows(&self, text: &Text, wraps: Option<&Wraps>) -> Rows {
        let mut hidden: Vec<Range<usize>> = Vec::new();
        let mut end = 0;
        for range in &self.ranges {
            if range.end > end {
                end = range.end;
                let lines = text.line_of(range.start) + 1..text.line_of(end) + 1;
                match hidden.last_mut() {
                    Some(last) if last.end >= lines.start => last.end = lines.end,
                    _ => hidden.push(lines),
                }
            }
        }
        Rows::new(&hidden, wraps)
    }

    /// Takes in a change of the text. What was folded stays folded while it is one region still.
    pub fn follow(
        &mut self,
        before: &Text,
        changes: &ChangeSet,
        after: &Text,
        colors: &mut Colors,
    ) {
        let mut checked = Vec::new();
        self.ranges.retain_mut(|range| {
            let header = before.line_start(before.line_of(range.start));
            let is_touched = changes.touches(&(header..range.end));
            *range = changes.map_range(range);
            if is_touched {
                checked.push(after.line_of(range.start));
            }
            !is_touched && range.start < range.end
        });
        let regions = checked
            .into_iter()
            .filter_map(|it| region_at(after, colors, it));
        let regions: Vec<_> = regions.collect();
        if !regions.is_empty() {
            self.fold(after, regions);
        }
    }
}

fn range_of(text: &Text, region: &Region) -> Range<usize> {
    text.line_end(region.header)..text.line_end(region.last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folding::regions;

    const TEXT: &str = "a:\n  b:\n    c: 1\n  d: 2\ne:\n  f: 3\n";

    #[test]
    fn what_is_folded_is_not_shown() {
        check(&[0], |_| Vec::new(), "a: +3|e:|  f: 3|");
        check(&[1, 4], |_| Vec::new(), "a:|  b: +1|  d: 2|e: +1|");
        check(&[0, 1, 4], |_| Vec::new(), "a: +3|e: +1|");
    }

    #[test]
    fn folds_go_along_with_edits_elsewhere() {
        check(
            &[4],
            |_| vec![(0..0, "# new\n")],
            "# new|a:|  b:|    c: 1|  d: 2|e: +1|",
        );
    }

    #[test]
    fn a_folded_line_can_be_edited() {
        check(&[0], |_| vec![(1..1, "b")], "ab: +3|e:|  f: 3|");
        check(&[0], |_| vec![(2..2, " # why")], "a: # why +3|e:|  f: 3|");
    }

    #[test]
    fn what_is_no_region_any_more_is_shown() {
        check(
            &[0],
            |_| vec![(2..2, "\n")],
            "a:||  b:|    c: 1|  d: 2|e:|  f: 3|",
        );
        check(
            &[4],
            |it| vec![(it - 1..it - 1, " |\n  x")],
            "a:|  b:|    c: 1|  d: 2|e: +2|",
        );
        check(
            &[4],
            |it| vec![(it - 7..it - 5, "")],
            "a:|  b:|    c: 1|  d: 2|e:|f: 3|",
        );
    }

    type Edits = Vec<(Range<usize>, &'static str)>;

    /// Folds the regions below `headers`, edits, and compares what is shown.
    #[track_caller]
    fn check(headers: &[usize], edit: fn(usize) -> Edits, shown: &str) {
        let before = Text::new(TEXT);
        let mut colors = Colors::default();
        let all = regions(&before, &mut colors);
        let mut folds = Folds::default();
        folds.fold(
            &before,
            all.into_iter().filter(|it| headers.contains(&it.header)),
        );
        let changes = ChangeSet::of(&before, edit(before.len()));
        let after = changes.apply(&before);
        colors.apply(&before, &changes, &after);
        folds.follow(&before, &changes, &after, &mut colors);
        let rows = folds.rows(&after, None);
        let lines = (0..rows.count(after.line_count())).map(|it| rows.line_at(it));
        let lines: Vec<_> = lines
            .map(|line| match folds.hidden_below(&after, line) {
                Some(hidden) => format!("{} +{hidden}", after.line(line)),
                None => after.line(line).into_owned(),
            })
            .collect();
        assert_eq!(lines.join("|"), shown);
    }

    #[test]
    fn revealing_unfolds_all_around() {
        let text = Text::new(TEXT);
        let mut folds = Folds::default();
        folds.fold(&text, regions(&text, &mut Colors::default()));
        assert!(folds.reveal(&text, &Selection::at(12)));
        assert!(!folds.reveal(&text, &Selection::at(12)));
        assert!(folds.unfold(&text, &(4..5)));
        assert!(folds.is_empty());
    }
}
