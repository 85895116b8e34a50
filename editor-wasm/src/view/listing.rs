//! The list of completions: when it opens, how it narrows, what accepting does.

use editor_core::{Applied, Origin};
use gloo::timers::callback::Timeout;
use serde_json::json;

use super::editing::{Editing, now};
use super::language::Then;
use crate::lsp::protocol::markup;
use crate::lsp::sync;
use crate::popups::completion::Completion;

/// How long a row is selected before its documentation is asked for.
const LOOK: u32 = 60;

impl Editing {
    /// Lets what is open follow a change or a move of the caret.
    #[inline(never)]
    pub(crate) fn popups_follow(&self, applied: &Applied) {
        let changed = !applied.changes.is_empty();
        let moved = applied.before.selection() != self.file.borrow().state().selection();
        if !changed && !moved {
            return;
        }
        self.occurrences_follow(applied);
        let is_finding = {
            let mut popups = self.popups.borrow_mut();
            // What is not open needs no drawing.
            if popups.anchor().is_some() || popups.find.open {
                self.redraw_popups();
            }
            popups.hover = None;
            popups.fixes = None;
            if changed {
                popups.grown.clear();
            }
            popups.find.open
        };
        if changed && is_finding {
            self.search_later();
        }
        let typing = matches!(
            applied.origin,
            Origin::Type | Origin::Compose | Origin::Delete
        );
        if self.popups.borrow().completion.is_some() {
            if changed && typing {
                self.narrow_list();
            } else {
                self.popups.borrow_mut().completion = None;
            }
        } else if changed && applied.origin == Origin::Type {
            let asked = std::mem::take(&mut self.popups.borrow_mut().list_asked);
            if self.wants_list() || asked && self.is_in_word() {
                self.ask_list(false);
            }
        }
    }

    /// Whether what was typed last begins something that can be completed.
    fn wants_list(&self) -> bool {
        let file = self.file.borrow();
        let selection = file.state().selection();
        let text = file.buffer.text();
        let head = selection.primary().head;
        let Some(typed) = text
            .char_before(head)
            .filter(|_| selection.carets().len() == 1)
        else {
            return false;
        };
        let before = text.char_before(head - typed.len_utf8());
        let line = text.slice(text.line_start(text.line_of(head))..head);
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
        match typed {
            ' ' => line.ends_with(": ") || line.ends_with("- "),
            '"' | '\'' | '[' | '{' => true,
            _ => is_word(typed) && !before.is_some_and(is_word) && typed != '-',
        }
    }

    fn is_in_word(&self) -> bool {
        let file = self.file.borrow();
        let head = file.state().selection().primary().head;
        let before = file.buffer.text().char_before(head);
        before.is_some_and(char::is_alphanumeric)
    }

    /// A composition is settled: it is typed text now.
    #[inline(never)]
    pub(crate) fn composed(&self) {
        if self.popups.borrow().completion.is_none() && self.wants_list() {
            self.ask_list(false);
        }
    }

    fn narrow_list(&self) {
        let incomplete = {
            let file = self.file.borrow();
            let mut popups = self.popups.borrow_mut();
            let head = file.state().selection().primary().head;
            let kept = popups.completion.as_mut();
            let kept = kept.filter(|it| it.start < head);
            let Some(incomplete) = kept.and_then(|list| {
                list.filter(file.buffer.text(), head)
                    .then(|| list.is_incomplete())
            }) else {
                popups.completion = None;
                drop(popups);
                drop(file);
                if self.wants_list() {
                    self.ask_list(false);
                }
                return;
            };
            incomplete
        };
        if incomplete {
            self.ask_list(false);
        } else {
            self.look_at_row();
        }
    }

    pub(crate) fn ask_list(&self, by_hand: bool) {
        let head = self.head();
        self.popups.borrow_mut().list_asked = true;
        let then: Then = Box::new(move |it, answer| {
            let Ok(answer) = answer else { return };
            it.popups.borrow_mut().list_asked = false;
            let list = {
                let file = it.file.borrow();
                Completion::read(&answer, file.buffer.text(), head, by_hand)
            };
            if by_hand && list.is_none() {
                it.tell("No completions");
            }
            it.open_list(list);
        });
        self.ask(
            "completion",
            "textDocument/completion",
            self.place(head),
            then,
        );
    }

    fn open_list(&self, list: Option<Completion>) {
        {
            let mut popups = self.popups.borrow_mut();
            popups.completion = list.filter(|_| self.screen.borrow().focused);
            popups.hover = None;
        }
        self.look_at_row();
        self.redraw_popups();
    }

    /// Asks for the documentation of the selected row, once it has been selected for a moment.
    fn look_at_row(&self) {
        let Some(me) = self.rc() else { return };
        let wait = Timeout::new(LOOK, move || {
            let item = me
                .popups
                .borrow()
                .completion
                .as_ref()
                .and_then(|it| it.item().cloned());
            let Some(item) = item else { return };
            let then: Then = Box::new(|it, answer| {
                if let (Ok(answer), Some(list)) = (answer, &mut it.popups.borrow_mut().completion) {
                    list.documentation = Some(markup(&answer["documentation"]));
                }
                it.redraw_popups();
            });
            me.ask("resolve", "completionItem/resolve", item.raw, then);
        });
        self.popups.borrow_mut().pause = Some(wait);
    }

    pub(crate) fn step_list(&self, rows: isize) {
        if let Some(list) = &mut self.popups.borrow_mut().completion {
            list.step(rows);
        }
        self.look_at_row();
        self.redraw_popups();
    }

    /// Accepts a row that was clicked.
    pub(crate) fn accept_row(&self, row: usize) {
        if let Some(list) = &mut self.popups.borrow_mut().completion {
            list.selected = row;
        }
        self.accept();
    }

    pub(crate) fn accept(&self) {
        let list = self.popups.borrow_mut().completion.take();
        let Some(accepted) = list.and_then(|it| it.accept(self.head())) else {
            return;
        };
        self.with_buffer(|it| {
            let range = accepted.range.clone();
            Some(it.insert_snippet(&accepted.snippet, range, &accepted.more, now()))
        });
        if !self.offer_choices() && accepted.retrigger {
            self.ask_list(false);
        }
    }

    /// Inserts what has places to fill in, and goes to the first.
    pub(crate) fn apply_snippet(&self, edit: &crate::lsp::TextEdit) {
        let range = self.file.borrow().range_of(edit.range);
        if let Some(snippet) = edit.snippet.as_deref().filter(|_| !self.is_read_only()) {
            self.with_buffer(|it| Some(it.insert_snippet(snippet, range, &[], now())));
            self.offer_choices();
        }
    }

    /// Lists what a field of a snippet can be. Whether it is such a field.
    pub(crate) fn offer_choices(&self) -> bool {
        let list = {
            let file = self.file.borrow();
            let Some(field) = file.buffer.snippet().and_then(|it| it.field()) else {
                return false;
            };
            let (Some(range), false) = (field.ranges.first(), field.choices.is_empty()) else {
                return false;
            };
            let text = file.buffer.text();
            let place = |it| sync::place(text, it).json();
            let range = json!({ "start": place(range.start), "end": place(range.end) });
            let items: Vec<_> = field
                .choices
                .iter()
                .enumerate()
                .map(|(idx, choice)| {
                    let edit = json!({ "range": range, "newText": choice });
                    let sort = format!("{idx:04}");
                    json!({
                        "label": choice, "sortText": sort, "kind": 20, "textEdit": edit,
                        // Every choice fits what stands there now.
                        "filterText": format!("{} {choice}", field.choices[0]),
                    })
                })
                .collect();
            let head = file.state().selection().primary().head;
            Completion::read(&json!({ "items": items }), text, head, true)
        };
        self.open_list(list);
        true
    }

    /// Goes to the next field of the snippet.
    #[inline(never)]
    pub(crate) fn next_field(&self) -> bool {
        let done = self.with_buffer(|it| it.next_field(now()));
        if done {
            self.offer_choices();
        }
        done
    }

    /// Goes to the field of the snippet before.
    #[inline(never)]
    pub(crate) fn previous_field(&self) -> bool {
        self.with_buffer(|it| it.previous_field(now()))
    }
}
