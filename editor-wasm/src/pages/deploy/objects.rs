//! The objects of a job: those in trouble first, with what the cluster says of them.

use std::rc::Rc;

use api_types::{DeployObject, LogLevel, LogLine, ObjectState};
use yew::prelude::*;

use crate::parts::badge::Badge;
use crate::parts::fields::{folded_changes, object_name};

/// Objects that are done and listed; more of them are folded.
const FEW: usize = 12;
/// Lines that are shown of what is known about an object in trouble: the last ones.
const LINES: usize = 30;

/// The objects.
pub(super) fn view(objects: &[DeployObject], lines: &[Rc<LogLine>]) -> Html {
    let in_states = |states: &[ObjectState]| -> Vec<&DeployObject> {
        let of = |state: &ObjectState| {
            let state = *state;
            objects.iter().filter(move |it| it.state == state)
        };
        states.iter().flat_map(of).collect()
    };
    let trouble = in_states(&[ObjectState::Failed, ObjectState::Degraded]);
    let work = in_states(&[ObjectState::Progressing, ObjectState::Waiting]);
    let done = in_states(&[ObjectState::Healthy, ObjectState::Removed]);
    html! {
        <>
            <ul class="job-objects" aria-label="Objects">
                { for trouble.iter().map(|it| item(it, lines)) }
                { for work.iter().map(|it| item(it, &[])) }
                if done.len() <= FEW {
                    { for done.iter().map(|it| item(it, &[])) }
                }
            </ul>
            if done.len() > FEW {
                <details class="folded">
                    <summary>{ format!("{} objects are done", done.len()) }</summary>
                    <ul class="job-objects">{ for done.iter().map(|it| item(it, &[])) }</ul>
                </details>
            }
        </>
    }
}

fn item(object: &DeployObject, lines: &[Rc<LogLine>]) -> Html {
    let namespace = object.namespace.as_deref().unwrap_or_default();
    let key = format!(
        "{}/{}/{namespace}/{}",
        object.api_version, object.kind, object.name
    );
    html! {
        <li {key}>
            <div class="object-line">
                { Badge::from(object.state).dot() }
                { object_name(&object.kind, &object.name) }
                if let Some(change) = object.change {
                    <span class="change">{ Badge::from(change).view() }</span>
                }
            </div>
            if !object.reason.is_empty() {
                <div class="reason quiet">{ &object.reason }</div>
            }
            { evidence(&told(object, lines)) }
            { folded_changes(&object.fields) }
        </li>
    }
}

/// What the cluster says: events, and the end of the log of the container that fails.
fn evidence(lines: &[&LogLine]) -> Html {
    if lines.is_empty() {
        return Html::default();
    }
    html! {
        <details class="evidence" open={true}>
            <summary>{ "Events and last log lines" }</summary>
            <ul tabindex="0">{ for lines.iter().map(|line| html! { <li>{ &line.message }</li> }) }</ul>
        </details>
    }
}

/// The last lines about an object that are more than information.
fn told<'a>(object: &DeployObject, lines: &'a [Rc<LogLine>]) -> Vec<&'a LogLine> {
    // As the log names it.
    let name = format!("{}/{}", object.kind, object.name);
    let about = lines.iter().map(|line| &**line).filter(|line| {
        line.object.as_deref() == Some(&*name)
            && line.level != LogLevel::Info
            && line.message != object.reason
    });
    let about: Vec<_> = about.collect();
    about[about.len().saturating_sub(LINES)..].to_vec()
}
