//! What was found out about documents, kept while they stay the same.

use std::sync::{Arc, OnceLock};

use yaml_syntax::{Document, Parse, TextRange, TextSize};

use crate::diagnostics::Diagnostic;

/// The place of one document's facts.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    id: u64,
    facts: Arc<Facts>,
}

/// What was found out about one document. Filled by whoever needs it first.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// What is wrong with it by itself.
    pub(crate) complaints: OnceLock<Anchored<Vec<Diagnostic>>>,
    /// The names that it defines and uses.
    pub(crate) names: OnceLock<Anchored<crate::links::Names>>,
    /// What it says of a pipeline.
    pub(crate) part: OnceLock<Anchored<crate::gitlab::part::Part>>,
}

/// Something with ranges, and where its document started when they were taken.
#[derive(Debug)]
pub(crate) struct Anchored<T> {
    /// The start of the document then.
    pub(crate) start: TextSize,
    /// What was found.
    pub(crate) found: T,
}

/// From where to where a document has moved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moved {
    from: TextSize,
    to: TextSize,
}

impl Moved {
    /// The way of a document that stood at `from` and stands at `to`.
    pub(crate) fn between(from: TextSize, to: TextSize) -> Self {
        Self { from, to }
    }

    /// A range that was taken then, as it is now.
    pub(crate) fn range(self, range: TextRange) -> TextRange {
        let at = |offset: TextSize| offset + self.to - self.from;
        TextRange::new(at(range.start()), at(range.end()))
    }
}

impl Slot {
    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }
}

/// A slot for each document of `parse`; those that are among `before` keep their facts.
pub(crate) fn slots(parse: &Parse, before: &[Slot]) -> Vec<Slot> {
    let ids: Vec<u64> = parse.documents().map(Document::id).collect();
    // An edit touches a few documents in a row: the others are the same from both ends.
    let same = |(id, slot): &(&u64, &Slot)| **id == slot.id;
    let head = ids.iter().zip(before).take_while(same).count();
    let most = ids.len().min(before.len()) - head;
    let tail = ids.iter().rev().zip(before.iter().rev());
    let tail = tail.take(most).take_while(same).count();
    ids.iter()
        .enumerate()
        .map(|(index, id)| {
            let kept = if index < head {
                before.get(index)
            } else if index + tail >= ids.len() {
                before.get(index + before.len() - ids.len())
            } else {
                None
            };
            kept.cloned().unwrap_or_else(|| Slot {
                id: *id,
                facts: Arc::default(),
            })
        })
        .collect()
}
