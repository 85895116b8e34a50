//! Names: definition, references and highlights agree, and a rename keeps them together.

use yaml_ide::document_highlight::document_highlight;
use yaml_ide::find_references::find_references;
use yaml_ide::goto_definition::goto_definition;
use yaml_ide::rename::{prepare_rename, rename};
use yaml_syntax::{TextRange, TextSize};

use super::{FILE, all_sorts, applied, none, open, texts, values};

/// Names that a plain scalar would not keep.
const ODD: [&str; 8] = ["123", "true", "on", "1e3", "null", "0x1f", "a.b", "b-2"];

#[test]
fn references_are_symmetric() {
    let mut wrong = Vec::new();
    for (name, text) in all_sorts() {
        let analysis = open("a.yaml", &text);
        let mut done: Option<TextRange> = None;
        for at in 0..text.len() {
            let offset = TextSize::from(at as u32);
            if !text.is_char_boundary(at) || done.is_some_and(|done| done.touches(offset)) {
                continue;
            }
            let places = find_references(&analysis, FILE, offset, true);
            if places.is_empty() {
                continue;
            }
            let Some(here) = places.iter().find(|place| place.range.touches(offset)) else {
                wrong.push(format!(
                    "{name}: {at} is not among its own references {places:?}"
                ));
                continue;
            };
            done = Some(here.range);
            for place in &places {
                let back = find_references(&analysis, FILE, place.range.start(), true);
                if !back.iter().any(|back| back.range == here.range) {
                    wrong.push(format!(
                        "{name}: {:?} does not lead back to {:?} {:?}",
                        place.range,
                        here.range,
                        &text[std::ops::Range::<usize>::from(here.range)]
                    ));
                }
            }
            for target in goto_definition(&analysis, FILE, offset) {
                if !places.iter().any(|place| place.range == target.selection) {
                    wrong.push(format!(
                        "{name}: definition {:?} is no reference",
                        target.selection
                    ));
                }
            }
            let highlights = document_highlight(&analysis, FILE, offset);
            if highlights.len() != places.len()
                || !highlights.is_sorted_by(|a, b| a.range.start() < b.range.start())
            {
                wrong.push(format!(
                    "{name}: {at} highlights {highlights:?} and places {places:?}"
                ));
            }
        }
    }
    none(&wrong);
}

#[test]
fn names_stay_texts_when_they_are_renamed() {
    let mut wrong = Vec::new();
    for (index, (name, text)) in texts("manifests").into_iter().enumerate() {
        let analysis = open("a.yaml", &text);
        let mut done: Vec<TextRange> = Vec::new();
        for at in 0..text.len() {
            let offset = TextSize::from(at as u32);
            if !text.is_char_boundary(at) || done.iter().any(|range| range.touches(offset)) {
                continue;
            }
            let Some(found) = prepare_rename(&analysis, FILE, offset) else {
                continue;
            };
            done.push(found.range);
            let to = ODD[(index + done.len()) % ODD.len()];
            let Ok(edit) = rename(&analysis, FILE, offset, to) else {
                continue;
            };
            let edits = edit.files.get(&FILE).cloned().unwrap_or_default();
            let after = applied(&text, &edits);
            let (before, then) = (values(&text), values(&after));
            let types = |values: &[Option<serde_json::Value>]| {
                values
                    .iter()
                    .map(|value| value.as_ref().map(shape))
                    .collect::<Vec<_>>()
            };
            if types(&before) != types(&then) {
                wrong.push(format!(
                    "{name}: `{}` to `{to}` changes a type: {:?}",
                    found.name, edits
                ));
            }
            let count = |text: &str, offset| {
                find_references(&open("a.yaml", text), FILE, offset, true).len()
            };
            let (had, has) = (
                count(&text, offset),
                count(&after, edits[0].range.start() + TextSize::from(1)),
            );
            if had != has {
                wrong.push(format!(
                    "{name}: `{}` to `{to}` had {had} places and has {has}",
                    found.name
                ));
            }
        }
    }
    none(&wrong);
}

/// The types of all values, without keys and texts.
fn shape(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Object(object) => {
            let mut inner: Vec<_> = object.values().map(shape).collect();
            inner.sort();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(shape).collect::<Vec<_>>().join(",")
        ),
        Value::String(_) => "s".to_owned(),
        Value::Number(_) => "n".to_owned(),
        Value::Bool(_) => "b".to_owned(),
        Value::Null => "0".to_owned(),
    }
}
