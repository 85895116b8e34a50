//! The clusters that KUN knows, by name, and the way to each with the rights of a person.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use api_types::Slug;
use async_trait::async_trait;
use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig};

use crate::cluster::kube::{KubeCluster, Person, Server};
use crate::cluster::openapi::{self, OwnSchemas};
use crate::cluster::{Cluster, ClusterError, kubeconfig};
use crate::store::{Store, StoreError};

/// With whose rights a cluster's credential is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acting {
    /// The credential asks the cluster to act as the person (impersonation).
    AsThePerson,
    /// The credential is this person's own, and serves nobody else.
    AsOwner(String),
}

/// The way to a cluster with the rights of a person.
#[async_trait]
pub trait Connect: Send + Sync + 'static {
    /// Returns the cluster as `user` sees it. Requests that fail for a passing reason are repeated
    /// for `patience`.
    async fn connect(
        &self,
        cluster: &Slug,
        user: &str,
        patience: Duration,
    ) -> Result<Arc<dyn Cluster>, ClusterError>;
}

/// The clusters that KUN knows.
pub struct Clusters {
    store: Arc<dyn Store>,
    servers: RwLock<HashMap<Slug, Arc<Server>>>,
}

impl Clusters {
    /// Knows what the store holds; more is added by `add_*`.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            servers: RwLock::default(),
        }
    }

    /// Adds a cluster for as long as this process lives, by the text of a kubeconfig that is our
    /// own, such as the sandbox's. Returns the address of its API server.
    pub async fn add(
        &self,
        name: &Slug,
        kubeconfig: &str,
        acting: Acting,
    ) -> Result<String, ClusterError> {
        let parsed = Kubeconfig::from_yaml(kubeconfig)
            .map_err(|error| ClusterError::Kubeconfig(error.to_string()))?;
        let mut config = configure(parsed, None).await?;
        // It is on this machine, whatever proxy leads to others.
        config.proxy_url = None;
        self.insert(name, config, acting)
    }

    /// Adds a context of the kubeconfig of this machine, whose credential is `owner`'s own.
    /// Returns the address of its API server.
    pub async fn add_context(
        &self,
        name: &Slug,
        context: &str,
        owner: &str,
    ) -> Result<String, ClusterError> {
        let options = KubeConfigOptions {
            context: Some(context.to_owned()),
            ..KubeConfigOptions::default()
        };
        let config = Config::from_kubeconfig(&options)
            .await
            .map_err(|error| ClusterError::Kubeconfig(error.to_string()))?;
        self.insert(name, config, Acting::AsOwner(owner.to_owned()))
    }

    /// Checks a kubeconfig that somebody sent, and returns the address of its API server.
    ///
    /// # Errors
    ///
    /// If it would run a program, read a file, or trust anybody.
    pub fn check(kubeconfig: &str, context: Option<&str>) -> Result<String, ClusterError> {
        let parsed = kubeconfig::of_stranger(kubeconfig, context)?;
        kubeconfig::server(&parsed, context)
            .ok_or_else(|| ClusterError::Kubeconfig("it names no server".to_owned()))
    }

    /// Reads the schemas of the kinds that a cluster has beyond those of every cluster, as `user`.
    pub async fn schemas(&self, cluster: &Slug, user: &str) -> Result<OwnSchemas, ClusterError> {
        openapi::read(&self.as_person(cluster, user, openapi::PATIENCE).await?).await
    }

    async fn as_person(
        &self,
        cluster: &Slug,
        user: &str,
        patience: Duration,
    ) -> Result<KubeCluster, ClusterError> {
        let server = self.server(cluster).await?;
        server.admit(user)?;
        Ok(KubeCluster::new(server, Person::new(user)?, patience))
    }

    fn insert(&self, name: &Slug, config: Config, acting: Acting) -> Result<String, ClusterError> {
        let address = config.cluster_url.to_string();
        let server = Server::new(name.as_str(), config, acting)?;
        let mut servers = self.servers.write().unwrap_or_else(PoisonError::into_inner);
        servers.insert(name.clone(), Arc::new(server));
        Ok(address)
    }

    fn known(&self, name: &Slug) -> Option<Arc<Server>> {
        let servers = self.servers.read().unwrap_or_else(PoisonError::into_inner);
        servers.get(name).cloned()
    }

    /// Returns a server that was added, or one that the store holds.
    async fn server(&self, name: &Slug) -> Result<Arc<Server>, ClusterError> {
        if let Some(server) = self.known(name) {
            return Ok(server);
        }
        let unknown = || ClusterError::Unknown(name.to_string());
        let stored = self.store.cluster(name).await.map_err(|error| {
            tracing::error!(error = %error, cluster.name = %name, "a cluster cannot be read from the store");
            match error {
                StoreError::Sealed { .. } => ClusterError::Kubeconfig(error.to_string()),
                _ => unknown(),
            }
        })?;
        let (_, Some(kubeconfig)) = stored.ok_or_else(unknown)? else {
            return Err(ClusterError::Unreachable {
                cluster: name.to_string(),
                reason: "it was known to an earlier start of the server only: start it with this cluster again".to_owned(),
            });
        };
        let parsed = kubeconfig::of_stranger(&kubeconfig, None)?;
        let address = kubeconfig::server(&parsed, None).unwrap_or_default();
        kubeconfig::check_resolved(&address).await?;
        self.insert(name, configure(parsed, None).await?, Acting::AsThePerson)?;
        self.known(name).ok_or_else(unknown)
    }
}

#[async_trait]
impl Connect for Clusters {
    async fn connect(
        &self,
        cluster: &Slug,
        user: &str,
        patience: Duration,
    ) -> Result<Arc<dyn Cluster>, ClusterError> {
        Ok(Arc::new(self.as_person(cluster, user, patience).await?))
    }
}

async fn configure(config: Kubeconfig, context: Option<&str>) -> Result<Config, ClusterError> {
    let options = KubeConfigOptions {
        context: context.map(str::to_owned),
        ..KubeConfigOptions::default()
    };
    Config::from_custom_kubeconfig(config, &options)
        .await
        .map_err(|error| ClusterError::Kubeconfig(error.to_string()))
}

/// A cluster by its kubeconfig alone, as one person.
#[cfg(test)]
pub(crate) async fn as_person(
    kubeconfig: &str,
    acting: Acting,
    user: &str,
    patience: Duration,
) -> Arc<dyn Cluster> {
    let parsed = Kubeconfig::from_yaml(kubeconfig).unwrap();
    let config = configure(parsed, None).await.unwrap();
    let server = Server::new("sandbox", config, acting).unwrap();
    Arc::new(KubeCluster::new(
        Arc::new(server),
        Person::new(user).unwrap(),
        patience,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Vault, open};

    #[tokio::test]
    async fn a_context_serves_its_owner_alone() {
        let folder = std::env::temp_dir().join(format!("kun-{}", uuid::Uuid::new_v4()));
        let store = open(None, &folder, Vault::random()).await.unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let clusters = Clusters::new(store);
        let name: Slug = "prod".parse().unwrap();
        let kubeconfig = "\
clusters: [{name: c, cluster: {server: 'https://10.0.0.1'}}]
users: [{name: u, user: {token: t}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
";
        let acting = Acting::AsOwner("alice".to_owned());
        clusters.add(&name, kubeconfig, acting).await.unwrap();

        let patience = Duration::from_secs(1);
        assert!(clusters.connect(&name, "alice", patience).await.is_ok());
        let refused = clusters.connect(&name, "bob", patience).await.err();
        assert!(
            matches!(refused, Some(ClusterError::OfSomebodyElse { .. })),
            "{refused:?}"
        );
    }
}
