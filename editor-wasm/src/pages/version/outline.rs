//! The outline of the file that is shown.

use std::rc::Rc;

use editor_core::OutlineItem;
use yew::prelude::*;

use crate::lsp::{Position, Range};
use crate::parts::rows::Rows;

#[derive(Properties, PartialEq)]
pub(crate) struct OutlineProps {
    pub(crate) items: Rc<[OutlineItem]>,
    /// With the place of a row that was chosen.
    pub(crate) on_open: Callback<Range>,
}

/// Objects and their fields, as links into the text.
#[component]
pub(crate) fn Outline(props: &OutlineProps) -> Html {
    if props.items.is_empty() {
        return Html::default();
    }
    let (items, on_open) = (Rc::clone(&props.items), props.on_open.clone());
    let row = Callback::from(move |idx: usize| match items.get(idx) {
        Some(item) => row(item, &on_open),
        None => Html::default(),
    });
    html! {
        <section class="outline">
            <div class="side-title"><h2>{ "Outline" }</h2></div>
            <Rows label="Outline" count={props.items.len()} {row} />
        </section>
    }
}

fn row(item: &OutlineItem, on_open: &Callback<Range>) -> Html {
    let at = Position {
        line: item.line as u32,
        character: 0,
    };
    let on_click = on_open.reform(move |_: MouseEvent| Range { start: at, end: at });
    let depth = match item.depth {
        0 => "depth-0",
        1 => "depth-1",
        _ => "depth-2",
    };
    html! {
        <button class={classes!("quiet", depth)} onclick={on_click}>
            { &item.name }
            if !item.detail.is_empty() {
                <span class="quiet">{ " " }{ &item.detail }</span>
            }
        </button>
    }
}
