//! How long a person waits: language servers over their standard streams, side by side, with files
//! of three sizes.
//!
//! Prints a table of medians in milliseconds, from a key to the answer, and the most memory that
//! each program had; then how long the worker is deaf at most, up to 10 MB in 20,000 documents.

mod peers;
mod server;
mod turns;

use std::io::{self, Write};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use peers::Peer;
use server::Server;

const ROUNDS: u32 = 15;
const URI: &str = "file:///shop/app.yaml";

/// One application of 85 lines; a file has as many of them as it needs.
const APPLICATION: &str = include_str!("application.yaml");
/// Where the typist types.
const KEY: &str = "image: ";

const HEAD: &str = "\
| lines | server | start → diagnostics | change → diagnostics | completion after a change \
| hover after a change | symbols | peak MB |
|---|---|---|---|---|---|---|---|
";

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    let peers = peers::peers();
    out.write_all(HEAD.as_bytes())?;
    for file in [
        File::of_documents(61),
        File::of_documents(2_000),
        File::of_documents(20_000),
        File::as_list(20_000),
    ] {
        for peer in &peers {
            let row = measure(peer, &file).unwrap_or_else(|error| format!("{error} | | | | |"));
            writeln!(out, "| {} | {} | {row} |", file.name, peer.name)?;
        }
    }
    let Some(worker) = peers.iter().find(|peer| peer.name == peers::WORKER) else {
        return Ok(());
    };
    out.write_all(b"\n")?;
    out.write_all(turns::HEAD.as_bytes())?;
    for lines in [61, 2_000, 20_000, 480_000] {
        let file = File::of_documents(lines);
        let row = turns::measure(worker, &file).unwrap_or_else(|error| error.to_string());
        writeln!(out, "| {row} |")?;
    }
    Ok(())
}

/// A text with a place in its middle to type at: the key `image` of some container.
struct File {
    name: String,
    text: String,
    line: usize,
    column: usize,
}

impl File {
    /// About so many lines; a small one is a part of an application.
    fn of_documents(lines: usize) -> Self {
        let whole = applications(lines).collect::<String>();
        let text = match lines {
            61 => whole.split_inclusive('\n').take(lines).collect(),
            _ => whole,
        };
        Self::new(&format!("{lines}"), text)
    }

    /// All objects as the items of one `List`.
    fn as_list(lines: usize) -> Self {
        let mut text = "apiVersion: v1\nkind: List\nitems:\n".to_owned();
        for application in applications(lines) {
            for line in application.lines().filter(|line| *line != "---") {
                let is_first = line.starts_with("apiVersion");
                text += if is_first { "  - " } else { "    " };
                text += line;
                text.push('\n');
            }
        }
        Self::new(&format!("{lines} in one List"), text)
    }

    fn new(name: &str, text: String) -> Self {
        let lines: Vec<_> = text.lines().collect();
        let half = lines.len() / 2;
        let after = lines.iter().enumerate().skip(half);
        let found = after
            .chain(lines.iter().enumerate())
            .find(|(_, it)| it.contains(KEY));
        let (line, found) = found.expect("an application has an image");
        Self {
            name: format!("{name} ({})", lines.len()),
            line,
            column: found.find(KEY).unwrap_or_default(),
            text,
        }
    }
}

fn applications(lines: usize) -> impl Iterator<Item = String> {
    let copies = lines.div_ceil(APPLICATION.lines().count());
    (0..copies).map(|it| APPLICATION.replace("shop-web", &format!("web-{it}")))
}

fn measure(peer: &Peer, file: &File) -> io::Result<String> {
    let started = Instant::now();
    let mut typist = Typist::new(peer, file)?;
    typist.tell()?;
    typist.judged()?;
    let open = started.elapsed();
    // The first answers load what later ones share.
    for _ in 0..2 {
        typist.key()?;
        typist.judged()?;
    }
    let change = median(|| {
        typist.key()?;
        typist.judged()
    })?;
    let document = json!({"uri": URI});
    let at = json!({"line": file.line, "character": file.column + 2});
    let place = json!({"textDocument": document, "position": at});
    let mut after_key = |method: &str, params: &Value| {
        median(|| {
            typist.key()?;
            typist.server.request(method, params).map(drop)
        })
    };
    let completion = after_key("textDocument/completion", &place)?;
    let hover = after_key("textDocument/hover", &place)?;
    let symbols = after_key(
        "textDocument/documentSymbol",
        &json!({"textDocument": document}),
    )?;
    let peak = typist.server.peak_memory()?;
    let times = [open, change, completion, hover, symbols].map(shown);
    Ok(format!("{} | {peak:.0}", times.join(" | ")))
}

fn shown(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    match milliseconds {
        0.0..10.0 => format!("{milliseconds:.1}"),
        _ => format!("{milliseconds:.0}"),
    }
}

fn median(mut run: impl FnMut() -> io::Result<()>) -> io::Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        run()?;
        times.push(started.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}

struct Typist<'a> {
    server: Server,
    version: usize,
    file: &'a File,
}

impl<'a> Typist<'a> {
    fn new(peer: &Peer, file: &'a File) -> io::Result<Self> {
        Ok(Self {
            server: peer.start()?,
            version: 0,
            file,
        })
    }

    /// Opens the file with a letter too many.
    fn tell(&mut self) -> io::Result<()> {
        let lines = self.file.text.lines().enumerate().map(|(at, line)| {
            let mut line = format!("{line}\n");
            if at == self.file.line {
                line.insert(self.file.column, 'x');
            }
            line
        });
        let text = lines.collect::<String>();
        let item = json!({"uri": URI, "languageId": "yaml", "version": 0, "text": text});
        self.server
            .notify("textDocument/didOpen", &json!({"textDocument": item}))
    }

    /// Takes the letter away, or types it again, so that the diagnostics change each time.
    fn key(&mut self) -> io::Result<()> {
        self.version += 1;
        let File { line, column, .. } = *self.file;
        let (end, text) = if self.has_letter() {
            (column, "x")
        } else {
            (column + 1, "")
        };
        let range = json!({
            "start": {"line": line, "character": column},
            "end": {"line": line, "character": end}
        });
        let params = json!({
            "textDocument": {"uri": URI, "version": self.version},
            "contentChanges": [{"range": range, "text": text}]
        });
        self.server.notify("textDocument/didChange", &params)
    }

    fn has_letter(&self) -> bool {
        self.version.is_multiple_of(2)
    }

    fn judged(&mut self) -> io::Result<()> {
        self.server.judgement(self.file.line, self.has_letter())
    }
}
