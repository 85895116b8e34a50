//! Values: words, names of jobs and stages, and what is often written.

use yaml_syntax::PathSegment;
use yaml_syntax::order::sort_by_number;

use super::{Site, keys, matrix};
use crate::completion::{CompletionKind, Found};
use crate::gitlab::part::Include;
use crate::gitlab::schema::{Role, Schema};
use crate::gitlab::snippets;
use crate::language::{self, Language};
use crate::layout;

/// Whether something can be listed for a value.
pub(super) fn has_any(schema: &'static Schema) -> bool {
    !keys::is_free(schema)
        || schema
            .role()
            .is_some_and(|role| !matches!(role, Role::Plain | Role::Path | Role::Pattern))
}

/// Lists values, each with `lead` before it: a dash, for items.
pub(super) fn complete(site: &Site<'_>, lead: &str, found: &mut Found<'_>) {
    for word in site.schema.words() {
        let text = format!("{lead}{}", word.word);
        let item = found.push(word.word, CompletionKind::EnumMember, text);
        word.text.clone_into(&mut item.detail);
    }
    if site.schema.is_boolean() {
        for word in ["true", "false"] {
            found.push(word, CompletionKind::EnumMember, format!("{lead}{word}"));
        }
    }
    matrix::values(site, lead, found);
    match site.schema.role() {
        Some(Role::Stage) => stages(site, lead, found),
        Some(Role::Job) => jobs(site, lead, false, found),
        Some(Role::Template) => jobs(site, lead, true, found),
        Some(Role::File) => files(site, lead, found),
        Some(Role::Environment) => environments(site, lead, found),
        Some(Role::Image) => images(site, lead, found),
        Some(role) => {
            for text in snippets::texts(role) {
                // A condition in quotes would not be one.
                let insert = layout::plain_or_quoted(text);
                found.push(text, CompletionKind::Value, format!("{lead}{insert}"));
            }
        }
        None => {}
    }
}

/// Lists with one item, for the line of a keyword that takes a list.
pub(super) fn lists(site: &Site<'_>, found: &mut Found<'_>) {
    let Some(items) = site.schema.items() else {
        return;
    };
    let inner = Site {
        analysis: site.analysis,
        file: site.file,
        context: site.context,
        path: site.path.clone(),
        schema: items,
    };
    let mut single = Found {
        context: site.context,
        items: Vec::new(),
    };
    complete(&inner, "", &mut single);
    for item in single.items {
        let text = format!("[{}]", item.insert.trim_start());
        let known = found.items.iter().any(|other| other.label == item.label);
        if !known {
            found.push(&item.label, item.kind, text).detail = item.detail;
        }
    }
}

fn stages(site: &Site<'_>, lead: &str, found: &mut Found<'_>) {
    let pipeline = site.pipeline();
    // Within `stages` itself they are chosen freely.
    if site.job() == Some("stages") {
        return;
    }
    for stage in pipeline.stages() {
        let insert = layout::plain_or_quoted(stage);
        found.push(stage, CompletionKind::Reference, format!("{lead}{insert}"));
    }
    for (stage, when) in [(".pre", "before all others"), (".post", "after all others")] {
        let item = found.push(stage, CompletionKind::EnumMember, format!("{lead}{stage}"));
        when.clone_into(&mut item.detail);
    }
}

fn jobs(site: &Site<'_>, lead: &str, templates: bool, found: &mut Found<'_>) {
    let pipeline = site.pipeline();
    let own = site.job();
    let own_stage = own.and_then(|name| pipeline.stage_of(pipeline.job(name)?.job));
    let own_index = own_stage.and_then(|stage| pipeline.stage_index(stage));
    let mut jobs: Vec<_> = pipeline
        .jobs()
        .filter(|other| Some(other.job.name.text.as_str()) != own)
        .filter(|other| templates || !other.job.is_hidden())
        .collect();
    if templates {
        sort_by_number(&mut jobs, |other| u64::from(!other.job.is_hidden()));
    }
    for other in jobs {
        let stage = pipeline
            .stage_of(other.job)
            .filter(|_| !other.job.is_hidden());
        let index = stage.and_then(|stage| pipeline.stage_index(stage));
        // A job cannot wait for one of a later stage.
        let later = !templates && own_index.zip(index).is_some_and(|(own, other)| other > own);
        if later {
            continue;
        }
        let name = &other.job.name.text;
        let insert = format!("{lead}{}", layout::plain_or_quoted(name));
        let item = found.push(name, CompletionKind::Reference, insert);
        item.detail = match stage {
            Some(stage) => format!("job of stage {stage}"),
            None => "hidden job".to_owned(),
        };
    }
}

/// Pipeline files that are open, by their paths from the root of the repository.
fn files(site: &Site<'_>, lead: &str, found: &mut Found<'_>) {
    let own = site.analysis.path(site.file).unwrap_or_default();
    let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
    let pipeline = site.pipeline();
    let included = |path: &str| {
        pipeline.parts().any(|(_, _, part)| {
            let mut files = part.includes.iter();
            files.any(|file| matches!(file, Include::Local(name) if path.ends_with(&name.text)))
        })
    };
    for other in site.analysis.files().filter(|other| *other != site.file) {
        let Some(path) = site.analysis.path(other) else {
            continue;
        };
        let is_pipeline = language::of_file(site.analysis, other) == Language::GitlabCi;
        let local = path.strip_prefix(folder).unwrap_or(path);
        let local = local.trim_start_matches('/');
        if is_pipeline && !included(local) {
            found.push(local, CompletionKind::Reference, format!("{lead}/{local}"));
        }
    }
}

fn environments(site: &Site<'_>, lead: &str, found: &mut Found<'_>) {
    let pipeline = site.pipeline();
    let used = pipeline.jobs().filter_map(|found| {
        let environment = found.job.environment.as_ref()?;
        Some(environment.name.as_ref()?.text.as_str())
    });
    let mut names: Vec<&str> = used.collect();
    names.extend(["production", "staging", "review/$CI_COMMIT_REF_SLUG"]);
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
            found.push(name, CompletionKind::Value, format!("{lead}{name}"));
        }
    }
}

/// Images: those of this pipeline first.
fn images(site: &Site<'_>, lead: &str, found: &mut Found<'_>) {
    let pipeline = site.pipeline();
    let is_service = site
        .path
        .iter()
        .any(|part| matches!(part, PathSegment::Key(key) if key == "services"));
    let own = pipeline.parts().flat_map(|(_, _, part)| &part.images);
    let own = own.map(|name| (name.as_str(), "of this pipeline"));
    let known = snippets::images(is_service).iter();
    let known = known.map(|(name, what)| (*name, *what));
    let mut seen = Vec::new();
    for (name, what) in own.chain(known) {
        // What is typed right now is an image of the pipeline too.
        if name != site.context.typed && !seen.contains(&name) {
            seen.push(name);
            let insert = layout::plain_or_quoted(name);
            let item = found.push(name, CompletionKind::Value, format!("{lead}{insert}"));
            what.clone_into(&mut item.detail);
        }
    }
}
