//! The list of fixes at the caret.

use std::rc::Rc;

use yew::prelude::*;

use crate::lsp::Action;
use crate::view::editing::Editing;

/// An open list of fixes.
pub(crate) struct Fixes {
    /// Where it stands in the text.
    pub(crate) at: usize,
    pub(crate) actions: Vec<Action>,
    pub(crate) selected: usize,
}

impl Fixes {
    /// Selects the next or the one before, around the ends.
    pub(crate) fn step(&mut self, rows: isize) {
        let count = self.actions.len().max(1);
        self.selected = (self.selected + count).saturating_add_signed(rows) % count;
    }
}

/// Shows the list.
pub(crate) fn view(editing: &Rc<Editing>, fixes: &Fixes) -> Html {
    let rows = fixes.actions.iter().enumerate().map(|(row, action)| {
        let apply = {
            let (editing, action) = (editing.clone(), action.clone());
            Callback::from(move |event: MouseEvent| {
                event.prevent_default();
                editing.apply_action(&action);
            })
        };
        let selected = row == fixes.selected;
        html! {
            <li
                key={row}
                class={classes!("ed-row", selected.then_some("ed-chosen"))}
                id={selected.then_some("ed-selected")}
                role="option"
                aria-selected={selected.to_string()}
                onmousedown={apply}
            >
                { super::markdown::view_sentence(&action.title) }
            </li>
        }
    });
    html! { <ul class="ed-list" role="listbox" id="ed-list" aria-label="Fixes">{ for rows }</ul> }
}
