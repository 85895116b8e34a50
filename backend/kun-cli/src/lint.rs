//! `kun lint`: the editor's own rules, without an editor and without a server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use k8s_schemas::{KubeRelease, SchemaSet};
use serde_json::json;
use yaml_ide::FileDiagnostic;
use yaml_ide::diagnostics::Severity;

use crate::recipe::Recipe;
use crate::{Outcome, Output, files, report};

#[derive(Args)]
pub(crate) struct Lint {
    /// A manifest, a pipeline, or a folder of manifests; those of `kun.yaml` if none is given. May
    /// be given several times.
    #[arg(short, long = "file", value_name = "PATH", num_args = 1..)]
    files: Vec<PathBuf>,
    /// The release of Kubernetes to check against, such as `1.36`.
    #[arg(long, value_name = "RELEASE")]
    kubernetes: Option<String>,
    /// Take warnings as errors.
    #[arg(long)]
    strict: bool,
    /// Where to write a Code Quality report, for `artifacts:reports:codequality`.
    #[arg(long, value_name = "FILE")]
    code_quality: Option<PathBuf>,
    /// Where to write a `JUnit` report, for `artifacts:reports:junit`.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl Lint {
    pub(crate) fn run(self, output: Output) -> Result<Outcome> {
        let recipe = Recipe::read(None)?;
        let files = if self.files.is_empty() {
            recipe.part(None)?.files
        } else {
            self.files
        };
        if files.is_empty() {
            bail!("give the files with `-f`, or write them in kun.yaml");
        }
        let files = files::read_for_lint(&files)?;
        let release = self.kubernetes.or(recipe.kubernetes);
        let found = check(&files, release.as_deref())?;
        let shown: Vec<FileDiagnostic> = found
            .into_iter()
            .filter(|it| it.severity <= Severity::Warning)
            .collect();
        if let Some(path) = &self.code_quality {
            write(path, &report::code_quality(&shown).to_string())?;
        }
        if let Some(path) = &self.junit {
            let paths: Vec<&str> = files.keys().map(String::as_str).collect();
            write(path, &report::junit(&paths, &shown))?;
        }
        let errors = count(&shown, Severity::Error);
        let warnings = count(&shown, Severity::Warning);
        match output {
            Output::Json => println!("{}", as_json(&shown)),
            Output::Text => {
                for diagnostic in &shown {
                    println!("{}", line(diagnostic));
                }
                let files = plural(files.len(), "file");
                println!(
                    "{files}, {}, {}",
                    plural(errors, "error"),
                    plural(warnings, "warning")
                );
            }
        }
        Ok(match (errors, warnings) {
            (0, 0) => Outcome::Good,
            (0, _) if !self.strict => Outcome::Good,
            _ => Outcome::No,
        })
    }
}

/// Checks files, and tells of whatever is as bad as `least`.
pub(crate) fn complains(
    files: &BTreeMap<String, String>,
    release: Option<&str>,
    least: Severity,
) -> Result<bool> {
    let found = check(files, release)?;
    let mut bad = found.iter().filter(|it| it.severity <= least).peekable();
    let is_bad = bad.peek().is_some();
    for diagnostic in bad {
        eprintln!("{}", line(diagnostic));
    }
    Ok(is_bad)
}

fn check(files: &BTreeMap<String, String>, release: Option<&str>) -> Result<Vec<FileDiagnostic>> {
    let release = match release {
        Some(text) => KubeRelease::parse(text).with_context(|| unknown_release(text))?,
        None => KubeRelease::NEWEST,
    };
    let texts: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    Ok(yaml_ide::check(&texts, &SchemaSet::builtin(), release))
}

fn unknown_release(text: &str) -> String {
    let [oldest, .., newest] = KubeRelease::ALL.map(|release| format!("1.{}", release.minor()));
    format!("`{text}` is no release of Kubernetes that kun knows: give {oldest} to {newest}")
}

fn line(it: &FileDiagnostic) -> String {
    let FileDiagnostic {
        path,
        line,
        column,
        code,
        message,
        ..
    } = it;
    let severity = severity(it);
    format!("{path}:{line}:{column}: {severity}: {message} [{code}]")
}

fn severity(it: &FileDiagnostic) -> &'static str {
    match it.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

fn as_json(found: &[FileDiagnostic]) -> serde_json::Value {
    let items = found.iter().map(|it| {
        json!({
            "path": it.path,
            "line": it.line,
            "column": it.column,
            "severity": severity(it),
            "code": it.code,
            "message": it.message,
        })
    });
    serde_json::Value::Array(items.collect())
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
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
