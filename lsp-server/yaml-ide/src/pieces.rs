//! Answers about a whole file in pieces of work: who may not stay away for long stops between two.

use std::iter;
use std::sync::{Arc, OnceLock};

use yaml_syntax::order::sort_by_number;
use yaml_syntax::{TextRange, TextSize};

use crate::analysis::Kept;
use crate::cache::{Anchored, Facts, Moved};
use crate::part::Part;
use crate::{Analysis, FileId};

/// Where it is kept what was found in a part.
pub(crate) type Place<T> = OnceLock<Anchored<Vec<T>>>;

/// Something that stands in a part of a document and moves with it.
pub(crate) trait Placed: Sized {
    /// Where such are kept.
    fn place(facts: &Facts) -> &Place<Self>;

    /// Where it starts.
    fn start(&self) -> TextSize;

    /// The same in a part that has moved.
    fn moved(&self, moved: Moved) -> Self;
}

/// What `find` finds in each part of `file`, in order of place: of all documents, or of those that
/// `near` touches. It is looked for once, as long as the part stays the same.
///
/// Each list is what came of a piece of work: all of a document after the last of its parts, and
/// nothing after the others.
pub(crate) fn found<'a, T: Placed + 'a>(
    analysis: &'a Analysis,
    file: FileId,
    near: Option<TextRange>,
    find: impl Fn(&Part<'a>) -> Vec<T> + Copy + 'a,
) -> impl Iterator<Item = Vec<T>> + 'a {
    let is_near = move |kept: &Kept<'_>| near.is_none_or(|near| meet(kept.document.range(), near));
    analysis.kept(file).filter(is_near).flat_map(move |kept| {
        let parts: Vec<_> = kept.parts().collect();
        let mut left = 0..parts.len();
        iter::from_fn(move || {
            let (part, facts) = parts.get(left.next()?)?;
            T::place(facts).get_or_init(|| Anchored {
                start: part.start(),
                found: find(part),
            });
            Some(if left.is_empty() {
                merged(&parts)
            } else {
                Vec::new()
            })
        })
    })
}

/// Whether two ranges touch.
pub(crate) fn meet(a: TextRange, b: TextRange) -> bool {
    a.start() <= b.end() && b.start() <= a.end()
}

/// What is kept of all parts of a document, where it stands now.
fn merged<T: Placed>(parts: &[(Part<'_>, &Arc<Facts>)]) -> Vec<T> {
    let kept = parts
        .iter()
        .filter_map(|(part, facts)| Some((part, T::place(facts).get()?)));
    let mut all: Vec<T> = kept
        .flat_map(|(part, kept)| {
            let moved = Moved::between(kept.start, part.start());
            kept.found.iter().map(move |it| it.moved(moved))
        })
        .collect();
    sort_by_number(&mut all, |it| it.start().into());
    all
}
