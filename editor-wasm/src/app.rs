//! The root: who is signed in, where one is, and the page for that.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::api;
use crate::loading::{Loading, failed_page, use_loaded};
use crate::navigation::{use_route, window};
use crate::parts::header::{self, Header};
use crate::parts::keys;
use crate::parts::palette::Palette;
use crate::route::Route;

/// Shows the application in `element`: the header, and what `page` draws for the address.
pub(crate) fn mount(element: Element, page: impl Fn(Route) -> Html + 'static) {
    let page = Callback::from(page);
    yew::Renderer::<App>::with_root_and_props(element, AppProps { page }).render();
}

#[derive(Properties, PartialEq)]
struct AppProps {
    page: Callback<Route, Html>,
}

/// What stands above the page.
#[derive(Clone, Copy, PartialEq)]
enum Above {
    Nothing,
    Palette,
    Keys,
}

/// The application.
#[component]
fn App(props: &AppProps) -> Html {
    let route = use_route();
    let session = use_loaded(api::session());
    let above = use_state(|| Above::Nothing);
    let is_online = use_state(|| window().navigator().on_line());
    {
        let (above, is_online) = (above.clone(), is_online.clone());
        use_effect_with((), move |()| {
            let online = is_online.clone();
            let listeners = [
                on_key(move |it| above.set(it)),
                EventListener::new(&window(), "online", move |_| online.set(true)),
                EventListener::new(&window(), "offline", move |_| is_online.set(false)),
            ];
            move || drop(listeners)
        });
    }
    use_effect_with(route.clone(), name_window);
    let show = |what: Above| {
        let above = above.clone();
        Callback::from(move |()| above.set(what))
    };
    html! {
        <>
            <Header
                route={route.clone()}
                session={session.state.ready().cloned()}
                on_palette={show(Above::Palette)}
                on_keys={show(Above::Keys)}
            />
            if !*is_online {
                <p class="offline" role="status">{ "You are offline. What you type is kept in this browser." }</p>
            }
            { match &session.state {
                // The page asks for what it needs at the same time.
                Loading::Waiting | Loading::Ready(_) => props.page.emit(route.clone()),
                Loading::Failed(failure) => failed_page(failure, &session.reload),
            } }
            { match *above {
                Above::Nothing => Html::default(),
                Above::Palette => html! { <Palette route={route.clone()} on_close={show(Above::Nothing)} /> },
                Above::Keys => keys::view(&route, &show(Above::Nothing)),
            } }
        </>
    }
}

/// Names the browser's tab after the page, the nearest part first.
fn name_window(route: &Route) {
    let crumbs = header::crumbs(route);
    let names = crumbs.iter().rev().map(|(name, _)| name.as_str());
    let title: Vec<&str> = names.chain(["KUN"]).collect();
    if let Some(document) = window().document() {
        document.set_title(&title.join(" · "));
    }
}

/// Calls back when a key is pressed that works everywhere.
fn on_key(open: impl Fn(Above) + 'static) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        if let Some(above) = opened_by(event) {
            event.prevent_default();
            open(above);
        }
    })
}

fn opened_by(event: &KeyboardEvent) -> Option<Above> {
    let is_command = event.ctrl_key() || event.meta_key();
    if event.alt_key() {
        return None;
    }
    match event.key().as_str() {
        "k" if is_command && !event.shift_key() => Some(Above::Palette),
        "/" if !is_command && !is_typing(event) => Some(Above::Palette),
        "?" if !is_command && !is_typing(event) => Some(Above::Keys),
        _ => None,
    }
}

/// Whether what has the focus takes text.
fn is_typing(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let field = "input, textarea, select, [contenteditable], [role=textbox]";
    element.is_some_and(|it| !matches!(it.closest(field), Ok(None)))
}
