//! The outline of the file that is shown.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::lsp::Symbol;
use crate::view::EditorHandle;

/// How deep the outline goes.
const DEPTH: usize = 3;

#[derive(Properties, PartialEq)]
pub(crate) struct OutlineProps {
    pub(crate) handle: Option<EditorHandle>,
    /// Another one asks for the symbols again.
    pub(crate) round: usize,
}

/// Objects and their fields, as links into the text.
#[component]
pub(crate) fn Outline(props: &OutlineProps) -> Html {
    let symbols = use_state(Vec::<Symbol>::new);
    {
        let symbols = symbols.clone();
        use_effect_with((props.handle.clone(), props.round), move |(handle, _)| {
            if let Some(handle) = handle.clone() {
                spawn_local(async move { symbols.set(handle.symbols().await) });
            }
        });
    }
    let Some(handle) = props.handle.clone().filter(|_| !symbols.is_empty()) else {
        return Html::default();
    };
    let handle = Rc::new(handle);
    html! {
        <section class="outline">
            <div class="side-title"><h2>{ "Outline" }</h2></div>
            { level(&symbols, &handle, DEPTH) }
        </section>
    }
}

fn level(symbols: &[Symbol], handle: &Rc<EditorHandle>, depth: usize) -> Html {
    if depth == 0 || symbols.is_empty() {
        return Html::default();
    }
    html! {
        <ul>
            { for symbols.iter().map(|symbol| {
                let on_click = {
                    let (handle, range) = (Rc::clone(handle), symbol.selection_range);
                    move |_| handle.reveal(range)
                };
                html! {
                    <li>
                        <button class="quiet" onclick={on_click}>
                            { &*symbol.name }
                            <span class="quiet">{ " " }{ &*symbol.detail }</span>
                        </button>
                        { level(&symbol.children, handle, depth - 1) }
                    </li>
                }
            }) }
        </ul>
    }
}
