//! Any text as JSON: no panic, and a value that is JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml_syntax::{highlight, json};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let parse = yaml_syntax::parse(&text);
    for document in parse.documents() {
        match json::document(document) {
            Ok(json) => {
                for key in json.duplicates {
                    assert!(document.range().covers(key));
                }
            }
            Err(error) => assert!(document.range().covers(error.range), "{error:?}"),
        }
        if let Some(root) = document.root() {
            let _ = json::node(document, root);
        }
    }
    check_colors(&text);
});

/// Parts of lines are in order, disjoint, and end with their line.
fn check_colors(text: &str) {
    let mut state = highlight::LineState::default();
    for line in text.lines() {
        let mut spans = Vec::new();
        let after = highlight::highlight_line(line, state, &mut spans);
        assert_eq!(after, highlight::next_state(line, state));
        state = after;
        let mut end = 0;
        for span in spans {
            assert!(end <= span.start && span.start < span.end, "{line:?}");
            assert!(line.get(span.start as usize..span.end as usize).is_some(), "{line:?}");
            end = span.end;
        }
    }
}
