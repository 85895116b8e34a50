//! The mouse: selecting by character, word and line, scrolling while dragging, hovering.

use std::ops::Range;

use editor_core::commands::block::{Block, Corner};
use editor_core::{Caret, Motion, Origin, Selection, Text, Transaction, words};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, MouseEvent};

use super::editing::Editing;
use super::viewport::whole;

/// A selection that is being dragged.
pub(crate) struct Drag {
    unit: Unit,
    /// What was selected by the press; it stays selected.
    origin: Range<usize>,
    /// Carets that stay, of a press with Alt.
    others: Vec<Caret>,
    /// Where a press with Alt was: dragged to another line, it selects a rectangle.
    corner: Option<Corner>,
    /// Where the pointer is on the screen.
    at: (f64, f64),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Character,
    Word,
    Line,
}

impl Unit {
    fn around(self, text: &Text, offset: usize) -> Range<usize> {
        match self {
            Self::Character => offset..offset,
            Self::Word => words::word_at(text, offset),
            Self::Line => {
                let line = text.line_of(offset);
                text.line_start(line)..text.line_start(line + 1)
            }
        }
    }
}

impl Editing {
    pub(crate) fn mouse_down(&self, event: &Event) {
        let (Some(event), Some(surface)) = (event.dyn_ref::<MouseEvent>(), self.surface.get())
        else {
            return;
        };
        let on_scroll_bar = event.target().as_ref() == Some(surface.scroller.as_ref())
            && (event.offset_x() > surface.scroller.client_width()
                || event.offset_y() > surface.scroller.client_height());
        if on_scroll_bar {
            return;
        }
        event.prevent_default();
        surface.focus();
        if self.is_attached() {
            self.close_popups();
        }
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        let Some(offset) = self.offset_at(at) else {
            return;
        };
        if event.button() != 0 {
            self.other_button(offset);
            return;
        }
        let text_left = surface.content.get_bounding_client_rect().left();
        if self.is_attached() && self.press_beside_text(event, offset, at.0 - text_left) {
            return;
        }
        let in_gutter = at.0 < text_left;
        let unit = match event.detail() {
            _ if in_gutter => Unit::Line,
            2 => Unit::Word,
            3.. => Unit::Line,
            _ => Unit::Character,
        };
        let drag = self.begin(offset, unit, event, at);
        *self.drag.borrow_mut() = Some(drag);
        self.drag_to(offset);
        if self.is_attached() && (event.ctrl_key() || event.meta_key()) {
            self.go_to_definition();
        }
    }

    fn begin(&self, offset: usize, unit: Unit, event: &MouseEvent, at: (f64, f64)) -> Drag {
        let file = self.file.borrow();
        let selection = file.state().selection();
        let origin = if event.shift_key() {
            let anchor = selection.primary().anchor;
            anchor..anchor
        } else {
            unit.around(file.buffer.text(), offset)
        };
        let others = if event.alt_key() {
            selection.carets().to_vec()
        } else {
            Vec::new()
        };
        let is_block = event.alt_key() && unit == Unit::Character;
        let corner = if event.shift_key() {
            Some(Block::of(file.buffer.text(), selection.primary()).anchor)
        } else {
            self.corner_at(at)
        };
        Drag {
            unit,
            origin,
            others,
            corner: corner.filter(|_| is_block),
            at,
        }
    }

    /// A press of another button moves the caret, unless it is on what is selected.
    fn other_button(&self, offset: usize) {
        let transaction = {
            let file = self.file.borrow();
            let state = file.state();
            let holds = |it: &Caret| it.start() <= offset && offset <= it.end() && !it.is_empty();
            if state.selection().carets().iter().any(holds) {
                return;
            }
            Transaction::select(state, Selection::at(offset), Origin::Pointer)
        };
        self.apply(transaction);
    }

    pub(crate) fn drag_moved(&self, event: &Event) {
        let Some(event) = event.dyn_ref::<MouseEvent>() else {
            return;
        };
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        match self.drag.borrow_mut().as_mut() {
            Some(drag) => drag.at = at,
            None => return,
        }
        if event.buttons() & 1 == 0 {
            *self.drag.borrow_mut() = None;
            return;
        }
        self.drag_on(at);
    }

    fn drag_on(&self, at: (f64, f64)) {
        let corner = self.drag.borrow().as_ref().and_then(|it| it.corner);
        let block = corner.zip(self.corner_at(at));
        let block = block.map(|(anchor, head)| Block { anchor, head });
        match block.filter(|it| it.anchor.line != it.head.line) {
            Some(block) => self.show_block(block, Origin::Pointer),
            None => {
                if let Some(offset) = self.offset_at(at) {
                    self.drag_to(offset);
                }
            }
        }
    }

    pub(crate) fn drag_ended(&self, _event: &Event) {
        *self.drag.borrow_mut() = None;
    }

    fn drag_to(&self, offset: usize) {
        let transaction = {
            let (file, drag) = (self.file.borrow(), self.drag.borrow());
            let Some(drag) = drag.as_ref() else { return };
            let here = drag.unit.around(file.buffer.text(), offset);
            let caret = if here.start < drag.origin.start {
                Caret::new(drag.origin.end, here.start)
            } else {
                Caret::new(drag.origin.start, here.end.max(drag.origin.end))
            };
            let mut carets = drag.others.clone();
            carets.push(caret);
            let selection = Selection::new(carets, drag.others.len());
            if selection == *file.state().selection() {
                return;
            }
            Transaction::select(file.state(), selection, Origin::Pointer)
        };
        self.apply(transaction);
    }

    /// Scrolls while the pointer is dragged beyond an edge, faster the farther it is.
    pub(crate) fn scroll_while_dragging(&self) {
        let Some(surface) = self.surface.get() else {
            return;
        };
        let Some(at) = self.drag.borrow().as_ref().map(|it| it.at) else {
            return;
        };
        let edges = surface.scroller.get_bounding_client_rect();
        let beyond = |at: f64, low: f64, high: f64| (at - high).max(0.0) - (low - at).max(0.0);
        let down = beyond(at.1, edges.top(), edges.bottom());
        let right = beyond(at.0, edges.left(), edges.right());
        if down == 0.0 && right == 0.0 {
            return;
        }
        let (top, left) = {
            let view = self.screen.borrow().view;
            let top = (view.top + down.clamp(-60.0, 60.0) / 2.0).max(0.0);
            (top, (view.left + right.clamp(-60.0, 60.0) / 2.0).max(0.0))
        };
        self.scroll_to(top, left);
        self.drag_on(at);
    }

    /// The line and column at a place of the screen; the column may be behind the line's end.
    fn corner_at(&self, at: (f64, f64)) -> Option<Corner> {
        let offset = self.offset_at(at)?;
        let left = self.surface.get()?.lines.get_bounding_client_rect().left();
        let width = self.screen.borrow().metrics.char_width.max(1.0);
        Some(Corner {
            line: self.file.borrow().buffer.text().line_of(offset),
            column: whole(((at.0 - left) / width).round()) as u32,
        })
    }

    /// Moves a corner of the rectangle that is selected, or of the one between the ends of the
    /// caret.
    pub(crate) fn select_block(&self, motion: Motion) {
        let block = {
            let file = self.file.borrow();
            let (text, selection) = (file.buffer.text(), file.state().selection());
            let is_selected = |it: &Block| it.selection(text, &file.rows) == *selection;
            let block = self.block.get().filter(is_selected);
            let block = block.unwrap_or_else(|| Block::of(text, selection.primary()));
            block.stepped(text, &file.rows, motion)
        };
        self.show_block(block, Origin::Move);
    }

    fn show_block(&self, block: Block, origin: Origin) {
        self.block.set(Some(block));
        let transaction = {
            let file = self.file.borrow();
            block.select(file.state(), &file.rows, origin)
        };
        self.apply(transaction);
    }

    /// The offset of the text at a place of the screen.
    pub(crate) fn offset_at(&self, at: (f64, f64)) -> Option<usize> {
        let surface = self.surface.get()?;
        let origin = surface.lines.get_bounding_client_rect();
        let file = self.file.borrow();
        let screen = self.screen.borrow();
        let text = file.buffer.text();
        let y = at.1 - origin.top();
        if y < 0.0 {
            return Some(0);
        }
        let row = screen.view.row_at(y);
        if row >= file.rows.count(text.line_count()) {
            return Some(text.len());
        }
        let line = file.rows.line_at(row);
        let content = text.line(line);
        let element = screen.drawn.lines.element(line);
        let x = at.0 - origin.left();
        let byte = match file.rows.broken(text, line) {
            None => screen.metrics.byte_at(&content, x, element),
            Some(broken) => {
                let within = row - file.rows.row_of(line);
                screen.metrics.byte_in_row(&content, &broken, within, x)
            }
        };
        Some(text.line_start(line) + byte)
    }

    pub(crate) fn mouse_move(&self, event: &Event) {
        let Some(event) = event.dyn_ref::<MouseEvent>() else {
            return;
        };
        if event.buttons() == 0 && self.is_attached() {
            let at = (f64::from(event.client_x()), f64::from(event.client_y()));
            self.pointer_rests(at);
        }
    }

    pub(crate) fn pointer_away(&self) {
        if self.is_attached() {
            self.pointer_left();
        }
    }

    /// Text that is dropped on the editor goes where it is dropped.
    pub(crate) fn dropped(&self, event: &Event) {
        let Some(event) = event.dyn_ref::<DragEvent>() else {
            return;
        };
        let data = event
            .data_transfer()
            .and_then(|it| it.get_data("text/plain").ok());
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        if let (Some(data), Some(offset)) = (data, self.offset_at(at))
            && !data.is_empty()
        {
            event.prevent_default();
            self.other_button(offset);
            self.paste(&data, false);
        }
    }

    pub(crate) fn scrolled(&self) {
        if let Some(surface) = self.surface.get() {
            let mut screen = self.screen.borrow_mut();
            screen.view.top = f64::from(surface.scroller.scroll_top());
            screen.view.left = f64::from(surface.scroller.scroll_left());
        }
        if self.is_attached() {
            self.popups_scrolled();
        }
        self.ask_frame_to_scroll();
    }

    /// Reads the sizes again, of the font as well: zooming changes it.
    pub(crate) fn resized(&self) {
        if let Some(surface) = self.surface.get() {
            let metrics = super::measure::Metrics::read(&surface.document, &surface.lines);
            let mut screen = self.screen.borrow_mut();
            screen.metrics = metrics.unwrap_or(screen.metrics);
            screen.view.line_height = screen.metrics.line_height;
            screen.view.width = f64::from(surface.scroller.client_width());
            screen.view.height = f64::from(surface.scroller.client_height());
            screen.drawn.forget_size();
        }
        self.ask_frame();
    }
}
