//! What may stand at the cursor, best first.

use yaml_syntax::{TextRange, TextSize};

use crate::rename::TextEdit;
use crate::{Analysis, FileId};

/// All that may stand at one cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// Best first. Clients that sort by themselves get the order by [`CompletionItem::rank`].
    pub items: Vec<CompletionItem>,
    /// Whether there is more than was listed, so that typing on needs to ask again.
    pub incomplete: bool,
}

/// One thing that may stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionItem {
    /// What is listed.
    pub label: String,
    /// What sort of thing it is.
    pub kind: CompletionKind,
    /// A few words beside the label: type, whether it is required.
    pub detail: String,
    /// What the typed text is matched against; often the label.
    pub filter: String,
    /// Its place in the list, from 0 on.
    pub rank: u32,
    /// The text that is replaced; around the cursor, in one line.
    pub range: TextRange,
    /// What is inserted. Its later lines carry their whole indentation: insert it as it is.
    pub insert: String,
    /// Whether `insert` has tab stops (`$1`, `${2:text}`, `${3|a,b|}`, `$0`) and escapes
    /// (`\$`, `\}`, `\\`).
    pub is_snippet: bool,
    /// Further changes elsewhere in the file, such as the `apiVersion` that goes with a `kind`.
    pub additional_edits: Vec<TextEdit>,
    /// Whether it should not be used in new text.
    pub deprecated: bool,
    /// Whether the list opens again once this is accepted (a key whose values can be listed).
    pub retrigger: bool,
    /// What [`documentation`] takes; empty where there is none.
    pub documentation: String,
}

/// What sort of thing a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A field of an object.
    Field,
    /// A value of a closed list.
    EnumMember,
    /// Any other value.
    Value,
    /// A kind or API version.
    Kind,
    /// A name that another object defines.
    Reference,
    /// Several lines at once.
    Snippet,
}

/// Lists what may stand at `offset`.
pub fn completion(_analysis: &Analysis, _file: FileId, _offset: TextSize) -> Completions {
    Completions::default()
}

/// The documentation of an item, as `CommonMark`; `key` is its [`CompletionItem::documentation`].
///
/// Apart from the list, because it is read for one item of a hundred.
pub fn documentation(_analysis: &Analysis, _key: &str) -> Option<String> {
    None
}
