//! Moving between pages without loading them again, where the same module shows both.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use crate::route::Route;

/// Opens a page, with an entry in the browser's history.
pub(crate) fn go(route: &Route) {
    let address = route.to_string();
    if route.module() != current_route().module() {
        // A browser refuses only addresses that are none.
        let _ = window().location().assign(&address);
        return;
    }
    if let Ok(history) = window().history() {
        // A browser refuses only addresses of other sites.
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&address));
    }
    if let Ok(event) = web_sys::Event::new("popstate") {
        // Nobody cancels it.
        let _ = window().dispatch_event(&event);
    }
}

/// Where the person is; the page is drawn anew when that changes. To be used once, at the root: it
/// also makes all links of the page lead there without loading it again.
#[hook]
pub(crate) fn use_route() -> Route {
    let route = use_state(current_route);
    {
        let route = route.clone();
        use_effect_with((), move |()| {
            let moved =
                EventListener::new(&window(), "popstate", move |_| route.set(current_route()));
            let clicked = follow_links();
            move || drop((moved, clicked))
        });
    }
    (*route).clone()
}

/// Listens for plain clicks on links; all others are the browser's.
fn follow_links() -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), "click", options, |event| {
        if let Some(route) = event.dyn_ref().and_then(clicked_route) {
            event.prevent_default();
            go(&route);
        }
    })
}

fn clicked_route(event: &web_sys::MouseEvent) -> Option<Route> {
    let is_plain = event.button() == 0
        && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
        && !event.default_prevented();
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    let link = element.closest("a[href^='/']").ok()??;
    let href = link.get_attribute("href").filter(|_| is_plain)?;
    let (path, query) = href.split_once('?').unwrap_or((&href, ""));
    match Route::parse(path, query) {
        // Such as the description of the API, which the server shows.
        Route::Unknown => None,
        route => Some(route),
    }
}

/// A link to a page.
pub(crate) fn link(to: &Route, class: &'static str, content: impl Into<Html>) -> Html {
    html! { <a href={to.to_string()} {class}>{ content.into() }</a> }
}

/// The page that the address names.
fn current_route() -> Route {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let query = location.search().unwrap_or_default();
    Route::parse(&path, &query)
}

/// The browser's window.
pub(crate) fn window() -> web_sys::Window {
    web_sys::window().expect("a page has a window")
}
