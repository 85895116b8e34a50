//! What the language server knows, asked for and put to use.

use std::ops::Range;
use std::rc::Rc;

use editor_core::{Applied, Command, Decorations, Motion, sort_by_key, words};
use gloo::timers::callback::Timeout;
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::EditorHandle;
use super::editing::{Editing, Problem};
use super::viewport::Reveal;
use crate::lsp::protocol::{list, markup, text, workspace_edit};
use crate::lsp::{Action, Diagnostic, FileDiagnostics, Location, LspError, TextEdit, sync};
use crate::popups::fixes::Fixes;
use crate::popups::hover::Hover;
use crate::popups::rename::Rename;

/// How long the pointer rests before a card opens, in milliseconds.
const REST: u32 = 350;
/// How long a card stays when the pointer has left its word.
const LEAVE: u32 = 250;

pub(crate) type Then = Box<dyn FnOnce(&Editing, Result<Value, LspError>)>;

// Keeping the server and the text in step.
impl Editing {
    /// Listens to the server from now on.
    #[inline(never)]
    pub(crate) fn connect(&self) {
        let (Some(lsp), Some(me)) = (self.props().lsp, self.rc()) else {
            return;
        };
        let me = Rc::downgrade(&me);
        let other = me.clone();
        let listener = lsp.on_diagnostics(Callback::from(move |(uri, found): FileDiagnostics| {
            if let Some(editing) = me.upgrade() {
                editing.diagnosed(&uri, &found);
            }
        }));
        *self.subscription.borrow_mut() = Some(listener);
        lsp.on_refresh(Callback::from(move |()| {
            if let Some(editing) = other.upgrade() {
                editing.hints_later();
            }
        }));
    }

    #[inline(never)]
    pub(crate) fn open_in_server(&self) {
        if let Some(lsp) = self.props().lsp {
            let (uri, text) = {
                let file = self.file.borrow();
                (file.uri.clone(), file.buffer.text().clone())
            };
            lsp.open(&uri, &text);
            self.hints_later();
            self.diagnosed(&uri, &lsp.diagnostics(&uri));
        }
    }

    #[inline(never)]
    pub(crate) fn tell_server(&self, applied: &Applied) {
        if let Some(lsp) = self.props().lsp {
            let file = self.file.borrow();
            let before = applied.before.text();
            lsp.change(&file.uri, before, &applied.changes, file.buffer.text());
        }
    }

    /// Tells the page what has happened to the text.
    #[inline(never)]
    pub(crate) fn tell_page(&self, changed: bool, moved: bool) {
        let props = self.props();
        if changed && let Some(me) = self.rc() {
            props.on_change.emit(EditorHandle(me));
        }
        if moved {
            props.on_caret.emit(self.caret());
        }
    }

    fn diagnosed(&self, uri: &str, found: &Rc<[Diagnostic]>) {
        {
            let mut file = self.file.borrow_mut();
            if *file.uri != *uri {
                return;
            }
            let text = file.buffer.text();
            let place = |(idx, it): (usize, &Diagnostic)| {
                let start = sync::nearby(text, it.range.start);
                let end = sync::nearby(text, it.range.end).max(start);
                let severity = it.severity;
                (start..end, Problem { severity, idx })
            };
            let problems = Decorations::new(found.iter().enumerate().map(place).collect());
            file.problems = problems;
            file.diagnostics = found.clone();
        }
        self.ask_frame();
    }

    /// Asks for something about this text; an answer about an older text is dropped.
    pub(crate) fn ask(
        &self,
        purpose: &'static str,
        method: &'static str,
        params: Value,
        then: Then,
    ) {
        let (Some(lsp), Some(me)) = (self.props().lsp, self.rc()) else {
            return;
        };
        let (uri, version) = self.stamp();
        spawn_local(async move {
            let answer = lsp.newest(purpose, method, params).await;
            if me.stamp() == (uri, version) {
                then(&me, answer);
            }
        });
    }

    fn stamp(&self) -> (Rc<str>, u32) {
        let file = self.file.borrow();
        (file.uri.clone(), file.version)
    }

    /// The parameters that most requests take.
    pub(crate) fn place(&self, offset: usize) -> Value {
        let file = self.file.borrow();
        json!({
            "textDocument": { "uri": &*file.uri },
            "position": sync::place(file.buffer.text(), offset).json(),
        })
    }

    pub(crate) fn head(&self) -> usize {
        self.file.borrow().state().selection().primary().head
    }
}

// Cards, fixes, names.
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

    /// Opens the card about the letter at `offset`.
    fn look_at(&self, offset: usize, by_hand: bool) {
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
            markdown: String::new(),
            held: by_hand,
        };
        if card.problems.is_empty() {
            self.ask_hover(offset, Some(card));
        } else {
            self.ask_fixes_for_card(&card);
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

    fn problems_at(&self, offset: usize) -> Vec<Diagnostic> {
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

    fn actions_of(&self, range: &Range<usize>) -> Value {
        let file = self.file.borrow();
        let place = |it| sync::place(file.buffer.text(), it).json();
        json!({
            "textDocument": { "uri": &*file.uri },
            "range": { "start": place(range.start), "end": place(range.end) },
            // The server knows its own.
            "context": { "diagnostics": [] },
        })
    }

    fn quick_fix(&self) {
        let caret = self.file.borrow().state().selection().primary();
        let then: Then = Box::new(move |it, answer| {
            let mut actions = list(answer.ok().as_ref(), Action::read);
            sort_by_key(&mut actions, |it| !it.preferred);
            if actions.is_empty() {
                it.say("No fixes here");
                return;
            }
            it.popups.borrow_mut().hover = None;
            it.popups.borrow_mut().fixes = Some(Fixes {
                at: caret.head,
                actions,
                selected: 0,
            });
            it.redraw_popups();
        });
        let params = self.actions_of(&caret.range());
        self.ask("fixes", "textDocument/codeAction", params, then);
    }

    /// Does what a fix says.
    pub(crate) fn apply_action(&self, action: &Action) {
        self.close_popups();
        self.apply_everywhere(&action.edits);
        if let Some(surface) = self.surface.get() {
            surface.focus();
        }
    }

    fn apply_everywhere(&self, files: &[(Rc<str>, Vec<TextEdit>)]) {
        let here = self.uri();
        for (uri, edits) in files {
            if *uri == here {
                match edits.as_slice() {
                    [edit] if edit.snippet.is_some() => self.apply_snippet(edit),
                    edits => self.apply_edits(edits),
                }
            } else {
                self.props()
                    .on_edits
                    .emit((uri.clone(), edits.as_slice().into()));
            }
        }
    }

    #[inline(never)]
    pub(crate) fn go_to_definition(&self) {
        let then: Then = Box::new(|it, answer| {
            let Ok(answer) = answer else { return };
            let places = match &answer {
                Value::Array(_) => list(Some(&answer), Location::read),
                one => Location::read(one).into_iter().collect(),
            };
            it.choose_place(places, "No definition found");
        });
        let params = self.place(self.head());
        self.ask("definition", "textDocument/definition", params, then);
    }

    fn rename(&self) {
        let then: Then = Box::new(|it, answer| {
            let found = answer.ok().and_then(|answer| {
                let range = answer.get("range").unwrap_or(&answer);
                Some((
                    crate::lsp::Range::read(range)?,
                    text(&answer, "placeholder"),
                ))
            });
            let Some((range, name)) = found else {
                it.say("Nothing to rename here");
                return;
            };
            let range = it.file.borrow().range_of(range);
            let name = match &*name {
                "" => it
                    .file
                    .borrow()
                    .buffer
                    .text()
                    .slice(range.clone())
                    .into_owned(),
                name => name.to_owned(),
            };
            it.popups.borrow_mut().rename = Some(Rename {
                range,
                name,
                error: None,
            });
            it.redraw_popups();
        });
        let params = self.place(self.head());
        self.ask("rename", "textDocument/prepareRename", params, then);
    }

    /// Renames to what was typed into the box.
    pub(crate) fn rename_to(&self, name: &str) {
        let Some(at) = self
            .popups
            .borrow()
            .rename
            .as_ref()
            .map(|it| it.range.start)
        else {
            return;
        };
        let mut params = self.place(at);
        params["newName"] = name.into();
        let name = name.to_owned();
        let then: Then = Box::new(move |it, answer| match answer {
            Ok(edit) => {
                it.close_rename();
                it.apply_everywhere(&workspace_edit(&edit));
            }
            Err(LspError::Failed(error)) => {
                if let Some(rename) = &mut it.popups.borrow_mut().rename {
                    rename.name = name;
                    rename.error = Some(error);
                }
                it.redraw_popups();
            }
            Err(_) => {}
        });
        self.ask("rename", "textDocument/rename", params, then);
    }

    pub(crate) fn close_rename(&self) {
        self.popups.borrow_mut().rename = None;
        self.redraw_popups();
        if let Some(surface) = self.surface.get() {
            surface.focus();
        }
    }

    fn format(&self) {
        let params = json!({
            "textDocument": { "uri": &*self.uri() },
            "options": { "tabSize": 2, "insertSpaces": true },
        });
        let then: Then = Box::new(|it, answer| match answer {
            Ok(edits) => {
                let edits = list(Some(&edits), TextEdit::read);
                it.say(if edits.is_empty() {
                    "Already formatted"
                } else {
                    "Formatted"
                });
                it.apply_edits(&edits);
            }
            Err(LspError::Failed(error)) => it.say(&error),
            Err(_) => {}
        });
        self.ask("format", "textDocument/formatting", params, then);
    }

    fn go_to_problem(&self, forward: bool) {
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
            self.say("No problems");
            return;
        };
        self.select(start..start, Reveal::Center);
        self.look_at(start, true);
        let message = self.problems_at(start).first().map(Diagnostic::message);
        self.say(&message.unwrap_or_default());
    }
}

// Keys and what they open.
impl Editing {
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
            Command::Hover => self.look_at(self.head(), true),
            Command::GoToDefinition => self.go_to_definition(),
            Command::Rename => self.rename(),
            Command::GoToLine => self.go_to_line(),
            Command::GoToSymbol => self.go_to_symbol(),
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
