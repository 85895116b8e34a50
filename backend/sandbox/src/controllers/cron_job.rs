//! `CronJobs`: a Job at every time of a schedule.

mod schedule;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::actor::Actor;
use super::{Again, events, owned};
use crate::value::{at, flag, int, is_terminating, items, name, namespace, text};
use crate::world::{read_time, time};
pub(crate) use schedule::Schedule;

pub(super) fn reconcile(actor: &mut Actor<'_>, in_namespace: &str, of_name: &str) -> Again {
    let cron = actor.get("cronjobs.batch", in_namespace, of_name)?;
    let jobs = owned::by(actor, "jobs.batch", &cron);
    let (ended, active): (Vec<_>, Vec<_>) = jobs.iter().cloned().partition(|it| is_over(it));
    for (kind, limit) in [
        ("Complete", "spec.successfulJobsHistoryLimit"),
        ("Failed", "spec.failedJobsHistoryLimit"),
    ] {
        let mut of_kind: Vec<_> = ended
            .iter()
            .filter(|it| owned::condition(it, kind).is_some_and(|it| it["status"] == "True"))
            .collect();
        of_kind.sort_by_key(|it| text(it, "metadata.creationTimestamp").to_owned());
        let keep = usize::try_from(int(&cron, limit).unwrap_or(3)).unwrap_or(0);
        for job in of_kind.iter().take(of_kind.len().saturating_sub(keep)) {
            actor.delete(job);
        }
    }
    let last = match text(&cron, "status.lastScheduleTime") {
        "" => text(&cron, "metadata.creationTimestamp").to_owned(),
        last => last.to_owned(),
    };
    let schedule = Schedule::parse(text(&cron, "spec.schedule"))?;
    let now = Timestamp::now();
    let mut due = schedule.next(read_time(&last))?;
    while let Some(next) = schedule.next(due).filter(|it| *it <= now) {
        due = next;
    }
    let mut scheduled = text(&cron, "status.lastScheduleTime").to_owned();
    let mut active_jobs = active;
    if due <= now && !flag(&cron, "spec.suspend") && !is_terminating(&cron) {
        let policy = text(&cron, "spec.concurrencyPolicy").to_owned();
        if policy == "Replace" {
            for job in active_jobs.drain(..) {
                actor.delete(&job);
            }
        }
        if policy != "Forbid" || active_jobs.is_empty() {
            start(actor, &cron, due);
        }
        scheduled = time(due);
    }
    let active: Vec<_> = owned::by(actor, "jobs.batch", &cron)
        .iter()
        .filter(|it| !is_over(it))
        .map(|it| crate::store::reference(it))
        .collect();
    let mut status = json!({});
    if !active.is_empty() {
        status["active"] = active.into();
    }
    if !scheduled.is_empty() {
        status["lastScheduleTime"] = scheduled.into();
    }
    let succeeded = ended
        .iter()
        .map(|it| text(it, "status.completionTime"))
        .max()
        .unwrap_or_default();
    if !succeeded.is_empty() {
        status["lastSuccessfulTime"] = succeeded.into();
    }
    actor.set_status(&cron, status, "kube-controller-manager");
    let next = schedule.next(now)?;
    let wait = next.duration_since(now) + SignedDuration::from_millis(50);
    Some(Duration::from_millis(
        u64::try_from(wait.as_millis()).unwrap_or(1000),
    ))
}

fn is_over(job: &Value) -> bool {
    items(job, "status.conditions")
        .iter()
        .any(|it| it["status"] == "True" && (it["type"] == "Complete" || it["type"] == "Failed"))
}

fn start(actor: &mut Actor<'_>, cron: &Value, due: Timestamp) {
    let template = at(cron, "spec.jobTemplate").cloned().unwrap_or_default();
    let mut metadata = template["metadata"].clone();
    if !metadata.is_object() {
        metadata = json!({});
    }
    metadata["name"] = format!("{}-{}", name(cron), due.as_second() / 60).into();
    metadata["namespace"] = namespace(cron).into();
    metadata["ownerReferences"] = Actor::owner(cron);
    let annotations = crate::value::object_mut(&mut metadata, "annotations");
    annotations.insert(
        "batch.kubernetes.io/cronjob-scheduled-timestamp".to_owned(),
        time(due).into(),
    );
    let job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"]});
    if let Ok(job) = actor.create(job) {
        let message = format!("Created job {}", name(&job));
        events::record(actor, cron, events::CRON_JOBS, "SuccessfulCreate", &message);
    }
}
