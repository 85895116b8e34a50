//! Names of one file that change together while they are typed.

use yaml_syntax::{TextRange, TextSize};

use crate::links::{self, Symbol};
use crate::{Analysis, FileId, rename};

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
        Symbol::Volume { .. }
            | Symbol::Container { .. }
            | Symbol::Anchor { .. }
            | Symbol::Label { .. }
    ) {
        return None;
    }
    let places = links::same(analysis, &found);
    let here = places.iter().all(|place| place.file == file);
    let mut ranges: Vec<TextRange> = places
        .iter()
        .map(|place| rename::bare(analysis, place))
        .collect();
    ranges.dedup();
    let source = analysis.source(file)?;
    // In quotes a name may be written with escapes.
    let mut words = ranges.iter().map(|range| source.slice(*range));
    let alike = words.all(|word| word == found.symbol.text());
    (here && alike && ranges.len() > 1).then_some(ranges)
}
