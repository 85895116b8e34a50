//! A version in the editor: its files, its text, its problems, and the way to deploy it.

mod drawer;
mod dropping;
mod edits;
mod files;
mod keeper;
mod keys;
mod layout;
mod live;
mod notes;
mod outline;
mod problems;
mod save;
mod status;
mod uri;
mod workbench;

use std::collections::BTreeMap;
use std::rc::Rc;

use api_types::{Version, VersionFiles};
use yew::prelude::*;

use crate::api;
use crate::drafts::DraftKey;
use crate::loading::{failed_page, skeleton, use_loaded};
use crate::lsp::LspClient;
use crate::pages::set::DRAFT;
use crate::route::Wish;
use workbench::Workbench;

/// The file that a version begins with when it is written by hand.
const FIRST_FILE: &str = "app.yaml";

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct VersionPageProps {
    pub(crate) project: String,
    pub(crate) set: String,
    pub(crate) version: String,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) wish: Option<Wish>,
    pub(crate) lsp: LspClient,
}

/// What is edited: the version as it is stored, or nothing yet.
#[derive(Debug, PartialEq)]
pub(crate) struct Saved {
    /// `None` for a draft that starts from nothing.
    pub(crate) version: Option<Version>,
    /// Path to text.
    pub(crate) files: BTreeMap<String, String>,
}

impl Saved {
    fn nothing() -> Self {
        Self {
            version: None,
            files: BTreeMap::from([(FIRST_FILE.to_owned(), String::new())]),
        }
    }
}

impl From<VersionFiles> for Saved {
    fn from(stored: VersionFiles) -> Self {
        Self {
            version: Some(stored.version),
            files: stored.files,
        }
    }
}

/// The page of a version, or of a draft that starts from nothing.
#[component]
pub(crate) fn VersionPage(props: &VersionPageProps) -> Html {
    if props.version == DRAFT {
        return workbench(props, &Rc::new(Saved::nothing()));
    }
    html! { <StoredVersion ..props.clone() /> }
}

#[component]
fn StoredVersion(props: &VersionPageProps) -> Html {
    let stored = use_loaded(api::version(&props.project, &props.set, &props.version));
    let saved = use_memo(stored.state.clone(), |state| {
        state
            .ready()
            .map(|stored| Rc::new(Saved::from((**stored).clone())))
    });
    match (&*saved, stored.state.failure()) {
        (Some(saved), _) => workbench(props, saved),
        (None, Some(failure)) => failed_page(failure, &stored.reload),
        (None, None) => html! { <main class="page">{ skeleton() }</main> },
    }
}

fn workbench(props: &VersionPageProps, saved: &Rc<Saved>) -> Html {
    let draft_key = DraftKey {
        project: props.project.clone(),
        set: props.set.clone(),
        version: props.version.clone(),
    };
    let key = format!("{}/{}/{}", props.project, props.set, props.version);
    html! {
        <Workbench
            {key}
            {draft_key}
            saved={Rc::clone(saved)}
            file={props.file.clone()}
            line={props.line}
            wish={props.wish.clone()}
            lsp={props.lsp.clone()}
        />
    }
}
