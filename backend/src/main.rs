//! The server: reads its configuration, opens the store, starts the sandbox and the jobs, serves.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use api_types::{Cluster, ClusterKind, Slug};
use backend::cluster::Clusters;
use backend::config::Config;
use backend::identity::IdTokens;
use backend::jobs::Worker;
use backend::serve::{Patience, serve};
use backend::store::{self, Store, User};
use backend::{Services, Shutdown, example, identity, playground, retention};
use clap::Parser;
use jiff::Timestamp;
use k8s_schemas::SchemaSet;
use sandbox::Sandbox;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// How long open requests may take to end once the server stops.
const GRACE: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_env("KUN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
    run(Config::parse()).await
}

async fn run(config: Config) -> anyhow::Result<()> {
    let data = config.data.display();
    std::fs::create_dir_all(&config.data).with_context(|| format!("cannot make {data}"))?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let store = store::open(
        config.database_url.as_deref(),
        &config.data,
        config.vault()?,
    )
    .await
    .context("cannot open the database")?;

    let user = config.first_user();
    let first_user = User {
        name: user.clone(),
        admin: true,
    };
    store.put_user(&first_user, Timestamp::now()).await?;
    let schemas = SchemaSet::builtin();
    let clusters = Arc::new(Clusters::new(store.clone()));
    for context in &config.clusters {
        add_context(&*store, &clusters, context, &user).await?;
    }
    // Kept until the end: it stops when it is dropped.
    let sandbox = if config.no_sandbox {
        None
    } else {
        Some(add_sandbox(&store, &clusters, &config, &user).await?)
    };
    if let (true, Some((_, cluster))) = (config.example, &sandbox) {
        example::add(&*store, &schemas, cluster, &user, Timestamp::now()).await?;
    }

    let url = match &config.public_url {
        Some(url) => url.to_string().trim_end_matches('/').to_owned(),
        None => format!("http://{address}"),
    };
    let (stop, shutdown) = Shutdown::new();
    let worker = Worker::start(store.clone(), clusters.clone());
    tokio::spawn(retention::forget_old_logs(store.clone(), config.keep_logs));
    let router = backend::build(Services {
        store: store.clone(),
        clusters,
        schemas,
        public_url: config.public_url.clone(),
        allowed_origins: config.allowed_origins.clone(),
        id_tokens: IdTokens::new(&config.gitlabs, &url),
        shutdown: shutdown.clone(),
    });
    announce(&*store, &url, &user).await?;

    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping");
        let _ = stop.send(true);
    });
    let served = serve(listener, router, shutdown.clone(), Patience::USUAL);
    let overdue = async {
        shutdown.closing().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = served => {}
        () = overdue => tracing::warn!("requests that were still open are cut off"),
    }
    // Jobs go on at the next start, or at another replica at once.
    worker.shutdown().await;
    if let Some((sandbox, _)) = sandbox {
        sandbox.shutdown().await;
    }
    Ok(())
}

/// Starts the sandbox, with the namespaces of the example if that is wanted.
async fn add_sandbox(
    store: &Arc<dyn Store>,
    clusters: &Clusters,
    config: &Config,
    user: &str,
) -> anyhow::Result<(Sandbox, Slug)> {
    let namespaces = if config.example {
        &example::NAMESPACES[..]
    } else {
        &[]
    };
    playground::start(store, clusters, &config.data, user, namespaces).await
}

/// Adds a context of this machine's kubeconfig. The cluster is called as the context is, as far as
/// a name allows.
async fn add_context(
    store: &dyn Store,
    clusters: &Clusters,
    context: &str,
    user: &str,
) -> anyhow::Result<()> {
    let name = slug(context)?;
    let server = clusters
        .add_context(&name, context, user)
        .await
        .with_context(|| format!("cannot use the context `{context}`"))?;
    let kind = ClusterKind::Kubeconfig;
    let cluster = Cluster { name, server, kind };
    store.announce_cluster(&cluster, Timestamp::now()).await?;
    Ok(())
}

/// The name nearest to a context such as `gke_shop_europe-west1_main`.
fn slug(context: &str) -> anyhow::Result<Slug> {
    let lower = context.to_ascii_lowercase();
    let plain = lower.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let cut: String = plain.trim_matches('-').chars().take(63).collect();
    let name = cut.trim_matches('-');
    name.parse()
        .with_context(|| format!("no name can be made of the context `{context}`"))
}

/// Prints where the server is, and a link that signs in once.
#[expect(
    clippy::print_stdout,
    reason = "this is what a person waits for, and no log"
)]
async fn announce(store: &dyn Store, url: &str, user: &str) -> anyhow::Result<()> {
    let token = identity::new_login_token(store, user, Timestamp::now()).await?;
    println!("KUN is ready at {url}");
    println!(
        "Sign in as {user} (once, within a day): {url}/login?token={}",
        token.reveal()
    );
    Ok(())
}

/// Returns once somebody asks the server to stop.
async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        let _ = interrupted.await;
        return;
    };
    tokio::select! {
        _ = interrupted => {}
        _ = terminated.recv() => {}
    }
}
