//! Names of one file that change together while they are typed.

use yaml_syntax::{TextRange, TextSize};

use crate::links::{self, Symbol};
use crate::{Analysis, FileId};

/// The places that read the same as the name at `offset` and mean the same, it among them; `None`
/// where it stands alone, or stands in other files too, which only a rename changes.
pub fn linked_editing(
    analysis: &Analysis,
    file: FileId,
    offset: TextSize,
) -> Option<Vec<TextRange>> {
    let found = links::at(analysis, file, offset)?;
    if !matches!(
        found.symbol,
        Symbol::Volume { .. } | Symbol::Anchor { .. } | Symbol::Label { .. }
    ) {
        return None;
    }
    let places = links::same(analysis, &found);
    let here = places.iter().all(|place| place.file == file);
    let ranges: Vec<TextRange> = places.into_iter().map(|place| place.range).collect();
    (here && ranges.len() > 1).then_some(ranges)
}
