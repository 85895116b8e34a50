//! What the files say together that include each other.

use std::collections::HashMap;

use yaml_syntax::TextRange;
use yaml_syntax::order::sort_by_number;

use super::part::{self, Include, Job, Part};
use crate::cache::{Anchored, Facts, Moved};
use crate::language::{self, Language};
use crate::{Analysis, FileId};

/// The stages of a pipeline that lists none.
const DEFAULT_STAGES: [&str; 3] = ["build", "test", "deploy"];

/// How many jobs `extends` is followed to: more is a mistake or an attack.
const MAX_LINE: usize = 64;

/// The pipeline that a file is part of.
#[derive(Debug)]
pub(crate) struct Pipeline<'a> {
    /// Its documents: the file, how far the document has moved, what it says.
    parts: Vec<(FileId, Moved, &'a Part)>,
    /// By name; several where files add to each other's jobs.
    jobs: HashMap<&'a str, Vec<Found<'a>>>,
    /// Whether all that belongs to it is open: what is not in it is nowhere.
    pub(crate) is_whole: bool,
}

/// A job, and the place of its document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) file: FileId,
    moved: Moved,
    pub(crate) job: &'a Job,
}

impl Found<'_> {
    /// A range of the job, in the text as it is now.
    pub(crate) fn range(&self, range: TextRange) -> TextRange {
        self.moved.range(range)
    }
}

/// What a document says, and how far it has moved since it was read.
pub(crate) fn part<'a>(document: yaml_syntax::Document<'a>, facts: &'a Facts) -> (&'a Part, Moved) {
    let start = document.range().start();
    let anchored = facts.part.get_or_init(|| Anchored {
        start,
        found: part::read(document),
    });
    (&anchored.found, Moved::between(anchored.start, start))
}

/// The files that belong to the same pipeline as `file`, it among them, in order; and whether those
/// are all.
#[inline(never)]
pub(crate) fn files(analysis: &Analysis, file: FileId) -> (Vec<FileId>, bool) {
    let others: Vec<FileId> = analysis
        .files()
        .filter(|other| language::of_file(analysis, *other) == Language::GitlabCi)
        .collect();
    let includes: Vec<(FileId, Vec<&Include>)> = others
        .iter()
        .map(|file| (*file, includes_of(analysis, *file)))
        .collect();
    let mut found = vec![file];
    let mut whole = is_start(analysis, file);
    let mut next = 0;
    while let Some(current) = found.get(next).copied() {
        next += 1;
        for (owner, files) in &includes {
            for include in files {
                let Include::Local(name) = include else {
                    whole &= *owner != current || matches!(include, Include::Child(_));
                    continue;
                };
                let meant = others.iter().copied().filter(|other| {
                    analysis
                        .path(*other)
                        .is_some_and(|path| is_meant(&name.text, path))
                });
                let meant: Vec<FileId> = meant.collect();
                if *owner == current {
                    whole &= !meant.is_empty();
                    found.extend(
                        meant
                            .iter()
                            .filter(|other| !found.contains(other))
                            .copied()
                            .collect::<Vec<_>>(),
                    );
                } else if meant.contains(&current) && !found.contains(owner) {
                    whole |= is_start(analysis, *owner);
                    found.push(*owner);
                }
            }
        }
    }
    sort_by_number(&mut found, |file| file.0.into());
    (found, whole)
}

/// Whether a pipeline starts with this file, by its name or by its stages.
fn is_start(analysis: &Analysis, file: FileId) -> bool {
    let path = analysis.path(file).unwrap_or_default();
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let lists_stages = || {
        let mut parts = analysis.documents(file);
        parts.any(|(document, facts)| part(document, facts).0.stages.is_some())
    };
    stem.ends_with(".gitlab-ci") || (!super::is_pipeline_path(path) && lists_stages())
}

fn includes_of(analysis: &Analysis, file: FileId) -> Vec<&Include> {
    let documents = analysis.documents(file);
    documents
        .flat_map(|(document, facts)| &part(document, facts).0.includes)
        .collect()
}

/// Whether `include: local` with this name means a file of this path.
pub(crate) fn is_meant(local: &str, path: &str) -> bool {
    let local = local.trim_start_matches('/');
    if !local.contains('*') {
        let rest = path.strip_suffix(local);
        return rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '\\']));
    }
    let starts = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
    let mut parts = starts.filter_map(|start| path.get(start..));
    parts.any(|part| fits(local.as_bytes(), part.as_bytes()))
}

/// Whether a pattern with `*` (within a folder) and `**` (across folders) fits a path.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*', b'/', rest @ ..] => {
            fits(rest, path)
                || (0..path.len()).any(|at| {
                    path.get(at) == Some(&b'/')
                        && fits(rest, path.get(at + 1..).unwrap_or_default())
                })
        }
        [b'*', b'*', rest @ ..] => {
            (0..=path.len()).any(|at| fits(rest, path.get(at..).unwrap_or_default()))
        }
        [b'*', rest @ ..] => {
            let end = path.iter().position(|byte| *byte == b'/');
            (0..=end.unwrap_or(path.len())).any(|at| fits(rest, path.get(at..).unwrap_or_default()))
        }
        [byte, rest @ ..] => {
            path.first() == Some(byte) && fits(rest, path.get(1..).unwrap_or_default())
        }
    }
}

impl<'a> Pipeline<'a> {
    /// The pipeline that `file` is part of.
    pub(crate) fn of(analysis: &'a Analysis, file: FileId) -> Self {
        let (files, is_whole) = files(analysis, file);
        let mut parts = Vec::new();
        let mut jobs: HashMap<&str, Vec<Found<'_>>> = HashMap::new();
        for file in files {
            for (document, facts) in analysis.documents(file) {
                let (part, moved) = part(document, facts);
                for job in &part.jobs {
                    let found = Found { file, moved, job };
                    jobs.entry(job.name.text.as_str()).or_default().push(found);
                }
                parts.push((file, moved, part));
            }
        }
        Self {
            parts,
            jobs,
            is_whole,
        }
    }

    /// Its documents: the file, how far the document has moved, what it says.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (FileId, Moved, &'a Part)> {
        self.parts.iter().copied()
    }

    /// All jobs, in the order in which they stand.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = Found<'a>> {
        self.parts.iter().flat_map(|(file, moved, part)| {
            part.jobs.iter().map(|job| Found {
                file: *file,
                moved: *moved,
                job,
            })
        })
    }

    /// The job of this name; of several the last, which is the one that counts.
    pub(crate) fn job(&self, name: &str) -> Option<Found<'a>> {
        self.named(name).last().copied()
    }

    /// All jobs of this name: GitLab merges those of several files.
    pub(crate) fn named(&self, name: &str) -> &[Found<'a>] {
        self.jobs.get(name).map_or(&[], Vec::as_slice)
    }

    /// The stages in their order, without `.pre` and `.post`; those of GitLab if none are listed.
    pub(crate) fn stages(&self) -> Vec<&'a str> {
        let listed: Vec<&str> = self
            .parts
            .iter()
            .filter_map(|(_, _, part)| part.stages.as_ref())
            .flatten()
            .map(|name| name.text.as_str())
            .collect();
        if listed.is_empty() {
            DEFAULT_STAGES.to_vec()
        } else {
            listed
        }
    }

    /// The place of a stage in the order of all.
    pub(crate) fn stage_index(&self, stage: &str) -> Option<usize> {
        match stage {
            ".pre" => Some(0),
            ".post" => Some(usize::MAX),
            _ => {
                let stages = self.stages();
                stages.iter().position(|one| *one == stage).map(|at| at + 1)
            }
        }
    }

    /// A job, what other files say of it, and what it extends, nearest first: the keyword of the
    /// first that has it counts. `None` where something is extended that is not known.
    pub(crate) fn line(&self, job: &'a Job) -> Option<Vec<&'a Job>> {
        let mut line: Vec<&Job> = vec![job];
        let mut next = 0;
        while let Some(current) = line.get(next).copied() {
            next += 1;
            let namesakes = self.named(&current.name.text).iter().rev();
            let mut more: Vec<&Job> = namesakes.map(|found| found.job).collect();
            // The last name wins.
            for name in current.extends.iter().rev() {
                more.push(self.job(&name.text)?.job);
            }
            for other in more {
                let again = line.iter().any(|one| std::ptr::eq(*one, other));
                if !again && line.len() < MAX_LINE {
                    line.push(other);
                }
            }
        }
        Some(line)
    }

    /// The stage of a job; `None` where it cannot be known.
    pub(crate) fn stage_of(&self, job: &'a Job) -> Option<&'a str> {
        let line = self.line(job)?;
        let with = line.iter().find(|job| job.has("stage"));
        match with {
            Some(job) => job.stage.as_ref().map(|name| name.text.as_str()),
            None => Some("test"),
        }
    }
}
