//! The names of a pipeline: where jobs and stages are defined and used, and files that it includes.

use super::part::{Include, Name};
use super::pipeline;
use super::schema::Role as TextRole;
use crate::cache::Facts;
use crate::language::{self, Language};
use crate::links::{Names, Occurrence, Role, Symbol, read};
use crate::named_files::NamedFile;
use crate::{Analysis, FileId, layout};

/// Reads the names of a document, which is one part: pipelines have no lists of objects.
#[inline(never)]
pub(crate) fn names(whole: &crate::part::Part<'_>, facts: &Facts) -> Names {
    let mut names = Names::default();
    let (part, moved) = pipeline::part(whole.document(), facts);
    let mut add = |symbol: Symbol, name: &Name, role: Role| {
        names.occurrences.push(Occurrence {
            symbol,
            range: moved.range(name.range),
            role,
        });
    };
    for job in &part.jobs {
        let symbol = job_symbol(&job.name);
        add(symbol, &job.name, Role::Definition(moved.range(job.whole)));
    }
    let stages = part.stages.as_deref().unwrap_or_default();
    for stage in stages {
        let role = Role::Definition(moved.range(stage.range));
        add(stage_symbol(stage), stage, role);
    }
    for (role, name) in &part.uses {
        let symbol = match role {
            TextRole::Stage if stages.contains(name) => continue,
            TextRole::Stage => stage_symbol(name),
            _ => job_symbol(name),
        };
        add(symbol, name, Role::Use);
    }
    if let Some(root) = whole.root() {
        read::anchors(whole, root, &mut names, 0);
    }
    names
}

fn job_symbol(name: &Name) -> Symbol {
    Symbol::Job {
        name: name.text.clone(),
    }
}

fn stage_symbol(name: &Name) -> Symbol {
    Symbol::Stage {
        name: name.text.clone(),
    }
}

/// Why a job cannot be called `to`; `None` where it can.
#[inline(never)]
pub(crate) fn refused_job(from: &str, to: &str) -> Option<String> {
    if to.trim().is_empty() || to.chars().count() > 255 {
        return Some("the name of a job has from 1 to 255 characters".to_owned());
    }
    if !super::part::is_job(to) || matches!(to, "true" | "false" | "nil") {
        return Some(format!("`{to}` is a word of its own to GitLab"));
    }
    if layout::plain_or_quoted(to) != to {
        return Some(format!("`{to}` would need quotes at some places"));
    }
    let hides = to.starts_with('.') && !from.starts_with('.');
    hides.then(|| format!("a job called `{to}` would be hidden, and never run"))
}

/// The words of a pipeline that name files to include, and these files.
#[inline(never)]
pub(crate) fn included(analysis: &Analysis, file: FileId) -> Vec<NamedFile> {
    let others: Vec<(FileId, &str)> = analysis
        .files()
        .filter(|other| *other != file)
        .filter(|other| language::of_file(analysis, *other) == Language::GitlabCi)
        .filter_map(|other| Some((other, analysis.path(other)?)))
        .collect();
    let mut found = Vec::new();
    for (document, facts) in analysis.documents(file) {
        let (part, moved) = pipeline::part(document, facts);
        for include in &part.includes {
            let (Include::Local(name) | Include::Child(name)) = include else {
                continue;
            };
            let meant = others
                .iter()
                .filter(|(_, path)| pipeline::is_meant(&name.text, path));
            found.extend(meant.map(|(file, _)| NamedFile {
                range: moved.range(name.range),
                file: *file,
            }));
        }
    }
    found
}
