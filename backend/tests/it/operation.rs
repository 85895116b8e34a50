//! `/healthz`, `/readyz`, `/metrics`, `/api/openapi.json`

use serde_json::Value;

use crate::support::App;

#[tokio::test]
async fn server_is_alive_and_ready() {
    let app = App::start().await;
    for url in ["GET /healthz", "GET /readyz"] {
        let answer = app.ask("nobody", url, "").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"));
    }
}

#[tokio::test]
async fn metrics_count_routes_and_never_names() {
    let app = App::start().await;
    app.ask("alice", "GET /api/projects/shop", "").await;
    app.ask("alice", "BREW /api/projects/shop", "").await;
    let text = app.ask("nobody", "GET /metrics", "").await.body;
    let line = "kun_http_request_duration_seconds_count{route=\"/api/projects/{project}\",method=\"GET\",status=\"200\"} 1";
    assert!(text.contains(line), "{text}");
    assert!(
        text.contains("method=\"other\",status=\"405\"} 1"),
        "{text}"
    );
    assert!(text.contains("\nkun_store_up 1\n"), "{text}");
    assert!(!text.contains("shop"), "{text}");
}

#[tokio::test]
async fn description_names_every_route_and_what_it_answers() {
    let app = App::start().await;
    let description = app.ask("nobody", "GET /api/openapi.json", "").await.json();
    assert_eq!(description["openapi"], "3.1.0");
    let paths = description["paths"].as_object().unwrap();
    let mut operations = 0;
    for (path, item) in paths {
        assert!(!path.contains('*'), "{path}");
        for (method, operation) in item.as_object().unwrap() {
            operations += 1;
            let place = format!("{method} {path}");
            assert!(operation["summary"].is_string(), "{place} has no summary");
            assert!(operation["tags"][0].is_string(), "{place} has no tag");
            let parameters = operation["parameters"]
                .as_array()
                .map_or(&[][..], Vec::as_slice);
            let named = parameters.iter().filter(|it| it["in"] == "path").count();
            assert_eq!(named, path.matches('{').count(), "{place}");
        }
    }
    assert!(operations > 30, "{operations}");
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    let app = App::start().await;
    let description = app.ask("nobody", "GET /api/openapi.json", "").await.json();
    let mut references = Vec::new();
    collect(&description, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|field| collect(field, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
