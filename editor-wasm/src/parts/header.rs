//! The line above every page: where one is, search, theme, who is signed in.

use api_types::Session;
use gloo::storage::{LocalStorage, Storage};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::navigation::{Link, use_navigator, window};
use crate::route::Route;

const THEME_KEY: &str = "kun:theme";
const THEMES: [(&str, &str); 4] = [
    ("system", "System"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("contrast", "High contrast"),
];

#[derive(Properties, PartialEq)]
pub(crate) struct HeaderProps {
    pub(crate) session: Option<Session>,
    pub(crate) on_palette: Callback<()>,
}

/// The header.
#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    let navigator = use_navigator();
    let on_palette = props.on_palette.reform(|_: MouseEvent| ());
    html! {
        <header class="header">
            <nav class="crumbs" aria-label="Where you are">
                <Link to={Route::Home} class="logo">{ "KUN" }</Link>
                { for crumbs(&navigator.route).into_iter().map(|(label, route)| html! {
                    <>
                        <span class="crumb-mark" aria-hidden="true">{ "›" }</span>
                        <Link to={route}>{ label }</Link>
                    </>
                }) }
            </nav>
            <button class="search-button" onclick={on_palette} aria-keyshortcuts="Control+K">
                <span>{ "Search" }</span><kbd>{ "Ctrl K" }</kbd>
            </button>
            <ThemeSwitch />
            if let Some(session) = &props.session {
                <Link to={Route::Account} class="user">{ &session.user }</Link>
            }
        </header>
    }
}

/// The steps from home to a page.
fn crumbs(route: &Route) -> Vec<(String, Route)> {
    let project = |project: &String| {
        let route = Route::Project {
            project: project.clone(),
        };
        (project.clone(), route)
    };
    let set = |project: &String, set: &String| {
        let route = Route::Set {
            project: project.clone(),
            set: set.clone(),
        };
        (set.clone(), route)
    };
    match route {
        Route::Home | Route::Unknown => Vec::new(),
        Route::Account => vec![("account".to_owned(), Route::Account)],
        Route::Project { project: p } => vec![project(p)],
        Route::Set { project: p, set: s } => vec![project(p), set(p, s)],
        Route::Version {
            project: p,
            set: s,
            version,
            ..
        } => {
            vec![project(p), set(p, s), (version.clone(), route.clone())]
        }
        Route::Compare {
            project: p,
            set: s,
            from,
            to,
        } => {
            vec![
                project(p),
                set(p, s),
                (format!("{from} … {to}"), route.clone()),
            ]
        }
        Route::Deploy { id } => vec![(format!("deploy {}", short_id(id)), route.clone())],
    }
}

/// The end of a job's id, which differs from that of its neighbors.
pub(crate) fn short_id(id: &str) -> String {
    let start = id.char_indices().rev().nth(7).map_or(0, |(at, _)| at);
    id[start..].to_owned()
}

#[component]
fn ThemeSwitch() -> Html {
    let theme = use_state(|| LocalStorage::get(THEME_KEY).unwrap_or_else(|_| "system".to_owned()));
    let on_change = {
        let theme = theme.clone();
        Callback::from(move |event: Event| {
            let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
            let chosen = select.value();
            apply_theme(&chosen);
            // A browser that keeps nothing forgets the theme at the next start; no more is lost.
            let _ = LocalStorage::set(THEME_KEY, &chosen);
            theme.set(chosen);
        })
    };
    html! {
        <select class="theme" aria-label="Theme" onchange={on_change}>
            { for THEMES.iter().map(|(value, label)| html! {
                <option value={*value} selected={*theme == *value}>{ *label }</option>
            }) }
        </select>
    }
}

/// Applies the theme that was chosen at an earlier visit.
pub(crate) fn restore_theme() {
    if let Ok(theme) = LocalStorage::get::<String>(THEME_KEY) {
        apply_theme(&theme);
    }
}

fn apply_theme(theme: &str) {
    let Some(root) = window()
        .document()
        .and_then(|document| document.document_element())
    else {
        return;
    };
    // Setting an attribute fails only for names that are none.
    let _ = match theme {
        "system" => root.remove_attribute("data-theme"),
        chosen => root.set_attribute("data-theme", chosen),
    };
}

/// Signs out and opens the home page, which then asks to sign in.
pub(crate) fn sign_out() {
    spawn_local(async {
        // Whether or not the server heard it, the page shows what the server says next.
        let _ = api::sign_out().send().await;
        let _ = window().location().set_href("/");
    });
}
