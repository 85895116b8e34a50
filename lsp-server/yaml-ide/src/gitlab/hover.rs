//! What is known about the word under the cursor of a pipeline.

use yaml_syntax::{Node, PathSegment, TextRange, TextSize};

use super::part::Job;
use super::pipeline::{Found, Pipeline};
use super::schema::{Field, Role, Schema};
use super::{at, variables};
use crate::hover::Hover;
use crate::place::{Part, Place};
use crate::{Analysis, FileId};

/// How many names are listed.
const MAX_LISTED: usize = 8;

/// What is known about a keyword, a word, a job or a stage.
#[inline(never)]
pub(crate) fn described(analysis: &Analysis, file: FileId, place: &Place<'_>) -> Option<String> {
    let parts = match place.part {
        Part::Key(_) => vec![job_at(analysis, file, place), keyword(&place.path)],
        Part::Value(node) => {
            let text = node.as_scalar()?.text().into_owned();
            vec![
                named(analysis, file, &text, &place.path),
                word(&place.path, &text),
                keyword(&place.path),
            ]
        }
        Part::Between => Vec::new(),
    };
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// The documentation of a keyword, by its path: names with `/` between them, `[]` for items.
#[inline(never)]
pub(crate) fn documentation(key: &str) -> Option<String> {
    if let Some(name) = key.strip_prefix('$') {
        return variable_text(name);
    }
    let path: Vec<PathSegment> = key
        .split('/')
        .map(|segment| match segment {
            "[]" => PathSegment::Index(0),
            name => PathSegment::Key(name.to_owned()),
        })
        .collect();
    keyword(&path)
}

/// The key under which [`documentation`] finds a field of what is at `path`.
pub(crate) fn documentation_key(path: &[PathSegment], field: &str) -> String {
    let mut key = super::DOCUMENTATION.to_owned();
    for segment in path {
        match segment {
            PathSegment::Key(name) => key.push_str(&name.replace('/', "-")),
            PathSegment::Index(_) => key.push_str("[]"),
        }
        key.push('/');
    }
    key + field
}

/// The keyword that `path` leads to, or the nearest around it.
fn keyword(path: &[PathSegment]) -> Option<String> {
    let mut path = path;
    loop {
        let (last, outer) = path.split_last()?;
        if let PathSegment::Key(name) = last
            && let Some(map) = at(outer).and_then(Schema::map)
        {
            if let Some(field) = map.field(name) {
                return Some(field_text(field, path));
            }
            // A job: nothing around it says more.
            if outer.is_empty() {
                return None;
            }
        }
        path = outer;
    }
}

fn field_text(field: &Field, path: &[PathSegment]) -> String {
    let mut head = format!("**{}** `{}`", field.name, field.schema.name());
    if field.required {
        head.push_str(" · required");
    }
    if field.instead.is_some() {
        head.push_str(" · deprecated");
    }
    let mut parts = vec![head];
    if let Some(instead) = field.instead.filter(|instead| !instead.is_empty()) {
        parts.push(format!("Write `{instead}` instead."));
    }
    let mut facts = Vec::new();
    if !field.default.is_empty() {
        facts.push(format!("Default: `{}`", field.default));
    }
    let words: Vec<String> = field
        .schema
        .words()
        .map(|word| format!("`{}`", word.word))
        .collect();
    if !words.is_empty() {
        facts.push(format!("One of {}", words.join(", ")));
    }
    if !facts.is_empty() {
        parts.push(facts.join("  \n"));
    }
    parts.push(field.text.to_owned());
    parts.push(format!("[Reference]({})", field.url()));
    parts.push(format!("`{}`", path_text(path)));
    parts.join("\n\n")
}

/// `rules[].if`, from the job on.
fn path_text(path: &[PathSegment]) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            PathSegment::Key(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            PathSegment::Index(_) => text.push_str("[]"),
        }
    }
    text
}

/// What a word of a closed list means.
fn word(path: &[PathSegment], text: &str) -> Option<String> {
    let word = at(path)?.words().find(|word| word.word == text)?;
    (!word.text.is_empty()).then(|| format!("`{text}`: {}", word.text))
}

/// The job whose name is the key under the cursor.
fn job_at(analysis: &Analysis, file: FileId, place: &Place<'_>) -> Option<String> {
    let [PathSegment::Key(name)] = place.path.as_slice() else {
        return None;
    };
    let pipeline = Pipeline::of(analysis, file);
    let found = pipeline.job(name)?;
    Some(job_text(&pipeline, found.job))
}

/// The job or stage that a value names.
fn named(analysis: &Analysis, file: FileId, text: &str, path: &[PathSegment]) -> Option<String> {
    let pipeline = || Pipeline::of(analysis, file);
    match at(path)?.role()? {
        Role::Job | Role::Template => {
            let pipeline = pipeline();
            let found = pipeline.job(text)?;
            let place = place_text(analysis, found)?;
            Some(format!("{}\n\n{place}", job_text(&pipeline, found.job)))
        }
        Role::Stage => stage_text(&pipeline(), text),
        _ => None,
    }
}

fn place_text(analysis: &Analysis, found: Found<'_>) -> Option<String> {
    let path = analysis.path(found.file)?;
    let start = found.range(found.job.name.range).start();
    let line = analysis.source(found.file)?.line_col(start).line + 1;
    Some(format!("Defined in {path}, line {line}"))
}

/// A job in a few lines: its stage, what it extends, what it waits for.
pub(crate) fn job_text(pipeline: &Pipeline<'_>, job: &Job) -> String {
    let what = if job.is_hidden() { "hidden job" } else { "job" };
    let mut lines = vec![format!("**{}** {what}", job.name.text)];
    let mut facts = Vec::new();
    if !job.is_hidden() {
        facts.extend(pipeline_stage(pipeline, job));
    }
    let list = |names: &[&str]| -> String {
        let listed: Vec<String> = names
            .iter()
            .take(MAX_LISTED)
            .map(|name| format!("`{name}`"))
            .collect();
        let more = if names.len() > MAX_LISTED {
            ", …"
        } else {
            ""
        };
        format!("{}{more}", listed.join(", "))
    };
    let extends: Vec<&str> = job.extends.iter().map(|name| name.text.as_str()).collect();
    if !extends.is_empty() {
        facts.push(format!("Extends: {}", list(&extends)));
    }
    let needs: Option<Vec<&str>> = job
        .needs
        .as_ref()
        .map(|needs| needs.iter().map(|need| need.name.text.as_str()).collect());
    match needs.as_deref() {
        Some([]) => facts.push("Needs nothing: starts at once".to_owned()),
        Some(needs) => facts.push(format!("Needs: {}", list(needs))),
        None => {}
    }
    if let Some(name) = job.environment.as_ref().and_then(|one| one.name.as_ref()) {
        facts.push(format!("Environment: `{}`", name.text));
    }
    let name = job.name.text.as_str();
    let users: Vec<&str> = pipeline
        .jobs()
        .filter(|other| other.job.extends.iter().any(|parent| parent.text == name))
        .map(|other| other.job.name.text.as_str())
        .collect();
    if !users.is_empty() {
        facts.push(format!("Extended by: {}", list(&users)));
    }
    if !facts.is_empty() {
        lines.push(facts.join("  \n"));
    }
    lines.join("\n\n")
}

fn pipeline_stage(pipeline: &Pipeline<'_>, job: &Job) -> Option<String> {
    let found = pipeline.job(&job.name.text)?;
    let stage = pipeline.stage_of(found.job)?;
    Some(format!("Stage: `{stage}`"))
}

fn stage_text(pipeline: &Pipeline<'_>, stage: &str) -> Option<String> {
    pipeline.stage_index(stage)?;
    let jobs: Vec<String> = pipeline
        .jobs()
        .filter(|found| !found.job.is_hidden() && pipeline.stage_of(found.job) == Some(stage))
        .map(|found| format!("`{}`", found.job.name.text))
        .collect();
    let jobs = match jobs.as_slice() {
        [] => "no jobs".to_owned(),
        jobs => format!("jobs {}", jobs.join(", ")),
    };
    Some(format!("**{stage}** stage: {jobs}"))
}

/// What is known about the variable under the cursor.
#[inline(never)]
pub(crate) fn variable(
    analysis: &Analysis,
    file: FileId,
    node: Node<'_>,
    offset: TextSize,
) -> Option<Hover> {
    let scalar = node.as_scalar()?;
    let raw = scalar.raw();
    let start = scalar.range().start();
    let at = usize::from(offset).checked_sub(usize::from(start))?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let before = raw.get(..at)?;
    let begin = before.trim_end_matches(is_word).len();
    let rest = raw.get(begin..)?;
    let end = begin + rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let name = raw.get(begin..end)?;
    let opener = raw.get(..begin)?;
    let is_variable = opener.ends_with('$') || opener.ends_with("${");
    let is_key = begin == 0 && end == raw.len() && variables::find(name).is_some();
    if name.is_empty() || !(is_variable || is_key) {
        return None;
    }
    let markdown = variable_text(name).or_else(|| own_variable(analysis, file, name))?;
    let offset = |at: usize| start + TextSize::from(at as u32);
    Some(Hover {
        range: TextRange::new(offset(begin), offset(end)),
        markdown,
    })
}

fn variable_text(name: &str) -> Option<String> {
    let (text, docs) = variables::find(name)?;
    let who = if docs == variables::PREDEFINED_DOCS {
        "set by GitLab"
    } else {
        "read by the runner"
    };
    let mut parts = vec![format!("**{name}** variable, {who}"), text.to_owned()];
    parts.push(format!("[Reference]({docs})"));
    Some(parts.join("\n\n"))
}

/// A variable that the pipeline itself defines for all jobs.
fn own_variable(analysis: &Analysis, file: FileId, name: &str) -> Option<String> {
    let pipeline = Pipeline::of(analysis, file);
    let mut parts = pipeline.parts();
    let (owner, moved, found) = parts.find_map(|(owner, moved, part)| {
        let found = part.variables.iter().find(|one| one.text == name)?;
        Some((owner, moved, found))
    })?;
    let source = analysis.source(owner)?;
    let line = source.line_col(moved.range(found.range).start()).line;
    let text = source.slice(source.line_range(line));
    let value = text.split_once(':').map(|(_, value)| value.trim());
    let value = value.filter(|value| !value.is_empty() && !value.starts_with(['&', '|', '>']));
    let shown = value
        .map(|value| format!("\n\n`{value}`"))
        .unwrap_or_default();
    let path = analysis.path(owner)?;
    Some(format!(
        "**{name}** variable of all jobs{shown}\n\nDefined in {path}, line {}",
        line + 1
    ))
}
