//! What the server asks and tells its client by itself.

use serde_json::{Value, json};
use tower_lsp::ls_types as lsp;

use crate::capabilities::ClientAbilities;
use crate::configuration::SECTION;

/// What the client is to be told, not told yet.
#[derive(Debug)]
pub(crate) enum Remark {
    /// Something for the person.
    Warning(String),
    /// How far something has come: parameters of `$/progress`.
    Progress(Value),
    /// Which release and schemas are used: parameters of `kun/schemas`.
    Schemas(Value),
    Question(Question),
}

/// What the client can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Question {
    /// To tell when settings or files change.
    ToRegister { settings: bool, files: bool },
    /// For the settings, and for those of each of these folders.
    Settings { folders: Vec<lsp::Uri> },
    /// To show how far something with this token has come.
    ToShowProgress(u32),
    /// To ask again for something that it was answered before.
    ToAskAgain(Answer),
}

/// Answers that change without a change of their document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Diagnostics,
    InlayHints,
    CodeLenses,
    SemanticTokens,
}

impl Answer {
    pub(crate) const ALL: [Self; 4] = [
        Self::Diagnostics,
        Self::InlayHints,
        Self::CodeLenses,
        Self::SemanticTokens,
    ];

    /// Whether the client can be asked to ask for it again.
    pub(crate) fn is_refreshed_by(self, client: &ClientAbilities) -> bool {
        match self {
            Self::Diagnostics => client.pulls_diagnostics && client.refreshes_diagnostics,
            Self::InlayHints => client.refreshes_inlay_hints,
            Self::CodeLenses => client.refreshes_code_lenses,
            Self::SemanticTokens => client.refreshes_semantic_tokens,
        }
    }

    fn method(self) -> &'static str {
        match self {
            Self::Diagnostics => "workspace/diagnostic/refresh",
            Self::InlayHints => "workspace/inlayHint/refresh",
            Self::CodeLenses => "workspace/codeLens/refresh",
            Self::SemanticTokens => "workspace/semanticTokens/refresh",
        }
    }
}

impl Question {
    /// Method and parameters of the request that asks it; JSON-RPC knows no parameters that are `null`.
    pub(crate) fn message(&self) -> (&'static str, Option<Value>) {
        let (method, params) = match self {
            Self::ToRegister { settings, files } => {
                let settings = settings.then(|| {
                    let options = json!({ "section": SECTION });
                    registration("settings", "workspace/didChangeConfiguration", &options)
                });
                let files = files.then(|| {
                    let watcher = json!({ "globPattern": "**/*.{yaml,yml}" });
                    let options = json!({ "watchers": [watcher] });
                    registration("files", "workspace/didChangeWatchedFiles", &options)
                });
                let registrations: Vec<_> = settings.into_iter().chain(files).collect();
                let params = json!({ "registrations": registrations });
                ("client/registerCapability", params)
            }
            Self::Settings { folders } => {
                let of = |folder| json!({ "scopeUri": folder, "section": SECTION });
                let items = [json!({ "section": SECTION })].into_iter();
                let items: Vec<_> = items.chain(folders.iter().map(of)).collect();
                ("workspace/configuration", json!({ "items": items }))
            }
            Self::ToShowProgress(token) => {
                ("window/workDoneProgress/create", json!({ "token": token }))
            }
            Self::ToAskAgain(answer) => return (answer.method(), None),
        };
        (method, Some(params))
    }
}

fn registration(id: &str, method: &str, options: &Value) -> Value {
    json!({ "id": id, "method": method, "registerOptions": options })
}
