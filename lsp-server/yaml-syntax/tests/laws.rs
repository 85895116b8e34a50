//! Laws: no panic on any text, every byte kept, views within bounds.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::fmt::Write;
use std::path::Path;

use proptest::prelude::*;
use yaml_syntax::format::{self, Options, Sequences};
use yaml_syntax::{Document, Node, Parse, TextRange, TextSize, events, json};

const LAYOUT: Options = Options {
    step: 4,
    sequences: Sequences::Flush,
};

/// Texts made of what YAML is made of.
fn yaml() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "a",
        "b: c",
        "key:",
        "key: ",
        "- ",
        "-",
        "? ",
        ": ",
        ":",
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n ",
        "\r\n",
        "\r",
        "\t",
        " ",
        "  ",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        ",",
        "#",
        " # c",
        "&a ",
        "*a",
        "!t ",
        "!!str ",
        "!<x>",
        "|",
        ">",
        "|-\n",
        ">+\n",
        "|2\n",
        "---",
        "\n---\n",
        "\n...\n",
        "--- ",
        "%YAML 1.2\n",
        "%TAG !e! tag:x\n",
        "%",
        "@",
        "`",
        "\\",
        "\\n",
        "\\x4",
        "\u{feff}",
        "é",
        "𝄞",
        "\u{85}",
        "\0",
        "<<: *a",
        "yes",
        "0644",
        "1e3",
        ".inf",
        "spec",
        "- name: x",
        "\n  image: y",
        "\n- z",
        "null",
        "~",
    ];
    prop::collection::vec(prop::sample::select(PARTS), 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_yaml_like_text_is_kept_and_seen(text in yaml()) {
        look_at_everything(&text);
    }

    #[test]
    fn any_text_is_kept_and_seen(text in "\\PC*") {
        look_at_everything(&text);
    }

    #[test]
    fn an_edit_gives_what_parsing_the_result_gives(
        text in yaml(),
        edits in prop::collection::vec((0..200_u32, 0..10_u32, yaml()), 1..6),
    ) {
        let mut parse = yaml_syntax::parse(&text);
        for (start, length, insert) in edits {
            let range = TextRange::new(TextSize::from(start), TextSize::from(start + length));
            parse.edit(range, &insert);
            check_same(&parse);
        }
    }
}

#[test]
fn documents_keep_their_id_until_they_change() {
    let mut parse = yaml_syntax::parse("a: 1\n---\nb: 2\nc: 3\n---\nd: 4\n");
    let before: Vec<u64> = parse.documents().map(Document::id).collect();
    let clone = parse.clone();
    parse.edit(TextRange::empty(TextSize::from(14)), "5");
    let after: Vec<u64> = parse.documents().map(Document::id).collect();
    assert_eq!((before[0], before[2]), (after[0], after[2]));
    assert_ne!(before[1], after[1]);
    assert_eq!(
        clone.documents().map(Document::id).collect::<Vec<_>>(),
        before
    );
}

#[test]
fn a_long_text_is_not_multiplied_by_aliases() {
    let text = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1 << 20),
        "*a, ".repeat(100)
    );
    let parse = yaml_syntax::parse(&text);
    let error = json::document(parse.documents().next().unwrap()).unwrap_err();
    assert_eq!(
        error.message,
        "the aliases of this document repeat more than 32 MB of text"
    );
}

#[test]
fn paths_lead_to_places_and_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/manifests");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    for file in files.filter(|file| file.extension().is_some_and(|end| end == "yaml")) {
        let parse = yaml_syntax::parse(&std::fs::read_to_string(&file).unwrap());
        for document in parse.documents() {
            let entries: Vec<_> = document.entries().collect();
            let has_key_of_its_own = |path: &yaml_syntax::Path| {
                entries.iter().filter(|(other, _)| other == path).count() == 1
            };
            for (path, entry) in entries.iter().filter(|(path, _)| has_key_of_its_own(path)) {
                let Some(key @ Node::Scalar(_)) = entry.key() else {
                    continue;
                };
                assert_eq!(
                    document.path_at(key.range().start()),
                    *path,
                    "{}",
                    file.display()
                );
                assert_eq!(document.range_at_path(path), Some(entry.range()));
            }
        }
    }
}

#[test]
fn keys_may_start_with_a_dash() {
    for text in ["-a:\n  b: c\n", "-a:\n- b\n", "a:\n- b\n-c: d\n"] {
        assert!(yaml_syntax::parse(text).is_valid(), "{text}");
    }
}

#[test]
fn what_other_parsers_refuse_in_brackets_is_refused() {
    let codes = |text: &str| {
        let errors = yaml_syntax::parse(text).errors();
        errors.iter().map(|error| error.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("[&a b, &c *a]"), ["property-of-alias"]);
    assert_eq!(codes("{a:[b]}"), ["missing-blank"]);
    assert_eq!(codes("[? a :{b: c}]"), ["missing-blank"]);
    assert!(codes("{\"a\":[b]}").is_empty());
}

#[test]
fn properties_without_a_node_are_reported_where_they_stand() {
    look_at_everything(" !.'-|\t\n  !.'ar");
}

/// Each of these took a square of its length in time at some time.
#[test]
fn wide_and_deep_texts_are_read() {
    let lines = |line: &str| line.repeat(100_000 / line.len());
    let mut deep = String::new();
    for depth in 0..900 {
        writeln!(deep, "{}a:", " ".repeat(depth)).unwrap();
    }
    let mut handles = String::new();
    for number in 0..9000 {
        writeln!(handles, "%TAG !e{number}! t:").unwrap();
    }
    for text in [
        lines("a: b\n"),
        format!("{{{}}}", lines("a: b, ")),
        format!("{}{{{}}}", "- ".repeat(900), lines("a: b, ")),
        deep + &lines("# c\n"),
        lines("k:\n    # c\n  # d\n"),
        handles + "---\na: !e7!x b\n",
        format!("\"{}\"", lines("a\r")),
        format!("[{}]", lines("\"a\", ")),
    ] {
        let mut parse = yaml_syntax::parse(&text);
        let end = parse.source().len();
        for document in parse.documents() {
            let _ = json::document(document);
            assert!(document.entries().all(|(path, _)| !path.is_empty()));
            document.path_at(end);
            document.node_at(end);
            format::format(document, LAYOUT);
        }
        parse.edit(TextRange::empty(end), " ");
    }
}

#[test]
fn a_parse_may_be_read_by_many_threads() {
    fn check<T: Send + Sync + Clone + 'static>() {}
    check::<Parse>();
}

/// `parse` is what parsing its text from scratch gives.
fn check_same(parse: &Parse) {
    let text = parse.source().to_string();
    let fresh = yaml_syntax::parse(&text);
    let ranges = |parse: &Parse| parse.documents().map(Document::range).collect::<Vec<_>>();
    assert_eq!(ranges(parse), ranges(&fresh), "{text:?}");
    assert_eq!(parse.errors(), fresh.errors(), "{text:?}");
    assert_eq!(described(parse), described(&fresh), "{text:?}");
    assert_eq!(
        parse.source().line_count(),
        fresh.source().line_count(),
        "{text:?}"
    );
}

fn look_at_everything(text: &str) {
    let parse = yaml_syntax::parse(text);
    assert_eq!(parse.source().to_string(), text);
    let covered: u32 = parse
        .documents()
        .map(|document| u32::from(document.range().len()))
        .sum();
    assert_eq!(covered as usize, text.len());
    for error in parse.errors() {
        assert!(error.range.end() <= parse.source().len());
    }
    described(&parse);
    for offset in 0..=text.len() as u32 {
        let offset = TextSize::from(offset);
        let at = parse.source().line_col(offset);
        if text.is_char_boundary(offset.into())
            && parse.source().line_range(at.line).touches(offset)
        {
            let wide = parse.source().to_utf16(at);
            let back = parse.source().from_utf16(wide);
            assert_eq!(back, at, "{text:?} {offset}");
        }
        if let Some(document) = parse.document_at(offset) {
            let path = document.path_at(offset);
            document.node_at(offset);
            document.node_at_path(&path);
            document.range_at_path(&path);
            document.anchor("a", offset);
        }
    }
    for document in parse.documents() {
        let _ = json::document(document);
        document
            .comments()
            .for_each(|range| assert!(!range.is_empty()));
    }
}

/// All that the views say, as text.
fn described(parse: &Parse) -> String {
    let mut out = String::new();
    for event in events::events(parse) {
        writeln!(out, "{event}").unwrap();
    }
    for document in parse.documents() {
        let mut nodes: Vec<Node<'_>> = document.root().into_iter().collect();
        while let Some(node) = nodes.pop() {
            let (range, full) = (node.range(), node.full_range());
            assert!(full.covers(range), "{range:?} {full:?}");
            writeln!(
                out,
                "{range:?} {full:?} {:?} {:?}",
                node.anchor(),
                node.tag()
            )
            .unwrap();
            match node {
                Node::Mapping(mapping) => {
                    for entry in mapping.entries() {
                        assert!(
                            range.covers(entry.range()),
                            "{range:?} {:?}\n{}",
                            entry.range(),
                            parse.source()
                        );
                        writeln!(out, "{:?} {:?}", entry.range(), entry.colon()).unwrap();
                        nodes.extend(entry.key());
                        nodes.extend(entry.value());
                    }
                }
                Node::Sequence(sequence) => {
                    for item in sequence.items() {
                        assert!(
                            range.covers(item.range()),
                            "{range:?} {:?}\n{}",
                            item.range(),
                            parse.source()
                        );
                        writeln!(out, "{:?}", item.range()).unwrap();
                        nodes.extend(item.node());
                    }
                }
                Node::Scalar(scalar) => out.push_str(&scalar.text()),
                Node::Alias(alias) => out.push_str(alias.name()),
            }
        }
    }
    out
}
