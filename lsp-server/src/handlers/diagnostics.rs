//! What is wrong with a file, for a client that asks. See also [`publish`](crate::publish).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;
use yaml_ide::diagnostics::{self, Diagnostic};

use crate::convert::to_proto;
use crate::message::{Json, JsonList};
use crate::params::Whole;
use crate::session::Snapshot;

/// Answers `textDocument/diagnostic`.
pub(crate) async fn diagnostic(snapshot: &Snapshot, params: &Whole) -> Result<Json> {
    let document = snapshot.document(&params.text_document.uri)?;
    let last = params.previous_result_id.as_deref();
    let report = Report::of(snapshot, document.file, last).await;
    Ok(report.with(&[]))
}

/// What the client has of the answer before.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Everything {
    #[serde(default)]
    previous_result_ids: Vec<lsp::PreviousResultId>,
}

/// Answers `workspace/diagnostic`: all files that are known, open or not.
pub(crate) async fn workspace_diagnostic(snapshot: &Snapshot, params: &Everything) -> Result<Json> {
    let last = params.previous_result_ids.iter();
    let last: HashMap<_, _> = last
        .filter_map(|it| Some((snapshot.documents.file(&it.uri)?, it.value.as_str())))
        .collect();
    let mut items = JsonList::default();
    for file in snapshot.analysis.files() {
        let Some(identity) = snapshot.documents.identity(file) else {
            continue;
        };
        let report = Report::of(snapshot, file, last.get(&file).copied()).await;
        let (uri, version) = (Json::of(&identity.uri), Json::of(&identity.version));
        items.push_json(&report.with(&[("uri", &uri), ("version", &version)]));
        snapshot.turn.pause().await;
    }
    // What is gone has nothing wrong with it: without a word the client would keep what it has.
    let known = |it: &&lsp::PreviousResultId| snapshot.documents.file(&it.uri).is_some();
    for gone in params.previous_result_ids.iter().filter(|it| !known(it)) {
        let report = Report::new(JsonList::default().finish(), Some(&gone.value));
        let (uri, version) = (Json::of(&gone.uri), Json::of(&()));
        items.push_json(&report.with(&[("uri", &uri), ("version", &version)]));
    }
    Ok(Json::object(&[("items", &items.finish())]))
}

/// What is wrong with a file, against the last answer about it.
struct Report {
    result_id: String,
    /// Nothing, if that is what the client has.
    items: Option<Json>,
}

impl Report {
    async fn of(snapshot: &Snapshot, file: FileId, last: Option<&str>) -> Self {
        Self::new(diagnostics_of(snapshot, file).await, last)
    }

    fn new(items: Json, last: Option<&str>) -> Self {
        // Equal diagnostics have equal names, whatever happened in between.
        let mut hasher = DefaultHasher::new();
        items.hash(&mut hasher);
        let result_id = format!("{:016x}", hasher.finish());
        let items = (last != Some(&*result_id)).then_some(items);
        Self { result_id, items }
    }

    /// The protocol's words for it, with `others` about the file.
    fn with(&self, others: &[(&str, &Json)]) -> Json {
        let kind = self.items.as_ref().map_or("unchanged", |_| "full");
        let (kind, result_id) = (Json::of(&kind), Json::of(&self.result_id));
        let items = self.items.as_ref().map(|items| ("items", items));
        let own = [("kind", &kind), ("resultId", &result_id)];
        let own = own.into_iter().chain(items);
        Json::object(&own.chain(others.iter().copied()).collect::<Vec<_>>())
    }
}

/// All that is wrong with `file`, in the protocol's words.
pub(crate) async fn diagnostics_of(snapshot: &Snapshot, file: FileId) -> Json {
    let mut list = JsonList::default();
    if let Some(lines) = snapshot.lines(file) {
        for found in judged(snapshot, file).await {
            list.push(&to_proto::diagnostic(snapshot, lines, found));
            snapshot.turn.pause().await;
        }
    }
    list.finish()
}

/// All that is wrong with `file`: found out once, whoever asks first.
pub(super) async fn judged(snapshot: &Snapshot, file: FileId) -> &[Diagnostic] {
    if let Some(known) = diagnostics::known(&snapshot.analysis, file) {
        return known;
    }
    let mut all = Vec::new();
    for found in diagnostics::diagnostics_in_pieces(&snapshot.analysis, file) {
        all.extend(found);
        snapshot.turn.pause().await;
    }
    diagnostics::keep(&snapshot.analysis, file, all)
}
