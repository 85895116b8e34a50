//! Recycled line elements: one string for each line that changed.

use editor_core::{ChangeSet, Text, sort_by_key};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::draw::Row;
use super::layers::px;
use super::surface::{Surface, child};
use super::viewport::times;

/// The elements of the lines that are drawn.
#[derive(Default)]
pub(crate) struct Lines {
    /// In the order of lines, as in the document: assistive technology reads them so.
    slots: Vec<Slot>,
    line_height: f64,
}

/// What is to be drawn.
pub(crate) struct Draw<'a> {
    pub(crate) shown: &'a [Row],
    pub(crate) line_height: f64,
    /// Whether lines that are drawn already may look other than they are drawn.
    pub(crate) repaints: bool,
}

struct Slot {
    line: usize,
    element: HtmlElement,
    html: String,
    /// The row that `element` is placed at.
    placed: Option<usize>,
}

impl Lines {
    /// The element of a line, if it is drawn.
    pub(crate) fn element(&self, line: usize) -> Option<&HtmlElement> {
        let idx = self.slots.binary_search_by_key(&line, |it| it.line).ok()?;
        self.slots.get(idx).map(|it| &it.element)
    }

    /// Lets lines behind an edit keep their elements.
    pub(crate) fn shift(&mut self, before: &Text, changes: &ChangeSet, after: &Text) {
        let mut edits = changes.iter();
        let (Some(change), None) = (edits.next(), edits.next()) else {
            return;
        };
        let last = before.line_of(change.old.end);
        let new_last = after.line_of(change.new.end);
        if last != new_last {
            for slot in &mut self.slots {
                if slot.line >= last && last > new_last {
                    slot.line = slot.line - last + new_last;
                } else if slot.line > last {
                    slot.line = slot.line + new_last - last;
                }
            }
            sort_by_key(&mut self.slots, |it| it.line);
        }
    }

    /// Draws these lines; `html` adds the HTML of one.
    pub(crate) fn draw(
        &mut self,
        surface: &Surface,
        draw: &Draw<'_>,
        mut html: impl FnMut(usize, &mut String),
    ) -> Result<(), JsValue> {
        let line_height = draw.line_height;
        let moves = line_height.to_bits() != self.line_height.to_bits();
        self.line_height = line_height;
        let mut free = self.assign(draw.shown);
        let mut buffer = String::new();
        let mut next = None;
        for &Row { line, row } in draw.shown.iter().rev() {
            let mut repaints = draw.repaints;
            let idx = self.slots.binary_search_by_key(&line, |it| it.line);
            let idx = match idx {
                Ok(idx) => idx,
                Err(idx) => {
                    let slot = match free.pop() {
                        Some(slot) => slot,
                        None => Slot::new(surface)?,
                    };
                    let next = next
                        .as_ref()
                        .map(|it: &HtmlElement| &**it as &web_sys::Node);
                    surface.lines.insert_before(&slot.element, next)?;
                    self.slots.insert(idx, Slot { line, ..slot });
                    repaints = true;
                    idx
                }
            };
            let Some(slot) = self.slots.get_mut(idx) else {
                continue;
            };
            if repaints {
                buffer.clear();
                html(line, &mut buffer);
                slot.write(&buffer);
            }
            if moves || slot.placed != Some(row) {
                slot.placed = Some(row);
                let top = times(row, line_height);
                slot.element.style().set_property("top", &px(top))?;
            }
            next = Some(slot.element.clone());
        }
        for slot in free {
            slot.element.remove();
        }
        Ok(())
    }

    /// Takes out the slots of lines that are not drawn any more, and of two for one line the second.
    fn assign(&mut self, shown: &[Row]) -> Vec<Slot> {
        let mut kept: Vec<Slot> = Vec::with_capacity(shown.len());
        let mut free = Vec::new();
        for slot in self.slots.drain(..) {
            let twice = kept.last().is_some_and(|it| it.line == slot.line);
            let is_shown = shown.binary_search_by_key(&slot.line, |it| it.line).is_ok();
            if is_shown && !twice {
                kept.push(slot);
            } else {
                free.push(slot);
            }
        }
        self.slots = kept;
        free
    }
}

impl Slot {
    fn new(surface: &Surface) -> Result<Self, JsValue> {
        Ok(Self {
            line: 0,
            element: child(&surface.document, &surface.lines, "ed-line")?,
            html: String::new(),
            placed: None,
        })
    }

    fn write(&mut self, html: &str) {
        if self.html != html {
            self.element.set_inner_html(html);
            html.clone_into(&mut self.html);
        }
    }
}
