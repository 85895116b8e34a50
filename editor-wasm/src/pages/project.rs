//! A project: its resource sets and its environments.

use api_types::{Cluster, Environment, NewResourceSet, PutEnvironment, ResourceSet, Slug};
use yew::prelude::*;

use crate::api;
use crate::loading::{Loaded, use_loaded, view};
use crate::navigation::{Link, use_navigator};
use crate::parts::form::{NameForm, NameFormAnswer};
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct ProjectPageProps {
    pub(crate) project: String,
}

/// The page of a project.
#[component]
pub(crate) fn ProjectPage(props: &ProjectPageProps) -> Html {
    let project = props.project.clone();
    let sets = use_loaded(api::sets(&project));
    let environments = use_loaded(api::environments(&project));
    html! {
        <main class="page">
            <h1>{ &project }</h1>
            <h2>{ "Resource sets" }</h2>
            { view(&sets.state, |page| set_list(&project, &page.items)) }
            <NewSetForm project={project.clone()} />
            <h2>{ "Environments" }</h2>
            { view(&environments.state, |page| environment_list(&page.items)) }
            <NewEnvironmentForm {project} {environments} />
        </main>
    }
}

fn set_list(project: &str, sets: &[ResourceSet]) -> Html {
    if sets.is_empty() {
        return html! { <p class="empty">{ "No resource set yet. A set holds the manifests that are deployed together: name the first one below, then write it or let a pipeline push it." }</p> };
    }
    html! {
        <table class="table">
            <thead>
                <tr><th>{ "Set" }</th><th>{ "Newest version" }</th><th class="number">{ "Versions" }</th></tr>
            </thead>
            <tbody>
                { for sets.iter().map(|set| {
                    let to = Route::Set { project: project.to_owned(), set: set.name.to_string() };
                    html! {
                        <tr key={set.name.as_str()}>
                            <td>
                                <Link {to}>{ set.name.as_str() }</Link>
                                <span class="quiet">{ " " }{ &set.description }</span>
                            </td>
                            <td>{ newest(set) }</td>
                            <td class="number">{ set.versions }</td>
                        </tr>
                    }
                }) }
            </tbody>
        </table>
    }
}

fn newest(set: &ResourceSet) -> Html {
    let Some(newest) = &set.newest else {
        return html! { <span class="quiet">{ "none yet" }</span> };
    };
    let to = Route::Version {
        project: set.project.to_string(),
        set: set.name.to_string(),
        version: newest.to_string(),
        file: None,
        line: None,
    };
    html! { <Link {to}>{ newest.as_str() }</Link> }
}

#[derive(Properties, PartialEq)]
struct NewSetFormProps {
    project: String,
}

#[component]
fn NewSetForm(props: &NewSetFormProps) -> Html {
    let navigator = use_navigator();
    let project = props.project.clone();
    let on_submit = Callback::from(move |(name, answer): (String, NameFormAnswer)| {
        let (navigator, project) = (navigator.clone(), project.clone());
        answer.run(&name, move |name| async move {
            let new = NewResourceSet {
                name,
                description: String::new(),
            };
            let set = api::create_set(&project, &new).send().await?;
            navigator.go(Route::Set {
                project,
                set: set.name.to_string(),
            });
            Ok(())
        });
    });
    html! { <NameForm label="New resource set" placeholder="web" {on_submit} /> }
}

fn environment_list(environments: &[Environment]) -> Html {
    if environments.is_empty() {
        return html! { <p class="empty">{ "No environment yet. An environment is a cluster and a namespace that sets are deployed to." }</p> };
    }
    html! {
        <table class="table">
            <thead>
                <tr><th>{ "Environment" }</th><th>{ "Cluster" }</th><th>{ "Namespace" }</th></tr>
            </thead>
            <tbody>
                { for environments.iter().map(|environment| html! {
                    <tr key={environment.name.as_str()}>
                        <td>{ environment.name.as_str() }</td>
                        <td>{ environment.cluster.as_str() }</td>
                        <td>{ &environment.namespace }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

#[derive(Properties, PartialEq)]
struct NewEnvironmentFormProps {
    project: String,
    environments: Loaded<api_types::Page<Environment>>,
}

#[component]
fn NewEnvironmentForm(props: &NewEnvironmentFormProps) -> Html {
    let clusters = use_loaded(api::clusters());
    let cluster = use_node_ref();
    let namespace = use_node_ref();
    let project = props.project.clone();
    let reload = props.environments.reload.clone();
    let on_submit = {
        let (cluster, namespace) = (cluster.clone(), namespace.clone());
        Callback::from(move |(name, answer): (String, NameFormAnswer)| {
            let (project, reload) = (project.clone(), reload.clone());
            let chosen = cluster
                .cast::<web_sys::HtmlSelectElement>()
                .and_then(|select| select.value().parse::<Slug>().ok());
            let namespace = namespace
                .cast::<web_sys::HtmlInputElement>()
                .map(|input| input.value())
                .unwrap_or_default();
            let Some(cluster) = chosen else { return };
            answer.run(&name, move |name| async move {
                let namespace = if namespace.is_empty() {
                    name.to_string()
                } else {
                    namespace
                };
                let put = PutEnvironment { cluster, namespace };
                api::put_environment(&project, name.as_str(), &put)
                    .send()
                    .await?;
                reload.emit(());
                Ok(())
            });
        })
    };
    html! {
        <NameForm label="New environment" placeholder="dev" {on_submit}>
            <label>
                <span>{ "Cluster" }</span>
                <select ref={cluster}>
                    { for clusters.state.ready().iter().flat_map(|page| &page.items).map(option) }
                </select>
            </label>
            <label>
                <span>{ "Namespace" }</span>
                <input ref={namespace} placeholder="as the environment" autocomplete="off" spellcheck="false" />
            </label>
        </NameForm>
    }
}

fn option(cluster: &Cluster) -> Html {
    html! { <option value={cluster.name.to_string()}>{ cluster.name.as_str() }</option> }
}
