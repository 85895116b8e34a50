//! Cards about the word under the pointer or at the caret, and going from problem to problem.

use editor_core::{sort_by_key, words};
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::editing::Editing;
use super::language::Then;
use super::viewport::Reveal;
use crate::lsp::protocol::{list, markup};
use crate::lsp::{Action, Diagnostic};
use crate::popups::hover::Hover;

/// How long the pointer rests before a card opens, in milliseconds.
const REST: u32 = 350;
/// How long a card stays when the pointer has left its word.
const LEAVE: u32 = 250;

impl Editing {
    /// The pointer stands still or moves over the text.
    #[inline(never)]
    pub(crate) fn pointer_rests(&self, at: (f64, f64)) {
        let Some(me) = self.rc() else { return };
        let offset = self.letter_at(at);
        let on_card = {
            let popups = self.popups.borrow();
            let range = popups.hover.as_ref().map(|it| it.range.clone());
            range
                .zip(offset)
                .is_some_and(|(it, offset)| it.start <= offset && offset < it.end)
        };
        let open = self.popups.borrow().hover.is_some();
        let wait = if on_card {
            None
        } else if open {
            Some(Timeout::new(LEAVE, move || me.leave_card()))
        } else {
            let rest = move |offset| Timeout::new(REST, move || me.look_at(offset, false));
            offset.map(rest)
        };
        self.popups.borrow_mut().pointer = wait;
    }

    #[inline(never)]
    pub(crate) fn pointer_left(&self) {
        let Some(me) = self.rc() else { return };
        self.popups.borrow_mut().pointer = Some(Timeout::new(LEAVE, move || me.leave_card()));
    }

    /// The pointer has come onto the card, or left it.
    pub(crate) fn hold_card(&self, held: bool) {
        if let Some(hover) = &mut self.popups.borrow_mut().hover {
            hover.held = held;
        }
        if !held {
            self.pointer_left();
        }
    }

    fn leave_card(&self) {
        let mut popups = self.popups.borrow_mut();
        if popups.hover.as_ref().is_some_and(|it| !it.held) {
            popups.hover = None;
            drop(popups);
            self.redraw_popups();
        }
    }

    /// The offset of the letter at a place of the screen; `None` beside the text.
    fn letter_at(&self, at: (f64, f64)) -> Option<usize> {
        let width = self.screen.borrow().metrics.char_width;
        let offset = self.offset_at((at.0 - width / 2.0, at.1))?;
        let (left, top, bottom) = self.client_place(offset)?;
        let inside = top <= at.1 && at.1 < bottom && (at.0 - left).abs() < 2.0 * width;
        let file = self.file.borrow();
        let text = file.buffer.text();
        let letter = text.char_after(offset).is_some_and(|c| !c.is_whitespace());
        (inside && letter).then_some(offset)
    }

    /// Opens the card about the word at the caret; asked for again, the focus goes into it.
    pub(crate) fn explain(&self) {
        let is_open = self.popups.borrow().hover.is_some();
        let inside = self.surface.get().filter(|_| is_open).and_then(|it| {
            let editor = it.scroller.closest(".ed").ok().flatten()?;
            editor
                .query_selector(".ed-card :is(a, button)")
                .ok()
                .flatten()
        });
        match inside.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            Some(first) => {
                self.hold_card(true);
                // What is on the page can take the focus.
                let _ = first.focus();
            }
            None => self.look_at(self.head(), true),
        }
    }

    /// Gives the focus back to the text.
    pub(crate) fn take_focus(&self) {
        if let Some(surface) = self.surface.get() {
            surface.focus();
        }
    }

    /// Opens the card about the letter at `offset`.
    pub(crate) fn look_at(&self, offset: usize, by_hand: bool) {
        if self.popups.borrow().completion.is_some() || self.drag.borrow().is_some() {
            return;
        }
        let problems = self.problems_at(offset);
        let word = {
            let file = self.file.borrow();
            let problem = file.problems.touching(offset..offset).next();
            let range = problem.map(|(range, _)| range.clone());
            range.unwrap_or_else(|| words::word_at(file.buffer.text(), offset))
        };
        let card = Hover {
            range: word,
            problems,
            fixes: Vec::new(),
            link: self.link_at(offset),
            markdown: String::new(),
            held: by_hand,
        };
        if card.problems.is_empty() && card.link.is_none() {
            self.ask_hover(offset, Some(card));
        } else {
            if !card.problems.is_empty() {
                self.ask_fixes_for_card(&card);
            }
            self.popups.borrow_mut().hover = Some(card);
            self.redraw_popups();
            self.ask_hover(offset, None);
        }
    }

    /// Asks what is known, for the card that is open or for `card`, which opens if there is.
    fn ask_hover(&self, offset: usize, card: Option<Hover>) {
        let then: Then = Box::new(move |it, answer| {
            let Ok(answer) = answer else { return };
            let known = markup(&answer["contents"]);
            if known.is_empty() {
                return;
            }
            let range = crate::lsp::Range::read(&answer["range"]);
            let range = range.map(|range| it.file.borrow().range_of(range));
            let mut popups = it.popups.borrow_mut();
            if let Some(card) = card {
                popups.hover = Some(card);
            }
            if let Some(hover) = &mut popups.hover {
                hover.markdown = known;
                if hover.problems.is_empty() {
                    hover.range = range.unwrap_or(hover.range.clone());
                }
            }
            drop(popups);
            it.redraw_popups();
        });
        self.ask("hover", "textDocument/hover", self.place(offset), then);
    }

    pub(crate) fn problems_at(&self, offset: usize) -> Vec<Diagnostic> {
        let file = self.file.borrow();
        let found = file.problems.touching(offset..offset);
        let found = found.filter_map(|(_, it)| file.diagnostics.get(it.idx).cloned());
        let mut problems: Vec<_> = found.collect();
        sort_by_key(&mut problems, |it| it.severity);
        problems
    }

    fn ask_fixes_for_card(&self, card: &Hover) {
        let params = self.actions_of(&card.range);
        let then: Then = Box::new(|it, answer| {
            let fixes = list(answer.ok().as_ref(), Action::read);
            if let Some(hover) = &mut it.popups.borrow_mut().hover {
                hover.fixes = fixes;
            }
            it.redraw_popups();
        });
        self.ask("fixes", "textDocument/codeAction", params, then);
    }

    pub(crate) fn go_to_problem(&self, forward: bool) {
        let head = self.head();
        let found = {
            let file = self.file.borrow();
            let mut ranges = file.problems.iter().map(|(range, _)| range.clone());
            if forward {
                let first = ranges.clone().next();
                ranges.find(|it| it.start > head).or(first)
            } else {
                let last = ranges.clone().next_back();
                ranges.rfind(|it| it.start < head).or(last)
            }
        };
        let start = found.map(|it| self.file.borrow().buffer.text().boundary(it.start));
        let Some(start) = start else {
            self.tell("No problems");
            return;
        };
        self.select(start..start, Reveal::Center);
        self.look_at(start, true);
        let message = self.problems_at(start).first().map(Diagnostic::message);
        self.say(&message.unwrap_or_default());
    }
}
