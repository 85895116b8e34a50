//! `/api/deploys/{deploy}/events`

use api_types::{DeployState, LogLevel};
use axum::body::Body;
use axum::http::Request;
use backend::store::{DeployId, Job, NewLogLine, Progress};
use jiff::{SignedDuration, Timestamp};

use crate::support::App;

#[tokio::test]
async fn stream_tells_the_job_its_lines_and_its_end() {
    let app = App::start().await.with_version().await;
    let job = begin(&app).await;
    record(&app, &job, None, &["one", "two"]).await;
    let listening = events(&app, job.id, &[]);
    let working = async {
        record(&app, &job, Some(DeployState::Waiting), &["three"]).await;
        record(&app, &job, Some(DeployState::Succeeded), &["four"]).await;
    };
    let (heard, ()) = tokio::join!(listening, working);

    // Which states are seen on the way depends on who is quicker.
    assert!(heard.starts_with("0 "), "{heard}");
    assert!(heard.ends_with(", 4 succeeded"), "{heard}");
    let is_line = |event: &&str| {
        ["one", "two", "three", "four"]
            .iter()
            .any(|it| event.ends_with(it))
    };
    let lines: Vec<_> = heard.split(", ").filter(is_line).collect();
    assert_eq!(lines, ["1 one", "2 two", "3 three", "4 four"]);
}

#[tokio::test]
async fn stream_goes_on_after_the_last_event() {
    let app = App::start().await.with_version().await;
    let job = begin(&app).await;
    record(
        &app,
        &job,
        Some(DeployState::Failed),
        &["one", "two", "three"],
    )
    .await;

    let all = events(&app, job.id, &[]).await;
    assert_eq!(all, "0 failed, 1 one, 2 two, 3 three, 3 failed");
    let rest = events(&app, job.id, &[("last-event-id", "2")]).await;
    assert_eq!(rest, "2 failed, 3 three, 3 failed");
    let nothing = events(&app, job.id, &[("last-event-id", "3")]).await;
    assert_eq!(nothing, "3 failed, 3 failed");
}

#[tokio::test]
async fn long_log_comes_whole() {
    let app = App::start().await.with_version().await;
    let job = begin(&app).await;
    let lines = vec!["line"; 1200];
    record(&app, &job, Some(DeployState::Succeeded), &lines).await;
    let heard = events(&app, job.id, &[]).await;
    assert_eq!(heard.split(", ").count(), 1 + 1200 + 1);
    assert!(heard.ends_with("1200 line, 1200 succeeded"));
}

#[tokio::test]
async fn stream_ends_when_the_server_stops() {
    let app = App::start().await.with_version().await;
    let job = begin(&app).await;
    let listening = events(&app, job.id, &[]);
    let stopping = async { app.stop.send(true).unwrap() };
    let (heard, ()) = tokio::join!(listening, stopping);
    assert_eq!(heard, "0 applying");
}

#[tokio::test]
async fn stream_is_not_kept_by_anybody() {
    let app = App::start().await.with_version().await;
    let job = begin(&app).await;
    record(&app, &job, Some(DeployState::Succeeded), &[]).await;
    let answer = app
        .ask("vera", &format!("GET /api/deploys/{}/events", job.id), "")
        .await;
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert_eq!(answer.header("x-accel-buffering"), "no");
}

#[tokio::test]
async fn last_event_id_must_be_one_of_ours() {
    let app = App::start().await.with_version().await;
    let job = begin(&app).await;
    let token = app.token("vera");
    let headers = [("authorization", token.as_str()), ("last-event-id", "x")];
    let answer = app
        .send(&format!("GET /api/deploys/{}/events", job.id), &headers, "")
        .await;
    answer.has("400 invalid_parameter");
}

/// Starts a deploy and claims it, as a worker does.
#[tokio::test]
async fn streams_of_one_server_are_counted() {
    let app = App::start().await.with_version().await;
    let job = begin(&app).await;
    let open = async || {
        let request = Request::get(format!("/api/deploys/{}/events", job.id));
        let request = request.header("authorization", app.token("vera"));
        app.answer(request.body(Body::empty()).unwrap()).await
    };
    let mut held = Vec::new();
    let refused = loop {
        let answer = open().await;
        if answer.status() != 200 {
            break answer;
        }
        held.push(answer);
        assert!(held.len() < 10_000, "any number of streams may be open");
    };

    assert_eq!(refused.status(), 503);
    held.clear();
    // The places are given back as soon as the server notices.
    let mut tries = 0..10_000;
    while open().await.status() != 200 {
        assert!(tries.next().is_some(), "places are not given back");
    }
}

async fn begin(app: &App) -> Job {
    let body = r#"{"version":"v1","environment":"dev"}"#;
    app.ask("dora", "POST /api/projects/shop/sets/web/deploys", body)
        .await
        .has("201");
    let now = Timestamp::now();
    let lease = now + SignedDuration::from_hours(1);
    app.store
        .claim_deploy("test", now, lease)
        .await
        .unwrap()
        .unwrap()
}

async fn record(app: &App, job: &Job, state: Option<DeployState>, lines: &[&str]) {
    let line = |message: &&str| NewLogLine {
        at: Timestamp::now(),
        level: LogLevel::Info,
        object: None,
        message: (*message).to_owned(),
    };
    let progress = Progress {
        state,
        lines: lines.iter().map(line).collect(),
        ..Progress::default()
    };
    app.store
        .record(job.id, job.attempt, progress, Timestamp::now())
        .await
        .unwrap();
}

/// Reads a stream to its end: of each event its id, and its line or the state of the job.
async fn events(app: &App, id: DeployId, headers: &[(&str, &str)]) -> String {
    let token = app.token("vera");
    let headers = [headers, &[("authorization", &token)]].concat();
    let answer = app
        .send(&format!("GET /api/deploys/{id}/events"), &headers, "")
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let events = answer.body.split("\n\n").filter(|event| !event.is_empty());
    let shown = events.map(|event| {
        let field = |name| {
            event
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .unwrap()
        };
        let data: serde_json::Value = serde_json::from_str(field("data: ")).unwrap();
        let what = data["line"]["message"]
            .as_str()
            .or(data["job"]["state"].as_str());
        format!("{} {}", field("id: "), what.unwrap())
    });
    shown.collect::<Vec<_>>().join(", ")
}
