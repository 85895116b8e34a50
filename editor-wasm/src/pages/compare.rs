//! Two versions of a set, object by object and field by field.

use api_types::{ChangeKind, Comparison, Page, Version};
use yew::prelude::*;

use crate::api;
use crate::loading::{failed_page, use_loaded, view};
use crate::navigation::{go, link};
use crate::parts::fields::object_diff;
use crate::route::Route;

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct ComparePageProps {
    pub(crate) project: String,
    pub(crate) set: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// The page that compares two versions.
#[component]
pub(crate) fn ComparePage(props: &ComparePageProps) -> Html {
    let ComparePageProps {
        project,
        set,
        from,
        to,
    } = props;
    let comparison = use_loaded(api::compare(project, set, from, to));
    let versions = use_loaded::<Page<Version>>(api::versions(project, set));
    if let Some(failure) = comparison.state.failure() {
        return failed_page(failure, &comparison.reload);
    }
    html! {
        <main class="page">
            <h1>{ format!("{} → {}", from, to) }</h1>
            if let Some(page) = versions.state.ready() {
                { choices(props, &page.items) }
            }
            { view(&comparison.state, |comparison| changes(comparison)) }
        </main>
    }
}

/// What to compare instead.
fn choices(props: &ComparePageProps, versions: &[Version]) -> Html {
    let select = |label: &'static str,
                  chosen: &str,
                  route: fn(&ComparePageProps, String) -> Route| {
        let props = props.clone();
        let on_change = move |event: Event| {
            let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
            go(&route(&props, select.value()));
        };
        html! {
            <label>
                <span class="quiet">{ label }</span>
                <select onchange={on_change}>
                    { for versions.iter().map(|it| html! {
                        <option value={it.name.to_string()} selected={it.name.as_str() == chosen}>{ it.name.as_str() }</option>
                    }) }
                </select>
            </label>
        }
    };
    let turned = between(props, props.to.clone(), props.from.clone());
    html! {
        <div class="choices">
            { select("From ", &props.from, |props, from| between(props, from, props.to.clone())) }
            { select("To ", &props.to, |props, to| between(props, props.from.clone(), to)) }
            { link(&turned, "button", "Turn round") }
        </div>
    }
}

fn between(props: &ComparePageProps, from: String, to: String) -> Route {
    Route::Compare {
        project: props.project.clone(),
        set: props.set.clone(),
        from,
        to,
    }
}

fn changes(comparison: &Comparison) -> Html {
    let changed = comparison
        .objects
        .iter()
        .filter(|it| it.change != ChangeKind::Unchanged);
    let unchanged = comparison.objects.len() - changed.clone().count();
    html! {
        <>
            <ul class="object-diffs">
                { for changed.map(|diff| html! { <li>{ object_diff(diff) }</li> }) }
            </ul>
            <p class="quiet">
                { match (unchanged, comparison.objects.len()) {
                    (_, 0) => "Neither version describes an object.".to_owned(),
                    (all, len) if all == len => "Nothing differs.".to_owned(),
                    (0, _) => String::new(),
                    (1, _) => "1 object is the same in both.".to_owned(),
                    (n, _) => format!("{n} objects are the same in both."),
                } }
            </p>
        </>
    }
}
