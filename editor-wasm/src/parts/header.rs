//! The line above every page: where one is, search, theme, who is signed in.

use std::rc::Rc;

use api_types::Session;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::navigation::{link, window};
use crate::route::Route;
use crate::{api, storage};

const THEME_KEY: &str = "kun:theme";
const SYSTEM: &str = "system";
/// The themes: value and name.
pub(crate) const THEMES: [(&str, &str); 4] = [
    (SYSTEM, "System"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("contrast", "High contrast"),
];

#[derive(Properties, PartialEq)]
pub(crate) struct HeaderProps {
    pub(crate) route: Route,
    pub(crate) session: Option<Rc<Session>>,
    pub(crate) on_palette: Callback<()>,
    pub(crate) on_keys: Callback<()>,
}

/// The header.
#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    html! {
        <header class="header">
            <nav class="crumbs" aria-label="Where you are">
                { link(&Route::Home, "logo", "KUN") }
                { for crumbs(&props.route).into_iter().map(|(label, route)| html! {
                    <>
                        <span class="crumb-mark" aria-hidden="true">{ "›" }</span>
                        { link(&route, "crumb", label) }
                    </>
                }) }
            </nav>
            <button class="search-button" onclick={props.on_palette.reform(|_| ())} aria-keyshortcuts="Control+K">
                <span>{ "Search" }</span><kbd>{ "Ctrl K" }</kbd>
            </button>
            <button class="quiet keys-button" onclick={props.on_keys.reform(|_| ())} title="Keys (?)" aria-label="Keys" aria-keyshortcuts="?">{ "?" }</button>
            { theme_switch() }
            if let Some(session) = &props.session {
                if session.admin {
                    { link(&Route::Admin, "user admin-link", "Administration") }
                }
                { link(&Route::Account, "user", session.user.clone()) }
            }
        </header>
    }
}

/// The steps from home to a page.
pub(crate) fn crumbs(route: &Route) -> Vec<(String, Route)> {
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
        Route::Admin => vec![("administration".to_owned(), Route::Admin)],
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

/// The browser's own state says which theme is chosen, so that nothing is kept twice.
fn theme_switch() -> Html {
    let chosen = storage::get(THEME_KEY).unwrap_or_else(|| SYSTEM.to_owned());
    let on_change = |event: Event| {
        let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
        choose_theme(&select.value());
    };
    html! {
        <select class="theme" aria-label="Theme" onchange={on_change}>
            { for THEMES.iter().map(|(value, label)| html! {
                <option value={*value} selected={chosen == *value}>{ *label }</option>
            }) }
        </select>
    }
}

/// Shows a theme, and keeps it for the next visit.
pub(crate) fn choose_theme(theme: &str) {
    apply_theme(theme);
    // A browser that keeps nothing forgets the theme at the next start; no more is lost.
    storage::set(THEME_KEY, theme);
}

/// `boot.js` applies the theme that was chosen at an earlier visit.
fn apply_theme(theme: &str) {
    let Some(root) = window()
        .document()
        .and_then(|document| document.document_element())
    else {
        return;
    };
    // Setting an attribute fails only for names that are none.
    let _ = match theme {
        SYSTEM => root.remove_attribute("data-theme"),
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
