//! Other files.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::OneOrMore;
use super::job::Anything;
use super::rules::IncludeRule;

/// Files to include: one, or a list.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Include {
    Place(FileName),
    Settings(IncludeSettings),
    Several(Vec<IncludeItem>),
}

/// A file to include.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum IncludeItem {
    Place(FileName),
    Settings(IncludeSettings),
}

/// A path of the repository, or an address.
#[derive(JsonSchema)]
#[schemars(extend("x-role" = "file"))]
pub(crate) struct FileName(String);

/// A file to include: where it is, with which inputs, and when.
#[derive(JsonSchema)]
#[schemars(extend("x-page" = "yaml/#include*"))]
pub(crate) struct IncludeSettings {
    /// A file of the same repository, from its root; `*` and `**` stand for parts of the path.
    local: Option<FileName>,
    /// Another project of the same GitLab; `file` says which file of it.
    project: Option<String>,
    /// The file, or files, of `project`.
    #[schemars(extend("x-docs" = "yaml/#includeproject"))]
    file: Option<OneOrMore<String>>,
    /// The branch, tag or commit of `project`; a commit cannot change under you.
    #[schemars(extend("x-docs" = "yaml/#includeproject"))]
    r#ref: Option<String>,
    /// The address of a file that everybody may read.
    remote: Option<String>,
    /// The hash that a remote file must have: `sha256-` and base64.
    integrity: Option<String>,
    /// A template that GitLab brings along.
    template: Option<String>,
    /// A component: `host/project/name@version`.
    component: Option<String>,
    /// Values for what the file asks for in `spec: inputs`.
    inputs: Option<BTreeMap<String, Anything>>,
    /// When the file is included.
    rules: Option<Vec<IncludeRule>>,
}
