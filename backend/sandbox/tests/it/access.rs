//! Who may do what: tokens, roles, acting as someone else.

use expect_test::expect;
use serde_json::json;

use crate::client::Cluster;

const MAP: &str = r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}}"#;
const RBAC: &str = "/apis/rbac.authorization.k8s.io/v1";

async fn grant(cluster: &Cluster, role: &str, subject: &str) {
    let binding = json!({
        "metadata": {"name": format!("{role}-{subject}")},
        "subjects": [{"kind": "User", "name": subject, "apiGroup": "rbac.authorization.k8s.io"}],
        "roleRef": {"kind": "ClusterRole", "name": role, "apiGroup": "rbac.authorization.k8s.io"},
    });
    let reply = cluster
        .post(
            &format!("{RBAC}/namespaces/default/rolebindings"),
            &binding.to_string(),
        )
        .await;
    assert_eq!(reply.status, 201, "{reply:?}");
}

async fn grant_everywhere(cluster: &Cluster, name: &str, subject: &str, rules: serde_json::Value) {
    let role = json!({"metadata": {"name": name}, "rules": rules});
    assert_eq!(
        cluster
            .post(&format!("{RBAC}/clusterroles"), &role.to_string())
            .await
            .status,
        201
    );
    let binding = json!({
        "metadata": {"name": name},
        "subjects": [{"kind": "User", "name": subject, "apiGroup": "rbac.authorization.k8s.io"}],
        "roleRef": {"kind": "ClusterRole", "name": name, "apiGroup": "rbac.authorization.k8s.io"},
    });
    assert_eq!(
        cluster
            .post(&format!("{RBAC}/clusterrolebindings"), &binding.to_string())
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn strangers_see_the_version_and_nothing_else() {
    let mut cluster = Cluster::start().await;
    cluster.act_as("");
    assert_eq!(cluster.get("/version").await.status, 200);
    assert_eq!(cluster.get("/readyz").await.text, "ok");
    expect![[r#"
        403 Forbidden
        forbidden: User "system:anonymous" cannot get path "/apis"
    "#]]
    .assert_eq(&cluster.get("/apis").await.summary());
    cluster.act_as("wrong");
    expect![[r"
        401 Unauthorized
        Unauthorized
    "]]
    .assert_eq(&cluster.get("/version").await.summary());
}

#[tokio::test]
async fn a_user_may_do_what_the_roles_say() {
    let mut cluster = Cluster::start().await;
    cluster
        .until(
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/edit",
            |it| it["rules"].as_array().is_some_and(|it| !it.is_empty()),
        )
        .await;
    let alice = cluster.sandbox.add_user("alice", &["developers"]);
    let path = "/api/v1/namespaces/default/configmaps/m";
    let admin = cluster.token.clone();
    cluster.act_as(&alice);
    expect![[r#"
        403 Forbidden
        configmaps "m" is forbidden: User "alice" cannot patch resource "configmaps" in API group "" in the namespace "default"
    "#]]
    .assert_eq(&cluster.apply(path, "kun", MAP).await.summary());

    cluster.act_as(&admin);
    grant(&cluster, "edit", "alice").await;
    cluster.act_as(&alice);
    assert_eq!(cluster.apply(path, "kun", MAP).await.status, 201);
    expect![[r#"
        403 Forbidden
        nodes is forbidden: User "alice" cannot list resource "nodes" in API group "" at the cluster scope
    "#]]
    .assert_eq(&cluster.get("/api/v1/nodes").await.summary());

    let review = r#"{"spec": {"resourceAttributes": {"verb": "patch", "resource": "configmaps", "namespace": "default"}}}"#;
    let review = cluster
        .post(
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            review,
        )
        .await;
    assert_eq!(review.json()["status"]["allowed"], true);
    let me = cluster
        .post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}")
        .await;
    assert_eq!(me.json()["status"]["userInfo"]["username"], "alice");
    assert_eq!(
        me.json()["status"]["userInfo"]["groups"],
        json!(["developers", "system:authenticated"])
    );
}

#[tokio::test]
async fn apply_of_an_absent_object_needs_create_as_well() {
    let mut cluster = Cluster::start().await;
    let rules = json!([{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["patch"]}]);
    grant_everywhere(&cluster, "patcher", "bob", rules).await;
    let bob = cluster.sandbox.add_user("bob", &[]);
    cluster.act_as(&bob);
    expect![[r#"
        403 Forbidden
        configmaps "m" is forbidden: User "bob" cannot create resource "configmaps" in API group "" in the namespace "default"
    "#]]
    .assert_eq(&cluster.apply("/api/v1/namespaces/default/configmaps/m?dryRun=All", "kun", MAP).await.summary());
}

#[tokio::test]
async fn impersonation_needs_the_right_for_every_part() {
    let mut cluster = Cluster::start().await;
    let rules = json!([
        {"apiGroups": [""], "resources": ["users"], "verbs": ["impersonate"], "resourceNames": ["alice"]},
        {"apiGroups": [""], "resources": ["groups"], "verbs": ["impersonate"], "resourceNames": ["developers"]},
    ]);
    grant_everywhere(&cluster, "impersonator", "backend", rules).await;
    grant(&cluster, "view", "alice").await;
    cluster
        .until(
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/view",
            |it| it["rules"].as_array().is_some_and(|it| !it.is_empty()),
        )
        .await;
    let backend = cluster.sandbox.add_user("backend", &[]);
    cluster.act_as(&backend);
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());

    cluster.headers = vec![
        header("Impersonate-User", "alice"),
        header("Impersonate-Group", "developers"),
    ];
    let list = cluster.get("/api/v1/namespaces/default/configmaps").await;
    assert_eq!(list.status, 200, "{list:?}");
    assert_eq!(
        cluster
            .get("/api/v1/namespaces/default/secrets")
            .await
            .status,
        403
    );

    cluster.headers = vec![
        header("Impersonate-User", "alice"),
        header("Impersonate-Group", "system:masters"),
    ];
    expect![[r#"
        403 Forbidden
        groups "system:masters" is forbidden: User "backend" cannot impersonate resource "groups" in API group "" at the cluster scope
    "#]]
    .assert_eq(&cluster.get("/api/v1/namespaces/default/configmaps").await.summary());

    cluster.headers = vec![header("Impersonate-Group", "developers")];
    expect![[r"
        400 BadRequest
        requested impersonation without impersonating a user
    "]]
    .assert_eq(
        &cluster
            .get("/api/v1/namespaces/default/configmaps")
            .await
            .summary(),
    );
}

#[tokio::test]
async fn constrained_impersonation_is_limited_to_named_actions() {
    let mut cluster = Cluster::start().await;
    let rules = json!([
        {"apiGroups": ["authentication.k8s.io"], "resources": ["users"], "verbs": ["impersonate:user-info"]},
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["impersonate-on:user-info:list"]},
    ]);
    grant_everywhere(&cluster, "constrained", "backend", rules).await;
    grant(&cluster, "admin", "alice").await;
    cluster
        .until(
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin",
            |it| it["rules"].as_array().is_some_and(|it| it.len() > 5),
        )
        .await;
    let backend = cluster.sandbox.add_user("backend", &[]);
    cluster.act_as(&backend);
    cluster.headers = vec![("Impersonate-User".to_owned(), "alice".to_owned())];
    assert_eq!(
        cluster
            .get("/api/v1/namespaces/default/configmaps")
            .await
            .status,
        200
    );
    assert_eq!(
        cluster
            .get("/api/v1/namespaces/default/secrets")
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn nobody_grants_what_they_do_not_hold() {
    let mut cluster = Cluster::start().await;
    let rules = json!([{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "verbs": ["create"]}]);
    grant_everywhere(&cluster, "role-maker", "eve", rules).await;
    let eve = cluster.sandbox.add_user("eve", &[]);
    cluster.act_as(&eve);
    let role = r#"{"metadata": {"name": "all"}, "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]}"#;
    expect![[r#"
        403 Forbidden
        roles.rbac.authorization.k8s.io "all" is forbidden: user "eve" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:
        {APIGroups:[""], Resources:["secrets"], Verbs:["get"]}
    "#]]
    .assert_eq(&cluster.post(&format!("{RBAC}/namespaces/default/roles"), role).await.summary());
}

#[tokio::test]
async fn accounts_get_tokens_that_work() {
    let mut cluster = Cluster::start().await;
    let path = "/api/v1/namespaces/default/serviceaccounts/default/token";
    let token = cluster
        .post(path, r#"{"spec": {"expirationSeconds": 600}}"#)
        .await;
    let token = token.json()["status"]["token"].as_str().unwrap().to_owned();
    cluster.act_as(&token);
    let me = cluster
        .post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}")
        .await;
    assert_eq!(
        me.json()["status"]["userInfo"]["username"],
        "system:serviceaccount:default:default"
    );
}
