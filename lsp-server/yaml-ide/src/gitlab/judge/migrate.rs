//! From a keyword of older days to what is written in its place.

use yaml_syntax::order::sort_by_number;
use yaml_syntax::{Entry, Mapping, Node, TextRange};

use crate::code_actions::Fix;
use crate::diagnostics::report::{Report, key_range};
use crate::gitlab::schema::Field;
use crate::layout;
use crate::rename::TextEdit;

/// Keywords that moved from the top into `default`.
const GLOBAL: [&str; 5] = [
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
];

/// The change that writes the new form, where it is plain.
pub(super) fn fix(
    report: &Report<'_>,
    mapping: Mapping<'_>,
    entry: Entry<'_>,
    field: &'static Field,
) -> Option<Fix> {
    let instead = field.instead?;
    match (field.name, instead) {
        ("only" | "except", _) => rules(report, mapping),
        (name, _) if instead == format!("default: {name}") => into_default(report, mapping),
        ("public", "access") => {
            let value = entry.value()?;
            let access = match report.text(value.range()).as_str() {
                "true" => "all",
                "false" => "developer",
                _ => return None,
            };
            let whole = TextRange::new(entry.range().start(), value.range().end());
            Some(replace(
                "Write `access`",
                whole,
                format!("access: {access}"),
            ))
        }
        (_, "") => None,
        // `pages: publish`: into a mapping of its own.
        (name, _) => match instead.split_once(": ") {
            None => Some(replace(
                &format!("Rename to `{instead}`"),
                key_range(entry),
                instead.to_owned(),
            )),
            Some((outer, inner)) if mapping.entry(outer).is_none() && !mapping.is_flow() => {
                let value = report.text(entry.value()?.range());
                let column = " ".repeat(report.column(entry.range().start()) + 2);
                let text = format!("{outer}:\n{column}{inner}: {value}");
                let title = format!("Move `{name}` into `{outer}`");
                Some(replace(&title, entry.range(), text))
            }
            Some(_) => None,
        },
    }
}

fn replace(title: &str, range: TextRange, insert: String) -> Fix {
    Fix {
        title: title.to_owned(),
        edits: vec![TextEdit { range, insert }],
        snippet: None,
    }
}

/// Moves all keywords that moved, so that there is one `default` in the end.
fn into_default(report: &Report<'_>, pipeline: Mapping<'_>) -> Option<Fix> {
    if pipeline.is_flow() {
        return None;
    }
    let old: Vec<Entry<'_>> = pipeline
        .entries()
        .filter(|entry| {
            let key = entry.key_text();
            key.is_some_and(|key| GLOBAL.contains(&key.as_ref()))
        })
        .collect();
    let mut moved = String::new();
    for entry in &old {
        for line in report.text(entry.range()).trim_end().lines() {
            let line = line.trim_end();
            if !line.is_empty() {
                moved.push_str("  ");
            }
            moved.push_str(line);
            moved.push('\n');
        }
    }
    let default = pipeline.entry("default");
    let place = match default {
        Some(entry) => {
            let last = entry.value()?.as_mapping()?.entries().last()?;
            TextRange::empty(last.range().end())
        }
        None => report.whole_lines(old.first()?.range()),
    };
    let mut edits = vec![match default {
        Some(_) => TextEdit {
            range: place,
            insert: format!("\n{}", moved.trim_end()),
        },
        None => TextEdit {
            range: place,
            insert: format!("default:\n{moved}"),
        },
    }];
    let rest = usize::from(default.is_none());
    for entry in old.iter().skip(rest) {
        edits.push(TextEdit {
            range: report.whole_lines(entry.range()),
            insert: String::new(),
        });
    }
    sort_by_number(&mut edits, |edit| u32::from(edit.range.start()).into());
    Some(Fix {
        title: "Move the global keywords into `default`".to_owned(),
        edits,
        snippet: None,
    })
}

/// `only` and `except` of a job as `rules`.
fn rules(report: &Report<'_>, job: Mapping<'_>) -> Option<Fix> {
    if job.is_flow() || job.entry("rules").is_some() {
        return None;
    }
    let (only, except) = (job.entry("only"), job.entry("except"));
    let first = only.or(except)?;
    let column = " ".repeat(report.column(first.range().start()));
    let mut lines = vec!["rules:".to_owned()];
    if let Some(entry) = except {
        for condition in conditions(entry)? {
            lines.push(format!("  - if: {condition}"));
            lines.push("    when: never".to_owned());
        }
    }
    match only {
        Some(entry) => {
            let all = conditions(entry)?;
            lines.extend(
                all.into_iter()
                    .map(|condition| format!("  - if: {condition}")),
            );
        }
        None => lines.push("  - when: on_success".to_owned()),
    }
    let text = lines.join(&format!("\n{column}"));
    let mut edits = vec![TextEdit {
        range: first.range(),
        insert: text,
    }];
    if let (Some(_), Some(except)) = (only, except) {
        edits.push(TextEdit {
            range: report.whole_lines(except.range()),
            insert: String::new(),
        });
    }
    sort_by_number(&mut edits, |edit| u32::from(edit.range.start()).into());
    Some(Fix {
        title: "Write it as `rules`".to_owned(),
        edits,
        snippet: None,
    })
}

/// The refs of `only` or `except` as conditions; `None` where one says more than a condition can.
fn conditions(entry: Entry<'_>) -> Option<Vec<String>> {
    let value = match entry.value()? {
        Node::Mapping(mapping) => {
            let alone = mapping.entries().count() == 1;
            mapping.get("refs").filter(|_| alone)?
        }
        node => node,
    };
    let nodes: Vec<Node<'_>> = match value {
        Node::Sequence(list) => list.items().filter_map(yaml_syntax::Item::node).collect(),
        node => vec![node],
    };
    let refs = nodes.into_iter().map(|node| {
        let text = node.as_scalar()?.text().into_owned();
        condition(&text).map(|condition| layout::plain_or_quoted(&condition))
    });
    refs.collect()
}

fn condition(text: &str) -> Option<String> {
    let source = match text {
        "branches" => return Some("$CI_COMMIT_BRANCH".to_owned()),
        "tags" => return Some("$CI_COMMIT_TAG".to_owned()),
        "merge_requests" => "merge_request_event",
        "schedules" => "schedule",
        "pushes" => "push",
        "triggers" => "trigger",
        "pipelines" => "pipeline",
        "web" | "api" | "external" | "chat" => text,
        "external_pull_requests" => "external_pull_request_event",
        _ if text.starts_with('/') && text.ends_with('/') => {
            return Some(format!("$CI_COMMIT_REF_NAME =~ {text}"));
        }
        // A ref of one project.
        _ if text.contains('@') || text.starts_with('/') => return None,
        _ => return Some(format!("$CI_COMMIT_REF_NAME == \"{text}\"")),
    };
    Some(format!("$CI_PIPELINE_SOURCE == \"{source}\""))
}
