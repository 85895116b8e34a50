//! The matrix: a row for each version, a column for each environment.

use api_types::{Deploy, DeployState, EnvironmentStatus, Provenance, Version};
use yew::prelude::*;

use super::{DRAFT, SetPageProps};
use crate::navigation::link;
use crate::parts::badge::Badge;
use crate::route::{Route, Wish};
use crate::time;

/// The matrix, or what to do where there is no version.
pub(super) fn matrix(
    props: &SetPageProps,
    versions: &[Version],
    statuses: &[EnvironmentStatus],
    history: &[Deploy],
) -> Html {
    if versions.is_empty() {
        return html! {
            <p class="empty">
                { "No version yet. " }
                { link(&props.version_route(DRAFT), "", "Write the first one here") }
                { ", or let a pipeline push it: " }
                <code>{ format!("kun push -p {} -r {} -v v1 -f deploy.yaml", props.project, props.set) }</code>
            </p>
        };
    }
    let now = time::now();
    html! {
        <>
            <h2>{ "Versions" }</h2>
            <div class="table-frame">
                <table class="table matrix">
                    <thead>
                        <tr>
                            <th scope="col">{ "Version" }</th>
                            <th scope="col" class="roomy">{ "From" }</th>
                            <th scope="col" class="number roomy">{ "Objects" }</th>
                            <th scope="col" class="number">{ "Age" }</th>
                            <th scope="col">{ "Changes" }</th>
                            { for statuses.iter().map(|status| html! {
                                <th scope="col" class="environment">{ status.environment.name.as_str() }</th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>
                        { for versions.iter().enumerate().map(|(idx, version)| html! {
                            <tr key={version.name.as_str()}>
                                <th scope="row">{ link(&props.version_route(version.name.as_str()), "", version.name.as_str()) }</th>
                                <td class="roomy">{ origin(&version.provenance) }</td>
                                <td class="number roomy">{ version.objects.len() }</td>
                                <td class="number quiet">{ time::ago(now, time::parse(&version.created_at)) }</td>
                                <td>{ compare_link(props, version, versions.get(idx + 1)) }</td>
                                { for statuses.iter().map(|status| cell(props, version, status, history)) }
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </>
    }
}

/// Who made a version, of what: branch or tag and commit, with the way to the pipeline.
fn origin(provenance: &Provenance) -> Html {
    let commit = provenance.commit.as_deref().unwrap_or_default();
    let commit: String = commit.chars().take(8).collect();
    let git_ref = provenance.git_ref.as_deref().unwrap_or_default();
    let git_ref = git_ref
        .trim_start_matches("refs/heads/")
        .trim_start_matches("refs/tags/");
    let pipeline = provenance.pipeline_url.as_deref();
    // An address that a pipeline gave is followed only where it can do no more than open a page.
    let pipeline = pipeline.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        <>
            { &provenance.author }
            if !git_ref.is_empty() || !commit.is_empty() {
                <span class="quiet">{ format!(" {git_ref} {commit}").trim_end().to_owned() }</span>
            }
            if let Some(url) = pipeline {
                { " " }<a href={url.to_owned()} rel="noreferrer" target="_blank">{ "pipeline" }</a>
            }
        </>
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

fn cell(
    props: &SetPageProps,
    version: &Version,
    status: &EnvironmentStatus,
    history: &[Deploy],
) -> Html {
    let environment = &status.environment.name;
    let last = status
        .deploy
        .as_ref()
        .filter(|deploy| deploy.version == version.name);
    // What is still there while a newer version is on its way, or has failed.
    let ran = || {
        let of_here =
            |it: &&Deploy| it.environment == *environment && it.state == DeployState::Succeeded;
        let ran = history.iter().find(of_here);
        ran.filter(|ran| ran.version == version.name)
    };
    let shown = match last {
        Some(last) => Some((last.id.clone(), Badge::from(last.state))),
        None => ran().map(|ran| (ran.id.clone(), Badge::BEFORE)),
    };
    let wish = Wish {
        environment: environment.to_string(),
        prune: false,
    };
    let deploy = Route::deploy_of(&props.project, &props.set, version.name.as_str(), wish);
    html! {
        <td class="environment">
            if let Some((id, badge)) = shown {
                { link(&Route::Deploy { id }, "", badge.view()) }
            }
            <a
                class="deploy-link"
                href={deploy.to_string()}
                aria-label={format!("Deploy {} to {environment}", version.name)}
            >{ "Deploy…" }</a>
        </td>
    }
}
