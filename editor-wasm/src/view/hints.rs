//! What the language server knows about lines: hints of values, and lenses of objects.
//!
//! Both stand behind their line. A hint between letters would move what is to the right of it, a
//! lens above a line all that is below, away from under the pointer and the eyes.

use std::ops::Range;
use std::rc::Rc;

use editor_core::Decorations;
use gloo::timers::callback::Timeout;
use serde_json::{Value, json};
use yew::AttrValue;

use super::LineNote;
use super::editing::Editing;
use super::language::Then;
use crate::lsp::protocol::{LIVE, list, text};
use crate::lsp::{Link, Location, Position, Range as Place, sync};

/// How long the text and the view rest before the server is asked, in milliseconds.
const PAUSE: u32 = 250;
/// Lines beyond what is seen for which hints are asked too.
const MARGIN: usize = 60;

impl Editing {
    /// Asks for hints and lenses when the text and the view have come to rest.
    #[inline(never)]
    pub(crate) fn hints_later(&self) {
        let Some(me) = self.rc() else { return };
        let wait = Timeout::new(PAUSE, move || me.ask_hints());
        self.popups.borrow_mut().hints = Some(wait);
    }

    /// The view was scrolled: hints beyond what is known are asked for.
    #[inline(never)]
    pub(crate) fn hints_for_view(&self) {
        let seen = self.lines_seen();
        let known = self.file.borrow().hinted.clone();
        let is_known = known.start <= seen.start && seen.end <= known.end;
        if !is_known && self.shows_hints() {
            self.hints_later();
        }
    }

    fn shows_hints(&self) -> bool {
        self.options.get().hints
    }

    /// The lines that are seen.
    fn lines_seen(&self) -> Range<usize> {
        let (file, screen) = (self.file.borrow(), self.screen.borrow());
        let lines = file.buffer.text().line_count();
        let rows = screen.view.rows(file.rows.count(lines));
        let last = rows.end.saturating_sub(1);
        file.rows.line_at(rows.start)..file.rows.line_at(last) + 1
    }

    fn ask_hints(&self) {
        if !self.shows_hints() || self.props().lsp.is_none() {
            return;
        }
        let seen = self.lines_seen();
        let (lines, end) = {
            let file = self.file.borrow();
            let text = file.buffer.text();
            let lines = seen.start.saturating_sub(MARGIN)..seen.end + MARGIN;
            let end = text.line_end(lines.end.min(text.line_count()) - 1);
            (lines, sync::place(text, end).json())
        };
        let start = Position {
            line: lines.start as u32,
            character: 0,
        };
        let uri = self.uri();
        let params = json!({
            "textDocument": { "uri": &*uri },
            "range": { "start": start.json(), "end": end },
        });
        let then: Then = Box::new(move |it, answer| {
            let Ok(answer) = answer else { return };
            {
                let mut file = it.file.borrow_mut();
                let text = file.buffer.text().clone();
                let read = |one: &Value| {
                    let at = Position::read(one.get("position")?)?;
                    let at = text.line_start(at.line as usize);
                    Some((at..at, hint(one)))
                };
                file.hints = Decorations::new(list(Some(&answer), read));
                file.hinted = lines;
            }
            it.ask_frame();
        });
        self.ask("hints", "textDocument/inlayHint", params, then);
        let then: Then = Box::new(|it, answer| {
            let Ok(answer) = answer else { return };
            {
                let mut file = it.file.borrow_mut();
                let text = file.buffer.text().clone();
                let lenses = list(Some(&answer), Lens::read);
                let notes = lenses.iter().enumerate().map(|(idx, lens)| {
                    let at = text.line_start(lens.line as usize);
                    (at..at, lens.note(idx))
                });
                file.lenses = Decorations::new(notes.collect());
                file.lens_places = lenses.into_iter().map(|it| it.places).collect();
            }
            it.ask_frame();
        });
        let params = json!({ "textDocument": { "uri": &*uri } });
        self.ask("lenses", "textDocument/codeLens", params.clone(), then);
        let then: Then = Box::new(|it, answer| {
            let Ok(answer) = answer else { return };
            {
                let mut file = it.file.borrow_mut();
                let (places, goals): (Vec<_>, Vec<_>) =
                    list(Some(&answer), Link::read).into_iter().unzip();
                let places = places.into_iter().enumerate();
                let places = places.map(|(idx, place)| (file.range_of(place), idx));
                file.links = Decorations::new(places.collect());
                file.link_goals = goals.into();
            }
            it.ask_frame();
        });
        self.ask("links", "textDocument/documentLink", params, then);
    }

    /// Where the word at `offset` leads to, outside of the text.
    pub(crate) fn link_at(&self, offset: usize) -> Option<Link> {
        let file = self.file.borrow();
        let (_, idx) = file.links.touching(offset..offset).next()?;
        file.link_goals.get(*idx).cloned()
    }

    /// Shows what the lenses behind a line are about.
    pub(crate) fn press_on_lens(&self, line: usize) -> bool {
        let places = {
            let file = self.file.borrow();
            let start = file.buffer.text().line_start(line);
            let lenses = file.lenses.touching(start..start);
            let places = lenses.filter_map(|(_, it)| file.lens_places.get(it.line as usize));
            places.flatten().cloned().collect::<Vec<_>>()
        };
        let found = !places.is_empty();
        if found {
            self.choose_place(places, "");
        }
        found
    }

    /// Shows hints and lenses from now on, or none.
    pub(crate) fn toggle_hints(&self) {
        let shown = !self.shows_hints();
        self.set_options(|it| it.hints = shown);
        if shown {
            self.hints_later();
        } else {
            let mut file = self.file.borrow_mut();
            file.hints = Decorations::default();
            file.lenses = Decorations::default();
            file.hinted = 0..0;
        }
        self.say(if shown {
            "Hints are shown"
        } else {
            "Hints are hidden"
        });
        self.ask_frame();
    }
}

/// A hint as the protocol has it. The line is not asked for again.
fn hint(value: &Value) -> LineNote {
    let words = match value.get("label") {
        Some(Value::Array(parts)) => {
            let parts = parts.iter().map(|it| text(it, "value").to_string());
            parts.collect::<String>().into()
        }
        _ => text(value, "label"),
    };
    let title = match value.get("tooltip") {
        Some(Value::String(title)) => title.as_str().into(),
        Some(markup) => text(markup, "value"),
        None => Rc::from(""),
    };
    LineNote {
        line: 0,
        text: words.into(),
        class: "ed-hint-note".into(),
        title: title.into(),
    }
}

/// A lens as the protocol has it.
struct Lens {
    line: u32,
    words: Rc<str>,
    /// What it is about.
    places: Vec<Location>,
    class: String,
}

impl Lens {
    /// `None` for one without words.
    fn read(value: &Value) -> Option<Self> {
        let command = value.get("command")?;
        let words = text(command, "title");
        let shows_places = &*text(command, "command") == "editor.action.showReferences";
        let places = command.pointer("/arguments/2").filter(|_| shows_places);
        let places = list(places, Location::read);
        let class = match command.pointer("/arguments/0").and_then(Value::as_str) {
            Some(state) if &*text(command, "command") == LIVE => state.to_owned(),
            _ if places.is_empty() => "ed-lens".to_owned(),
            _ => "ed-lens ed-goes".to_owned(),
        };
        (!words.is_empty()).then_some(Self {
            line: Place::read(value.get("range")?)?.start.line,
            words,
            places,
            class,
        })
    }

    /// What is drawn; its line is the index of the lens.
    fn note(&self, idx: usize) -> LineNote {
        LineNote {
            line: idx as u32,
            text: self.words.clone().into(),
            class: self.class.clone().into(),
            title: AttrValue::default(),
        }
    }
}
