//! What a push must pass before it is stored: the rules of manifests, and the editor's own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use api_types::{ErrorDetail, ObjectSummary};
use deploy_core::Manifests;
use k8s_schemas::{KubeRelease, SchemaSet};
use yaml_ide::FileDiagnostic;
use yaml_ide::diagnostics::Severity;

use crate::deploy;

/// Places that are reported at most; a person mends the first ones first.
const MOST: usize = 100;

/// Files that may be stored.
#[derive(Debug)]
pub struct Accepted {
    pub objects: Vec<ObjectSummary>,
    /// SHA-256 over paths and contents.
    pub content_hash: String,
    /// What is questionable, though not refused.
    pub warnings: Vec<ErrorDetail>,
}

/// Files that may not be stored, and every place that is wrong.
///
/// Invariant: `details` is not empty.
#[derive(Debug)]
pub struct Refused {
    pub details: Vec<ErrorDetail>,
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, others)) = self.details.split_first() else {
            return Ok(());
        };
        match (first.place.as_str(), first.line) {
            ("", _) => {}
            (file, None) => write!(f, "{file}: ")?,
            (file, Some(line)) => write!(f, "{file}, line {line}: ")?,
        }
        f.write_str(&first.message)?;
        match others.len() {
            0 => Ok(()),
            1 => f.write_str(" (and 1 more error)"),
            count => write!(f, " (and {count} more errors)"),
        }
    }
}

/// Checks `files` (path to text) as one version. The errors of the editor refuse a push, its
/// warnings are handed back.
pub fn check(files: &BTreeMap<String, String>, schemas: &SchemaSet) -> Result<Accepted, Refused> {
    let manifests = Manifests::parse(files);
    let texts: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    let found = yaml_ide::check(&texts, schemas, KubeRelease::NEWEST);
    let errors: Vec<ErrorDetail> = with_severity(&found, Severity::Error);
    match manifests {
        Ok(manifests) if errors.is_empty() => Ok(Accepted {
            objects: deploy::object_summaries(&manifests),
            content_hash: deploy_core::manifest::content_hash(files),
            warnings: with_severity(&found, Severity::Warning),
        }),
        Ok(_) => Err(Refused { details: errors }),
        Err(refused) => {
            let refused = deploy::error_details(&refused);
            Err(Refused {
                details: merged(errors, refused),
            })
        }
    }
}

/// Both lists in the order of places. Where both complain of a line, the editor's words stand.
fn merged(editor: Vec<ErrorDetail>, manifests: Vec<ErrorDetail>) -> Vec<ErrorDetail> {
    let place = |it: &ErrorDetail| (it.place.clone(), it.line);
    let said: BTreeSet<_> = editor.iter().map(place).collect();
    let rest = manifests
        .into_iter()
        .filter(|it| it.line.is_none() || !said.contains(&place(it)));
    let mut all: Vec<ErrorDetail> = editor.into_iter().chain(rest).collect();
    all.sort_by_key(|it| (it.place.clone(), it.line, it.column));
    all
}

fn with_severity(found: &[FileDiagnostic], severity: Severity) -> Vec<ErrorDetail> {
    let found = found.iter().filter(|it| it.severity == severity);
    found.take(MOST).map(of_diagnostic).collect()
}

fn of_diagnostic(it: &FileDiagnostic) -> ErrorDetail {
    ErrorDetail {
        place: it.path.clone(),
        line: Some(it.line),
        column: Some(it.column),
        code: Some(it.code.to_owned()),
        message: it.message.clone(),
    }
}
