//! Where the carets are and what they select.

use std::ops::Range;

use crate::change::{ChangeSet, Side};
use crate::order::sort_by_key;

/// One caret: what is selected reaches from the anchor to the head, where the caret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caret {
    /// Where selecting began.
    pub anchor: usize,
    /// Where the caret stands.
    pub head: usize,
    /// The column that moving up and down aims at.
    pub goal: Option<u32>,
}

impl Caret {
    /// A caret that selects nothing.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// A caret that selects from `anchor` to `head`.
    pub fn new(anchor: usize, head: usize) -> Self {
        Self {
            anchor,
            head,
            goal: None,
        }
    }

    /// The lower end.
    pub fn start(&self) -> usize {
        self.anchor.min(self.head)
    }

    /// The upper end.
    pub fn end(&self) -> usize {
        self.anchor.max(self.head)
    }

    /// What is selected.
    pub fn range(&self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.anchor == self.head
    }

    fn merged(self, other: Self) -> Self {
        let (start, end) = (self.start().min(other.start()), self.end().max(other.end()));
        if self.head < self.anchor || other.head < other.anchor {
            Self::new(end, start)
        } else {
            Self::new(start, end)
        }
    }
}

/// All carets; there is always one.
///
/// Invariant: sorted and disjoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    carets: Vec<Caret>,
    primary: usize,
}

impl Default for Selection {
    fn default() -> Self {
        Self::from(Caret::at(0))
    }
}

impl From<Caret> for Selection {
    fn from(caret: Caret) -> Self {
        Self {
            carets: vec![caret],
            primary: 0,
        }
    }
}

impl Selection {
    /// A caret that selects nothing.
    pub fn at(offset: usize) -> Self {
        Caret::at(offset).into()
    }

    /// Several carets, in any order; those that overlap or touch become one. Without any, one
    /// at the start of the text.
    pub fn new(carets: Vec<Caret>, primary: usize) -> Self {
        let Some(main) = carets.get(primary).or(carets.first()).copied() else {
            return Self::default();
        };
        let mut sorted = carets;
        sort_by_key(&mut sorted, |caret| (caret.start(), caret.end()));
        let mut merged: Vec<Caret> = Vec::with_capacity(sorted.len());
        for caret in sorted {
            match merged.last_mut() {
                Some(last) if overlap(last, &caret) => *last = last.merged(caret),
                _ => merged.push(caret),
            }
        }
        let holds_main = |it: &Caret| it.start() <= main.start() && main.end() <= it.end();
        Self {
            primary: merged.iter().position(holds_main).unwrap_or(0),
            carets: merged,
        }
    }

    /// The carets in order of place.
    pub fn carets(&self) -> &[Caret] {
        &self.carets
    }

    /// The caret that scrolling, popups and input methods follow.
    pub fn primary(&self) -> Caret {
        self.carets
            .get(self.primary)
            .copied()
            .unwrap_or(Caret::at(0))
    }

    /// Index of the primary caret.
    pub fn primary_idx(&self) -> usize {
        self.primary
    }

    /// Whether anything is selected.
    pub fn is_empty(&self) -> bool {
        self.carets.iter().all(Caret::is_empty)
    }

    /// Every caret through `change`.
    #[must_use]
    pub fn transform(&self, change: impl FnMut(&Caret) -> Caret) -> Self {
        Self::new(self.carets.iter().map(change).collect(), self.primary)
    }

    /// The carets after a change that was made for another reason: text inserted at a caret
    /// leaves it where it is.
    #[must_use]
    pub fn map(&self, changes: &ChangeSet) -> Self {
        self.transform(|caret| Caret {
            anchor: changes.map(caret.anchor, Side::Before),
            head: changes.map(caret.head, Side::Before),
            goal: caret.goal,
        })
    }

    /// The same with every place within `len`.
    #[must_use]
    pub fn clamped(&self, len: usize) -> Self {
        self.transform(|caret| Caret {
            anchor: caret.anchor.min(len),
            head: caret.head.min(len),
            goal: caret.goal,
        })
    }
}

fn overlap(one: &Caret, two: &Caret) -> bool {
    two.start() < one.end() || two.start() == one.end() && (one.is_empty() || two.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_carets_become_one() {
        let carets = vec![
            Caret::new(5, 9),
            Caret::new(2, 6),
            Caret::at(9),
            Caret::at(1),
        ];
        let selection = Selection::new(carets, 0);
        assert_eq!(selection.carets(), [Caret::at(1), Caret::new(2, 9)]);
        assert_eq!(selection.primary_idx(), 1);
    }

    #[test]
    fn there_is_always_a_caret() {
        assert_eq!(Selection::new(Vec::new(), 3), Selection::default());
    }
}
