//! What of each module is not needed at first, told by the names of functions.

/// What is needed later.
pub(in crate::build_web) struct Later {
    /// Parts of names.
    names: Vec<String>,
    /// Beginnings of names.
    rare: &'static [&'static str],
}

/// Of the editor: what is not needed to type.
const WORKBENCH: &[&str] = &[
    "yew::",
    "serde::",
    "serde_core::",
    "serde_json::",
    "api_types::",
    "gloo_net::",
    "editor_wasm::api",
    "editor_wasm::app",
    "editor_wasm::drafts",
    "editor_wasm::json",
    "editor_wasm::loading",
    "editor_wasm::lsp",
    "editor_wasm::mount_",
    "editor_wasm::navigation",
    "editor_wasm::pages",
    "editor_wasm::parts",
    "editor_wasm::popups",
    "editor_wasm::route",
    "editor_wasm::time",
    "commands::Command>::rare_transaction",
    "editor_core::commands::carets::add_",
    "editor_core::commands::comment",
    "editor_core::commands::lines",
    "editor_core::commands::titles",
    "editor_core::folding",
    "editor_core::wrap",
    "editor_wasm::storage",
    "editor_wasm::view::cards",
    "editor_wasm::view::dispatch",
    "editor_wasm::view::finding",
    "editor_wasm::view::fixing",
    "editor_wasm::view::language",
    "editor_wasm::view::listing",
    "editor_wasm::view::naming",
    "editor_wasm::view::occurrences",
    "editor_wasm::view::selecting",
    "editor_wasm::view::Editor ",
    "Rc<editor_wasm::view::editing::Editing>>::drop_slow",
    "workbench::mount",
];
/// Files whose methods are not needed to type: a method is named after its type alone.
const WORKBENCH_FILES: &[&str] = &[
    include_str!("../../../../editor-wasm/src/view/cards.rs"),
    include_str!("../../../../editor-wasm/src/view/dispatch.rs"),
    include_str!("../../../../editor-wasm/src/view/finding.rs"),
    include_str!("../../../../editor-wasm/src/view/fixing.rs"),
    include_str!("../../../../editor-wasm/src/view/folding.rs"),
    include_str!("../../../../editor-wasm/src/view/hints.rs"),
    include_str!("../../../../editor-wasm/src/view/language.rs"),
    include_str!("../../../../editor-wasm/src/view/listing.rs"),
    include_str!("../../../../editor-wasm/src/view/mirror.rs"),
    include_str!("../../../../editor-wasm/src/view/naming.rs"),
    include_str!("../../../../editor-wasm/src/view/occurrences.rs"),
    include_str!("../../../../editor-wasm/src/view/options.rs"),
    include_str!("../../../../editor-wasm/src/view/picking.rs"),
    include_str!("../../../../editor-wasm/src/view/selecting.rs"),
];

/// Of the language server: what a person asks for now and then, and what only some files need.
const LSP_SERVER: &[&str] = &[
    "ls_types::DidChangeWatchedFilesParams",
    "ls_types::FileEvent",
    "ls_types::LocationLink",
    "ls_types::document_symbols::DocumentSymbol",
    "ls_types::folding_range::FoldingRange",
    "ls_types::linked_editing::LinkedEditingRanges",
    "ls_types::progress::WorkDoneProgressCancelParams",
    "ls_types::selection_range::SelectionRange",
    "ls_types::semantic_tokens::SemanticTokens",
    "ls_types::semantic_tokens::SemanticTokensDelta",
    "ls_types::semantic_tokens::SemanticTokensFullDeltaResult",
    "ls_types::workspace_diagnostic",
    "ls_types::workspace_folders::DidChangeWorkspaceFoldersParams",
    "ls_types::workspace_folders::WorkspaceFolder",
    "ls_types::workspace_folders::WorkspaceFoldersChangeEvent",
    "ls_types::workspace_symbols::WorkspaceSymbol",
    "lsp_server::folders",
    "lsp_server::handlers::diagnostics::Everything",
    "lsp_server::handlers::diagnostics::workspace_diagnostic",
    "lsp_server::handlers::edits",
    "lsp_server::handlers::navigation::goto_definition",
    "lsp_server::handlers::navigation::references",
    "lsp_server::handlers::navigation::symbol",
    "lsp_server::handlers::outline::document_symbol",
    "lsp_server::handlers::outline::flatten",
    "lsp_server::handlers::outline::folding_range",
    "lsp_server::handlers::outline::selection_range",
    "lsp_server::handlers::search",
    "lsp_server::handlers::semantic_tokens",
    "lsp_server::params::AtEach",
    "lsp_server::params::Query",
    "lsp_server::params::Renaming",
    "lsp_server::params::Typed",
    "lsp_server::params::Uses",
    "lsp_server::search",
    "lsp_server::session::files::Name",
    "lsp_server::session::files::NewName",
    "lsp_server::session::files::Named",
    "lsp_server::session::files::Renamed",
    "lsp_server::session::lenses::Lens",
    "lsp_server::session::lenses::LensesParams",
    "k8s_schemas::openapi",
    "regex",
    "regex_automata",
    "regex_syntax",
    "yaml_ide::code_actions::create",
    "yaml_ide::completion::kustomization",
    "yaml_ide::document_symbols",
    "yaml_ide::find_references",
    "yaml_ide::folding_ranges",
    "yaml_ide::format",
    "yaml_ide::gitlab::completion",
    "yaml_ide::gitlab::faults",
    "yaml_ide::gitlab::hover",
    "yaml_ide::gitlab::judge",
    "yaml_ide::gitlab::links",
    "yaml_ide::gitlab::part",
    "yaml_ide::gitlab::pipeline",
    "yaml_ide::gitlab::schema",
    "yaml_ide::gitlab::snippets",
    "yaml_ide::gitlab::symbols",
    "yaml_ide::gitlab::variables",
    "yaml_ide::goto_definition",
    "yaml_ide::linked_editing",
    "yaml_ide::migrate",
    "yaml_ide::rename::rename",
    "yaml_ide::selection_ranges",
    "yaml_ide::semantic_tokens",
    "yaml_ide::workspace_symbols",
    "yaml_syntax::format",
];

/// What most manifests never need, though it is called in many places: characters that are not
/// ASCII, and floats with many digits.
const LSP_SERVER_RARE: &[&str] = &[
    "<f64 as zmij::",
    "core::fmt::float::",
    "core::num::dec2flt::decimal_seq::",
    "core::num::dec2flt::lemire::",
    "core::num::flt2dec::",
    "core::unicode::",
    "zmij::",
];

/// What is generic, and thus named after types of both parts: it goes where it is called.
const SHARED: &[&str] = &[
    "<&",
    "<<alloc::",
    "<<core::",
    "<[",
    "<alloc::",
    "<core::",
    "<implicit_clone::",
    "<std::",
    "<yew::callback::",
    "alloc::",
    "core::",
];

impl Later {
    /// What is needed later of a module; none where all of it is needed at once.
    pub(in crate::build_web) fn of(module: &str) -> Option<Self> {
        let (names, files, rare): (_, &[&str], &[&str]) = match module {
            "workbench" => (WORKBENCH, WORKBENCH_FILES, &[]),
            "lsp_server" => (LSP_SERVER, &[], LSP_SERVER_RARE),
            _ => return None,
        };
        let methods = files.iter().flat_map(|file| methods(file));
        let methods = methods.map(|it| format!("editing::Editing>::{it}"));
        let names = names.iter().map(|it| (*it).to_owned());
        let names = names.chain(methods).collect();
        Some(Self { names, rare })
    }

    /// Whether a function is needed later.
    pub(super) fn has(&self, name: &str) -> bool {
        // The export, and what wasm-bindgen wraps around it.
        let is_export = name == "mount" || name.starts_with("mount externref");
        is_export || self.is_rare(name) || self.names.iter().any(|part| mentions(name, part))
    }

    /// Whether a function goes where it is called, whatever it is named after.
    pub(super) fn shares(&self, name: &str) -> bool {
        SHARED.iter().any(|part| name.starts_with(part)) && !self.is_rare(name)
    }

    fn is_rare(&self, name: &str) -> bool {
        self.rare.iter().any(|part| name.starts_with(part))
    }
}

/// Whether a name holds a part, up to the end of a word.
fn mentions(name: &str, part: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let cut = |(at, _): (usize, &str)| {
        let next = name.get(at + part.len()..).and_then(|it| it.chars().next());
        part.ends_with([':', '_', ' ']) || !next.is_some_and(is_word)
    };
    name.match_indices(part).any(cut)
}

/// The methods of a file of Rust.
fn methods(file: &str) -> impl Iterator<Item = &str> {
    let lines = file.lines().filter(|line| line.starts_with("    "));
    lines.filter_map(|line| {
        let declared = line.trim_start();
        let declared = declared.strip_prefix("pub(crate) ").unwrap_or(declared);
        let declared = declared.strip_prefix("async ").unwrap_or(declared);
        let name = declared.strip_prefix("fn ")?;
        name.split(['(', '<']).next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_known_by_the_file_they_stand_in() {
        let file =
            "impl A {\n    pub(crate) fn ask(&self) {\n    }\n    fn is<T>() {}\n}\nfn free() {}";
        assert_eq!(methods(file).collect::<Vec<_>>(), ["ask", "is"]);
        assert!(mentions("<x::Editing>::ask::{closure#0}", "Editing>::ask"));
        assert!(!mentions("<x::Editing>::ask_frame", "Editing>::ask"));
    }

    #[test]
    fn generic_code_goes_where_it_is_called_unless_it_is_rare() {
        let later = Later::of("lsp_server").expect("the server comes in two parts");
        let pushed = "<alloc::vec::Vec<yaml_ide::gitlab::part::Job>>::push";
        assert!(later.has(pushed) && later.shares(pushed));
        let called = "<&mut lsp_server::handlers::outline::code_lens::{closure#0} as \
            core::ops::function::FnMut<(yaml_ide::find_references::Location,)>>::call_mut";
        assert!(later.has(called) && later.shares(called));
        let printed = "core::num::flt2dec::strategy::dragon::format_shortest";
        assert!(later.has(printed) && !later.shares(printed));
        assert!(!later.has("yaml_ide::formats::name::mended"));
        assert!(Later::of("pages").is_none());
    }
}
