//! What a person can do about a job: cancel it while it runs; afterwards try again or go back.

use std::rc::Rc;

use api_types::{Deploy, DeployState, NewDeploy, VersionName};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::loading::use_loaded;
use crate::navigation::link;
use crate::route::{Route, Wish};

#[derive(Properties, PartialEq)]
pub(super) struct ActionsProps {
    pub(super) deploy: Rc<Deploy>,
    /// With the id of the job that was started.
    pub(super) on_started: Callback<String>,
}

/// The buttons.
#[component]
pub(super) fn Actions(props: &ActionsProps) -> Html {
    if props.deploy.state.is_final() {
        html! { <Afterwards ..props.clone() /> }
    } else {
        html! { <Cancel id={props.deploy.id.clone()} /> }
    }
}

impl Clone for ActionsProps {
    fn clone(&self) -> Self {
        Self {
            deploy: Rc::clone(&self.deploy),
            on_started: self.on_started.clone(),
        }
    }
}

#[derive(Properties, PartialEq)]
struct CancelProps {
    id: String,
}

#[component]
fn Cancel(props: &CancelProps) -> Html {
    let is_asked = use_state(|| false);
    let problem = use_state(|| None::<String>);
    let on_cancel = {
        let (id, is_asked, problem) = (props.id.clone(), is_asked.clone(), problem.clone());
        Callback::from(move |_: MouseEvent| {
            is_asked.set(true);
            let (id, is_asked, problem) = (id.clone(), is_asked.clone(), problem.clone());
            spawn_local(async move {
                // The events of the job say when it has stopped.
                let failure = api::cancel_deploy(&id).send().await.err();
                if let Some(failure) = failure {
                    is_asked.set(false);
                    problem.set(Some(failure.message()));
                }
            });
        })
    };
    html! {
        <div class="job-actions">
            <button onclick={on_cancel} disabled={*is_asked}>{ if *is_asked { "Cancelling…" } else { "Cancel" } }</button>
            { refusal(problem.as_deref()) }
        </div>
    }
}

#[component]
fn Afterwards(props: &ActionsProps) -> Html {
    let deploy = &props.deploy;
    let (project, set) = (deploy.project.as_str(), deploy.set.as_str());
    let history = use_loaded(api::deploys(project, set));
    let is_starting = use_state(|| false);
    let problem = use_state(|| None::<String>);
    let on_retry = {
        let (deploy, on_started) = (Rc::clone(deploy), props.on_started.clone());
        let (is_starting, problem) = (is_starting.clone(), problem.clone());
        Callback::from(move |_: MouseEvent| {
            is_starting.set(true);
            let again = NewDeploy {
                version: deploy.version.clone(),
                environment: deploy.environment.clone(),
                options: deploy.options.clone(),
                preview: None,
            };
            let (deploy, on_started) = (Rc::clone(&deploy), on_started.clone());
            let (is_starting, problem) = (is_starting.clone(), problem.clone());
            spawn_local(async move {
                let (project, set) = (deploy.project.as_str(), deploy.set.as_str());
                match api::start_deploy(project, set, &again).send().await {
                    Ok(started) => on_started.emit(started.id),
                    Err(failure) => problem.set(Some(failure.message())),
                }
                is_starting.set(false);
            });
        })
    };
    let earlier = history.state.ready();
    let earlier = earlier.and_then(|page| version_before(&page.items, deploy));
    let has_failed = deploy.state != DeployState::Succeeded;
    html! {
        <div class="job-actions">
            if has_failed {
                <button class="primary" onclick={on_retry} disabled={*is_starting}>{ "Retry" }</button>
            }
            if let Some(earlier) = earlier {
                { link(
                    &Route::deploy_of(project, set, earlier.as_str(), Wish {
                        environment: deploy.environment.to_string(),
                        prune: true,
                    }),
                    "button",
                    format!("Roll back to {earlier}…"),
                ) }
            }
            { refusal(problem.as_deref()) }
        </div>
    }
}

fn refusal(problem: Option<&str>) -> Html {
    match problem {
        Some(problem) => html! { <p class="failure" role="alert">{ problem }</p> },
        None => Html::default(),
    }
}

/// The version that ran well in the same environment before a deploy; `history` is newest first.
fn version_before(history: &[Deploy], deploy: &Deploy) -> Option<VersionName> {
    let older = history.iter().skip_while(|it| it.id != deploy.id).skip(1);
    let mut well = older.filter(|it| {
        it.environment == deploy.environment
            && it.state == DeployState::Succeeded
            && it.version != deploy.version
    });
    well.next().map(|it| it.version.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixture::a_deploy;

    #[test]
    fn one_goes_back_to_what_ran_well_before_in_the_same_place() {
        use DeployState::{Failed, Succeeded};
        let history = [
            a_deploy("5", "v4", "dev", Succeeded),
            a_deploy("4", "v3", "dev", Failed),
            a_deploy("3", "v2", "prod", Succeeded),
            a_deploy("2", "v3", "dev", Succeeded),
            a_deploy("1", "v1", "dev", Succeeded),
        ];
        let before = |idx: usize| {
            let version = version_before(&history, &history[idx]);
            version.map_or("none".to_owned(), |it| it.to_string())
        };
        assert_eq!(
            (before(0), before(1), before(2)),
            ("v3".to_owned(), "v1".to_owned(), "none".to_owned())
        );
    }
}
