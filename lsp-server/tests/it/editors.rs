//! What each editor says of itself, and what it is answered.
//!
//! The introductions hold what those editors send of what answers depend on.

use serde_json::{Value, json};

use crate::in_process::Client;

const APP: &str = "file:///shop/app.yaml";
/// Where a field is typed, behind characters that count differently.
const TEXT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {😀: 名}} # 😀
spec:
  template:
    spec:
      containers:
        - name: web
          livenessPr
";

struct Editor {
    introduction: Value,
    encoding: &'static str,
    pulls: bool,
    /// The kind of the hover.
    shows: &'static str,
    /// What completing the field inserts, and how: 1 as it is, 2 indented by the client.
    inserts: (&'static str, u64),
    /// What it is asked to tell.
    registers: &'static [&'static str],
}

#[test]
fn neovim_is_understood() {
    check(&Editor {
        introduction: json!({
            "clientInfo": {"name": "Neovim", "version": "0.11.4"},
            "rootUri": "file:///shop",
            "capabilities": {
                "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
                "textDocument": {
                    "completion": {
                        "completionItem": {
                            "snippetSupport": true,
                            "documentationFormat": ["markdown", "plaintext"],
                            "resolveSupport": {"properties": ["additionalTextEdits", "command"]}
                        },
                        "completionList": {"itemDefaults": ["editRange", "insertTextFormat", "insertTextMode", "data"]}
                    },
                    "diagnostic": {"dynamicRegistration": false, "tagSupport": {"valueSet": [1, 2]}},
                    "hover": {"contentFormat": ["markdown", "plaintext"]}
                },
                "workspace": {
                    "configuration": true,
                    "didChangeConfiguration": {"dynamicRegistration": false},
                    "didChangeWatchedFiles": {"dynamicRegistration": false},
                    "workspaceEdit": {"resourceOperations": ["rename", "create", "delete"]}
                }
            }
        }),
        encoding: "utf-8",
        pulls: true,
        shows: "markdown",
        inserts: RELATIVE,
        registers: &[],
    });
}

#[test]
fn helix_is_understood() {
    check(&Editor {
        introduction: json!({
            "clientInfo": {"name": "helix", "version": "25.07"},
            "rootUri": "file:///shop",
            "initializationOptions": {"release": "1.36"},
            "capabilities": {
                "general": {"positionEncodings": ["utf-8", "utf-32", "utf-16"]},
                "textDocument": {
                    "completion": {"completionItem": {
                        "snippetSupport": true,
                        "insertReplaceSupport": true,
                        "resolveSupport": {"properties": ["documentation", "detail", "additionalTextEdits"]}
                    }},
                    "hover": {"contentFormat": ["markdown"]},
                    "publishDiagnostics": {"versionSupport": true, "tagSupport": {"valueSet": [1, 2]}}
                },
                "workspace": {
                    "configuration": true,
                    "didChangeConfiguration": {"dynamicRegistration": false},
                    "didChangeWatchedFiles": {"dynamicRegistration": true, "relativePatternSupport": false},
                    "workspaceEdit": {"documentChanges": true, "failureHandling": "abort"}
                }
            }
        }),
        encoding: "utf-8",
        pulls: false,
        shows: "markdown",
        inserts: RELATIVE,
        registers: &["workspace/didChangeWatchedFiles"],
    });
}

#[test]
fn zed_is_understood() {
    check(&Editor {
        introduction: json!({
            "clientInfo": {"name": "Zed", "version": "0.200.0"},
            "workspaceFolders": [{"uri": "file:///shop", "name": ""}],
            "initializationOptions": {"release": "1.36"},
            "capabilities": {
                "general": {"positionEncodings": ["utf-16"]},
                "textDocument": {
                    "completion": {
                        "completionItem": {
                            "snippetSupport": true,
                            "insertReplaceSupport": true,
                            "labelDetailsSupport": true
                        },
                        "completionList": {"itemDefaults": ["commitCharacters", "editRange", "insertTextMode", "insertTextFormat", "data"]}
                    },
                    "diagnostic": {"dynamicRegistration": true, "relatedDocumentSupport": true},
                    "hover": {"contentFormat": ["markdown"]}
                },
                "workspace": {
                    "configuration": true,
                    "diagnostics": {"refreshSupport": true},
                    "didChangeConfiguration": {"dynamicRegistration": true},
                    "didChangeWatchedFiles": {"dynamicRegistration": true, "relativePatternSupport": true},
                    "workspaceEdit": {"documentChanges": true, "snippetEditSupport": true}
                }
            }
        }),
        encoding: "utf-16",
        pulls: true,
        shows: "markdown",
        inserts: AS_IS,
        registers: &[
            "workspace/didChangeConfiguration",
            "workspace/didChangeWatchedFiles",
        ],
    });
}

#[test]
fn sublime_text_is_understood() {
    check(&Editor {
        introduction: json!({
            "clientInfo": {"name": "Sublime Text LSP", "version": "2.3.0"},
            "rootUri": "file:///shop",
            "capabilities": {
                "general": {"markdown": {"parser": "Python-Markdown"}},
                "textDocument": {
                    "completion": {
                        "completionItem": {
                            "snippetSupport": true,
                            "documentationFormat": ["markdown", "plaintext"],
                            "insertTextModeSupport": {"valueSet": [2]}
                        },
                        "insertTextMode": 2
                    },
                    "hover": {"contentFormat": ["markdown", "plaintext"]}
                },
                "workspace": {
                    "configuration": true,
                    "didChangeConfiguration": {"dynamicRegistration": true},
                    "workspaceEdit": {"documentChanges": true, "failureHandling": "abort"}
                }
            }
        }),
        encoding: "utf-16",
        pulls: false,
        shows: "markdown",
        inserts: RELATIVE,
        registers: &["workspace/didChangeConfiguration"],
    });
}

/// Without packages that draw Markdown and take snippets.
#[test]
fn bare_eglot_is_understood() {
    check(&Editor {
        introduction: json!({
            "rootUri": "file:///shop/",
            "capabilities": {
                "general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]},
                "textDocument": {
                    "completion": {"completionItem": {"snippetSupport": false}},
                    "hover": {"contentFormat": ["plaintext"]}
                },
                "workspace": {
                    "configuration": true,
                    "didChangeWatchedFiles": {"dynamicRegistration": true},
                    "workspaceEdit": {"documentChanges": true}
                }
            }
        }),
        encoding: "utf-8",
        pulls: false,
        shows: "plaintext",
        inserts: ("livenessProbe:\n            ", 1),
        registers: &["workspace/didChangeWatchedFiles"],
    });
}

const AS_IS: (&str, u64) = ("livenessProbe:\n            $1", 1);
const RELATIVE: (&str, u64) = ("livenessProbe:\n  $1", 2);

#[track_caller]
fn check(editor: &Editor) {
    let mut client = Client::connect();
    let introduction = ask(&mut client, 1, "initialize", &editor.introduction);
    let capabilities = &introduction["capabilities"];
    assert_eq!(capabilities["positionEncoding"], editor.encoding);

    client.notify("initialized", &json!({}));
    let registered: Vec<Value> = (client.run().iter())
        .filter(|it| it["method"] == "client/registerCapability")
        .filter_map(|it| it["params"]["registrations"].as_array())
        .flatten()
        .map(|it| it["method"].clone())
        .collect();
    assert_eq!(registered, editor.registers);

    client.open(APP, TEXT);
    let judged = client.run().into_iter();
    let judged = judged.filter(|it| it["method"] == "textDocument/publishDiagnostics");
    assert_eq!(judged.count(), usize::from(!editor.pulls));

    let document = json!({"uri": APP});
    let kind = json!({"textDocument": document, "position": {"line": 1, "character": 8}});
    let hover = ask(&mut client, 2, "textDocument/hover", &kind);
    assert_eq!(hover["contents"]["kind"], editor.shows);
    let shown = hover["contents"]["value"].as_str().expect("a text");
    assert_eq!(
        shown.starts_with("**Deployment**"),
        editor.shows == "markdown",
        "{shown}"
    );

    let typed = json!({"textDocument": document, "position": {"line": 8, "character": 20}});
    let list = ask(&mut client, 3, "textDocument/completion", &typed);
    let items = list["items"].as_array().expect("a list").iter();
    let item = items.clone().find(|it| it["label"] == "livenessProbe");
    let item = item.expect("the field");
    assert_eq!(item["textEdit"]["newText"], editor.inserts.0);
    assert_eq!(item["insertTextMode"], editor.inserts.1);
}

fn ask(client: &mut Client, id: i32, method: &str, params: &Value) -> Value {
    client.request(id, method, params);
    let mut answers = client.run().into_iter();
    let answer = answers.find(|it| it["id"] == id && it.get("method").is_none());
    answer.expect("an answer")["result"].clone()
}
