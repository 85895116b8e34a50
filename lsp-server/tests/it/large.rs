//! What grows with the file grows no faster: with a cost for each pair of places, these would not
//! end while anybody waits.

use serde_json::{Value, json};

use crate::in_process::Client;

const APP: &str = "kun:///shop/web/draft/app.yaml";

#[test]
fn tabs_on_every_line_are_told_one_by_one() {
    let mut client = opened(&"\ta:\n\t\tb: 1\n".repeat(4_000));
    let answer = ask(&mut client, "textDocument/diagnostic", &json!({}));
    assert_eq!(count(&answer["items"]), 8_000);
}

#[test]
fn duplicates_among_many_items_are_found() {
    let header = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n";
    let item = |number| format!("  - {{name: c{number}, image: a:1, imagePullPolicy: Always}}\n");
    let items: String = (0..6_000).chain([7]).map(item).collect();
    let mut client = opened(&(header.to_owned() + &items));
    let answer = ask(&mut client, "textDocument/diagnostic", &json!({}));
    let found = answer["items"].as_array().expect("a list").iter();
    let duplicates = found.filter(|it| it["code"] == "duplicate-item");
    assert_eq!(duplicates.count(), 1);
}

#[test]
fn of_many_faults_some_are_offered_to_be_mended_and_all_at_once() {
    let service =
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  tpye: ClusterIP\n";
    let mut client = opened(&service.repeat(2_000));
    let everywhere = json!({"start": place(0, 0), "end": place(100_000, 0)});
    let params = json!({"range": everywhere, "context": {"diagnostics": []}});
    let offers = ask(&mut client, "textDocument/codeAction", &params);
    let offers = offers.as_array().expect("a list");
    assert!(offers.len() < 200, "{} offers", offers.len());
    let titled = |it: &&Value| it["title"] == "Fix all 2000 of `unknown-field`";
    let all = offers.iter().find(titled).expect("one for all");
    assert_eq!(count(&all["edit"]["changes"][APP]), 2_000);
    assert_eq!(count(&all["diagnostics"]), 100);
}

/// Each Service finds each Deployment.
#[test]
fn many_services_with_the_labels_of_many_workloads_are_served() {
    let set = |number| {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{number}}}\n\
             spec:\n  selector:\n    app: web\n  ports: [{{port: 80, targetPort: http}}]\n\
             ---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d{number}}}\n\
             spec:\n  selector: {{matchLabels: {{app: web}}}}\n  template:\n    \
             metadata: {{labels: {{app: web}}}}\n    \
             spec: {{containers: [{{name: a, image: b:1, ports: [{{containerPort: 80}}]}}]}}\n"
        )
    };
    let mut client = opened(&(0..1_000).map(set).collect::<String>());
    let at_label = json!({"position": place(6, 10), "newName": "shop"});

    let lenses = ask(&mut client, "textDocument/codeLens", &json!({}));
    let lenses = lenses.as_array().expect("a list");
    let shown = lenses
        .iter()
        .map(|it| count(&it["command"]["arguments"][2]));
    assert_eq!((lenses.len(), shown.sum::<usize>()), (1_000, 10_000));

    let range = json!({"start": place(7, 30), "end": place(7, 30)});
    let params = json!({"range": range, "context": {"diagnostics": []}});
    let offers = ask(&mut client, "textDocument/codeAction", &params);
    assert!(offers.is_array());

    let uses = json!({"position": place(6, 10), "context": {"includeDeclaration": true}});
    let uses = ask(&mut client, "textDocument/references", &uses);
    assert_eq!(count(&uses), 3_000);
    let edit = ask(&mut client, "textDocument/rename", &at_label);
    assert_eq!(count(&edit["changes"][APP]), 3_000);
}

#[test]
fn outline_of_a_list_without_end_has_one() {
    let mut client = opened(&format!("[{}]\n", "{a: 1}, ".repeat(20_000)));
    let symbols = ask(&mut client, "textDocument/documentSymbol", &json!({}));
    assert_eq!(count(&symbols), 10_000);
}

fn opened(text: &str) -> Client {
    let mut client = Client::start(&json!({"textDocument": {"diagnostic": {}}}));
    client.open(APP, text);
    client.run();
    client
}

fn place(line: u32, character: u32) -> Value {
    json!({"line": line, "character": character})
}

fn count(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

fn ask(client: &mut Client, method: &str, params: &Value) -> Value {
    let mut params = params.clone();
    params["textDocument"] = json!({"uri": APP});
    client.request(1, method, &params);
    let mut sent = client.run().into_iter();
    let mut answer = sent.find(|it| it["id"] == 1).expect("an answer");
    answer["result"].take()
}
