//! What is wrong between the jobs of a pipeline, over all its files.
//!
//! Where a file may be included that is not open, what it could define is not missed.

mod copies;
mod cycles;

use yaml_syntax::{Document, TextRange};

use super::judge::{interpolation, keywords, values};
use super::part::{Job, Name, Part};
use super::pipeline::{self, Pipeline};
use super::schema::{self, DOCS};
use crate::cache::Moved;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::report::Report;
use crate::{Analysis, FileId, fuzzy};
use cycles::{Heritage, MAX_LEVELS};

/// How many missing jobs of a document are compared with all that there are.
const MAX_GUESSES: usize = 20;

/// More stages are not compared with each other.
const MAX_STAGES: usize = 500;

/// All of them that stand in `file`.
#[inline(never)]
pub(crate) fn diagnostics(analysis: &Analysis, file: FileId) -> Vec<Diagnostic> {
    let pipeline = Pipeline::of(analysis, file);
    let mut all = Vec::new();
    let mut header: Option<&Part> = None;
    for (document, facts) in analysis.documents(file) {
        let (part, moved) = pipeline::part(document, facts);
        let whole = crate::part::whole(document);
        let mut judge = Judge {
            pipeline: &pipeline,
            part,
            moved,
            report: Report::new(analysis, file, &whole),
            guesses: MAX_GUESSES,
        };
        judge.part(document, header);
        all.append(&mut judge.report.take());
        header = Some(part).filter(|part| part.is_header);
    }
    cycles::needs(&pipeline, file, &mut all);
    all.dedup_by(|a, b| a.range == b.range && a.code == b.code);
    all
}

struct Judge<'a> {
    pipeline: &'a Pipeline<'a>,
    part: &'a Part,
    moved: Moved,
    report: Report<'a>,
    /// How many more times the nearest of all jobs is looked for.
    guesses: usize,
}

impl Judge<'_> {
    /// `header` is what stands before the document, if it is one.
    fn part(&mut self, document: Document<'_>, header: Option<&Part>) {
        match header {
            Some(header) => {
                let inputs = header.inputs.as_deref();
                interpolation::uses(&mut self.report, document.range(), inputs);
            }
            None => interpolation::without_header(&mut self.report, document.range()),
        }
        self.stages();
        for job in &self.part.jobs {
            self.stage(job);
            self.extends(job);
            self.waits_for(job);
            self.on_stop(job);
            self.does_something(job);
        }
        for (job, keyword) in &self.part.references {
            self.reference(job, keyword.as_ref());
        }
    }

    /// A stage that stands twice stays at its first place.
    fn stages(&mut self) {
        let stages = self.part.stages.as_deref().unwrap_or_default();
        for (index, stage) in stages.iter().enumerate().take(MAX_STAGES) {
            let before = stages.get(..index).unwrap_or_default();
            let Some(first) = before.iter().find(|other| other.text == stage.text) else {
                continue;
            };
            let first = self.moved.range(first.range);
            let file = self.report.file();
            let message = format!(
                "the stage `{}` stands twice; the first place counts",
                stage.text
            );
            self.report
                .warning(self.moved.range(stage.range), "duplicate-stage", message)
                .docs(format!("{DOCS}yaml/#stages"))
                .related(file, first, "it stands here first");
        }
    }

    fn stage(&mut self, job: &Job) {
        if job.is_hidden() || !self.pipeline.is_whole {
            return;
        }
        let Some(line) = self.pipeline.line(job) else {
            return;
        };
        let Some(owner) = line.into_iter().find(|one| one.has("stage")) else {
            return;
        };
        let Some(stage) = &owner.stage else {
            return;
        };
        if self.pipeline.stage_index(&stage.text).is_some() {
            return;
        }
        // One that is written in another file is complained of there.
        let is_here = self.part.jobs.iter().any(|one| std::ptr::eq(one, owner));
        let range = match job.extends.first() {
            _ if is_here => stage.range,
            Some(parent) => parent.range,
            None => job.name.range,
        };
        let stages = self.pipeline.stages();
        let near = fuzzy::nearest(&stage.text, stages.iter().copied());
        let mut message = format!("there is no stage `{}`", stage.text);
        message = match near {
            Some(near) => format!("{message}; did you mean `{near}`?"),
            None => format!("{message}; the stages are {}", values::list(&stages)),
        };
        let range = self.moved.range(range);
        let complaint = self
            .report
            .error(range, "undefined-stage", message)
            .docs(format!("{DOCS}yaml/#stages"));
        if let Some(near) = near.filter(|_| is_here) {
            complaint.replace(format!("Change to `{near}`"), range, near);
        }
    }

    fn extends(&mut self, job: &Job) {
        for parent in &job.extends {
            let range = self.moved.range(parent.range);
            let (name, through) = (&job.name.text, &parent.text);
            let fault = match cycles::extends(self.pipeline, job, parent) {
                Heritage::Ends => None,
                Heritage::Circle => Some((
                    "circular-extends",
                    format!("`{name}` extends itself in the end, through `{through}`"),
                )),
                Heritage::TooDeep => Some((
                    "deep-extends",
                    format!(
                        "`{name}` extends more than {MAX_LEVELS} jobs one after the other, \
                         through `{through}`; GitLab follows no more"
                    ),
                )),
            };
            if let Some((code, message)) = fault {
                self.report
                    .error(range, code, message)
                    .docs(format!("{DOCS}yaml/#extends"));
                return;
            }
            if self.pipeline.job(&parent.text).is_none() {
                self.missing_job(parent, "extends", "undefined-job", true);
            }
        }
    }

    /// `needs` and `dependencies`.
    fn waits_for(&mut self, job: &Job) {
        for need in job.needs.iter().flatten() {
            self.wait(job, &need.name, "needs", need.optional);
            if let Some(other) = self.pipeline.job(&need.name.text) {
                self.copies(need, other.job);
            }
        }
        for name in &job.dependencies {
            self.wait(job, name, "dependencies", false);
        }
    }

    fn wait(&mut self, job: &Job, name: &Name, keyword: &'static str, optional: bool) {
        let Some(other) = self.pipeline.job(&name.text) else {
            if !optional && !is_copy(&name.text) {
                self.missing_job(name, keyword, "undefined-job", false);
            }
            return;
        };
        let range = self.moved.range(name.range);
        let page = format!("{DOCS}yaml/#{keyword}");
        if other.job.is_hidden() {
            let message = format!(
                "`{}` is hidden and never runs: nothing can wait for it",
                name.text
            );
            self.report
                .error(range, "undefined-job", message)
                .docs(page);
            return;
        }
        if other.job.name.text == job.name.text {
            let message = format!("`{}` cannot wait for itself", name.text);
            self.report
                .error(range, "circular-needs", message)
                .docs(page);
            return;
        }
        let knows_order = self.pipeline.is_whole || self.part.stages.is_some();
        if job.is_hidden() || !knows_order {
            return;
        }
        let stages = [job, other.job].map(|job| self.pipeline.stage_of(job));
        let [Some(own), Some(others)] = stages else {
            return;
        };
        let order = [own, others].map(|stage| self.pipeline.stage_index(stage));
        let [Some(own_index), Some(other_index)] = order else {
            return;
        };
        if other_index > own_index {
            let message = format!(
                "`{}` is in stage `{others}`, after `{own}`: a job waits for jobs of its own stage or earlier ones",
                name.text
            );
            self.report.error(range, "later-stage", message).docs(page);
        }
    }

    fn missing_job(
        &mut self,
        name: &Name,
        keyword: &'static str,
        code: &'static str,
        templates: bool,
    ) {
        if !self.pipeline.is_whole {
            return;
        }
        let names = self
            .pipeline
            .jobs()
            .filter(|other| templates || !other.job.is_hidden());
        let names = names.map(|other| other.job.name.text.as_str());
        let near = (self.guesses > 0).then(|| fuzzy::nearest(&name.text, names));
        let near = near.flatten();
        self.guesses = self.guesses.saturating_sub(1);
        let mut message = format!("there is no job `{}` for `{keyword}`", name.text);
        if let Some(near) = near {
            message = format!("{message}; did you mean `{near}`?");
        }
        let range = self.moved.range(name.range);
        let complaint = self.report.error(range, code, message);
        complaint.docs(format!("{DOCS}yaml/#{keyword}"));
        if let Some(near) = near {
            complaint.replace(
                format!("Change to `{near}`"),
                range,
                crate::layout::plain_or_quoted(near),
            );
        }
    }

    fn on_stop(&mut self, job: &Job) {
        let Some(environment) = &job.environment else {
            return;
        };
        let Some(stop) = &environment.on_stop else {
            return;
        };
        let Some(other) = self.pipeline.job(&stop.text) else {
            self.missing_job(stop, "environmenton_stop", "undefined-job", false);
            return;
        };
        let Some(line) = self.pipeline.line(other.job) else {
            return;
        };
        let theirs = line.iter().find_map(|job| job.environment.as_ref());
        let fault = match theirs {
            None => "has no environment".to_owned(),
            Some(theirs) if theirs.action.as_deref() != Some("stop") => {
                "needs `action: stop` in its environment".to_owned()
            }
            Some(theirs) => match (&environment.name, &theirs.name) {
                (Some(own), Some(other)) if own.text != other.text => {
                    format!(
                        "has another environment: `{}`, not `{}`",
                        other.text, own.text
                    )
                }
                _ => return,
            },
        };
        let range = self.moved.range(stop.range);
        let message = format!(
            "the job `{}`, which stops the environment, {fault}",
            stop.text
        );
        self.report
            .error(range, "on-stop", message)
            .docs(format!("{DOCS}yaml/#environmenton_stop"));
    }

    /// A job needs something to do.
    fn does_something(&mut self, job: &Job) {
        if job.is_hidden() || !self.pipeline.is_whole {
            return;
        }
        let Some(line) = self.pipeline.line(job) else {
            return;
        };
        let does = ["script", "run", "trigger"];
        if does
            .iter()
            .any(|keyword| line.iter().any(|job| job.has(keyword)))
        {
            return;
        }
        // A trigger that mirrors another pipeline.
        let mirrors = line.iter().any(|job| job.needs_pipeline);
        // A misspelt keyword was complained of.
        let map = schema::JOB.map();
        let is_known =
            |key: &String| key == "<<" || map.is_some_and(|map| map.field(key).is_some());
        let misspelt = job
            .keywords
            .iter()
            .any(|key| !is_known(key) && fuzzy::nearest(key, does).is_some());
        if mirrors || misspelt {
            return;
        }
        let range = self.moved.range(job.name.range);
        if self.report.is_broken(self.moved.range(job.whole)) {
            return;
        }
        let name = &job.name.text;
        let has_keyword = job.keywords.iter().any(is_known);
        let near = keywords::nearest_global(name).filter(|_| !has_keyword);
        let (code, mut message) = (
            "job-without-script",
            format!("the job `{name}` does nothing: it needs `script`, `trigger` or `run`"),
        );
        if let Some(near) = near {
            message = format!(
                "`{name}` is no global keyword, and no job: it has no `script`; did you mean `{near}`?"
            );
        }
        let complaint = self
            .report
            .error(range, code, message)
            .docs(format!("{DOCS}yaml/#script"));
        if let Some(near) = near {
            complaint.replace(format!("Rename to `{near}`"), range, near);
        }
    }

    fn reference(&mut self, name: &Name, keyword: Option<&Name>) {
        let Some(other) = self.pipeline.job(&name.text) else {
            let is_global = schema::PIPELINE
                .map()
                .is_some_and(|map| map.field(&name.text).is_some());
            if !is_global {
                self.missing_job(name, "!reference", "undefined-job", true);
            }
            return;
        };
        let Some(keyword) = keyword else {
            return;
        };
        if !self.pipeline.is_whole
            || self
                .pipeline
                .named(&name.text)
                .iter()
                .any(|one| one.job.has(&keyword.text))
        {
            return;
        }
        let range: TextRange = self.moved.range(keyword.range);
        let near = fuzzy::nearest(&keyword.text, other.job.keywords.iter().map(String::as_str));
        let mut message = format!("`{}` has no `{}`", name.text, keyword.text);
        if let Some(near) = near {
            message = format!("{message}; did you mean `{near}`?");
        }
        let complaint = self
            .report
            .error(range, "undefined-reference", message)
            .docs(format!("{DOCS}yaml/yaml_optimization/#reference-tags"));
        if let Some(near) = near {
            complaint.replace(format!("Change to `{near}`"), range, near);
        }
    }
}

/// Whether a name is that of one copy of a job: `test 1/3`, or `build: [a, b]` of a matrix.
fn is_copy(name: &str) -> bool {
    let number = name.rsplit(' ').next().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let of_several = number.split_once('/');
    name.contains(": [") || of_several.is_some_and(|(at, all)| is_number(at) && is_number(all))
}
