//! A small Kubernetes API server in process, with controllers that play.
//!
//! It listens on a loopback port with TLS, writes a kubeconfig, and answers `kubectl` and `kube` as a
//! kube-apiserver 1.36 does: discovery, OpenAPI, objects with field managers, watches, RBAC. Nothing
//! runs in it: Pods become ready, or fail, by rules. What it checks and what it does not stands in
//! `docs/sandbox.md`.
//!
//! ```no_run
//! # async fn example() -> Result<(), sandbox::Error> {
//! let sandbox = sandbox::Sandbox::start(sandbox::Options::default()).await?;
//! sandbox.write_kubeconfig("kubeconfig".as_ref())?;
//! println!("{}", sandbox.url());
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]

mod access;
mod admission;
mod body;
mod controllers;
mod convert;
mod crd;
mod decode;
mod defaults;
mod delete;
mod discovery;
mod faults;
mod journal;
mod kubeconfig;
mod lifecycle;
mod logs;
mod managed;
mod openapi;
mod patch;
mod protobuf;
mod quantity;
mod read;
mod request;
mod resources;
mod selector;
mod serve;
mod status;
mod store;
mod subresource;
mod table;
mod tls;
mod types;
mod validation;
mod value;
mod watch;
mod world;
mod write;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use faults::{Faults, ImageFault};

use access::{User, Users};
use journal::Journal;
use store::Store;
use tls::Identity;
use world::{Parts, World};

/// How a sandbox is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// The loopback port to listen on; 0 for a free one.
    pub port: u16,
    /// Where objects are kept over restarts; only in memory if there is no folder.
    pub folder: Option<PathBuf>,
    /// What the dice begin with: the same seed, the same times.
    pub seed: u64,
    /// How long Pods take, as a factor; 0 for at once.
    pub pace: f64,
}

impl Default for Options {
    /// A free port, nothing kept, times as in a small cluster.
    fn default() -> Self {
        Self {
            port: 0,
            folder: None,
            seed: 1,
            pace: 1.0,
        }
    }
}

/// Why a sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is taken, or a file cannot be read or written.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// No certificate could be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(String),
}

impl Error {
    #[expect(clippy::needless_pass_by_value, reason = "it is used with map_err")]
    fn certificate(error: rcgen::Error) -> Self {
        Self::Certificate(error.to_string())
    }

    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// A running sandbox. It ends when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    world: Arc<World>,
    admin_token: String,
    stop: tokio::sync::watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a server and its controllers.
    ///
    /// # Errors
    ///
    /// If the port is taken, or the folder cannot be used.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let listener = TcpListener::bind(address)
            .await
            .map_err(Error::io(format!("cannot listen on {address}")))?;
        let address = listener
            .local_addr()
            .map_err(Error::io("cannot learn the port"))?;
        let kept = Kept::open(options.folder.as_deref())?;
        let users = Users::default();
        users.insert(
            &kept.admin_token,
            User::new("kubernetes-admin", &[access::users::MASTERS]),
            None,
        );
        let world = Arc::new(World::new(Parts {
            catalog: resources::Catalog::new(),
            store: kept.store,
            users,
            faults: Faults::default(),
            seed: options.seed,
            pace: options.pace,
            address,
            ca: kept.identity.ca_certificate.clone(),
        }));
        controllers::bootstrap(&world);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let server = serve::run(
            Arc::clone(&world),
            kept.identity.listen(listener),
            stopped.clone(),
        );
        let player = controllers::run(Arc::clone(&world), stopped);
        Ok(Self {
            world,
            admin_token: kept.admin_token,
            stop,
            tasks: vec![tokio::spawn(server), tokio::spawn(player)],
        })
    }

    /// Where it listens, such as `https://127.0.0.1:41234`.
    pub fn url(&self) -> String {
        format!("https://{}", self.world.address)
    }

    /// The certificate that clients trust, as PEM.
    pub fn ca_certificate(&self) -> &str {
        &self.world.ca
    }

    /// A kubeconfig of the administrator, who may do everything.
    pub fn kubeconfig(&self) -> String {
        self.kubeconfig_of("kubernetes-admin", &self.admin_token)
    }

    /// The token of the administrator.
    pub fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// Writes the administrator's kubeconfig, readable for the owner only.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn write_kubeconfig(&self, path: &Path) -> Result<(), Error> {
        kubeconfig::write(path, &self.kubeconfig())
            .map_err(Error::io(format!("cannot write {}", path.display())))
    }

    /// Makes a user, and returns the token that the user signs in with.
    pub fn add_user(&self, name: &str, groups: &[&str]) -> String {
        let token = uuid::Uuid::new_v4().simple().to_string();
        self.world
            .users
            .insert(&token, User::new(name, groups), None);
        token
    }

    /// A kubeconfig of a user with this token.
    pub fn kubeconfig_of(&self, user: &str, token: &str) -> String {
        kubeconfig::text(&self.url(), &self.world.ca, user, token)
    }

    /// Faults to switch on and off.
    pub fn faults(&self) -> &Faults {
        &self.world.faults
    }

    /// Stops the server and the controllers. What was answered is on disk.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        for task in &mut self.tasks {
            let grace = tokio::time::timeout(std::time::Duration::from_secs(2), &mut *task);
            if grace.await.is_err() {
                task.abort();
            }
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// What outlives a restart.
struct Kept {
    store: Store,
    identity: Identity,
    admin_token: String,
}

impl Kept {
    fn open(folder: Option<&Path>) -> Result<Self, Error> {
        let fresh_token = uuid::Uuid::new_v4().simple().to_string();
        let Some(folder) = folder else {
            return Ok(Self {
                store: Store::new(None, Vec::new(), 1),
                identity: Identity::generate()?,
                admin_token: fresh_token,
            });
        };
        let loaded =
            Journal::open(folder).map_err(Error::io(format!("cannot use {}", folder.display())))?;
        let identity_file = folder.join("identity.json");
        let known: Option<serde_json::Value> = std::fs::read(&identity_file)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let part = |name: &str| Some(known.as_ref()?[name].as_str()?.to_owned());
        let identity = match (part("certificate"), part("key")) {
            (Some(certificate), Some(key)) => Identity::signed_by(certificate, key)?,
            _ => Identity::generate()?,
        };
        let admin_token = part("token").unwrap_or(fresh_token);
        let text = serde_json::json!({
            "certificate": identity.ca_certificate,
            "key": identity.ca_key,
            "token": admin_token,
        });
        kubeconfig::write(&identity_file, &text.to_string()).map_err(Error::io(format!(
            "cannot write {}",
            identity_file.display()
        )))?;
        Ok(Self {
            store: Store::new(Some(loaded.journal), loaded.objects, loaded.version.max(1)),
            identity,
            admin_token,
        })
    }
}
