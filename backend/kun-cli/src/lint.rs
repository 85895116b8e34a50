//! `kun lint`: the editor's own rules, without an editor and without a server.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use k8s_schemas::{KubeRelease, SchemaSet};
use yaml_ide::FileDiagnostic;
use yaml_ide::diagnostics::Severity;

use crate::{Outcome, files};

#[derive(Args)]
pub(crate) struct Lint {
    /// A manifest or a folder of manifests. May be given several times.
    #[arg(short, long = "file", value_name = "PATH", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    /// The release of Kubernetes to check against, such as `1.36`.
    #[arg(long, value_name = "RELEASE")]
    kubernetes: Option<String>,
}

impl Lint {
    pub(crate) fn run(self) -> Result<Outcome> {
        let release = match &self.kubernetes {
            Some(text) => KubeRelease::parse(text).with_context(|| unknown_release(text))?,
            None => KubeRelease::NEWEST,
        };
        let files = files::read(&self.files)?;
        let texts: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (&**path, &**text))
            .collect();
        let found = yaml_ide::check(&texts, &SchemaSet::builtin(), release);
        for diagnostic in found.iter().filter(|it| it.severity <= Severity::Warning) {
            println!("{}", shown(diagnostic));
        }
        let errors = count(&found, Severity::Error);
        let warnings = count(&found, Severity::Warning);
        let files = plural(files.len(), "file");
        println!(
            "{files}, {}, {}",
            plural(errors, "error"),
            plural(warnings, "warning")
        );
        match errors {
            0 => Ok(Outcome::Good),
            _ => Ok(Outcome::Failed),
        }
    }
}

fn unknown_release(text: &str) -> String {
    let [oldest, .., newest] = KubeRelease::ALL.map(|release| format!("1.{}", release.minor()));
    format!("`{text}` is no release of Kubernetes that kun knows: give {oldest} to {newest}")
}

fn shown(it: &FileDiagnostic) -> String {
    let FileDiagnostic {
        path,
        line,
        column,
        code,
        message,
        ..
    } = it;
    let severity = match it.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    };
    format!("{path}:{line}:{column}: {severity}: {message} [{code}]")
}

fn count(found: &[FileDiagnostic], severity: Severity) -> usize {
    found.iter().filter(|it| it.severity == severity).count()
}

fn plural(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
