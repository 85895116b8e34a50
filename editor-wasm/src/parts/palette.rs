//! The palette: every page a few keys away.

use api_types::SearchHit;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::navigation::go;
use crate::parts::dialog::Dialog;
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct PaletteProps {
    pub(crate) on_close: Callback<()>,
}

/// A line of the palette.
#[derive(Clone, PartialEq)]
struct Choice {
    label: String,
    detail: &'static str,
    route: Route,
}

/// Searches projects, sets and versions, and goes to what is chosen.
#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let choices = use_state(pages);
    let selected = use_state(|| 0_usize);
    // The newest query: answers to older ones come too late and are dropped.
    let newest = use_mut_ref(String::new);
    let on_input = {
        let (choices, selected) = (choices.clone(), selected.clone());
        Callback::from(move |event: InputEvent| {
            let field: web_sys::HtmlInputElement = event.target_unchecked_into();
            let query = field.value();
            newest.borrow_mut().clone_from(&query);
            selected.set(0);
            if query.trim().is_empty() {
                return choices.set(pages());
            }
            let (choices, newest) = (choices.clone(), newest.clone());
            spawn_local(async move {
                let found = api::search(&query).send().await;
                if *newest.borrow() != query {
                    return;
                }
                let hits = found.map(|page| page.items).unwrap_or_default();
                choices.set(hits.into_iter().map(Choice::from).collect());
            });
        })
    };
    let choose = {
        let on_close = props.on_close.clone();
        Callback::from(move |route: Route| {
            on_close.emit(());
            go(&route);
        })
    };
    let on_key = {
        let (choices, selected) = (choices.clone(), selected.clone());
        let choose = choose.clone();
        Callback::from(move |event: KeyboardEvent| {
            let count = choices.len();
            match event.key().as_str() {
                "ArrowDown" if count > 0 => selected.set((*selected + 1) % count),
                "ArrowUp" if count > 0 => selected.set((*selected + count - 1) % count),
                "Enter" => {
                    if let Some(choice) = choices.get(*selected) {
                        choose.emit(choice.route.clone());
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    html! {
        <Dialog label="Search" class="palette" on_close={props.on_close.clone()}>
            <input
                autofocus={true}
                placeholder="Search projects, sets and versions"
                role="combobox"
                aria-expanded="true"
                aria-controls="palette-choices"
                aria-activedescendant={format!("palette-{}", *selected)}
                autocomplete="off"
                spellcheck="false"
                oninput={on_input}
                onkeydown={on_key}
            />
            <ul id="palette-choices" role="listbox" aria-label="Found">
                { for choices.iter().enumerate().map(|(idx, choice)| {
                    let route = choice.route.clone();
                    let on_click = choose.reform(move |_: MouseEvent| route.clone());
                    html! {
                        <li id={format!("palette-{idx}")} role="option" aria-selected={(idx == *selected).to_string()} onclick={on_click}>
                            { &choice.label }<span class="quiet">{ choice.detail }</span>
                        </li>
                    }
                }) }
                if choices.is_empty() {
                    <li class="quiet">{ "Nothing is named like that." }</li>
                }
            </ul>
        </Dialog>
    }
}

fn pages() -> Vec<Choice> {
    let page = |label: &str, route| Choice {
        label: label.to_owned(),
        detail: "page",
        route,
    };
    vec![
        page("Projects", Route::Home),
        page("Account and tokens", Route::Account),
    ]
}

impl From<SearchHit> for Choice {
    fn from(hit: SearchHit) -> Self {
        let project = hit.project.to_string();
        match (hit.set, hit.version) {
            (Some(set), Some(version)) => Self {
                label: format!("{project} / {set} / {version}"),
                detail: "version",
                route: Route::Version {
                    project,
                    set: set.to_string(),
                    version: version.to_string(),
                    file: None,
                    line: None,
                },
            },
            (Some(set), None) => Self {
                label: format!("{project} / {set}"),
                detail: "resource set",
                route: Route::Set {
                    project,
                    set: set.to_string(),
                },
            },
            (None, _) => Self {
                label: project.clone(),
                detail: "project",
                route: Route::Project { project },
            },
        }
    }
}
