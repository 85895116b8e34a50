//! What is wrong with a file, for a client that asks. See also [`publish`](crate::publish).

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use yaml_ide::FileId;
use yaml_ide::diagnostics::diagnostics;

use crate::convert::to_proto;
use crate::params::Whole;
use crate::session::Snapshot;

/// Answers `textDocument/diagnostic`.
pub(crate) fn diagnostic(
    snapshot: &Snapshot,
    params: &Whole,
) -> Result<lsp::DocumentDiagnosticReportResult> {
    let document = snapshot.document(&params.text_document.uri)?;
    // Whatever can change the answer changes the revision.
    let result_id = snapshot.revision.to_string();
    if params.previous_result_id.as_ref() == Some(&result_id) {
        return Ok(unchanged(result_id).into());
    }
    let report = lsp::DocumentDiagnosticReport::Full(lsp::RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport {
            result_id: Some(result_id),
            items: diagnostics_of(snapshot, document.file),
        },
    });
    Ok(report.into())
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

fn unchanged(result_id: String) -> lsp::DocumentDiagnosticReport {
    lsp::DocumentDiagnosticReport::Unchanged(lsp::RelatedUnchangedDocumentDiagnosticReport {
        related_documents: None,
        unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id },
    })
}
