//! Every key, taken away or half typed.

use serde_json::Value;
use yaml_syntax::{Path, PathSegment};

use super::styles;
use super::trial::{Site, Tally, Trial, Wanted, each};

/// A key that stands in a text.
struct Place<'t> {
    text: &'t str,
    document: usize,
    path: Path,
    key: String,
    /// Where key, colon and value stand.
    start: usize,
    key_end: usize,
    end: usize,
    in_brackets: bool,
    /// The document as it is.
    json: Value,
}

/// The keys of a text that its schema knows. `within` leads to the object in its document.
fn places<'t>(
    text: &'t str,
    document: usize,
    within: &[PathSegment],
    json: &Value,
    known: &[Site],
) -> Vec<Place<'t>> {
    let parse = yaml_syntax::parse(text);
    let Some(found) = parse.documents().nth(document) else {
        return Vec::new();
    };
    let entries = found.entries().filter_map(|(path, entry)| {
        let (_, parent) = path.split_last()?;
        let in_brackets = found.node_at_path(parent)?.as_mapping()?.is_flow();
        let inner = path.strip_prefix(within)?;
        let site = known.iter().find(|site| site.path == inner)?;
        let range = entry.range();
        Some(Place {
            text,
            document,
            key: site.key.clone(),
            start: range.start().into(),
            key_end: entry.key()?.range().end().into(),
            end: range.end().into(),
            in_brackets,
            json: json.clone(),
            path,
        })
    });
    entries.collect()
}

impl Place<'_> {
    /// The text with `typed` in the place of `gone`; `$0` is the cursor.
    fn trial(&self, gone: std::ops::Range<usize>, typed: &str, open: bool) -> Trial {
        let cursor = typed.find('$').expect("a cursor");
        let typed = typed.replace('$', "");
        let text = format!(
            "{}{typed}{}",
            &self.text[..gone.start],
            &self.text[gone.end..]
        );
        Trial {
            text,
            cursor: gone.start + cursor,
            document: self.document,
            label: self.key.clone(),
            kind: Wanted::Key,
            after: self.json.clone(),
            open: open.then(|| self.path.clone()),
        }
    }

    fn letters(&self, count: usize) -> &str {
        &self.key[..count.min(self.key.len() - 1)]
    }

    fn half(&self) -> &str {
        self.letters(self.key.len().div_ceil(2))
    }

    /// Where the line of the entry ends: a comment behind it goes too.
    fn line_end(&self) -> usize {
        self.text[self.end..]
            .find(['\r', '\n'])
            .map_or(self.text.len(), |at| self.end + at)
    }

    /// Whether it stands in lines, with nothing but blanks and dashes before it.
    fn in_lines(&self) -> bool {
        let line = self.text[..self.start].rfind('\n').map_or(0, |at| at + 1);
        !self.in_brackets
            && self.text[line..self.start]
                .chars()
                .all(|c| matches!(c, ' ' | '-' | '\u{feff}'))
    }

    /// The text up to it, and what kubectl reads there.
    fn cut(&self, typed: &str, behind: &str) -> Option<Trial> {
        let before = &self.text[..self.start];
        let mut trial = self.trial(self.start..self.text.len(), typed, true);
        trial.text.push_str(behind);
        let parse = yaml_syntax::parse(before);
        let document = parse.documents().nth(self.document);
        trial.after = match document {
            Some(document) => yaml_syntax::json::document(document).ok()?.value,
            None => Value::Null,
        };
        Some(trial)
    }
}

#[test]
fn keys_in_lines_come_back() {
    let mut tally = Tally::default();
    each(|text, json, known| {
        for place in places(text, 0, &[], json, known) {
            if place.in_lines() {
                lines(&mut tally, &place);
            }
        }
    });
    tally.check();
}

fn lines(tally: &mut Tally, place: &Place<'_>) {
    let gone = place.start..place.line_end();
    tally.take("empty line", &place.trial(gone.clone(), "$", true));
    tally.take(
        "one letter",
        &place.trial(gone.clone(), &format!("{}$", place.letters(1)), true),
    );
    tally.take(
        "half a key",
        &place.trial(gone.clone(), &format!("{}$", place.half()), true),
    );
    tally.take(
        "half a key in quotes",
        &place.trial(gone, &format!("\"{}$\"", place.half()), true),
    );
    let key = place.start..place.key_end;
    tally.take(
        "with its value",
        &place.trial(key.clone(), &format!("{}$", place.half()), false),
    );
    tally.take(
        "quoted, with its value",
        &place.trial(key, &format!("\"{}$\"", place.half()), false),
    );
    if let Some(trial) = place.cut("$", "") {
        tally.take("cut off", &trial);
    }
    if let Some(trial) = place.cut(&format!("{}$", place.half()), "") {
        tally.take("cut off in the key", &trial);
    }
    if let Some(trial) = place.cut("$", &format!("\n---\n{}", styles::NEIGHBOR)) {
        tally.take("end of a document", &trial);
    }
}

#[test]
fn keys_come_back_wherever_the_document_stands() {
    let mut tally = Tally::default();
    each(|text, json, known| {
        let middle = styles::in_the_middle(text);
        let list = styles::in_list(text);
        let within = [PathSegment::Key("items".into()), PathSegment::Index(0)];
        let list_json = super::trial::json(&list);
        some(
            &mut tally,
            "between documents",
            &places(&middle, 1, &[], json, known),
        );
        let is_list = json.get("items").is_some();
        if let Some(list_json) = list_json.filter(|_| !is_list) {
            some(
                &mut tally,
                "in a list",
                &places(&list, 0, &within, &list_json, known),
            );
        }
        let breaks = text.replace('\n', "\r\n");
        if super::trial::json(&breaks).as_ref() == Some(json) {
            some(&mut tally, "CRLF", &places(&breaks, 0, &[], json, known));
        }
        let marked = format!("\u{feff}# é 日本\n{text}");
        some(&mut tally, "BOM", &places(&marked, 0, &[], json, known));
    });
    tally.check();
}

fn some(tally: &mut Tally, sort: &'static str, places: &[Place<'_>]) {
    for place in places.iter().filter(|place| place.in_lines()) {
        let gone = place.start..place.line_end();
        tally.take(sort, &place.trial(gone.clone(), "$", true));
        tally.take(
            sort,
            &place.trial(gone, &format!("{}$", place.half()), true),
        );
        let key = place.start..place.key_end;
        tally.take(
            sort,
            &place.trial(key, &format!("{}$", place.half()), false),
        );
    }
}

#[test]
fn keys_in_brackets_come_back() {
    let mut tally = Tally::default();
    each(|_, json, known| {
        let flow = styles::flow(json);
        for place in places(&flow, 0, &[], json, known) {
            brackets(&mut tally, "flow", "", &place);
        }
        for (sort, text) in [
            ("JSON", serde_json::to_string(json).unwrap()),
            ("JSON in lines", serde_json::to_string_pretty(json).unwrap()),
        ] {
            for place in places(&text, 0, &[], json, known) {
                brackets(&mut tally, sort, "\"", &place);
            }
        }
    });
    tally.check();
}

fn brackets(tally: &mut Tally, sort: &'static str, quote: &str, place: &Place<'_>) {
    let gone = place.start..place.end;
    let half = format!("{quote}{}${quote}", place.half());
    tally.take(sort, &place.trial(gone.clone(), "$", true));
    tally.take(sort, &place.trial(gone.clone(), &half, true));
    tally.take(sort, &place.trial(place.start..place.key_end, &half, false));
    // Without the comma behind it, too.
    let behind = &place.text[place.end..];
    if behind.starts_with([',']) && behind[1..].starts_with([' ', '\n']) {
        tally.take(sort, &place.trial(place.start..place.end + 1, &half, true));
    }
}
