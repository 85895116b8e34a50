//! Where else the name at the caret stands in this text, marked while the caret rests on it.

use editor_core::{Applied, Decorations};
use gloo::timers::callback::Timeout;
use serde_json::Value;

use super::editing::Editing;
use super::language::Then;
use crate::lsp::Range;
use crate::lsp::protocol::list;

/// How long the caret rests before the server is asked, in milliseconds.
const REST: u32 = 200;

impl Editing {
    /// The text was changed or the caret moved: what was marked may be about another name now.
    #[inline(never)]
    pub(crate) fn occurrences_follow(&self, applied: &Applied) {
        let is_same = {
            let file = self.file.borrow();
            let head = file.state().selection().primary().head;
            let on_one = file.occurrences.touching(head..head).next().is_some();
            applied.changes.is_empty() && on_one
        };
        if is_same {
            return;
        }
        self.mark_occurrences(Decorations::default());
        let Some(me) = self.rc() else { return };
        let wait = Timeout::new(REST, move || me.ask_occurrences());
        self.popups.borrow_mut().occurrences = Some(wait);
    }

    fn ask_occurrences(&self) {
        if !self.screen.borrow().focused {
            return;
        }
        let then: Then = Box::new(|it, answer| {
            let found = {
                let file = it.file.borrow();
                let place = |one: &Value| {
                    let range = Range::read(one.get("range")?)?;
                    Some((file.range_of(range), ()))
                };
                Decorations::new(list(answer.ok().as_ref(), place))
            };
            it.mark_occurrences(found);
        });
        let params = self.place(self.head());
        self.ask("highlight", "textDocument/documentHighlight", params, then);
    }

    /// Marks these and no others; a name that stands alone needs no mark.
    fn mark_occurrences(&self, mut found: Decorations<()>) {
        if found.len() < 2 {
            found = Decorations::default();
        }
        let is_other = self.file.borrow().occurrences != found;
        if is_other {
            self.file.borrow_mut().occurrences = found;
            self.ask_frame();
        }
    }
}
