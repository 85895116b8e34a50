//! A resource set: its versions, and what runs of them in each environment.

use api_types::{EnvironmentStatus, Version};
use yew::prelude::*;

use crate::loading::{use_loaded, view};
use crate::navigation::Link;
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
    let environments = status
        .state
        .ready()
        .map(|page| page.items.clone())
        .unwrap_or_default();
    html! {
        <main class="page wide">
            <div class="title-line">
                <h1>{ &props.set }</h1>
                <Link to={version_route(props, DRAFT)} class="button">{ "Write a new version" }</Link>
            </div>
            { view(&versions.state, |page| matrix(props, &page.items, &environments)) }
        </main>
    }
}

fn version_route(props: &SetPageProps, version: &str) -> Route {
    Route::Version {
        project: props.project.clone(),
        set: props.set.clone(),
        version: version.to_owned(),
        file: None,
        line: None,
    }
}

fn matrix(props: &SetPageProps, versions: &[Version], environments: &[EnvironmentStatus]) -> Html {
    if versions.is_empty() {
        return html! {
            <p class="empty">
                { "No version yet. " }
                <Link to={version_route(props, DRAFT)}>{ "Write the first one here" }</Link>
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
                        <td><Link to={version_route(props, version.name.as_str())}>{ version.name.as_str() }</Link></td>
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
    html! { <Link {to}>{ format!("since {before}") }</Link> }
}

fn cell(props: &SetPageProps, version: &Version, status: &EnvironmentStatus) -> Html {
    let here = status
        .deploy
        .as_ref()
        .filter(|deploy| deploy.version == version.name);
    let content = match here {
        Some(deploy) => html! {
            <Link to={Route::Deploy { id: deploy.id.clone() }} title={format!("by {}", deploy.by)}>
                { Badge::from(deploy.state).view() }
            </Link>
        },
        None => html! {
            <Link to={version_route(props, version.name.as_str())} class="deploy-link">{ "Deploy…" }</Link>
        },
    };
    html! { <td class="environment">{ content }</td> }
}
