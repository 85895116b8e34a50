//! Limited tokens, trusted pipelines and their sessions.

use api_types::{PipelineRule, Scope, TrustedPipeline};

use super::*;

pub(super) async fn limited_token_is_known_with_its_limits(store: &dyn Store) {
    a_set(store).await;
    let scope = scope();
    store
        .add_token(&hash("t"), "alice", "ci", Some(&scope), now(), now() + HOUR)
        .await
        .unwrap();
    let used = store.use_token(&hash("t"), now()).await.unwrap().unwrap();
    assert_eq!(used.scope.as_ref(), Some(&scope));
    let listed = store.tokens("alice").await.unwrap();
    assert_eq!(listed[0].scope.as_ref(), Some(&scope));
}

pub(super) async fn pipeline_rules_are_listed_changed_and_removed(store: &dyn Store) {
    a_set(store).await;
    let (shop, mut dev) = (slug("shop"), rule("dev"));
    store.put_pipeline(&shop, &dev).await.unwrap();
    dev.rule.push = false;
    store.put_pipeline(&shop, &dev).await.unwrap();
    store.put_pipeline(&shop, &rule("a")).await.unwrap();
    let listed = store.pipelines(&shop).await.unwrap();
    assert_eq!(listed, [rule("a"), dev.clone()]);

    store.remove_pipeline(&shop, &dev.name).await.unwrap();
    assert_eq!(store.pipelines(&shop).await.unwrap(), [rule("a")]);
    let again = store.remove_pipeline(&shop, &dev.name).await;
    assert!(
        matches!(again, Err(StoreError::NotFound { .. })),
        "{again:?}"
    );
    let nowhere = store.put_pipeline(&slug("bank"), &dev).await;
    assert!(
        matches!(nowhere, Err(StoreError::NotFound { .. })),
        "{nowhere:?}"
    );
}

pub(super) async fn pipeline_sessions_end_with_their_rule(store: &dyn Store) {
    a_set(store).await;
    let (shop, dev) = (slug("shop"), rule("dev"));
    store.put_pipeline(&shop, &dev).await.unwrap();
    begin(store, "s", std::slice::from_ref(&dev)).await.unwrap();
    assert_eq!(known(store, "s", now()).await, Some(job()));
    assert_eq!(known(store, "s", now() + HOUR).await, None);
    assert_eq!(known(store, "other", now()).await, None);
    let listed = store.pipelines(&shop).await.unwrap();
    assert_eq!(listed[0].rule.gitlab_project_id, Some(42));

    store.remove_pipeline(&shop, &dev.name).await.unwrap();
    assert_eq!(known(store, "s", now()).await, None);
}

pub(super) async fn pipeline_session_stands_on_rules_as_they_are(store: &dyn Store) {
    a_set(store).await;
    let (shop, dev) = (slug("shop"), rule("dev"));
    let mut changed = dev.clone();
    changed.rule.deploy_to = Vec::new();
    store.put_pipeline(&shop, &changed).await.unwrap();
    let begun = begin(store, "s", &[dev]).await;
    assert!(
        matches!(begun, Err(StoreError::NotFound { .. })),
        "{begun:?}"
    );
    assert_eq!(known(store, "s", now()).await, None);
}

async fn begin(
    store: &dyn Store,
    secret: &str,
    rules: &[TrustedPipeline],
) -> Result<(), StoreError> {
    let (hash, until) = (hash(secret), now() + HOUR);
    store
        .add_pipeline_session(&hash, &job(), rules, 42, now(), until)
        .await
}

async fn known(store: &dyn Store, secret: &str, at: Timestamp) -> Option<PipelineJob> {
    store.pipeline_session(&hash(secret), at).await.unwrap()
}

fn job() -> PipelineJob {
    PipelineJob {
        project: slug("shop"),
        scopes: vec![scope()],
        about: "job 1 of shop/web@refs/heads/dev by dora".to_owned(),
        commit: Some("1a2b".to_owned()),
        git_ref: None,
    }
}

fn scope() -> Scope {
    Scope {
        project: slug("shop"),
        sets: vec![slug("web")],
        push: true,
        deploy_to: vec![slug("dev")],
    }
}

fn rule(name: &str) -> TrustedPipeline {
    TrustedPipeline {
        name: slug(name),
        rule: PipelineRule {
            issuer: "https://gitlab.example.com".to_owned(),
            gitlab_project: "shop/web".to_owned(),
            gitlab_project_id: None,
            refs: vec!["refs/heads/dev".to_owned()],
            unprotected: false,
            gitlab_environment: None,
            sets: Vec::new(),
            push: true,
            deploy_to: vec![slug("dev")],
        },
    }
}
