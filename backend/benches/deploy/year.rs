//! A year of the platform that KUN is modelled on: 7,000 deploys and 20,000 calls of CI jobs.

use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::stream;
use serde_json::Value;

use crate::ground::Ground;
use crate::manifests;

const DEPLOYS: usize = 7_000;
const CALLS: usize = 20_000;
const SETS: usize = 50;
/// Pipelines that run at the same time.
const AT_ONCE: usize = 24;

pub(crate) async fn run() {
    let mut ground = Ground::start(0, Duration::ZERO).await;
    for set in 0..SETS {
        ground.add_set(&name(set), "dev").await;
    }
    let start = Instant::now();
    let deploys = stream::iter(0..DEPLOYS).map(|number| pipeline(&ground, number));
    let calls: usize = deploys
        .buffer_unordered(AT_ONCE)
        .fold(0, async |sum, it| sum + it)
        .await;
    let seconds = start.elapsed().as_secs();
    let memory = ground.server_megabytes();
    // What was acknowledged is on the disk: it is counted after a power cut.
    ground.restart_killed();
    let kept = count_deploys(&ground).await;
    assert_eq!(kept, DEPLOYS, "deploys that are in the lists");
    let versions = count_versions(&ground).await;
    assert_eq!(versions, DEPLOYS, "versions that are in the lists");
    println!(
        "| a year: {DEPLOYS} deploys, {calls} calls | {seconds} s, {} deploys/s, all succeeded, all there after kill -9 | | | minutes |",
        DEPLOYS as u64 / seconds.max(1),
    );
    println!("| memory of the server after it | {memory} MB | | | < 500 MB |");
    println!(
        "| database after it | {} MB | | | |",
        ground.database_megabytes()
    );
}

/// Pushes, looks at the set, deploys and waits. Returns the number of calls.
async fn pipeline(ground: &Ground, number: usize) -> usize {
    let set = name(number % SETS);
    let version = format!("v{number}");
    let text =
        manifests::few(&set, 2).replace("\ndata: {", &format!("\ndata: {{run: \"{number}\", "));
    ground.push(&set, &version, &text).await;
    // The others of the calls that a pipeline makes, such as a check of what runs where.
    let looks = (CALLS / DEPLOYS).saturating_sub(1);
    for _ in 0..looks {
        ground
            .get(&format!("/api/projects/bench/sets/{set}/status"))
            .await;
    }
    ground.deploy(&set, &version, "dev").await;
    looks + 4
}

async fn count_deploys(ground: &Ground) -> usize {
    let mut count = 0;
    for_each_page(ground, "/api/deploys", |items| {
        assert!(items.iter().all(|it| it["state"] == "succeeded"));
        count += items.len();
    })
    .await;
    count
}

async fn count_versions(ground: &Ground) -> usize {
    let mut count = 0;
    for set in 0..SETS {
        let path = format!("/api/projects/bench/sets/{}/versions", name(set));
        for_each_page(ground, &path, |items| count += items.len()).await;
    }
    count
}

async fn for_each_page(ground: &Ground, path: &str, mut look: impl FnMut(&[Value])) {
    let mut after = String::new();
    loop {
        let page = ground.get(&format!("{path}?limit=100{after}")).await;
        look(page["items"].as_array().unwrap());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return,
        }
    }
}

fn name(set: usize) -> String {
    format!("set-{set}")
}
