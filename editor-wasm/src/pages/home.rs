//! Home: what runs, what is unsaved, and every project.

use api_types::{Deploy, NewProject, Project};
use yew::prelude::*;

use crate::loading::{Loaded, use_loaded, view};
use crate::navigation::{Link, use_navigator};
use crate::parts::badge::Badge;
use crate::parts::form::{NameForm, NameFormAnswer};
use crate::route::Route;
use crate::{api, drafts, time};

/// The home page.
#[component]
pub(crate) fn Home() -> Html {
    let projects = use_loaded(api::projects());
    let deploys = use_loaded(api::recent_deploys());
    html! {
        <main class="page">
            <h1>{ "Projects" }</h1>
            { view(&projects.state, |page| project_list(&page.items)) }
            <NewProjectForm {projects} />
            { draft_list() }
            <h2>{ "Recent deploys" }</h2>
            { view(&deploys.state, |page| deploy_list(&page.items)) }
        </main>
    }
}

fn project_list(projects: &[Project]) -> Html {
    if projects.is_empty() {
        return html! { <p class="empty">{ "No project yet. A project holds the resource sets and environments of one team or product: name the first one below." }</p> };
    }
    html! {
        <ul class="cards">
            { for projects.iter().map(|project| html! {
                <li key={project.name.as_str()}>
                    <Link to={Route::Project { project: project.name.to_string() }} class="card">
                        <strong>{ project.name.as_str() }</strong>
                        <span class="quiet">{ &project.description }</span>
                    </Link>
                </li>
            }) }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
struct NewProjectFormProps {
    projects: Loaded<api_types::Page<Project>>,
}

#[component]
fn NewProjectForm(props: &NewProjectFormProps) -> Html {
    let navigator = use_navigator();
    let reload = props.projects.reload.clone();
    let on_submit = Callback::from(move |(name, answer): (String, NameFormAnswer)| {
        let (navigator, reload) = (navigator.clone(), reload.clone());
        answer.run(&name, move |name| async move {
            let new = NewProject {
                name,
                description: String::new(),
            };
            let project = api::create_project(&new).send().await?;
            reload.emit(());
            navigator.go(Route::Project {
                project: project.name.to_string(),
            });
            Ok(())
        });
    });
    html! { <NameForm label="New project" placeholder="shop" {on_submit} /> }
}

fn draft_list() -> Html {
    let drafts = drafts::list();
    if drafts.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h2>{ "Unsaved in this browser" }</h2>
            <ul class="rows">
                { for drafts.into_iter().map(|draft| {
                    let drafts::DraftKey { project, set, version } = draft;
                    let label = format!("{project} / {set} / {version}");
                    let to = Route::Version { project, set, version, file: None, line: None };
                    html! { <li><Link {to}>{ label }</Link></li> }
                }) }
            </ul>
        </>
    }
}

/// Deploys, newest first, a row each.
pub(crate) fn deploy_list(deploys: &[Deploy]) -> Html {
    if deploys.is_empty() {
        return html! { <p class="empty">{ "Nothing has been deployed yet." }</p> };
    }
    let now = time::now();
    html! {
        <table class="table">
            <thead>
                <tr>
                    <th>{ "State" }</th><th>{ "What" }</th><th>{ "Where" }</th><th>{ "Who" }</th>
                    <th class="number">{ "When" }</th>
                </tr>
            </thead>
            <tbody>
                { for deploys.iter().map(|deploy| html! {
                    <tr key={deploy.id.clone()}>
                        <td>{ Badge::from(deploy.state).view() }</td>
                        <td>
                            <Link to={Route::Deploy { id: deploy.id.clone() }}>
                                { format!("{} {}", deploy.set, deploy.version) }
                            </Link>
                            if !deploy.reason.is_empty() {
                                <div class="quiet reason">{ &deploy.reason }</div>
                            }
                        </td>
                        <td>{ format!("{} / {}", deploy.project, deploy.environment) }</td>
                        <td>{ &deploy.by }</td>
                        <td class="number quiet">{ time::ago(now, time::parse(&deploy.created_at)) }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}
