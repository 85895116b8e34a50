//! What runs in each environment, how it stands, and what the newest version would change there.

use api_types::{
    ChangeKind, Comparison, Deploy, DeployOptions, DeployState, EnvironmentStatus, NewPreview,
    ObjectDiff, Preview, VersionName,
};
use yew::prelude::*;

use super::SetPageProps;
use crate::loading::{Loading, use_loaded};
use crate::navigation::link;
use crate::parts::badge::Badge;
use crate::route::{Route, Wish};
use crate::{api, time};

#[derive(Properties, PartialEq)]
pub(super) struct PlacesProps {
    pub(super) set: SetPageProps,
    pub(super) newest: Option<VersionName>,
    pub(super) statuses: Vec<EnvironmentStatus>,
    /// Newest first.
    pub(super) history: Vec<Deploy>,
}

/// A line for each environment.
#[component]
pub(super) fn Places(props: &PlacesProps) -> Html {
    let Some(newest) = &props.newest else {
        return Html::default();
    };
    if props.statuses.is_empty() {
        let project = Route::Project {
            project: props.set.project.clone(),
        };
        return html! {
            <p class="empty">
                { "There is no environment to deploy to. " }
                { link(&project, "", "Add one to the project") }{ "." }
            </p>
        };
    }
    html! {
        <ul class="places" aria-label="Environments">
            { for props.statuses.iter().map(|status| html! {
                <Place
                    key={status.environment.name.as_str()}
                    set={props.set.clone()}
                    newest={newest.clone()}
                    status={status.clone()}
                    runs={running(&props.history, status)}
                />
            }) }
        </ul>
    }
}

/// The version that was brought to an environment as a whole, last.
fn running(history: &[Deploy], status: &EnvironmentStatus) -> Option<VersionName> {
    let here = history
        .iter()
        .find(|it| it.environment == status.environment.name && it.state == DeployState::Succeeded);
    here.map(|it| it.version.clone())
}

#[derive(Properties, PartialEq)]
struct PlaceProps {
    set: SetPageProps,
    newest: VersionName,
    status: EnvironmentStatus,
    runs: Option<VersionName>,
}

#[component]
fn Place(props: &PlaceProps) -> Html {
    let environment = &props.status.environment;
    let last = props.status.deploy.as_ref();
    let wish = Wish {
        environment: environment.name.to_string(),
        prune: false,
    };
    let SetPageProps { project, set } = &props.set;
    let deploy = Route::deploy_of(project, set, props.newest.as_str(), wish);
    let is_newest = last
        .is_some_and(|last| last.version == props.newest && last.state == DeployState::Succeeded);
    html! {
        <li>
            <div class="place-name">
                <strong>{ environment.name.as_str() }</strong>
                <span class="quiet">{ format!("{} / {}", environment.cluster, environment.namespace) }</span>
            </div>
            <div class="place-state">
                if let Some(last) = last {
                    { link(&Route::Deploy { id: last.id.clone() }, "", html! {
                        <>{ format!("{} ", last.version) }{ Badge::from(last.state).view() }</>
                    }) }
                    <span class="quiet">{ format!(" {} by {}", time::ago(time::now(), time::parse(&last.at)), last.by) }</span>
                } else {
                    <span class="quiet">{ "nothing deployed yet" }</span>
                }
            </div>
            <div class="place-difference">
                { difference(props) }
                if let Some(last) = last.filter(|it| Some(&it.version) == props.runs.as_ref() && it.state == DeployState::Succeeded) {
                    <Drift key={last.id.clone()} set={props.set.clone()} status={props.status.clone()} version={last.version.clone()} />
                }
            </div>
            if !is_newest {
                { link(&deploy, "button", format!("Deploy {}…", props.newest)) }
            }
        </li>
    }
}

fn difference(props: &PlaceProps) -> Html {
    match &props.runs {
        None => {
            html! { <span class="quiet">{ format!("{} would be the first", props.newest) }</span> }
        }
        Some(runs) if *runs == props.newest => Html::default(),
        Some(runs) => html! {
            <Difference set={props.set.clone()} from={runs.clone()} to={props.newest.clone()} />
        },
    }
}

#[derive(Properties, PartialEq)]
struct DifferenceProps {
    set: SetPageProps,
    from: VersionName,
    to: VersionName,
}

/// What the newest version changes against what runs, in one line.
#[component]
fn Difference(props: &DifferenceProps) -> Html {
    let DifferenceProps { set, from, to } = props;
    let comparison = use_loaded::<Comparison>(api::compare(
        &set.project,
        &set.set,
        from.as_str(),
        to.as_str(),
    ));
    let Some(comparison) = comparison.state.ready() else {
        return Html::default();
    };
    let route = Route::Compare {
        project: set.project.clone(),
        set: set.set.clone(),
        from: from.to_string(),
        to: to.to_string(),
    };
    link(
        &route,
        "",
        format!("{from} → {to}: {}", words(&comparison.objects)),
    )
}

/// What changes, in words: names where they are few, numbers where they are many.
fn words(objects: &[ObjectDiff]) -> String {
    let changed: Vec<_> = objects
        .iter()
        .filter(|it| it.change != ChangeKind::Unchanged)
        .collect();
    let verb = |change| match change {
        ChangeKind::Create => "adds",
        ChangeKind::Change => "changes",
        ChangeKind::Replace => "replaces",
        ChangeKind::Remove => "removes",
        ChangeKind::Unchanged => "keeps",
    };
    match changed[..] {
        [] => "nothing differs".to_owned(),
        [one] => format!("{} {} {}", verb(one.change), one.kind, one.name),
        _ => {
            let kinds = [
                ChangeKind::Create,
                ChangeKind::Change,
                ChangeKind::Replace,
                ChangeKind::Remove,
            ];
            let counts = kinds.into_iter().filter_map(|kind| {
                let count = changed.iter().filter(|it| it.change == kind).count();
                (count > 0).then(|| format!("{} {count}", verb(kind)))
            });
            counts.collect::<Vec<_>>().join(", ")
        }
    }
}

#[derive(Properties, PartialEq)]
struct DriftProps {
    set: SetPageProps,
    status: EnvironmentStatus,
    version: VersionName,
}

/// Whether the cluster still holds what was deployed, asked as the person who looks.
#[component]
fn Drift(props: &DriftProps) -> Html {
    let asked = NewPreview {
        version: props.version.clone(),
        environment: props.status.environment.name.clone(),
        options: DeployOptions::default(),
    };
    let SetPageProps { project, set } = &props.set;
    let preview = use_loaded::<Preview>(api::preview(project, set, &asked));
    match &preview.state {
        Loading::Waiting => Html::default(),
        Loading::Failed(failure) => html! {
            <span class="drift quiet" title={failure.message()}>{ "? cluster not read" }</span>
        },
        Loading::Ready(preview) => match drifted(preview) {
            0 => html! { <span class="drift quiet">{ "as deployed" }</span> },
            1 => drift("1 object differs from it"),
            count => drift(&format!("{count} objects differ from it")),
        },
    }
}

fn drift(words: &str) -> Html {
    html! { <span class="drift is-degraded">{ format!("▲ drifted: {words}") }</span> }
}

/// Objects that are not as they were deployed.
fn drifted(preview: &Preview) -> usize {
    let differs = |change| change != ChangeKind::Unchanged;
    let objects = preview.objects.iter();
    objects.filter(|it| differs(it.diff.change)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_in_one_line() {
        let diff = |change, name: &str| ObjectDiff {
            api_version: "v1".to_owned(),
            kind: "Service".to_owned(),
            namespace: None,
            name: name.to_owned(),
            change,
            fields: Vec::new(),
        };
        let (kept, added, removed) = (
            diff(ChangeKind::Unchanged, "a"),
            diff(ChangeKind::Create, "b"),
            diff(ChangeKind::Remove, "c"),
        );
        assert_eq!(words(std::slice::from_ref(&kept)), "nothing differs");
        assert_eq!(words(&[kept.clone(), added.clone()]), "adds Service b");
        assert_eq!(words(&[added, kept, removed]), "adds 1, removes 1");
    }
}
