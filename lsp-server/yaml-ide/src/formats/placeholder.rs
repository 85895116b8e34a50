//! `${NAME}` and `{{ name }}`: what a tool fills in before a manifest is applied.

/// Whether a text has a part that is filled in later: nobody knows yet what it will be.
pub(crate) fn is_in(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}

/// Whether a text is, or begins, a list or a mapping: `[`, `{` or `- `. What is filled in inside of
/// it does not change that.
pub(crate) fn is_collection(text: &str) -> bool {
    text.starts_with('[')
        || (text.starts_with('{') && !text.starts_with("{{"))
        || text.starts_with("- ")
}
