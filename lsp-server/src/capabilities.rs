//! What the client can do, and what we tell it that we can.

use serde_json::Value;
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
    /// The client can be asked for its settings.
    pub(crate) tells_settings: bool,
    /// The client can be asked to tell when its settings change.
    pub(crate) registers_settings: bool,
}

impl ClientAbilities {
    /// Reads what a client says of itself. What it does not say it cannot do.
    pub(crate) fn of(client: &lsp::ClientCapabilities) -> Self {
        let text = client.text_document.clone().unwrap_or_default();
        let workspace = client.workspace.clone().unwrap_or_default();
        let offered = client
            .general
            .as_ref()
            .and_then(|it| it.position_encodings.clone());
        let item = text.completion.and_then(|it| it.completion_item);
        let definition = text.definition.unwrap_or_default();
        let symbols = text.document_symbol.unwrap_or_default();
        let edits = workspace.workspace_edit.unwrap_or_default();
        let refresh = workspace.diagnostics.and_then(|it| it.refresh_support);
        let settings = workspace.did_change_configuration.unwrap_or_default();
        Self {
            encoding: Encoding::choose(&offered.unwrap_or_default()),
            snippets: item.and_then(|it| it.snippet_support).unwrap_or_default(),
            can_retrigger: has_command(client.experimental.as_ref(), RETRIGGER),
            versioned_edits: edits.document_changes.unwrap_or_default(),
            definition_links: definition.link_support.unwrap_or_default(),
            nested_symbols: symbols
                .hierarchical_document_symbol_support
                .unwrap_or_default(),
            pulls_diagnostics: text.diagnostic.is_some(),
            refreshes_diagnostics: refresh.unwrap_or_default(),
            tells_settings: workspace.configuration.unwrap_or_default(),
            registers_settings: settings.dynamic_registration.unwrap_or_default(),
        }
    }
}

/// Clients list the commands they have under `experimental.commands.commands`.
fn has_command(experimental: Option<&Value>, command: &str) -> bool {
    let commands = experimental.and_then(|it| it.pointer("/commands/commands"));
    let mut commands = commands.and_then(Value::as_array).into_iter().flatten();
    commands.any(|it| it == command)
}

/// The request by which a server asks to be told of changed settings.
pub(crate) fn settings_registration() -> lsp::Registration {
    lsp::Registration {
        id: "settings".to_owned(),
        method: "workspace/didChangeConfiguration".to_owned(),
        register_options: Some(serde_json::json!({ "section": SECTION })),
    }
}

/// What the server can do.
pub(crate) fn server(client: &ClientAbilities) -> lsp::ServerCapabilities {
    lsp::ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(sync()),
        completion_provider: Some(lsp::CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some(
                [" ", "\n", "-", ":", "\"", "{", "[", ","]
                    .map(str::to_owned)
                    .into(),
            ),
            ..lsp::CompletionOptions::default()
        }),
        hover_provider: Some(lsp::HoverProviderCapability::Simple(true)),
        definition_provider: Some(lsp::OneOf::Left(true)),
        references_provider: Some(lsp::OneOf::Left(true)),
        document_highlight_provider: Some(lsp::OneOf::Left(true)),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        workspace_symbol_provider: Some(lsp::OneOf::Left(true)),
        code_action_provider: Some(code_actions()),
        code_lens_provider: Some(lsp::CodeLensOptions {
            resolve_provider: Some(false),
        }),
        document_formatting_provider: Some(lsp::OneOf::Left(true)),
        document_range_formatting_provider: Some(lsp::OneOf::Left(true)),
        document_on_type_formatting_provider: Some(lsp::DocumentOnTypeFormattingOptions {
            first_trigger_character: "\n".to_owned(),
            more_trigger_character: None,
        }),
        rename_provider: Some(lsp::OneOf::Right(lsp::RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })),
        document_link_provider: Some(lsp::DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        }),
        folding_range_provider: Some(lsp::FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(lsp::SelectionRangeProviderCapability::Simple(true)),
        linked_editing_range_provider: Some(lsp::LinkedEditingRangeServerCapabilities::Simple(
            true,
        )),
        semantic_tokens_provider: Some(semantic_tokens::options().into()),
        inlay_hint_provider: Some(lsp::OneOf::Left(true)),
        diagnostic_provider: Some(lsp::DiagnosticServerCapabilities::Options(
            lsp::DiagnosticOptions {
                identifier: Some(SECTION.to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: false,
                work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
            },
        )),
        experimental: Some(serde_json::json!({ "kunSearch": true })),
        ..lsp::ServerCapabilities::default()
    }
}

fn sync() -> lsp::TextDocumentSyncCapability {
    lsp::TextDocumentSyncCapability::Options(lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
        ..lsp::TextDocumentSyncOptions::default()
    })
}

fn code_actions() -> lsp::CodeActionProviderCapability {
    lsp::CodeActionProviderCapability::Options(lsp::CodeActionOptions {
        code_action_kinds: Some(vec![
            lsp::CodeActionKind::QUICKFIX,
            lsp::CodeActionKind::REFACTOR_REWRITE,
            lsp::CodeActionKind::SOURCE_FIX_ALL,
        ]),
        ..lsp::CodeActionOptions::default()
    })
}
