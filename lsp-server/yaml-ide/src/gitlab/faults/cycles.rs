//! Jobs that wait for each other, or extend each other, in a circle.

use std::collections::{HashMap, HashSet};

use crate::FileId;
use crate::diagnostics::{Diagnostic, Severity};
use crate::gitlab::part::{Job, Name};
use crate::gitlab::pipeline::{Found, Pipeline};
use crate::gitlab::schema::DOCS;

/// How many jobs GitLab follows `extends` to, one after the other.
pub(super) const MAX_LEVELS: usize = 10;

/// What comes of following `extends`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Heritage {
    /// It ends.
    Ends,
    /// It leads back to the job.
    Circle,
    /// It goes on for longer than GitLab follows it.
    TooDeep,
}

/// Where `parent`, which `job` extends, leads in the end.
pub(super) fn extends(pipeline: &Pipeline<'_>, job: &Job, parent: &Name) -> Heritage {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut level = vec![parent.text.as_str()];
    for _ in 0..MAX_LEVELS {
        if level.contains(&job.name.text.as_str()) {
            return Heritage::Circle;
        }
        seen.extend(&level);
        let jobs = level.iter().filter_map(|name| pipeline.job(name));
        let parents = jobs.flat_map(|found| found.job.extends.iter());
        let next: HashSet<&str> = parents.map(|name| name.text.as_str()).collect();
        level = next.into_iter().collect();
    }
    let goes_on = level.iter().any(|name| pipeline.job(name).is_some());
    // Fewer jobs than levels: a circle of others, which is told at them.
    if goes_on && seen.len() >= MAX_LEVELS {
        Heritage::TooDeep
    } else {
        Heritage::Ends
    }
}

/// Adds a complaint for each circle of `needs` that begins in `file`.
///
/// One that leads through several stages has a job that waits for a later stage: that is told there.
pub(super) fn needs(pipeline: &Pipeline<'_>, file: FileId, all: &mut Vec<Diagnostic>) {
    let jobs: Vec<Found<'_>> = pipeline
        .jobs()
        .filter(|found| !found.job.is_hidden())
        .collect();
    let mut left = in_circles(&jobs);
    for found in jobs {
        let name = found.job.name.text.as_str();
        if !left.contains(name) {
            continue;
        }
        let Some(circle) = circle(pipeline, name, &left) else {
            continue;
        };
        let stage = |name: &&str| {
            pipeline
                .job(name)
                .and_then(|found| pipeline.stage_of(found.job))
        };
        let first = circle.first().and_then(stage);
        let same = circle.iter().all(|name| stage(name) == first);
        for name in &circle {
            left.remove(name);
        }
        let next = circle.get(1).copied().unwrap_or(name);
        let need = found
            .job
            .needs
            .iter()
            .flatten()
            .find(|need| need.name.text == next);
        let (Some(need), true, true) = (need, same, found.file == file) else {
            continue;
        };
        let mut way: Vec<String> = circle.iter().map(|name| format!("`{name}`")).collect();
        way.push(format!("`{name}`"));
        all.push(Diagnostic {
            range: found.range(need.name.range),
            severity: Severity::Error,
            code: "circular-needs",
            message: format!("these jobs wait for each other: {}", way.join(" → ")),
            docs: Some(format!("{DOCS}yaml/#needs")),
            related: Vec::new(),
            tags: Vec::new(),
            fixes: Vec::new(),
        });
    }
}

/// The jobs that are left once all are taken away that wait for none that is left, or for which
/// none that is left waits: those of circles, and those between circles.
fn in_circles<'a>(jobs: &[Found<'a>]) -> HashSet<&'a str> {
    let mut edges: Vec<(&str, &str)> = Vec::new();
    for found in jobs {
        let name = found.job.name.text.as_str();
        let needs = found.job.needs.iter().flatten();
        let others = needs.map(|need| need.name.text.as_str());
        // One that waits for itself is told apart.
        edges.extend(
            others
                .filter(|other| *other != name)
                .map(|other| (name, other)),
        );
    }
    let mut left: HashSet<&str> = jobs
        .iter()
        .map(|found| found.job.name.text.as_str())
        .collect();
    for reverse in [false, true] {
        let mut count: HashMap<&str, usize> = HashMap::new();
        let mut back: HashMap<&str, Vec<&str>> = HashMap::new();
        for (from, to) in &edges {
            let (from, to) = if reverse { (to, from) } else { (from, to) };
            if left.contains(from) && left.contains(to) {
                *count.entry(from).or_default() += 1;
                back.entry(to).or_default().push(from);
            }
        }
        let free = |name: &&str| !count.contains_key(name);
        let mut waiting: Vec<&str> = left.iter().copied().filter(|name| free(name)).collect();
        while let Some(name) = waiting.pop() {
            left.remove(name);
            for other in back.get(name).into_iter().flatten() {
                let Some(count) = count.get_mut(other) else {
                    continue;
                };
                *count -= 1;
                if *count == 0 {
                    waiting.push(other);
                }
            }
        }
    }
    left
}

/// The way from a job through `left` back to it.
fn circle<'a>(
    pipeline: &Pipeline<'a>,
    start: &'a str,
    left: &HashSet<&'a str>,
) -> Option<Vec<&'a str>> {
    let mut way = vec![start];
    let mut seen: HashSet<&str> = HashSet::from([start]);
    while let Some(name) = way.last().copied() {
        let job = pipeline.job(name)?.job;
        let needs = || {
            job.needs
                .iter()
                .flatten()
                .map(|need| need.name.text.as_str())
        };
        if needs().any(|next| next == start) {
            return Some(way);
        }
        match needs().find(|next| left.contains(next) && !seen.contains(next)) {
            Some(next) => {
                seen.insert(next);
                way.push(next);
            }
            None => {
                way.pop();
            }
        }
    }
    None
}
