//! Where the name under the cursor is used.

use yaml_syntax::{TextRange, TextSize};

use crate::links::{self, Role};
use crate::{Analysis, FileId};

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The place in it.
    pub range: TextRange,
}

/// Where the name at `offset` is used, in all files; with `definitions`, where it is defined too.
pub fn find_references(
    analysis: &Analysis,
    file: FileId,
    offset: TextSize,
    definitions: bool,
) -> Vec<Location> {
    let Some(found) = links::at(analysis, file, offset) else {
        return Vec::new();
    };
    let places = links::same(analysis, &found).into_iter();
    let wanted = places.filter(|place| definitions || !matches!(place.role, Role::Definition(_)));
    let mut locations: Vec<Location> = wanted
        .map(|place| Location {
            file: place.file,
            range: place.range,
        })
        .collect();
    // One word may be a name of two sorts.
    locations.dedup();
    locations
}
