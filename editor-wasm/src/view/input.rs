//! Keys, input methods and the clipboard become commands and texts.
//!
//! The browser edits a small window of the text, the line of the caret, through an `EditContext`
//! or a hidden text area. What it did there is done to the text; then the window is made anew, but
//! never while an input method is composing, which would break it off.

use editor_core::{Chord, Command, Origin, Transaction, byte_of_utf16, commands, utf16_len};
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DomRect, Event, EventTarget, KeyboardEvent};

use super::edit_context::{number, string};
use super::editing::{Editing, TabMoves};
use super::surface::Surface;

/// Bytes of a line that the browser sees on each side of the caret.
const REACH: usize = 2_000;

/// What the browser sees of the text.
#[derive(Default)]
pub(crate) struct InputWindow {
    /// Where it starts in the text.
    start: usize,
    text: String,
    /// What is selected in it, in UTF-16 code units.
    selection: (usize, usize),
    /// Set while an input method is composing.
    pub(crate) composing: Option<()>,
    /// What was copied as whole lines, to be pasted as such.
    copied_lines: Option<String>,
}

type Handler = fn(&Editing, &Event);

impl Editing {
    pub(crate) fn listen(&self) {
        let Some(surface) = self.surface.get() else {
            return;
        };
        let scroller: &EventTarget = &surface.scroller;
        let handlers: [(&'static str, Handler); 13] = [
            ("keydown", Self::key_down),
            ("copy", Self::copy),
            ("cut", Self::cut),
            ("paste", Self::paste_event),
            ("focusin", |it, _| it.focus_changed(true)),
            ("focusout", |it, _| it.focus_changed(false)),
            ("scroll", |it, _| it.scrolled()),
            ("mousedown", Self::mouse_down),
            ("mousemove", Self::mouse_move),
            ("mouseleave", |it, _| it.pointer_away()),
            ("dragover", |_, event| event.prevent_default()),
            ("drop", Self::dropped),
            ("beforeinput", Self::before_input),
        ];
        for (name, handler) in handlers {
            self.on(scroller, name, handler);
        }
        if let Some(window) = web_sys::window() {
            self.on(&window, "mousemove", Self::drag_moved);
            self.on(&window, "mouseup", Self::drag_ended);
            self.on(&window, "resize", |it, _| it.resized());
        }
        let (target, handlers): (&EventTarget, &[(&'static str, Handler)]) =
            match (&surface.context, &surface.text_area) {
                (Some(context), _) => (
                    context,
                    &[
                        ("textupdate", Self::text_updated),
                        ("compositionstart", |it, _| it.composition_started()),
                        ("compositionend", |it, _| it.composition_ended()),
                        ("characterboundsupdate", Self::bounds_wanted),
                    ],
                ),
                (None, Some(area)) => (
                    area,
                    &[
                        ("input", |it, _| it.area_changed()),
                        ("compositionstart", |it, _| it.composition_started()),
                        ("compositionend", |it, _| it.area_composed()),
                    ],
                ),
                (None, None) => return,
            };
        for &(name, handler) in handlers {
            self.on(target, name, handler);
        }
    }

    fn on(&self, target: &EventTarget, name: &'static str, handler: Handler) {
        let Some(me) = self.rc().map(|it| std::rc::Rc::downgrade(&it)) else {
            return;
        };
        let options = EventListenerOptions {
            phase: EventListenerPhase::Bubble,
            passive: false,
        };
        let listener = EventListener::new_with_options(target, name, options, move |event| {
            if let Some(editing) = me.upgrade() {
                handler(&editing, event);
            }
        });
        self.listeners.borrow_mut().push(listener);
    }

    fn key_down(&self, event: &Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        // 229 stands for a key that an input method has taken.
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        let (key, code) = (event.key(), event.code());
        let chord = Chord {
            key: &key,
            code: &code,
            ctrl: event.ctrl_key(),
            alt: event.alt_key(),
            shift: event.shift_key(),
            meta: event.meta_key(),
        };
        let page = self.screen.borrow().view.page();
        let command = commands::command_for(&chord, self.platform, page);
        let modifier = matches!(key.as_str(), "Shift" | "Control" | "Alt" | "Meta");
        if modifier {
            return;
        }
        let done = command.is_some_and(|it| self.command_key(it));
        if done {
            event.prevent_default();
            event.stop_propagation();
        }
        if command != Some(Command::Cancel) && self.tab_moves.get() == TabMoves::Once {
            self.tab_moves.set(TabMoves::Never);
        }
    }

    /// Runs what a key asks for. Whether the key is used up.
    fn command_key(&self, command: Command) -> bool {
        let page = self.is_attached();
        if page && self.popup_key(command) {
            return true;
        }
        match command {
            Command::Tab | Command::Outdent if self.tab_moves.get() != TabMoves::Never => false,
            Command::Tab if page && self.next_field() => true,
            Command::Outdent if page && self.previous_field() => true,
            // Not ours to swallow: a panel around may want it.
            Command::Cancel => self.run(command),
            _ => {
                self.run(command);
                true
            }
        }
    }

    fn copy(&self, event: &Event) {
        let Some(data) = event
            .dyn_ref::<ClipboardEvent>()
            .and_then(ClipboardEvent::clipboard_data)
        else {
            return;
        };
        let (text, whole_lines) = commands::editing::copied(self.file.borrow().state());
        event.prevent_default();
        if data.set_data("text/plain", &text).is_ok() {
            self.input.borrow_mut().copied_lines = whole_lines.then_some(text);
        }
    }

    fn cut(&self, event: &Event) {
        self.copy(event);
        let transaction = commands::editing::cut(self.file.borrow().state());
        if let Some(transaction) = transaction {
            self.file.borrow_mut().buffer.close_step();
            self.apply(transaction);
        }
    }

    fn paste_event(&self, event: &Event) {
        let data = event
            .dyn_ref::<ClipboardEvent>()
            .and_then(ClipboardEvent::clipboard_data);
        let Some(text) = data.and_then(|it| it.get_data("text/plain").ok()) else {
            return;
        };
        event.prevent_default();
        let whole_lines = self.input.borrow().copied_lines.as_deref() == Some(text.as_str());
        self.paste(&text, whole_lines);
    }

    fn focus_changed(&self, focused: bool) {
        {
            let mut screen = self.screen.borrow_mut();
            screen.focused = focused;
            screen.drawn.restart_blink = true;
        }
        if let Some(surface) = self.surface.get() {
            let class = if focused {
                "ed-scroller ed-focused"
            } else {
                "ed-scroller"
            };
            surface.scroller.set_class_name(class);
        }
        if focused {
            self.sync_input();
        } else if self.is_attached() {
            self.focus_lost();
        }
        self.ask_frame();
    }

    /// What keyboards without keys ask for.
    fn before_input(&self, event: &Event) {
        let command = match string(event, "inputType").as_str() {
            "insertParagraph" | "insertLineBreak" => Command::NewLine,
            "deleteContentBackward" => Command::DeleteBackward,
            "deleteContentForward" => Command::DeleteForward,
            "deleteWordBackward" => Command::DeleteWordBackward,
            "deleteWordForward" => Command::DeleteWordForward,
            "historyUndo" => Command::Undo,
            "historyRedo" => Command::Redo,
            _ => return,
        };
        if self.input.borrow().composing.is_none() {
            event.prevent_default();
            self.run(command);
        }
    }

    fn text_updated(&self, event: &Event) {
        let range = (
            number(event, "updateRangeStart"),
            number(event, "updateRangeEnd"),
        );
        self.updated(
            range,
            &string(event, "text"),
            number(event, "selectionStart"),
        );
    }

    /// Does to the text what the browser did to its window: `range` became `insert`, and the caret
    /// stands at `caret`, all in UTF-16 code units of the window.
    fn updated(&self, range: (usize, usize), insert: &str, caret: usize) {
        let (start, composing, is_selection, places) = {
            let mut input = self.input.borrow_mut();
            let place = |at| byte_of_utf16(&input.text, at);
            let places = (place(range.0), place(range.1).max(place(range.0)));
            let is_selection = range == input.selection;
            input.text.replace_range(places.0..places.1, insert);
            input.selection = (caret, caret);
            (input.start, input.composing.is_some(), is_selection, places)
        };
        if is_selection && !composing {
            self.type_text(insert);
            return;
        }
        let within = byte_of_utf16(insert, caret.saturating_sub(range.0));
        let (from, to) = (start + places.0, start + places.1);
        let origin = if composing {
            Origin::Compose
        } else {
            Origin::Type
        };
        let transaction = {
            let file = self.file.borrow();
            let primary = file.state().selection().primary();
            Transaction::at_carets(file.state(), origin, |it| {
                let range = if is_selection {
                    it.range()
                } else {
                    // As far from each caret as from the one that the browser knows.
                    let start = (it.head + from).saturating_sub(primary.head);
                    start..(it.head + to).saturating_sub(primary.head)
                };
                (range, insert.to_owned(), within)
            })
        };
        if composing {
            // What is inserted belongs to it, and it grows with what it replaces.
            let mut file = self.file.borrow_mut();
            file.composing.get_or_insert(from..to);
        }
        self.apply(transaction);
    }

    fn composition_started(&self) {
        self.input.borrow_mut().composing = Some(());
        self.file.borrow_mut().buffer.close_step();
    }

    fn composition_ended(&self) {
        self.input.borrow_mut().composing = None;
        {
            let mut file = self.file.borrow_mut();
            file.composing = None;
            file.buffer.close_step();
        }
        self.sync_input();
        if self.is_attached() {
            self.composed();
        }
        self.ask_frame();
    }

    /// Answers where the characters of a composition stand.
    fn bounds_wanted(&self, event: &Event) {
        let Some(context) = self.surface.get().and_then(|it| it.context.as_ref()) else {
            return;
        };
        let (from, to) = (number(event, "rangeStart"), number(event, "rangeEnd"));
        let bounds = Array::new();
        for at in from..to.min(from + 200) {
            let offset = {
                let input = self.input.borrow();
                input.start + byte_of_utf16(&input.text, at)
            };
            let Some((left, top, bottom)) = self.client_place(offset) else {
                continue;
            };
            let width = self.screen.borrow().metrics.char_width;
            let rect =
                DomRect::new_with_x_and_y_and_width_and_height(left, top, width, bottom - top);
            if let Ok(rect) = rect {
                bounds.push(&rect);
            }
        }
        context.update_character_bounds(from as u32, &bounds);
    }

    /// Takes in what was typed into the text area: the part that differs from the window.
    fn area_changed(&self) {
        let Some(area) = self.surface.get().and_then(|it| it.text_area.as_ref()) else {
            return;
        };
        let value = area.value();
        let caret = area.selection_start().ok().flatten().unwrap_or(0) as usize;
        let (range, insert) = {
            let input = self.input.borrow();
            replaced(&input.text, &value, input.selection, caret)
        };
        if range.0 != range.1 || !insert.is_empty() {
            self.updated(range, &insert, caret);
        }
    }

    fn area_composed(&self) {
        self.area_changed();
        self.composition_ended();
    }

    /// Shows the browser the line of the caret.
    pub(crate) fn sync_input(&self) {
        let Some(surface) = self.surface.get() else {
            return;
        };
        let mut input = self.input.borrow_mut();
        if input.composing.is_some() {
            return;
        }
        let file = self.file.borrow();
        let text = file.buffer.text();
        let caret = file.state().selection().primary();
        let line = text.line_of(caret.head);
        let start = text
            .line_start(line)
            .max(text.boundary(caret.head.saturating_sub(REACH)));
        let end = text.line_end(line).min(text.boundary(caret.head + REACH));
        let shown = text.slice(start..end);
        let place = |at: usize| {
            let at = at.clamp(start, end) - start;
            utf16_len(shown.get(..at).unwrap_or(""))
        };
        let selection = (place(caret.start()), place(caret.end()));
        input.start = start;
        input.show(surface, &shown, selection);
    }
}

impl InputWindow {
    fn show(&mut self, surface: &Surface, text: &str, selection: (usize, usize)) {
        let (from, to) = (selection.0 as u32, selection.1 as u32);
        if let Some(context) = &surface.context {
            if self.text != text {
                context.update_text(0, utf16_len(&self.text) as u32, text);
            }
            context.update_selection(from, to);
        } else if let Some(area) = &surface.text_area {
            if area.value() != text {
                area.set_value(text);
            }
            // Only a detached element refuses.
            let _ = area.set_selection_range(from, to);
        }
        text.clone_into(&mut self.text);
        self.selection = selection;
    }
}

/// What was replaced by what, in UTF-16 code units, between two values of a text area. The
/// selection before and the caret after decide between equal letters.
fn replaced(
    old: &str,
    new: &str,
    selection: (usize, usize),
    caret: usize,
) -> ((usize, usize), String) {
    let old: Vec<u16> = old.encode_utf16().collect();
    let new: Vec<u16> = new.encode_utf16().collect();
    let tail = new.iter().rev().zip(old.iter().rev());
    let limit = (new.len() - caret.min(new.len())).min(old.len().saturating_sub(selection.1));
    let tail = tail.take(limit).take_while(|(a, b)| a == b).count();
    let head = new[..new.len() - tail].iter().zip(&old[..old.len() - tail]);
    let head = head.take_while(|(a, b)| a == b).count().min(selection.0);
    let insert = String::from_utf16_lossy(&new[head..new.len() - tail]);
    ((head, old.len() - tail), insert)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_found_beside_equal_letters() {
        assert_eq!(replaced("aaa", "aaaa", (1, 1), 2), ((1, 1), "a".to_owned()));
    }

    #[test]
    fn a_composition_replaces_what_it_composed() {
        assert_eq!(
            replaced("x ni", "x 你", (4, 4), 3),
            ((2, 4), "你".to_owned())
        );
    }

    #[test]
    fn a_selection_is_replaced() {
        assert_eq!(
            replaced("one two", "x two", (0, 3), 1),
            ((0, 3), "x".to_owned())
        );
    }

    #[test]
    fn deleting_backward_is_found() {
        assert_eq!(replaced("abb", "ab", (3, 3), 2), ((2, 3), String::new()));
    }
}
