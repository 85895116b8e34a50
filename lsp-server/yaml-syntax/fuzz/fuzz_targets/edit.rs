//! Any edits of any text: the same as parsing the result.
//!
//! The input is lines; the first is the text (with `\0` for a line break), each other one an edit:
//! two bytes of place, one of length, the rest is inserted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaml_syntax::{Parse, TextRange, TextSize, events};

fuzz_target!(|input: &str| {
    let mut lines = input.split('\n').map(|line| line.replace('\0', "\n"));
    let Some(text) = lines.next() else { return };
    let mut parse = yaml_syntax::parse(&text);
    for line in lines {
        let mut bytes = line.bytes().map(u32::from);
        let mut next = || bytes.next().unwrap_or(0);
        let start = TextSize::from(next() * 128 + next());
        let end = start + TextSize::from(next());
        let insert: String = line.chars().skip(3).collect();
        parse.edit(TextRange::new(start, end), &insert);
        let fresh = yaml_syntax::parse(&parse.source().to_string());
        assert_eq!(parse.errors(), fresh.errors());
        assert!(same(&parse, &fresh));
    }
});

fn same(left: &Parse, right: &Parse) -> bool {
    events::events(left).eq(events::events(right))
}
