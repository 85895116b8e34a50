//! The sandbox as a cluster of KUN's: started, registered, and open to the first user.
//!
//! It is reached like any other cluster, by its address and a credential that may impersonate.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use api_types::{Cluster, ClusterKind, Slug};
use jiff::Timestamp;
use sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::cluster::{Acting, Apply, Clusters, Conflicts, Connect, Mode, Target};
use crate::store::Store;

/// Who applies what the sandbox holds from the start.
const MANAGER: &str = "kun-sandbox";
/// The person of the sandbox's own credential.
const ADMIN: &str = "admin";
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts the sandbox with its state in `data`, writes its kubeconfig there, and registers it
/// under the name that is returned. In it `user` may do everything, and `namespaces` exist.
pub async fn start(
    store: &Arc<dyn Store>,
    clusters: &Clusters,
    data: &Path,
    user: &str,
    namespaces: &[&str],
) -> anyhow::Result<(Sandbox, Slug)> {
    let options = Options {
        folder: Some(data.join("sandbox")),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options)
        .await
        .context("cannot start the sandbox")?;
    sandbox.write_kubeconfig(&data.join("sandbox.kubeconfig"))?;

    let name: Slug = "sandbox".parse()?;
    let kubeconfig = sandbox.kubeconfig();
    let server = clusters
        .add(&name, &kubeconfig, Acting::AsThePerson)
        .await?;
    let cluster = Cluster {
        name: name.clone(),
        server,
        kind: ClusterKind::Sandbox,
    };
    store.announce_cluster(&cluster, Timestamp::now()).await?;
    prepare(store, &kubeconfig, user, namespaces)
        .await
        .context("cannot prepare the sandbox")?;
    Ok((sandbox, name))
}

/// Applies what the first user needs, as the administrator of the sandbox.
async fn prepare(
    store: &Arc<dyn Store>,
    kubeconfig: &str,
    user: &str,
    namespaces: &[&str],
) -> anyhow::Result<()> {
    let clusters = Clusters::new(store.clone());
    let name: Slug = "sandbox".parse()?;
    let acting = Acting::AsOwner(ADMIN.to_owned());
    clusters.add(&name, kubeconfig, acting).await?;
    let cluster = clusters.connect(&name, ADMIN, PATIENCE).await?;
    let how = Apply {
        manager: MANAGER.to_owned(),
        mode: Mode::Store,
        conflicts: Conflicts::TakeOver,
    };
    let namespaces = namespaces.iter().map(|name| namespace(name));
    for object in namespaces.chain([first_user(user)]) {
        let text = |pointer| {
            object
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let (api_version, kind) = (text("/apiVersion"), text("/kind"));
        let resource = cluster.resource(api_version, kind).await?;
        let target = Target {
            resource: resource.with_context(|| format!("the sandbox serves no {kind}"))?,
            namespace: None,
            name: text("/metadata/name").to_owned(),
        };
        cluster.apply(&target, &object, &how).await?;
    }
    Ok(())
}

fn namespace(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
}

fn first_user(user: &str) -> Value {
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "kun-first-user"},
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": "cluster-admin",
        },
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
    })
}
