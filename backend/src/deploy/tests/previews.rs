//! Previews against a cluster in memory.

use expect_test::expect;
use serde_json::json;

use super::{WEB, WIDGETS, asked, check_preview};
use crate::cluster::fake::Fake;

#[tokio::test]
async fn a_preview_shows_each_object_and_what_is_missing() {
    let fake = Fake::new();
    fake.put(json!({"apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "shop"}, "data": {"color": "red"}}));
    fake.refuse("Deployment/web", 409, &json!({"kind": "Status", "reason": "Conflict", "details": {"causes": [
        {"reason": "FieldManagerConflict", "message": "conflict with \"kubectl-edit\" using apps/v1", "field": ".spec.replicas"}]}}));
    fake.deny("patch deployments.apps in namespace shop");

    check_preview(
        &*fake,
        WEB,
        expect![[r"
            Change ConfigMap/settings
              data.color
              metadata.labels
            Create Deployment/web
              conflict: .spec.replicas of kubectl-edit
              problem: .spec.replicas belongs to kubectl-edit: leave the field out, or take it over with force
            missing: you may not patch deployments.apps in namespace shop
        "]],
    )
    .await;
    assert!(fake.requests().is_empty(), "a preview changes nothing");
}

#[tokio::test]
async fn a_webhook_that_cannot_be_tried_is_a_warning() {
    let fake = Fake::new();
    fake.refuse(
        "ConfigMap/settings",
        400,
        &json!({"kind": "Status", "reason": "BadRequest",
        "message": "admission webhook \"audit.example.com\" does not support dry run"}),
    );

    check_preview(
        &*fake,
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n",
        expect![[r#"
            Create ConfigMap/settings
            warning: what becomes of ConfigMap/settings cannot be told before: admission webhook "audit.example.com" does not support dry run
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_preview_shows_no_secret() {
    let fake = Fake::new();
    fake.put(json!({"apiVersion": "v1", "kind": "Secret",
        "metadata": {"name": "db", "namespace": "shop"}, "data": {"password": "b2xk"}}));

    let preview = asked(
        &*fake,
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ndata: {password: bmV3}\n",
    )
    .await;

    let text = serde_json::to_string(&preview).unwrap();
    assert!(text.contains("data.password"), "{text}");
    assert!(!text.contains("b2xk") && !text.contains("bmV3"), "{text}");
}

#[tokio::test]
async fn what_stands_on_the_set_itself_cannot_be_checked_yet() {
    let fake = Fake::new();
    let text = format!(
        "{WIDGETS}---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: soon}}\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: soon}}\n---\napiVersion: x.io/v1\nkind: Thing\nmetadata: {{name: t}}\n"
    );

    check_preview(
        &*fake,
        &text,
        expect![[r"
            Create CustomResourceDefinition/widgets.example.com
            Create Namespace/soon
            Create Secret/s
              problem: it cannot be checked until Namespace/soon is there, which this deploy adds
            Create Widget/w
              problem: it cannot be checked until CustomResourceDefinition/widgets.example.com is there, which this deploy adds
            Create Thing/t
              problem: the cluster does not know Thing of x.io/v1: install its CustomResourceDefinition, or use a version that the cluster serves
        "]],
    )
    .await;
}

#[tokio::test]
async fn a_preview_has_another_id_when_the_cluster_has_changed() {
    let fake = Fake::new();
    let first = asked(&*fake, WEB).await.id;
    assert_eq!(asked(&*fake, WEB).await.id, first);

    fake.put(json!({"apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "shop"}}));

    assert_ne!(asked(&*fake, WEB).await.id, first);
}

#[tokio::test]
async fn what_an_object_needs_may_be_added_by_the_set() {
    let fake = Fake::new();
    fake.serve("rbac.authorization.k8s.io/v1", "Role", "roles");
    fake.serve(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        "rolebindings",
    );
    fake.refuse(
        "RoleBinding/reader",
        404,
        &json!({"kind": "Status", "reason": "NotFound", "details": {"kind": "roles", "name": "reader"},
        "message": "roles.rbac.authorization.k8s.io \"reader\" not found"}),
    );
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader}\n";

    check_preview(
        &*fake,
        &format!("{role}---\n{}", role.replace("Role", "RoleBinding")),
        expect![[r"
            Create Role/reader
            Create RoleBinding/reader
              problem: it cannot be checked until Role/reader is there, which this deploy adds
        "]],
    )
    .await;
}

#[tokio::test]
async fn a_right_to_one_object_is_enough_for_it() {
    let fake = Fake::new();
    fake.deny("patch configmaps in namespace shop");
    fake.grant("patch configmaps/settings in namespace shop");

    check_preview(
        &*fake,
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n",
        expect![[r"
            Create ConfigMap/settings
            missing: you may not patch configmaps/kun.shop.web.dev in namespace shop
        "]],
    )
    .await;
}
