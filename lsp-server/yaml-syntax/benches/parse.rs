//! Bytes per second of a whole parse, and the time of a keystroke.
//!
//! `cargo bench -p yaml-syntax`: the peers run in the same process, so compare within one run.

#[path = "support/manifests.rs"]
mod manifests;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use yaml_syntax::{Parse, TextRange, TextSize};

fn main() {
    divan::main();
}

/// The texts that are measured.
const INPUTS: [&str; 5] = ["60 lines", "1 MB", "10 MB", "236 documents", "one document"];

fn input(name: &str) -> String {
    match name {
        "60 lines" => manifests::lines(60),
        "1 MB" => manifests::bytes(1_000_000),
        "10 MB" => manifests::bytes(10_000_000),
        "236 documents" => manifests::documents(236, 20_000),
        _ => manifests::list(20_000),
    }
}

#[divan::bench(args = INPUTS)]
fn ours(bencher: Bencher<'_, '_>, name: &str) {
    let text = input(name);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| yaml_syntax::parse(black_box(&text)));
}

#[divan::bench(args = INPUTS)]
fn oneyaml_tree(bencher: Bencher<'_, '_>, name: &str) {
    let text = input(name);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| oneyaml_syntax::SyntaxTree::parse(black_box(text.as_str())));
}

#[divan::bench(args = INPUTS)]
fn saphyr_events(bencher: Bencher<'_, '_>, name: &str) {
    let text = input(name);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| saphyr_parser::Parser::new_from_str(black_box(&text)).count());
}

/// A letter at the end of a line, and the backspace that removes it.
#[divan::bench(args = ["236 documents", "one document"])]
fn keystroke(bencher: Bencher<'_, '_>, name: &str) {
    let mut typist = Typist::new(&input(name));
    bencher.bench_local(|| typist.letter());
}

/// A quote that opens at a value and closes nowhere, and the backspace that removes it.
#[divan::bench(args = ["236 documents", "one document"])]
fn stray_quote(bencher: Bencher<'_, '_>, name: &str) {
    let mut typist = Typist::new(&input(name));
    bencher.bench_local(|| typist.quote());
}

/// Types here and there; each call is one edit.
struct Typist {
    parse: Parse,
    places: Vec<TextSize>,
    next: usize,
    typed: bool,
}

impl Typist {
    fn new(text: &str) -> Self {
        let parse = yaml_syntax::parse(text);
        let lines = parse.source().line_count();
        let step = (lines / 40) as usize;
        let lines = (7..lines).step_by(step);
        let places = lines
            .map(|line| parse.source().line_range(line).end())
            .collect();
        Self {
            parse,
            places,
            next: 0,
            typed: false,
        }
    }

    fn letter(&mut self) {
        self.toggle("x");
    }

    fn quote(&mut self) {
        self.toggle(" \"");
    }

    fn toggle(&mut self, text: &str) {
        let at = self.places[self.next];
        if self.typed {
            let end = at + TextSize::of(text);
            self.parse.edit(TextRange::new(at, end), "");
            self.next = (self.next + 1) % self.places.len();
        } else {
            self.parse.edit(TextRange::empty(at), text);
        }
        self.typed = !self.typed;
    }
}
