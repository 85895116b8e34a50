//! What the client can do, and what we tell it that we can.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::ls_types as lsp;

use crate::configuration::SECTION;
use crate::convert::Encoding;
use crate::handlers::semantic_tokens;

/// The client's command that opens the completion list again.
pub(crate) const RETRIGGER: &str = "editor.action.triggerSuggest";

/// What the client can do, as far as answers depend on it.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent abilities of a client"
)]
pub(crate) struct ClientAbilities {
    pub(crate) encoding: Encoding,
    /// Completions may have tab stops.
    pub(crate) snippets: bool,
    /// The later lines of such a completion are indented like the line that it starts in, even if
    /// it asks to be inserted as it is.
    pub(crate) indents_snippets: bool,
    /// Texts for people may be Markdown.
    pub(crate) markdown: bool,
    /// Changes of files may have tab stops.
    pub(crate) snippet_edits: bool,
    /// A completion may run [`RETRIGGER`].
    pub(crate) can_retrigger: bool,
    /// Changes of files may name the versions that they are for.
    pub(crate) versioned_edits: bool,
    /// A definition may come with the word that leads to it.
    pub(crate) definition_links: bool,
    /// An outline may be a tree.
    pub(crate) nested_symbols: bool,
    /// The client asks for diagnostics when it wants them; they are not sent by themselves.
    pub(crate) pulls_diagnostics: bool,
    /// The client can be told to ask for diagnostics again.
    pub(crate) refreshes_diagnostics: bool,
    pub(crate) refreshes_inlay_hints: bool,
    pub(crate) refreshes_code_lenses: bool,
    pub(crate) refreshes_semantic_tokens: bool,
    /// The client shows how far something has come.
    pub(crate) shows_progress: bool,
    /// The client shows which release and schemas are used.
    pub(crate) shows_schemas: bool,
    /// The client can be asked to tell when files change.
    pub(crate) registers_files: bool,
    /// The client can be asked for its settings.
    pub(crate) tells_settings: bool,
    /// The client can be asked to tell when its settings change.
    pub(crate) registers_settings: bool,
}

/// Clients that indent every snippet. Nothing in what they say of their abilities tells it.
const INDENT_SNIPPETS: [&str; 2] = ["Neovim", "helix"];
/// `insertTextMode: asIs` of the protocol.
const AS_IS: u64 = 1;

/// What a client says when it starts, as far as it is read. Its abilities stay a tree: one that is
/// written wrong is one that it does not have, and no reason to refuse it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct InitializeParams {
    pub(crate) capabilities: Value,
    pub(crate) client_info: Value,
    pub(crate) initialization_options: Value,
    workspace_folders: Value,
    root_uri: Value,
}

impl InitializeParams {
    /// The folders that the client works in.
    pub(crate) fn folders(&self) -> Vec<lsp::Uri> {
        let folders = self.workspace_folders.as_array();
        let uris = folders.into_iter().flatten().filter_map(|it| it.get("uri"));
        // Clients that know no folders name one root.
        let root = folders.is_none().then_some(&self.root_uri);
        let uris = uris.chain(root).filter_map(Value::as_str);
        uris.filter_map(|uri| uri.parse().ok()).collect()
    }
}

impl ClientAbilities {
    /// Reads what a client says of itself. What it does not say it cannot do.
    pub(crate) fn of(params: &InitializeParams) -> Self {
        let client = &params.capabilities;
        let is = |path: &str| {
            client
                .pointer(path)
                .and_then(Value::as_bool)
                .unwrap_or_default()
        };
        let words = |path: &str| {
            let list = client
                .pointer(path)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            list.filter_map(Value::as_str).collect::<Vec<_>>()
        };
        Self {
            encoding: Encoding::choose(&words("/general/positionEncodings")),
            snippets: is("/textDocument/completion/completionItem/snippetSupport"),
            indents_snippets: indents_snippets(params),
            markdown: reads_markdown(client),
            snippet_edits: is("/workspace/workspaceEdit/snippetEditSupport")
                && is("/workspace/workspaceEdit/documentChanges"),
            // Where clients list the commands that servers may use.
            can_retrigger: words("/experimental/commands/commands").contains(&RETRIGGER),
            versioned_edits: is("/workspace/workspaceEdit/documentChanges"),
            definition_links: is("/textDocument/definition/linkSupport"),
            nested_symbols: is("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            pulls_diagnostics: client.pointer("/textDocument/diagnostic").is_some(),
            refreshes_diagnostics: is("/workspace/diagnostics/refreshSupport"),
            refreshes_inlay_hints: is("/workspace/inlayHint/refreshSupport"),
            refreshes_code_lenses: is("/workspace/codeLens/refreshSupport"),
            refreshes_semantic_tokens: is("/workspace/semanticTokens/refreshSupport"),
            shows_progress: is("/window/workDoneProgress"),
            shows_schemas: is("/experimental/kunSchemas"),
            // A worker has no files to look at again.
            registers_files: cfg!(not(target_arch = "wasm32"))
                && is("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            tells_settings: is("/workspace/configuration"),
            registers_settings: is("/workspace/didChangeConfiguration/dynamicRegistration"),
        }
    }
}

fn indents_snippets(params: &InitializeParams) -> bool {
    let modes = "/textDocument/completion/completionItem/insertTextModeSupport/valueSet";
    let modes = params.capabilities.pointer(modes).and_then(Value::as_array);
    let name = params.client_info.get("name").and_then(Value::as_str);
    modes.is_some_and(|it| !it.contains(&AS_IS.into()))
        || name.is_some_and(|it| INDENT_SNIPPETS.contains(&it))
}

/// Clients that say nothing of it show what comes.
fn reads_markdown(client: &Value) -> bool {
    let formats = client.pointer("/textDocument/hover/contentFormat");
    let formats = formats.and_then(Value::as_array);
    formats.is_none_or(|it| it.is_empty() || it.contains(&"markdown".into()))
}

/// What the server says when it starts: who it is and what it can do.
pub(crate) fn introduction(client: &ClientAbilities) -> Value {
    let files = json!({ "pattern": { "glob": "**/*.{yaml,yml}", "matches": "file" } });
    let folders = json!({ "pattern": { "glob": "**", "matches": "folder" } });
    let files_and_folders = json!({ "filters": [files, folders] });
    json!({
        "serverInfo": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "capabilities": {
            "positionEncoding": client.encoding.name(),
            "textDocumentSync": { "openClose": true, "change": lsp::TextDocumentSyncKind::INCREMENTAL },
            "completionProvider": {
                "resolveProvider": true,
                "triggerCharacters": [" ", "-", ":", "\"", "{", "[", ","]
            },
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "documentHighlightProvider": true,
            "documentSymbolProvider": true,
            "workspaceSymbolProvider": true,
            "codeActionProvider": {
                "codeActionKinds": ["quickfix", "refactor.rewrite", "source.fixAll"]
            },
            "codeLensProvider": { "resolveProvider": false },
            "documentFormattingProvider": true,
            "documentRangeFormattingProvider": true,
            "documentOnTypeFormattingProvider": { "firstTriggerCharacter": "\n" },
            "renameProvider": { "prepareProvider": true },
            "documentLinkProvider": { "resolveProvider": false },
            "foldingRangeProvider": true,
            "selectionRangeProvider": true,
            "linkedEditingRangeProvider": true,
            "semanticTokensProvider": {
                "legend": semantic_tokens::legend(),
                "range": true,
                "full": { "delta": true }
            },
            "inlayHintProvider": true,
            "diagnosticProvider": {
                "identifier": SECTION,
                "interFileDependencies": true,
                "workspaceDiagnostics": true
            },
            "workspace": {
                "workspaceFolders": { "supported": true, "changeNotifications": true },
                "fileOperations": {
                    "didCreate": files_and_folders,
                    "didRename": files_and_folders,
                    "didDelete": files_and_folders
                }
            },
            "experimental": {
                "kunSearch": true,
                "kunOpenapi": true,
                "kunSchemas": true,
                "kunDeployed": true,
                "kunCodeLenses": true,
                "kunObjectLenses": true
            }
        }
    })
}
