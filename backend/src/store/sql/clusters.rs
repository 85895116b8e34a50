//! The credentials of clusters, which are sealed.

use api_types::Slug;
use sqlx::{Row, query};

use super::{SqlStore, name};
use crate::store::StoreError;

impl SqlStore {
    pub(super) fn unseal(&self, cluster: &Slug, sealed: &str) -> Result<String, StoreError> {
        let opened = self.vault.unseal(cluster.as_str(), sealed);
        opened.map_err(|source| StoreError::Sealed {
            cluster: cluster.clone(),
            source,
        })
    }

    /// Seals with the newest key what is not. What cannot be opened stays as it is: its cluster
    /// says so when somebody uses it.
    pub(in crate::store) async fn reseal(&self) -> Result<(), StoreError> {
        let rows = query("SELECT name, kubeconfig FROM clusters WHERE kubeconfig IS NOT NULL")
            .fetch_all(&self.read)
            .await?;
        for row in rows {
            let cluster: Slug = name(&row, "name")?;
            let sealed: String = row.try_get("kubeconfig")?;
            if self.vault.is_current(&sealed) {
                continue;
            }
            let plain = match self.unseal(&cluster, &sealed) {
                Ok(plain) => plain,
                Err(error) => {
                    tracing::error!(error = %error, "a credential stays sealed as it is");
                    continue;
                }
            };
            // Another replica may do the same at this moment: the first one wins.
            query("UPDATE clusters SET kubeconfig = $1 WHERE name = $2 AND kubeconfig = $3")
                .bind(self.vault.seal(cluster.as_str(), &plain))
                .bind(cluster.as_str())
                .bind(sealed)
                .execute(&self.write)
                .await?;
        }
        Ok(())
    }
}
