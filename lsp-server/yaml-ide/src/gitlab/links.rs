//! The names of a pipeline: where jobs and stages are defined and used, and files that it includes.

use yaml_syntax::{TextRange, TextSize};

use super::part::{Include, Name};
use super::pipeline;
use super::schema::Role as TextRole;
use crate::cache::Facts;
use crate::goto_definition::Target;
use crate::language::{self, Language};
use crate::links::{Names, Occurrence, Role, Symbol, read};
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

/// The open file that is included by the word at `offset`.
#[inline(never)]
pub(crate) fn included(analysis: &Analysis, file: FileId, offset: TextSize) -> Option<Target> {
    let (document, facts) = analysis
        .documents(file)
        .find(|(document, _)| document.range().touches(offset))?;
    let (part, moved) = pipeline::part(document, facts);
    let names = part.includes.iter().filter_map(|include| match include {
        Include::Local(name) | Include::Child(name) => Some(name),
        Include::Elsewhere => None,
    });
    let mut touched = names.filter(|name| moved.range(name.range).touches(offset));
    let name = touched.next()?;
    let meant = analysis.files().find(|other| {
        let is_pipeline = language::of_file(analysis, *other) == Language::GitlabCi;
        let path = analysis
            .path(*other)
            .filter(|_| is_pipeline && *other != file);
        path.is_some_and(|path| pipeline::is_meant(&name.text, path))
    })?;
    let start = TextRange::empty(TextSize::from(0));
    Some(Target {
        origin: moved.range(name.range),
        file: meant,
        range: start,
        selection: start,
    })
}
