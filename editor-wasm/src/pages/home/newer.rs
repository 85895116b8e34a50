//! Sets of a project of which a newer version is there than the one that runs.

use api_types::{Deploy, DeployState, Page, ResourceSet};
use yew::prelude::*;

use crate::api;
use crate::loading::use_loaded;
use crate::navigation::link;
use crate::route::{Route, Wish};

#[derive(Properties, PartialEq)]
pub(super) struct NewerProps {
    pub(super) project: String,
    /// Those of the project, newest first.
    pub(super) deploys: Vec<Deploy>,
}

/// The lines of one project.
#[component]
pub(super) fn Newer(props: &NewerProps) -> Html {
    let sets = use_loaded::<Page<ResourceSet>>(api::sets(&props.project));
    let Some(sets) = sets.state.ready() else {
        return Html::default();
    };
    let behind = behind(&props.deploys, &sets.items);
    behind
        .into_iter()
        .map(|(deploy, newest)| line(deploy, newest))
        .collect()
}

fn line(deploy: &Deploy, newest: &str) -> Html {
    let (project, set) = (deploy.project.as_str(), deploy.set.as_str());
    let wish = Wish {
        environment: deploy.environment.to_string(),
        prune: false,
    };
    let to = Route::deploy_of(project, set, newest, wish);
    let compare = Route::Compare {
        project: project.to_owned(),
        set: set.to_owned(),
        from: deploy.version.to_string(),
        to: newest.to_owned(),
    };
    html! {
        <li key={format!("{set}/{}", deploy.environment)}>
            <span>
                { format!("{project} / {set}: {} runs ", deploy.environment) }
                { link(&compare, "", format!("{}, {newest} is there", deploy.version)) }
            </span>
            { link(&to, "button", format!("Deploy {newest}…")) }
        </li>
    }
}

/// The last deploys that went well with a version that is not the newest of its set.
fn behind<'a>(deploys: &'a [Deploy], sets: &'a [ResourceSet]) -> Vec<(&'a Deploy, &'a str)> {
    let is_last_word = |idx: usize, deploy: &Deploy| {
        let mut newer = deploys.iter().take(idx);
        newer.all(|it| (&it.set, &it.environment) != (&deploy.set, &deploy.environment))
    };
    let last = deploys
        .iter()
        .enumerate()
        .filter(|(idx, it)| it.state == DeployState::Succeeded && is_last_word(*idx, it));
    last.filter_map(|(_, deploy)| {
        let set = sets.iter().find(|set| set.name == deploy.set)?;
        let newest = set.newest.as_ref()?;
        (*newest != deploy.version).then_some((deploy, newest.as_str()))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixture::a_deploy;

    #[test]
    fn only_what_went_well_last_is_compared_with_the_newest() {
        use DeployState::{Failed, Succeeded};
        let deploys = [
            a_deploy("", "v2", "dev", Succeeded),
            a_deploy("", "v1", "dev", Succeeded),
            a_deploy("", "v1", "prod", Succeeded),
            a_deploy("", "v2", "pre", Failed),
            a_deploy("", "v1", "pre", Succeeded),
        ];
        let sets = [ResourceSet {
            project: "shop".parse().unwrap(),
            name: "web".parse().unwrap(),
            description: String::new(),
            created_at: String::new(),
            newest: Some("v2".parse().unwrap()),
            versions: 2,
        }];
        let behind = behind(&deploys, &sets);
        let places: Vec<_> = behind.iter().map(|it| it.0.environment.as_str()).collect();
        assert_eq!(places, ["prod"]);
    }
}
