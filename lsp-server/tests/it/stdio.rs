//! The program over its standard streams.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::case::{self, Connection};

/// A running program and its streams. It ends when its input does.
struct Program {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
}

/// Longer than this no message is waited for, so that a test that fails ends.
const PATIENCE: Duration = Duration::from_mins(1);

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lsp-server"))
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut output = BufReader::new(child.stdout.take().expect("a piped output"));
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut output)
                && sender.send(message).is_ok()
            {}
        });
        Self {
            input: child.stdin.take(),
            messages,
            child,
        }
    }

    fn exit_code(mut self) -> Option<i32> {
        drop(self.input.take());
        self.child.wait().expect("the program ends").code()
    }
}

impl Connection for Program {
    fn send(&mut self, message: &str) {
        let input = self.input.as_mut().expect("an open input");
        write!(input, "Content-Length: {}\r\n\r\n{message}", message.len()).expect("a listener");
    }

    fn receive(&mut self) -> Option<Value> {
        self.messages.recv_timeout(PATIENCE).ok()
    }
}

/// The next message of the program; `None` at its end.
fn read(output: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).expect("a stream") == 0 {
            return None;
        }
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse().expect("a number"),
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).expect("a whole message");
    Some(serde_json::from_slice(&body).expect("JSON"))
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.input.take());
        // Without its input the program ends by itself.
        let _ = self.child.wait();
    }
}

#[test]
fn conversations_are_held_over_standard_streams() {
    case::hold_all(Program::start);
}

#[test]
fn exit_after_shutdown_is_success_and_otherwise_failure() {
    let exit = json!({"jsonrpc": "2.0", "method": "exit"}).to_string();

    let mut program = Program::start();
    program.send(&exit);
    assert_eq!(program.exit_code(), Some(1));

    let mut program = Program::start();
    let initialize =
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}});
    program.send(&initialize.to_string());
    program.send(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}).to_string());
    program.send(&exit);
    assert_eq!(program.exit_code(), Some(0));

    assert_eq!(
        Program::start().exit_code(),
        Some(1),
        "the client went away"
    );
}

/// No client watches what is saved: the server looks by itself.
#[test]
fn saved_schemas_are_read_again_when_they_change() {
    let file = std::env::temp_dir().join(format!("kun-openapi-{}.json", std::process::id()));
    let save = |field: &str| fs::write(&file, sails(field).to_string()).expect("a file");
    save("area");
    let mut program = Program::start();
    let settings = json!({"openapi": file});
    let params = json!({"capabilities": {}, "initializationOptions": settings});
    program.notify(&json!({"id": 1, "method": "initialize", "params": params}));
    program.notify(&json!({"method": "initialized", "params": {}}));
    let text =
        "apiVersion: shop.example.com/v1\nkind: Sail\nmetadata: {name: a}\nspec: {aera: 3}\n";
    let item =
        json!({"uri": "file:///sail.yaml", "languageId": "yaml", "version": 1, "text": text});
    let params = json!({"textDocument": item});
    program.notify(&json!({"method": "textDocument/didOpen", "params": params}));
    program.expect_diagnostics(1);
    save("aera");
    program.expect_diagnostics(0);
    fs::remove_file(&file).expect("a file");
}

impl Program {
    fn notify(&mut self, message: &Value) {
        let mut message = message.clone();
        message["jsonrpc"] = "2.0".into();
        self.send(&message.to_string());
    }

    fn expect_diagnostics(&mut self, count: usize) {
        while let Some(message) = self.receive() {
            let diagnostics = message["params"]["diagnostics"].as_array();
            if diagnostics.is_some_and(|it| it.len() == count) {
                return;
            }
        }
        panic!("nobody told {count} diagnostics");
    }
}

/// What a cluster publishes of a kind with one field.
fn sails(field: &str) -> Value {
    let kind = json!({"group": "shop.example.com", "version": "v1", "kind": "Sail"});
    let text = json!({"type": "string"});
    let spec = json!({"type": "object", "properties": {field: {"type": "integer"}}});
    json!({
        "openapi": "3.0.0",
        "paths": {
            "/apis/shop.example.com/v1/sails": {"get": {"x-kubernetes-group-version-kind": kind}},
        },
        "components": {"schemas": {"com.example.shop.v1.Sail": {
            "type": "object",
            "properties": {"apiVersion": text, "kind": text, "metadata": {"type": "object"}, "spec": spec},
            "x-kubernetes-group-version-kind": [kind],
        }}},
    })
}
