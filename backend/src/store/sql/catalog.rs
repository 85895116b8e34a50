//! Projects, clusters, environments, sets and versions.

use std::collections::BTreeMap;

use api_types::{
    Cluster, Environment, Project, Provenance, ResourceSet, SearchHit, Slug, Version, VersionName,
};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction, query};

use super::{
    SqlStore, from_json, from_word, is_missing, millis, missing, name, optional_name, taken, time,
    to_json, to_word,
};
use crate::store::{Catalog, NewVersion, PushOutcome, SetKey, StoreError, User, VersionKey};

#[async_trait]
impl Catalog for SqlStore {
    async fn ping(&self) -> Result<(), StoreError> {
        query("SELECT 1").execute(&self.read).await?;
        Ok(())
    }

    async fn add_project(
        &self,
        name: &Slug,
        description: &str,
        owner: &str,
        now: Timestamp,
    ) -> Result<Project, StoreError> {
        let mut transaction = self.write.begin().await?;
        let row = query(
            "INSERT INTO projects (name, description, created_at) VALUES ($1, $2, $3)
             RETURNING name, description, created_at",
        )
        .bind(name.as_str())
        .bind(description)
        .bind(millis(now))
        .fetch_one(&mut *transaction)
        .await
        .map_err(taken("project", name))?;
        query("INSERT INTO members (project, user_name, role) VALUES ($1, $2, 'owner')")
            .bind(name.as_str())
            .bind(owner)
            .execute(&mut *transaction)
            .await
            .map_err(missing("user", &owner))?;
        transaction.commit().await?;
        project(&row)
    }

    async fn projects(&self, user: &User) -> Result<Vec<Project>, StoreError> {
        query(
            "SELECT name, description, created_at FROM projects
             WHERE $1 = 1 OR name IN (SELECT project FROM members WHERE user_name = $2)
             ORDER BY name",
        )
        .bind(i64::from(user.admin))
        .bind(&user.name)
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(project)
        .collect()
    }

    async fn project(&self, name: &Slug) -> Result<Option<Project>, StoreError> {
        query("SELECT name, description, created_at FROM projects WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(&self.read)
            .await?
            .as_ref()
            .map(project)
            .transpose()
    }

    async fn add_cluster(
        &self,
        cluster: &Cluster,
        kubeconfig: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        query(
            "INSERT INTO clusters (name, server, kind, kubeconfig, created_at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(cluster.name.as_str())
        .bind(&cluster.server)
        .bind(to_word(&cluster.kind)?)
        .bind(kubeconfig.map(|it| self.vault.seal(cluster.name.as_str(), it)))
        .bind(millis(now))
        .execute(&self.write)
        .await
        .map_err(taken("cluster", &cluster.name))?;
        Ok(())
    }

    async fn announce_cluster(&self, cluster: &Cluster, now: Timestamp) -> Result<(), StoreError> {
        query(
            "INSERT INTO clusters (name, server, kind, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO UPDATE SET server = excluded.server
             WHERE clusters.kind = excluded.kind
             RETURNING name",
        )
        .bind(cluster.name.as_str())
        .bind(&cluster.server)
        .bind(to_word(&cluster.kind)?)
        .bind(millis(now))
        .fetch_optional(&self.write)
        .await?
        .map(|_| ())
        .ok_or_else(|| StoreError::Exists {
            what: "cluster",
            name: cluster.name.to_string(),
        })
    }

    async fn clusters(&self) -> Result<Vec<Cluster>, StoreError> {
        query("SELECT name, server, kind FROM clusters ORDER BY name")
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(cluster)
            .collect()
    }

    async fn cluster(&self, name: &Slug) -> Result<Option<(Cluster, Option<String>)>, StoreError> {
        let found = query("SELECT name, server, kind, kubeconfig FROM clusters WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(&self.read)
            .await?;
        let Some(row) = found else { return Ok(None) };
        let kubeconfig: Option<String> = row.try_get("kubeconfig")?;
        let kubeconfig = kubeconfig.map(|it| self.unseal(name, &it)).transpose()?;
        Ok(Some((cluster(&row)?, kubeconfig)))
    }

    async fn put_environment(
        &self,
        project: &Slug,
        environment: &Environment,
    ) -> Result<(), StoreError> {
        query(
            "INSERT INTO environments (project, name, cluster, namespace)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (project, name)
             DO UPDATE SET cluster = excluded.cluster, namespace = excluded.namespace",
        )
        .bind(project.as_str())
        .bind(environment.name.as_str())
        .bind(environment.cluster.as_str())
        .bind(&environment.namespace)
        .execute(&self.write)
        .await
        .map_err(missing("cluster", &environment.cluster))?;
        Ok(())
    }

    async fn remove_environment(&self, project: &Slug, name: &Slug) -> Result<(), StoreError> {
        let busy = query(
            "SELECT id FROM deploys WHERE project = $1 AND environment = $2
             AND state IN ('queued', 'applying', 'waiting', 'pruning') LIMIT 1",
        )
        .bind(project.as_str())
        .bind(name.as_str())
        .fetch_optional(&self.write)
        .await?;
        if let Some(row) = busy {
            return Err(StoreError::InUse {
                what: "environment",
                name: name.to_string(),
                by: format!("deploy {} has not ended", row.try_get::<String, _>("id")?),
            });
        }
        let done = query("DELETE FROM environments WHERE project = $1 AND name = $2")
            .bind(project.as_str())
            .bind(name.as_str())
            .execute(&self.write)
            .await?;
        match done.rows_affected() {
            0 => Err(StoreError::not_found("environment", name)),
            _ => Ok(()),
        }
    }

    async fn environments(&self, project: &Slug) -> Result<Vec<Environment>, StoreError> {
        query("SELECT name, cluster, namespace FROM environments WHERE project = $1 ORDER BY name")
            .bind(project.as_str())
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(environment)
            .collect()
    }

    async fn environment(
        &self,
        project: &Slug,
        name: &Slug,
    ) -> Result<Option<Environment>, StoreError> {
        query("SELECT name, cluster, namespace FROM environments WHERE project = $1 AND name = $2")
            .bind(project.as_str())
            .bind(name.as_str())
            .fetch_optional(&self.read)
            .await?
            .as_ref()
            .map(environment)
            .transpose()
    }

    async fn add_set(
        &self,
        key: &SetKey,
        description: &str,
        now: Timestamp,
    ) -> Result<ResourceSet, StoreError> {
        let inserted = query(
            "INSERT INTO resource_sets (project, name, description, created_at, last_sequence)
             VALUES ($1, $2, $3, $4, 0)",
        )
        .bind(key.project.as_str())
        .bind(key.set.as_str())
        .bind(description)
        .bind(millis(now))
        .execute(&self.write)
        .await;
        match inserted {
            Err(error) if is_missing(&error) => Err(StoreError::not_found("project", &key.project)),
            Err(error) => Err(taken("set", &key.set)(error)),
            Ok(_) => Ok(ResourceSet {
                project: key.project.clone(),
                name: key.set.clone(),
                description: description.to_owned(),
                created_at: super::rfc3339(millis(now))?,
                newest: None,
                versions: 0,
            }),
        }
    }

    async fn sets(&self, project: &Slug) -> Result<Vec<ResourceSet>, StoreError> {
        query(
            "SELECT s.project, s.name, s.description, s.created_at, s.last_sequence,
                    v.name AS newest
             FROM resource_sets s LEFT JOIN versions v
               ON v.project = s.project AND v.set_name = s.name AND v.sequence = s.last_sequence
             WHERE s.project = $1 ORDER BY s.name",
        )
        .bind(project.as_str())
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(resource_set)
        .collect()
    }

    async fn set(&self, key: &SetKey) -> Result<Option<ResourceSet>, StoreError> {
        query(
            "SELECT s.project, s.name, s.description, s.created_at, s.last_sequence,
                    v.name AS newest
             FROM resource_sets s LEFT JOIN versions v
               ON v.project = s.project AND v.set_name = s.name AND v.sequence = s.last_sequence
             WHERE s.project = $1 AND s.name = $2",
        )
        .bind(key.project.as_str())
        .bind(key.set.as_str())
        .fetch_optional(&self.read)
        .await?
        .as_ref()
        .map(resource_set)
        .transpose()
    }

    async fn add_version(
        &self,
        set: &SetKey,
        new: NewVersion,
        now: Timestamp,
    ) -> Result<PushOutcome, StoreError> {
        let mut transaction = self.write.begin().await?;
        // Rolled back where the version is there already: sequences have no gaps.
        let row = query(
            "UPDATE resource_sets SET last_sequence = last_sequence + 1
             WHERE project = $1 AND name = $2 RETURNING last_sequence",
        )
        .bind(set.project.as_str())
        .bind(set.set.as_str())
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or_else(|| StoreError::not_found("set", &set.set))?;
        let sequence: i64 = row.try_get("last_sequence")?;

        if let Some(present) = find_version(&mut transaction, set, new.name.as_str()).await? {
            if present.content_hash == new.content_hash {
                return Ok(PushOutcome::Present(present));
            }
            return Err(StoreError::VersionExists {
                set: set.set.clone(),
                version: new.name,
            });
        }
        if let Some(parent) = &new.parent {
            find_version(&mut transaction, set, parent.as_str())
                .await?
                .ok_or_else(|| StoreError::not_found("parent version", parent))?;
        }
        let version = insert_version(&mut transaction, set, new, sequence, now).await?;
        transaction.commit().await?;
        Ok(PushOutcome::Added(version))
    }

    async fn versions(
        &self,
        set: &SetKey,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Version>, StoreError> {
        query(
            "SELECT * FROM versions WHERE project = $1 AND set_name = $2 AND sequence < $3
             ORDER BY sequence DESC LIMIT $4",
        )
        .bind(set.project.as_str())
        .bind(set.set.as_str())
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(version)
        .collect()
    }

    async fn version(&self, key: &VersionKey) -> Result<Option<Version>, StoreError> {
        query("SELECT * FROM versions WHERE project = $1 AND set_name = $2 AND name = $3")
            .bind(key.set.project.as_str())
            .bind(key.set.set.as_str())
            .bind(key.version.as_str())
            .fetch_optional(&self.read)
            .await?
            .as_ref()
            .map(version)
            .transpose()
    }

    async fn files(&self, key: &VersionKey) -> Result<BTreeMap<String, String>, StoreError> {
        query(
            "SELECT path, content FROM files
             WHERE project = $1 AND set_name = $2 AND version = $3",
        )
        .bind(key.set.project.as_str())
        .bind(key.set.set.as_str())
        .bind(key.version.as_str())
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("path")?, row.try_get("content")?)))
        .collect()
    }

    async fn file(&self, key: &VersionKey, path: &str) -> Result<Option<String>, StoreError> {
        let found = query(
            "SELECT content FROM files
             WHERE project = $1 AND set_name = $2 AND version = $3 AND path = $4",
        )
        .bind(key.set.project.as_str())
        .bind(key.set.set.as_str())
        .bind(key.version.as_str())
        .bind(path)
        .fetch_optional(&self.read)
        .await?;
        Ok(match found {
            Some(row) => Some(row.try_get("content")?),
            None => None,
        })
    }

    async fn search(
        &self,
        user: &User,
        words: &[String],
        limit: u32,
    ) -> Result<Vec<SearchHit>, StoreError> {
        let own = words
            .last()
            .map_or("%".to_owned(), |word| format!("%{}%", escaped(word)));
        let path: Vec<String> = words.iter().map(|word| escaped(word)).collect();
        query(
            r"SELECT project, set_name, version FROM (
                SELECT name AS project, CAST(NULL AS TEXT) AS set_name,
                       CAST(NULL AS TEXT) AS version, 0 AS rank, created_at, 0 AS sequence,
                       name AS own, name AS path
                FROM projects
                UNION ALL
                SELECT project, name, NULL, 1, created_at, 0, name, project || '/' || name
                FROM resource_sets
                UNION ALL
                SELECT project, set_name, name, 2, created_at, sequence, name,
                       project || '/' || set_name || '/' || name
                FROM versions) hits
              WHERE ($1 = 1 OR project IN (SELECT project FROM members WHERE user_name = $2))
                AND LOWER(own) LIKE $3 ESCAPE '\' AND LOWER(path) LIKE $4 ESCAPE '\'
              ORDER BY rank, created_at DESC, sequence DESC, path LIMIT $5",
        )
        .bind(i64::from(user.admin))
        .bind(&user.name)
        .bind(own)
        .bind(format!("%{}%", path.join("%")))
        .bind(i64::from(limit))
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(|row| {
            Ok(SearchHit {
                project: name(row, "project")?,
                set: optional_name(row, "set_name")?,
                version: optional_name(row, "version")?,
            })
        })
        .collect()
    }
}

async fn find_version(
    transaction: &mut Transaction<'_, Any>,
    set: &SetKey,
    name: &str,
) -> Result<Option<Version>, StoreError> {
    query("SELECT * FROM versions WHERE project = $1 AND set_name = $2 AND name = $3")
        .bind(set.project.as_str())
        .bind(set.set.as_str())
        .bind(name)
        .fetch_optional(&mut **transaction)
        .await?
        .as_ref()
        .map(version)
        .transpose()
}

async fn insert_version(
    transaction: &mut Transaction<'_, Any>,
    set: &SetKey,
    new: NewVersion,
    sequence: i64,
    now: Timestamp,
) -> Result<Version, StoreError> {
    let row = query(
        "INSERT INTO versions (project, set_name, name, sequence, content_hash, parent, author,
             git_commit, git_ref, pipeline_url, created_at, objects)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         RETURNING *",
    )
    .bind(set.project.as_str())
    .bind(set.set.as_str())
    .bind(new.name.as_str())
    .bind(sequence)
    .bind(&new.content_hash)
    .bind(new.parent.as_ref().map(VersionName::as_str))
    .bind(&new.provenance.author)
    .bind(&new.provenance.commit)
    .bind(&new.provenance.git_ref)
    .bind(&new.provenance.pipeline_url)
    .bind(millis(now))
    .bind(to_json(&new.objects)?)
    .fetch_one(&mut **transaction)
    .await?;
    for (path, content) in &new.files {
        query(
            "INSERT INTO files (project, set_name, version, path, content)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(set.project.as_str())
        .bind(set.set.as_str())
        .bind(new.name.as_str())
        .bind(path)
        .bind(content)
        .execute(&mut **transaction)
        .await?;
    }
    version(&row)
}

/// A word for `LIKE`, in lower case, with nothing in it that `LIKE` would read.
fn escaped(word: &str) -> String {
    let word = word.to_lowercase().replace('\\', r"\\");
    word.replace('%', r"\%").replace('_', r"\_")
}

fn project(row: &AnyRow) -> Result<Project, StoreError> {
    Ok(Project {
        name: name(row, "name")?,
        description: row.try_get("description")?,
        created_at: time(row, "created_at")?,
    })
}

fn cluster(row: &AnyRow) -> Result<Cluster, StoreError> {
    Ok(Cluster {
        name: name(row, "name")?,
        server: row.try_get("server")?,
        kind: from_word(row, "kind")?,
    })
}

fn environment(row: &AnyRow) -> Result<Environment, StoreError> {
    Ok(Environment {
        name: name(row, "name")?,
        cluster: name(row, "cluster")?,
        namespace: row.try_get("namespace")?,
    })
}

fn resource_set(row: &AnyRow) -> Result<ResourceSet, StoreError> {
    Ok(ResourceSet {
        project: name(row, "project")?,
        name: name(row, "name")?,
        description: row.try_get("description")?,
        created_at: time(row, "created_at")?,
        newest: optional_name(row, "newest")?,
        // Versions are only added and sequences have no gaps, so the last one is the count.
        versions: row.try_get::<i64, _>("last_sequence")?.unsigned_abs(),
    })
}

fn version(row: &AnyRow) -> Result<Version, StoreError> {
    Ok(Version {
        name: name(row, "name")?,
        content_hash: row.try_get("content_hash")?,
        parent: optional_name(row, "parent")?,
        provenance: Provenance {
            author: row.try_get("author")?,
            commit: row.try_get("git_commit")?,
            git_ref: row.try_get("git_ref")?,
            pipeline_url: row.try_get("pipeline_url")?,
        },
        created_at: time(row, "created_at")?,
        sequence: row.try_get("sequence")?,
        objects: from_json(row, "objects")?,
    })
}
