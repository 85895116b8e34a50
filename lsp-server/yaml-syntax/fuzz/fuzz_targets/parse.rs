//! Any text: kept byte for byte, and every view of it can be looked at.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml_syntax::{events, json};

fuzz_target!(|text: &str| {
    let parse = yaml_syntax::parse(text);
    assert_eq!(parse.source().to_string(), text);
    events::events(&parse).for_each(drop);
    for error in parse.errors() {
        assert!(error.range.end() <= parse.source().len());
    }
    for document in parse.documents() {
        for (path, entry) in document.entries() {
            assert!(document.range().covers(entry.range()));
            document.path_at(entry.range().start());
            document.entry_at_path(&path);
        }
        let _ = json::document(document);
    }
});
