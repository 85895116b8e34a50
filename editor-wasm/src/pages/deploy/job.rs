//! A job: its state, its objects sorted by trouble, and its log.

use api_types::{Deploy, DeployObject, LogLine, ObjectState};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::follow::{FollowedDeploy, use_followed_deploy};
use crate::loading::skeleton;
use crate::navigation::link;
use crate::parts::badge::{Badge, level_class};
use crate::parts::fields::{field_changes, object_name};
use crate::route::Route;
use crate::{api, time};

#[derive(Properties, PartialEq)]
pub(crate) struct DeployPageProps {
    pub(crate) id: String,
}

/// The page of a deploy job.
#[component]
pub(crate) fn DeployPage(props: &DeployPageProps) -> Html {
    let followed = use_followed_deploy(&props.id);
    let heading = followed.deploy.as_ref().map(|deploy| heading(deploy));
    html! {
        <main class="page">
            { heading.unwrap_or_default() }
            { view(&followed) }
        </main>
    }
}

fn heading(deploy: &Deploy) -> Html {
    let (project, set) = (deploy.project.as_str(), deploy.set.as_str());
    let version = Route::version(project, set, deploy.version.as_str());
    html! {
        <h1>
            { format!("{set} ") }
            { link(&version, "", deploy.version.as_str()) }
            { format!(" to {}", deploy.environment) }
        </h1>
    }
}

/// A job, on its own page or beside the text.
pub(crate) fn view(followed: &FollowedDeploy) -> Html {
    let FollowedDeploy {
        deploy,
        lines,
        is_cut_off,
    } = followed;
    let Some(deploy) = deploy else {
        return if *is_cut_off {
            html! { <p class="failure" role="alert">{ "This deploy cannot be read: it does not exist, or the server does not answer." }</p> }
        } else {
            skeleton()
        };
    };
    html! {
        <section class="job" aria-busy={(!deploy.state.is_final()).to_string()}>
            { state_bar(deploy) }
            if *is_cut_off && !deploy.state.is_final() {
                <p class="notice" role="status">{ "The server does not answer; what is shown may be old. Trying again." }</p>
            }
            { objects(&deploy.objects) }
            <h3>{ "Log" }</h3>
            { log(lines) }
        </section>
    }
}

fn state_bar(deploy: &Deploy) -> Html {
    let end = deploy
        .finished_at
        .as_deref()
        .map_or_else(time::now, time::parse);
    let start = deploy.started_at.as_deref().unwrap_or(&deploy.created_at);
    let took = time::duration(end - time::parse(start));
    let on_cancel = {
        let id = deploy.id.clone();
        Callback::from(move |_: MouseEvent| {
            let id = id.clone();
            // The events of the job say whether and when it stopped.
            spawn_local(async move { drop(api::cancel_deploy(&id).send().await) });
        })
    };
    html! {
        <div class="state-bar" role="status">
            <div>
                <strong class="job-state">{ Badge::from(deploy.state).view() }</strong>
                <span class="quiet">{ format!("{took} · by {}", deploy.by) }</span>
                if !deploy.reason.is_empty() {
                    <p class="reason">{ &deploy.reason }</p>
                }
            </div>
            if !deploy.state.is_final() {
                <button onclick={on_cancel}>{ "Cancel" }</button>
            }
        </div>
    }
}

/// Those in trouble first, then those that work, then those that are done.
const BY_TROUBLE: [ObjectState; 6] = [
    ObjectState::Failed,
    ObjectState::Degraded,
    ObjectState::Progressing,
    ObjectState::Waiting,
    ObjectState::Healthy,
    ObjectState::Removed,
];

fn objects(objects: &[DeployObject]) -> Html {
    let in_state = |state| objects.iter().filter(move |object| object.state == state);
    html! {
        <ul class="job-objects">
            { for BY_TROUBLE.into_iter().flat_map(in_state).map(object) }
        </ul>
    }
}

fn object(object: &DeployObject) -> Html {
    let namespace = object.namespace.as_deref().unwrap_or_default();
    let key = format!(
        "{}/{}/{namespace}/{}",
        object.api_version, object.kind, object.name
    );
    html! {
        <li {key}>
            <div class="object-line">
                { Badge::from(object.state).dot() }
                { object_name(&object.kind, &object.name) }
                if let Some(change) = object.change {
                    <span class="change">{ Badge::from(change).view() }</span>
                }
            </div>
            if !object.reason.is_empty() {
                <div class="reason quiet">{ &object.reason }</div>
            }
            { field_changes(&object.fields) }
        </li>
    }
}

fn log(lines: &[LogLine]) -> Html {
    if lines.is_empty() {
        return html! { <p class="empty">{ "Nothing has been logged yet." }</p> };
    }
    html! {
        <ol class="log" aria-live="polite">
            { for lines.iter().map(|line| html! {
                <li key={line.sequence} class={level_class(line.level)}>
                    <time datetime={line.at.clone()}>{ clock(&line.at) }</time>
                    if let Some(object) = &line.object {
                        <span class="log-object">{ object }</span>
                    }
                    <span class="log-message">{ &line.message }</span>
                </li>
            }) }
        </ol>
    }
}

/// The time of day of an RFC 3339 time, in the zone in which it is written.
fn clock(at: &str) -> String {
    at.get(11..19).unwrap_or_default().to_owned()
}
