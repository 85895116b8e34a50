//! What the server knows between messages: documents, settings, and what the client can do.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{self, Error, ErrorCode};
use tower_lsp::ls_types as lsp;
use yaml_ide::{Analysis, FileId, Workspace};
use yaml_syntax::{Source, TextRange, TextSize};

use crate::capabilities::{ClientAbilities, InitializeParams};
use crate::configuration::{Configuration, SECTION};
use crate::convert::{Lines, from_proto};
use crate::documents::Documents;
use crate::fault::guarded;
use crate::handlers::semantic_tokens::LastTokens;
use crate::schemas::SchemaLoader;

/// More changes than this in one notification are applied to the text in one pass.
const MANY_CHANGES: usize = 16;

/// All that changes. Only notifications change it, each at once and in the order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Session {
    workspace: Workspace,
    documents: Arc<Documents>,
    configuration: Configuration,
    pub(crate) client: Arc<ClientAbilities>,
    /// Files whose diagnostics were not told since something changed.
    owed: BTreeSet<FileId>,
    /// Counts the changes of anything that an answer can depend on.
    revision: u64,
    schemas: SchemaLoader,
    remarks: Vec<Remark>,
    tokens: Arc<LastTokens>,
}

/// What the client is to be told, not told yet.
#[derive(Debug)]
pub(crate) enum Remark {
    /// Something for the person.
    Warning(String),
    Question(Question),
}

/// What the client can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// To tell when the settings change.
    ToTellSettings,
    /// For the settings.
    Settings,
    /// To ask for diagnostics again.
    ToPullDiagnostics,
}

/// The session at one moment: what every request reads.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) analysis: Analysis,
    pub(crate) documents: Arc<Documents>,
    pub(crate) client: Arc<ClientAbilities>,
    pub(crate) revision: u64,
    pub(crate) tokens: Arc<LastTokens>,
}

/// One open document of a [`Snapshot`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'a> {
    pub(crate) file: FileId,
    pub(crate) version: i32,
    pub(crate) lines: Lines<'a>,
}

impl Session {
    /// The session as it is now; cheap.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot {
            analysis: self.workspace.analysis(),
            documents: Arc::clone(&self.documents),
            client: Arc::clone(&self.client),
            revision: self.revision,
            tokens: Arc::clone(&self.tokens),
        }
    }

    /// Takes in what the client can do and wants.
    pub(crate) fn start(&mut self, params: &InitializeParams) {
        self.client = Arc::new(ClientAbilities::of(&params.capabilities));
        self.schemas = SchemaLoader::new(&params.initialization_options);
        self.workspace.set_schemas(self.schemas.set());
        self.configure(&params.initialization_options);
    }

    /// The client is ready to be asked.
    pub(crate) fn introduce(&mut self) {
        if self.client.registers_settings {
            self.ask(Question::ToTellSettings);
        }
        if self.client.tells_settings {
            self.ask(Question::Settings);
        }
    }

    /// The client tells settings, or that it is to be asked for them.
    pub(crate) fn settings_changed(&mut self, params: &lsp::DidChangeConfigurationParams) {
        self.configure(&params.settings);
        if self.client.tells_settings {
            self.ask(Question::Settings);
        }
        self.refresh();
    }

    /// Takes in what the client answered.
    pub(crate) fn take_answer(&mut self, question: Question, answer: &RawValue) {
        if question == Question::Settings
            && let Ok(settings) = serde_json::from_str::<Vec<Value>>(answer.get())
        {
            for settings in &settings {
                self.configure(settings);
            }
            self.refresh();
        }
    }

    /// Changes the settings; those not named in `settings` stay.
    fn configure(&mut self, settings: &Value) {
        let warning = self.configuration.update(settings);
        self.remarks.extend(warning.map(Remark::Warning));
        self.workspace.set_config(self.configuration.features());
        self.owe_all();
    }

    /// A client that asks for diagnostics is to do so again.
    fn refresh(&mut self) {
        if self.client.pulls_diagnostics && self.client.refreshes_diagnostics {
            self.ask(Question::ToPullDiagnostics);
        }
    }

    fn ask(&mut self, question: Question) {
        self.remarks.push(Remark::Question(question));
    }

    /// Opens a document, or replaces the text of an open one.
    pub(crate) fn open(&mut self, params: &lsp::DidOpenTextDocumentParams) {
        let item = &params.text_document;
        let path = path_of(&item.uri);
        let file = Arc::make_mut(&mut self.documents).open(item.uri.clone(), item.version);
        self.change_document(&item.uri, |session| {
            let parse = yaml_syntax::parse(&item.text);
            session.workspace.set_file(file, &path, parse);
        });
    }

    /// Applies the changes of one notification, each to the text that the one before it left.
    pub(crate) fn change(&mut self, params: &lsp::DidChangeTextDocumentParams) {
        let lsp::VersionedTextDocumentIdentifier { uri, version } = &params.text_document;
        let Some(file) = self.documents.file(uri) else {
            return;
        };
        Arc::make_mut(&mut self.documents).set_version(file, *version);
        self.change_document(uri, |session| {
            if params.content_changes.len() > MANY_CHANGES {
                session.change_at_once(file, &params.content_changes);
            } else {
                for change in &params.content_changes {
                    session.apply(file, change);
                }
            }
        });
    }

    /// Closes a document.
    pub(crate) fn close(&mut self, params: &lsp::DidCloseTextDocumentParams) {
        self.forget(&params.text_document.uri);
    }

    fn forget(&mut self, uri: &lsp::Uri) {
        let Some(file) = Arc::make_mut(&mut self.documents).close(uri) else {
            return;
        };
        self.workspace.remove_file(file);
        self.tokens.remove(file);
        self.owe_all();
    }

    /// Changes a document. One that a fault left half changed is closed: no answer is better than
    /// one about another text.
    fn change_document(&mut self, uri: &lsp::Uri, change: impl FnOnce(&mut Self)) {
        if guarded(|| change(self)).is_err() {
            self.forget(uri);
            self.remarks.push(Remark::Warning(format!(
                "The language server failed on a change of {}. Close the file and open it again.",
                uri.as_str()
            )));
        }
        self.owe_all();
    }

    /// The next file whose diagnostics are owed, until they are [settled](Self::settle).
    pub(crate) fn next_owed(&self) -> Option<FileId> {
        self.owed.first().copied()
    }

    /// The diagnostics of a file are told.
    pub(crate) fn settle(&mut self, file: FileId) {
        self.owed.remove(&file);
    }

    /// The address of a file with schemas that is to be loaded now.
    pub(crate) fn next_wanted(&mut self) -> Option<String> {
        self.schemas.next_wanted(self.owed.is_empty())
    }

    /// Takes in a file with schemas, or why there is none.
    pub(crate) fn supply(&mut self, address: &str, content: Result<&[u8], &str>) {
        let supplied = match content {
            Ok(bytes) => self.schemas.supply(address, bytes),
            Err(reason) => Err(self.schemas.fail(address, reason)),
        };
        match supplied {
            Ok(false) => {}
            Ok(true) => {
                self.workspace.set_schemas(self.schemas.set());
                self.owe_all();
                self.refresh();
            }
            Err(message) => self.remarks.push(Remark::Warning(message)),
        }
    }

    /// What the client is to be told.
    pub(crate) fn take_remarks(&mut self) -> Vec<Remark> {
        std::mem::take(&mut self.remarks)
    }

    /// Something changed, and with it perhaps the diagnostics of every file.
    fn owe_all(&mut self) {
        self.revision += 1;
        self.owed = self.workspace.analysis().files().collect();
    }

    fn apply(&mut self, file: FileId, change: &lsp::TextDocumentContentChangeEvent) {
        let analysis = self.workspace.analysis();
        let Some(source) = analysis.source(file) else {
            return;
        };
        let range = self.range_of(source, change);
        drop(analysis);
        self.workspace.edit_file(file, range, &change.text);
    }

    /// Replaces all of the text once. Many changes come from one command that changed many
    /// places, which clients list from the last place to the first.
    fn change_at_once(&mut self, file: FileId, changes: &[lsp::TextDocumentContentChangeEvent]) {
        let analysis = self.workspace.analysis();
        let Some(source) = analysis.source(file) else {
            return;
        };
        let edits = changes
            .iter()
            .map(|change| (self.range_of(source, change), &*change.text));
        let edits: Vec<_> = edits.collect();
        let backwards = edits.windows(2).all(|pair| match pair {
            [(later, _), (earlier, _)] => earlier.end() <= later.start(),
            _ => true,
        });
        if !backwards {
            drop(analysis);
            for change in changes {
                self.apply(file, change);
            }
            return;
        }
        let text = spliced(source, &edits);
        let whole = TextRange::new(TextSize::from(0), source.len());
        drop(analysis);
        self.workspace.edit_file(file, whole, &text);
    }

    fn range_of(&self, source: &Source, change: &lsp::TextDocumentContentChangeEvent) -> TextRange {
        let encoding = self.client.encoding;
        match change.range {
            Some(range) => from_proto::range(Lines { source, encoding }, range),
            None => TextRange::new(TextSize::from(0), source.len()),
        }
    }
}

impl Question {
    /// Method and parameters of the request that asks it.
    pub(crate) fn message(self) -> (&'static str, Value) {
        match self {
            Self::ToTellSettings => {
                let registration = json!({
                    "id": "settings",
                    "method": "workspace/didChangeConfiguration",
                    "registerOptions": { "section": SECTION }
                });
                let params = json!({ "registrations": [registration] });
                ("client/registerCapability", params)
            }
            Self::Settings => {
                let params = json!({ "items": [{ "section": SECTION }] });
                ("workspace/configuration", params)
            }
            Self::ToPullDiagnostics => ("workspace/diagnostic/refresh", Value::Null),
        }
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
                version: self.documents.identity(file)?.version,
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
        })
    }
}

/// The text with `edits` made; they are disjoint, the last place first.
fn spliced(source: &Source, edits: &[(TextRange, &str)]) -> String {
    let mut text = String::with_capacity(source.len().into());
    let mut copied = TextSize::from(0);
    for (range, insert) in edits.iter().rev() {
        text.push_str(&source.slice(TextRange::new(copied, range.start())));
        text.push_str(insert);
        copied = range.end();
    }
    text.push_str(&source.slice(TextRange::new(copied, source.len())));
    text
}

/// What the features call a file: the path in its name, with what was escaped.
fn path_of(uri: &lsp::Uri) -> String {
    uri.path().decode().to_string_lossy().into_owned()
}
