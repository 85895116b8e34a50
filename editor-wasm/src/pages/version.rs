//! A version in the editor: its files, its text, its problems, and the way to deploy it.

mod files;
mod outline;
mod problems;
mod save;
mod workbench;

use std::collections::BTreeMap;
use std::rc::Rc;

use api_types::{Version, VersionFiles};
use yew::prelude::*;

use crate::api;
use crate::drafts::DraftKey;
use crate::loading::{use_loaded, view};
use crate::pages::set::DRAFT;
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

/// The page of a version.
#[component]
pub(crate) fn VersionPage(props: &VersionPageProps) -> Html {
    let key = DraftKey {
        project: props.project.clone(),
        set: props.set.clone(),
        version: props.version.clone(),
    };
    let saved = use_loaded(key.clone(), |key| {
        let DraftKey {
            project,
            set,
            version,
        } = key.clone();
        async move {
            if version == DRAFT {
                return Ok(Saved::nothing());
            }
            api::version(&project, &set, &version)
                .await
                .map(Saved::from)
        }
    });
    let name = format!("{}/{}/{}", key.project, key.set, key.version);
    view(&saved.state, |saved| {
        html! {
            <Workbench
                key={name}
                draft_key={key}
                saved={Rc::clone(saved)}
                file={props.file.clone()}
                line={props.line}
            />
        }
    })
}
