//! Deploy jobs.

use std::collections::HashMap;

use api_types::{Deploy, DeployState, LogLevel, LogLine, Phase, Slug};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction, query};
use tokio::sync::broadcast;

use super::{
    SqlStore, from_json, from_word, is_taken, millis, missing, name, optional_time, rfc3339, time,
    to_json, to_word, unavailable,
};
use crate::store::{
    DeployFilter, DeployId, Job, JobObject, Jobs, NewJob, NewLogLine, Progress, SetKey, StoreError,
};

/// Deploys of a place whose receipts are looked at: some may have ended before they left any.
const RECEIPTS_OF: i64 = 5;

#[async_trait]
impl Jobs for SqlStore {
    async fn create_deploy(&self, new: NewJob, now: Timestamp) -> Result<Deploy, StoreError> {
        let id = DeployId::new();
        let row = query(
            "INSERT INTO deploys (id, project, set_name, version, environment, cluster,
                 namespace, options, by_user, state, reason, cancel_requested, attempt,
                 lease_until, log_sequence, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', '', 0, 0, 0, 0, $10)
             RETURNING *",
        )
        .bind(id.to_string())
        .bind(new.set.project.as_str())
        .bind(new.set.set.as_str())
        .bind(new.version.as_str())
        .bind(new.environment.as_str())
        .bind(new.cluster.as_str())
        .bind(&new.namespace)
        .bind(to_json(&new.options)?)
        .bind(&new.by)
        .bind(millis(now))
        .fetch_one(&self.write)
        .await
        .map_err(missing("version", &new.version))?;
        self.changed(id);
        deploy(&row)
    }

    async fn claim_deploy(
        &self,
        worker: &str,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<Job>, StoreError> {
        // The conditions stand twice: another replica may claim the same row between the
        // subquery and the update, which then looks at the row again and finds it leased.
        let claimed = query(
            "UPDATE deploys SET
                 attempt = attempt + 1, worker = $1, lease_until = $2,
                 fence = 1 + (
                   SELECT MAX(p.fence) FROM deploys p
                   WHERE p.project = deploys.project AND p.environment = deploys.environment
                     AND p.set_name = deploys.set_name),
                 phases = phases || CASE WHEN state = 'queued' THEN $4 ELSE '' END,
                 state = CASE WHEN state = 'queued' THEN 'applying' ELSE state END,
                 started_at = COALESCE(started_at, $3)
             WHERE lease_until <= $3
               AND state IN ('queued', 'applying', 'waiting', 'pruning')
               AND id = (
                 SELECT d.id FROM deploys d
                 WHERE d.lease_until <= $3
                   AND d.state IN ('queued', 'applying', 'waiting', 'pruning')
                   AND NOT EXISTS (
                     SELECT 1 FROM deploys o
                     WHERE o.project = d.project AND o.environment = d.environment
                       AND o.set_name = d.set_name AND o.id <> d.id
                       AND o.state IN ('applying', 'waiting', 'pruning'))
                 ORDER BY d.id LIMIT 1)
             RETURNING *",
        )
        .bind(worker)
        .bind(millis(lease_until))
        .bind(millis(now))
        .bind(phase("applying", now))
        .fetch_optional(&self.write)
        .await;
        let row = match claimed {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(None),
            // Two replicas began two jobs of one place at once: the index let one of them.
            Err(error) if is_taken(&error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let job = self.job(&row).await?;
        self.changed(job.id);
        Ok(Some(job))
    }

    async fn heartbeat(
        &self,
        id: DeployId,
        attempt: i64,
        lease_until: Timestamp,
    ) -> Result<bool, StoreError> {
        let row = query(
            "UPDATE deploys SET lease_until = $3
             WHERE id = $1 AND attempt = $2 AND state IN ('applying', 'waiting', 'pruning')
             RETURNING cancel_requested",
        )
        .bind(id.to_string())
        .bind(attempt)
        .bind(millis(lease_until))
        .fetch_optional(&self.write)
        .await?
        .ok_or(StoreError::Fenced)?;
        Ok(row.try_get::<i64, _>("cancel_requested")? != 0)
    }

    async fn release_deploy(&self, id: DeployId, attempt: i64) -> Result<(), StoreError> {
        query(
            "UPDATE deploys SET lease_until = 0, worker = NULL
             WHERE id = $1 AND attempt = $2 AND state IN ('applying', 'waiting', 'pruning')
             RETURNING id",
        )
        .bind(id.to_string())
        .bind(attempt)
        .fetch_optional(&self.write)
        .await?
        .ok_or(StoreError::Fenced)?;
        Ok(())
    }

    async fn record(
        &self,
        id: DeployId,
        attempt: i64,
        progress: Progress,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let state = progress.state.as_ref().map(to_word).transpose()?;
        let ended = progress.state.is_some_and(DeployState::is_final);
        let begun = state.as_deref().map(|state| phase(state, now));
        let mut transaction = self.write.begin().await?;
        let row = query(
            "UPDATE deploys SET state = COALESCE($3, state), reason = COALESCE($4, reason),
                 finished_at = $5, log_sequence = log_sequence + $6, phases = phases || $7
             WHERE id = $1 AND attempt = $2 AND state IN ('applying', 'waiting', 'pruning')
             RETURNING log_sequence",
        )
        .bind(id.to_string())
        .bind(attempt)
        .bind(state)
        .bind(progress.reason)
        .bind(ended.then(|| millis(now)))
        .bind(i64::try_from(progress.lines.len()).map_err(unavailable)?)
        .bind(begun.unwrap_or_default())
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(StoreError::Fenced)?;
        let last: i64 = row.try_get("log_sequence")?;
        write_objects(&mut transaction, id, &progress.objects).await?;
        write_lines(&mut transaction, id, last, &progress.lines).await?;
        transaction.commit().await?;
        self.changed(id);
        Ok(last)
    }

    async fn request_cancel(
        &self,
        id: DeployId,
        by: &str,
        now: Timestamp,
    ) -> Result<Deploy, StoreError> {
        let reason = format!("cancelled by {by}");
        let mut transaction = self.write.begin().await?;
        let waiting = query(
            "UPDATE deploys SET cancel_requested = 1, state = 'cancelled', reason = $2,
                 finished_at = $3, log_sequence = log_sequence + 1, phases = phases || $4
             WHERE id = $1 AND state = 'queued' RETURNING log_sequence",
        )
        .bind(id.to_string())
        .bind(&reason)
        .bind(millis(now))
        .bind(phase("cancelled", now))
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(row) = waiting {
            let line = NewLogLine {
                at: now,
                level: LogLevel::Warning,
                object: None,
                message: format!("{reason} before it began"),
            };
            let last = row.try_get("log_sequence")?;
            write_lines(&mut transaction, id, last, &[line]).await?;
        } else {
            query(
                "UPDATE deploys SET cancel_requested = 1
                 WHERE id = $1 AND state IN ('applying', 'waiting', 'pruning')",
            )
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        self.changed(id);
        self.deploy(id)
            .await?
            .ok_or_else(|| StoreError::not_found("deploy", &id))
    }

    async fn deploy(&self, id: DeployId) -> Result<Option<Deploy>, StoreError> {
        let found = query("SELECT * FROM deploys WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.read)
            .await?;
        let Some(row) = found else { return Ok(None) };
        Ok(Some(self.job(&row).await?.deploy))
    }

    async fn receipts(
        &self,
        set: &SetKey,
        environment: &Slug,
    ) -> Result<HashMap<String, String>, StoreError> {
        let rows = query(
            "SELECT o.uid, o.receipt FROM deploy_objects o
             WHERE o.uid IS NOT NULL AND o.receipt IS NOT NULL AND o.deploy IN (
                 SELECT id FROM deploys
                 WHERE project = $1 AND set_name = $2 AND environment = $3
                 ORDER BY id DESC LIMIT $4)
             ORDER BY o.deploy",
        )
        .bind(set.project.as_str())
        .bind(set.set.as_str())
        .bind(environment.as_str())
        .bind(RECEIPTS_OF)
        .fetch_all(&self.read)
        .await?;
        // Of two receipts of one object, the newer one stays.
        rows.iter()
            .map(|row| Ok((row.try_get("uid")?, row.try_get("receipt")?)))
            .collect()
    }

    async fn deploys(&self, filter: DeployFilter, limit: u32) -> Result<Vec<Deploy>, StoreError> {
        let (project, set) = match &filter.set {
            Some(key) => (Some(key.project.as_str()), Some(key.set.as_str())),
            None => (None, None),
        };
        query(
            "SELECT * FROM deploys
             WHERE ($1 IS NULL OR project = $1) AND ($2 IS NULL OR set_name = $2)
               AND ($3 IS NULL OR environment = $3) AND ($4 IS NULL OR id < $4)
               AND ($5 IS NULL OR project IN (
                 SELECT project FROM members WHERE user_name = $5))
             ORDER BY id DESC LIMIT $6",
        )
        .bind(project)
        .bind(set)
        .bind(filter.environment.as_ref().map(Slug::as_str))
        .bind(filter.before.map(|id| id.to_string()))
        .bind(filter.member)
        .bind(i64::from(limit))
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(deploy)
        .collect()
    }

    async fn last_deploys(&self, set: &SetKey) -> Result<Vec<Deploy>, StoreError> {
        query(
            "SELECT * FROM deploys WHERE id IN (
                 SELECT MAX(id) FROM deploys WHERE project = $1 AND set_name = $2
                 GROUP BY environment)
             ORDER BY environment",
        )
        .bind(set.project.as_str())
        .bind(set.set.as_str())
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(deploy)
        .collect()
    }

    async fn deploy_counts(&self) -> Result<Vec<(DeployState, u64)>, StoreError> {
        query("SELECT state, COUNT(*) AS deploys FROM deploys GROUP BY state ORDER BY state")
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(|row| {
                let count: i64 = row.try_get("deploys")?;
                Ok((from_word(row, "state")?, count.unsigned_abs()))
            })
            .collect()
    }

    async fn log(&self, id: DeployId, after: i64, limit: u32) -> Result<Vec<LogLine>, StoreError> {
        query(
            "SELECT sequence, at, level, object, message FROM deploy_log
             WHERE deploy = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
        )
        .bind(id.to_string())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(log_line)
        .collect()
    }

    async fn forget_logs(&self, ended_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let old = query(
            "SELECT id FROM deploys
             WHERE finished_at < $1
               AND EXISTS (SELECT 1 FROM deploy_log WHERE deploy = deploys.id)
             ORDER BY id LIMIT $2",
        )
        .bind(millis(ended_before))
        .bind(i64::from(limit))
        .fetch_all(&self.read)
        .await?;
        for row in &old {
            query("DELETE FROM deploy_log WHERE deploy = $1")
                .bind(row.try_get::<String, _>("id")?)
                .execute(&self.write)
                .await?;
        }
        Ok(old.len() as u64)
    }

    fn changes(&self) -> broadcast::Receiver<DeployId> {
        self.changes.subscribe()
    }
}

impl SqlStore {
    async fn job(&self, row: &AnyRow) -> Result<Job, StoreError> {
        let id: String = row.try_get("id")?;
        let objects = query(
            "SELECT position, uid, receipt, body FROM deploy_objects WHERE deploy = $1 ORDER BY position",
        )
        .bind(&id)
        .fetch_all(&self.read)
        .await?
        .iter()
        .map(job_object)
        .collect::<Result<Vec<_>, _>>()?;
        let mut deploy = deploy(row)?;
        deploy.objects = objects.iter().map(|it| it.object.clone()).collect();
        Ok(Job {
            id: id.parse().map_err(unavailable)?,
            deploy,
            cluster: name(row, "cluster")?,
            namespace: row.try_get("namespace")?,
            attempt: row.try_get("attempt")?,
            fence: row.try_get("fence")?,
            cancel_requested: row.try_get::<i64, _>("cancel_requested")? != 0,
            objects,
        })
    }
}

/// Rows that one statement writes; what remains is written in ever smaller parts, so that there
/// are few different statements to prepare.
const ROWS: [usize; 3] = [64, 8, 1];

async fn write_objects(
    transaction: &mut Transaction<'_, Any>,
    id: DeployId,
    objects: &[JobObject],
) -> Result<(), StoreError> {
    for rows in in_parts(objects) {
        let statement = format!(
            "INSERT INTO deploy_objects (deploy, position, uid, receipt, body) VALUES {}
             ON CONFLICT (deploy, position) DO UPDATE
             SET uid = excluded.uid, receipt = excluded.receipt, body = excluded.body",
            places(rows.len(), 5)
        );
        let mut insert = query(AssertSqlSafe(statement));
        for object in rows {
            insert = insert
                .bind(id.to_string())
                .bind(i64::from(object.position))
                .bind(&object.uid)
                .bind(&object.receipt)
                .bind(to_json(&object.object)?);
        }
        insert.execute(&mut **transaction).await?;
    }
    Ok(())
}

/// Writes lines that end with the sequence `last`.
async fn write_lines(
    transaction: &mut Transaction<'_, Any>,
    id: DeployId,
    last: i64,
    lines: &[NewLogLine],
) -> Result<(), StoreError> {
    let mut sequence = last - i64::try_from(lines.len()).map_err(unavailable)?;
    for rows in in_parts(lines) {
        let statement = format!(
            "INSERT INTO deploy_log (deploy, sequence, at, level, object, message) VALUES {}",
            places(rows.len(), 6)
        );
        let mut insert = query(AssertSqlSafe(statement));
        for line in rows {
            sequence += 1;
            insert = insert
                .bind(id.to_string())
                .bind(sequence)
                .bind(millis(line.at))
                .bind(to_word(&line.level)?)
                .bind(&line.object)
                .bind(&line.message);
        }
        insert.execute(&mut **transaction).await?;
    }
    Ok(())
}

fn in_parts<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = ROWS.into_iter().find(|size| *size <= rows.len())?;
        let (part, rest) = rows.split_at(size);
        rows = rest;
        Some(part)
    })
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn places(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places = (1..=columns).map(|column| format!("${}", row * columns + column));
        format!("({})", places.collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

fn deploy(row: &AnyRow) -> Result<Deploy, StoreError> {
    Ok(Deploy {
        id: row.try_get("id")?,
        project: name(row, "project")?,
        set: name(row, "set_name")?,
        version: name(row, "version")?,
        environment: name(row, "environment")?,
        options: from_json(row, "options")?,
        by: row.try_get("by_user")?,
        state: from_word::<DeployState>(row, "state")?,
        reason: row.try_get("reason")?,
        created_at: time(row, "created_at")?,
        started_at: optional_time(row, "started_at")?,
        finished_at: optional_time(row, "finished_at")?,
        phases: phases(&row.try_get::<String, _>("phases")?)?,
        objects: Vec::new(),
    })
}

/// A line of the column `phases`.
fn phase(state: &str, since: Timestamp) -> String {
    format!("{state} {}\n", millis(since))
}

/// Reads what [`phase`] wrote; a state that was told again has not begun again.
fn phases(text: &str) -> Result<Vec<Phase>, StoreError> {
    let mut phases: Vec<Phase> = Vec::new();
    for line in text.lines() {
        let (state, since) = line.split_once(' ').unwrap_or((line, ""));
        let state = serde_json::from_value(state.into()).map_err(unavailable)?;
        if phases.last().is_none_or(|it| it.state != state) {
            let at = rfc3339(since.parse().map_err(unavailable)?)?;
            phases.push(Phase { state, at });
        }
    }
    Ok(phases)
}

fn job_object(row: &AnyRow) -> Result<JobObject, StoreError> {
    Ok(JobObject {
        position: u32::try_from(row.try_get::<i64, _>("position")?).map_err(unavailable)?,
        uid: row.try_get("uid")?,
        receipt: row.try_get("receipt")?,
        object: from_json(row, "body")?,
    })
}

fn log_line(row: &AnyRow) -> Result<LogLine, StoreError> {
    Ok(LogLine {
        sequence: row.try_get("sequence")?,
        at: time(row, "at")?,
        level: from_word(row, "level")?,
        object: row.try_get("object")?,
        message: row.try_get("message")?,
    })
}
