//! What the server says that it can do is what it answers, and nothing else.

use serde_json::{Map, Value, json};

use crate::in_process::Client;

const APP: &str = "kun:///shop/web/draft/app.yaml";

/// Every promise of the server, and the requests that it stands for.
const PROMISES: [(&str, &[&str]); 20] = [
    ("codeActionProvider", &["textDocument/codeAction"]),
    ("codeLensProvider", &["textDocument/codeLens"]),
    (
        "completionProvider",
        &["textDocument/completion", "completionItem/resolve"],
    ),
    ("definitionProvider", &["textDocument/definition"]),
    (
        "diagnosticProvider",
        &["textDocument/diagnostic", "workspace/diagnostic"],
    ),
    ("documentFormattingProvider", &["textDocument/formatting"]),
    (
        "documentHighlightProvider",
        &["textDocument/documentHighlight"],
    ),
    ("documentLinkProvider", &["textDocument/documentLink"]),
    (
        "documentOnTypeFormattingProvider",
        &["textDocument/onTypeFormatting"],
    ),
    (
        "documentRangeFormattingProvider",
        &["textDocument/rangeFormatting"],
    ),
    ("documentSymbolProvider", &["textDocument/documentSymbol"]),
    ("foldingRangeProvider", &["textDocument/foldingRange"]),
    ("hoverProvider", &["textDocument/hover"]),
    ("inlayHintProvider", &["textDocument/inlayHint"]),
    (
        "linkedEditingRangeProvider",
        &["textDocument/linkedEditingRange"],
    ),
    ("referencesProvider", &["textDocument/references"]),
    (
        "renameProvider",
        &["textDocument/rename", "textDocument/prepareRename"],
    ),
    ("selectionRangeProvider", &["textDocument/selectionRange"]),
    (
        "semanticTokensProvider",
        &[
            "textDocument/semanticTokens/full",
            "textDocument/semanticTokens/full/delta",
            "textDocument/semanticTokens/range",
        ],
    ),
    ("workspaceSymbolProvider", &["workspace/symbol"]),
];

/// Requests of the protocol that a client must not be answered, since nobody promised them.
const NOT_PROMISED: [&str; 12] = [
    "callHierarchy/incomingCalls",
    "codeAction/resolve",
    "codeLens/resolve",
    "documentLink/resolve",
    "inlayHint/resolve",
    "textDocument/declaration",
    "textDocument/documentColor",
    "textDocument/implementation",
    "textDocument/rangesFormatting",
    "textDocument/willSaveWaitUntil",
    "workspace/executeCommand",
    "workspace/willRenameFiles",
];

#[test]
fn what_is_promised_is_answered() {
    let mut client = Client::connect();
    let introduction = ask(&mut client, 0, "initialize", &json!({"capabilities": {}}));
    let promised = introduction["result"]["capabilities"].as_object();
    let promised = promised.expect("capabilities").keys();
    let promised: Vec<_> = promised.filter(|it| it.ends_with("Provider")).collect();
    assert_eq!(promised, PROMISES.map(|(promise, _)| promise));

    client.notify("initialized", &json!({}));
    client.open(APP, "apiVersion: v1\nkind: Service\nspec:\n  type: x\n");
    client.run();
    let methods = PROMISES.into_iter().flat_map(|(_, methods)| methods);
    for (method, id) in methods.zip(1..) {
        let answer = ask(&mut client, id, method, &params(method));
        // A place without a name cannot be renamed, and is told so.
        let is_answered = answer.get("result").is_some() || answer["error"]["code"] == -32602;
        assert!(is_answered, "{method}: {answer}");
    }
}

#[test]
fn what_is_not_promised_is_no_method() {
    let mut client = Client::start(&json!({}));
    client.open(APP, "a: 1\n");
    client.run();
    for (method, id) in NOT_PROMISED.into_iter().zip(1..) {
        let answer = ask(&mut client, id, method, &params(method));
        assert_eq!(answer["error"]["code"], -32601, "{method}");
    }
}

/// JSON-RPC knows parameters by name and by place, and no others.
#[test]
fn request_without_parameters_names_none() {
    let refresh = json!({"codeLens": {"refreshSupport": true}});
    let mut client = Client::start(&json!({"workspace": refresh}));
    client.notify("workspace/didChangeConfiguration", &json!({"settings": {}}));
    let sent = client.run();
    let asked = sent
        .iter()
        .find(|it| it["method"] == "workspace/codeLens/refresh");
    assert_eq!(asked.expect("a request").get("params"), None);
}

fn params(method: &str) -> Value {
    let questions = include_str!("../questions.json");
    let mut questions: Map<String, Value> = serde_json::from_str(questions).expect("JSON");
    let mut params = questions.remove(method).unwrap_or_else(|| match method {
        "completionItem/resolve" => json!({"label": "a"}),
        "workspace/symbol" => json!({"query": ""}),
        "workspace/diagnostic" => json!({"previousResultIds": []}),
        "textDocument/rename" => json!({"newName": "b"}),
        "textDocument/semanticTokens/full/delta" => json!({"previousResultId": "none"}),
        _ => json!({}),
    });
    let place = json!({"line": 1, "character": 7});
    let params_of = params.as_object_mut().expect("parameters");
    params_of.insert("textDocument".to_owned(), json!({"uri": APP}));
    params_of.entry("position").or_insert(place);
    params
}

fn ask(client: &mut Client, id: i32, method: &str, params: &Value) -> Value {
    client.request(id, method, params);
    let mut answers = client.run().into_iter();
    let answer = answers.find(|it| it["id"] == id && it.get("method").is_none());
    answer.expect("an answer")
}
