//! What floats above the text.

/// What is open.
#[derive(Default)]
pub(crate) struct Popups {
    /// The newest words for people who listen.
    pub(crate) said: String,
}
