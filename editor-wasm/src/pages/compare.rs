//! Two versions of a set, object by object and field by field.

use api_types::{ChangeKind, Comparison};
use yew::prelude::*;

use crate::api;
use crate::loading::{failed_page, use_loaded, view};
use crate::parts::fields::object_diff;

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
    if let Some(failure) = comparison.state.failure() {
        return failed_page(failure, &comparison.reload);
    }
    html! {
        <main class="page">
            <h1>{ format!("{} → {}", from, to) }</h1>
            { view(&comparison.state, |comparison| changes(comparison)) }
        </main>
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
