//! What is offered to mend a complaint mends it, and breaks nothing else.

use std::collections::BTreeMap;

use k8s_schemas::{KubeRelease, Scope};
use yaml_ide::code_actions::{CodeAction, code_actions};
use yaml_ide::diagnostics::{Diagnostic, Severity, diagnostics};

use super::{FILE, Random, SCHEMAS, applied, mutilate, none, open, texts};

/// How often each manifest is damaged.
const ROUNDS: usize = 3;

/// What a fix may do beside mending its own complaint.
#[derive(Clone, Copy, PartialEq)]
enum Law {
    /// The fix to choose without asking brings no error.
    NoError,
    /// Nothing comes apart: what is behind the first mistake may only be seen now.
    Whole,
}

#[test]
fn fixes_of_broken_manifests_mend() {
    let mut wrong = Vec::new();
    for (name, text) in texts("broken-manifests") {
        try_all("a.yaml", &name, &text, Law::NoError, &mut wrong);
    }
    none(&wrong);
}

#[test]
fn fixes_of_broken_pipelines_mend() {
    let mut wrong = Vec::new();
    for (name, text) in texts("pipelines/broken") {
        try_all(".gitlab-ci.yml", &name, &text, Law::Whole, &mut wrong);
    }
    none(&wrong);
}

#[test]
fn fixes_of_damaged_manifests_keep_the_rest() {
    let mut wrong = Vec::new();
    let mut random = Random(3);
    for (name, text) in texts("manifests") {
        for _ in 0..ROUNDS {
            let mut text = text.clone();
            mutilate(&mut text, &mut random);
            try_all("a.yaml", &name, &text, Law::Whole, &mut wrong);
        }
    }
    none(&wrong);
}

fn try_all(path: &str, name: &str, text: &str, law: Law, wrong: &mut Vec<String>) {
    let analysis = open(path, text);
    let found = diagnostics(&analysis, FILE);
    let mut tried = Vec::new();
    for one in &found {
        for action in code_actions(&analysis, FILE, one.range) {
            let Some(edits) = action.edit.files.get(&FILE) else {
                continue;
            };
            let after = applied(text, edits);
            if tried.contains(&after) {
                continue;
            }
            let then = diagnostics(&open(path, &after), FILE);
            let problem = left(&action, &found, &then).or_else(|| match law {
                Law::NoError => brought(&found, &then).filter(|_| action.preferred),
                Law::Whole => apart(text, &after),
            });
            if let Some(problem) = problem {
                let lines = changed(text, &after);
                wrong.push(format!("{name}: `{}` {problem}\n{lines}", action.title));
            }
            tried.push(after);
        }
    }
}

/// A complaint that the action should have mended.
fn left(action: &CodeAction, before: &[Diagnostic], after: &[Diagnostic]) -> Option<String> {
    let said = |found: &[Diagnostic], message: &str| {
        let same = found.iter().filter(|it| it.message == message);
        same.count()
    };
    let mut mended = before
        .iter()
        .filter(|found| action.mends.contains(&(found.code, found.range)));
    let left = mended.find(|found| said(after, &found.message) >= said(before, &found.message))?;
    Some(format!("leaves [{}] {}", left.code, left.message))
}

/// An error that was not there before. What a fix leaves for a person to fill in is none.
fn brought(before: &[Diagnostic], after: &[Diagnostic]) -> Option<String> {
    let (before, after) = (errors(before), errors(after));
    let mut new = after
        .into_iter()
        .filter(|(error, _)| !error.ends_with("may not be empty"))
        .filter(|(error, count)| before.get(error).unwrap_or(&0) < count);
    new.next().map(|(error, _)| format!("brings {error}"))
}

fn errors(found: &[Diagnostic]) -> BTreeMap<String, usize> {
    let mut errors = BTreeMap::new();
    for found in found.iter().filter(|it| it.severity == Severity::Error) {
        let error = format!("[{}] {}", found.code, found.message);
        *errors.entry(error).or_default() += 1;
    }
    errors
}

/// A syntax error that was not there before.
fn apart(before: &str, after: &str) -> Option<String> {
    let (before, after) = (yaml_syntax::parse(before), yaml_syntax::parse(after));
    let more = after.errors().len() > before.errors().len();
    more.then(|| format!("breaks the text: {:?}", after.errors().first()))
}

#[test]
fn a_bare_object_of_any_kind_is_completed_by_its_fixes() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for kind in SCHEMAS.release(KubeRelease::NEWEST).kinds() {
        let api_version = kind.gvk().api_version();
        if kind.scope() == Scope::Subresource {
            continue;
        }
        tried += 1;
        let mut text = format!(
            "apiVersion: {api_version}\nkind: {}\nmetadata:\n  name: web\n",
            kind.kind()
        );
        for _ in 0..8 {
            let found = diagnostics(&open("a.yaml", &text), FILE);
            let fix = found
                .iter()
                .filter(|it| it.severity == Severity::Error)
                .find_map(|it| it.fixes.first());
            let Some(fix) = fix else { break };
            text = applied(&text, &fix.edits);
        }
        let left = errors(&diagnostics(&open("a.yaml", &text), FILE));
        if !left.is_empty() {
            wrong.push(format!("{left:?}\n{text}"));
        }
    }
    assert!(tried > 80, "{tried} kinds");
    none(&wrong);
}

fn changed(before: &str, after: &str) -> String {
    let before: Vec<&str> = before.lines().collect();
    let lines = after.lines().filter(|line| !before.contains(line));
    lines.take(8).collect::<Vec<_>>().join("\n")
}
