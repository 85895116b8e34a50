//! What floats above the text. State here, decided by plain functions; Yew only draws it.

pub(crate) mod completion;
pub(crate) mod find;
pub(crate) mod fixes;
pub(crate) mod hover;
pub(crate) mod markdown;
pub(crate) mod peek;
pub(crate) mod picker;
pub(crate) mod rename;

use gloo::timers::callback::Timeout;

use completion::Completion;
use find::Find;
use fixes::Fixes;
use hover::Hover;
use picker::Picker;
use rename::Rename;

use crate::view::Grown;

/// What is open.
#[derive(Default)]
pub(crate) struct Popups {
    /// The newest words for people who listen.
    pub(crate) said: String,
    /// Words that are shown for a moment, and how many were before them.
    pub(crate) told: (String, u32),
    pub(crate) find: Find,
    pub(crate) completion: Option<Completion>,
    /// Whether a list was asked for that has not come: typing on asks again.
    pub(crate) list_asked: bool,
    pub(crate) hover: Option<Hover>,
    pub(crate) fixes: Option<Fixes>,
    pub(crate) rename: Option<Rename>,
    pub(crate) picker: Option<Picker>,
    /// Runs when the pointer has rested, or has been away for a while.
    pub(crate) pointer: Option<Timeout>,
    /// How the selection was grown, to go back.
    pub(crate) grown: Vec<Grown>,
    /// Runs when the caret has rested.
    pub(crate) occurrences: Option<Timeout>,
    /// Runs when a frame is done.
    pub(crate) mirror: Option<Timeout>,
    /// Runs when the text and the view have rested.
    pub(crate) hints: Option<Timeout>,
    /// Runs when typing in a list or a search has paused.
    pub(crate) pause: Option<Timeout>,
}

impl Popups {
    /// The offset of the text that the open list or card stands at.
    pub(crate) fn anchor(&self) -> Option<usize> {
        let completion = self.completion.as_ref().map(|it| it.start);
        let fixes = self.fixes.as_ref().map(|it| it.at);
        let rename = self.rename.as_ref().map(|it| it.range.start);
        let hover = self.hover.as_ref().map(|it| it.range.start);
        completion.or(fixes).or(rename).or(hover)
    }
}
