//! What a deploy would do, before anyone presses the button.

use api_types::{ChangeKind, Preview, PreviewObject, Slug};
use yew::prelude::*;

use crate::parts::fields::object_diff;

/// What a person looks at first.
const BY_WEIGHT: [ChangeKind; 4] = [
    ChangeKind::Remove,
    ChangeKind::Replace,
    ChangeKind::Change,
    ChangeKind::Create,
];
/// Unchanged objects that are listed; more of them are folded.
const FEW: usize = 4;
/// Sentences that are shown without being asked for.
const MOST_SENTENCES: usize = 5;
/// Kinds with which data may be deleted.
const HOLDING_DATA: [&str; 5] = [
    "Namespace",
    "CustomResourceDefinition",
    "PersistentVolumeClaim",
    "PersistentVolume",
    "StatefulSet",
];

/// How many objects change, in words: `2 created, 1 changed, 3 unchanged`.
pub(crate) fn summary(preview: &Preview) -> String {
    let kinds = [
        (ChangeKind::Create, "created"),
        (ChangeKind::Change, "changed"),
        (ChangeKind::Replace, "replaced"),
        (ChangeKind::Remove, "removed"),
        (ChangeKind::Unchanged, "unchanged"),
    ];
    let counts = kinds.into_iter().filter_map(|(kind, word)| {
        let count = preview
            .objects
            .iter()
            .filter(|object| object.diff.change == kind)
            .count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    counts.collect::<Vec<_>>().join(", ")
}

/// What keeps a deploy from working, as sentences: missing rights, then refused objects.
pub(crate) fn obstacles(preview: &Preview) -> Vec<String> {
    // Fields that others own are named beside their objects.
    let refused = preview
        .objects
        .iter()
        .filter(|object| object.conflicts.is_empty());
    let refused = refused.filter_map(|object| {
        let problem = object.problem.as_ref()?;
        Some(format!(
            "{} {}: {problem}",
            object.diff.kind, object.diff.name
        ))
    });
    preview
        .missing_rights
        .iter()
        .cloned()
        .chain(refused)
        .collect()
}

/// Whether a deploy can work as it was previewed.
pub(crate) fn is_possible(preview: &Preview) -> bool {
    obstacles(preview).is_empty() && contested(preview) == 0
}

/// Whether something goes that data may go with.
pub(crate) fn deletes_data(preview: &Preview) -> bool {
    preview.objects.iter().any(|object| {
        object.diff.change == ChangeKind::Remove
            && HOLDING_DATA.contains(&object.diff.kind.as_str())
    })
}

/// How many fields belong to others.
fn contested(preview: &Preview) -> usize {
    let conflicts = preview.objects.iter().map(|object| object.conflicts.len());
    conflicts.sum()
}

/// The preview, object by object.
pub(crate) fn view(preview: &Preview, cluster: &Slug, on_force: &Callback<()>) -> Html {
    let of = |change| {
        let objects = preview.objects.iter();
        objects.filter(move |object| object.diff.change == change)
    };
    let unchanged: Vec<_> = of(ChangeKind::Unchanged).collect();
    let is_calm = |it: &&PreviewObject| it.problem.is_none() && it.conflicts.is_empty();
    let folded = unchanged.len() > FEW && unchanged.iter().all(is_calm);
    html! {
        <div class="preview">
            <p class="summary">{ summary(preview) }</p>
            { sentences("failure", &obstacles(preview)) }
            if !preview.missing_rights.is_empty() {
                <p class="quiet">{ format!("Whoever administers the cluster {cluster} can grant these rights.") }</p>
            }
            { conflict_notice(contested(preview), on_force) }
            { sentences("notice", &preview.warnings) }
            <ul class="object-diffs" aria-label="Objects">
                { for BY_WEIGHT.into_iter().flat_map(of).map(object) }
                if !folded {
                    { for unchanged.iter().map(|it| object(it)) }
                }
            </ul>
            if folded {
                <details class="folded">
                    <summary>{ format!("{} unchanged", unchanged.len()) }</summary>
                    <ul class="object-diffs">{ for unchanged.iter().map(|it| object(it)) }</ul>
                </details>
            }
        </div>
    }
}

fn conflict_notice(count: usize, on_force: &Callback<()>) -> Html {
    let fields = match count {
        0 => return Html::default(),
        1 => "1 field belongs to somebody else".to_owned(),
        count => format!("{count} fields belong to somebody else"),
    };
    html! {
        <div class="notice conflicts" role="status">
            <p>{ format!("{fields}, named below. Take over what is described here, or take it out of the text.") }</p>
            <button onclick={on_force.reform(|_| ())}>{ "Take over" }</button>
        </div>
    }
}

fn object(object: &PreviewObject) -> Html {
    html! {
        <li>
            { object_diff(&object.diff) }
            { for object.conflicts.iter().map(|conflict| html! {
                <p class="conflict">
                    <code>{ &conflict.field }</code>{ " is owned by " }<strong>{ &conflict.manager }</strong>
                </p>
            }) }
        </li>
    }
}

fn sentences(class: &'static str, sentences: &[String]) -> Html {
    let list = |sentences: &[String]| {
        html! {
            <ul class={classes!(class, "sentences")}>
                { for sentences.iter().map(|sentence| html! { <li>{ sentence }</li> }) }
            </ul>
        }
    };
    let (first, more) = sentences.split_at(sentences.len().min(MOST_SENTENCES));
    html! {
        <>
            if !first.is_empty() {
                { list(first) }
            }
            if !more.is_empty() {
                <details class="folded"><summary>{ format!("{} more", more.len()) }</summary>{ list(more) }</details>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::{Conflict, ObjectDiff};

    fn an_object(change: ChangeKind, problem: Option<&str>) -> PreviewObject {
        PreviewObject {
            diff: ObjectDiff {
                api_version: "v1".to_owned(),
                kind: "Service".to_owned(),
                namespace: None,
                name: "web".to_owned(),
                change,
                fields: Vec::new(),
            },
            conflicts: Vec::new(),
            problem: problem.map(str::to_owned),
        }
    }

    #[test]
    fn a_deploy_that_takes_data_away_is_known() {
        let preview = |kind: &str, change| {
            let mut object = an_object(change, None);
            kind.clone_into(&mut object.diff.kind);
            Preview {
                id: String::new(),
                objects: vec![object],
                missing_rights: Vec::new(),
                warnings: Vec::new(),
            }
        };
        assert!(deletes_data(&preview("StatefulSet", ChangeKind::Remove)));
        assert!(!deletes_data(&preview("StatefulSet", ChangeKind::Change)));
        assert!(!deletes_data(&preview("Service", ChangeKind::Remove)));
    }

    #[test]
    fn a_field_of_somebody_else_stops_a_deploy() {
        let mut object = an_object(ChangeKind::Change, None);
        object.conflicts.push(Conflict {
            field: ".spec.replicas".to_owned(),
            manager: "autoscaler".to_owned(),
        });
        let preview = Preview {
            id: String::new(),
            objects: vec![object],
            missing_rights: Vec::new(),
            warnings: Vec::new(),
        };
        assert!(!is_possible(&preview));
    }

    #[test]
    fn the_summary_counts_what_happens() {
        let preview = Preview {
            id: "1".to_owned(),
            objects: vec![
                an_object(ChangeKind::Unchanged, None),
                an_object(ChangeKind::Create, None),
                an_object(ChangeKind::Create, Some("namespaces \"x\" not found")),
            ],
            missing_rights: vec!["you may not create secrets in x".to_owned()],
            warnings: Vec::new(),
        };
        assert_eq!(summary(&preview), "2 created, 1 unchanged");
        assert_eq!(
            obstacles(&preview),
            [
                "you may not create secrets in x",
                "Service web: namespaces \"x\" not found",
            ]
        );
    }
}
