//! The keys, listed.

use yew::prelude::*;

use crate::parts::dialog::Dialog;
use crate::route::{Module, Route};

const EVERYWHERE: &[(&str, &str)] = &[
    ("Ctrl/⌘ K or /", "Search projects, sets and versions"),
    ("?", "This list"),
    ("Escape", "Close what is open"),
];

const WORKBENCH: &[(&str, &str)] = &[
    ("Ctrl/⌘ S", "Save as version"),
    ("Ctrl Space", "List what may stand here"),
    ("Ctrl/⌘ .", "List the fixes"),
    ("Ctrl I", "Explain the word at the caret"),
    ("F8, Shift F8", "Next problem, problem before"),
    ("F12", "Go to the definition"),
    ("F2", "Rename"),
    ("Alt Shift F", "Format the text"),
    ("Ctrl/⌘ F", "Search"),
    ("Ctrl H, ⌥⌘ F", "Search and replace"),
    ("Ctrl/⌘ /", "Comment lines out or in"),
    ("Alt ↑, Alt ↓", "Move lines"),
    ("Ctrl/⌘ D", "Select the next occurrence too"),
    ("Ctrl/⌘ Z", "Undo"),
    ("Ctrl M, ⌃⇧ M", "Let Tab move the focus, or indent again"),
];

/// The dialog that lists the keys of a page.
pub(crate) fn view(route: &Route, on_close: &Callback<()>) -> Html {
    html! {
        <Dialog label="Keys" class="keys" on_close={on_close.clone()}>
            <h2>{ "Everywhere" }</h2>
            { table(EVERYWHERE) }
            if route.module() == Module::Workbench {
                <h2>{ "In the editor" }</h2>
                { table(WORKBENCH) }
            }
            <div class="dialog-actions">
                <button onclick={on_close.reform(|_| ())}>{ "Close" }</button>
            </div>
        </Dialog>
    }
}

fn table(keys: &'static [(&'static str, &'static str)]) -> Html {
    html! {
        <dl class="key-list">
            { for keys.iter().map(|(key, what)| html! {
                <><dt><kbd>{ *key }</kbd></dt><dd>{ *what }</dd></>
            }) }
        </dl>
    }
}
