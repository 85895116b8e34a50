//! Scalars: their type, and what they may say.

use yaml_syntax::{Node, Scalar, ScalarStyle};

use super::roles;
use crate::diagnostics::at::At;
use crate::diagnostics::report::Report;
use crate::fuzzy;
use crate::gitlab::is_filled_in;
use crate::gitlab::scalar::{self, Read};
use crate::gitlab::schema::{Form, Schema};

pub(super) fn check(
    report: &mut Report<'_>,
    node: Node<'_>,
    scalar: Scalar<'_>,
    schema: &'static Schema,
    at: &At<'_>,
) {
    let text = scalar.text();
    if is_filled_in(&text) {
        return;
    }
    let read = scalar::read(scalar, node.tag());
    match read {
        Read::Null => return,
        Read::Date => return date(report, scalar, at),
        _ => {}
    }
    let mut words = schema.words().peekable();
    let fitting = schema.forms.iter().find(|form| fits(form, &read, &text));
    match fitting {
        Some(Form::Text(role, most)) => {
            return roles::check(report, scalar, &text, (*role, *most), at);
        }
        Some(Form::Number | Form::Boolean) => return altered(report, scalar, &read, schema, at),
        Some(_) => return,
        None => {}
    }
    let is_text = read == Read::Text;
    if is_text && words.peek().is_some() {
        return not_a_word(report, scalar, &text, schema, at);
    }
    if let Read::Integer(_) = read
        && let Some((least, most)) = bounds(schema)
    {
        let message = format!("`{}` must be from {least} to {most}", at.name());
        report.error(scalar.range(), "keyword-range", message);
        return;
    }
    wrong_type(report, scalar, &read, schema, at);
}

/// A value that GitLab makes a text of, and not the one that is written: `3.10` becomes `3.1`.
fn altered(
    report: &mut Report<'_>,
    scalar: Scalar<'_>,
    read: &Read,
    schema: &'static Schema,
    at: &At<'_>,
) {
    if schema.role().is_none() {
        return;
    }
    let text = scalar.text();
    let read = match read {
        Read::Boolean(value) => value.to_string(),
        Read::Integer(number) => number.to_string(),
        Read::Float(number) => number.clone(),
        Read::Null | Read::Text | Read::Date => return,
    };
    if read == text {
        return;
    }
    let quoted = quoted(&text);
    let message = format!(
        "GitLab reads `{text}` as {read}: put the value of `{}` in quotes",
        at.name()
    );
    report
        .warning(scalar.range(), "altered-value", message)
        .replace(format!("Quote it: `{quoted}`"), scalar.range(), quoted);
}

fn fits(form: &Form, read: &Read, text: &str) -> bool {
    match (form, read) {
        (Form::Any, _)
        | (Form::Text(..), Read::Text)
        | (Form::Number, Read::Integer(_) | Read::Float(_))
        | (Form::Boolean, Read::Boolean(_)) => true,
        (Form::Words(words, variables), _) => {
            words.iter().any(|word| word.word == text) || (*variables && text.contains('$'))
        }
        (Form::Integer(least, most), Read::Integer(number)) => (least..=most).contains(&number),
        _ => false,
    }
}

fn bounds(schema: &Schema) -> Option<(i64, i64)> {
    schema.forms.iter().find_map(|form| match form {
        Form::Integer(least, most) => Some((*least, *most)),
        _ => None,
    })
}

fn not_a_word(
    report: &mut Report<'_>,
    scalar: Scalar<'_>,
    text: &str,
    schema: &'static Schema,
    at: &At<'_>,
) {
    let words: Vec<&str> = schema.words().map(|word| word.word).collect();
    let near = fuzzy::nearest(text, words.iter().copied());
    let name = at.name();
    let message = match near {
        Some(near) if words.len() > 4 => {
            format!("`{text}` is not allowed for `{name}`; did you mean `{near}`?")
        }
        _ => format!("`{text}` is not allowed for `{name}`; use {}", list(&words)),
    };
    let complaint = report.error(scalar.range(), "keyword-value", message);
    let others = words.iter().copied().filter(|word| Some(*word) != near);
    for word in near.into_iter().chain(others).take(6) {
        complaint.replace(format!("Change to `{word}`"), scalar.range(), word);
    }
}

fn wrong_type(
    report: &mut Report<'_>,
    scalar: Scalar<'_>,
    read: &Read,
    schema: &'static Schema,
    at: &At<'_>,
) {
    let text = scalar.text();
    let name = at.name();
    let wanted = with_article(&schema.name());
    let takes_text = schema.role().is_some();
    let what = match read {
        Read::Boolean(_) => "a boolean",
        Read::Integer(_) => "an integer",
        Read::Float(_) => "a number",
        _ => "a string",
    };
    let mut message = format!("`{name}` must be {wanted}, not {what}");
    if takes_text {
        message.push_str(": put it in quotes");
    } else if schema.items().is_some() && *read == Read::Text {
        message.push_str(": start each item with `- `");
    }
    let written = report.text(scalar.range());
    let complaint = report.error(scalar.range(), "keyword-type", message);
    if takes_text {
        let quoted = quoted(&text);
        complaint.replace(format!("Quote it: `{quoted}`"), scalar.range(), quoted);
    } else if schema.items().is_some_and(|items| items.role().is_some()) && *read == Read::Text {
        let list = format!("[{written}]");
        complaint.replace(format!("Make it a list: `{list}`"), scalar.range(), list);
    } else if scalar.style() != ScalarStyle::Plain {
        let bare = scalar::plain(&text);
        if schema.forms.iter().any(|form| fits(form, &bare, &text)) {
            complaint.replace(
                format!("Change to `{text}`"),
                scalar.range(),
                text.into_owned(),
            );
        }
    }
}

/// GitLab's reader knows days, and refuses them.
fn date(report: &mut Report<'_>, scalar: Scalar<'_>, at: &At<'_>) {
    let quoted = quoted(&scalar.text());
    let message = format!(
        "`{}` is a date to GitLab, which takes none: put it in quotes",
        at.name()
    );
    report
        .error(scalar.range(), "unquoted-date", message)
        .replace(format!("Quote it: `{quoted}`"), scalar.range(), quoted);
}

/// How many items a list may have.
pub(super) fn length(
    report: &mut Report<'_>,
    node: Node<'_>,
    count: usize,
    most: u32,
    at: &At<'_>,
) {
    if most > 0 && count > most as usize {
        let message = format!("`{}` takes at most {most} items, not {count}", at.name());
        report.error(node.range(), "keyword-range", message);
    }
}

pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// In single quotes, which leave backslashes alone.
pub(super) fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `a, b or c`.
pub(crate) fn list(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}

/// `an integer`.
pub(super) fn with_article(name: &str) -> String {
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}
