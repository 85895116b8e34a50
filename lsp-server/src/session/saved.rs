//! Schemas of a cluster that were saved as files: what the settings name, and what was found.

use std::collections::VecDeque;

use tower_lsp::ls_types as lsp;

use super::Session;
use super::sources::Part;
use crate::{SavedFile, SavedSchemas, Wanted};

impl Session {
    /// Wants the saved schemas that the settings name now, if these are others than before.
    pub(super) fn want_saved_schemas(&mut self) {
        // A worker has no files.
        if cfg!(target_arch = "wasm32") {
            return;
        }
        let mut places: Vec<SavedSchemas> = Vec::new();
        let roots = self.folders.roots().iter().map(Some);
        // Who opened no folder can still name a path that stands for itself.
        let roots = roots.chain(self.folders.roots().is_empty().then_some(None));
        for root in roots {
            let place = self.saved_schemas_of(root);
            places.extend(place.filter(|it| !places.contains(it)));
        }
        if self.sources.keep(&places) {
            self.folders.wanted.push_back(Wanted::Schemas(places));
            self.use_sources(None);
        }
    }

    /// What the settings name for a folder of the client.
    fn saved_schemas_of(&self, root: Option<&lsp::Uri>) -> Option<SavedSchemas> {
        let path = self.configuration.openapi(root)?.to_owned();
        let folder = if is_absolute(&path) {
            None
        } else {
            Some(root?.to_string())
        };
        Some(SavedSchemas { folder, path })
    }

    /// Takes in what was saved at a place: it is read when there is time.
    pub(super) fn take_in_saved(
        &mut self,
        place: &SavedSchemas,
        files: Result<Vec<SavedFile>, String>,
    ) {
        // The settings may name another place by now.
        let Some(source) = self.sources.saved(place) else {
            return;
        };
        let (mut parts, mut refused) = (VecDeque::new(), Vec::new());
        match files {
            Ok(files) if files.is_empty() => refused.push("there is no JSON file".to_owned()),
            Ok(files) => {
                for SavedFile { name, text } in files {
                    match text {
                        Ok(text) => parts.push_back(Part {
                            file: Some(name),
                            text: text.into(),
                        }),
                        Err(reason) => refused.push(format!("{name}: {reason}")),
                    }
                }
            }
            Err(reason) => refused.push(reason),
        }
        source.replace(None, parts, refused);
        if source.is_read() {
            let complaint = source.put_to_use();
            self.use_sources(complaint);
        }
    }
}

/// Whether a path is the same one for every folder.
fn is_absolute(path: &str) -> bool {
    let is_drive = path.get(1..2) == Some(":");
    path.starts_with(['/', '\\', '~']) || is_drive
}
