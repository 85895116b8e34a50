//! How the objects do in the environment that is looked at. The language server is told: it shows
//! that where they are described, and compares them with what is deployed.

use api_types::{LiveObject, LiveStatus, ObjectState, VersionFiles, VersionName};
use yew::prelude::*;

use crate::api;
use crate::loading::{use_loaded, use_refreshed};
use crate::lsp::{LspClient, ObjectLens};
use crate::pages::deploy::chosen_environment;
use crate::parts::badge::Badge;

/// Seconds between two looks: while something is not as it should be, and otherwise.
const SOON: u32 = 5;
const LATER: u32 = 30;

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct LiveProps {
    pub(crate) project: String,
    pub(crate) set: String,
    /// The environment that was chosen beside the text, if one was.
    pub(crate) environment: Option<String>,
    /// Whether a job is watched that says more of the objects, and changes them.
    pub(crate) is_deploying: bool,
    pub(crate) lsp: LspClient,
}

/// Keeps the language server informed; shows nothing itself.
#[component]
pub(crate) fn Live(props: &LiveProps) -> Html {
    let environments = use_loaded(api::environments(&props.project));
    let Some(page) = environments.state.ready() else {
        return Html::default();
    };
    let wanted = props.environment.clone();
    let wanted = wanted.or_else(|| chosen_environment(&props.project, &props.set));
    let names = || page.items.iter().map(|it| it.name.as_str());
    let shown = names().find(|name| Some(*name) == wanted.as_deref());
    match shown.or(names().next()) {
        Some(name) => html! {
            <InEnvironment
                key={name}
                environment={name.to_owned()}
                is_deploying={props.is_deploying}
                project={props.project.clone()}
                set={props.set.clone()}
                lsp={props.lsp.clone()}
            />
        },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct InEnvironmentProps {
    project: String,
    set: String,
    environment: String,
    is_deploying: bool,
    lsp: LspClient,
}

#[component]
fn InEnvironment(props: &InEnvironmentProps) -> Html {
    let live = use_loaded(api::live(&props.project, &props.set, &props.environment));
    // What may have changed since is not shown as the present.
    let known = live.state.ready().filter(|_| live.stale_since.is_none());
    let is_well = known.is_none_or(|it| it.health == ObjectState::Healthy);
    use_refreshed(&live.reload, Some(if is_well { LATER } else { SOON }));
    let was_deploying = use_mut_ref(|| props.is_deploying);
    use_effect_with(props.is_deploying, {
        let reload = live.reload.clone();
        move |is_deploying| {
            if was_deploying.replace(*is_deploying) && !is_deploying {
                reload.emit(());
            }
        }
    });
    let lenses = match known {
        Some(live) if !props.is_deploying => lenses(live, &props.environment),
        _ => Vec::new(),
    };
    use_effect_with((lenses, props.lsp.clone()), |(lenses, lsp)| {
        lsp.show_at_objects(lenses);
        let lsp = lsp.clone();
        move || lsp.show_at_objects(&[])
    });
    match known.and_then(|it| it.version.as_ref()) {
        Some(version) => html! {
            <Deployed
                key={version.as_str()}
                version={version.clone()}
                environment={props.environment.clone()}
                project={props.project.clone()}
                set={props.set.clone()}
                lsp={props.lsp.clone()}
            />
        },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct DeployedProps {
    project: String,
    set: String,
    environment: String,
    version: VersionName,
    lsp: LspClient,
}

/// Has the text compared with the version that runs.
#[component]
fn Deployed(props: &DeployedProps) -> Html {
    let version = props.version.as_str();
    let stored = use_loaded::<VersionFiles>(api::version(&props.project, &props.set, version));
    let lsp = props.lsp.clone();
    let name = format!("version {version} in {}", props.environment);
    use_effect_with(stored.state.clone(), move |state| {
        if let Some(stored) = state.ready() {
            let texts = stored.files.values().map(String::as_str);
            lsp.compare_with(Some((&name, texts.collect())));
        }
        move || lsp.compare_with(None)
    });
    Html::default()
}

fn lenses(live: &LiveStatus, environment: &str) -> Vec<ObjectLens> {
    let version = live.version.as_ref().map(VersionName::as_str);
    let place = match version {
        Some(version) => format!("{environment} {version}"),
        None => environment.to_owned(),
    };
    let lens = |object: &LiveObject| lens(object, &place);
    live.objects.iter().map(lens).collect()
}

fn lens(object: &LiveObject, place: &str) -> ObjectLens {
    let badge = Badge::from(object.state);
    let said = match object.reason.as_str() {
        "" => badge.word,
        reason => reason,
    };
    let drift = if object.drifted {
        ", changed in the cluster since"
    } else {
        ""
    };
    ObjectLens {
        kind: object.kind.clone(),
        namespace: object.namespace.clone(),
        name: object.name.clone(),
        words: format!("{} {place}: {said}{drift}", badge.shape),
        class: badge.class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lens_says_where_and_how_an_object_stands() {
        let mut object = LiveObject {
            api_version: "apps/v1".to_owned(),
            kind: "Deployment".to_owned(),
            namespace: Some("shop".to_owned()),
            name: "web".to_owned(),
            state: ObjectState::Healthy,
            reason: String::new(),
            drifted: false,
        };
        assert_eq!(lens(&object, "prod v2").words, "● prod v2: healthy");
        object.reason = "3 of 3 pods are ready".to_owned();
        object.drifted = true;
        assert_eq!(
            lens(&object, "prod v2").words,
            "● prod v2: 3 of 3 pods are ready, changed in the cluster since"
        );
    }
}
