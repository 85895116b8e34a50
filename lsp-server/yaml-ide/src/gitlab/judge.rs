//! What is wrong with a document of a pipeline by itself.

mod deprecated;
pub(crate) mod files;
pub(crate) mod interpolation;
mod jobs;
pub(crate) mod keywords;
mod migrate;
mod roles;
mod rules;
mod secrets;
mod settings;
pub(crate) mod values;
mod variables;

use yaml_syntax::Node;

use crate::diagnostics::Severity;
use crate::diagnostics::report::Report;
use crate::diagnostics::yaml;
use crate::gitlab::{part, schema};
use crate::object::{Object, Value};

/// Judges a document.
#[inline(never)]
pub(crate) fn document(report: &mut Report<'_>) {
    yaml::check(report, Severity::Warning);
    keywords::check(report);
    let document = report.document();
    let root = document.root().and_then(Node::as_mapping);
    let Some(pipeline) = root.map(|root| Object::new(document, root)) else {
        return;
    };
    for (key, entry, value) in pipeline.pairs() {
        let object = value.and_then(Value::object);
        match (key.as_str(), value) {
            ("include", Some(include)) => files::includes(report, include),
            ("spec", _) => {
                if let Some(spec) = object {
                    files::header(report, spec);
                    files::alone(report, pipeline, entry);
                }
            }
            ("variables", Some(value)) => variables::check(report, value),
            ("workflow", _) => {
                if let Some(workflow) = object {
                    rules::of(report, workflow, "a pipeline");
                }
            }
            ("default", _) => {
                if let Some(artifacts) = object.and_then(|default| default.object("artifacts")) {
                    jobs::artifacts(report, artifacts);
                }
            }
            _ if part::is_job(&key) => {
                if let Some(name) = entry.key() {
                    jobs::name(report, name, &key);
                }
                // An alias is judged where it is written.
                let is_written = entry
                    .value()
                    .is_some_and(|node| node.as_mapping().is_some());
                if let Some(job) = object.filter(|_| is_written) {
                    self::job(report, job);
                }
            }
            _ => {}
        }
    }
}

fn job(report: &mut Report<'_>, job: Object<'_>) {
    let map = schema::JOB.map();
    let known = job
        .keys()
        .iter()
        .any(|key| map.is_some_and(|map| map.field(key).is_some()));
    if !known {
        return;
    }
    jobs::check(report, job);
    settings::check(report, job);
    rules::of(report, job, "the job");
    variables::of_job(report, job);
    secrets::check(report, job);
}
