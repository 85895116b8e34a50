//! Deploys against `kubectl`, and a year of deploys: the server of this build, the sandbox in load
//! mode, one table.
//!
//! `cargo xtask bench --deploys [NAME]`, where NAME is `many`, `distance`, `again`,
//! `concurrent`, `resume`, `replicas` or `year`. The sandbox is in this process and carries out about 300 writes a second, one after another.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on says where"
)]
#![expect(clippy::print_stdout, reason = "the table is what it is for")]

mod ground;
mod manifests;
mod replicas;
mod year;

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::json;

use ground::Ground;

/// Writes a second of the sandbox in load mode, as an API server on two shared cores has them.
const WRITES: u32 = 300;

#[tokio::main]
async fn main() {
    let filter = std::env::args().skip(1).find(|it| !it.starts_with("--"));
    let is_wanted = |name: &str| filter.as_ref().is_none_or(|it| name.contains(it.as_str()));
    println!("| what | kun | kubectl | ratio | bar |\n|---|---|---|---|---|");
    if is_wanted("many") {
        let ground = Ground::start(WRITES, Duration::ZERO).await;
        against_kubectl(&ground, "500 changed objects, RTT 0", 500, true, 5, "0.85").await;
    }
    if is_wanted("distance") {
        let ground = Ground::start(WRITES, Duration::from_millis(20)).await;
        against_kubectl(
            &ground,
            "200 changed objects, RTT 20 ms",
            200,
            true,
            3,
            "0.25",
        )
        .await;
    }
    if is_wanted("again") {
        let ground = Ground::start(WRITES, Duration::ZERO).await;
        against_kubectl(
            &ground,
            "500 unchanged objects, RTT 0",
            500,
            false,
            5,
            "0.70",
        )
        .await;
    }
    if is_wanted("concurrent") {
        concurrent().await;
    }
    if is_wanted("resume") {
        resume().await;
    }
    if is_wanted("replicas") {
        replicas::run().await;
    }
    if is_wanted("year") {
        year::run().await;
    }
}

/// Deploys and applies the same set in turns, each to its own namespace; medians.
async fn against_kubectl(
    ground: &Ground,
    what: &str,
    count: usize,
    is_changed: bool,
    runs: usize,
    bar: &str,
) {
    let idle = ground.server_megabytes();
    ground.add_set("many", "dev").await;
    let (mut own, mut kubectl) = (Vec::new(), Vec::new());
    for run in 0..=runs {
        let text = manifests::many(count, if is_changed { run } else { 0 });
        let version = format!("v{run}");
        ground.push("many", &version, &text).await;
        let start = Instant::now();
        ground.deploy("many", &version, "dev").await;
        own.push(start.elapsed());
        kubectl.push(ground.kubectl_apply(&text));
    }
    // The first run makes the objects.
    let (own, kubectl) = (median(&own[1..]), median(&kubectl[1..]));
    let ratio = own.as_secs_f64() / kubectl.as_secs_f64();
    println!(
        "| {what} | {:.2} s | {:.2} s | {ratio:.2} | <= {bar} |",
        own.as_secs_f64(),
        kubectl.as_secs_f64()
    );
    println!(
        "| memory of the server, idle and after {} deploys of {count} | {idle} MB, {} MB | | | < 120 MB idle |",
        runs + 1,
        ground.server_megabytes()
    );
}

async fn concurrent() {
    let ground = Ground::start(WRITES, Duration::ZERO).await;
    let sets: Vec<String> = (0..200).map(|number| format!("set-{number}")).collect();
    for set in &sets {
        ground.add_set(set, "dev").await;
        ground.push(set, "v1", &manifests::few(set, 10)).await;
    }
    let start = Instant::now();
    let deploys = sets.iter().map(|set| ground.deploy(set, "v1", "dev"));
    join_all(deploys).await;
    let took = start.elapsed().as_secs_f64();
    // Each writes its parent too.
    let rate = 200.0 * 11.0 / took;
    println!(
        "| 200 concurrent deploys of 10 objects | {took:.1} s, all succeeded, {rate:.0} writes/s of {WRITES} | | {:.2} | all, >= 0.80 |",
        rate / f64::from(WRITES)
    );
    println!(
        "| memory of the server after it | {} MB | | | < 500 MB |",
        ground.server_megabytes()
    );
}

/// Kills the server in the middle of a deploy, and starts it again.
async fn resume() {
    let mut ground = Ground::start(0, Duration::ZERO).await;
    ground.add_set("web", "dev").await;
    ground.push("web", "v1", &manifests::many(20, 1)).await;
    ground.sandbox.faults().freeze();
    let id = ground.begin("web", "v1", "dev").await;
    ground.wait_for_state(&id, "waiting").await;
    let start = Instant::now();
    ground.restart_killed();
    ground.sandbox.faults().thaw();
    ground.follow(&id).await;
    let log = ground.get(&format!("/api/deploys/{id}/log")).await;
    assert!(log.to_string().contains("attempt 2 goes on"), "{log}");
    println!(
        "| from kill -9 to the end of the deploy, SQLite | {:.1} s | | | <= 17 s |",
        start.elapsed().as_secs_f64()
    );
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2]
}

/// The wish of a deploy.
fn wish(version: &str, environment: &str) -> serde_json::Value {
    json!({"version": version, "environment": environment})
}
