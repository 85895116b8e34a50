//! Any bytes: kept one by one, and every view of them can be looked at.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml_syntax::events::{self, Event};
use yaml_syntax::{Document, Parse, TextSize};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let parse = yaml_syntax::parse(&text);
    assert_eq!(parse.source().to_string(), text);
    assert_eq!(parse.is_valid(), parse.errors().is_empty());
    for error in parse.errors() {
        assert!(error.range.end() <= parse.source().len());
    }
    check_events(&parse);
    parse.documents().for_each(check_document);
});

/// What starts ends, in order.
fn check_events(parse: &Parse) {
    let mut open = Vec::new();
    for event in events::events(parse) {
        match event {
            Event::StreamStart => open.push("stream"),
            Event::DocumentStart { .. } => open.push("document"),
            Event::MappingStart { .. } => open.push("mapping"),
            Event::SequenceStart { .. } => open.push("sequence"),
            Event::StreamEnd => assert_eq!(open.pop(), Some("stream")),
            Event::DocumentEnd { .. } => assert_eq!(open.pop(), Some("document")),
            Event::MappingEnd => assert_eq!(open.pop(), Some("mapping")),
            Event::SequenceEnd => assert_eq!(open.pop(), Some("sequence")),
            Event::Scalar { .. } | Event::Alias(_) => assert!(open.len() > 1),
        }
    }
    assert!(open.is_empty());
}

fn check_document(document: Document<'_>) {
    for (path, entry) in document.entries().take(200) {
        assert!(document.range().covers(entry.range()));
        document.path_at(entry.range().start());
        document.node_at(entry.range().end());
        document.entry_at_path(&path);
    }
    let start = u32::from(document.range().start());
    let end = u32::from(document.range().end());
    for offset in (start..end).step_by(1 + (end - start) as usize / 50) {
        let path = document.path_at(TextSize::from(offset));
        document.node_at_path(&path);
    }
}
