//! A job: its state, its objects sorted by trouble, and its log.

use std::rc::Rc;

use api_types::Deploy;
use yew::prelude::*;

use super::actions::Actions;
use super::follow::{FollowedDeploy, use_followed_deploy};
use super::log::Log;
use super::objects;
use super::stages::{self, Elapsed};
use crate::loading::skeleton;
use crate::navigation::{go, link};
use crate::parts::badge::Badge;
use crate::route::Route;
use crate::time;

#[derive(Properties, PartialEq)]
pub(crate) struct DeployPageProps {
    pub(crate) id: String,
}

/// The page of a deploy job.
#[component]
pub(crate) fn DeployPage(props: &DeployPageProps) -> Html {
    let followed = use_followed_deploy(&props.id);
    let heading = followed.deploy.as_ref().map(|deploy| heading(deploy));
    let on_started = Callback::from(|id| go(&Route::Deploy { id }));
    html! {
        <main class="page">
            { heading.unwrap_or_else(|| html! { <h1>{ "Deploy" }</h1> }) }
            { view(&followed, &on_started) }
        </main>
    }
}

fn heading(deploy: &Deploy) -> Html {
    let (project, set) = (deploy.project.as_str(), deploy.set.as_str());
    let version = Route::version(project, set, deploy.version.as_str());
    let set_page = Route::Set {
        project: project.to_owned(),
        set: set.to_owned(),
    };
    html! {
        <h1>
            { link(&set_page, "", format!("{project} / {set}")) }{ " " }
            { link(&version, "", deploy.version.as_str()) }
            { format!(" to {}", deploy.environment) }
        </h1>
    }
}

/// A job, on its own page or beside the text. `on_started` hears of the job that tries again.
pub(crate) fn view(followed: &FollowedDeploy, on_started: &Callback<String>) -> Html {
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
    let is_running = !deploy.state.is_final();
    html! {
        <section class="job" aria-label="Deploy job" aria-busy={is_running.to_string()}>
            { state_bar(deploy, on_started) }
            { stages::view(deploy) }
            if *is_cut_off && is_running {
                <p class="notice stale" role="status">{ "The server does not answer; what is shown may be old. Trying again." }</p>
            }
            { objects::view(&deploy.objects, lines) }
            <Log lines={lines.clone()} {is_running} />
        </section>
    }
}

fn state_bar(deploy: &Rc<Deploy>, on_started: &Callback<String>) -> Html {
    let from = time::parse(deploy.started_at.as_deref().unwrap_or(&deploy.created_at));
    let took = match deploy.finished_at.as_deref() {
        Some(end) => time::duration(time::parse(end) - from).into(),
        None => html! { <Elapsed {from} /> },
    };
    html! {
        <div class="state-bar">
            <div>
                <div role="status">
                    <strong class="job-state">{ Badge::from(deploy.state).view() }</strong>
                    if !deploy.reason.is_empty() {
                        <p class="reason">{ &deploy.reason }</p>
                    }
                </div>
                <span class="quiet">
                    { took }{ format!(" · by {} · {}", deploy.by, time::ago(time::now(), from)) }
                </span>
            </div>
            <Actions deploy={Rc::clone(deploy)} on_started={on_started.clone()} />
        </div>
    }
}
