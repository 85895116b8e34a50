//! A resource set: its versions, and what runs of them in each environment.

use api_types::{EnvironmentStatus, Version};
use yew::prelude::*;

use crate::loading::{failed, failed_page, use_loaded, view};
use crate::navigation::link;
use crate::parts::badge::Badge;
use crate::route::Route;
use crate::{api, time};

/// The name under which a version that is not saved yet is opened.
pub(crate) const DRAFT: &str = "draft";

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct SetPageProps {
    pub(crate) project: String,
    pub(crate) set: String,
}

/// The page of a set: versions by environments.
#[component]
pub(crate) fn SetPage(props: &SetPageProps) -> Html {
    let versions = use_loaded(api::versions(&props.project, &props.set));
    let status = use_loaded(api::status(&props.project, &props.set));
    if let Some(failure) = versions.state.failure() {
        return failed_page(failure, &versions.reload);
    }
    let environments = status
        .state
        .ready()
        .map(|page| page.items.clone())
        .unwrap_or_default();
    html! {
        <main class="page wide">
            <div class="title-line">
                <h1>{ &props.set }</h1>
                { link(&version_route(props, DRAFT), "button", "Write a new version") }
            </div>
            if let Some(failure) = status.state.failure() {
                { failed(failure) }
            }
            { view(&versions.state, |page| matrix(props, &page.items, &environments)) }
        </main>
    }
}

fn version_route(props: &SetPageProps, version: &str) -> Route {
    Route::version(&props.project, &props.set, version)
}

fn matrix(props: &SetPageProps, versions: &[Version], environments: &[EnvironmentStatus]) -> Html {
    if versions.is_empty() {
        return html! {
            <p class="empty">
                { "No version yet. " }
                { link(&version_route(props, DRAFT), "", "Write the first one here") }
                { format!(", or let a pipeline push it: kun push -p {} -r {} -v v1 -f deploy.yaml", props.project, props.set) }
            </p>
        };
    }
    let now = time::now();
    html! {
        <table class="table matrix">
            <thead>
                <tr>
                    <th>{ "Version" }</th>
                    <th>{ "Author" }</th>
                    <th class="number">{ "Objects" }</th>
                    <th class="number">{ "Age" }</th>
                    <th>{ "Changes" }</th>
                    { for environments.iter().map(|status| html! {
                        <th class="environment">{ status.environment.name.as_str() }</th>
                    }) }
                </tr>
            </thead>
            <tbody>
                { for versions.iter().enumerate().map(|(idx, version)| html! {
                    <tr key={version.name.as_str()}>
                        <td>{ link(&version_route(props, version.name.as_str()), "", version.name.as_str()) }</td>
                        <td>
                            { &version.provenance.author }
                            if let Some(commit) = &version.provenance.commit {
                                <span class="quiet">{ " " }{ commit.chars().take(8).collect::<String>() }</span>
                            }
                        </td>
                        <td class="number">{ version.objects.len() }</td>
                        <td class="number quiet">{ time::ago(now, time::parse(&version.created_at)) }</td>
                        <td>{ compare_link(props, version, versions.get(idx + 1)) }</td>
                        { for environments.iter().map(|status| cell(props, version, status)) }
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn compare_link(props: &SetPageProps, version: &Version, before: Option<&Version>) -> Html {
    let before = version
        .parent
        .as_ref()
        .or(before.map(|before| &before.name));
    let Some(before) = before else {
        return html! { <span class="quiet">{ "first" }</span> };
    };
    let to = Route::Compare {
        project: props.project.clone(),
        set: props.set.clone(),
        from: before.to_string(),
        to: version.name.to_string(),
    };
    link(&to, "", format!("since {before}"))
}

fn cell(props: &SetPageProps, version: &Version, status: &EnvironmentStatus) -> Html {
    let here = status
        .deploy
        .as_ref()
        .filter(|deploy| deploy.version == version.name);
    let content = match here {
        Some(deploy) => {
            let to = Route::Deploy {
                id: deploy.id.clone(),
            };
            link(&to, "", Badge::from(deploy.state).view())
        }
        None => link(
            &version_route(props, version.name.as_str()),
            "deploy-link",
            "Deploy…",
        ),
    };
    html! { <td class="environment">{ content }</td> }
}
