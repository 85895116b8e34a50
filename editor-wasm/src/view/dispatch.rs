//! Commands that open something, and keys that an open list takes.

use std::rc::Rc;

use editor_core::commands::titles;
use editor_core::{Command, Motion};
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::CustomEvent;

use super::editing::Editing;

/// The event by which the page around the text runs a command, with its title.
pub(crate) const COMMAND: &str = "kun:command";

impl Editing {
    /// Runs what the page asks for from now on.
    #[inline(never)]
    pub(crate) fn take_orders(&self) {
        let (Some(surface), Some(me)) = (self.surface.get(), self.rc()) else {
            return;
        };
        let me = Rc::downgrade(&me);
        let listener = EventListener::new(&surface.scroller, COMMAND, move |event| {
            let wanted = event.dyn_ref::<CustomEvent>().map(CustomEvent::detail);
            let wanted = wanted.and_then(|it| it.as_string()).unwrap_or_default();
            let found = titles().iter().find(|(title, _)| *title == wanted);
            if let (Some(editing), Some(&(_, command))) = (me.upgrade(), found) {
                editing.run(command);
            }
        });
        self.listeners.borrow_mut().push(listener);
    }

    /// Says something, and shows it for a moment: what a person asked for has no other answer.
    #[inline(never)]
    pub(crate) fn tell(&self, words: &str) {
        {
            let told = &mut self.popups.borrow_mut().told;
            *told = (words.to_owned(), told.1 + 1);
        }
        self.say(words);
    }

    /// Runs a command that is about something other than text and carets.
    #[inline(never)]
    pub(crate) fn run_popup(&self, command: Command) -> bool {
        match command {
            Command::Find => self.open_find(false),
            Command::Replace => self.open_find(true),
            Command::FindNext => self.find_next(),
            Command::FindPrevious => self.find_previous(),
            Command::Complete => self.ask_list(true),
            Command::QuickFix => self.quick_fix(),
            Command::Hover => self.explain(),
            Command::GoToDefinition => self.go_to_definition(),
            Command::PeekDefinition => self.peek_definition(),
            Command::Rename => self.rename(),
            Command::EditEverywhere => self.edit_everywhere(),
            Command::GrowSelection => self.grow_selection(),
            Command::ShrinkSelection => self.shrink_selection(),
            Command::GoToLine => self.go_to_line(),
            Command::GoToSymbol => self.go_to_symbol(),
            Command::GoToSymbolAnywhere => self.go_to_symbol_anywhere(),
            Command::References => self.list_references(),
            Command::ShowCommands => self.show_commands(),
            Command::ToggleHints => self.toggle_hints(),
            Command::ToggleWrap => self.toggle_wrap(),
            Command::ToggleBlanks => self.toggle_blanks(),
            Command::Format => self.format(),
            Command::NextProblem => self.go_to_problem(true),
            Command::PreviousProblem => self.go_to_problem(false),
            Command::SelectBlock(motion) => self.select_block(motion),
            _ => return self.run_rare(command) || self.run_fold(command),
        }
        true
    }

    fn run_rare(&self, command: Command) -> bool {
        let transaction = {
            let file = self.file.borrow();
            command.rare_transaction(file.state(), &file.rows)
        };
        transaction.map(|it| self.apply(it)).is_some()
    }

    /// Keys that an open list takes.
    #[inline(never)]
    pub(crate) fn popup_key(&self, command: Command) -> bool {
        let rows = match command {
            Command::Move(Motion::Up) => -1,
            Command::Move(Motion::Down) => 1,
            Command::Move(Motion::PageUp(_)) => -9,
            Command::Move(Motion::PageDown(_)) => 9,
            _ => 0,
        };
        let chosen = self.popups.borrow().completion.as_ref().map(|it| it.chosen);
        if let Some(chosen) = chosen {
            match command {
                _ if rows != 0 => self.step_list(rows),
                Command::Tab => self.accept(),
                Command::NewLine if chosen => self.accept(),
                _ => return false,
            }
            return true;
        }
        let mut popups = self.popups.borrow_mut();
        let Some(fixes) = &mut popups.fixes else {
            return false;
        };
        match command {
            _ if rows != 0 => fixes.step(rows),
            Command::NewLine | Command::Tab => {
                let action = fixes.actions.get(fixes.selected).cloned();
                drop(popups);
                if let Some(action) = action {
                    self.apply_action(&action);
                }
                return true;
            }
            _ => return false,
        }
        drop(popups);
        self.redraw_popups();
        true
    }

    /// Closes lists and cards. Whether any was open.
    #[inline(never)]
    pub(crate) fn cancel_popup(&self) -> bool {
        let mut popups = self.popups.borrow_mut();
        let list = popups.completion.take().is_some();
        let fixes = popups.fixes.take().is_some();
        let hover = popups.hover.take().is_some();
        popups.pointer = None;
        drop(popups);
        if list || fixes || hover {
            self.redraw_popups();
        }
        list || fixes || hover
    }

    #[inline(never)]
    pub(crate) fn close_popups(&self) {
        self.cancel_popup();
    }

    #[inline(never)]
    pub(crate) fn focus_lost(&self) {
        let mut popups = self.popups.borrow_mut();
        popups.completion = None;
        popups.fixes = None;
        drop(popups);
        self.redraw_popups();
    }

    /// Cards do not scroll along; lists do.
    #[inline(never)]
    pub(crate) fn popups_scrolled(&self) {
        self.hints_for_view();
        let mut popups = self.popups.borrow_mut();
        if popups.anchor().is_none() {
            return;
        }
        popups.hover = None;
        drop(popups);
        self.redraw_popups();
    }
}
