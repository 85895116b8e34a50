//! Sign-in links, sessions and tokens.

use super::*;

pub(super) async fn login_token_works_once(store: &dyn Store) {
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

pub(super) async fn login_token_expires(store: &dyn Store) {
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

pub(super) async fn session_ends(store: &dyn Store) {
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

pub(super) async fn session_expires(store: &dyn Store) {
    a_set(store).await;
    store
        .add_session(&hash("s"), "alice", now(), now() + HOUR)
        .await
        .unwrap();
    assert_eq!(store.session(&hash("s"), now() + HOUR).await.unwrap(), None);
}

pub(super) async fn token_works_until_revoked(store: &dyn Store) {
    a_set(store).await;
    let token = store
        .add_token(&hash("t"), "alice", "pipeline", None, now(), now() + HOUR)
        .await
        .unwrap();
    assert_eq!(token.last_used_at, None);

    assert_eq!(
        store.use_token(&hash("t"), now()).await.unwrap(),
        Some(UsedToken {
            user: user("alice"),
            id: token.id.clone(),
            scope: None,
        })
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

pub(super) async fn token_is_revoked_by_its_owner_only(store: &dyn Store) {
    a_set(store).await;
    let token = store
        .add_token(&hash("t"), "alice", "pipeline", None, now(), now() + HOUR)
        .await
        .unwrap();
    let revoked = store.revoke_token("bob", &token.id).await;
    assert!(
        matches!(revoked, Err(StoreError::NotFound { .. })),
        "{revoked:?}"
    );
}
