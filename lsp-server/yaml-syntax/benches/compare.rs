//! This parser beside its peers, round by round in one process, and the time of single keystrokes.
//!
//! `cargo bench -p yaml-syntax --bench compare`; `cargo xtask bench --wasm` runs the same in Node.js.
//! Unlike the other benchmarks it needs no thread and no signal, so that WebAssembly can run it.
#![expect(clippy::print_stdout, reason = "the result")]

#[path = "support/manifests.rs"]
mod manifests;

use std::hint::black_box;
use std::time::{Duration, Instant};

use yaml_syntax::{Parse, TextRange, TextSize};

/// A parser that takes a text and drops what it made of it.
type Parser = fn(&str);

const PARSERS: [Parser; 3] = [
    |text| drop(yaml_syntax::parse(black_box(text))),
    |text| drop(oneyaml_syntax::SyntaxTree::parse(black_box(text))),
    |text| {
        saphyr_parser::Parser::new_from_str(black_box(text)).count();
    },
];

/// What is typed at the end of a line.
type Typist = fn(&str) -> String;

/// Edits of each kind, each at its own place.
const KEYSTROKES: u32 = 400;

fn main() {
    let documents = manifests::documents(236, 20_000);
    let list = manifests::list(20_000);
    println!("MB/s, median and best\n");
    println!("| input | ours | oneyaml-syntax | saphyr-parser | ours ÷ oneyaml-syntax |");
    println!("|---|---|---|---|---|");
    throughput("60 lines", &manifests::lines(60), 401);
    throughput("1 MB", &manifests::bytes(1_000_000), 41);
    throughput("10 MB", &manifests::bytes(10_000_000), 5);
    throughput("236 documents", &documents, 41);
    throughput("one document", &list, 41);
    println!("\nOne keystroke, best of three at each place, µs: median, 99 of 100, worst\n");
    println!("| input | a letter | a stray quote | a half-typed key |");
    println!("|---|---|---|---|");
    keystrokes("236 documents", &documents);
    keystrokes("one document", &list);
    keystrokes("1 MB", &manifests::bytes(1_000_000));
    keystrokes("10 MB", &manifests::bytes(10_000_000));
}

fn throughput(name: &str, text: &str, rounds: usize) {
    let mut times = PARSERS.map(|_| Vec::with_capacity(rounds));
    for _ in 0..rounds {
        for (parser, times) in PARSERS.iter().zip(&mut times) {
            times.push(time(|| parser(text)));
        }
    }
    let megabytes = f64::from(u32::from(TextSize::of(text))) / 1e6;
    let rates = times.map(|mut times| {
        times.sort();
        [times[rounds / 2], times[0]].map(|time| megabytes / time.as_secs_f64())
    });
    let cells = rates.map(|[median, best]| format!("{median:.0} / {best:.0}"));
    let ratio = rates[0][0] / rates[1][0];
    println!("| {name} | {} | {ratio:.1} |", cells.join(" | "));
}

fn keystrokes(name: &str, text: &str) {
    let typists: [Typist; 3] = [
        |_| "x".to_owned(),
        |_| " \"".to_owned(),
        |line| format!("\n{}sel", &line[..line.len() - line.trim_start().len()]),
    ];
    let cells = typists.map(|typist| {
        let mut times = typed_into(&mut yaml_syntax::parse(text), typist);
        times.sort();
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e6;
        format!("{:.0}, {:.0}, {:.0}", at(50), at(99), at(100))
    });
    println!("| {name} | {} |", cells.join(" | "));
}

/// Types at the ends of lines all over the text, and takes it back again. Of three times at each
/// place the best counts, so that what else the machine does is left out.
fn typed_into(parse: &mut Parse, typist: Typist) -> Vec<Duration> {
    let lines = parse.source().line_count();
    let mut times = Vec::new();
    for place in 0..KEYSTROKES {
        let line = (u64::from(place) * u64::from(lines) / u64::from(KEYSTROKES)) as u32;
        let range = parse.source().line_range(line);
        let typed = typist(&parse.source().slice(range));
        let at = range.end();
        let end = at + TextSize::of(&typed);
        let mut best = [Duration::MAX; 2];
        for _ in 0..3 {
            let written = time(|| parse.edit(TextRange::empty(at), &typed));
            let removed = time(|| parse.edit(TextRange::new(at, end), ""));
            best = [best[0].min(written), best[1].min(removed)];
        }
        times.extend(best);
    }
    times
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}
