//! Moving between pages without loading them again.

use gloo::events::EventListener;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::route::Route;

/// Where the person is, and the way to go elsewhere.
#[derive(Clone, PartialEq)]
pub(crate) struct Navigator {
    pub(crate) route: Route,
    go: Callback<Route>,
}

impl Navigator {
    /// Opens a page, with an entry in the browser's history.
    pub(crate) fn go(&self, route: Route) {
        self.go.emit(route);
    }
}

/// The navigator of the page; re-renders when the address changes.
#[hook]
pub(crate) fn use_navigator_root() -> Navigator {
    let route = use_state(current_route);
    {
        let route = route.clone();
        use_effect_with((), move |()| {
            let listener =
                EventListener::new(&window(), "popstate", move |_| route.set(current_route()));
            move || drop(listener)
        });
    }
    let go = {
        let route = route.clone();
        Callback::from(move |to: Route| {
            let address = to.to_string();
            if let Ok(history) = window().history() {
                // A browser refuses only addresses of other sites.
                let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&address));
            }
            route.set(to);
        })
    };
    Navigator {
        route: (*route).clone(),
        go,
    }
}

/// The navigator, anywhere below the root.
#[hook]
pub(crate) fn use_navigator() -> Navigator {
    use_context::<Navigator>().expect("the root provides the navigator")
}

#[derive(Properties, PartialEq)]
pub(crate) struct LinkProps {
    pub(crate) to: Route,
    #[prop_or_default]
    pub(crate) class: Classes,
    #[prop_or_default]
    pub(crate) title: Option<AttrValue>,
    pub(crate) children: Html,
}

/// A link to a page; other than a plain click is left to the browser.
#[component]
pub(crate) fn Link(props: &LinkProps) -> Html {
    let navigator = use_navigator();
    let to = props.to.clone();
    let on_click = Callback::from(move |event: MouseEvent| {
        let plain = event.button() == 0
            && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if plain {
            event.prevent_default();
            navigator.go(to.clone());
        }
    });
    html! {
        <a href={props.to.to_string()} class={props.class.clone()} title={props.title.clone()} onclick={on_click}>
            { props.children.clone() }
        </a>
    }
}

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
