//! Going to lines, symbols and uses, and choosing among all commands.

use editor_core::{Caret, Platform, Selection, commands};
use serde_json::{Value, json};

use super::editing::Editing;
use super::language::Then;
use super::viewport::Reveal;
use crate::lsp::protocol::{list, text};
use crate::lsp::{Location, Position, Range, sync};
use crate::popups::picker::{Goal, Picker, Row, Sort};

impl Editing {
    /// Opens a list to choose from.
    pub(crate) fn open_picker(&self, sort: Sort, rows: Vec<Row>) {
        let top = self.screen.borrow().view.top;
        let selection = self.file.borrow().state().selection().clone();
        let picker = Picker::new(sort, rows, (selection, top));
        self.popups.borrow_mut().picker = Some(picker);
        self.redraw_popups();
    }

    pub(crate) fn go_to_line(&self) {
        self.open_picker(Sort::Line, Vec::new());
    }

    /// Lists the commands that have a name, with their keys.
    pub(crate) fn show_commands(&self) {
        let rows = commands::titles()
            .iter()
            .filter(|(_, command)| !(self.is_read_only() && command.edits()));
        let rows = rows.map(|(title, command)| Row {
            label: (*title).to_owned(),
            detail: self.keys_of(*command).unwrap_or_default(),
            depth: 0,
            goal: Goal::Command(*command),
        });
        self.open_picker(Sort::Commands, rows.collect());
    }

    fn keys_of(&self, command: commands::Command) -> Option<String> {
        let mut keys = commands::bindings(self.platform);
        let (keys, _) = keys.find(|(_, it)| *it == command)?;
        Some(match self.platform {
            Platform::Mac => keys
                .replace("Mod+", "⌘")
                .replace("Meta+", "⌘")
                .replace("Ctrl+", "⌃")
                .replace("Alt+", "⌥")
                .replace("Shift+", "⇧"),
            Platform::Other => keys.replace("Mod+", "Ctrl+").replace('+', " + "),
        })
    }

    /// Lists what the text holds.
    pub(crate) fn go_to_symbol(&self) {
        let params = json!({ "textDocument": { "uri": &*self.uri() } });
        let then: Then = Box::new(|it, answer| {
            let mut rows = Vec::new();
            if let Ok(Value::Array(symbols)) = &answer {
                let uri = it.uri();
                for one in symbols {
                    add_symbol(one, &uri, 0, &mut rows);
                }
            }
            if rows.is_empty() {
                it.say("No symbols in this file");
            } else {
                it.open_picker(Sort::Symbols, rows);
            }
        });
        self.ask("symbols", "textDocument/documentSymbol", params, then);
    }

    /// Goes to where the name at the caret is defined.
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

    /// Lists where the name at the caret is used.
    pub(crate) fn list_references(&self) {
        let mut params = self.place(self.head());
        params["context"] = json!({ "includeDeclaration": true });
        let then: Then = Box::new(|it, answer| {
            let places = list(answer.ok().as_ref(), Location::read);
            it.choose_place(places, "No uses found");
        });
        self.ask("references", "textDocument/references", params, then);
    }

    /// Goes to the only place, or lists them.
    pub(crate) fn choose_place(&self, places: Vec<Location>, none: &str) {
        match places.as_slice() {
            [] => self.say(none),
            [place] => self.go_to(place),
            _ => {
                let rows = places.into_iter().map(|place| self.place_row(place));
                self.open_picker(Sort::Places, rows.collect());
            }
        }
    }

    fn place_row(&self, place: Location) -> Row {
        let line = place.range.start.line;
        let file = place.uri.rsplit('/').next().unwrap_or_default();
        let detail = format!("{file}:{}", line + 1);
        let here = self.file.borrow();
        let label = if place.uri == here.uri {
            here.buffer.text().line(line as usize).trim().to_owned()
        } else {
            file.to_owned()
        };
        Row {
            label,
            detail,
            depth: 0,
            goal: Goal::Place(place),
        }
    }

    /// Goes to a place of this file or another.
    pub(crate) fn go_to(&self, place: &Location) {
        if place.uri == self.uri() {
            let range = self.file.borrow().range_of(place.range);
            self.select(range, Reveal::Center);
        } else {
            self.props().on_navigate.emit(place.clone());
        }
    }

    /// Something was typed into the field.
    pub(crate) fn pick_from(&self, query: &str) {
        if let Some(picker) = &mut self.popups.borrow_mut().picker {
            picker.filter(query);
        }
        self.preview();
        self.redraw_popups();
    }

    pub(crate) fn step_picker(&self, rows: isize) {
        if let Some(picker) = &mut self.popups.borrow_mut().picker {
            picker.step(rows);
        }
        self.preview();
        self.redraw_popups();
    }

    pub(crate) fn pick_row(&self, at: usize) {
        if let Some(picker) = &mut self.popups.borrow_mut().picker {
            picker.select(at);
        }
        self.pick();
    }

    /// Shows the place that is selected, if it is in this text.
    fn preview(&self) {
        let range = {
            let (file, popups) = (self.file.borrow(), self.popups.borrow());
            let Some(picker) = &popups.picker else { return };
            match (picker.sort, picker.goal()) {
                (Sort::Line, _) => picker.place().map(|(line, column)| {
                    let character = column.saturating_sub(1);
                    let line = line.saturating_sub(1);
                    let at = sync::offset(file.buffer.text(), Position { line, character });
                    at..at
                }),
                (_, Some(Goal::Place(place)))
                    if place.uri == file.uri && !picker.query.is_empty() =>
                {
                    Some(file.range_of(place.range))
                }
                _ => None,
            }
        };
        if let Some(range) = range {
            self.select(range, Reveal::Center);
        }
    }

    /// Goes to what is selected, or does it.
    pub(crate) fn pick(&self) {
        let goal = {
            let popups = self.popups.borrow();
            popups.picker.as_ref().and_then(|it| it.goal().cloned())
        };
        self.preview();
        self.close_picker();
        if let Some(surface) = self.surface.get() {
            surface.focus();
        }
        match goal {
            Some(Goal::Place(place)) => self.go_to(&place),
            Some(Goal::Command(command)) => {
                self.run(command);
            }
            None => {}
        }
    }

    /// Closes the list and goes back.
    pub(crate) fn cancel_picker(&self) {
        let origin = self.popups.borrow_mut().picker.take().map(|it| it.origin);
        if let Some((selection, top)) = origin {
            self.select_all_of(&selection);
            let left = self.screen.borrow().view.left;
            self.scroll_to(top, left);
        }
        self.redraw_popups();
        if let Some(surface) = self.surface.get() {
            surface.focus();
        }
    }

    fn select_all_of(&self, selection: &Selection) {
        let transaction = {
            let file = self.file.borrow();
            let carets: Vec<Caret> = selection.carets().to_vec();
            let selection = Selection::new(carets, selection.primary_idx());
            editor_core::Transaction::select(file.state(), selection, editor_core::Origin::Pointer)
        };
        self.apply(transaction);
    }

    pub(crate) fn close_picker(&self) {
        if self.popups.borrow_mut().picker.take().is_some() {
            self.redraw_popups();
        }
    }
}

/// Adds a symbol and those in it.
fn add_symbol(symbol: &Value, uri: &std::rc::Rc<str>, depth: usize, rows: &mut Vec<Row>) {
    let range = symbol
        .get("selectionRange")
        .or(symbol.pointer("/location/range"));
    if let Some(range) = range.and_then(Range::read) {
        rows.push(Row {
            label: text(symbol, "name").to_string(),
            detail: text(symbol, "detail").to_string(),
            depth,
            goal: Goal::Place(Location {
                uri: uri.clone(),
                range,
            }),
        });
    }
    if let Some(Value::Array(inner)) = symbol.get("children") {
        for one in inner {
            add_symbol(one, uri, depth + 1, rows);
        }
    }
}
