//! What an editor can know about Kubernetes YAML and about pipelines of GitLab CI.
//!
//! A [`Workspace`] holds the files that are open and changes with every key.
//! An [`Analysis`] is a snapshot of it: cheap to clone, and safe to read on another thread.
//! Every feature is one function in one module that takes a snapshot, a file and a place,
//! and answers in an editor's words. None of them fails on what a person is typing.
//!
//! | feature | function |
//! |---|---|
//! | complete a key, a value or a whole object | [`completion`](completion::completion) |
//! | documentation of a field or value | [`hover`](hover::hover) |
//! | what is wrong | [`diagnostics`](diagnostics::diagnostics) |
//! | how to mend it | [`code_actions`](code_actions::code_actions) |
//! | outline | [`document_symbols`](document_symbols::document_symbols) |
//! | find an object by name | [`workspace_symbols`](workspace_symbols::workspace_symbols) |
//! | fold | [`folding_ranges`](folding_ranges::folding_ranges) |
//! | grow the selection | [`selection_ranges`](selection_ranges::selection_ranges) |
//! | colours by meaning | [`semantic_tokens`](semantic_tokens::semantic_tokens) |
//! | where a name is defined | [`goto_definition`](goto_definition::goto_definition) |
//! | where a name is used | [`find_references`](find_references::find_references) |
//! | the same name in this file | [`document_highlight`](document_highlight::document_highlight) |
//! | rename | [`rename`](rename::rename) |
//! | layout | [`format`](format::format) |
//! | links to follow | [`document_links`](document_links::document_links) |
//! | words shown between the words | [`inlay_hints`](inlay_hints::inlay_hints) |
//! | words shown above a line | [`code_lenses`](code_lenses::code_lenses) |
//! | names that change together | [`linked_editing`](linked_editing::linked_editing) |
//! | all of the diagnostics of a set of files | [`check`](check::check) |
#![deny(missing_docs)]
#![cfg_attr(
    test,
    expect(
        clippy::needless_pass_by_value,
        clippy::format_collect,
        clippy::format_push_string,
        clippy::needless_raw_string_hashes,
        reason = "tests read better with `expect![…]` as an argument and short loops over strings"
    )
)]

mod alternatives;
pub mod analysis;
mod cache;
pub mod check;
pub mod code_actions;
pub mod code_lenses;
pub mod completion;
pub mod config;
mod crds;
pub mod deployed;
pub mod diagnostics;
pub mod document_highlight;
pub mod document_links;
pub mod document_symbols;
mod enums;
pub mod find_references;
#[cfg(test)]
mod fixture;
pub mod folding_ranges;
pub mod format;
mod formats;
mod fuzzy;
mod gitlab;
pub mod goto_definition;
pub mod hover;
mod immutable;
pub mod inlay_hints;
mod kustomize;
mod language;
mod layout;
pub mod linked_editing;
mod links;
mod manifest;
mod markdown;
mod migrate;
mod named_files;
mod object;
mod part;
mod pieces;
mod place;
pub mod rename;
pub mod selection_ranges;
pub mod semantic_tokens;
mod skeleton;
mod target_release;
pub mod workspace_symbols;

pub use analysis::{Analysis, FileId, Workspace};
pub use check::{FileDiagnostic, check};
pub use config::Config;
pub use deployed::Deployed;
