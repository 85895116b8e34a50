//! The hint for a newcomer: the example, with faults to mend, two minutes to a running deploy.

use std::collections::BTreeMap;

use api_types::{Project, VersionFiles};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::ApiFailure;
use crate::drafts::{self, Draft, DraftKey};
use crate::navigation::go;
use crate::route::Route;
use crate::{api, storage};

const DISMISSED: &str = "kun:first-run";
/// The project, set and version that `--example` adds to a server.
const EXAMPLE: [&str; 3] = ["demo", "web", "v1"];
/// What is right in the example, and how a person in a hurry might write it.
const FAULTS: [(&str, &str); 2] = [
    ("replicas: 2", "replcas: 2"),
    ("targetPort: http", "targetPort: htp"),
];

/// The hint; nothing where there is no example, or the person has seen enough of it.
pub(crate) fn hint(projects: &[Project], redraw: &UseForceUpdateHandle) -> Html {
    let has_example = projects.iter().any(|it| it.name.as_str() == EXAMPLE[0]);
    if !has_example || storage::get(DISMISSED).is_some() {
        return Html::default();
    }
    let on_dismiss = {
        let redraw = redraw.clone();
        move |_| {
            storage::set(DISMISSED, "dismissed");
            redraw.force_update();
        }
    };
    html! {
        <section class="hint" aria-label="First steps">
            <div>
                <strong>{ "New here? " }</strong>
                { "Open the example with two faults in it, mend what is underlined, save it as a version and deploy it to the sandbox cluster of this server." }
            </div>
            <div class="hint-actions">
                <button class="primary" onclick={|_| spawn_local(start())}>{ "Try it" }</button>
                <button class="quiet" onclick={on_dismiss}>{ "Dismiss" }</button>
            </div>
        </section>
    }
}

/// Lays a draft with faults over the example, unless there is a draft, and opens it.
async fn start() {
    let [project, set, version] = EXAMPLE.map(str::to_owned);
    let key = DraftKey {
        project: project.clone(),
        set: set.clone(),
        version: version.clone(),
    };
    let stored: Result<VersionFiles, ApiFailure> =
        api::version(&project, &set, &version).send().await;
    // Without the example the page that opens says what is wrong.
    if let Ok(stored) = stored
        && drafts::load(&key, &stored.files).files.is_empty()
    {
        drafts::keep(&key, &stored.files, &faulty(&stored.files));
    }
    go(&Route::Version {
        project,
        set,
        version,
        file: Some("web.yaml".to_owned()),
        line: None,
        wish: None,
    });
}

fn faulty(files: &BTreeMap<String, String>) -> Draft {
    let mut draft = Draft::default();
    for (path, text) in files {
        let mut changed = text.clone();
        for (right, wrong) in FAULTS {
            changed = changed.replacen(right, wrong, 1);
        }
        if changed != *text {
            draft.files.insert(path.clone(), Some(changed));
        }
    }
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_with_a_fault_are_in_the_draft() {
        let files = [
            ("a.yaml", "spec:\n  replicas: 2\n"),
            ("b.yaml", "kind: ConfigMap\n"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let draft = faulty(&files.into());
        let changed = Some("spec:\n  replcas: 2\n".to_owned());
        assert_eq!(draft.files, [("a.yaml".to_owned(), changed)].into());
    }
}
