//! Jobs: pods until enough of them ended well, or too many badly.

use serde_json::{Value, json};

use super::actor::Actor;
use super::{Again, events, owned};
use crate::value::{at, flag, int, is_terminating, items, name, set, text, uid};
use crate::world::read_time;

/// Brings a Job one step further.
#[expect(
    clippy::too_many_lines,
    reason = "one decision after another, in the order that counts"
)]
pub(super) fn reconcile(actor: &mut Actor<'_>, namespace: &str, of_name: &str) -> Again {
    let job = actor.get("jobs.batch", namespace, of_name)?;
    let over = items(&job, "status.conditions")
        .iter()
        .any(|it| it["status"] == "True" && (it["type"] == "Complete" || it["type"] == "Failed"));
    if over || is_terminating(&job) {
        return if over { expire(actor, &job) } else { None };
    }
    let pods = owned::by(actor, "pods", &job);
    let phase = |wanted: &str| {
        pods.iter()
            .filter(|it| text(it, "status.phase") == wanted)
            .count()
    };
    let (succeeded, failed) = (phase("Succeeded"), phase("Failed"));
    let restarts: i64 = pods
        .iter()
        .flat_map(|pod| items(pod, "status.containerStatuses"))
        .filter_map(|it| int(it, "restartCount"))
        .sum();
    let limit = int(&job, "spec.backoffLimit").unwrap_or(6);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let active: Vec<_> = pods.iter().filter(|it| owned::is_active(it)).collect();
    let wanted = int(&job, "spec.completions");
    let started = text(&job, "status.startTime").to_owned();
    let suspended = flag(&job, "spec.suspend");
    let deadline = int(&job, "spec.activeDeadlineSeconds").filter(|_| !started.is_empty());
    let left = deadline
        .map(|it| read_time(&started).as_second() + it - jiff::Timestamp::now().as_second());
    let now = actor.world.now();
    let mut conditions = items(&job, "status.conditions").to_vec();
    let done = match wanted {
        Some(wanted) => count(succeeded) >= wanted,
        None => succeeded > 0 && active.is_empty(),
    };
    let mut again = None;
    if done {
        finish(
            actor,
            &job,
            &mut conditions,
            "Complete",
            "CompletionsReached",
            "Reached expected number of succeeded pods",
        );
    } else if count(failed) + restarts > limit {
        finish(
            actor,
            &job,
            &mut conditions,
            "Failed",
            "BackoffLimitExceeded",
            "Job has reached the specified backoff limit",
        );
    } else if left.is_some_and(|it| it <= 0) {
        finish(
            actor,
            &job,
            &mut conditions,
            "Failed",
            "DeadlineExceeded",
            "Job was active longer than specified deadline",
        );
    } else if suspended {
        for pod in &active {
            actor.delete(pod);
        }
        let condition = json!({"type": "Suspended", "status": "True", "reason": "JobSuspended", "message": "Job suspended", "lastProbeTime": now});
        owned::set_condition(&mut conditions, condition, &now);
    } else {
        again = left.map(|it| std::time::Duration::from_secs(it.unsigned_abs().max(1)));
        fill(actor, &job, count(active.len()), count(succeeded));
    }
    let failing = conditions.iter().any(|it| it["type"] == "Failed");
    if failing {
        for pod in &active {
            actor.delete(pod);
        }
    }
    let after = owned::by(actor, "pods", &job);
    let active = after.iter().filter(|it| owned::is_active(it)).count();
    let ready = after
        .iter()
        .filter(|it| owned::is_active(it) && owned::is_ready(it))
        .count();
    let mut status = json!({"ready": ready, "terminating": 0, "uncountedTerminatedPods": {}});
    for (field, count) in [
        ("active", active),
        ("succeeded", succeeded),
        ("failed", failed),
    ] {
        if count > 0 {
            status[field] = count.into();
        }
    }
    if !suspended || !started.is_empty() {
        status["startTime"] = if started.is_empty() {
            now.as_str().into()
        } else {
            started.into()
        };
    }
    if done {
        status["completionTime"] = now.into();
    }
    if !conditions.is_empty() {
        status["conditions"] = conditions.into();
    }
    actor.set_status(&job, status, "kube-controller-manager");
    again
}

fn finish(
    actor: &mut Actor<'_>,
    job: &Value,
    conditions: &mut Vec<Value>,
    kind: &str,
    reason: &str,
    message: &str,
) {
    let now = actor.world.now();
    let first = if kind == "Complete" {
        "SuccessCriteriaMet"
    } else {
        "FailureTarget"
    };
    for kind in [first, kind] {
        let condition = json!({
            "type": kind, "status": "True", "reason": reason, "message": message, "lastProbeTime": now,
        });
        owned::set_condition(conditions, condition, &now);
    }
    if kind == "Complete" {
        events::record(actor, job, events::JOBS, "Completed", "Job completed");
    } else {
        events::record(actor, job, events::JOBS.warning(), reason, message);
    }
}

fn fill(actor: &mut Actor<'_>, job: &Value, active: i64, succeeded: i64) {
    let parallelism = int(job, "spec.parallelism").unwrap_or(1);
    let wanted = match int(job, "spec.completions") {
        Some(completions) => parallelism.min(completions - succeeded),
        None if succeeded > 0 => active,
        None => parallelism,
    };
    let indexed = text(job, "spec.completionMode") == "Indexed";
    for _ in active..wanted.min(active + 100) {
        let template = at(job, "spec.template").cloned().unwrap_or_default();
        let mut pod = owned::pod(
            job,
            &template,
            &[
                ("batch.kubernetes.io/controller-uid", uid(job)),
                ("batch.kubernetes.io/job-name", name(job)),
                ("controller-uid", uid(job)),
                ("job-name", name(job)),
            ],
        );
        if indexed {
            let index = next_index(actor, job).to_string();
            let pairs = [("batch.kubernetes.io/job-completion-index", index.as_str())];
            crate::lifecycle::put_all(&mut pod, "metadata.annotations", &pairs);
            crate::lifecycle::put_all(&mut pod, "metadata.labels", &pairs);
            set(
                &mut pod,
                "metadata.generateName",
                format!("{}-{index}-", name(job)),
            );
        }
        match actor.create(pod) {
            Ok(pod) => {
                let message = format!("Created pod: {}", name(&pod));
                events::record(actor, job, events::JOBS, "SuccessfulCreate", &message);
            }
            Err(failure) => {
                let message = format!("Error creating: {}", failure.message);
                events::record(actor, job, events::JOBS.warning(), "FailedCreate", &message);
                return;
            }
        }
    }
}

/// The lowest index that no living or succeeded pod has.
fn next_index(actor: &Actor<'_>, job: &Value) -> i64 {
    let pods = owned::by(actor, "pods", job);
    let taken: Vec<_> = pods
        .iter()
        .filter(|it| text(it, "status.phase") != "Failed")
        .filter_map(|it| {
            it["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"].as_str()
        })
        .filter_map(|it| it.parse::<i64>().ok())
        .collect();
    (0..=i64::from(u32::MAX))
        .find(|it| !taken.contains(it))
        .unwrap_or(0)
}

/// Deletes a job that has been over for as long as it asked.
fn expire(actor: &mut Actor<'_>, job: &Value) -> Again {
    let seconds = int(job, "spec.ttlSecondsAfterFinished")?;
    let ended = items(job, "status.conditions")
        .iter()
        .map(|it| read_time(text(it, "lastTransitionTime")).as_second())
        .max()?;
    let left = ended + seconds - jiff::Timestamp::now().as_second();
    if left > 0 {
        return Some(std::time::Duration::from_secs(left.unsigned_abs()));
    }
    actor.delete(job);
    None
}
