//! The most memory that is in use at once while a text of one million bytes becomes a tree.
//!
//! `cargo bench -p yaml-syntax --bench memory`: the column `max alloc` in MB is a multiple of the
//! input. saphyr-parser builds no tree; its events are collected, as whoever uses them would.

#[path = "support/manifests.rs"]
#[expect(dead_code, reason = "one size is enough here")]
mod manifests;

use divan::{AllocProfiler, Bencher, black_box};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn input() -> String {
    manifests::bytes(1_000_000)
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn ours(bencher: Bencher<'_, '_>) {
    let text = input();
    bencher.bench_local(|| yaml_syntax::parse(black_box(&text)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn oneyaml_tree(bencher: Bencher<'_, '_>) {
    let text = input();
    bencher.bench_local(|| oneyaml_syntax::SyntaxTree::parse(black_box(text.as_str())));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn saphyr_events(bencher: Bencher<'_, '_>) {
    let text = input();
    let events = || saphyr_parser::Parser::new_from_str(black_box(&text)).collect::<Vec<_>>();
    bencher.bench_local(events);
}
