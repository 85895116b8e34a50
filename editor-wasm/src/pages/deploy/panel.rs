//! The panel beside the text: choose where to, see what would happen, deploy, watch.

use std::rc::Rc;

use api_types::{DeployOptions, Environment, NewDeploy, NewPreview, Preview, Slug, VersionName};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::follow::FollowedDeploy;
use super::{job, preview};
use crate::loading::{Loading, use_loaded, view};
use crate::navigation::link;
use crate::route::{Route, Wish};
use crate::{api, storage};

#[derive(Properties, PartialEq)]
pub(crate) struct DeployPanelProps {
    pub(crate) project: String,
    pub(crate) set: String,
    /// The version as it is stored; `None` while nothing is saved.
    pub(crate) version: Option<VersionName>,
    /// Whether the text differs from the version.
    pub(crate) is_unsaved: bool,
    /// What the address asks for.
    pub(crate) wish: Option<Wish>,
    /// The job that this panel started, as it stands.
    pub(crate) followed: Option<Rc<FollowedDeploy>>,
    pub(crate) on_started: Callback<String>,
    /// An environment is looked at.
    pub(crate) on_environment: Callback<String>,
    /// Back from the job to the preview.
    pub(crate) on_again: Callback<()>,
}

/// The deploy panel.
#[component]
pub(crate) fn DeployPanel(props: &DeployPanelProps) -> Html {
    let environments = use_loaded(api::environments(&props.project));
    html! {
        <aside class="deploy-panel" id="deploy-panel" aria-label="Deploy">
            { match (&props.followed, &props.version) {
                (Some(followed), _) => running(followed, props),
                (None, None) => html! {
                    <>
                        <h2>{ "Deploy" }</h2>
                        <p class="empty">{ "Save the text as a version first: only versions are deployed, and a version never changes." }</p>
                    </>
                },
                (None, Some(version)) => view(&environments.state, |page| html! {
                    <Plan
                        key={props.wish.as_ref().map_or_else(String::new, |wish| format!("{wish:?}"))}
                        wish={props.wish.clone()}
                        project={props.project.clone()}
                        set={props.set.clone()}
                        version={version.clone()}
                        is_unsaved={props.is_unsaved}
                        environments={page.items.clone()}
                        on_environment={props.on_environment.clone()}
                        on_started={props.on_started.clone()}
                    />
                }),
            } }
        </aside>
    }
}

fn running(followed: &FollowedDeploy, props: &DeployPanelProps) -> Html {
    let deploy = followed.deploy.as_ref();
    html! {
        <>
            if let Some(deploy) = deploy {
                <h2>
                    { link(
                        &Route::Deploy { id: deploy.id.clone() },
                        "",
                        format!("{} to {}", deploy.version, deploy.environment),
                    ) }
                </h2>
            }
            { job::view(followed, &props.on_started) }
            if deploy.is_none_or(|deploy| deploy.state.is_final()) {
                <button onclick={props.on_again.reform(|_| ())}>{ "Deploy again…" }</button>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PlanProps {
    project: String,
    set: String,
    version: VersionName,
    is_unsaved: bool,
    wish: Option<Wish>,
    environments: Vec<Environment>,
    on_environment: Callback<String>,
    on_started: Callback<String>,
}

/// What a preview depends on.
#[derive(Clone, PartialEq)]
struct Question {
    project: String,
    set: String,
    version: VersionName,
    environment: Slug,
    options: DeployOptions,
}

/// Environment, options, preview and the button.
#[component]
fn Plan(props: &PlanProps) -> Html {
    let remembered = environment_key(&props.project, &props.set);
    let chosen = use_state(|| {
        let wished = props.wish.as_ref().map(|wish| wish.environment.clone());
        wished.or_else(|| chosen_environment(&props.project, &props.set))
    });
    let options = use_state(|| DeployOptions {
        prune: props.wish.as_ref().is_some_and(|wish| wish.prune),
        ..DeployOptions::default()
    });
    let environment = props
        .environments
        .iter()
        .find(|environment| Some(environment.name.as_str()) == chosen.as_deref())
        .or(props.environments.first());
    {
        let on_environment = props.on_environment.clone();
        use_effect_with(environment.map(|it| it.name.clone()), move |name| {
            if let Some(name) = name {
                on_environment.emit(name.to_string());
            }
        });
    }
    let Some(environment) = environment else {
        return html! {
            <>
                <h2>{ "Deploy" }</h2>
                <p class="empty">
                    { "There is no environment to deploy to. " }
                    { link(&Route::Project { project: props.project.clone() }, "", "Add one to the project") }{ "." }
                </p>
            </>
        };
    };
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
            // A browser that keeps nothing offers the first environment at the next visit.
            storage::set(&remembered, &select.value());
            chosen.set(Some(select.value()));
        })
    };
    let question = Question {
        project: props.project.clone(),
        set: props.set.clone(),
        version: props.version.clone(),
        environment: environment.name.clone(),
        options: (*options).clone(),
    };
    html! {
        <>
            <h2>{ "Deploy" }</h2>
            <dl class="plan">
                <dt>{ "Version" }</dt><dd>{ props.version.as_str() }</dd>
                <dt><label for="deploy-environment">{ "Environment" }</label></dt>
                <dd>
                    <select id="deploy-environment" onchange={on_choose}>
                        { for props.environments.iter().map(|it| html! {
                            <option value={it.name.to_string()} selected={it == environment}>{ it.name.as_str() }</option>
                        }) }
                    </select>
                    <span class="quiet">{ format!(" {} / {}", environment.cluster, environment.namespace) }</span>
                </dd>
            </dl>
            { option_boxes(&options) }
            if props.is_unsaved {
                <p class="notice">{ format!("The text has unsaved changes: this deploys {} as it was saved.", props.version) }</p>
            }
            <Answer
                {question}
                cluster={environment.cluster.clone()}
                is_wished={props.wish.is_some()}
                on_force={on_force(&options)}
                on_started={props.on_started.clone()}
            />
        </>
    }
}

/// The environment that a person chose for a set at last.
pub(crate) fn chosen_environment(project: &str, set: &str) -> Option<String> {
    storage::get(&environment_key(project, set))
}

fn environment_key(project: &str, set: &str) -> String {
    format!("kun:environment:{project}/{set}")
}

/// Takes the fields that others own.
fn on_force(options: &UseStateHandle<DeployOptions>) -> Callback<()> {
    let options = options.clone();
    Callback::from(move |()| {
        options.set(DeployOptions {
            force_conflicts: true,
            ..(*options).clone()
        });
    })
}

fn option_boxes(options: &UseStateHandle<DeployOptions>) -> Html {
    let change = |change: fn(&mut DeployOptions)| {
        let options = options.clone();
        Callback::from(move |_: Event| {
            let mut changed = (*options).clone();
            change(&mut changed);
            options.set(changed);
        })
    };
    html! {
        <details class="options">
            <summary>{ "Options" }</summary>
            <label>
                <input type="checkbox" checked={options.prune} onchange={change(|it| it.prune = !it.prune)} />
                { " Delete objects that this version no longer describes" }
            </label>
            <label>
                <input type="checkbox" checked={options.force_conflicts} onchange={change(|it| it.force_conflicts = !it.force_conflicts)} />
                { " Take fields that others own" }
            </label>
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct AnswerProps {
    question: Question,
    cluster: Slug,
    /// Whether the person came here to deploy: Enter then does it.
    is_wished: bool,
    on_force: Callback<()>,
    on_started: Callback<String>,
}

/// The preview, asked for anew whenever the question changes, and the button that repeats it.
#[component]
fn Answer(props: &AnswerProps) -> Html {
    let Question {
        project,
        set,
        version,
        environment,
        options,
    } = props.question.clone();
    let new = NewPreview {
        version,
        environment,
        options,
    };
    let preview = use_loaded(api::preview(&project, &set, &new));
    let problem = use_state(|| None::<String>);
    let is_starting = use_state(|| false);
    let on_deploy = {
        let question = props.question.clone();
        let (problem, is_starting) = (problem.clone(), is_starting.clone());
        let on_started = props.on_started.clone();
        let id = preview.state.ready().map(|preview| preview.id.clone());
        let reload = preview.reload.clone();
        Callback::from(move |_: MouseEvent| {
            is_starting.set(true);
            let new = NewDeploy {
                version: question.version.clone(),
                environment: question.environment.clone(),
                options: question.options.clone(),
                preview: id.clone(),
            };
            let (project, set) = (question.project.clone(), question.set.clone());
            let (problem, is_starting) = (problem.clone(), is_starting.clone());
            let (on_started, reload) = (on_started.clone(), reload.clone());
            spawn_local(async move {
                match api::start_deploy(&project, &set, &new).send().await {
                    Ok(deploy) => on_started.emit(deploy.id),
                    Err(failure) => {
                        is_starting.set(false);
                        problem.set(Some(failure.message()));
                        reload.emit(());
                    }
                }
            });
        })
    };
    let confirmed = use_state(String::new);
    let ready = preview.state.ready();
    let needs_word = ready.is_some_and(|it| preview::deletes_data(it));
    let is_confirmed = !needs_word || *confirmed == *props.question.environment.as_str();
    let can_deploy = ready.is_some_and(|it| preview::is_possible(it)) && is_confirmed;
    let button = use_node_ref();
    {
        let (button, is_wished) = (button.clone(), props.is_wished);
        use_effect_with(ready.is_some(), move |is_ready| {
            let button = button.cast::<web_sys::HtmlElement>();
            if let Some(button) = button.filter(|_| *is_ready && is_wished) {
                // What cannot take the focus is disabled, and says why above.
                let _ = button.focus();
            }
        });
    }
    html! {
        <>
            <div class="preview-area">
                { match &preview.state {
                    Loading::Waiting => html! { <p class="quiet" aria-busy="true">{ "Asking the cluster what would change…" }</p> },
                    Loading::Ready(_) | Loading::Failed(_) => view(&preview.state, |answer| preview::view(answer, &props.cluster, &props.on_force)),
                } }
            </div>
            if needs_word {
                { confirmation(&props.question.environment, &confirmed) }
            }
            if let Some(problem) = &*problem {
                <p class="failure" role="alert">{ problem }</p>
            }
            <div class="panel-actions">
                <button ref={button} class="primary deploy-button" disabled={!can_deploy || *is_starting} onclick={on_deploy}>
                    { label(&props.question, preview.state.ready()) }
                </button>
                <button class="quiet" onclick={preview.reload.reform(|_| ())}>{ "Preview again" }</button>
            </div>
        </>
    }
}

/// Asks for a word before data are deleted.
fn confirmation(environment: &Slug, typed: &UseStateHandle<String>) -> Html {
    let on_input = {
        let typed = typed.clone();
        move |event: InputEvent| {
            let input: web_sys::HtmlInputElement = event.target_unchecked_into();
            typed.set(input.value());
        }
    };
    html! {
        <label class="confirmation">
            <span>{ "This deletes what may hold data. Type " }<strong>{ environment.as_str() }</strong>{ " to go on." }</span>
            <input oninput={on_input} autocomplete="off" spellcheck="false" />
        </label>
    }
}

/// What the button does, in words.
fn label(question: &Question, preview: Option<&Rc<Preview>>) -> String {
    let Question {
        version,
        environment,
        ..
    } = question;
    match preview.map(|preview| preview::summary(preview)) {
        Some(summary) if !summary.is_empty() => {
            format!("Deploy {version} to {environment}: {summary}")
        }
        _ => format!("Deploy {version} to {environment}"),
    }
}
