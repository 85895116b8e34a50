//! Accepting connections: those that send nothing, or a request byte by byte, are closed.
//!
//! `axum::serve` waits for a request as long as the other side likes, so that some thousand idle
//! connections would use up all files of the process.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;
use tower_http::timeout::TimeoutBody;

use crate::Shutdown;

/// How long others may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From the start of a connection, or the end of an answer, to the end of the next head.
    pub head: Duration,
    /// Between two parts of a body.
    pub body: Duration,
}

impl Patience {
    /// As long as a slow network needs. Proxies keep idle connections for a minute and expect the
    /// other side to keep them longer.
    pub const USUAL: Self = Self {
        head: Duration::from_secs(75),
        body: Duration::from_secs(30),
    };
}

/// How long nothing is accepted after the system could not: mostly it has no file left.
const NO_FILES: Duration = Duration::from_millis(500);

/// Serves until the server stops and all answers that were begun have ended.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown, patience: Patience) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = shutdown.closing() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let router = router.clone();
                    connections.spawn(connection(stream, peer, router, shutdown.clone(), patience));
                }
                Err(error) if is_of_the_other_side(&error) => {}
                Err(error) => {
                    tracing::error!(error = %error, "a connection cannot be accepted");
                    tokio::time::sleep(NO_FILES).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    shutdown: Shutdown,
    patience: Patience,
) {
    let service = router.map_request(move |request| prepared(request, peer, patience.body));
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head);
    let service = TowerToHyperService::new(service);
    let mut served = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        ended = served.as_mut() => return told(ended),
        () = shutdown.closing() => served.as_mut().graceful_shutdown(),
    }
    told(served.await);
}

fn prepared(request: Request<Incoming>, peer: SocketAddr, patience: Duration) -> Request {
    let mut request = request.map(|body| Body::new(Box::pin(TimeoutBody::new(patience, body))));
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// What goes wrong with a connection is the other side's doing.
fn told<E: std::fmt::Debug>(ended: Result<(), E>) {
    if let Err(error) = ended {
        tracing::debug!(error = ?error, "a connection broke off");
    }
}

fn is_of_the_other_side(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::Notify;

    use super::*;

    const SHORT: Patience = Patience {
        head: Duration::from_millis(50),
        body: Duration::from_millis(50),
    };

    #[tokio::test]
    async fn a_head_that_does_not_end_is_not_waited_for() {
        assert_eq!(answer("").await, "");
        assert_eq!(answer("GET / HTTP/1.1\r\nHost: a\r\n").await, "");
    }

    #[tokio::test]
    async fn a_body_that_does_not_end_is_not_waited_for() {
        let told = answer("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").await;

        assert!(told.starts_with("HTTP/1.1 400 "), "{told}");
    }

    #[tokio::test]
    async fn a_request_is_answered_and_its_connection_closed_when_it_rests() {
        let told = answer("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;

        assert!(told.starts_with("HTTP/1.1 200 OK"), "{told}");
        assert!(told.ends_with("127.0.0.1"), "{told}");
    }

    #[tokio::test]
    async fn a_server_that_stops_ends_what_it_has_begun() {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let slow = {
            let (begun, go_on) = (begun.clone(), go_on.clone());
            async move || {
                begun.notify_one();
                go_on.notified().await;
                "all of it"
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (stop, shutdown) = Shutdown::new();
        let router = Router::new().route("/", get(slow));
        let served = tokio::spawn(serve(listener, router, shutdown, Patience::USUAL));
        let request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        stream.write_all(request).await.unwrap();
        begun.notified().await;

        stop.send(true).unwrap();
        go_on.notify_one();

        let mut told = String::new();
        stream.read_to_string(&mut told).await.unwrap();
        assert!(told.ends_with("all of it"), "{told}");
        served.await.unwrap();
    }

    /// Sends a text, and returns all that is answered until the connection is closed.
    async fn answer(text: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let from = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string();
        let router = Router::new().route("/", get(from).post(async |body: String| body));
        let (_stop, shutdown) = Shutdown::new();
        tokio::spawn(serve(listener, router, shutdown, SHORT));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut told = String::new();
        stream.read_to_string(&mut told).await.unwrap();
        told
    }
}
