//! Places that GitLab fills in before it reads a file: `$[[ inputs.name | truncate(0,8) ]]`.

use yaml_syntax::{TextRange, TextSize};

use super::values;
use crate::diagnostics::report::Report;
use crate::gitlab::schema::DOCS;

/// What such a place may begin with.
const ROOTS: [&str; 4] = ["inputs", "component", "job", "matrix"];

/// What a value may be given to.
const FUNCTIONS: [&str; 3] = ["expand_vars", "posix_escape", "truncate"];

/// A part of such a place, and where it stands.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    range: TextRange,
}

impl Part<'_> {
    /// What is left without blanks around it.
    fn trimmed(self) -> Self {
        let text = self.text.trim();
        let before = self.text.len() - self.text.trim_start().len();
        let start = self.range.start() + TextSize::from(before as u32);
        let range = TextRange::new(start, start + TextSize::of(text));
        Self { text, range }
    }

    /// Its parts between separators.
    fn split(self, separator: char) -> impl Iterator<Item = Self> {
        let mut start = self.range.start();
        self.text.split(separator).map(move |text| {
            let range = TextRange::new(start, start + TextSize::of(text));
            start = range.end() + TextSize::from(1);
            Part { text, range }
        })
    }
}

/// Judges all of them in `range`. `inputs` are those of the header before the document, if all of
/// them are known.
pub(crate) fn uses(report: &mut Report<'_>, range: TextRange, inputs: Option<&[String]>) {
    let text = report.text(range);
    for (at, _) in text.match_indices("$[[") {
        if is_comment(&text, at) {
            continue;
        }
        let rest = text.get(at + 3..).unwrap_or_default();
        let inner = rest.split("]]").next().unwrap_or_default();
        let start = range.start() + TextSize::from((at + 3) as u32);
        let range = TextRange::new(start, start + TextSize::of(inner));
        if inner.len() == rest.len() || inner.contains('\n') {
            not_closed(report, inner, start);
            continue;
        }
        let mut parts = Part { text: inner, range }.split('|').map(Part::trimmed);
        if let Some(value) = parts.next() {
            self::value(report, value, inputs);
        }
        for function in parts {
            self::function(report, function);
        }
    }
}

/// Complains of the first input that is used without a header to ask for it.
pub(crate) fn without_header(report: &mut Report<'_>, range: TextRange) {
    let text = report.text(range);
    let mut places = text.match_indices("$[[ inputs.");
    let Some((at, sign)) = places.find(|(at, _)| !is_comment(&text, *at)) else {
        return;
    };
    let start = range.start() + TextSize::from(at as u32);
    let message = "no `spec: inputs` asks for this input: the text stays as it stands";
    report
        .warning(
            TextRange::new(start, start + TextSize::of(sign)),
            "undefined-input",
            message,
        )
        .docs(format!("{DOCS}inputs/"));
}

/// Whether the place stands behind a `#`.
fn is_comment(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.trim_start().starts_with('#') || line.contains(" #")
}

fn not_closed(report: &mut Report<'_>, inner: &str, start: TextSize) {
    let line = inner.lines().next().unwrap_or_default();
    let is_meant = ROOTS.iter().any(|root| {
        let rest = line.trim_start().strip_prefix(root);
        rest.is_some_and(|rest| rest.starts_with('.'))
    });
    if is_meant {
        let range = TextRange::new(start - TextSize::from(3), start + TextSize::of(line));
        report.warning(
            range,
            "undefined-input",
            "this `$[[` is not closed with `]]`",
        );
    }
}

fn value(report: &mut Report<'_>, value: Part<'_>, inputs: Option<&[String]>) {
    let mut parts = value.split('.');
    let Some(root) = parts.next() else {
        return;
    };
    let Some(name) = parts.next() else {
        return;
    };
    if !ROOTS.contains(&root.text) {
        let near = crate::fuzzy::nearest(root.text, ROOTS);
        let message = format!("GitLab knows no `{}` here", root.text);
        return unknown(report, root, message, near);
    }
    if root.text == "inputs"
        && let Some(inputs) = inputs
        && !inputs.iter().any(|input| input == name.text)
    {
        let near = crate::fuzzy::nearest(name.text, inputs.iter().map(String::as_str));
        let message = format!("no input `{}` in `spec: inputs`", name.text);
        unknown(report, name, message, near);
    }
}

fn unknown(report: &mut Report<'_>, part: Part<'_>, mut message: String, near: Option<&str>) {
    if let Some(near) = near {
        message = format!("{message}; did you mean `{near}`?");
    }
    let complaint = report
        .error(part.range, "undefined-input", message)
        .docs(format!("{DOCS}inputs/"));
    if let Some(near) = near {
        complaint.replace(format!("Change to `{near}`"), part.range, near);
    }
}

fn function(report: &mut Report<'_>, part: Part<'_>) {
    let (name, arguments) = match part.text.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.strip_suffix(')').unwrap_or(rest)),
        None => (part.text, ""),
    };
    let is_number = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let numbers = arguments.split(',').filter(|text| is_number(text)).count();
    let message = if !FUNCTIONS.contains(&name) {
        let near = crate::fuzzy::nearest(name, FUNCTIONS);
        let hint = near.map_or_else(
            || format!("; use {}", values::list(&FUNCTIONS)),
            |near| format!("; did you mean `{near}`?"),
        );
        format!("there is no function `{name}`{hint}")
    } else if name == "truncate" && (numbers != 2 || arguments.split(',').count() != 2) {
        "`truncate` takes two numbers, where to begin and how many: `truncate(0,8)`".to_owned()
    } else if name != "truncate" && !arguments.trim().is_empty() {
        format!("`{name}` takes nothing in brackets")
    } else {
        return;
    };
    report
        .error(part.range, "input-function", message)
        .docs(format!(
            "{DOCS}inputs/#specify-functions-to-manipulate-input-values"
        ));
}
