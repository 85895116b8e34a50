//! How long a person waits: the program over its standard streams, files of three sizes.
//!
//! Prints a table of medians in milliseconds, and the peak of the program's memory.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const ROUNDS: u32 = 31;
const URI: &str = "file:///shop/app.yaml";

/// One application of 85 lines; a file has as many of them as it needs.
const APPLICATION: &str = include_str!("application.yaml");

fn main() -> io::Result<()> {
    let mut table =
        String::from("lines   open   diagnostics  completion  hover  symbols  tokens  peak MB\n");
    for lines in [85, 2_000, 20_000] {
        measure(&mut table, lines)?;
    }
    io::stdout().write_all(table.as_bytes())
}

fn measure(table: &mut String, lines: usize) -> io::Result<()> {
    let copies = lines.div_ceil(APPLICATION.lines().count());
    let applications = (0..copies).map(|it| APPLICATION.replace("shop-web", &format!("web-{it}")));
    let text = applications.collect::<String>();
    let line = (copies / 2) * APPLICATION.lines().count() + image_line();

    let started = Instant::now();
    let mut server = Server::start()?;
    server.request("initialize", &json!({"capabilities": {}}))?;
    server.notify("initialized", &json!({}))?;
    let item = json!({"uri": URI, "languageId": "yaml", "version": 0, "text": text});
    server.notify("textDocument/didOpen", &json!({"textDocument": item}))?;
    server.diagnostics(0)?;
    let open = started.elapsed();

    let mut typist = Typist {
        server,
        version: 0,
        line,
    };
    let diagnostics = median(|| {
        let version = typist.key()?;
        typist.server.diagnostics(version)
    })?;
    let mut after_key = |method: &'static str, params: Value| {
        median(|| {
            typist.key()?;
            typist.server.request(method, &params).map(drop)
        })
    };
    let document = json!({"uri": URI});
    let place = json!({"textDocument": document, "position": {"line": line, "character": 12}});
    let completion = after_key("textDocument/completion", place.clone())?;
    let hover = after_key("textDocument/hover", place)?;
    let whole = json!({"textDocument": document});
    let symbols = after_key("textDocument/documentSymbol", whole.clone())?;
    let tokens = after_key("textDocument/semanticTokens/full", whole)?;
    let peak = typist.server.peak_memory()?;

    let shown = text.lines().count();
    let [open, diagnostics, completion, hover, symbols, tokens] =
        [open, diagnostics, completion, hover, symbols, tokens].map(|it| it.as_secs_f64() * 1e3);
    writeln!(
        table,
        "{shown:5}  {open:5.1}   {diagnostics:11.2} {completion:11.2} {hover:6.2}  {symbols:7.2} \
         {tokens:7.2}  {peak:7.1}"
    )
    .map_err(io::Error::other)
}

/// The line in an application where the typist types.
fn image_line() -> usize {
    let at = APPLICATION
        .lines()
        .position(|line| line.contains("image: "));
    at.expect("an application has an image")
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

struct Typist {
    server: Server,
    version: i32,
    line: usize,
}

impl Typist {
    /// Types a letter at the start of a key, or takes it away again, so that the diagnostics
    /// change each time.
    fn key(&mut self) -> io::Result<i32> {
        self.version += 1;
        let types = self.version % 2 == 1;
        let (end, text) = if types { (10, "x") } else { (11, "") };
        let range = json!({
            "start": {"line": self.line, "character": 10},
            "end": {"line": self.line, "character": end}
        });
        let params = json!({
            "textDocument": {"uri": URI, "version": self.version},
            "contentChanges": [{"range": range, "text": text}]
        });
        self.server.notify("textDocument/didChange", &params)?;
        Ok(self.version)
    }
}

struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last_id: u32,
}

impl Server {
    fn start() -> io::Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lsp-server"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the program has no streams"));
        };
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
            last_id: 0,
        })
    }

    fn request(&mut self, method: &str, params: &Value) -> io::Result<Value> {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        self.receive(|message| message["id"] == id && message.get("method").is_none())
    }

    fn notify(&mut self, method: &str, params: &Value) -> io::Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    /// Waits for the diagnostics of a version.
    fn diagnostics(&mut self, version: i32) -> io::Result<()> {
        self.receive(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["version"] == version
        })
        .map(drop)
    }

    /// The most memory that the program ever had, in MB.
    fn peak_memory(&self) -> io::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|it| it.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kilobytes
            .map(|it| it / 1024.0)
            .ok_or_else(|| io::Error::other("no peak in the status"))
    }

    fn send(&mut self, message: &Value) -> io::Result<()> {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())
    }

    fn receive(&mut self, is_it: impl Fn(&Value) -> bool) -> io::Result<Value> {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if self.output.read_line(&mut line)? == 0 {
                    return Err(io::Error::other("the program ended"));
                }
                match line.trim_end().strip_prefix("Content-Length: ") {
                    Some(number) => length = number.parse().map_err(io::Error::other)?,
                    None => break,
                }
            }
            let mut body = vec![0; length];
            self.output.read_exact(&mut body)?;
            let message = serde_json::from_slice(&body)?;
            if is_it(&message) {
                return Ok(message);
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
