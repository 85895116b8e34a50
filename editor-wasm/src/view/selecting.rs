//! Growing the selection to what stands around it, and back; a caret at each place of a name.

use std::ops::Range;

use editor_core::{Caret, Origin, Selection, Transaction};
use serde_json::{Value, json};

use super::editing::Editing;
use super::language::Then;
use crate::lsp::protocol::list;
use crate::lsp::{Range as Place, sync};

/// A selection that was grown: what was selected before, and then.
pub(crate) type Grown = (Range<usize>, Range<usize>);

impl Editing {
    /// Selects the smallest thing around what is selected.
    pub(crate) fn grow_selection(&self) {
        let (uri, at) = {
            let file = self.file.borrow();
            let start = file.state().selection().primary().start();
            let at = sync::place(file.buffer.text(), start).json();
            (file.uri.clone(), at)
        };
        let params = json!({ "textDocument": { "uri": &*uri }, "positions": [at] });
        let then: Then = Box::new(|it, answer| {
            let Ok(answer) = answer else { return };
            let selected = it.selected();
            let around = it.ranges_of(&answer[0]).into_iter().find(|range| {
                let holds = range.start <= selected.start && selected.end <= range.end;
                holds && *range != selected
            });
            if let Some(range) = around {
                let grown = (selected, range.clone());
                it.popups.borrow_mut().grown.push(grown);
                it.select_in_place([range]);
            }
        });
        self.ask("selection", "textDocument/selectionRange", params, then);
    }

    /// Selects what was selected before it was grown.
    pub(crate) fn shrink_selection(&self) {
        let selected = self.selected();
        let last = self.popups.borrow_mut().grown.pop();
        match last {
            Some((before, after)) if after == selected => self.select_in_place([before]),
            _ => self.popups.borrow_mut().grown.clear(),
        }
    }

    /// A caret at each place of this file where the name at the caret stands, to type over all.
    pub(crate) fn edit_everywhere(&self) {
        let then: Then = Box::new(|it, answer| {
            let ranges = {
                let file = it.file.borrow();
                let read = |one: &Value| Some(file.range_of(Place::read(one.get("range")?)?));
                list(answer.ok().as_ref(), read)
            };
            if ranges.is_empty() {
                it.tell("No name here that stands elsewhere");
            } else {
                it.tell(&format!("Edits {} places", ranges.len()));
                it.select_in_place(ranges);
            }
        });
        let params = self.place(self.head());
        self.ask("highlight", "textDocument/documentHighlight", params, then);
    }

    fn selected(&self) -> Range<usize> {
        self.file.borrow().state().selection().primary().range()
    }

    /// The ranges of a chain of the protocol, the innermost first.
    fn ranges_of(&self, chain: &Value) -> Vec<Range<usize>> {
        let file = self.file.borrow();
        let links = std::iter::successors(Some(chain), |it| it.get("parent"));
        let ranges = links.filter_map(|it| Place::read(it.get("range")?));
        ranges.map(|it| file.range_of(it)).collect()
    }

    /// Selects ranges where they stand: nothing moves on the screen.
    fn select_in_place(&self, ranges: impl IntoIterator<Item = Range<usize>>) {
        let transaction = {
            let file = self.file.borrow();
            let head = file.state().selection().primary().head;
            let carets = ranges.into_iter();
            let carets: Vec<_> = carets.map(|it| Caret::new(it.start, it.end)).collect();
            let holds = |it: &Caret| it.start() <= head && head <= it.end();
            let primary = carets.iter().position(holds).unwrap_or(0);
            let selection = Selection::new(carets, primary);
            Transaction::select(file.state(), selection, Origin::Pointer)
        };
        self.apply(transaction);
    }
}
