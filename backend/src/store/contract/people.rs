//! Users, members and what they did.

use api_types::Member;

use super::*;
use crate::store::NewAct;

pub(super) async fn user_name_is_taken_once(store: &dyn Store) {
    a_set(store).await;
    let added = store.add_user(&user("bob"), now()).await.unwrap();
    assert_eq!((added.name.as_str(), added.admin), ("bob", false));

    let again = store.add_user(&user("bob"), now()).await;

    assert!(matches!(again, Err(StoreError::Exists { .. })), "{again:?}");
    let names = store.users().await.unwrap().into_iter().map(|it| it.name);
    assert_eq!(names.collect::<Vec<_>>(), ["alice", "bob"]);
}

pub(super) async fn ended_credentials_sign_nobody_in(store: &dyn Store) {
    a_set(store).await;
    let later = now() + HOUR;
    store
        .add_session(&hash("s"), "alice", now(), later)
        .await
        .unwrap();
    store
        .add_token(&hash("t"), "alice", "ci", None, now(), later)
        .await
        .unwrap();
    store
        .add_login_token(&hash("l"), "alice", later)
        .await
        .unwrap();

    store.end_credentials("alice").await.unwrap();

    assert_eq!(store.session(&hash("s"), now()).await.unwrap(), None);
    assert_eq!(store.use_token(&hash("t"), now()).await.unwrap(), None);
    assert_eq!(
        store.take_login_token(&hash("l"), now()).await.unwrap(),
        None
    );
}

pub(super) async fn project_keeps_an_owner(store: &dyn Store) {
    a_set(store).await;
    store.put_user(&user("bob"), now()).await.unwrap();
    let shop = slug("shop");

    for refused in [
        store.put_member(&shop, "alice", Role::Viewer).await,
        store.remove_member(&shop, "alice").await,
    ] {
        assert!(
            matches!(refused, Err(StoreError::LastOwner { .. })),
            "{refused:?}"
        );
    }
    store.put_member(&shop, "bob", Role::Owner).await.unwrap();
    store.remove_member(&shop, "alice").await.unwrap();

    let bob = Member {
        user: "bob".to_owned(),
        role: Role::Owner,
    };
    assert_eq!(store.members(&shop).await.unwrap(), [bob]);
    let gone = store.remove_member(&shop, "alice").await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
}

pub(super) async fn acts_come_newest_first_and_page_by_page(store: &dyn Store) {
    for (path, project) in [("/a", None), ("/b", Some("shop")), ("/c", None)] {
        let act = NewAct {
            path: path.to_owned(),
            project: project.map(slug),
            ..NewAct::default()
        };
        store.add_act(act, now()).await.unwrap();
    }
    let paths = async |project: Option<&Slug>, before: Option<&str>| {
        let acts = store.acts(project, before, 2).await.unwrap();
        let paths: Vec<_> = acts.iter().map(|it| it.path.clone()).collect();
        (paths.join(" "), acts.last().map(|it| it.id.clone()))
    };

    let (newest, last) = paths(None, None).await;
    assert_eq!(newest, "/c /b");
    assert_eq!(paths(None, last.as_deref()).await.0, "/a");
    assert_eq!(paths(Some(&slug("shop")), None).await.0, "/b");
}
