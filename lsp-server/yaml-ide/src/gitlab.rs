//! The language of `.gitlab-ci.yml`.
//!
//! Its keywords come from [`schema`], which `build.rs` makes of Rust types. A [`part`] is what one
//! document says of a pipeline; a [`pipeline`] is what the files say together that include each
//! other. The features are those of Kubernetes, asked by the same functions: each of them hands over
//! to a module of this one where the file is a pipeline.
//!
//! What is called from elsewhere is never inlined: a browser loads it, and the texts that only it
//! refers to, when the first pipeline is opened (`xtask/src/build_web/split/later.rs`).

pub(crate) mod completion;
mod duration;
mod expression;
pub(crate) mod faults;
pub(crate) mod hover;
pub(crate) mod judge;
pub(crate) mod links;
pub(crate) mod part;
pub(crate) mod pipeline;
mod scalar;
pub(crate) mod schema;
mod snippets;
pub(crate) mod symbols;
mod variables;

use yaml_syntax::{Mapping, Node, Parse, PathSegment};

use schema::Schema;

/// What the keys of our documentation begin with.
pub(crate) const DOCUMENTATION: &str = "gitlab:";

/// How many entries of a file are looked at to know what it is.
const ENOUGH: usize = 64;

/// Whether a file of this path is a pipeline.
pub(crate) fn is_pipeline_path(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let Some(stem) = path
        .strip_suffix(".yml")
        .or_else(|| path.strip_suffix(".yaml"))
    else {
        return false;
    };
    let parts: Vec<&str> = stem.split(['/', '\\']).collect();
    let in_folder = parts.windows(2).any(|two| two == [".gitlab", "ci"])
        || parts.iter().rev().skip(1).any(|part| *part == ".gitlab-ci");
    stem.ends_with(".gitlab-ci") || in_folder
}

/// Whether what stands in a file can only be a pipeline.
pub(crate) fn is_pipeline(parse: &Parse) -> bool {
    parse.documents().take(2).any(|document| {
        let root = document.root().and_then(Node::as_mapping);
        root.is_some_and(is_pipeline_root)
    })
}

fn is_pipeline_root(root: Mapping<'_>) -> bool {
    let mut jobs = false;
    let mut stages = false;
    for entry in root.entries().take(ENOUGH) {
        let key = entry.key_text().unwrap_or_default();
        match (key.as_ref(), entry.value()) {
            ("apiVersion" | "kind", _) => return false,
            ("stages", Some(Node::Sequence(_))) => stages = true,
            ("spec", Some(Node::Mapping(spec))) if spec.entry("inputs").is_some() => return true,
            ("workflow", Some(Node::Mapping(workflow))) => {
                let rules = workflow.get("rules").and_then(Node::as_sequence);
                jobs |= rules.is_some_and(|rules| rules.items().next().is_some());
            }
            ("include", Some(Node::Sequence(files))) => {
                let mut files = files.items().filter_map(yaml_syntax::Item::node);
                jobs |= files.any(|file| file.as_mapping().is_some_and(is_include));
            }
            (_, Some(Node::Mapping(job))) => jobs |= is_job(job, stages),
            _ => {}
        }
    }
    jobs
}

fn is_include(file: Mapping<'_>) -> bool {
    let has = |key| file.entry(key).is_some();
    ["local", "remote", "template", "component"]
        .iter()
        .any(|key| has(key))
        || (has("project") && has("file"))
}

fn is_job(job: Mapping<'_>, stages: bool) -> bool {
    const SIGNS: [&str; 12] = [
        "stage",
        "rules",
        "needs",
        "only",
        "extends",
        "tags",
        "image",
        "artifacts",
        "before_script",
        "services",
        "cache",
        "environment",
    ];
    let has = |key: &str| job.entry(key).is_some();
    let script = matches!(job.get("script"), Some(Node::Scalar(_) | Node::Sequence(_)));
    let starts = script || has("trigger");
    starts && (stages || SIGNS.iter().any(|sign| has(sign)))
}

/// What may stand at the end of `path`, from the root of a document.
pub(crate) fn at(path: &[PathSegment]) -> Option<&'static Schema> {
    path.iter()
        .try_fold(&schema::PIPELINE, |schema, segment| match segment {
            PathSegment::Key(key) => schema.map()?.value(key),
            PathSegment::Index(_) => schema.items(),
        })
}

/// Whether GitLab fills something into a text before it reads it.
pub(crate) fn is_filled_in(text: &str) -> bool {
    text.contains("$[[")
}

#[cfg(test)]
mod tests;
