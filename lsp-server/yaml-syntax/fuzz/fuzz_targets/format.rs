//! Any text laid out: it means the same, keeps its comments, and is laid out once and for all.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml_syntax::edit::{TextEdit, apply};
use yaml_syntax::format::{Options, Sequences, format};
use yaml_syntax::{Document, Parse, events, json, parse};

const LAYOUTS: [Options; 2] = [
    Options { step: 2, sequences: Sequences::Indented },
    Options { step: 4, sequences: Sequences::Flush },
];

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let before = parse(&text);
    for options in LAYOUTS {
        let once = laid_out(&before, options);
        let after = parse(&once);
        assert_eq!(before.is_valid(), after.is_valid());
        if before.is_valid() {
            assert!(events::events(&before).eq(events::events(&after)));
        }
        // What kubectl refuses for a tab, it may take once that is gone.
        for (before, after) in values(&before).iter().zip(values(&after)) {
            assert!(before.is_none() || *before == after);
        }
        assert_eq!(comments(&before), comments(&after));
        assert_eq!(laid_out(&after, options), once);
    }
});

fn laid_out(parse: &Parse, options: Options) -> String {
    let edits: Vec<TextEdit> = parse.documents().flat_map(|it| format(it, options)).collect();
    apply(&parse.source().to_string(), &edits)
}

fn values(parse: &Parse) -> Vec<Option<serde_json::Value>> {
    let read = |document: Document<'_>| json::document(document).ok().map(|json| json.value);
    parse.documents().map(read).collect()
}

fn comments(parse: &Parse) -> Vec<String> {
    let ranges = parse.documents().flat_map(Document::comments);
    let texts = ranges.map(|range| parse.source().slice(range).trim_end().to_owned());
    texts.collect()
}
