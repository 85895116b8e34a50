//! The line below the text: where the caret stands, and whose kinds and fields count.

use std::rc::Rc;

use api_types::{Cluster, Page};
use editor_core::Step;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::loading::use_loaded;
use crate::lsp::{Health, LspClient, Range};

/// The releases whose schemas are built in, newest first.
const RELEASES: [&str; 5] = ["1.37", "1.36", "1.35", "1.34", "1.33"];
/// What comes before the name of a cluster in the value of a choice.
const CLUSTER: &str = "cluster:";

#[derive(Properties, PartialEq)]
pub(crate) struct StatusProps {
    pub(crate) lsp: LspClient,
    /// What says where the caret stands.
    pub(crate) caret: NodeRef,
    /// The keys that it stands below.
    pub(crate) trail: Rc<[Step]>,
    /// With the place of a key that was chosen.
    pub(crate) on_step: Callback<Range>,
}

/// The status line.
#[component]
pub(crate) fn Status(props: &StatusProps) -> Html {
    let health = use_state(|| Health::Fine);
    let refusal = use_state(|| None::<String>);
    {
        let health = health.clone();
        use_effect_with(props.lsp.clone(), move |lsp| {
            lsp.on_health(Callback::from(move |it| health.set(it)));
        });
    }
    let on_source = {
        let (lsp, refusal) = (props.lsp.clone(), refusal.clone());
        Callback::from(move |event: Event| {
            let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
            refusal.set(None);
            follow(&lsp, &select.value(), refusal.clone());
        })
    };
    html! {
        <footer class="status">
            <span class="caret" ref={props.caret.clone()} />
            if !props.trail.is_empty() {
                <nav class="trail" aria-label="Where the caret stands">
                    { for props.trail.iter().map(|it| view_step(it, &props.on_step)) }
                </nav>
            }
            <span class="spacer" role="status">{ words(*health) }</span>
            if let Some(refusal) = &*refusal {
                <span class="failure" role="alert">{ refusal }</span>
            }
            <Sources on_source={on_source} />
        </footer>
    }
}

fn view_step(step: &Step, on_step: &Callback<Range>) -> Html {
    let place = Range::at_line(step.line as u32);
    html! {
        <button class="quiet" onclick={on_step.reform(move |_: MouseEvent| place)}>{ &step.name }</button>
    }
}

fn words(health: Health) -> &'static str {
    match health {
        Health::Fine => "",
        Health::Restarting => "Checks and completion stopped and are starting again…",
        Health::Restarted => "Checks and completion were started again.",
    }
}

#[derive(Properties, PartialEq)]
struct SourcesProps {
    on_source: Callback<Event>,
}

/// The releases, and the clusters with what they serve beyond.
#[component]
fn Sources(props: &SourcesProps) -> Html {
    let clusters = use_loaded::<Page<Cluster>>(api::clusters());
    let clusters = clusters.state.ready().cloned();
    let clusters = clusters.iter().flat_map(|page| &page.items);
    html! {
        <select
            class="quiet"
            aria-label="Kinds and fields of"
            title="Whose kinds and fields the text is checked against"
            onchange={props.on_source.clone()}
        >
            { for RELEASES.iter().map(|release| html! {
                <option value={*release} selected={RELEASES.first() == Some(release)}>{ format!("Kubernetes {release}") }</option>
            }) }
            { for clusters.map(|cluster| html! {
                <option value={format!("{CLUSTER}{}", cluster.name)}>{ format!("Cluster {}", cluster.name) }</option>
            }) }
        </select>
    }
}

/// Checks the text against what was chosen.
fn follow(lsp: &LspClient, source: &str, refusal: UseStateHandle<Option<String>>) {
    let Some(cluster) = source.strip_prefix(CLUSTER).map(str::to_owned) else {
        lsp.follow_release(source);
        return;
    };
    let lsp = lsp.clone();
    spawn_local(async move {
        match api::cluster_schemas(&cluster).send().await {
            Ok(schemas) => lsp.follow_cluster(&cluster, &schemas),
            Err(failure) => refusal.set(Some(failure.message())),
        }
    });
}
