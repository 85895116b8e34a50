//! What is wrong with a file, for a client that asks. See also [`publish`](crate::publish).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;
use yaml_ide::diagnostics::diagnostics;

use crate::convert::to_proto;
use crate::message::raw;
use crate::params::Whole;
use crate::session::Snapshot;

/// Answers `textDocument/diagnostic`.
pub(crate) fn diagnostic(
    snapshot: &Snapshot,
    params: &Whole,
) -> Result<lsp::DocumentDiagnosticReportResult> {
    let document = snapshot.document(&params.text_document.uri)?;
    let last = params.previous_result_id.as_deref();
    let report = match judge(snapshot, document.file, last) {
        Judged::Unchanged(report) => lsp::DocumentDiagnosticReport::Unchanged(
            lsp::RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: report,
            },
        ),
        Judged::Full(report) => {
            lsp::DocumentDiagnosticReport::Full(lsp::RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: report,
            })
        }
    };
    Ok(report.into())
}

/// What the client has of the answer before.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Everything {
    #[serde(default)]
    previous_result_ids: Vec<lsp::PreviousResultId>,
}

/// Answers `workspace/diagnostic`: all files that are known, open or not.
#[expect(clippy::unnecessary_wraps, reason = "the shape that all handlers have")]
pub(crate) fn workspace_diagnostic(
    snapshot: &Snapshot,
    params: &Everything,
) -> Result<lsp::WorkspaceDiagnosticReport> {
    let last = params.previous_result_ids.iter();
    let last: HashMap<_, _> = last
        .filter_map(|it| Some((snapshot.documents.file(&it.uri)?, it.value.as_str())))
        .collect();
    let report = |file| {
        let identity = snapshot.documents.identity(file)?.clone();
        let version = identity.version.map(i64::from);
        Some(match judge(snapshot, file, last.get(&file).copied()) {
            Judged::Unchanged(report) => lsp::WorkspaceDocumentDiagnosticReport::Unchanged(
                lsp::WorkspaceUnchangedDocumentDiagnosticReport {
                    uri: identity.uri,
                    version,
                    unchanged_document_diagnostic_report: report,
                },
            ),
            Judged::Full(report) => lsp::WorkspaceDocumentDiagnosticReport::Full(
                lsp::WorkspaceFullDocumentDiagnosticReport {
                    uri: identity.uri,
                    version,
                    full_document_diagnostic_report: report,
                },
            ),
        })
    };
    let items = snapshot.analysis.files().filter_map(report).collect();
    Ok(lsp::WorkspaceDiagnosticReport { items })
}

/// A file against the last answer about it.
enum Judged {
    Unchanged(lsp::UnchangedDocumentDiagnosticReport),
    Full(lsp::FullDocumentDiagnosticReport),
}

fn judge(snapshot: &Snapshot, file: FileId, last: Option<&str>) -> Judged {
    let items = diagnostics_of(snapshot, file);
    // Equal diagnostics have equal names, whatever happened in between.
    let mut hasher = DefaultHasher::new();
    raw(&items).get().hash(&mut hasher);
    let result_id = format!("{:016x}", hasher.finish());
    if last == Some(&*result_id) {
        Judged::Unchanged(lsp::UnchangedDocumentDiagnosticReport { result_id })
    } else {
        Judged::Full(lsp::FullDocumentDiagnosticReport {
            result_id: Some(result_id),
            items,
        })
    }
}

/// All that is wrong with `file`, in the protocol's words.
pub(crate) fn diagnostics_of(snapshot: &Snapshot, file: FileId) -> Vec<lsp::Diagnostic> {
    let Some(lines) = snapshot.lines(file) else {
        return Vec::new();
    };
    let found = diagnostics(&snapshot.analysis, file);
    found
        .iter()
        .map(|it| to_proto::diagnostic(snapshot, lines, it))
        .collect()
}
