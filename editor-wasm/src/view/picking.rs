//! Going to lines, symbols and uses, and choosing among all commands.

use editor_core::{Caret, Selection, Text, commands};
use serde_json::{Value, json};

use super::editing::Editing;
use super::language::Then;
use super::viewport::Reveal;
use crate::lsp::protocol::{list, text};
use crate::lsp::{Location, Position, Range, sync};
use crate::popups::picker::{Goal, Picker, Row, Sort};
use crate::route::decode;

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
        let keys = |it| {
            let keys = commands::keys_of(it, self.platform);
            keys.map_or_else(String::new, |it| commands::label(it, self.platform))
        };
        let rows = commands::titles()
            .iter()
            .filter(|(_, command)| !(self.is_read_only() && command.edits()));
        let rows = rows.map(|(title, command)| Row {
            label: (*title).to_owned(),
            detail: keys(*command),
            depth: 0,
            goal: Goal::Command(*command),
        });
        self.open_picker(Sort::Commands, rows.collect());
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
                it.tell("No symbols in this file");
            } else {
                it.open_picker(Sort::Symbols, rows);
            }
        });
        self.ask("symbols", "textDocument/documentSymbol", params, then);
    }

    /// Lists the objects of all files.
    pub(crate) fn go_to_symbol_anywhere(&self) {
        let then: Then = Box::new(|it, answer| {
            let read = |one: &Value| {
                let place = Location::read(one.get("location")?)?;
                let kind = text(one, "containerName");
                let detail = format!("{kind} · {}", place_name(&place));
                let label = text(one, "name").to_string();
                Some(Row::new(label, detail, Goal::Place(place)))
            };
            let rows = list(answer.ok().as_ref(), read);
            if rows.is_empty() {
                it.tell("No objects in these files");
            } else {
                it.open_picker(Sort::Objects, rows);
            }
        });
        let params = json!({ "query": "" });
        self.ask("symbols", "workspace/symbol", params, then);
    }

    /// Goes to where the name at the caret is defined, or out of the text.
    #[inline(never)]
    pub(crate) fn go_to_definition(&self) {
        if let Some(link) = self.link_at(self.head()) {
            if let Some(window) = web_sys::window() {
                // A browser may refuse to open anything.
                let _ =
                    window.open_with_url_and_target_and_features(&link.url, "_blank", "noopener");
            }
            return;
        }
        self.ask_definition(|it, places| it.choose_place(places, "No definition found"));
    }

    /// Shows where the name at the caret is defined, and stays here.
    pub(crate) fn peek_definition(&self) {
        self.ask_definition(|it, places| {
            if places.is_empty() {
                it.tell("No definition found");
            } else {
                it.list_places(places);
            }
        });
    }

    fn ask_definition(&self, then: impl FnOnce(&Self, Vec<Location>) + 'static) {
        let then: Then = Box::new(|it, answer| {
            let Ok(answer) = answer else { return };
            let places = match &answer {
                Value::Array(_) => list(Some(&answer), Location::read),
                one => Location::read(one).into_iter().collect(),
            };
            then(it, places);
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
            [] => self.tell(none),
            [place] => self.go_to(place),
            _ => self.list_places(places),
        }
    }

    fn list_places(&self, places: Vec<Location>) {
        let rows = places.into_iter().map(|place| {
            let label = self.line_at(&place).unwrap_or_default();
            let detail = place_name(&place);
            Row::new(label, detail, Goal::Place(place))
        });
        self.open_picker(Sort::Places, rows.collect());
    }

    /// The text of an open file.
    pub(crate) fn text_of(&self, uri: &str) -> Option<Text> {
        let file = self.file.borrow();
        if *file.uri == *uri {
            return Some(file.buffer.text().clone());
        }
        self.props.borrow().lsp.as_ref()?.text(uri)
    }

    /// What stands in the line of a place.
    pub(crate) fn line_at(&self, place: &Location) -> Option<String> {
        let text = self.text_of(&place.uri)?;
        let line = text.line(place.range.start.line as usize);
        Some(line.trim().to_owned())
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
                (Sort::Symbols, Some(Goal::Place(place))) if !picker.query.is_empty() => {
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
        self.take_focus();
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
        self.take_focus();
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

/// A place in few words.
pub(crate) fn place_name(place: &Location) -> String {
    let file = place.uri.rsplit('/').next().unwrap_or_default();
    format!("{}:{}", decode(file), place.range.start.line + 1)
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
