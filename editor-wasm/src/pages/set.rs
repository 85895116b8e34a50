//! A resource set: its versions, and what runs of them in each environment.

mod matrix;
mod places;

use api_types::{Deploy, EnvironmentStatus};
use yew::prelude::*;

use crate::api;
use crate::loading::{Loading, failed, failed_page, stale, use_loaded, use_refreshed, view};
use crate::navigation::link;
use crate::parts::deploys;
use crate::route::Route;
use matrix::matrix;
use places::Places;

/// The name under which a version that is not saved yet is opened.
pub(crate) const DRAFT: &str = "draft";
/// Seconds between two looks at what runs: while a deploy runs, and otherwise.
const SOON: u32 = 3;
const LATER: u32 = 30;

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct SetPageProps {
    pub(crate) project: String,
    pub(crate) set: String,
}

impl SetPageProps {
    fn version_route(&self, version: &str) -> Route {
        Route::version(&self.project, &self.set, version)
    }
}

/// The page of a set: environments, versions by environments, deploys.
#[component]
pub(crate) fn SetPage(props: &SetPageProps) -> Html {
    let versions = use_loaded(api::versions(&props.project, &props.set));
    let status = use_loaded(api::status(&props.project, &props.set));
    let history = use_loaded(api::deploys(&props.project, &props.set));
    let statuses: Vec<EnvironmentStatus> = ready(&status.state, |page| page.items.clone());
    let deploys: Vec<Deploy> = ready(&history.state, |page| page.items.clone());
    let is_busy = statuses.iter().any(|it| {
        let deploy = it.deploy.as_ref();
        deploy.is_some_and(|deploy| !deploy.state.is_final())
    });
    let refresh = {
        let asked = [
            versions.reload.clone(),
            status.reload.clone(),
            history.reload.clone(),
        ];
        Callback::from(move |()| asked.iter().for_each(|it| it.emit(())))
    };
    use_refreshed(&refresh, Some(if is_busy { SOON } else { LATER }));
    if let Some(failure) = versions.state.failure() {
        return failed_page(failure, &versions.reload);
    }
    html! {
        <main class="page wide">
            <div class="title-line">
                <h1>{ &props.set }</h1>
                { link(&props.version_route(DRAFT), "button", "Write a new version") }
            </div>
            { stale(versions.stale_since.or(status.stale_since)) }
            if let Some(failure) = status.state.failure() {
                { failed(failure) }
            }
            { view(&versions.state, |page| html! {
                <>
                    <Places
                        set={props.clone()}
                        newest={page.items.first().map(|version| version.name.clone())}
                        statuses={statuses.clone()}
                        history={deploys.clone()}
                    />
                    { matrix(props, &page.items, &statuses, &deploys) }
                </>
            }) }
            if !deploys.is_empty() {
                <h2>{ "Deploys" }</h2>
                { deploys::table(&deploys.iter().collect::<Vec<_>>()) }
            }
        </main>
    }
}

fn ready<T, V: Default>(state: &Loading<T>, value: impl FnOnce(&T) -> V) -> V {
    state.ready().map_or_else(V::default, |it| value(it))
}
