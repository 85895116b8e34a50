//! The browser's own selection, kept where the caret is: assistive technology reads from it.

use editor_core::utf16_len;
use gloo::timers::callback::Timeout;
use web_sys::Node;

use super::editing::Editing;
use super::measure::node_at;

/// How long the caret rests before the selection follows, in milliseconds. Within a frame it would
/// make the browser lay out the page twice, and between two keys draw it twice.
const REST: u32 = 100;

impl Editing {
    /// Lets the browser's selection follow when the caret rests.
    #[inline(never)]
    pub(crate) fn mirror_later(&self) {
        let Some(me) = self.rc() else { return };
        let wait = Timeout::new(REST, move || me.mirror_selection());
        self.popups.borrow_mut().mirror = Some(wait);
    }

    /// Puts the browser's selection where the primary caret is, if its line is drawn. It is not
    /// seen, and nothing of the text is read from it.
    fn mirror_selection(&self) {
        let Some(surface) = self.surface.get() else {
            return;
        };
        let composes = self.input.borrow().composing.is_some();
        // A text area has a selection of its own, which this one would take away.
        if composes || surface.text_area.is_some() || !self.screen.borrow().focused {
            return;
        }
        let caret = self.file.borrow().state().selection().primary();
        let (Some(head), Ok(Some(selection))) =
            (self.node_of(caret.head), surface.document.get_selection())
        else {
            return;
        };
        let anchor = self.node_of(caret.anchor).unwrap_or_else(|| head.clone());
        let is_there = selection.focus_node().as_ref() == Some(&head.0)
            && selection.focus_offset() == head.1
            && selection.anchor_node().as_ref() == Some(&anchor.0)
            && selection.anchor_offset() == anchor.1;
        if !is_there {
            // Both nodes were just drawn, so the browser takes them.
            let _ = selection.set_base_and_extent(&anchor.0, anchor.1, &head.0, head.1);
        }
    }

    /// Where an offset stands in the elements that are drawn.
    fn node_of(&self, offset: usize) -> Option<(Node, u32)> {
        let (file, screen) = (self.file.borrow(), self.screen.borrow());
        let text = file.buffer.text();
        let line = text.line_of(offset);
        let element = screen.drawn.lines.element(line)?;
        let content = text.line(line);
        let before = content.get(..offset - text.line_start(line))?;
        let found = node_at(element, utf16_len(before));
        Some(found.unwrap_or_else(|| (Node::from(element.clone()), 0)))
    }
}
