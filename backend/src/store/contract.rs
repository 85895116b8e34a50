//! What every store promises, run against each of them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use api_types::{
    ChangeKind, Cluster, ClusterKind, DeployObject, DeployOptions, DeployState, Environment,
    LogLevel, ObjectState, Provenance, Slug, VersionName,
};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::*;

/// Makes a test of each promise for each store.
macro_rules! contract {
    ($($promise:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $promise() {
                let folder = super::Folder::new();
                let store = super::open(None, &folder.0).await.unwrap();
                super::$promise(&*store).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $promise() {
                let url = super::postgres_schema().await;
                let store = super::open(Some(&url), "".as_ref()).await.unwrap();
                super::$promise(&*store).await;
            })*
        }
    };
}

contract! {
    name_taken_by_other_content_is_an_error
    same_content_again_is_the_version_that_is_there
    concurrent_pushes_get_sequences_without_gaps
    refused_push_leaves_nothing
    parent_must_be_in_the_set
    versions_come_newest_first_and_page_by_page
    files_are_returned_byte_by_byte
    project_is_seen_by_members_and_admins_only
    name_is_taken_once
    nothing_is_added_to_what_is_not_there
    search_finds_the_last_word_in_the_name_and_the_rest_in_the_path
    search_takes_every_character_literally
    environment_can_be_changed_and_removed
    environment_of_an_open_deploy_stays
    announced_cluster_moves_but_never_takes_a_registered_name
    login_token_works_once
    login_token_expires
    session_ends
    session_expires
    token_works_until_revoked
    token_is_revoked_by_its_owner_only
    one_job_of_a_place_is_active
    jobs_of_other_places_run_beside_each_other
    concurrent_claims_never_share_a_job
    expired_lease_is_claimed_again_with_a_higher_attempt
    heartbeat_keeps_the_job_and_tells_of_a_cancel
    released_job_is_claimed_at_once
    writes_of_an_older_attempt_are_fenced
    log_has_no_gaps_and_resumes_after_any_line
    ended_job_never_changes_again
    waiting_job_is_cancelled_at_once
    objects_are_replaced_by_position
    last_deploy_of_each_environment
    change_wakes_whoever_listens
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

async fn name_taken_by_other_content_is_an_error(store: &dyn Store) {
    let set = a_set(store).await;
    push(store, &set, "v1.0.0", "kind: Service").await.unwrap();

    let other = push(store, &set, "v1.0.0", "kind: Secret").await;

    assert!(
        matches!(other, Err(StoreError::VersionExists { .. })),
        "{other:?}"
    );
    let key = VersionKey {
        set,
        version: version("v1.0.0"),
    };
    assert_eq!(
        store.file(&key, "app.yaml").await.unwrap().unwrap(),
        "kind: Service"
    );
}

async fn same_content_again_is_the_version_that_is_there(store: &dyn Store) {
    let set = a_set(store).await;
    let first = push(store, &set, "v1", "kind: Service").await.unwrap();
    let again = push(store, &set, "v1", "kind: Service").await.unwrap();

    let (PushOutcome::Added(first), PushOutcome::Present(again)) = (first, again) else {
        panic!("the first is added, the second is present");
    };
    assert_eq!(first, again);
    assert_eq!(store.set(&set).await.unwrap().unwrap().versions, 1);
}

async fn concurrent_pushes_get_sequences_without_gaps(store: &dyn Store) {
    let set = a_set(store).await;
    let names: Vec<String> = (0..20).map(|number| format!("v{}", number / 2)).collect();

    let pushes = names
        .iter()
        .map(|name| push(store, &set, name, "kind: Service"));
    for outcome in join_all(pushes).await {
        outcome.unwrap();
    }

    let versions = store.versions(&set, None, 100).await.unwrap();
    let sequences: Vec<i64> = versions.iter().map(|version| version.sequence).collect();
    assert_eq!(sequences, (1..=10).rev().collect::<Vec<_>>());
}

async fn refused_push_leaves_nothing(store: &dyn Store) {
    let set = a_set(store).await;
    let mut new = new_version("v1", "kind: Service");
    new.parent = Some(version("v0"));

    assert!(store.add_version(&set, new, now()).await.is_err());

    let set = store.set(&set).await.unwrap().unwrap();
    assert_eq!((set.versions, set.newest), (0, None));
}

async fn parent_must_be_in_the_set(store: &dyn Store) {
    let set = a_set(store).await;
    push(store, &set, "v1", "a: 1").await.unwrap();
    let mut new = new_version("v1-edit.1", "a: 2");
    new.parent = Some(version("v1"));
    let PushOutcome::Added(added) = store.add_version(&set, new, now()).await.unwrap() else {
        panic!("it is added");
    };
    assert_eq!(added.parent, Some(version("v1")));
}

async fn versions_come_newest_first_and_page_by_page(store: &dyn Store) {
    let set = a_set(store).await;
    for name in ["v1", "v2", "v3"] {
        push(store, &set, name, "a: 1").await.unwrap();
    }
    let first = store.versions(&set, None, 2).await.unwrap();
    let rest = store
        .versions(&set, Some(first[1].sequence), 2)
        .await
        .unwrap();

    let names: Vec<&str> = first
        .iter()
        .chain(&rest)
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["v3", "v2", "v1"]);
    let set = store.set(&set).await.unwrap().unwrap();
    assert_eq!(set.newest, Some(version("v3")));
}

async fn files_are_returned_byte_by_byte(store: &dyn Store) {
    let set = a_set(store).await;
    let text = "\u{feff}a: \"\u{1f600}\"\r\n\t# é\r\n";
    push(store, &set, "v1", text).await.unwrap();

    let key = VersionKey {
        set,
        version: version("v1"),
    };
    let files = store.files(&key).await.unwrap();
    assert_eq!(
        files,
        BTreeMap::from([("app.yaml".to_owned(), text.to_owned())])
    );
    assert_eq!(store.file(&key, "other.yaml").await.unwrap(), None);
}

async fn project_is_seen_by_members_and_admins_only(store: &dyn Store) {
    a_set(store).await;
    let [alice, bob, root] = [
        user("alice"),
        user("bob"),
        User {
            name: "root".into(),
            admin: true,
        },
    ];
    store.put_user(&bob, now()).await.unwrap();

    assert_eq!(store.projects(&alice).await.unwrap().len(), 1);
    assert_eq!(store.projects(&bob).await.unwrap().len(), 0);
    assert_eq!(store.projects(&root).await.unwrap().len(), 1);
    assert_eq!(
        store.role(&slug("shop"), "alice").await.unwrap(),
        Some(Role::Owner)
    );
    assert_eq!(store.role(&slug("shop"), "bob").await.unwrap(), None);

    store
        .put_member(&slug("shop"), "bob", Role::Viewer)
        .await
        .unwrap();
    store
        .put_member(&slug("shop"), "bob", Role::Developer)
        .await
        .unwrap();
    assert_eq!(
        store.role(&slug("shop"), "bob").await.unwrap(),
        Some(Role::Developer)
    );
}

async fn name_is_taken_once(store: &dyn Store) {
    let set = a_set(store).await;
    let project = store.add_project(&slug("shop"), "", "alice", now()).await;
    assert!(
        matches!(project, Err(StoreError::Exists { .. })),
        "{project:?}"
    );
    let again = store.add_set(&set, "", now()).await;
    assert!(matches!(again, Err(StoreError::Exists { .. })), "{again:?}");
    let cluster = store
        .add_cluster(&cluster(ClusterKind::Registered), None, now())
        .await;
    assert!(
        matches!(cluster, Err(StoreError::Exists { .. })),
        "{cluster:?}"
    );
}

async fn nothing_is_added_to_what_is_not_there(store: &dyn Store) {
    let set = a_set(store).await;
    let nowhere = SetKey {
        project: slug("nowhere"),
        set: slug("web"),
    };
    let failures = [
        store.add_set(&nowhere, "", now()).await.map(drop),
        push(store, &nowhere, "v1", "a: 1").await.map(drop),
        store.create_deploy(job(&set, "dev"), now()).await.map(drop),
        store
            .put_member(&slug("shop"), "nobody", Role::Viewer)
            .await,
        store
            .put_environment(&slug("shop"), &environment("dev", "nowhere"))
            .await,
        store
            .add_project(&slug("other"), "", "nobody", now())
            .await
            .map(drop),
    ];
    for failure in failures {
        assert!(
            matches!(failure, Err(StoreError::NotFound { .. })),
            "{failure:?}"
        );
    }
    assert_eq!(store.project(&slug("other")).await.unwrap(), None);
}

async fn search_finds_the_last_word_in_the_name_and_the_rest_in_the_path(store: &dyn Store) {
    let set = a_set(store).await;
    push(store, &set, "v1.0", "a: 1").await.unwrap();
    push(store, &set, "v1.1", "a: 2").await.unwrap();

    assert_eq!(found(store, "SHO").await, "shop");
    assert_eq!(found(store, "web").await, "shop/web");
    assert_eq!(found(store, "shop web").await, "shop/web");
    assert_eq!(found(store, "shop 1.1").await, "shop/web/v1.1");
    assert_eq!(found(store, "web v1").await, "shop/web/v1.1 shop/web/v1.0");
    assert_eq!(found(store, "api v1").await, "");
    assert_eq!(
        found(store, "").await,
        "shop shop/web shop/web/v1.1 shop/web/v1.0"
    );
}

async fn search_takes_every_character_literally(store: &dyn Store) {
    let set = a_set(store).await;
    push(store, &set, "a_b", "a: 1").await.unwrap();
    push(store, &set, "axb", "a: 2").await.unwrap();

    assert_eq!(found(store, "a_b").await, "shop/web/a_b");
    assert_eq!(found(store, "%").await, "");
    assert_eq!(found(store, r"\").await, "");
    assert_eq!(found(store, "'; --").await, "");
}

async fn environment_can_be_changed_and_removed(store: &dyn Store) {
    let set = a_set(store).await;
    let mut dev = environment("dev", "sandbox");
    store.put_environment(&set.project, &dev).await.unwrap();
    dev.namespace = "other".to_owned();
    store.put_environment(&set.project, &dev).await.unwrap();

    assert_eq!(
        store.environments(&set.project).await.unwrap(),
        [dev.clone()]
    );
    store
        .remove_environment(&set.project, &dev.name)
        .await
        .unwrap();
    assert_eq!(
        store.environment(&set.project, &dev.name).await.unwrap(),
        None
    );
    let again = store.remove_environment(&set.project, &dev.name).await;
    assert!(
        matches!(again, Err(StoreError::NotFound { .. })),
        "{again:?}"
    );
}

async fn environment_of_an_open_deploy_stays(store: &dyn Store) {
    let set = a_job(store).await;
    let removed = store.remove_environment(&set.project, &slug("dev")).await;
    assert!(
        matches!(removed, Err(StoreError::InUse { .. })),
        "{removed:?}"
    );
}

async fn announced_cluster_moves_but_never_takes_a_registered_name(store: &dyn Store) {
    a_set(store).await;
    let mut moved = cluster(ClusterKind::Sandbox);
    moved.server = "https://127.0.0.1:2".to_owned();
    store.announce_cluster(&moved, now()).await.unwrap();
    assert_eq!(store.clusters().await.unwrap(), [moved]);

    let mut registered = cluster(ClusterKind::Registered);
    registered.name = slug("prod");
    store
        .add_cluster(&registered, Some("apiVersion: v1"), now())
        .await
        .unwrap();
    registered.kind = ClusterKind::Kubeconfig;
    let taken = store.announce_cluster(&registered, now()).await;
    assert!(matches!(taken, Err(StoreError::Exists { .. })), "{taken:?}");
    let (_, kubeconfig) = store.cluster(&slug("prod")).await.unwrap().unwrap();
    assert_eq!(kubeconfig.as_deref(), Some("apiVersion: v1"));
}

async fn login_token_works_once(store: &dyn Store) {
    a_set(store).await;
    store
        .add_login_token(&hash("a"), "alice", now() + HOUR)
        .await
        .unwrap();

    let first = store.take_login_token(&hash("a"), now()).await.unwrap();
    assert_eq!(first, Some(user("alice")));
    assert_eq!(
        store.take_login_token(&hash("a"), now()).await.unwrap(),
        None
    );
}

async fn login_token_expires(store: &dyn Store) {
    a_set(store).await;
    store
        .add_login_token(&hash("a"), "alice", now() + HOUR)
        .await
        .unwrap();
    let late = store
        .take_login_token(&hash("a"), now() + HOUR)
        .await
        .unwrap();
    assert_eq!(late, None);
}

async fn session_ends(store: &dyn Store) {
    a_set(store).await;
    store
        .add_session(&hash("s"), "alice", now(), now() + HOUR)
        .await
        .unwrap();
    assert_eq!(
        store.session(&hash("s"), now()).await.unwrap(),
        Some(user("alice"))
    );
    store.end_session(&hash("s")).await.unwrap();
    assert_eq!(store.session(&hash("s"), now()).await.unwrap(), None);
}

async fn session_expires(store: &dyn Store) {
    a_set(store).await;
    store
        .add_session(&hash("s"), "alice", now(), now() + HOUR)
        .await
        .unwrap();
    assert_eq!(store.session(&hash("s"), now() + HOUR).await.unwrap(), None);
}

async fn token_works_until_revoked(store: &dyn Store) {
    a_set(store).await;
    let token = store
        .add_token(&hash("t"), "alice", "pipeline", now(), now() + HOUR)
        .await
        .unwrap();
    assert_eq!(token.last_used_at, None);

    assert_eq!(
        store.use_token(&hash("t"), now()).await.unwrap(),
        Some(user("alice"))
    );
    assert_eq!(store.use_token(&hash("u"), now()).await.unwrap(), None);
    assert_eq!(
        store.use_token(&hash("t"), now() + HOUR).await.unwrap(),
        None
    );
    let listed = store.tokens("alice").await.unwrap();
    assert_eq!(
        listed[0].last_used_at.as_deref(),
        Some("2026-11-22T12:00:00Z")
    );

    store.revoke_token("alice", &token.id).await.unwrap();
    assert_eq!(store.use_token(&hash("t"), now()).await.unwrap(), None);
}

async fn token_is_revoked_by_its_owner_only(store: &dyn Store) {
    a_set(store).await;
    let token = store
        .add_token(&hash("t"), "alice", "pipeline", now(), now() + HOUR)
        .await
        .unwrap();
    let revoked = store.revoke_token("bob", &token.id).await;
    assert!(
        matches!(revoked, Err(StoreError::NotFound { .. })),
        "{revoked:?}"
    );
}

async fn one_job_of_a_place_is_active(store: &dyn Store) {
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

async fn jobs_of_other_places_run_beside_each_other(store: &dyn Store) {
    let set = a_job(store).await;
    store.create_deploy(job(&set, "prod"), now()).await.unwrap();

    let environments = [claim(store).await.unwrap(), claim(store).await.unwrap()];
    assert_eq!(environments[0].deploy.environment, slug("dev"));
    assert_eq!(environments[1].deploy.environment, slug("prod"));
}

async fn concurrent_claims_never_share_a_job(store: &dyn Store) {
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

async fn expired_lease_is_claimed_again_with_a_higher_attempt(store: &dyn Store) {
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

async fn heartbeat_keeps_the_job_and_tells_of_a_cancel(store: &dyn Store) {
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

async fn released_job_is_claimed_at_once(store: &dyn Store) {
    a_job(store).await;
    let first = claim(store).await.unwrap();
    store.release_deploy(first.id, first.attempt).await.unwrap();
    let second = claim(store).await.unwrap();
    assert_eq!((second.id, second.attempt), (first.id, 2));
}

async fn writes_of_an_older_attempt_are_fenced(store: &dyn Store) {
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

async fn log_has_no_gaps_and_resumes_after_any_line(store: &dyn Store) {
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

async fn ended_job_never_changes_again(store: &dyn Store) {
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

async fn waiting_job_is_cancelled_at_once(store: &dyn Store) {
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

async fn objects_are_replaced_by_position(store: &dyn Store) {
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

async fn last_deploy_of_each_environment(store: &dyn Store) {
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

async fn change_wakes_whoever_listens(store: &dyn Store) {
    let set = a_job(store).await;
    let mut changes = store.changes();
    let deploy = store.create_deploy(job(&set, "dev"), now()).await.unwrap();
    assert_eq!(changes.recv().await.unwrap().to_string(), deploy.id);
}

// What the promises are spoken about.

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn slug(name: &str) -> Slug {
    name.parse().unwrap()
}

fn version(name: &str) -> VersionName {
    name.parse().unwrap()
}

fn user(name: &str) -> User {
    User {
        name: name.to_owned(),
        admin: false,
    }
}

fn hash(secret: &str) -> SecretHash {
    SecretHash(secret.to_owned())
}

fn cluster(kind: ClusterKind) -> Cluster {
    Cluster {
        name: slug("sandbox"),
        server: "https://127.0.0.1:1".to_owned(),
        kind,
    }
}

fn environment(name: &str, cluster: &str) -> Environment {
    Environment {
        name: slug(name),
        cluster: slug(cluster),
        namespace: "shop".to_owned(),
    }
}

/// The user alice, the cluster sandbox, and the set web of her project shop.
async fn a_set(store: &dyn Store) -> SetKey {
    store.put_user(&user("alice"), now()).await.unwrap();
    store
        .announce_cluster(&cluster(ClusterKind::Sandbox), now())
        .await
        .unwrap();
    store
        .add_project(&slug("shop"), "", "alice", now())
        .await
        .unwrap();
    let set = SetKey {
        project: slug("shop"),
        set: slug("web"),
    };
    store.add_set(&set, "", now()).await.unwrap();
    set
}

/// As [`a_set`], with a version v1 and a deploy of it to dev that waits.
async fn a_job(store: &dyn Store) -> SetKey {
    let set = a_set(store).await;
    store
        .put_environment(&set.project, &environment("dev", "sandbox"))
        .await
        .unwrap();
    push(store, &set, "v1", "kind: Service").await.unwrap();
    store.create_deploy(job(&set, "dev"), now()).await.unwrap();
    set
}

fn job(set: &SetKey, environment: &str) -> NewJob {
    NewJob {
        set: set.clone(),
        version: version("v1"),
        environment: slug(environment),
        cluster: slug("sandbox"),
        namespace: "shop".to_owned(),
        options: DeployOptions::default(),
        by: "alice".to_owned(),
    }
}

fn new_version(name: &str, text: &str) -> NewVersion {
    NewVersion {
        name: version(name),
        files: BTreeMap::from([("app.yaml".to_owned(), text.to_owned())]),
        content_hash: format!("hash of {text}"),
        parent: None,
        provenance: Provenance {
            author: "alice".to_owned(),
            ..Provenance::default()
        },
        objects: Vec::new(),
    }
}

async fn push(
    store: &dyn Store,
    set: &SetKey,
    name: &str,
    text: &str,
) -> Result<PushOutcome, StoreError> {
    store.add_version(set, new_version(name, text), now()).await
}

async fn found(store: &dyn Store, query: &str) -> String {
    let words: Vec<String> = query.split_whitespace().map(str::to_owned).collect();
    let hits = store.search(&user("alice"), &words, 10).await.unwrap();
    let paths = hits.into_iter().map(|hit| {
        let parts = [
            Some(hit.project.to_string()),
            hit.set.map(Into::into),
            hit.version.map(Into::into),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("/")
    });
    paths.collect::<Vec<_>>().join(" ")
}

async fn claim(store: &dyn Store) -> Option<Job> {
    store
        .claim_deploy("worker", now(), now() + HOUR)
        .await
        .unwrap()
}

async fn finish(store: &dyn Store, job: &Job) {
    let ended = Progress {
        state: Some(DeployState::Succeeded),
        ..Progress::default()
    };
    store
        .record(job.id, job.attempt, ended, now())
        .await
        .unwrap();
}

fn objects<const N: usize>(objects: [JobObject; N]) -> Progress {
    Progress {
        objects: objects.into(),
        ..Progress::default()
    }
}

fn lines(messages: &[&str]) -> Progress {
    let line = |message: &&str| NewLogLine {
        at: now(),
        level: LogLevel::Info,
        object: None,
        message: (*message).to_owned(),
    };
    Progress {
        lines: messages.iter().map(line).collect(),
        ..Progress::default()
    }
}

fn object(position: u32, name: &str) -> JobObject {
    JobObject {
        position,
        uid: None,
        object: DeployObject {
            api_version: "v1".to_owned(),
            kind: "ConfigMap".to_owned(),
            namespace: Some("shop".to_owned()),
            name: name.to_owned(),
            stage: 3,
            change: Some(ChangeKind::Create),
            state: ObjectState::Waiting,
            reason: String::new(),
            fields: Vec::new(),
        },
    }
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("kun-{}", uuid::Uuid::new_v4())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Makes a schema in the database that `KUN_TEST_POSTGRES` names, and returns a URL that is in it.
async fn postgres_schema() -> String {
    use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

    let Ok(url) = std::env::var("KUN_TEST_POSTGRES") else {
        panic!("KUN_TEST_POSTGRES names no database: run `cargo xtask test`, which starts one");
    };
    let schema = format!("test_{}", uuid::Uuid::new_v4().simple());
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection
        .execute(AssertSqlSafe(format!("CREATE SCHEMA {schema}")))
        .await
        .unwrap();
    format!("{url}?options=-csearch_path%3D{schema}")
}
