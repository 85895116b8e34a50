//! The editor without a screen: text, carets, commands, undo, search, snippets.
//!
//! Everything is a value: a command looks at an [`EditorState`] and describes a [`Transaction`],
//! and a [`Buffer`] applies it and keeps what depends on the text in step.
#![deny(missing_docs)]

mod brackets;
mod buffer;
mod change;
mod colors;
pub mod commands;
mod decoration;
#[cfg(test)]
mod fixture;
mod folding;
mod folds;
mod fuzzy;
mod history;
mod order;
mod outline;
mod rows;
mod search;
mod selection;
mod snippet;
mod state;
mod text;
mod trail;
mod transaction;
pub mod words;
mod wrap;

pub use brackets::matching_brackets;
pub use buffer::{Applied, Buffer, difference};
pub use change::{Change, ChangeSet, Side};
pub use colors::Colors;
pub use commands::{Chord, Command, Motion, Platform};
pub use decoration::Decorations;
pub use folding::{Region, RegionSort, headers, region_around, region_at, regions};
pub use folds::Folds;
pub use fuzzy::{Fit, fuzzy};
pub use history::History;
pub use order::sort_by_key;
pub use outline::{OutlineItem, outline};
pub use rows::Rows;
pub use search::{Matches, Query, Replacement, find_text};
pub use selection::{Caret, Selection};
pub use snippet::{Field, Snippet, SnippetSession};
pub use state::EditorState;
pub use text::{LineEnding, Text, byte_of_utf16, normalize, utf16_len};
pub use trail::{Step, trail};
pub use transaction::{Origin, Transaction};
pub use wrap::{Broken, Wraps};
