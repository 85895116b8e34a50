//! Deploys as rows.

use api_types::Deploy;
use yew::prelude::*;

use crate::navigation::link;
use crate::parts::badge::Badge;
use crate::route::Route;
use crate::time;

/// Deploys in the order in which they are given, a row each.
pub(crate) fn table(deploys: &[&Deploy]) -> Html {
    let now = time::now();
    html! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{ "State" }</th><th scope="col">{ "What" }</th>
                    <th scope="col">{ "Where" }</th><th scope="col" class="roomy">{ "Who" }</th>
                    <th scope="col" class="number">{ "When" }</th>
                </tr>
            </thead>
            <tbody>{ for deploys.iter().map(|deploy| row(deploy, now)) }</tbody>
        </table>
    }
}

fn row(deploy: &Deploy, now: i64) -> Html {
    let to = Route::Deploy {
        id: deploy.id.clone(),
    };
    html! {
        <tr key={deploy.id.clone()}>
            <td>{ Badge::from(deploy.state).view() }</td>
            <td>
                { link(&to, "", format!("{} {}", deploy.set, deploy.version)) }
                if !deploy.reason.is_empty() {
                    <div class="quiet reason">{ &deploy.reason }</div>
                }
            </td>
            <td class="place">{ format!("{} / {}", deploy.project, deploy.environment) }</td>
            <td class="roomy">{ &deploy.by }</td>
            <td class="number quiet">{ time::ago(now, time::parse(&deploy.created_at)) }</td>
        </tr>
    }
}
