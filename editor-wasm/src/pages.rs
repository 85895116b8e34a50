//! What a person sees, a module a page.

mod account;
mod admin;
mod compare;
mod deploy;
mod first_run;
#[cfg(test)]
mod fixture;
mod home;
mod project;
mod set;
mod version;

use yew::prelude::*;

use crate::lsp::LspClient;
use crate::navigation::link;
use crate::route::Route;

pub(crate) use set::DRAFT;

/// The pages that are not the editor.
pub(crate) fn page(route: Route) -> Html {
    match route {
        Route::Home => html! { <home::Home /> },
        Route::Account => html! { <account::AccountPage /> },
        Route::Admin => html! { <admin::AdminPage /> },
        Route::Project { project } => html! { <project::ProjectPage {project} /> },
        Route::Set { project, set } => html! { <set::SetPage {project} {set} /> },
        Route::Compare {
            project,
            set,
            from,
            to,
        } => html! { <compare::ComparePage {project} {set} {from} {to} /> },
        Route::Deploy { id } => html! { <deploy::DeployPage {id} /> },
        Route::Version { .. } | Route::Unknown => unknown(),
    }
}

/// The editor.
pub(crate) fn workbench(route: Route, lsp: &LspClient) -> Html {
    let Route::Version {
        project,
        set,
        version,
        file,
        line,
        wish,
    } = route
    else {
        return unknown();
    };
    html! { <version::VersionPage {project} {set} {version} {file} {line} {wish} lsp={lsp.clone()} /> }
}

fn unknown() -> Html {
    html! {
        <main class="page">
            <h1>{ "There is no such page" }</h1>
            <p>{ link(&Route::Home, "", "All projects") }</p>
        </main>
    }
}
