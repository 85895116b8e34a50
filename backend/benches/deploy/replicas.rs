//! Two servers on one PostgreSQL: one is killed, the other goes on.
//!
//! `KUN_TEST_POSTGRES` names the database server, as for the tests; without it this is left out.

use std::time::{Duration, Instant};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::ground::Ground;
use crate::manifests;

/// How often it is measured: how much of a lease is left at the kill is chance.
const RUNS: usize = 3;

pub(crate) async fn run() {
    let Ok(server) = std::env::var("KUN_TEST_POSTGRES") else {
        println!(
            "| from `kill -9` of a replica to the end of the deploy, PostgreSQL | KUN_TEST_POSTGRES names no database | | | <= 17 s |"
        );
        return;
    };
    let mut times = Vec::new();
    for _ in 0..RUNS {
        times.push(take_over(&server).await);
    }
    times.sort_unstable();
    let shown: Vec<_> = times
        .iter()
        .map(|it| format!("{:.1}", it.as_secs_f64()))
        .collect();
    println!(
        "| from `kill -9` of a replica to the end of the deploy at the other, PostgreSQL | {} s | | | <= 17 s |",
        shown.join(", ")
    );
}

/// Kills the replica that has the job, and waits until the other one has finished it.
async fn take_over(server: &str) -> Duration {
    let mut ground = Ground::start_on(0, Duration::ZERO, Some(schema(server).await)).await;
    ground.add_set("web", "dev").await;
    ground.push("web", "v1", &manifests::many(20, 1)).await;
    ground.sandbox.faults().freeze();
    let id = ground.begin("web", "v1", "dev").await;
    ground.wait_for_state(&id, "waiting").await;
    ground.add_replica();
    let start = Instant::now();
    ground.kill_the_first();
    ground.sandbox.faults().thaw();
    ground.follow(&id).await;
    let log = ground.get(&format!("/api/deploys/{id}/log")).await;
    assert!(log.to_string().contains("attempt 2 goes on"), "{log}");
    start.elapsed()
}

/// Makes a schema of its own, and returns a URL that is in it.
async fn schema(server: &str) -> String {
    let name = format!("bench_{}", uuid::Uuid::new_v4().simple());
    let mut connection = PgConnection::connect(server).await.unwrap();
    let create = format!("CREATE SCHEMA {name}");
    connection.execute(AssertSqlSafe(create)).await.unwrap();
    format!("{server}?options=-csearch_path%3D{name}")
}
