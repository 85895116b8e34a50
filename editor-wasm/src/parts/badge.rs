//! States, as a shape with a color and a word: never a color alone.

use api_types::{ChangeKind, DeployState, LogLevel, ObjectState};
use yew::prelude::*;

/// How a state looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Badge {
    pub(crate) shape: &'static str,
    /// The class that colors it.
    pub(crate) class: &'static str,
    pub(crate) word: &'static str,
}

impl Badge {
    /// A version that ran well and may still do so, though a newer deploy was asked for.
    pub(crate) const BEFORE: Self = badge("◌", "is-waiting", "ran before");

    /// Shape and word.
    pub(crate) fn view(self) -> Html {
        html! {
            <span class={classes!("badge", self.class)}>
                <span aria-hidden="true">{ self.shape }</span>{ " " }{ self.word }
            </span>
        }
    }

    /// The shape alone, with the word for those who cannot see it.
    pub(crate) fn dot(self) -> Html {
        html! {
            <span class={classes!("badge", self.class)} role="img" aria-label={self.word} title={self.word}>
                { self.shape }
            </span>
        }
    }
}

const fn badge(shape: &'static str, class: &'static str, word: &'static str) -> Badge {
    Badge { shape, class, word }
}

impl From<DeployState> for Badge {
    fn from(state: DeployState) -> Self {
        match state {
            DeployState::Queued => badge("○", "is-waiting", "queued"),
            DeployState::Applying => badge("◐", "is-progressing", "applying"),
            DeployState::Waiting => badge("◐", "is-progressing", "waiting until ready"),
            DeployState::Pruning => badge("◐", "is-progressing", "pruning"),
            DeployState::Succeeded => badge("●", "is-healthy", "healthy"),
            DeployState::Failed => badge("✕", "is-failed", "failed"),
            DeployState::Cancelled => badge("○", "is-waiting", "cancelled"),
        }
    }
}

impl From<ObjectState> for Badge {
    fn from(state: ObjectState) -> Self {
        match state {
            ObjectState::Waiting => badge("○", "is-waiting", "waiting"),
            ObjectState::Progressing => badge("◐", "is-progressing", "progressing"),
            ObjectState::Healthy => badge("●", "is-healthy", "healthy"),
            ObjectState::Degraded => badge("▲", "is-degraded", "degraded"),
            ObjectState::Failed => badge("✕", "is-failed", "failed"),
            ObjectState::Removed => badge("−", "is-waiting", "removed"),
        }
    }
}

impl From<ChangeKind> for Badge {
    fn from(change: ChangeKind) -> Self {
        match change {
            ChangeKind::Create => badge("+", "is-healthy", "create"),
            ChangeKind::Change => badge("~", "is-progressing", "change"),
            ChangeKind::Unchanged => badge("=", "is-waiting", "unchanged"),
            ChangeKind::Replace => badge("±", "is-degraded", "replace"),
            ChangeKind::Remove => badge("−", "is-failed", "remove"),
        }
    }
}

/// The class of a log line.
pub(crate) fn level_class(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Info => "log-info",
        LogLevel::Warning => "log-warning",
        LogLevel::Error => "log-error",
    }
}
