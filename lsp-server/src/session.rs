//! What the server knows between messages: documents, settings, and what the client can do.

mod cluster;
mod deployed;
mod edits;
mod files;
mod lenses;
mod opening;
mod saved;
mod sources;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use serde_json::value::RawValue;
use tower_lsp::jsonrpc::{self, Error, ErrorCode};
use tower_lsp::ls_types as lsp;
use yaml_ide::code_lenses::objects_in_pieces;
use yaml_ide::{Analysis, FileId, Workspace};
use yaml_syntax::{TextRange, TextSize};

use crate::Wanted;
use crate::capabilities::{ClientAbilities, InitializeParams};
use crate::configuration::Configuration;
use crate::convert::{Lines, Marks, from_proto};
use crate::documents::{Documents, path_of};
use crate::fault::guarded;
use crate::folders::Folders;
use crate::handlers::semantic_tokens::LastTokens;
use crate::question::{self, Question, Remark};
use crate::schemas::{SchemaLoader, Supplied};
use crate::turn::Turn;
pub(crate) use lenses::ClientLens;

use lenses::ClientLenses;
use opening::Opening;
use sources::Sources;

/// All that changes. Only notifications change it, each at once and in the order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Session {
    workspace: Workspace,
    documents: Arc<Documents>,
    configuration: Configuration,
    pub(crate) client: Arc<ClientAbilities>,
    /// Open files whose diagnostics were not told since something changed.
    owed: BTreeSet<FileId>,
    /// Counts the changes of anything that an answer can depend on.
    pub(crate) revision: u64,
    schemas: SchemaLoader,
    sources: Sources,
    folders: Folders,
    /// Folders to read once the client is ready.
    first_folders: Vec<lsp::Uri>,
    remarks: Vec<Remark>,
    opening: Option<Opening>,
    tokens: Arc<LastTokens>,
    lenses: Arc<ClientLenses>,
}

/// The session at one moment: what every request reads.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) analysis: Analysis,
    pub(crate) documents: Arc<Documents>,
    pub(crate) client: Arc<ClientAbilities>,
    pub(crate) revision: u64,
    pub(crate) tokens: Arc<LastTokens>,
    lenses: Arc<ClientLenses>,
    /// The time of asking, in milliseconds since the start of 1970 in UTC.
    pub(crate) now: i64,
    /// Where long work pauses.
    pub(crate) turn: Turn,
    marks: Marks,
}

/// One open document of a [`Snapshot`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub(crate) file: FileId,
    pub(crate) version: i32,
    pub(crate) lines: Lines<'a>,
}

impl Session {
    /// The session as it is now, for work that takes `turn`s; cheap.
    pub(crate) fn snapshot(&self, turn: &Turn) -> Snapshot {
        Snapshot {
            analysis: self.workspace.analysis(),
            documents: Arc::clone(&self.documents),
            client: Arc::clone(&self.client),
            revision: self.revision,
            tokens: Arc::clone(&self.tokens),
            lenses: Arc::clone(&self.lenses),
            now: turn.now(),
            turn: turn.clone(),
            marks: Marks::default(),
        }
    }

    /// Takes in what the client can do and wants.
    pub(crate) fn start(&mut self, params: &InitializeParams) {
        self.client = Arc::new(ClientAbilities::of(params));
        self.schemas = SchemaLoader::new(&params.initialization_options);
        self.workspace.set_schemas(self.schemas.set());
        self.configure(&params.initialization_options);
        self.first_folders = params.folders();
    }

    /// The client is ready to be asked.
    pub(crate) fn introduce(&mut self) {
        let (settings, files) = (self.client.registers_settings, self.client.registers_files);
        if settings || files {
            self.ask(Question::ToRegister { settings, files });
        }
        let folders = std::mem::take(&mut self.first_folders);
        self.work_in(folders);
        if self.client.tells_settings {
            self.ask_for_settings();
        }
        self.want_saved_schemas();
        self.tell_schemas();
    }

    /// Asks for the settings, those of all folders and then those of each.
    fn ask_for_settings(&mut self) {
        let folders = self.folders.roots().to_vec();
        self.ask(Question::Settings { folders });
    }

    /// The client tells settings, or that it is to be asked for them.
    pub(crate) fn settings_changed(&mut self, params: &lsp::DidChangeConfigurationParams) {
        self.configure(&params.settings);
        if self.client.tells_settings {
            self.ask_for_settings();
        }
        self.want_saved_schemas();
        self.refresh();
    }

    /// Takes in what the client answered.
    pub(crate) fn take_answer(&mut self, question: Question, answer: &RawValue) {
        match question {
            Question::Settings { folders } => {
                let settings = serde_json::from_str::<Vec<Value>>(answer.get());
                let mut settings = settings.iter().flatten();
                settings.by_ref().take(1).for_each(|it| self.configure(it));
                self.configuration.set_folders(folders.iter().zip(settings));
                self.want_saved_schemas();
                self.refresh();
            }
            Question::ToShowProgress(token) => {
                let step = self.folders.show(token);
                self.tell(step);
            }
            Question::ToRegister { .. } | Question::ToAskAgain(_) => {}
        }
    }

    /// Changes the settings; those not named in `settings` stay.
    fn configure(&mut self, settings: &Value) {
        let warning = self.configuration.update(settings);
        self.remarks.extend(warning.map(Remark::Warning));
        self.workspace.set_config(self.configuration.features());
        self.tell_schemas();
        self.owe_all();
    }

    /// What is said about open files may be out of date, though none of them changed.
    fn judge_again(&mut self) {
        self.owe_all();
        self.refresh();
    }

    /// A client is to ask again for what may have changed without a change of a document.
    fn refresh(&mut self) {
        for answer in question::Answer::ALL {
            if answer.is_refreshed_by(&self.client) {
                self.ask(Question::ToAskAgain(answer));
            }
        }
    }

    fn ask(&mut self, question: Question) {
        self.remarks.push(Remark::Question(question));
    }

    /// Opens a document, or replaces the text of an open one.
    pub(crate) fn open(&mut self, params: &lsp::DidOpenTextDocumentParams) {
        let item = &params.text_document;
        let file = Arc::make_mut(&mut self.documents).set(&item.uri, Some(item.version));
        Arc::make_mut(&mut self.lenses).remove(file);
        self.begin_text(&item.uri, file, &item.text);
        self.owe_all();
        if self.owed.len() > 1 {
            self.ask_for_lenses_again();
        }
    }

    /// Replaces the text of a file whole.
    fn set_text(&mut self, uri: &lsp::Uri, file: FileId, text: &str) {
        self.change_document(uri, file, |session| {
            let parse = yaml_syntax::parse(text);
            session.workspace.set_file(file, &path_of(uri), parse);
        });
    }

    /// Closes a document. One of the client's folders is from now on what is on the disk.
    pub(crate) fn close(&mut self, params: &lsp::DidCloseTextDocumentParams) {
        let uri = &params.text_document.uri;
        let Some(file) = self.documents.file(uri) else {
            return;
        };
        if self.folders.cover(uri) {
            Arc::make_mut(&mut self.documents).set(uri, None);
            Arc::make_mut(&mut self.lenses).remove(file);
            self.tokens.remove(file);
            self.folders.want(uri);
        } else {
            self.forget(file);
        }
        self.owe_all();
        if !self.owed.is_empty() {
            self.ask_for_lenses_again();
        }
    }

    fn forget(&mut self, file: FileId) {
        Arc::make_mut(&mut self.documents).remove(file);
        Arc::make_mut(&mut self.lenses).remove(file);
        self.workspace.remove_file(file);
        self.tokens.remove(file);
        self.owed.remove(&file);
    }

    /// Changes a document. One that a fault left half changed is forgotten: no answer is better
    /// than one about another text.
    fn change_document(&mut self, uri: &lsp::Uri, file: FileId, change: impl FnOnce(&mut Self)) {
        if guarded(|| change(self)).is_err() {
            self.forget(file);
            self.remarks.push(Remark::Warning(format!(
                "The language server failed on a change of {}. Close the file and open it again.",
                uri.as_str()
            )));
        }
    }

    /// The next file whose diagnostics are owed, until they are [settled](Self::settle). None while
    /// schemas are on their way: all would be judged again by them.
    pub(crate) fn next_owed(&self) -> Option<FileId> {
        let owed = self.owed.first().copied();
        owed.filter(|_| !self.schemas.is_awaited())
    }

    /// Whether some file is a pipeline.
    pub(crate) fn has_pipeline(&self) -> bool {
        self.workspace.has_pipeline()
    }

    /// The diagnostics of a file are told.
    pub(crate) fn settle(&mut self, file: FileId) {
        self.owed.remove(&file);
    }

    /// What is wanted from outside now.
    pub(crate) fn next_wanted(&mut self) -> Option<Wanted> {
        let wanted = self.folders.wanted.pop_front();
        wanted.or_else(|| {
            Some(Wanted::Asset(
                self.schemas.next_wanted(self.owed.is_empty())?,
            ))
        })
    }

    /// Takes in a file with schemas, or why there is none.
    pub(crate) fn supply(&mut self, address: &str, content: Result<&[u8], &str>) {
        let supplied = match content {
            Ok(bytes) => self.schemas.supply(address, bytes),
            Err(reason) => Err(self.schemas.fail(address, reason)),
        };
        match supplied {
            Ok(Supplied::Nothing) => {}
            Ok(Supplied::Structure) => self.use_schemas(),
            Ok(Supplied::Descriptions) => {
                let schemas = self.sources.before(&self.schemas.set());
                self.workspace.set_descriptions(schemas);
            }
            Err(message) => self.remarks.push(Remark::Warning(message)),
        }
    }

    /// What the client is to be told.
    pub(crate) fn take_remarks(&mut self) -> Vec<Remark> {
        std::mem::take(&mut self.remarks)
    }

    /// Something changed, and with it perhaps the diagnostics of every open file.
    fn owe_all(&mut self) {
        self.revision += 1;
        let open = self
            .documents
            .all()
            .filter(|(_, identity)| identity.version.is_some());
        self.owed = open.map(|(file, _)| file).collect();
    }
}

impl Snapshot {
    /// The document that the client calls `uri`.
    ///
    /// # Errors
    ///
    /// It is not open: the client asks about a text that it never told.
    pub(crate) fn document(&self, uri: &lsp::Uri) -> jsonrpc::Result<Document<'_>> {
        let found = self.documents.file(uri).and_then(|file| {
            Some(Document {
                file,
                version: self.documents.version(file)?,
                lines: self.lines(file)?,
            })
        });
        found.ok_or_else(|| Error {
            code: ErrorCode::InvalidParams,
            message: format!("{} is not open", uri.as_str()).into(),
            data: None,
        })
    }

    /// The document and the offset of a position in it.
    pub(crate) fn place(
        &self,
        document: &lsp::TextDocumentIdentifier,
        position: lsp::Position,
    ) -> jsonrpc::Result<(Document<'_>, TextSize)> {
        let document = self.document(&document.uri)?;
        Ok((document, from_proto::offset(document.lines, position)))
    }

    /// The text of a file, as the client counts it.
    pub(crate) fn lines(&self, file: FileId) -> Option<Lines<'_>> {
        Some(Lines {
            source: self.analysis.source(file)?,
            encoding: self.client.encoding,
            marks: Some((file, &self.marks)),
        })
    }

    /// What the client itself wants shown above the objects of a file, in pieces of work.
    pub(crate) fn object_lenses(
        &self,
        file: FileId,
    ) -> impl Iterator<Item = Vec<(TextRange, lsp::Command)>> {
        let is_wanted = self.lenses.are_of_objects();
        let objects = is_wanted.then(|| objects_in_pieces(&self.analysis, file));
        objects.into_iter().flatten().map(|objects| {
            let lenses = objects.into_iter().flat_map(|object| {
                let range = object.range;
                self.lenses.above(object).map(move |it| (range, it))
            });
            lenses.collect()
        })
    }

    /// What the client itself wants shown above the lines of a file.
    pub(crate) fn client_lenses(&self, file: FileId) -> &[ClientLens] {
        self.lenses.of(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Half of the changes are made when it happens.
    #[test]
    fn fault_in_a_change_costs_that_document_alone() {
        let mut session = Session::default();
        let (broken, other) = ("kun:///broken.yaml", "kun:///other.yaml");
        session.open(&opened(broken, "a: 1\n"));
        session.open(&opened(other, "b: 1\n"));
        session.take_remarks();

        let fault = json!({"text": "a fault in a change"});
        session.change(&changed(broken, &json!([{"text": "c: 1\n"}, fault])));

        let snapshot = session.snapshot(&Turn::new(|| 0));
        let is_open = |uri: &str| snapshot.document(&uri.parse().expect("a URI")).is_ok();
        assert!(!is_open(broken) && is_open(other));
        assert_eq!(snapshot.analysis.files().count(), 1);
        assert!(matches!(&*session.take_remarks(), [Remark::Warning(_)]));

        // What is told of it until it is opened again is passed over.
        session.change(&changed(broken, &json!([{"text": "d: 1\n"}])));
        session.change(&changed(other, &json!([{"text": "e: 1\n"}])));
        session.open(&opened(broken, "f: 1\n"));
        assert_eq!(text(&session, broken), "f: 1\n");
        assert_eq!(text(&session, other), "e: 1\n");
    }

    fn text(session: &Session, uri: &str) -> String {
        let snapshot = session.snapshot(&Turn::new(|| 0));
        let document = snapshot.document(&uri.parse().expect("a URI"));
        document.expect("an open document").lines.source.to_string()
    }

    fn opened(uri: &str, text: &str) -> lsp::DidOpenTextDocumentParams {
        let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        serde_json::from_value(json!({"textDocument": item})).expect("parameters")
    }

    fn changed(uri: &str, changes: &Value) -> lsp::DidChangeTextDocumentParams {
        let document = json!({"uri": uri, "version": 2});
        let params = json!({"textDocument": document, "contentChanges": changes});
        serde_json::from_value(params).expect("parameters")
    }
}
