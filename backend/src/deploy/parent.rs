//! The parent of a set in the cluster: it tells where members may be found, and fences off workers
//! that have lost their job.
//!
//! Each write names the version that was seen last, and carries the fence of the job. A worker that
//! slept while another one took over finds a larger fence, and stops before it changes anything.

use deploy_core::apply_set::{ApplySet, Members};
use serde_json::Value;

use crate::cluster::{Apply, Cluster, ClusterError, Conflicts, Mode, Resource, Target};
use crate::deploy::DeployError;

/// Writes that are tried while somebody else changes the parent too.
const TRIES: u32 = 5;

/// The parent as a job sees it.
pub(super) struct Parent {
    set: ApplySet,
    fence: i64,
    /// As it was seen last; `None` where it is not there yet.
    version: Option<Value>,
}

impl Parent {
    /// Reads the parent, and what it says of the members; nothing if there is none yet.
    pub(super) async fn read(
        cluster: &dyn Cluster,
        set: &ApplySet,
        fence: i64,
    ) -> Result<(Self, Members), DeployError> {
        let live = cluster.get(&target(set)).await?;
        let mut parent = Self {
            set: set.clone(),
            fence,
            version: None,
        };
        let Some(live) = live else {
            return Ok((parent, Members::default()));
        };
        let members = set.read_parent(&live)?;
        parent.take_in(&live)?;
        Ok((parent, members))
    }

    /// Writes where members may be found.
    ///
    /// # Errors
    ///
    /// If a later job works on the set, or the parent cannot be written.
    pub(super) async fn write(
        &mut self,
        cluster: &dyn Cluster,
        members: &Members,
    ) -> Result<(), DeployError> {
        let target = target(&self.set);
        let how = Apply {
            manager: self.set.manager(),
            mode: Mode::Store,
            conflicts: Conflicts::TakeOver,
        };
        let mut tries = 0;
        loop {
            let mut object = self.set.parent_object(members, self.fence);
            if let Some(version) = &self.version {
                object["metadata"]["resourceVersion"] = version.clone();
            }
            tries += 1;
            match cluster.apply(&target, &object, &how).await {
                Ok(applied) => return self.take_in(&applied.object),
                Err(ClusterError::Refused(status)) if status.is_stale() && tries < TRIES => {
                    self.look_again(cluster, &target).await?;
                }
                Err(ClusterError::Refused(status)) => {
                    let reason = deploy_core::explain::refusal(&target.id(), &status);
                    return Err(DeployError::Parent(target.name, reason));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn look_again(
        &mut self,
        cluster: &dyn Cluster,
        target: &Target,
    ) -> Result<(), DeployError> {
        if let Some(live) = cluster.get(target).await? {
            return self.take_in(&live);
        }
        self.version = None;
        Ok(())
    }

    fn take_in(&mut self, live: &Value) -> Result<(), DeployError> {
        self.set.check_fence(live, self.fence)?;
        self.version = live.pointer("/metadata/resourceVersion").cloned();
        Ok(())
    }
}

/// Where the parent of a set lives.
pub(super) fn target(set: &ApplySet) -> Target {
    let id = set.parent();
    Target {
        resource: Resource {
            api_version: id.api_version,
            kind: id.kind,
            plural: "configmaps".to_owned(),
            namespaced: true,
        },
        namespace: id.namespace,
        name: id.name,
    }
}
