//! Home: what needs a look, what is unsaved, and every project.

mod newer;

use api_types::{Deploy, DeployState, NewProject, Page, Project};
use yew::prelude::*;

use crate::loading::{Loaded, Loading, failed_page, stale, use_loaded, use_refreshed, view};
use crate::navigation::{go, link};
use crate::pages::first_run;
use crate::parts::form::{NameForm, NameFormAnswer};
use crate::parts::{commands, deploys};
use crate::route::Route;
use crate::{api, drafts};
use newer::Newer;

/// Seconds between two looks at the deploys: while one runs, and otherwise.
const SOON: u32 = 3;
const LATER: u32 = 30;

/// The home page.
#[component]
pub(crate) fn Home() -> Html {
    let projects = use_loaded(api::projects());
    let recent = use_loaded(api::recent_deploys());
    let redraw = use_force_update();
    let is_busy = recent.state.ready().is_some_and(|page| {
        let mut deploys = page.items.iter();
        deploys.any(|deploy| !deploy.state.is_final())
    });
    use_refreshed(&recent.reload, Some(if is_busy { SOON } else { LATER }));
    if let Some(failure) = projects.state.failure() {
        return failed_page(failure, &projects.reload);
    }
    let (urgent, calm) = recent
        .state
        .ready()
        .map(|page| by_urgency(&page.items))
        .unwrap_or_default();
    html! {
        <main class="page">
            <h1 class="unseen">{ "KUN" }</h1>
            <button class="home-search" onclick={|_| commands::search().run()}>
                <span>{ "Search projects, sets, versions and commands" }</span><kbd aria-hidden="true">{ "/" }</kbd>
            </button>
            { stale(recent.stale_since) }
            if !urgent.is_empty() {
                <h2>{ "Running and failed" }</h2>
                { deploys::table(&urgent) }
            }
            { view_newer(&projects.state, &recent.state) }
            <h2>{ "Projects" }</h2>
            { view(&projects.state, |page| html! {
                <>
                    { first_run::hint(&page.items, &redraw) }
                    { project_list(&page.items) }
                </>
            }) }
            { new_project(&projects) }
            { draft_list() }
            <h2>{ "Recent deploys" }</h2>
            { view(&recent.state, |_| if calm.is_empty() {
                html! { <p class="empty">{ nothing_recent(urgent.is_empty()) }</p> }
            } else {
                deploys::table(&calm)
            }) }
        </main>
    }
}

/// What is newer than what runs, in each project.
fn view_newer(projects: &Loading<Page<Project>>, recent: &Loading<Page<Deploy>>) -> Html {
    let (Some(projects), Some(recent)) = (projects.ready(), recent.ready()) else {
        return Html::default();
    };
    html! {
        <section class="needs">
            <h2>{ "Newer than what runs" }</h2>
            <ul>
                { for projects.items.iter().map(|project| {
                    let here = recent.items.iter().filter(|it| it.project == project.name);
                    html! {
                        <Newer
                            key={project.name.as_str()}
                            project={project.name.to_string()}
                            deploys={here.cloned().collect::<Vec<_>>()}
                        />
                    }
                }) }
            </ul>
        </section>
    }
}

fn nothing_recent(is_first: bool) -> &'static str {
    if is_first {
        "Nothing has been deployed yet."
    } else {
        "No other deploy."
    }
}

/// Those that run, and those that failed and are the last word on their environment; then the rest.
/// Each in the given order, which is newest first.
fn by_urgency(deploys: &[Deploy]) -> (Vec<&Deploy>, Vec<&Deploy>) {
    let place = |deploy: &Deploy| {
        let Deploy {
            project,
            set,
            environment,
            ..
        } = deploy;
        (project.clone(), set.clone(), environment.clone())
    };
    let is_urgent = |idx: usize, deploy: &Deploy| {
        let is_last_word = || {
            deploys
                .iter()
                .take(idx)
                .all(|it| place(it) != place(deploy))
        };
        !deploy.state.is_final() || (deploy.state == DeployState::Failed && is_last_word())
    };
    let (mut urgent, mut calm) = (Vec::new(), Vec::new());
    for (idx, deploy) in deploys.iter().enumerate() {
        let list = if is_urgent(idx, deploy) {
            &mut urgent
        } else {
            &mut calm
        };
        list.push(deploy);
    }
    (urgent, calm)
}

fn project_list(projects: &[Project]) -> Html {
    if projects.is_empty() {
        return html! { <p class="empty">{ "No project yet. A project holds the resource sets and environments of one team or product: name the first one below." }</p> };
    }
    html! {
        <ul class="cards">
            { for projects.iter().map(|project| {
                let to = Route::Project { project: project.name.to_string() };
                let card = html! {
                    <>
                        <strong>{ project.name.as_str() }</strong>
                        <span class="quiet">{ &project.description }</span>
                    </>
                };
                html! { <li key={project.name.as_str()}>{ link(&to, "card", card) }</li> }
            }) }
        </ul>
    }
}

fn new_project(projects: &Loaded<Page<Project>>) -> Html {
    let reload = projects.reload.clone();
    let on_submit = Callback::from(move |(name, answer): (String, NameFormAnswer)| {
        let reload = reload.clone();
        answer.run(&name, move |name| async move {
            let new = NewProject {
                name,
                description: String::new(),
            };
            let project = api::create_project(&new).send().await?;
            reload.emit(());
            go(&Route::Project {
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
                    let to = Route::version(project, set, version);
                    html! { <li>{ link(&to, "", label) }</li> }
                }) }
            </ul>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixture::a_deploy;

    #[test]
    fn a_failure_is_urgent_until_something_newer_is_there() {
        use DeployState::{Failed, Succeeded, Waiting};
        let deploys = [
            a_deploy("1", "v1", "dev", Waiting),
            a_deploy("2", "v1", "dev", Failed),
            a_deploy("3", "v1", "prod", Failed),
            a_deploy("4", "v1", "prod", Succeeded),
        ];
        let (urgent, calm) = by_urgency(&deploys);
        let ids =
            |deploys: Vec<&Deploy>| deploys.iter().map(|it| it.id.clone()).collect::<String>();
        assert_eq!((ids(urgent), ids(calm)), ("13".to_owned(), "24".to_owned()));
    }
}
