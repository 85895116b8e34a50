//! What was done, by whom, and what was refused.

use api_types::{Act, Page};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::loading::{use_loaded, view};
use crate::time;

#[derive(Properties, PartialEq)]
pub(crate) struct AuditProps {
    /// Of this project, or of the whole server.
    pub(crate) project: Option<String>,
}

/// The section, newest first.
#[component]
pub(crate) fn Audit(props: &AuditProps) -> Html {
    let first = use_loaded::<Page<Act>>(api::audit(props.project.as_deref(), None));
    let more = use_state(|| None::<(Vec<Act>, Option<String>)>);
    let next = match (&*more, first.state.ready()) {
        (Some((_, next)), _) => next.clone(),
        (None, page) => page.and_then(|page| page.next.clone()),
    };
    let on_more = next.map(|next| {
        let (more, project) = (more.clone(), props.project.clone());
        move |_: MouseEvent| {
            let (more, project, next) = (more.clone(), project.clone(), next.clone());
            spawn_local(async move {
                let page = api::audit(project.as_deref(), Some(&next)).send().await;
                // Without an answer the button stays, to be pressed again.
                if let Ok(page) = page {
                    let mut acts = (*more).clone().unwrap_or_default().0;
                    acts.extend(page.items);
                    more.set(Some((acts, page.next)));
                }
            });
        }
    });
    html! {
        <section aria-labelledby="audit">
            <h2 id="audit">{ "What was done" }</h2>
            { view(&first.state, |page| {
                let older = more.as_ref().map(|it| it.0.as_slice()).unwrap_or_default();
                table(&page.items, older)
            }) }
            if let Some(on_more) = on_more {
                <button onclick={on_more}>{ "Older" }</button>
            }
        </section>
    }
}

fn table(newer: &[Act], older: &[Act]) -> Html {
    if newer.is_empty() {
        return html! { <p class="empty">{ "Nothing has been done yet." }</p> };
    }
    let now = time::now();
    html! {
        <div class="table-frame" tabindex="0">
            <table class="table">
                <thead><tr>
                    <th scope="col">{ "Who" }</th><th scope="col">{ "What" }</th>
                    <th scope="col">{ "Answer" }</th><th scope="col" class="number">{ "When" }</th>
                </tr></thead>
                <tbody>{ for newer.iter().chain(older).map(|act| row(act, now)) }</tbody>
            </table>
        </div>
    }
}

fn row(act: &Act, now: i64) -> Html {
    let is_refused = act.status >= 400;
    let from = [act.via.as_deref(), act.address.as_deref()];
    let from: Vec<&str> = from.into_iter().flatten().collect();
    html! {
        <tr key={act.id.clone()}>
            <td title={from.join(", ")}>{ act.user.as_deref().unwrap_or("nobody") }</td>
            <td class="act">
                <code>{ format!("{} {}", act.method, act.path) }</code>
                if let Some(about) = &act.about {
                    <div class="quiet">{ about }</div>
                }
            </td>
            <td class={classes!(is_refused.then_some("is-failed"))}>
                { if is_refused { format!("✕ refused, {}", act.status) } else { "done".to_owned() } }
            </td>
            <td class="number quiet" title={act.at.clone()}>{ time::ago(now, time::parse(&act.at)) }</td>
        </tr>
    }
}
