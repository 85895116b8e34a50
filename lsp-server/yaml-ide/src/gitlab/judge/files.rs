//! Included files, and the header of a file that is included.

use yaml_syntax::{Entry, Node, TextRange};

use super::values;
use crate::diagnostics::report::{Report, key_range};
use crate::gitlab::schema::DOCS;
use crate::object::{Object, Value};

/// Where a file can come from.
const PLACES: [&str; 5] = ["local", "project", "remote", "template", "component"];

/// Judges `include`.
pub(super) fn includes(report: &mut Report<'_>, include: Value<'_>) {
    if let Some(settings) = include.object() {
        file(report, settings);
    }
    for settings in include.items().into_iter().filter_map(Value::object) {
        file(report, settings);
    }
}

fn file(report: &mut Report<'_>, file: Object<'_>) {
    let page = format!("{DOCS}yaml/#include");
    let Some(first) = file.mapping().entries().next() else {
        return;
    };
    if file.has("<<") || report.is_broken(file.mapping().range()) {
        return;
    }
    let written: Vec<&str> = PLACES.into_iter().filter(|place| file.has(place)).collect();
    match written.as_slice() {
        [] if file.has("file") => {
            let message = "`file` needs `project`: the project that it is a file of";
            report
                .error(file.key_range("file"), "include-form", message)
                .docs(page);
        }
        [] => {
            let message = format!("a file is included by one of {}", values::list(&PLACES));
            report
                .error(key_range(first), "include-form", message)
                .docs(page);
        }
        ["project"] if !file.has("file") => {
            let message = "`project` needs `file`: which file of the project";
            report
                .error(file.key_range("project"), "include-form", message)
                .docs(page);
        }
        [_] => {}
        [one, second, ..] => {
            let message = format!("`{second}` does not go with `{one}`: write two items");
            report
                .error(file.key_range(second), "include-form", message)
                .docs(page);
        }
    }
    place(report, file);
    if let Some(entry) = file.entry("integrity").filter(|_| !file.has("remote")) {
        let message = "`integrity` goes with `remote`";
        report.error(key_range(entry), "include-form", message);
    }
}

/// What the place says: an address, a project in a group, a component with its version.
fn place(report: &mut Report<'_>, file: Object<'_>) {
    let written = PLACES.into_iter().find(|place| file.has(place));
    let Some((place, value)) = written.and_then(|place| Some((place, file.get(place)?))) else {
        return;
    };
    let Some(text) = value.text() else {
        return;
    };
    // Its last part may be in a variable.
    let is_open = |part: &str| part.contains('$');
    let last = text.rsplit('/').next().unwrap_or_default();
    let fault = match place {
        "remote" if !text.starts_with("http") && !is_open(&text) => {
            "`remote` is an address: `https://…`; a file of this repository is `local`"
        }
        "project" if !text.contains('/') && !is_open(&text) => {
            "`project` is the whole path of a project, with its group: `group/project`"
        }
        "component" if !text.contains('@') && !is_open(last) => {
            "a component is named with its version: `…@1.0.0`"
        }
        _ => return,
    };
    report
        .error(value.range(), "include-form", fault)
        .docs(format!("{DOCS}yaml/#include{place}"));
}

/// Complains of a header that is not in a document of its own.
pub(super) fn alone(report: &mut Report<'_>, document: Object<'_>, spec: Entry<'_>) {
    let mut others = document.mapping().entries();
    if others.all(|entry| entry.range() == spec.range()) || report.is_broken(spec.range()) {
        return;
    }
    let message = "`spec` is the header of a file: a line `---` stands between it and the jobs";
    let is_first = document.mapping().entries().next().map(Entry::range) == Some(spec.range());
    let complaint = report
        .error(key_range(spec), "header", message)
        .docs(format!("{DOCS}yaml/#header-keywords"));
    if is_first {
        let end = TextRange::empty(spec.range().end());
        complaint.replace("Close the header with `---`", end, "\n---");
    }
}

/// Judges `spec`.
pub(super) fn header(report: &mut Report<'_>, spec: Object<'_>) {
    let Some(inputs) = spec.object("inputs") else {
        return;
    };
    for (name, entry, value) in inputs.pairs() {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if !name.chars().all(is_allowed) {
            let message =
                format!("`{name}` cannot be the name of an input: letters, digits, `_` and `-`");
            report.error(key_range(entry), "input", message);
        }
        if let Some(input) = value.and_then(Value::object) {
            self::input(report, input);
        }
    }
}

fn input(report: &mut Report<'_>, input: Object<'_>) {
    let page = format!("{DOCS}yaml/#specinputs");
    let ty = input.text("type").unwrap_or_else(|| "string".to_owned());
    if let Some(entry) = input.entry("regex").filter(|_| ty != "string") {
        let message = format!("`regex` is for texts, and this input is of type {ty}");
        report.error(key_range(entry), "input", message).docs(page);
        return;
    }
    if let Some(entry) = input.entry("options").filter(|_| ty == "boolean") {
        let message = "`options` does not go with a boolean";
        report.error(key_range(entry), "input", message).docs(page);
        return;
    }
    let Some(default) = input.get("default") else {
        return;
    };
    let fits = match (ty.as_str(), default.node()) {
        ("array", Some(node)) => node.as_sequence().is_some(),
        (_, Some(Node::Mapping(_) | Node::Sequence(_))) => false,
        ("number", _) => default.json().is_none_or(|json| json.is_number()),
        ("boolean", _) => default.json().is_none_or(|json| json.is_boolean()),
        _ => true,
    };
    if !fits {
        let message = format!("the default of this input must be of type {ty}");
        report.error(default.range(), "input", message).docs(page);
        return;
    }
    let options: Vec<String> = input
        .items("options")
        .into_iter()
        .filter_map(Value::raw_text)
        .collect();
    let pattern = input
        .text("regex")
        .and_then(|text| regex::Regex::new(&text).ok());
    if let Some((pattern, text)) = pattern.zip(default.text())
        && !pattern.is_match(&text)
    {
        let message = format!("the default does not fit `regex`: {pattern}");
        report.error(default.range(), "input", message).docs(page);
        return;
    }
    let listed = default
        .raw_text()
        .is_none_or(|text| options.is_empty() || options.contains(&text));
    if !listed {
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let message = format!(
            "the default must be one of the options: {}",
            values::list(&options)
        );
        report.error(default.range(), "input", message).docs(page);
    }
}
