//! Deploy jobs: queue, lease, fence and log.

use super::*;

pub(super) async fn one_job_of_a_place_is_active(store: &dyn Store) {
    let set = a_job(store).await;
    let second = store.create_deploy(job(&set, "dev"), now()).await.unwrap();

    let first = claim(store).await.unwrap();
    assert!(
        claim(store).await.is_none(),
        "the second waits for the first"
    );
    assert_eq!(first.deploy.state, DeployState::Applying);

    finish(store, &first).await;
    assert_eq!(claim(store).await.unwrap().deploy.id, second.id);
}

pub(super) async fn jobs_of_other_places_run_beside_each_other(store: &dyn Store) {
    let set = a_job(store).await;
    store.create_deploy(job(&set, "prod"), now()).await.unwrap();

    let environments = [claim(store).await.unwrap(), claim(store).await.unwrap()];
    assert_eq!(environments[0].deploy.environment, slug("dev"));
    assert_eq!(environments[1].deploy.environment, slug("prod"));
}

pub(super) async fn concurrent_claims_never_share_a_job(store: &dyn Store) {
    let set = a_job(store).await;
    for number in 0..9 {
        let place = format!("env-{number}");
        store.create_deploy(job(&set, &place), now()).await.unwrap();
        store.create_deploy(job(&set, &place), now()).await.unwrap();
    }
    let mut claimed = Vec::new();
    // A claim that lost a race returns nothing, so ask until a quiet round.
    loop {
        let round: Vec<Job> = join_all((0..8).map(|_| claim(store)))
            .await
            .into_iter()
            .flatten()
            .collect();
        if round.is_empty() {
            break;
        }
        claimed.extend(round);
    }
    let mut places: Vec<_> = claimed
        .iter()
        .map(|job| job.deploy.environment.clone())
        .collect();
    places.sort();
    places.dedup();
    assert_eq!((claimed.len(), places.len()), (10, 10));
    assert!(claimed.iter().all(|job| job.attempt == 1));
}

pub(super) async fn expired_lease_is_claimed_again_with_a_higher_attempt(store: &dyn Store) {
    a_job(store).await;
    let first = claim(store).await.unwrap();
    let later = now() + HOUR;
    let second = store
        .claim_deploy("other", later, later + HOUR)
        .await
        .unwrap()
        .unwrap();

    assert_eq!(first.deploy.id, second.deploy.id);
    assert_eq!((first.attempt, second.attempt), (1, 2));
    assert_eq!(first.deploy.started_at, second.deploy.started_at);
}

pub(super) async fn heartbeat_keeps_the_job_and_tells_of_a_cancel(store: &dyn Store) {
    a_job(store).await;
    let job = claim(store).await.unwrap();
    let later = now() + HOUR;
    let cancelled = store
        .heartbeat(job.id, job.attempt, later + HOUR)
        .await
        .unwrap();
    assert!(!cancelled);
    assert!(
        store
            .claim_deploy("other", later, later + HOUR)
            .await
            .unwrap()
            .is_none()
    );

    let deploy = store.request_cancel(job.id, "bob", now()).await.unwrap();
    assert_eq!(deploy.state, DeployState::Applying);
    assert!(
        store
            .heartbeat(job.id, job.attempt, later + HOUR)
            .await
            .unwrap()
    );
}

pub(super) async fn released_job_is_claimed_at_once(store: &dyn Store) {
    a_job(store).await;
    let first = claim(store).await.unwrap();
    store.release_deploy(first.id, first.attempt).await.unwrap();
    let second = claim(store).await.unwrap();
    assert_eq!((second.id, second.attempt), (first.id, 2));
}

pub(super) async fn writes_of_an_older_attempt_are_fenced(store: &dyn Store) {
    a_job(store).await;
    let Job { id, attempt, .. } = claim(store).await.unwrap();
    store.release_deploy(id, attempt).await.unwrap();
    claim(store).await.unwrap();

    let mut late = lines(&["late"]);
    late.state = Some(DeployState::Failed);
    late.objects = vec![object(0, "web")];
    let failures = [
        store.record(id, attempt, late, now()).await.map(drop),
        store.heartbeat(id, attempt, now() + HOUR).await.map(drop),
        store.release_deploy(id, attempt).await,
    ];
    for failure in failures {
        assert!(matches!(failure, Err(StoreError::Fenced)), "{failure:?}");
    }
    let deploy = store.deploy(id).await.unwrap().unwrap();
    assert_eq!(
        (deploy.state, deploy.objects.len()),
        (DeployState::Applying, 0)
    );
    assert!(store.log(id, 0, 10).await.unwrap().is_empty());
}

pub(super) async fn log_has_no_gaps_and_resumes_after_any_line(store: &dyn Store) {
    a_job(store).await;
    let Job { id, attempt, .. } = claim(store).await.unwrap();
    let records = (0..10).map(|_| store.record(id, attempt, lines(&["a", "b"]), now()));
    let mut last: Vec<i64> = join_all(records)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    last.sort_unstable();
    assert_eq!(last, (1..=10).map(|number| number * 2).collect::<Vec<_>>());
    let all = store.log(id, 0, 100).await.unwrap();
    let sequences: Vec<i64> = all.iter().map(|line| line.sequence).collect();
    assert_eq!(sequences, (1..=20).collect::<Vec<_>>());
    assert_eq!(store.log(id, 18, 100).await.unwrap(), all[18..]);
    assert_eq!(store.log(id, 0, 3).await.unwrap(), all[..3]);
}

pub(super) async fn ended_job_never_changes_again(store: &dyn Store) {
    a_job(store).await;
    let job = claim(store).await.unwrap();
    finish(store, &job).await;
    let ended = store.deploy(job.id).await.unwrap().unwrap();
    assert_eq!(ended.state, DeployState::Succeeded);
    assert_eq!(ended.finished_at.as_deref(), Some("2026-11-22T12:00:00Z"));

    let late = store
        .record(job.id, job.attempt, lines(&["late"]), now())
        .await;
    assert!(matches!(late, Err(StoreError::Fenced)), "{late:?}");
    assert_eq!(
        store.request_cancel(job.id, "bob", now()).await.unwrap(),
        ended
    );
    let later = now() + HOUR + HOUR;
    assert!(
        store
            .claim_deploy("other", later, later + HOUR)
            .await
            .unwrap()
            .is_none()
    );
}

pub(super) async fn waiting_job_is_cancelled_at_once(store: &dyn Store) {
    let set = a_job(store).await;
    claim(store).await.unwrap();
    let second = store.create_deploy(job(&set, "dev"), now()).await.unwrap();
    let id = second.id.parse().unwrap();

    let cancelled = store.request_cancel(id, "bob", now()).await.unwrap();

    assert_eq!(cancelled.state, DeployState::Cancelled);
    assert_eq!(cancelled.reason, "cancelled by bob");
    let log = store.log(id, 0, 10).await.unwrap();
    assert_eq!(
        (log[0].sequence, log[0].message.as_str()),
        (1, "cancelled by bob before it began")
    );
    let unknown = store.request_cancel(DeployId::new(), "bob", now()).await;
    assert!(
        matches!(unknown, Err(StoreError::NotFound { .. })),
        "{unknown:?}"
    );
}

pub(super) async fn objects_are_replaced_by_position(store: &dyn Store) {
    a_job(store).await;
    let Job { id, attempt, .. } = claim(store).await.unwrap();
    store
        .record(
            id,
            attempt,
            objects([object(1, "web"), object(0, "config")]),
            now(),
        )
        .await
        .unwrap();
    let mut healthy = object(1, "web");
    healthy.uid = Some("1234".to_owned());
    healthy.object.state = ObjectState::Healthy;
    store
        .record(id, attempt, objects([healthy.clone()]), now())
        .await
        .unwrap();

    let deploy = store.deploy(id).await.unwrap().unwrap();
    assert_eq!(deploy.objects, [object(0, "config").object, healthy.object]);
    store.release_deploy(id, attempt).await.unwrap();
    let resumed = claim(store).await.unwrap();
    assert_eq!(resumed.objects[1].uid.as_deref(), Some("1234"));
}

pub(super) async fn newest_receipt_of_an_object_is_returned(store: &dyn Store) {
    let set = a_job(store).await;
    for receipt in ["old", "new"] {
        let claimed = claim(store).await.unwrap();
        let mut left = object(0, "web");
        left.uid = Some("1234".to_owned());
        left.receipt = Some(receipt.to_owned());
        let progress = objects([left, object(1, "config")]);
        store
            .record(claimed.id, claimed.attempt, progress, now())
            .await
            .unwrap();
        finish(store, &claimed).await;
        store.create_deploy(job(&set, "dev"), now()).await.unwrap();
    }

    let receipts = store.receipts(&set, &slug("dev")).await.unwrap();
    assert_eq!(receipts, [("1234".to_owned(), "new".to_owned())].into());
    let elsewhere = store.receipts(&set, &slug("prod")).await.unwrap();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

pub(super) async fn each_claim_of_a_place_has_a_larger_fence(store: &dyn Store) {
    let set = a_job(store).await;
    let first = claim(store).await.unwrap();
    store.release_deploy(first.id, first.attempt).await.unwrap();
    let resumed = claim(store).await.unwrap();
    finish(store, &resumed).await;
    store.create_deploy(job(&set, "dev"), now()).await.unwrap();
    store.create_deploy(job(&set, "prod"), now()).await.unwrap();
    let next = [claim(store).await.unwrap(), claim(store).await.unwrap()];

    assert_eq!((first.fence, resumed.fence), (1, 2));
    assert_eq!(next.map(|it| it.fence), [3, 1]);
}

pub(super) async fn states_are_kept_with_their_times(store: &dyn Store) {
    a_job(store).await;
    let job = claim(store).await.unwrap();
    let state = |state| Progress {
        state: Some(state),
        ..Progress::default()
    };
    let later = now() + HOUR;
    for told in [DeployState::Applying, DeployState::Waiting] {
        store
            .record(job.id, job.attempt, state(told), later)
            .await
            .unwrap();
    }
    finish(store, &job).await;

    let phases = store.deploy(job.id).await.unwrap().unwrap().phases;
    let shown: Vec<_> = phases.iter().map(|it| (it.state, it.at.as_str())).collect();
    assert_eq!(
        shown,
        [
            (DeployState::Applying, "2026-11-22T12:00:00Z"),
            (DeployState::Waiting, "2026-11-22T13:00:00Z"),
            (DeployState::Succeeded, "2026-11-22T12:00:00Z"),
        ]
    );
}

pub(super) async fn many_rows_are_stored_at_once(store: &dyn Store) {
    a_job(store).await;
    let job = claim(store).await.unwrap();
    let names: Vec<_> = (0..150).map(|number| format!("line {number}")).collect();
    let messages: Vec<_> = names.iter().map(String::as_str).collect();
    let mut progress = lines(&messages);
    progress.objects = (0..150)
        .map(|number| object(number, &format!("web-{number}")))
        .collect();
    let last = store
        .record(job.id, job.attempt, progress, now())
        .await
        .unwrap();

    let log = store.log(job.id, 0, 1000).await.unwrap();
    let stored: Vec<_> = log
        .into_iter()
        .map(|it| (it.sequence, it.message))
        .collect();
    assert_eq!(stored, (1..).zip(names).collect::<Vec<_>>());
    let deploy = store.deploy(job.id).await.unwrap().unwrap();
    assert_eq!((last, deploy.objects.len()), (150, 150));
    assert_eq!(deploy.objects[149].name, "web-149");
}

pub(super) async fn logs_of_old_deploys_are_forgotten(store: &dyn Store) {
    let set = a_job(store).await;
    let old = claim(store).await.unwrap();
    store
        .record(old.id, old.attempt, lines(&["a"]), now())
        .await
        .unwrap();
    finish(store, &old).await;
    store.create_deploy(job(&set, "dev"), now()).await.unwrap();
    let open = claim(store).await.unwrap();
    store
        .record(open.id, open.attempt, lines(&["b"]), now())
        .await
        .unwrap();

    assert_eq!(store.forget_logs(now(), 9).await.unwrap(), 0, "not before");
    let later = now() + HOUR;
    assert_eq!(store.forget_logs(later, 9).await.unwrap(), 1);
    assert_eq!(store.forget_logs(later, 9).await.unwrap(), 0);
    assert_eq!(store.log(old.id, 0, 9).await.unwrap(), []);
    assert_eq!(store.log(open.id, 0, 9).await.unwrap().len(), 1);
    assert!(store.deploy(old.id).await.unwrap().is_some());
}

pub(super) async fn last_deploy_of_each_environment(store: &dyn Store) {
    let set = a_job(store).await;
    let dev = store.create_deploy(job(&set, "dev"), now()).await.unwrap();
    let prod = store.create_deploy(job(&set, "prod"), now()).await.unwrap();

    assert_eq!(
        store.last_deploys(&set).await.unwrap(),
        [dev.clone(), prod.clone()]
    );
    let filter = DeployFilter {
        set: Some(set.clone()),
        environment: Some(slug("dev")),
        ..DeployFilter::default()
    };
    assert_eq!(
        store.deploys(filter.clone(), 1).await.unwrap(),
        std::slice::from_ref(&dev)
    );
    let counts = store.deploy_counts().await.unwrap();
    assert_eq!(counts, [(DeployState::Queued, 3)]);
    let member = |name: &str| DeployFilter {
        member: Some(name.to_owned()),
        ..DeployFilter::default()
    };
    assert_eq!(store.deploys(member("alice"), 9).await.unwrap().len(), 3);
    assert_eq!(store.deploys(member("bob"), 9).await.unwrap().len(), 0);
    let before = Some(dev.id.parse().unwrap());
    assert_eq!(
        store
            .deploys(DeployFilter { before, ..filter }, 9)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        store
            .deploys(DeployFilter::default(), 9)
            .await
            .unwrap()
            .len(),
        3
    );
}

pub(super) async fn change_wakes_whoever_listens(store: &dyn Store) {
    let set = a_job(store).await;
    let mut changes = store.changes();
    let deploy = store.create_deploy(job(&set, "dev"), now()).await.unwrap();
    assert_eq!(changes.recv().await.unwrap().to_string(), deploy.id);
}
