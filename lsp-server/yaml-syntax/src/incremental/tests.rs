use proptest::prelude::*;

use super::*;
use crate::{Document, Parse, events};

/// Small, so that short texts have many segments.
const SIZE: usize = 40;

/// Texts of several documents, most of them long enough to be cut.
fn stream() -> impl Strategy<Value = String> {
    const LINES: &[&str] = &[
        "apiVersion: v1",
        "kind: List",
        "items:",
        "- a: 1",
        "  b: 2",
        "  c:",
        "    - d",
        "    - e: f",
        "      g: h",
        "  text: |",
        "    some",
        "    words",
        "  flow: {a: 1,",
        "    b: [2, 3]}",
        "  quoted: \"a",
        "    b\"",
        "# comment",
        "",
        "  ? complex",
        "  : value",
        "half",
        "  half",
        "---",
        "...",
        "%YAML 1.2",
        "&anchor",
        "  &b",
        "\tx: y",
        " odd: 1",
        "   odd: 2",
        "'open: x",
        "[open",
        "- - - deep",
        "  long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "key: a",
        "  more",
        "--- # c",
        "--- {a: b}",
        "%TAG !e! tag:e,1:",
        "t: !e!x y",
        "",
        "  ",
        "-x: 1",
    ];
    const ENDS: &[&str] = &["\n", "\n", "\n", "\n", "\r\n", "\r"];
    let line = (prop::sample::select(LINES), prop::sample::select(ENDS));
    let lines = prop::collection::vec(line, 0..60);
    lines.prop_map(|lines| lines.iter().flat_map(|(line, end)| [*line, *end]).collect())
}

fn insert() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "x",
            ":",
            ": ",
            "\n",
            "\r",
            " ",
            "  ",
            "-",
            "---",
            "\n---\n",
            "\n...\n",
            "...",
            ".",
            "\"",
            "'",
            "[",
            "}",
            "# ",
            "\nkey: value\n",
            "\n  - item",
            "é",
            "%YAML 1.2\n",
            "%",
            "\t",
            "|",
            "&a ",
            "? ",
        ])
        .prop_map(str::to_owned),
        stream().prop_map(|text| text.chars().take(80).collect()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn segments_make_no_difference(text in stream()) {
        let cut = described(parse_in_segments(&text, SIZE));
        let whole = described(parse_in_segments(&text, usize::MAX));
        prop_assert_eq!(difference(&cut, &whole), None);
    }

    #[test]
    fn an_edit_equals_a_full_parse(
        text in stream(),
        edits in prop::collection::vec((0..1000_u32, 0..40_u32, insert()), 1..8),
    ) {
        let mut source = parse_in_segments(&text, SIZE);
        for (place, length, insert) in edits {
            let before = source.to_string();
            let start = u32::from(source.len()) / 1000 * place + u32::from(source.len()) % 1000 * place / 1000;
            let range = TextRange::new(TextSize::from(start), TextSize::from(start + length));
            edit_in_segments(&mut source, range, &insert, SIZE);
            let text = source.to_string();
            let full = described(parse_in_segments(&text, usize::MAX));
            let found = difference(&described(source.clone()), &full);
            prop_assert_eq!(found, None, "{:?} {:?} {:?}", before, range, insert);
        }
    }
}

/// The first line that differs.
fn difference(left: &str, right: &str) -> Option<String> {
    let mut lines = left.lines().zip(right.lines());
    let first = lines.find(|(left, right)| left != right);
    let first = first.map(|(left, right)| format!("{left}\n{right}"));
    first.or_else(|| (left != right).then(|| "one ends early".to_owned()))
}

/// All there is to see.
fn described(source: Source) -> String {
    let parse = Parse { source };
    let mut out = String::new();
    let mut say = |line: String| {
        out.push_str(&line);
        out.push('\n');
    };
    say(format!(
        "{:?} {}",
        parse.source.to_string(),
        parse.source.line_count()
    ));
    for event in events::events(&parse) {
        say(event.to_string());
    }
    for document in parse.documents() {
        say(format!("{:?}", document.range()));
        for (path, entry) in document.entries() {
            say(format!("{path:?} {:?} {:?}", entry.range(), entry.colon()));
            say(format!(
                "{:?}",
                entry
                    .value()
                    .map(|value| (value.range(), value.full_range()))
            ));
        }
        say(format!(
            "{:?}",
            Document::comments(document).collect::<Vec<_>>()
        ));
    }
    for error in parse.errors() {
        say(format!("{error:?}"));
    }
    out
}
