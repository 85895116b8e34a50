//! What the client itself wants shown above lines, such as the state of a deploy.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;
use yaml_ide::code_lenses::Described;
use yaml_syntax::{TextRange, TextSize};

use super::Session;
use crate::convert::{Lines, from_proto};
use crate::question::{Answer, Question};

/// `kun/codeLenses`: replaces what the client had shown above the lines of a document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LensesParams {
    text_document: lsp::VersionedTextDocumentIdentifier,
    lenses: Vec<Lens>,
}

#[derive(Debug, Deserialize)]
struct Lens {
    range: lsp::Range,
    title: String,
    command: Option<String>,
    arguments: Option<Vec<Value>>,
}

/// `kun/objectLenses`: replaces what the client had shown above objects, wherever they are described.
#[derive(Debug, Deserialize)]
pub(crate) struct ObjectLensesParams {
    lenses: Vec<ObjectLens>,
}

#[derive(Debug, Clone, Deserialize)]
struct ObjectLens {
    kind: String,
    namespace: Option<String>,
    name: String,
    title: String,
    command: Option<String>,
    arguments: Option<Vec<Value>>,
}

impl ObjectLens {
    /// Whether it is about `object`; what names no namespace may stand in any.
    fn is_about(&self, object: &Described<'_>) -> bool {
        let namespaces = self.namespace.as_deref().zip(object.namespace);
        self.kind == object.kind
            && self.name == object.name
            && namespaces.is_none_or(|(its, other)| its == other)
    }
}

/// Words above a line. They move with the text.
#[derive(Debug, Clone)]
pub(crate) struct ClientLens {
    pub(crate) range: TextRange,
    pub(crate) command: lsp::Command,
}

/// The lenses of all files.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClientLenses {
    of_objects: Vec<ObjectLens>,
    by_file: HashMap<FileId, Vec<ClientLens>>,
}

impl ClientLenses {
    pub(super) fn of(&self, file: FileId) -> &[ClientLens] {
        self.by_file.get(&file).map_or(&[], Vec::as_slice)
    }

    /// What is shown above an object.
    pub(super) fn above<'a>(
        &'a self,
        object: Described<'a>,
    ) -> impl Iterator<Item = lsp::Command> + 'a {
        let lenses = self.of_objects.iter();
        let lenses = lenses.filter(move |lens| lens.is_about(&object));
        lenses.map(|lens| lsp::Command {
            title: lens.title.clone(),
            command: lens.command.clone().unwrap_or_default(),
            arguments: lens.arguments.clone(),
        })
    }

    pub(super) fn are_of_objects(&self) -> bool {
        !self.of_objects.is_empty()
    }

    pub(super) fn remove(&mut self, file: FileId) {
        self.by_file.remove(&file);
    }
}

impl Session {
    /// Takes in lenses for a document. Those for another version of it come too late.
    pub(crate) fn set_lenses(&mut self, params: &LensesParams) {
        let lsp::VersionedTextDocumentIdentifier { uri, version } = &params.text_document;
        let file = self.documents.file(uri);
        let Some(file) = file.filter(|file| self.documents.version(*file) == Some(*version)) else {
            return;
        };
        let analysis = self.workspace.analysis();
        let Some(source) = analysis.source(file) else {
            return;
        };
        let encoding = self.client.encoding;
        let lines = Lines::new(source, encoding);
        let lenses = params.lenses.iter().map(|lens| ClientLens {
            range: from_proto::range(lines, lens.range),
            command: lsp::Command {
                title: lens.title.clone(),
                command: lens.command.clone().unwrap_or_default(),
                arguments: lens.arguments.clone(),
            },
        });
        let lenses = lenses.collect();
        Arc::make_mut(&mut self.lenses).by_file.insert(file, lenses);
        self.ask_for_lenses_again();
    }

    /// Takes in lenses for objects.
    pub(crate) fn set_object_lenses(&mut self, params: &ObjectLensesParams) {
        let lenses = Arc::make_mut(&mut self.lenses);
        lenses.of_objects.clone_from(&params.lenses);
        self.ask_for_lenses_again();
    }

    /// What stands above lines tells of other files, too: a client asks anew where one came or went.
    pub(super) fn ask_for_lenses_again(&mut self) {
        if Answer::CodeLenses.is_refreshed_by(&self.client) {
            self.ask(Question::ToAskAgain(Answer::CodeLenses));
        }
    }

    /// Moves the lenses of a file with its text; one whose text is replaced goes.
    pub(super) fn move_lenses(&mut self, file: FileId, edited: TextRange, insert: &str) {
        if self.lenses.of(file).is_empty() {
            return;
        }
        let lenses = Arc::make_mut(&mut self.lenses);
        let Some(lenses) = lenses.by_file.get_mut(&file) else {
            return;
        };
        lenses.retain(|lens| !is_replaced(edited, lens.range));
        let inserted = TextSize::of(insert);
        let moved = |offset: TextSize| {
            if offset >= edited.end() {
                offset - edited.len() + inserted
            } else {
                offset.min(edited.start())
            }
        };
        for lens in lenses {
            lens.range = TextRange::new(moved(lens.range.start()), moved(lens.range.end()));
        }
    }
}

fn is_replaced(edited: TextRange, lens: TextRange) -> bool {
    edited.covers(lens) && !edited.is_empty()
}
