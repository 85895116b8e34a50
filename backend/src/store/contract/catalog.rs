//! Projects, clusters, environments, sets and versions.

use super::*;

pub(super) async fn name_taken_by_other_content_is_an_error(store: &dyn Store) {
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

pub(super) async fn same_content_again_is_the_version_that_is_there(store: &dyn Store) {
    let set = a_set(store).await;
    let first = push(store, &set, "v1", "kind: Service").await.unwrap();
    let again = push(store, &set, "v1", "kind: Service").await.unwrap();

    let (PushOutcome::Added(first), PushOutcome::Present(again)) = (first, again) else {
        panic!("the first is added, the second is present");
    };
    assert_eq!(first, again);
    assert_eq!(store.set(&set).await.unwrap().unwrap().versions, 1);
}

pub(super) async fn concurrent_pushes_get_sequences_without_gaps(store: &dyn Store) {
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

pub(super) async fn refused_push_leaves_nothing(store: &dyn Store) {
    let set = a_set(store).await;
    let mut new = new_version("v1", "kind: Service");
    new.parent = Some(version("v0"));

    assert!(store.add_version(&set, new, now()).await.is_err());

    let set = store.set(&set).await.unwrap().unwrap();
    assert_eq!((set.versions, set.newest), (0, None));
}

pub(super) async fn parent_must_be_in_the_set(store: &dyn Store) {
    let set = a_set(store).await;
    push(store, &set, "v1", "a: 1").await.unwrap();
    let mut new = new_version("v1-edit.1", "a: 2");
    new.parent = Some(version("v1"));
    let PushOutcome::Added(added) = store.add_version(&set, new, now()).await.unwrap() else {
        panic!("it is added");
    };
    assert_eq!(added.parent, Some(version("v1")));
}

pub(super) async fn versions_come_newest_first_and_page_by_page(store: &dyn Store) {
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

pub(super) async fn files_are_returned_byte_by_byte(store: &dyn Store) {
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

pub(super) async fn project_is_seen_by_members_and_admins_only(store: &dyn Store) {
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

pub(super) async fn name_is_taken_once(store: &dyn Store) {
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

pub(super) async fn nothing_is_added_to_what_is_not_there(store: &dyn Store) {
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

pub(super) async fn search_finds_the_last_word_in_the_name_and_the_rest_in_the_path(
    store: &dyn Store,
) {
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

pub(super) async fn search_takes_every_character_literally(store: &dyn Store) {
    let set = a_set(store).await;
    push(store, &set, "a_b", "a: 1").await.unwrap();
    push(store, &set, "axb", "a: 2").await.unwrap();

    assert_eq!(found(store, "a_b").await, "shop/web/a_b");
    assert_eq!(found(store, "%").await, "");
    assert_eq!(found(store, r"\").await, "");
    assert_eq!(found(store, "'; --").await, "");
}

pub(super) async fn environment_can_be_changed_and_removed(store: &dyn Store) {
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

pub(super) async fn environment_of_an_open_deploy_stays(store: &dyn Store) {
    let set = a_job(store).await;
    let removed = store.remove_environment(&set.project, &slug("dev")).await;
    assert!(
        matches!(removed, Err(StoreError::InUse { .. })),
        "{removed:?}"
    );
}

pub(super) async fn announced_cluster_moves_but_never_takes_a_registered_name(store: &dyn Store) {
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
