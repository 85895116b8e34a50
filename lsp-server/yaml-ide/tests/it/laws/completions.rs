//! Accepting an offer breaks nothing.

use serde_json::Value;
use yaml_ide::completion::{CompletionItem, CompletionKind, completion};
use yaml_ide::diagnostics::diagnostics;
use yaml_syntax::TextSize;

use super::{FILE, Random, boundary, none, open, texts, values};
use crate::cursors::trial::accepted;

/// How many cursors are tried in each manifest.
const ROUNDS: usize = 2;

/// What a person has typed at the cursor, and what is behind it.
const TYPED: [&str; 22] = [
    "",
    "s",
    "na",
    "\n",
    "\n  ",
    "\n    ",
    "\n\t",
    "\n\ts",
    "\n-",
    "\n  -",
    "\n  - ",
    "\n  - na",
    "\"",
    "\"na",
    "'n",
    "{",
    "{na",
    "[",
    "{na: ",
    " # ",
    "\n# a\n  ",
    ": ",
];

#[test]
fn an_accepted_offer_breaks_nothing() {
    let mut wrong = Vec::new();
    let mut random = Random(11);
    let mut count = 0;
    for (name, text) in texts("manifests") {
        for _ in 0..ROUNDS {
            let at = boundary(&text, random.below(text.len() + 1));
            let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            let rest = match random.below(5) {
                0 => text.len(),
                1 | 2 => line_end,
                _ => at,
            };
            let typed = TYPED[random.below(TYPED.len())];
            let mut broken = format!("{}{typed}{}", &text[..at], &text[rest..]);
            let mut cursor = at + typed.len();
            match random.below(8) {
                0 => {
                    cursor += broken[..cursor].matches('\n').count();
                    broken = broken.replace('\n', "\r\n");
                }
                1 => {
                    broken.insert(0, '\u{feff}');
                    cursor += 3;
                }
                _ => {}
            }
            count += 1;
            try_cursor(&name, &broken, cursor, &mut random, &mut wrong);
        }
    }
    assert!(count > 100, "{count} cursors");
    none(&wrong);
}

fn try_cursor(name: &str, text: &str, cursor: usize, random: &mut Random, wrong: &mut Vec<String>) {
    let analysis = open("a.yaml", text);
    let items = completion(&analysis, FILE, TextSize::from(cursor as u32)).items;
    let Some(first) = items.first() else {
        return;
    };
    let token = std::ops::Range::<usize>::from(first.range);
    let without = format!("{}{}", &text[..token.start], &text[token.end..]);
    let had = syntax_errors(text);
    let base = values(&without);
    if base
        .iter()
        .any(|base| base.as_ref().is_none_or(Value::is_string))
        && text.contains('\t')
    {
        // A lone word with a tab below was a text before it was a key.
        return;
    }
    let mut known = unknown(text).max(unknown(&without));
    if text[token.end..].trim_start().starts_with(':') {
        // What is below belongs to the key that was there.
        known = usize::MAX;
    }
    for _ in 0..4 {
        let item = &items[random.below(items.len().min(12))];
        let after = accepted(text, item);
        let problem = judge(item, &after, had, &base, known);
        if let Some(problem) = problem {
            wrong.push(format!(
                "{name}: `{}` {problem}\n{}",
                item.label,
                near(text, cursor, &after)
            ));
            break;
        }
    }
}

fn judge(
    item: &CompletionItem,
    after: &str,
    had: usize,
    base: &[Option<Value>],
    known: usize,
) -> Option<String> {
    let has = syntax_errors(after);
    if has > had {
        return Some(format!("brings {} errors of syntax", has - had));
    }
    let then = values(after);
    if base.len() == then.len() && had == 0 {
        let lost = base
            .iter()
            .zip(&then)
            .find_map(|(a, b)| lost(a.as_ref()?, b.as_ref(), item.kind == CompletionKind::Kind));
        if let Some(lost) = lost {
            return Some(format!("changes {lost}"));
        }
    }
    if had == 0 && item.kind != CompletionKind::Kind && unknown(after) > known {
        return Some("has no place there".to_owned());
    }
    None
}

/// A key or value that is gone or another one.
fn lost(before: &Value, after: Option<&Value>, kind: bool) -> Option<String> {
    match (before, after) {
        (Value::Null, _) => None,
        (_, None) => Some(format!("{before} to nothing")),
        (Value::Object(before), Some(Value::Object(after))) => {
            before.iter().find_map(|(key, value)| {
                if kind && (key == "apiVersion" || key == "kind") {
                    return None;
                }
                lost(value, after.get(key), kind).map(|lost| format!("{key}.{lost}"))
            })
        }
        (Value::Array(before), Some(Value::Array(after))) if before.len() == after.len() => before
            .iter()
            .zip(after)
            .find_map(|(before, after)| lost(before, Some(after), kind)),
        (Value::Array(before), Some(Value::Array(after))) if before.len() < after.len() => None,
        (before, Some(after)) => (before != after).then(|| format!("{before} to {after}")),
    }
}

fn syntax_errors(text: &str) -> usize {
    yaml_syntax::parse(text).errors().len()
}

fn unknown(text: &str) -> usize {
    let codes = ["unknown-field", "duplicate-key", "wrong-indentation"];
    let found = diagnostics(&open("a.yaml", text), FILE);
    found
        .iter()
        .filter(|found| codes.contains(&found.code))
        .count()
}

fn near(text: &str, cursor: usize, after: &str) -> String {
    let (before, behind) = text.split_at(cursor);
    let lines: Vec<&str> = before.split('\n').rev().take(5).collect();
    let lines: Vec<&str> = lines.into_iter().rev().collect();
    let behind: Vec<&str> = behind.split('\n').take(3).collect();
    let old: Vec<&str> = text.lines().collect();
    let new: Vec<&str> = after
        .lines()
        .filter(|line| !old.contains(line))
        .take(4)
        .collect();
    format!(
        "{}▮{}\n  ⇒ {}\n",
        lines.join("\n"),
        behind.join("\n"),
        new.join("\n  ⇒ ")
    )
}
