//! What the language server knows, asked for and put to use.

use std::ops::Range;
use std::rc::Rc;

use editor_core::{Applied, Command, Decorations, Motion, Origin, sort_by_key, words};
use gloo::timers::callback::Timeout;
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::editing::{Editing, now};
use super::viewport::Reveal;
use crate::lsp::protocol::{list, text, workspace_edit};
use crate::lsp::{Action, Diagnostic, FileDiagnostics, Location, LspError, Symbol, TextEdit, sync};
use crate::popups::completion::Completion;
use crate::popups::fixes::Fixes;
use crate::popups::hover::Hover;
use crate::popups::rename::Rename;

/// How long the pointer rests before a card opens, in milliseconds.
const REST: u32 = 350;
/// How long a card stays when the pointer has left its word.
const LEAVE: u32 = 250;
/// How long a row is selected before its documentation is asked for.
const LOOK: u32 = 60;

type Then = Box<dyn FnOnce(&Editing, Result<Value, LspError>)>;

// Keeping the server and the text in step.
impl Editing {
    /// Listens to the server from now on.
    pub(crate) fn connect(&self) {
        let (Some(lsp), Some(me)) = (self.props().lsp, self.rc()) else {
            return;
        };
        let me = Rc::downgrade(&me);
        let listener = lsp.on_diagnostics(Callback::from(move |(uri, found): FileDiagnostics| {
            if let Some(editing) = me.upgrade() {
                editing.diagnosed(&uri, &found);
            }
        }));
        *self.subscription.borrow_mut() = Some(listener);
    }

    pub(crate) fn open_in_server(&self) {
        if let Some(lsp) = self.props().lsp {
            let (uri, text) = {
                let file = self.file.borrow();
                (file.uri.clone(), file.buffer.text().clone())
            };
            lsp.open(&uri, &text);
            self.diagnosed(&uri, &lsp.diagnostics(&uri));
        }
    }

    pub(crate) fn tell_server(&self, applied: &Applied) {
        if let Some(lsp) = self.props().lsp {
            let file = self.file.borrow();
            let before = applied.before.text();
            lsp.change(&file.uri, before, &applied.changes, file.buffer.text());
        }
    }

    fn diagnosed(&self, uri: &str, found: &Rc<[Diagnostic]>) {
        {
            let mut file = self.file.borrow_mut();
            if *file.uri != *uri {
                return;
            }
            let place = |it: &Diagnostic| (file.range_of(it.range), Rc::new(it.clone()));
            let problems = Decorations::new(found.iter().map(place).collect());
            file.problems = problems;
        }
        self.ask_frame();
        self.props().on_problems.emit(found.clone());
    }

    /// Asks for something about this text; an answer about an older text is dropped.
    fn ask(&self, purpose: &'static str, method: &'static str, params: Value, then: Then) {
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
    fn place(&self, offset: usize) -> Value {
        let file = self.file.borrow();
        json!({
            "textDocument": { "uri": &*file.uri },
            "position": sync::place(file.buffer.text(), offset).json(),
        })
    }

    fn head(&self) -> usize {
        self.file.borrow().state().selection().primary().head
    }
}

// The list of completions.
impl Editing {
    /// Lets what is open follow a change or a move of the caret.
    pub(crate) fn popups_follow(&self, applied: &Applied) {
        let changed = !applied.changes.is_empty();
        let moved = applied.before.selection() != self.file.borrow().state().selection();
        if !changed && !moved {
            return;
        }
        {
            let mut popups = self.popups.borrow_mut();
            popups.hover = None;
            popups.fixes = None;
            if changed && popups.find.open {
                drop(popups);
                self.search_later();
            }
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
        self.redraw_popups.emit(());
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
        before.is_some_and(|c| c.is_alphanumeric())
    }

    /// A composition is settled: it is typed text now.
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

    fn ask_list(&self, by_hand: bool) {
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
                it.say("No completions");
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
        self.redraw_popups.emit(());
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
                it.redraw_popups.emit(());
            });
            me.ask("resolve", "completionItem/resolve", item.raw, then);
        });
        self.popups.borrow_mut().pause = Some(wait);
    }

    fn step_list(&self, rows: isize) {
        if let Some(list) = &mut self.popups.borrow_mut().completion {
            list.step(rows);
        }
        self.look_at_row();
        self.redraw_popups.emit(());
    }

    /// Accepts a row that was clicked.
    pub(crate) fn accept_row(&self, row: usize) {
        if let Some(list) = &mut self.popups.borrow_mut().completion {
            list.selected = row;
        }
        self.accept();
    }

    fn accept(&self) {
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

    /// Lists what a field of a snippet can be. Whether it is such a field.
    fn offer_choices(&self) -> bool {
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
    pub(crate) fn next_field(&self) -> bool {
        let done = self.with_buffer(|it| it.next_field(now()));
        if done {
            self.offer_choices();
        }
        done
    }

    /// Goes to the field of the snippet before.
    pub(crate) fn previous_field(&self) -> bool {
        self.with_buffer(|it| it.previous_field(now()))
    }
}

// Cards, fixes, names.
impl Editing {
    /// The pointer stands still or moves over the text.
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
            self.redraw_popups.emit(());
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
        if !card.problems.is_empty() {
            self.ask_fixes_for_card(&card);
            self.popups.borrow_mut().hover = Some(card);
            self.redraw_popups.emit(());
            self.ask_hover(offset, None);
        } else {
            self.ask_hover(offset, Some(card));
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
            it.redraw_popups.emit(());
        });
        self.ask("hover", "textDocument/hover", self.place(offset), then);
    }

    fn problems_at(&self, offset: usize) -> Vec<Rc<Diagnostic>> {
        let file = self.file.borrow();
        let found = file.problems.touching(offset..offset);
        let mut problems: Vec<_> = found.map(|(_, it)| it.clone()).collect();
        sort_by_key(&mut problems, |it| it.severity);
        problems
    }

    fn ask_fixes_for_card(&self, card: &Hover) {
        let params = self.actions_of(&card.range, &card.problems);
        let then: Then = Box::new(|it, answer| {
            let fixes = list(answer.ok().as_ref(), Action::read);
            if let Some(hover) = &mut it.popups.borrow_mut().hover {
                hover.fixes = fixes;
            }
            it.redraw_popups.emit(());
        });
        self.ask("fixes", "textDocument/codeAction", params, then);
    }

    fn actions_of(&self, range: &Range<usize>, problems: &[Rc<Diagnostic>]) -> Value {
        let file = self.file.borrow();
        let place = |it| sync::place(file.buffer.text(), it).json();
        let raw = |it: &Rc<Diagnostic>| {
            // Where it is by now.
            let mut raw = it.raw.clone();
            let found = file
                .problems
                .iter()
                .find(|(_, known)| Rc::ptr_eq(known, it));
            if let Some((range, _)) = found {
                raw["range"] = json!({ "start": place(range.start), "end": place(range.end) });
            }
            raw
        };
        json!({
            "textDocument": { "uri": &*file.uri },
            "range": { "start": place(range.start), "end": place(range.end) },
            "context": { "diagnostics": problems.iter().map(raw).collect::<Vec<_>>() },
        })
    }

    fn quick_fix(&self) {
        let caret = self.file.borrow().state().selection().primary();
        let problems = self.problems_at(caret.head);
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
            it.redraw_popups.emit(());
        });
        let params = self.actions_of(&caret.range(), &problems);
        self.ask("fixes", "textDocument/codeAction", params, then);
    }

    /// The fixes for a problem, for a list beside the editor.
    pub(crate) async fn fixes_for(&self, problem: &Diagnostic) -> Vec<Action> {
        let Some(lsp) = self.props().lsp else {
            return Vec::new();
        };
        let known = {
            let file = self.file.borrow();
            file.problems
                .iter()
                .find(|(_, it)| ***it == *problem)
                .map(|(range, it)| (range.clone(), it.clone()))
        };
        let Some((range, problem)) = known else {
            return Vec::new();
        };
        let params = self.actions_of(&range, &[problem]);
        let answer = lsp.request("textDocument/codeAction", params).await;
        list(answer.ok().as_ref(), Action::read)
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
                self.apply_edits(edits);
            } else {
                self.props()
                    .on_edits
                    .emit((uri.clone(), edits.as_slice().into()));
            }
        }
    }

    pub(crate) fn go_to_definition(&self) {
        let then: Then = Box::new(|it, answer| {
            let Ok(answer) = answer else { return };
            let places = match &answer {
                Value::Array(_) => list(Some(&answer), Location::read),
                one => Location::read(one).into_iter().collect(),
            };
            let Some(place) = places.into_iter().next() else {
                it.say("No definition found");
                return;
            };
            if place.uri == it.uri() {
                let range = it.file.borrow().range_of(place.range);
                it.select(range, Reveal::Center);
            } else {
                it.props().on_navigate.emit(place);
            }
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
            it.redraw_popups.emit(());
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
                it.redraw_popups.emit(());
            }
            Err(_) => {}
        });
        self.ask("rename", "textDocument/rename", params, then);
    }

    pub(crate) fn close_rename(&self) {
        self.popups.borrow_mut().rename = None;
        self.redraw_popups.emit(());
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

    /// The outline.
    pub(crate) async fn symbols(&self) -> Vec<Symbol> {
        let Some(lsp) = self.props().lsp else {
            return Vec::new();
        };
        let params = json!({ "textDocument": { "uri": &*self.uri() } });
        let answer = lsp
            .newest("symbols", "textDocument/documentSymbol", params)
            .await;
        list(answer.ok().as_ref(), Symbol::read)
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
        let Some(range) = found else {
            self.say("No problems");
            return;
        };
        self.select(range.start..range.start, Reveal::Center);
        self.look_at(range.start, true);
        let message = self
            .problems_at(range.start)
            .first()
            .map(|it| it.message.clone());
        self.say(message.as_deref().unwrap_or_default());
    }
}

// Keys and what they open.
impl Editing {
    /// Runs a command that is about something other than text and carets.
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
            Command::Format => self.format(),
            Command::NextProblem => self.go_to_problem(true),
            Command::PreviousProblem => self.go_to_problem(false),
            _ => return false,
        }
        true
    }

    /// Keys that an open list takes.
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
        self.redraw_popups.emit(());
        true
    }

    /// Closes lists and cards. Whether any was open.
    pub(crate) fn cancel_popup(&self) -> bool {
        let mut popups = self.popups.borrow_mut();
        let list = popups.completion.take().is_some();
        let fixes = popups.fixes.take().is_some();
        let hover = popups.hover.take().is_some();
        popups.pointer = None;
        drop(popups);
        if list || fixes || hover {
            self.redraw_popups.emit(());
        }
        list || fixes || hover
    }

    pub(crate) fn close_popups(&self) {
        self.cancel_popup();
    }

    pub(crate) fn focus_lost(&self) {
        let mut popups = self.popups.borrow_mut();
        popups.completion = None;
        popups.fixes = None;
        drop(popups);
        self.redraw_popups.emit(());
    }

    /// Cards do not scroll along; lists do.
    pub(crate) fn popups_scrolled(&self) {
        let mut popups = self.popups.borrow_mut();
        popups.hover = None;
        drop(popups);
        self.redraw_popups.emit(());
    }
}

/// Markdown out of the forms that the protocol allows.
fn markup(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(markup).collect::<Vec<_>>().join("\n\n"),
        value => text(value, "value").to_string(),
    }
}
