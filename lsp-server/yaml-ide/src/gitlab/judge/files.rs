//! Included files, and the header of a file that is included.

use yaml_syntax::{Node, TextRange, TextSize};

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
    if let Some(entry) = file.entry("integrity").filter(|_| !file.has("remote")) {
        let message = "`integrity` goes with `remote`";
        report.error(key_range(entry), "include-form", message);
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

/// Judges the places where inputs are used: `$[[ inputs.name ]]`. `inputs` are those of the header
/// before the document.
pub(crate) fn uses(report: &mut Report<'_>, range: TextRange, inputs: &[String]) {
    let text = report.text(range);
    for (at, _) in text.match_indices("$[[") {
        let rest = text.get(at + 3..).unwrap_or_default();
        let Some(inner) = rest.split("]]").next() else {
            continue;
        };
        let Some(name) = inner.trim_start().strip_prefix("inputs.") else {
            continue;
        };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let end = name.find(|c| !is_name(c)).unwrap_or(name.len());
        let Some(name) = name.get(..end) else {
            continue;
        };
        if inputs.iter().any(|input| input == name) {
            continue;
        }
        let skipped = inner.len() - inner.trim_start().len() + "inputs.".len();
        let start = range.start() + TextSize::from((at + 3 + skipped) as u32);
        let place = TextRange::new(start, start + TextSize::of(name));
        let near = crate::fuzzy::nearest(name, inputs.iter().map(String::as_str));
        let mut message = format!("no input `{name}` in `spec: inputs`");
        if let Some(near) = near {
            message = format!("{message}; did you mean `{near}`?");
        }
        let complaint = report
            .error(place, "undefined-input", message)
            .docs(format!("{DOCS}inputs/"));
        if let Some(near) = near {
            complaint.replace(format!("Change to `{near}`"), place, near);
        }
    }
}
