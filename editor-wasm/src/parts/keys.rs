//! The keys, listed.

use yew::prelude::*;

use crate::parts::commands::{self, Place};
use crate::parts::dialog::Dialog;
use crate::route::Route;

const SECTIONS: [(Place, &str); 3] = [
    (Place::Everywhere, "Everywhere"),
    (Place::Workbench, "Beside the text"),
    (Place::Editor, "In the text"),
];

/// The dialog that lists the keys of a page.
pub(crate) fn view(route: &Route, on_close: &Callback<()>) -> Html {
    html! {
        <Dialog label="Keys" class="keys" on_close={on_close.clone()}>
            { for SECTIONS.iter().map(|(place, title)| section(route, *place, title)) }
            <div class="dialog-actions">
                <button onclick={on_close.reform(|_| ())}>{ "Close" }</button>
            </div>
        </Dialog>
    }
}

fn section(route: &Route, place: Place, title: &'static str) -> Html {
    let commands = commands::of(route).filter(|it| it.place == place);
    let commands: Vec<_> = commands.map(|it| (it.label(), it.name)).collect();
    let mut commands = commands
        .into_iter()
        .filter(|(keys, _)| !keys.is_empty())
        .peekable();
    if commands.peek().is_none() {
        return Html::default();
    }
    html! {
        <>
            <h2>{ title }</h2>
            <dl class="key-list">
                { for commands.map(|(keys, name)| html! {
                    <><dt><kbd>{ keys }</kbd></dt><dd>{ name }</dd></>
                }) }
                if place == Place::Everywhere {
                    <><dt><kbd>{ "Escape" }</kbd></dt><dd>{ "Close what is open" }</dd></>
                }
            </dl>
        </>
    }
}
