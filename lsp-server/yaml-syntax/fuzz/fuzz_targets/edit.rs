//! Any edits of any text: the same as parsing the result.
//!
//! The input is a text and edits, each behind a byte 0xFF, which no text contains: three bytes of
//! place, one of length, and what is inserted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml_syntax::{Document, Parse, TextRange, TextSize, events};

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|&byte| byte == 0xFF);
    let text = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let mut parse = yaml_syntax::parse(&text);
    for part in parts.take(20) {
        let byte = |at: usize| part.get(at).copied().map_or(0, u32::from);
        let place = (byte(0) << 16 | byte(1) << 8 | byte(2)) % (u32::from(parse.source().len()) + 1);
        let start = TextSize::from(place);
        let end = start + TextSize::from(byte(3));
        let insert = String::from_utf8_lossy(part.get(4..).unwrap_or_default());
        parse.edit(TextRange::new(start, end), &insert);
        check(&parse);
    }
});

fn check(parse: &Parse) {
    let text = parse.source().to_string();
    let fresh = yaml_syntax::parse(&text);
    assert_eq!(parse.errors(), fresh.errors());
    assert_eq!(parse.source().line_count(), fresh.source().line_count());
    assert!(events::events(parse).eq(events::events(&fresh)));
    let ranges = |parse: &Parse| parse.documents().map(Document::range).collect::<Vec<_>>();
    assert_eq!(ranges(parse), ranges(&fresh));
    for (old, new) in parse.documents().zip(fresh.documents()) {
        assert!(old.comments().eq(new.comments()));
    }
}
