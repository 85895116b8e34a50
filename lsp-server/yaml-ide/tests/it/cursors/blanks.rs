//! An empty line anywhere, indented in any way.

use serde_json::Value;
use yaml_ide::completion::CompletionKind;
use yaml_ide::diagnostics::diagnostics;
use yaml_ide::{FileId, Workspace};

use super::trial::{SCHEMAS, accepted, each, json, offered};

/// Lines are tried this far apart.
const STEP: usize = 2;

#[test]
fn what_an_empty_line_offers_belongs_there() {
    let mut wrong = Vec::new();
    let mut count = 0;
    each(|text, before, _| {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        for start in starts.step_by(STEP) {
            let columns = [0, 1, 2, 3, 4, 6, 8, 12, 20].into_iter();
            for column in columns.filter(|column| *column >= indentation(&text[start..])) {
                count += usize::from(try_line(text, before, start, column, &mut wrong));
            }
        }
    });
    assert!(count > 300, "{count} cursors");
    assert_eq!(
        wrong.len(),
        0,
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The indentation of the next line with something on it: a key further left takes that line away
/// from what it belongs to.
fn indentation(text: &str) -> usize {
    let next = text.lines().find(|line| !line.trim().is_empty());
    next.map_or(0, |line| line.len() - line.trim_start().len())
}

/// Whether anything was offered.
fn try_line(
    text: &str,
    before: &Value,
    start: usize,
    column: usize,
    wrong: &mut Vec<String>,
) -> bool {
    let blanks = " ".repeat(column);
    let typed = format!("{}{blanks}\n{}", &text[..start], &text[start..]);
    let items = offered(&typed, start + column);
    let first = items.iter().find(|item| item.kind == CompletionKind::Field);
    let Some(item) = first else {
        return false;
    };
    let after = accepted(&typed, item);
    let read = json(&after);
    let problem = match &read {
        None => Some("broken text".to_owned()),
        Some(read) if added(before, read) != 1 => {
            Some(format!("{} keys more", added(before, read)))
        }
        Some(_) => unknown(&after),
    };
    wrong.extend(problem.map(|why| format!("`{}` in column {column}: {why}\n{after}", item.label)));
    true
}

/// How many keys and items `after` has more, on top; a large number where something is lost.
fn added(before: &Value, after: &Value) -> usize {
    const LOST: usize = 1000;
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let kept = before
                .iter()
                .map(|(key, value)| after.get(key).map_or(LOST, |other| added(value, other)));
            kept.sum::<usize>()
                + after
                    .keys()
                    .filter(|key| !before.contains_key(*key))
                    .count()
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => before
            .iter()
            .zip(after)
            .map(|(before, after)| added(before, after))
            .sum(),
        // An item that was put in somewhere.
        (Value::Array(before), Value::Array(after)) if before.len() + 1 == after.len() => {
            let one_less = |at: usize| {
                let mut rest = after.clone();
                rest.remove(at);
                rest == *before
            };
            if (0..after.len()).any(one_less) {
                1
            } else {
                LOST
            }
        }
        (Value::Null, Value::Object(_) | Value::Array(_)) => 1,
        _ if before == after => 0,
        _ => LOST,
    }
}

/// A complaint that says that the key has no place there.
fn unknown(text: &str) -> Option<String> {
    let mut workspace = Workspace::new();
    workspace.set_schemas(SCHEMAS.clone());
    workspace.set_file(FileId(0), "a.yaml", yaml_syntax::parse(text));
    let found = diagnostics(&workspace.analysis(), FileId(0));
    let codes = ["unknown-field", "duplicate-key"];
    let mut found = found
        .into_iter()
        .filter(|found| codes.contains(&found.code));
    found.next().map(|found| found.message)
}
