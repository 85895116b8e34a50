//! What was found out about parts of documents, kept while they stay the same.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};

use serde_json::Value;
use yaml_syntax::{Document, Parse, Source, TextRange, TextSize};

use crate::crds;
use crate::diagnostics::Diagnostic;
use crate::document_links::DocumentLink;
use crate::folding_ranges::FoldingRange;
use crate::inlay_hints::InlayHint;
use crate::part::{self, Part};
use crate::pieces::Place;
use crate::semantic_tokens::SemanticToken;

/// The place of what is known about one document.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    id: u64,
    /// Of each of its parts, in order.
    parts: Arc<[Kept]>,
}

#[derive(Debug)]
struct Kept {
    /// Of an item: its text, the column it starts in, and the errors in it.
    identity: u64,
    facts: Arc<Facts>,
}

/// What was found out about one part of a document. Filled by whoever needs it first.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// What is wrong with it by itself.
    pub(crate) complaints: OnceLock<Anchored<Vec<Diagnostic>>>,
    /// The names that it defines and uses.
    pub(crate) names: OnceLock<Anchored<crate::links::Names>>,
    /// What it says of a pipeline.
    pub(crate) part: OnceLock<Anchored<crate::gitlab::part::Part>>,
    /// What of it is shown for a whole file.
    pub(crate) folds: Place<FoldingRange>,
    pub(crate) tokens: Place<SemanticToken>,
    pub(crate) hints: Place<InlayHint>,
    pub(crate) links: Place<DocumentLink>,
    /// Whether its document is a template. Only known by the first part of a document.
    pub(crate) is_template: OnceLock<bool>,
    /// The custom resources that it defines.
    pub(crate) crds: Vec<Arc<Value>>,
}

/// Something with ranges, and where its part started when they were taken.
#[derive(Debug)]
pub(crate) struct Anchored<T> {
    /// The start of the part then.
    pub(crate) start: TextSize,
    /// What was found.
    pub(crate) found: T,
}

/// From where to where a part has moved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moved {
    from: TextSize,
    to: TextSize,
}

impl Moved {
    /// The way of a part that stood at `from` and stands at `to`.
    pub(crate) fn between(from: TextSize, to: TextSize) -> Self {
        Self { from, to }
    }

    /// An offset that was taken then, as it is now.
    pub(crate) fn offset(self, offset: TextSize) -> TextSize {
        offset + self.to - self.from
    }

    /// A range that was taken then, as it is now.
    pub(crate) fn range(self, range: TextRange) -> TextRange {
        TextRange::new(self.offset(range.start()), self.offset(range.end()))
    }
}

impl Facts {
    fn new(part: &Part<'_>) -> Arc<Self> {
        Arc::new(Self {
            crds: crds::of_part(part),
            ..Self::default()
        })
    }
}

impl Slot {
    /// What is known about each part of the document, in their order.
    pub(crate) fn facts(&self) -> impl Iterator<Item = &Arc<Facts>> {
        self.parts.iter().map(|kept| &kept.facts)
    }

    /// Whether the document has more parts than one.
    pub(crate) fn is_divided(&self) -> bool {
        self.parts.len() > 1
    }
}

/// A slot for each document of `parse`. Documents that are among `before` keep all their facts, and
/// lists of objects those of the items that did not change.
pub(crate) fn slots(parse: &Parse, before: &[Slot]) -> Vec<Slot> {
    let ids: Vec<u64> = parse.documents().map(Document::id).collect();
    // An edit touches a few documents in a row: the others are the same from both ends.
    let same = |(id, slot): &(&u64, &Slot)| **id == slot.id;
    let head = ids.iter().zip(before).take_while(same).count();
    let most = ids.len().min(before.len()) - head;
    let tail = ids.iter().rev().zip(before.iter().rev());
    let tail = tail.take(most).take_while(same).count();
    let changed = before.get(head..before.len() - tail).unwrap_or_default();
    let items = items(changed);
    let documents = parse.documents().zip(ids.iter().copied()).enumerate();
    documents
        .map(|(index, (document, id))| {
            let kept = if index < head {
                before.get(index)
            } else if index + tail >= ids.len() {
                before.get(index + before.len() - ids.len())
            } else {
                None
            };
            kept.cloned()
                .unwrap_or_else(|| slot(parse.source(), document, id, &items))
        })
        .collect()
}

/// The facts of the items of lists.
fn items(slots: &[Slot]) -> HashMap<u64, &Arc<Facts>> {
    let items = slots.iter().flat_map(|slot| slot.parts.iter().skip(1));
    items.map(|kept| (kept.identity, &kept.facts)).collect()
}

fn slot(
    source: &Source,
    document: Document<'_>,
    id: u64,
    before: &HashMap<u64, &Arc<Facts>>,
) -> Slot {
    let parts = part::parts(document).into_iter().map(|part| {
        let identity = identity(source, &part);
        let kept = before.get(&identity).filter(|_| part.is_item());
        let facts = kept.map_or_else(|| Facts::new(&part), |facts| Arc::clone(facts));
        Kept { identity, facts }
    });
    Slot {
        id,
        parts: parts.collect(),
    }
}

/// What tells an item from all others: two with the same one are judged alike.
fn identity(source: &Source, part: &Part<'_>) -> u64 {
    if !part.is_item() {
        return 0;
    }
    let mut hasher = DefaultHasher::new();
    source.slice(part.range()).hash(&mut hasher);
    source.line_col(part.start()).col.hash(&mut hasher);
    for error in part.errors() {
        let at = error.range.start() - part.start();
        (error.code, u32::from(at), u32::from(error.range.len())).hash(&mut hasher);
    }
    hasher.finish()
}
