//! The editor without a screen: text, carets, commands, undo, search, snippets.
//!
//! Everything is a value: a command looks at an [`EditorState`] and describes a [`Transaction`],
//! and [`Buffer`] applies it and keeps what depends on the text in step.
#![deny(missing_docs)]

mod change;
mod selection;
mod state;
mod text;
mod transaction;

pub use change::{Change, ChangeSet, Side};
pub use selection::{Caret, Selection};
pub use state::EditorState;
pub use text::{LineEnding, Text, byte_of_utf16, normalize, utf16_len};
pub use transaction::{Origin, Transaction};
