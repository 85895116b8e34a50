//! Conversations from `tests/cases`, held over any transport. Their form is described there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Map, Value, json};

/// Something that carries messages to a server and back.
pub(crate) trait Connection {
    fn send(&mut self, message: &str);
    /// The next message of the server; `None` if it will never send one.
    fn receive(&mut self) -> Option<Value>;
}

/// Holds every conversation, each over a new connection.
pub(crate) fn hold_all<C: Connection>(connect: impl Fn() -> C) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let files = fs::read_dir(folder).expect("the folder of the cases");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let steps: Vec<Value> =
            serde_json::from_str(&fs::read_to_string(&file).expect("a file")).expect("JSON");
        let name = file
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let folder = Folder::new(&name);
        let mut talk = Talk::new(name, connect());
        for step in &steps {
            talk.take(&folder.named_in(step), &folder);
        }
    }
}

/// A folder for the files of one conversation; gone at its end.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn new(name: &str) -> Self {
        static LAST: AtomicUsize = AtomicUsize::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let own = format!("kun-{}-{number}-{name}", std::process::id());
        let path = std::env::temp_dir().join(own);
        fs::create_dir_all(&path).expect("a folder");
        Self { path }
    }

    /// The step with `$FOLDER` replaced by the name of the folder.
    fn named_in(&self, step: &Value) -> Value {
        let uri = format!("file://{}", self.path.display());
        serde_json::from_str(&step.to_string().replace("$FOLDER", &uri)).expect("JSON")
    }

    fn write(&self, name: &str, text: Option<&str>) {
        let path = self.path.join(name);
        match text {
            Some(text) => {
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, text).expect("a file");
            }
            None => fs::remove_file(path).expect("a file"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.path);
    }
}

struct Talk<C> {
    connection: C,
    name: String,
    step: usize,
    last_id: u64,
    /// The id of the server's request that was expected last.
    asked: Value,
}

impl<C: Connection> Talk<C> {
    fn new(name: String, connection: C) -> Self {
        Self {
            connection,
            name,
            step: 0,
            last_id: 0,
            asked: Value::Null,
        }
    }

    fn take(&mut self, step: &Value, folder: &Folder) {
        self.step += 1;
        let params = step.get("params");
        if let Some(name) = step["write"].as_str() {
            folder.write(name, step["text"].as_str());
        } else if let Some(params) = step.get("start") {
            self.request("initialize", Some(params));
            self.notify("initialized", Some(&json!({})));
        } else if let Some(method) = step["request"].as_str() {
            let answer = self.request(method, params);
            let wanted = ["result", "error"].map(|it| step.get(it).map(|value| json!({it: value})));
            let wanted = wanted
                .into_iter()
                .flatten()
                .next()
                .expect("result or error");
            self.assert_holds(&answer, &wanted);
        } else if let Some(method) = step["notify"].as_str() {
            self.notify(method, params);
        } else if let Some(text) = step["raw"].as_str() {
            self.connection.send(text);
            self.expect(&step["answer"]);
        } else if let Some(name) = step["survive"].as_str() {
            self.survive(name);
        } else if let Some(wanted) = step.get("expect") {
            self.asked = self.expect(wanted)["id"].clone();
        } else {
            let answer = json!({"jsonrpc": "2.0", "id": self.asked, "result": step["respond"]});
            self.connection.send(&answer.to_string());
        }
    }

    /// Opens a bad file and asks everything about it.
    fn survive(&mut self, name: &str) {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let read = |path: PathBuf| fs::read_to_string(path).expect("a file");
        let text = read(tests.join("bad_input").join(name));
        let uri = format!("kun:///bad/{name}");
        let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", Some(&json!({"textDocument": item})));
        self.expect(&json!({"method": "textDocument/publishDiagnostics", "params": {"uri": uri}}));
        let questions: Map<String, Value> =
            serde_json::from_str(&read(tests.join("questions.json"))).expect("JSON");
        for (method, mut params) in questions {
            params["textDocument"] = json!({"uri": uri});
            let answer = self.request(&method, Some(&params));
            assert!(answer.get("result").is_some(), "{name}, {method}: {answer}");
        }
    }

    fn request(&mut self, method: &str, params: Option<&Value>) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send(
            json!({"jsonrpc": "2.0", "id": id, "method": method}),
            params,
        );
        self.receive(&format!("an answer to {method}"), |message| {
            message["id"] == id && message.get("method").is_none()
        })
    }

    fn notify(&mut self, method: &str, params: Option<&Value>) {
        self.send(json!({"jsonrpc": "2.0", "method": method}), params);
    }

    fn send(&mut self, mut message: Value, params: Option<&Value>) {
        if let Some(params) = params {
            message["params"] = params.clone();
        }
        self.connection.send(&message.to_string());
    }

    fn expect(&mut self, wanted: &Value) -> Value {
        self.receive(&wanted.to_string(), |message| holds(message, wanted))
    }

    fn receive(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut others = Vec::new();
        while let Some(message) = self.connection.receive() {
            if is_it(&message) {
                return message;
            }
            others.push(message);
        }
        panic!(
            "{}, step {}: no {what}, but {others:?}",
            self.name, self.step
        )
    }

    fn assert_holds(&self, message: &Value, wanted: &Value) {
        let (name, step) = (&self.name, self.step);
        assert!(
            holds(message, wanted),
            "{name}, step {step}:\nwanted {wanted}\ngot    {message}"
        );
    }
}

/// Whether `value` has at least what `wanted` has.
fn holds(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Object(value), Value::Object(wanted)) => wanted
            .iter()
            .all(|(name, wanted)| value.get(name).is_some_and(|value| holds(value, wanted))),
        (Value::Array(values), Value::Array(wanted)) => {
            values.len() == wanted.len()
                && values
                    .iter()
                    .zip(wanted)
                    .all(|(value, wanted)| holds(value, wanted))
        }
        _ => value == wanted,
    }
}
