//! Variables: their names, and the values that people choose from.

use yaml_syntax::Entry;

use super::values;
use crate::diagnostics::report::{Report, key_range};
use crate::gitlab::is_filled_in;
use crate::gitlab::schema::DOCS;
use crate::object::{Object, Value};

/// Judges the variables of a job.
pub(super) fn of_job(report: &mut Report<'_>, job: Object<'_>) {
    if let Some(variables) = job.get("variables") {
        check(report, variables);
    }
}

/// Judges a mapping of variables that is written here.
pub(super) fn check(report: &mut Report<'_>, variables: Value<'_>) {
    let Some(written) = variables.written().as_mapping() else {
        return;
    };
    let variables = Object::new(variables.document(), written);
    for (name, entry, value) in variables.pairs() {
        self::name(report, &name, entry);
        if let Some(settings) = value.and_then(Value::object) {
            options(report, settings);
        }
    }
}

/// GitLab takes other names, and the shell of the runner cannot set them.
fn name(report: &mut Report<'_>, name: &str, entry: Entry<'_>) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_fit = name.chars().all(is_name) && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_fit || name == "<<" || is_filled_in(name) || report.is_broken(entry.range()) {
        return;
    }
    let message = format!("no shell can set a variable `{name}`: letters, digits and `_`");
    report
        .warning(key_range(entry), "variable-name", message)
        .docs(format!("{DOCS}variables/"));
}

/// Of several options one is the value that holds unless another is chosen.
fn options(report: &mut Report<'_>, variable: Object<'_>) {
    let Some(entry) = variable.entry("options") else {
        return;
    };
    let options: Option<Vec<String>> = variable
        .items("options")
        .into_iter()
        .map(Value::raw_text)
        .collect();
    let Some(options) = options.filter(|options| !options.is_empty()) else {
        return;
    };
    let page = format!("{DOCS}yaml/#variablesoptions");
    let list: Vec<&str> = options.iter().map(String::as_str).collect();
    let Some(value) = variable.get("value") else {
        let message = "`options` needs `value`: the one that holds unless another is chosen";
        report
            .error(key_range(entry), "variable-options", message)
            .docs(page);
        return;
    };
    let Some(text) = value.raw_text() else {
        return;
    };
    if !options.contains(&text) && !is_filled_in(&text) {
        let message = format!(
            "the value must be one of the options: {}",
            values::list(&list)
        );
        report
            .error(value.range(), "variable-options", message)
            .docs(page);
    }
}
