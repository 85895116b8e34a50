//! Layout changes no meaning, and is done after one round.

use yaml_ide::format::{format, format_on_type, format_range};
use yaml_syntax::{TextRange, TextSize};

use super::{FILE, all_sorts, applied, boundary, none, open, values};

#[test]
fn layout_keeps_the_meaning_and_ends() {
    let mut wrong = Vec::new();
    for (name, text) in all_sorts() {
        let after = applied(&text, &format(&open("a.yaml", &text), FILE));
        if values(&text) != values(&after) {
            wrong.push(format!("{name}: another meaning\n{text}\n=>\n{after}"));
        }
        let again = applied(&after, &format(&open("a.yaml", &after), FILE));
        if again != after {
            let line = after.lines().zip(again.lines()).find(|(a, b)| a != b);
            wrong.push(format!("{name}: not done {line:?}"));
        }
        if text.contains("\r\n")
            && !text.replace("\r\n", "").contains('\n')
            && after.replace("\r\n", "").contains('\n')
        {
            wrong.push(format!("{name}: mixed line ends"));
        }
    }
    none(&wrong);
}

#[test]
fn layout_of_a_range_keeps_the_meaning() {
    let mut wrong = Vec::new();
    for (index, (name, text)) in all_sorts().into_iter().enumerate() {
        let start = boundary(&text, text.len() * (index % 7) / 8);
        let end = boundary(&text, start + 1 + index % 90).max(start);
        let range = TextRange::new(TextSize::from(start as u32), TextSize::from(end as u32));
        let analysis = open("a.yaml", &text);
        let edits = format_range(&analysis, FILE, range);
        let after = applied(&text, &edits);
        if values(&text) != values(&after) {
            wrong.push(format!(
                "{name}: {range:?} another meaning\n{text}\n=>\n{after}"
            ));
        }
    }
    none(&wrong);
}

#[test]
fn indentation_while_typing_keeps_the_meaning() {
    let mut wrong = Vec::new();
    for (name, text) in all_sorts() {
        let ends = text.match_indices('\n').map(|(at, _)| at).step_by(7);
        for end in ends {
            let broken = if text[..end].ends_with('\r') {
                "\r\n"
            } else {
                "\n"
            };
            let typed = format!("{}{broken}{}", &text[..=end], &text[end + 1..]);
            let cursor = TextSize::from((end + 1) as u32);
            let analysis = open("a.yaml", &typed);
            let edits = format_on_type(&analysis, FILE, cursor, '\n');
            let after = applied(&typed, &edits);
            if values(&typed) != values(&after) {
                let near: Vec<&str> = text[..end].lines().rev().take(3).collect();
                wrong.push(format!("{name}: another meaning after\n{near:?} {edits:?}"));
            }
        }
    }
    none(&wrong);
}
