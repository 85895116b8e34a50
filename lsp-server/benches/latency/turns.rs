//! How long the worker is deaf: the longest piece of work between two looks at what has arrived.

use std::fmt::Write as _;
use std::io;

use serde_json::json;

use crate::peers::Peer;
use crate::{File, Typist, URI};

pub(crate) const HEAD: &str = "\
| lines | kB of text | open | first diagnostics | a key | symbols | folds | tokens | formatting \
| all diagnostics | s to diagnostics | peak MB |
|---|---|---|---|---|---|---|---|---|---|---|---|
";

/// What is asked about the whole file.
const QUESTIONS: [&str; 5] = [
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/semanticTokens/full",
    "textDocument/formatting",
    "workspace/diagnostic",
];

/// A row: the longest turn of each piece of work, in milliseconds of the worker's thread.
pub(crate) fn measure(worker: &Peer, file: &File) -> io::Result<String> {
    let started = std::time::Instant::now();
    let mut typist = Typist::new(worker, file)?;
    let kilobytes = file.text.len() / 1_000;
    let mut row = format!("{} | {kilobytes}", file.name);
    typist.tell()?;
    let place = json!({"line": 0, "character": 0});
    let params = json!({"textDocument": {"uri": URI}, "position": place});
    typist.server.request("textDocument/hover", &params)?;
    typist.longest_turn(&mut row)?;
    typist.judged()?;
    let open = started.elapsed();
    typist.longest_turn(&mut row)?;
    for _ in 0..2 {
        typist.key()?;
        typist.judged()?;
    }
    typist.longest_turn(&mut row)?;
    let params = json!({"textDocument": {"uri": URI}, "options": {}, "previousResultIds": []});
    for method in QUESTIONS {
        typist.server.request(method, &params)?;
        typist.longest_turn(&mut row)?;
    }
    let peak = typist.server.peak_memory()?;
    // A text takes it without fail.
    let _ = write!(row, " | {:.1} | {peak:.0}", open.as_secs_f64());
    Ok(row)
}

impl Typist<'_> {
    /// Adds the longest turn since this was last called.
    fn longest_turn(&mut self, row: &mut String) -> io::Result<()> {
        let answer = self.server.request("test/longestTurn", &json!({}))?;
        let milliseconds = answer["result"].as_f64().unwrap_or(f64::NAN);
        let _ = write!(row, " | {milliseconds:.1}");
        Ok(())
    }
}
