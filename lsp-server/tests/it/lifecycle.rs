//! What comes first when several things happen at once.

use lsp_server::{Found, Wanted};
use serde_json::{Value, json};

use crate::case::Connection;
use crate::in_process::Client;

const APP: &str = "kun:///shop/web/draft/app.yaml";

#[test]
fn request_is_answered_from_the_text_at_its_arrival() {
    let mut client = Client::start(&json!({}));
    client.open(APP, "a: 1\n");
    client.run();
    search(&mut client, 1, 1, "a");
    client.replace(APP, 2, "b: 1\n");
    search(&mut client, 2, 2, "b");

    let answers = client.run();
    assert_eq!(answer(&answers, 1)["result"]["count"], 1);
    assert_eq!(answer(&answers, 2)["result"]["count"], 1);
}

#[test]
fn requests_are_answered_in_the_order_of_arrival() {
    let mut client = Client::start(&json!({}));
    client.open(APP, "a: 1\n");
    client.run();
    (1..=5).for_each(|id| search(&mut client, id, 1, "a"));
    let ids = client
        .run()
        .iter()
        .map(|message| message["id"].clone())
        .collect::<Vec<_>>();
    assert_eq!(json!(ids), json!([1, 2, 3, 4, 5]));
}

#[test]
fn cancelled_request_is_not_worked_on() {
    let mut client = Client::start(&json!({}));
    client.open(APP, "a: 1\n");
    client.run();
    search(&mut client, 1, 1, "a");
    search(&mut client, 2, 1, "a");
    client.notify("$/cancelRequest", &json!({"id": 1}));
    client.notify("$/cancelRequest", &json!({"id": 77}));

    let answers = client.run();
    assert_eq!(answer(&answers, 1)["error"]["code"], -32800);
    assert_eq!(answer(&answers, 2)["result"]["count"], 1);
}

#[test]
fn only_the_newest_diagnostics_are_sent() {
    let mut client = Client::start(&json!({}));
    client.open(APP, "a: [1\n");
    (2..=20).for_each(|version| client.replace(APP, version, "a: [1\n"));
    assert_eq!(versions(&client.run()), [20]);

    client.replace(APP, 21, "a: [2\n");
    client.replace(APP, 22, "a: 2\n");
    let sent = client.run();
    assert_eq!(versions(&sent), [22]);
    assert_eq!(sent[0]["params"]["diagnostics"], json!([]));
}

#[test]
fn requests_come_before_diagnostics() {
    let mut client = Client::start(&json!({}));
    client.open(APP, "a: [1\n");
    search(&mut client, 1, 1, "a");
    assert_eq!(client.step()[0]["id"], 1);
    assert_eq!(versions(&client.run()), [1]);
}

#[test]
fn closed_file_has_no_diagnostics() {
    let mut client = Client::start(&json!({}));
    client.open(APP, "a: [1\n");
    client.run();
    client.notify(
        "textDocument/didClose",
        &json!({"textDocument": {"uri": APP}}),
    );
    assert_eq!(
        client.run()[0]["params"],
        json!({"uri": APP, "diagnostics": []})
    );
}

#[test]
fn client_that_pulls_diagnostics_is_not_sent_any() {
    let mut client = Client::start(&json!({"textDocument": {"diagnostic": {}}}));
    client.open(APP, "a: [1\n");
    assert_eq!(client.run(), Vec::<Value>::new());

    let document = json!({"uri": APP});
    client.request(
        1,
        "textDocument/diagnostic",
        &json!({"textDocument": document}),
    );
    let first = client.run();
    let report = &answer(&first, 1)["result"];
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"].as_array().map(Vec::len), Some(1));

    let params = json!({"textDocument": document, "previousResultId": report["resultId"]});
    client.request(2, "textDocument/diagnostic", &params);
    let second = client.run();
    assert_eq!(answer(&second, 2)["result"]["kind"], "unchanged");
}

#[test]
fn file_whose_diagnostics_the_client_has_is_unchanged() {
    let mut client = Client::start(&json!({}));
    let other = "kun:///shop/web/draft/other.yaml";
    client.open(APP, "a: [1\n");
    client.open(other, "b: [1\n");
    client.run();
    let nothing = json!({"previousResultIds": []});
    client.request(1, "workspace/diagnostic", &nothing);
    let first = client.run();
    let items = answer(&first, 1)["result"]["items"].as_array();
    let items = items.expect("a report a file");
    let had = items
        .iter()
        .map(|it| json!({"uri": it["uri"], "value": it["resultId"]}));
    let had = json!({"previousResultIds": had.collect::<Vec<_>>()});

    client.replace(other, 2, "b: {1\n");
    client.run();
    client.request(2, "workspace/diagnostic", &had);
    let second = client.run();
    let items = &answer(&second, 2)["result"]["items"];
    let unchanged = &items[0];
    assert_eq!(unchanged["kind"], "unchanged");
    assert_eq!(unchanged["resultId"], had["previousResultIds"][0]["value"]);
    assert_eq!(unchanged["uri"], APP);
    assert_eq!(unchanged["version"], 1);
    assert_eq!(unchanged.get("items"), None);
    assert_eq!(items[1]["kind"], "full");
    assert_eq!(items[1]["version"], 2);
}

#[test]
fn answers_of_the_client_may_come_late() {
    let mut client = Client::start(&json!({"workspace": {"configuration": true}}));
    client.open(APP, "a: 1\n");
    search(&mut client, 1, 1, "a");
    assert_eq!(answer(&client.run(), 1)["result"]["count"], 1);
    client.send(&json!({"jsonrpc": "2.0", "id": 1, "result": [{"release": "1.1"}]}).to_string());
    assert_eq!(client.run()[0]["method"], "window/showMessage");
}

#[test]
fn reading_folders_is_shown_and_stopped() {
    let mut client = Client::connect();
    let capabilities = json!({"window": {"workDoneProgress": true}});
    let params = json!({"capabilities": capabilities, "rootUri": "file:///shop"});
    client.request(0, "initialize", &params);
    assert_eq!(client.wanted(), [], "the client is not ready");
    client.notify("initialized", &json!({}));
    let (root, uri) = ("file:///shop".to_owned(), "file:///shop".to_owned());
    assert_eq!(client.wanted(), [Wanted::Folder { root, uri }]);
    let asked = client.step();
    let ask = asked.last().expect("a request");
    assert_eq!(ask["method"], "window/workDoneProgress/create");
    let token = &ask["params"]["token"];

    client.send(&json!({"jsonrpc": "2.0", "id": ask["id"], "result": null}).to_string());
    for number in 0..100 {
        let uri = format!("file:///shop/{number}.yaml");
        let text = Some("a: [1\n".to_owned());
        client.find(Found::File { uri, text });
    }
    let mut told = client.run_alone();
    client.notify("window/workDoneProgress/cancel", &json!({"token": token}));
    assert_eq!(client.wanted(), [Wanted::Stop]);
    client.find(Found::Folder { is_cut: false });
    told.extend(client.run_alone());

    let values = told.iter().filter(|it| it["method"] == "$/progress");
    let values: Vec<_> = values.map(|it| &it["params"]["value"]).collect();
    let title = "Reading manifests";
    let expected = json!([
        {"kind": "begin", "title": title, "cancellable": true},
        {"kind": "report", "message": "100 files"},
        {"kind": "end", "message": "100 files"},
    ]);
    assert_eq!(json!(values), expected);
    assert_eq!(versions(&told), Vec::<i64>::new(), "nobody opened them");
}

fn search(client: &mut Client, id: i32, version: i32, pattern: &str) {
    let document = json!({"uri": APP, "version": version});
    client.request(
        id,
        "kun/search",
        &json!({"textDocument": document, "pattern": pattern}),
    );
}

#[track_caller]
fn answer(messages: &[Value], id: i32) -> &Value {
    let answer = messages
        .iter()
        .find(|it| it["id"] == id && it.get("method").is_none());
    answer.expect("an answer")
}

/// The versions that diagnostics were sent for.
fn versions(messages: &[Value]) -> Vec<i64> {
    let sent = messages
        .iter()
        .filter(|it| it["method"] == "textDocument/publishDiagnostics");
    sent.filter_map(|it| it["params"]["version"].as_i64())
        .collect()
}
