//! Changed fields: path, value before, value after.

use api_types::{FieldChange, ObjectDiff};
use serde_json::Value;
use yew::prelude::*;

use crate::parts::badge::Badge;

/// The longest value that is shown whole, in characters.
const LONGEST_VALUE: usize = 120;

/// An object's name as people say it: `Deployment web`.
pub(crate) fn object_name(kind: &str, name: &str) -> Html {
    html! { <><span class="kind">{ kind }</span>{ " " }<span class="name">{ name }</span></> }
}

/// One object with what changes in it.
pub(crate) fn object_diff(diff: &ObjectDiff) -> Html {
    html! {
        <>
            <div class="object-line">
                { Badge::from(diff.change).dot() }
                { object_name(&diff.kind, &diff.name) }
                if let Some(namespace) = &diff.namespace {
                    <span class="quiet">{ namespace }</span>
                }
            </div>
            { folded_changes(&diff.fields) }
        </>
    }
}

/// Changed fields that are shown without being asked for.
const FEW: usize = 6;

/// A list of changed fields, folded if it is long.
pub(crate) fn folded_changes(fields: &[FieldChange]) -> Html {
    if fields.len() <= FEW {
        return field_changes(fields);
    }
    html! {
        <details class="folded">
            <summary>{ format!("{} fields", fields.len()) }</summary>
            { field_changes(fields) }
        </details>
    }
}

/// A list of changed fields.
fn field_changes(fields: &[FieldChange]) -> Html {
    if fields.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="field-changes">
            { for fields.iter().map(|field| html! {
                <li>
                    <span class="path">{ &field.path }</span>
                    { value("from", field.from.as_ref()) }
                    <span class="quiet" aria-label="becomes">{ "→" }</span>
                    { value("to", field.to.as_ref()) }
                </li>
            }) }
        </ul>
    }
}

fn value(class: &'static str, value: Option<&Value>) -> Html {
    match value {
        None => html! { <span class={classes!(class, "quiet")}>{ "nothing" }</span> },
        Some(value) => html! { <code class={class}>{ shown(value) }</code> },
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    };
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
