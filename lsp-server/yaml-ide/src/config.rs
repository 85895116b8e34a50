//! What a person may switch: one struct, passed with the snapshot.

/// Settings of the features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Whether decoded quantities, defaults and schedules are shown between the words.
    pub inlay_hints: bool,
    /// Whether counts are shown above objects.
    pub code_lenses: bool,
    /// Whether the items of a sequence stand deeper than its key when text is inserted or
    /// formatted.
    pub indent_sequences: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            inlay_hints: true,
            code_lenses: true,
            indent_sequences: false,
        }
    }
}
