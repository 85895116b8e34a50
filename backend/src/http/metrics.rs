//! What `/metrics` shows: requests and how long they took, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::AppState;

/// Upper bounds of the histogram's buckets, in seconds.
const BUCKETS: [f64; 8] = [0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0];

/// Counts of requests by method, route and status.
///
/// The route is the pattern and never the URL: names that people choose would be labels without
/// end.
#[derive(Default)]
pub(super) struct Metrics(Mutex<BTreeMap<Labels, Series>>);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Labels {
    route: String,
    method: String,
    status: u16,
}

#[derive(Default)]
struct Series {
    /// Requests within each bound of [`BUCKETS`].
    within: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    fn observe(&self, labels: Labels, took: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let series = all.entry(labels).or_default();
        let seconds = took.as_secs_f64();
        for (within, bound) in series.within.iter_mut().zip(BUCKETS) {
            *within += u64::from(seconds <= bound);
        }
        series.count += 1;
        series.seconds += seconds;
    }

    /// All series in the text format of Prometheus.
    fn text(&self) -> String {
        let mut text = String::from(
            "# HELP kun_http_request_duration_seconds Time until the answer began.\n\
             # TYPE kun_http_request_duration_seconds histogram\n",
        );
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (
            Labels {
                route,
                method,
                status,
            },
            series,
        ) in all.iter()
        {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            // Writing to a String cannot fail.
            let _ = write_series(&mut text, &labels, series);
        }
        text
    }
}

fn write_series(text: &mut String, labels: &str, series: &Series) -> std::fmt::Result {
    const NAME: &str = "kun_http_request_duration_seconds";
    for (bound, within) in BUCKETS.iter().zip(series.within) {
        writeln!(text, "{NAME}_bucket{{{labels},le=\"{bound}\"}} {within}")?;
    }
    let Series { count, seconds, .. } = series;
    writeln!(text, "{NAME}_bucket{{{labels},le=\"+Inf\"}} {count}")?;
    writeln!(text, "{NAME}_sum{{{labels}}} {seconds}")?;
    writeln!(text, "{NAME}_count{{{labels}}} {count}")
}

/// Counts a request.
pub(super) async fn observe(
    State(metrics): State<Arc<Metrics>>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let route = route.map_or("other".to_owned(), |it| it.as_str().to_owned());
    // A method of somebody's own invention would be a label of its own.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    metrics.observe(
        Labels {
            route,
            method,
            status,
        },
        began.elapsed(),
    );
    response
}

/// How many requests there were, and how long they took, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses(
    (status = 200, body = String, content_type = "text/plain; version=0.0.4"),
))]
pub(super) async fn metrics(State(state): State<AppState>) -> Response {
    let mut text = state.metrics.text();
    let up = match state.store.deploy_counts().await {
        Ok(counts) => {
            text.push_str("# HELP kun_deploys Deploys by state.\n# TYPE kun_deploys gauge\n");
            for (deploy_state, count) in counts {
                let word = serde_json::to_string(&deploy_state).unwrap_or_default();
                let _ = writeln!(text, "kun_deploys{{state={word}}} {count}");
            }
            1
        }
        Err(_) => 0,
    };
    text.push_str("# HELP kun_store_up Whether the database answers.\n# TYPE kun_store_up gauge\n");
    let _ = writeln!(text, "kun_store_up {up}");
    let headers = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (StatusCode::OK, headers, text).into_response()
}
