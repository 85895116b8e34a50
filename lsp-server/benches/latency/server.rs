//! A language server as a program, and the messages to and from it.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// Who says nothing for so long will not say it.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server.
pub(crate) struct Server {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    last_id: u32,
    /// How it is answered when it asks: by method and parameters.
    answer: fn(&str, &Value) -> Value,
}

impl Server {
    pub(crate) fn start(
        command: &mut Command,
        answer: fn(&str, &Value) -> Value,
    ) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the program has no streams"));
        };
        Ok(Self {
            child,
            input,
            messages: read_all(BufReader::new(output)),
            last_id: 0,
            answer,
        })
    }

    pub(crate) fn request(&mut self, method: &str, params: &Value) -> io::Result<Value> {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        self.receive(|message| message["id"] == id && message.get("method").is_none())
    }

    pub(crate) fn notify(&mut self, method: &str, params: &Value) -> io::Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    /// Waits until the server says that something is wrong on `line`, or that nothing is.
    pub(crate) fn judgement(&mut self, line: usize, is_wrong: bool) -> io::Result<()> {
        self.receive(|message| {
            let is_judgement = message["method"] == "textDocument/publishDiagnostics";
            let found = message["params"]["diagnostics"].as_array();
            let is_on_line = |it: &Value| it["range"]["start"]["line"] == line;
            is_judgement && found.is_some_and(|found| found.iter().any(is_on_line) == is_wrong)
        })
        .map(drop)
    }

    /// The most memory that the program ever had, in MB.
    pub(crate) fn peak_memory(&self) -> io::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|it| it.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kilobytes
            .map(|it| it / 1024.0)
            .ok_or_else(|| io::Error::other("no peak in the status"))
    }

    fn send(&mut self, message: &Value) -> io::Result<()> {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        self.input.flush()
    }

    /// The next message that is the wanted one. What the server asks is answered on the way.
    fn receive(&mut self, is_it: impl Fn(&Value) -> bool) -> io::Result<Value> {
        loop {
            let message = self.read()?;
            if let (Some(method), Some(id)) = (message["method"].as_str(), message.get("id")) {
                let result = (self.answer)(method, &message["params"]);
                let answer = json!({"jsonrpc": "2.0", "id": id, "result": result});
                self.send(&answer)?;
            } else if is_it(&message) {
                return Ok(message);
            }
        }
    }

    fn read(&mut self) -> io::Result<Value> {
        self.messages
            .recv_timeout(PATIENCE)
            .map_err(|_| io::Error::other(format!("no answer within {PATIENCE:?}")))
    }
}

/// Reads messages on a thread of their own, until the program ends.
fn read_all(mut output: BufReader<ChildStdout>) -> Receiver<Value> {
    let (sender, messages) = mpsc::channel();
    thread::spawn(move || {
        while let Ok(message) = read(&mut output)
            && sender.send(message).is_ok()
        {}
    });
    messages
}

fn read(output: &mut BufReader<ChildStdout>) -> io::Result<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(number) = line.strip_prefix("Content-Length: ") {
            length = number.parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
