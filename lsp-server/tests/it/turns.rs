//! Long work gives way: what comes meanwhile is seen.

use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};

use crate::in_process::Client;

const APP: &str = "kun:///shop/web/draft/app.yaml";

/// A clock on which every look takes a millisecond: work pauses often.
fn hasty() -> i64 {
    static NOW: AtomicI64 = AtomicI64::new(0);
    NOW.fetch_add(1, Ordering::Relaxed)
}

/// Some documents, each with an unknown field.
fn documents(count: usize) -> String {
    let document = |number| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: web-{number}\n  \
             namespace:   shop\nspec:\n  clusterIp: None\n  selector:\n    app: web\n"
        )
    };
    let documents: Vec<_> = (0..count).map(document).collect();
    documents.join("---\n")
}

fn about(method: &str, other: &Value) -> (String, Value) {
    let mut params = json!({"textDocument": {"uri": APP}});
    if let (Some(params), Some(other)) = (params.as_object_mut(), other.as_object()) {
        params.extend(other.clone());
    }
    (method.to_owned(), params)
}

/// The requests whose answers grow with the file.
fn long_requests() -> Vec<(String, Value)> {
    let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}});
    let nothing = json!({});
    let range = json!({"range": all});
    let offers = json!({"range": {"start": all["start"], "end": all["start"]}, "context": {"diagnostics": []}});
    let everywhere = json!({"textDocument": {"uri": APP, "version": 1}, "pattern": "e"});
    vec![
        about("kun/search", &everywhere),
        about("textDocument/codeAction", &offers),
        about("textDocument/codeLens", &nothing),
        about("textDocument/diagnostic", &nothing),
        about("textDocument/documentLink", &nothing),
        about("textDocument/documentSymbol", &nothing),
        about("textDocument/foldingRange", &nothing),
        about("textDocument/formatting", &json!({"options": {}})),
        about("textDocument/inlayHint", &range),
        about("textDocument/semanticTokens/full", &nothing),
        about(
            "textDocument/semanticTokens/full/delta",
            &json!({"previousResultId": ""}),
        ),
        about("textDocument/semanticTokens/range", &range),
        about("workspace/diagnostic", &json!({"previousResultIds": []})),
    ]
}

#[test]
fn what_takes_little_time_does_not_wait_for_all_of_what_takes_long() {
    for (method, params) in long_requests() {
        let mut client = Client::start_by(hasty, &json!({}));
        client.open(APP, &documents(40));
        client.request(1, &method, &params);
        client.request(2, "textDocument/hover", &hover());
        assert_eq!(ids(&client.run()), [2, 1], "{method}");
    }
}

#[test]
fn request_that_was_begun_is_cancelled() {
    for (method, params) in long_requests() {
        let mut client = Client::start_by(hasty, &json!({}));
        client.open(APP, &documents(40));
        client.request(1, &method, &params);
        assert_eq!(client.step(), Vec::<Value>::new(), "{method}");
        client.notify("$/cancelRequest", &json!({"id": 1}));
        let sent = client.run();
        assert_eq!(ids(&sent), [1], "{method}");
        assert_eq!(sent[0]["error"]["code"], -32800, "{method}");
    }
}

#[test]
fn answers_are_the_same_however_often_work_pauses() {
    let answers = |clock| {
        let mut client = Client::start_by(clock, &json!({}));
        client.open(APP, &documents(40));
        let mut answers = Vec::new();
        for (method, params) in long_requests() {
            client.request(1, &method, &params);
            answers.extend(client.run());
        }
        answers
    };
    assert_eq!(answers(hasty), answers(|| 0));
}

#[test]
fn change_ends_what_was_found_out_about_the_text_before() {
    let mut client = Client::start_by(hasty, &json!({}));
    client.open(APP, &documents(40));
    client.step();
    client.replace(APP, 2, "a: [1\n");
    let sent = client.run();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["params"]["version"], 2);
    assert_eq!(
        sent[0]["params"]["diagnostics"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn what_comes_while_a_large_text_is_opened_is_about_all_of_it() {
    let text = documents(800);
    let mut client = Client::start(&json!({}));
    client.open(APP, &text);
    let last = json!({"line": text.lines().count() - 3, "character": 4});
    client.notify(
        "textDocument/didChange",
        &json!({
            "textDocument": {"uri": APP, "version": 2},
            "contentChanges": [{"range": {"start": last, "end": last}, "text": "xy"}]
        }),
    );
    let search = |pattern| json!({"textDocument": {"uri": APP, "version": 2}, "pattern": pattern});
    client.request(1, "kun/search", &search("clusterIp"));
    client.request(2, "kun/search", &search("cluster"));
    client.request(3, "kun/search", &search("clxyusterIp"));
    client.notify("$/cancelRequest", &json!({"id": 2}));
    assert_eq!(client.step()[0]["error"]["code"], -32800, "not worked on");

    let answers = client.run();
    assert_eq!(answers[0]["result"]["count"], 799);
    assert_eq!(answers[1]["result"]["count"], 1);
    assert_eq!(answers[2]["params"]["version"], 2);
}

#[test]
fn matches_beyond_the_list_are_counted() {
    let mut client = Client::start(&json!({}));
    client.open(APP, &"x".repeat(200_001));
    let search = json!({
        "textDocument": {"uri": APP, "version": 1}, "pattern": "x", "replacement": "y"
    });
    client.request(1, "kun/search", &search);
    let sent = client.run();
    let answer = sent.iter().find(|it| it["id"] == 1).expect("an answer");
    let length = |list: &str| answer["result"][list].as_array().map(Vec::len);
    assert_eq!(answer["result"]["count"], 200_001);
    assert_eq!(length("ranges"), Some(400_000));
    assert_eq!(length("replacements"), Some(200_000));
}

#[test]
fn large_text_may_be_replaced_whole() {
    let mut client = Client::start(&json!({}));
    client.open(APP, &documents(800));
    client.replace(APP, 2, &documents(790).replace("None", "null"));
    client.replace(APP, 3, &documents(780));
    let search = json!({"textDocument": {"uri": APP, "version": 3}, "pattern": "None"});
    client.request(1, "kun/search", &search);
    assert_eq!(client.run()[0]["result"]["count"], 780);
}

#[test]
fn what_needs_the_rest_of_the_program_waits_for_it_alone() {
    let mut client = Client::start_in_two_parts();
    client.open(APP, &documents(1));
    client.request(1, "textDocument/documentSymbol", &hover());
    client.request(2, "textDocument/foldingRange", &hover());
    client.request(3, "textDocument/hover", &hover());
    assert_eq!(ids(&client.run()), [3]);
    assert!(client.is_rest_wanted() && !client.is_rest_wanted());
    client.notify("$/cancelRequest", &json!({"id": 1}));
    assert_eq!(ids(&client.run()), [1]);
    client.complete();
    assert_eq!(ids(&client.run()), [2]);
}

#[test]
fn pipeline_waits_for_the_rest_of_the_program() {
    let mut client = Client::start_in_two_parts();
    client.open("kun:///.gitlab-ci.yml", "build: {skript: make}\n");
    client.request(1, "textDocument/hover", &hover());
    assert_eq!(client.run(), Vec::<Value>::new());
    assert!(client.is_rest_wanted());
    client.complete();
    assert_eq!(client.run().len(), 2);
}

fn hover() -> Value {
    about("", &json!({"position": {"line": 1, "character": 1}})).1
}

/// The ids of the requests that were answered, in order.
fn ids(sent: &[Value]) -> Vec<i64> {
    sent.iter().filter_map(|it| it["id"].as_i64()).collect()
}
