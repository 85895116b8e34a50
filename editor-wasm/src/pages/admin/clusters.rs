//! The clusters that are registered, and the form that adds one.

use api_types::{Cluster, ClusterKind, NewCluster, Page};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::api;
use crate::loading::{use_loaded, view};
use crate::parts::form::{NameForm, NameFormAnswer};

/// The section.
#[component]
pub(super) fn Clusters() -> Html {
    let clusters = use_loaded::<Page<Cluster>>(api::clusters());
    html! {
        <section aria-labelledby="clusters">
            <h2 id="clusters">{ "Clusters" }</h2>
            { view(&clusters.state, |page| table(&page.items)) }
            <details class="folded">
                <summary>{ "Add a cluster" }</summary>
                <p class="quiet">{ "Paste a kubeconfig with a credential that may impersonate users: deploys then run with each person's own rights. Programs, file references and servers without a checked certificate are refused." }</p>
                <NewClusterForm on_added={clusters.reload.clone()} />
            </details>
        </section>
    }
}

fn table(clusters: &[Cluster]) -> Html {
    if clusters.is_empty() {
        return html! { <p class="empty">{ "No cluster yet: add the first one below." }</p> };
    }
    html! {
        <div class="table-frame">
            <table class="table">
                <thead><tr><th scope="col">{ "Cluster" }</th><th scope="col">{ "Server" }</th><th scope="col">{ "From" }</th></tr></thead>
                <tbody>
                    { for clusters.iter().map(|cluster| html! {
                        <tr key={cluster.name.as_str()}>
                            <td>{ cluster.name.as_str() }</td>
                            <td class="quiet">{ &cluster.server }</td>
                            <td>{ origin(cluster.kind) }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn origin(kind: ClusterKind) -> &'static str {
    match kind {
        ClusterKind::Sandbox => "sandbox of this server",
        ClusterKind::Kubeconfig => "kubeconfig of this server",
        ClusterKind::Registered => "added here",
    }
}

#[derive(Properties, PartialEq)]
struct NewClusterFormProps {
    on_added: Callback<()>,
}

#[component]
fn NewClusterForm(props: &NewClusterFormProps) -> Html {
    let (kubeconfig, context) = (use_node_ref(), use_node_ref());
    let on_submit = {
        let (kubeconfig, context) = (kubeconfig.clone(), context.clone());
        let on_added = props.on_added.clone();
        Callback::from(move |(name, answer): (String, NameFormAnswer)| {
            let text = kubeconfig.cast::<HtmlTextAreaElement>();
            let kubeconfig = text.map(|it| it.value()).unwrap_or_default();
            let context = context.cast::<HtmlInputElement>();
            let context = context.map(|it| it.value()).filter(|it| !it.is_empty());
            let on_added = on_added.clone();
            answer.run(&name, move |name| async move {
                let new = NewCluster {
                    name,
                    kubeconfig,
                    context,
                };
                api::add_cluster(&new).send().await?;
                on_added.emit(());
                Ok(())
            });
        })
    };
    html! {
        <NameForm label="Name of the cluster" placeholder="prod-a" {on_submit}>
            <label>
                <span>{ "Context" }</span>
                <input ref={context} placeholder="the current one" autocomplete="off" spellcheck="false" />
            </label>
            <label class="whole-line">
                <span>{ "Kubeconfig" }</span>
                <textarea ref={kubeconfig} rows="6" autocomplete="off" spellcheck="false" />
            </label>
        </NameForm>
    }
}
