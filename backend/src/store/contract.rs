//! What every store promises, run against each of them.

mod catalog;
mod identities;
mod jobs;
mod people;
mod pipelines;

use std::collections::BTreeMap;
use std::path::PathBuf;

use api_types::{
    ChangeKind, Cluster, ClusterKind, DeployObject, DeployOptions, DeployState, Environment,
    LogLevel, ObjectState, Provenance, Slug, VersionName,
};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::*;
use catalog::*;
use identities::*;
use jobs::*;
use people::*;
use pipelines::*;

/// Makes a test of each promise for each store.
macro_rules! contract {
    ($($promise:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $promise() {
                let folder = super::Folder::new();
                let store = super::open(None, &folder.0, super::Vault::random()).await.unwrap();
                super::$promise(&*store).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $promise() {
                let url = super::postgres_schema().await;
                let store = super::open(Some(&url), "".as_ref(), super::Vault::random()).await.unwrap();
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
    user_name_is_taken_once
    ended_credentials_sign_nobody_in
    project_keeps_an_owner
    limited_token_is_known_with_its_limits
    pipeline_rules_are_listed_changed_and_removed
    pipeline_sessions_end_with_their_rule
    pipeline_session_stands_on_rules_as_they_are
    acts_come_newest_first_and_page_by_page
    one_job_of_a_place_is_active
    jobs_of_other_places_run_beside_each_other
    concurrent_claims_never_share_a_job
    expired_lease_is_claimed_again_with_a_higher_attempt
    heartbeat_keeps_the_job_and_tells_of_a_cancel
    released_job_is_claimed_at_once
    writes_of_an_older_attempt_are_fenced
    newest_receipt_of_an_object_is_returned
    each_claim_of_a_place_has_a_larger_fence
    states_are_kept_with_their_times
    many_rows_are_stored_at_once
    logs_of_old_deploys_are_forgotten
    log_has_no_gaps_and_resumes_after_any_line
    ended_job_never_changes_again
    waiting_job_is_cancelled_at_once
    objects_are_replaced_by_position
    last_deploy_of_each_environment
    change_wakes_whoever_listens
}

#[tokio::test]
async fn sqlite_is_for_one_process_whose_death_frees_its_jobs() {
    let folder = Folder::new();
    let store = open(None, &folder.0, Vault::random()).await.unwrap();
    a_job(&*store).await;
    assert_eq!(claim(&*store).await.map(|job| job.attempt), Some(1));
    assert!(claim(&*store).await.is_none());
    let other = open(None, &folder.0, Vault::random()).await.err().unwrap();
    assert!(other.to_string().contains("another server"), "{other}");

    drop(store);
    let next = open(None, &folder.0, Vault::random()).await.unwrap();
    assert_eq!(claim(&*next).await.map(|job| job.attempt), Some(2));
}

#[tokio::test]
async fn credentials_are_sealed_also_those_of_before_and_after_a_rotation() {
    let folder = Folder::new();
    let key = folder.0.join("kun.key");
    let kept = async || {
        sqlx::any::install_default_drivers();
        let path = folder.0.join("kun.db");
        let url = format!("sqlite://{}", path.display());
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        let kept: (String,) = sqlx::query_as("SELECT kubeconfig FROM clusters")
            .fetch_one(&pool)
            .await
            .unwrap();
        (pool, kept.0)
    };
    let store = open(None, &folder.0, Vault::open(&key).unwrap())
        .await
        .unwrap();
    let registered = cluster(ClusterKind::Registered);
    store
        .add_cluster(&registered, Some("token: x"), now())
        .await
        .unwrap();
    drop(store);
    let (pool, sealed) = kept().await;
    assert!(!sealed.contains("token"), "{sealed}");

    // As an earlier release kept it.
    sqlx::query("UPDATE clusters SET kubeconfig = 'token: y'")
        .execute(&pool)
        .await
        .unwrap();
    let store = open(None, &folder.0, Vault::open(&key).unwrap())
        .await
        .unwrap();
    drop(store);
    let (_, before) = kept().await;
    let rotated = Vault::open_with_new_key(&key).unwrap();
    let store = open(None, &folder.0, rotated).await.unwrap();
    let (_, after) = kept().await;
    assert!(
        !before.contains("token") && before != after,
        "{before} {after}"
    );
    let (_, opened) = store.cluster(&slug("sandbox")).await.unwrap().unwrap();
    assert_eq!(opened.as_deref(), Some("token: y"));
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

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
        receipt: None,
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
