//! What the language server knows, as popups and marks.
use super::editing::{Editing, File};
use editor_core::{Applied, Command};
use std::ops::Range;

impl Editing {
    pub(crate) fn popups_follow(&self, _applied: &Applied) {}
    pub(crate) fn close_popups(&self) {}
    pub(crate) fn run_popup(&self, _command: Command) -> bool {
        false
    }
    pub(crate) fn cancel_popup(&self) -> bool {
        false
    }
    pub(crate) fn close_find(&self) -> bool {
        false
    }
    pub(crate) fn popup_key(&self, _command: Command) -> bool {
        false
    }
    pub(crate) fn popups_scrolled(&self) {}
    pub(crate) fn pointer_rests(&self, _at: (f64, f64)) {}
    pub(crate) fn pointer_left(&self) {}
    pub(crate) fn focus_lost(&self) {}
    pub(crate) fn composed(&self) {}
    pub(crate) fn go_to_definition(&self) {}
    pub(crate) fn current_match(&self, _file: &File) -> Option<Range<usize>> {
        None
    }
    pub(crate) fn search_again(&self) {}
    pub(crate) fn open_in_server(&self) {}
    pub(crate) fn tell_server(&self, _applied: &Applied) {}
    pub(crate) fn connect(&self) {}
}
