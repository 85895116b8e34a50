//! A project: its resource sets and its environments.

mod members;

use api_types::{Cluster, Environment, NewResourceSet, Page, PutEnvironment, ResourceSet, Slug};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::api;
use crate::loading::{Loading, failed_page, use_loaded, view};
use crate::navigation::{go, link};
use crate::parts::act::{Act, use_act};
use crate::parts::form::{NameForm, NameFormAnswer};
use crate::route::Route;
use members::Members;

#[derive(Properties, PartialEq)]
pub(crate) struct ProjectPageProps {
    pub(crate) project: String,
}

/// The page of a project.
#[component]
pub(crate) fn ProjectPage(props: &ProjectPageProps) -> Html {
    let project = &props.project;
    let sets = use_loaded(api::sets(project));
    let environments = use_loaded(api::environments(project));
    let clusters = use_loaded(api::clusters());
    let act = use_act(&environments.reload);
    // The same project is missing or the same server silent for both: said once.
    if let Some(failure) = sets.state.failure() {
        return failed_page(failure, &sets.reload);
    }
    html! {
        <main class="page">
            <h1>{ project }</h1>
            <h2>{ "Resource sets" }</h2>
            { view(&sets.state, |page| set_list(project, &page.items)) }
            { new_set(project) }
            <h2>{ "Environments" }</h2>
            { act.view() }
            { view(&environments.state, |page| environment_list(project, &page.items, &act)) }
            { new_environment(project, &clusters.state, &environments.reload) }
            <Members project={project.clone()} />
        </main>
    }
}

fn set_list(project: &str, sets: &[ResourceSet]) -> Html {
    if sets.is_empty() {
        return html! { <p class="empty">{ "No resource set yet. A set holds the manifests that are deployed together: name the first one below, then write it or let a pipeline push it." }</p> };
    }
    html! {
        <div class="table-frame"><table class="table">
            <thead>
                <tr><th scope="col">{ "Set" }</th><th scope="col">{ "Newest version" }</th><th scope="col" class="number">{ "Versions" }</th></tr>
            </thead>
            <tbody>
                { for sets.iter().map(|set| {
                    let to = Route::Set { project: project.to_owned(), set: set.name.to_string() };
                    html! {
                        <tr key={set.name.as_str()}>
                            <td>
                                { link(&to, "", set.name.as_str()) }
                                <span class="quiet description">{ &set.description }</span>
                            </td>
                            <td>{ newest(set) }</td>
                            <td class="number">{ set.versions }</td>
                        </tr>
                    }
                }) }
            </tbody>
        </table></div>
    }
}

fn newest(set: &ResourceSet) -> Html {
    let Some(newest) = &set.newest else {
        return html! { <span class="quiet">{ "none yet" }</span> };
    };
    let to = Route::version(set.project.as_str(), set.name.as_str(), newest.as_str());
    link(&to, "", newest.as_str())
}

fn new_set(project: &str) -> Html {
    let project = project.to_owned();
    let on_submit = Callback::from(move |(name, answer): (String, NameFormAnswer)| {
        let project = project.clone();
        answer.run(&name, move |name| async move {
            let new = NewResourceSet {
                name,
                description: String::new(),
            };
            let set = api::create_set(&project, &new).send().await?;
            go(&Route::Set {
                project,
                set: set.name.to_string(),
            });
            Ok(())
        });
    });
    html! { <NameForm label="New resource set" placeholder="web" {on_submit} /> }
}

fn environment_list(project: &str, environments: &[Environment], act: &Act) -> Html {
    if environments.is_empty() {
        return html! { <p class="empty">{ "No environment yet. An environment is a cluster and a namespace that sets are deployed to." }</p> };
    }
    html! {
        <div class="table-frame"><table class="table">
            <thead>
                <tr>
                    <th scope="col">{ "Environment" }</th>
                    <th scope="col">{ "Cluster" }</th>
                    <th scope="col">{ "Namespace" }</th>
                    <th scope="col"><span class="unseen">{ "Actions" }</span></th>
                </tr>
            </thead>
            <tbody>
                { for environments.iter().map(|environment| html! {
                    <tr key={environment.name.as_str()}>
                        <td>{ environment.name.as_str() }</td>
                        <td>{ environment.cluster.as_str() }</td>
                        <td>{ &environment.namespace }</td>
                        <td class="number">{ remove_button(project, environment, act) }</td>
                    </tr>
                }) }
            </tbody>
        </table></div>
    }
}

fn remove_button(project: &str, environment: &Environment, act: &Act) -> Html {
    let on_remove = {
        let (project, name, act) = (project.to_owned(), environment.name.clone(), act.clone());
        move |_: MouseEvent| {
            let (project, name) = (project.clone(), name.clone());
            act.run(async move {
                api::remove_environment(&project, name.as_str())
                    .send()
                    .await?;
                Ok(())
            });
        }
    };
    html! {
        <button
            class="quiet"
            onclick={on_remove}
            aria-label={format!("Remove {}", environment.name)}
            title="What runs there goes on running"
        >{ "Remove" }</button>
    }
}

fn new_environment(
    project: &str,
    clusters: &Loading<Page<Cluster>>,
    reload: &Callback<()>,
) -> Html {
    let cluster = NodeRef::default();
    let namespace = NodeRef::default();
    let on_submit = {
        let (project, reload) = (project.to_owned(), reload.clone());
        let (cluster, namespace) = (cluster.clone(), namespace.clone());
        Callback::from(move |(name, answer): (String, NameFormAnswer)| {
            let (project, reload) = (project.clone(), reload.clone());
            let cluster = cluster
                .cast::<HtmlSelectElement>()
                .and_then(|select| select.value().parse::<Slug>().ok());
            let Some(cluster) = cluster else {
                return answer.refuse("There is no cluster to choose.");
            };
            let namespace = namespace.cast::<HtmlInputElement>();
            let namespace = namespace.map(|input| input.value()).unwrap_or_default();
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
                    { for clusters.ready().iter().flat_map(|page| &page.items).map(option) }
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
