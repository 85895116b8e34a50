//! What a deploy would do, before anyone presses the button.

use api_types::{ChangeKind, Preview, PreviewObject};
use yew::prelude::*;

use crate::parts::fields::object_diff;

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
    let refused = preview.objects.iter().filter_map(|object| {
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

/// The preview, object by object.
pub(crate) fn view(preview: &Preview) -> Html {
    html! {
        <div class="preview">
            <p class="summary">{ summary(preview) }</p>
            { sentences("failure", &obstacles(preview)) }
            { sentences("notice", &preview.warnings) }
            <ul class="object-diffs">
                { for preview.objects.iter().map(object) }
            </ul>
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
    if sentences.is_empty() {
        return Html::default();
    }
    html! {
        <ul class={classes!(class, "sentences")}>
            { for sentences.iter().map(|sentence| html! { <li>{ sentence }</li> }) }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::ObjectDiff;

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
