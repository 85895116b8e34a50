//! The root: who is signed in, where one is, and the page for that.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::api::{self, ApiFailure};
use crate::loading::{Loading, use_loaded};
use crate::lsp::{LspClient, LspOptions};
use crate::navigation::{Link, Navigator, use_navigator_root, window};
use crate::pages::account::AccountPage;
use crate::pages::compare::ComparePage;
use crate::pages::deploy::DeployPage;
use crate::pages::home::Home;
use crate::pages::project::ProjectPage;
use crate::pages::set::SetPage;
use crate::pages::version::VersionPage;
use crate::parts::header::Header;
use crate::parts::palette::Palette;
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct AppProps {
    /// Where the parts of the language server stand.
    pub(crate) assets: LspOptions,
}

/// The application.
#[component]
pub(crate) fn App(props: &AppProps) -> Html {
    let navigator = use_navigator_root();
    let session = use_loaded(api::session());
    let lsp = use_memo((), |()| LspClient::start(props.assets.clone()));
    let is_searching = use_state(|| false);
    {
        let is_searching = is_searching.clone();
        use_effect_with((), move |()| {
            let listener = on_palette_key(move || is_searching.set(true));
            move || drop(listener)
        });
    }
    let on_palette = {
        let is_searching = is_searching.clone();
        Callback::from(move |()| is_searching.set(true))
    };
    let on_close = {
        let is_searching = is_searching.clone();
        Callback::from(move |()| is_searching.set(false))
    };
    let person = session.state.ready().map(|session| (**session).clone());
    html! {
        <ContextProvider<Navigator> context={navigator.clone()}>
            <ContextProvider<LspClient> context={(*lsp).clone()}>
                <Header session={person} {on_palette} />
                { match &session.state {
                    Loading::Waiting => html! { <main class="page"><div class="skeleton" aria-busy="true" /></main> },
                    Loading::Ready(_) => page(&navigator.route),
                    Loading::Failed(ApiFailure::SignedOut) => signed_out(),
                    Loading::Failed(failure) => html! {
                        <main class="page">
                            <p class="failure" role="alert">{ failure.message() }</p>
                            <button onclick={session.reload.reform(|_| ())}>{ "Try again" }</button>
                        </main>
                    },
                } }
                if *is_searching {
                    <Palette {on_close} />
                }
            </ContextProvider<LspClient>>
        </ContextProvider<Navigator>>
    }
}

fn page(route: &Route) -> Html {
    match route.clone() {
        Route::Home => html! { <Home /> },
        Route::Account => html! { <AccountPage /> },
        Route::Project { project } => html! { <ProjectPage {project} /> },
        Route::Set { project, set } => html! { <SetPage {project} {set} /> },
        Route::Version {
            project,
            set,
            version,
            file,
            line,
        } => {
            html! { <VersionPage {project} {set} {version} {file} {line} /> }
        }
        Route::Compare {
            project,
            set,
            from,
            to,
        } => {
            html! { <ComparePage {project} {set} {from} {to} /> }
        }
        Route::Deploy { id } => html! { <DeployPage {id} /> },
        Route::Unknown => html! {
            <main class="page">
                <h1>{ "There is no such page" }</h1>
                <p><Link to={Route::Home}>{ "All projects" }</Link></p>
            </main>
        },
    }
}

fn signed_out() -> Html {
    html! {
        <main class="page">
            <h1>{ "Sign in" }</h1>
            <p>{ "Open the link that the server printed when it started. A new link is printed at every start." }</p>
        </main>
    }
}

/// Calls back when Ctrl+K or ⌘K is pressed anywhere.
fn on_palette_key(open: impl Fn() + 'static) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
            return;
        };
        let is_command = event.ctrl_key() || event.meta_key();
        if is_command && event.key() == "k" && !event.shift_key() && !event.alt_key() {
            event.prevent_default();
            open();
        }
    })
}
