//! How complaints may be mended.

mod create;

use std::collections::BTreeMap;

use yaml_syntax::{TextRange, TextSize};

use crate::diagnostics::{self, Diagnostic};
use crate::rename::{TextEdit, WorkspaceEdit};
use crate::{Analysis, FileId};

/// A change of the same file that mends a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: ``Rename to `replicas` ``.
    pub title: String,
    /// The changes, disjoint and sorted.
    pub edits: Vec<TextEdit>,
    /// What the only change inserts, with tab stops as in completion; where there is something to
    /// fill in.
    pub snippet: Option<String>,
}

/// Something offered at a range of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeAction {
    /// What it does, as an order.
    pub title: String,
    /// What sort of offer it is.
    pub kind: CodeActionKind,
    /// What it changes.
    pub edit: WorkspaceEdit,
    /// What its only change inserts, with tab stops, where there is something to fill in.
    pub snippet: Option<String>,
    /// Code and range of the complaints that it mends.
    pub mends: Vec<(&'static str, TextRange)>,
    /// Whether it is the one to choose without asking.
    pub preferred: bool,
}

/// What sort of offer a [`CodeAction`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeActionKind {
    /// It mends a complaint.
    QuickFix,
    /// It says the same in another way.
    Rewrite,
    /// It mends all complaints of a kind in the file.
    FixAll,
}

/// So many complaints at a range get offers of their own: of more nobody reads the list.
const MAX_NEAR: usize = 100;

/// What is offered at `range`.
pub fn code_actions(analysis: &Analysis, file: FileId, range: TextRange) -> Vec<CodeAction> {
    let all = diagnostics::all(analysis, file);
    let near = all
        .iter()
        .filter(|found| found.range.touches(range.start()) || range.touches(found.range.start()));
    let mut actions = Vec::new();
    for found in near.clone().take(MAX_NEAR) {
        actions.extend(quick_fixes(file, found));
    }
    let mut codes = Vec::new();
    for found in near {
        if !codes.contains(&found.code) {
            codes.push(found.code);
            actions.extend(fix_all(file, all, found.code));
        }
    }
    actions.extend(create::at(analysis, file, range.start()));
    actions
}

fn quick_fixes(file: FileId, found: &Diagnostic) -> impl Iterator<Item = CodeAction> + '_ {
    found
        .fixes
        .iter()
        .enumerate()
        .map(move |(index, fix)| CodeAction {
            title: fix.title.clone(),
            kind: CodeActionKind::QuickFix,
            edit: one_file(file, fix.edits.clone()),
            snippet: fix.snippet.clone(),
            mends: vec![(found.code, found.range)],
            preferred: index == 0,
        })
}

/// The first fix of every complaint with this code; nothing where there is only one.
fn fix_all(file: FileId, all: &[Diagnostic], code: &'static str) -> Option<CodeAction> {
    let alike = all
        .iter()
        .filter(|found| found.code == code && !found.fixes.is_empty());
    // By where they start. No two touch, so that only neighbours need be looked at.
    let mut edits: BTreeMap<TextSize, &TextEdit> = BTreeMap::new();
    let mut mends = Vec::new();
    for found in alike {
        let fix = found.fixes.first()?;
        if fix.edits.iter().all(|edit| is_free(&edits, edit.range)) {
            edits.extend(fix.edits.iter().map(|edit| (edit.range.start(), edit)));
            mends.push((code, found.range));
        }
    }
    if mends.len() < 2 {
        return None;
    }
    let edits = edits.into_values().cloned().collect();
    Some(CodeAction {
        title: format!("Fix all {} of `{code}`", mends.len()),
        kind: CodeActionKind::FixAll,
        edit: one_file(file, edits),
        snippet: None,
        mends,
        preferred: false,
    })
}

/// Whether no edit touches a range.
fn is_free(edits: &BTreeMap<TextSize, &TextEdit>, range: TextRange) -> bool {
    let mut before = edits.range(..=range.end());
    before
        .next_back()
        .is_none_or(|(_, edit)| edit.range.end() < range.start())
}

fn one_file(file: FileId, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit {
        files: BTreeMap::from([(file, edits)]),
    }
}

#[cfg(test)]
mod tests;
