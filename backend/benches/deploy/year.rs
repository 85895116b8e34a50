//! A year of the platform that KUN is modelled on: 7,000 deploys and 20,000 calls of CI jobs.

use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::stream;

use crate::ground::Ground;
use crate::manifests;

const DEPLOYS: usize = 7_000;
const CALLS: usize = 20_000;
const SETS: usize = 50;
/// Pipelines that run at the same time.
const AT_ONCE: usize = 24;

pub(crate) async fn run() {
    let ground = Ground::start(0, Duration::ZERO).await;
    for set in 0..SETS {
        ground.add_set(&name(set), "dev").await;
    }
    let start = Instant::now();
    let deploys = stream::iter(0..DEPLOYS).map(|number| pipeline(&ground, number));
    let calls: usize = deploys
        .buffer_unordered(AT_ONCE)
        .fold(0, async |sum, it| sum + it)
        .await;
    let took = start.elapsed();
    let kept = count_deploys(&ground).await;
    assert_eq!(kept, DEPLOYS, "deploys that are in the lists");
    println!(
        "| a year: {DEPLOYS} deploys, {calls} calls | {:.0} s, all succeeded, all kept | | | minutes |",
        took.as_secs_f64()
    );
    println!(
        "| memory of the server after it | {} MB | | | < 500 MB |",
        ground.server_megabytes()
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
    let mut after = String::new();
    loop {
        let page = ground.get(&format!("/api/deploys?limit=200{after}")).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.iter().all(|it| it["state"] == "succeeded"));
        count += items.len();
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return count,
        }
    }
}

fn name(set: usize) -> String {
    format!("set-{set}")
}
