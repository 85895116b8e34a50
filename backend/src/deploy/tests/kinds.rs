//! Kinds that are defined by the set itself, that changed, or that nobody knows.

use api_types::DeployOptions;
use expect_test::expect;
use serde_json::json;

use super::{WEB, WIDGETS, check, check_preview, deploy};
use crate::cluster::fake::Fake;

#[tokio::test(start_paused = true)]
async fn a_kind_may_be_defined_by_the_same_set() {
    let fake = Fake::new();
    fake.behave(
        "CustomResourceDefinition/widgets.example.com",
        json!({"conditions": [{"type": "Established", "status": "True"}]}),
    );

    check(
        &fake,
        WIDGETS,
        expect![[r"
            deploying 2 objects in 2 steps to namespace shop
            CustomResourceDefinition/widgets.example.com: created
            CustomResourceDefinition/widgets.example.com: it is established
            Widget/w: created
            Widget/w: it is applied
            succeeded: all 2 objects are ready
        "]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_field_that_the_set_itself_adds_to_a_kind_is_waited_for() {
    let fake = Fake::new();
    fake.behave(
        "CustomResourceDefinition/widgets.example.com",
        json!({"conditions": [{"type": "Established", "status": "True"}]}),
    );
    deploy(&fake, WIDGETS, DeployOptions::default()).await;
    fake.refuse(
        "Widget/w",
        500,
        &json!({"kind": "Status",
        "message": "failed to create typed patch object (shop/w; example.com/v1, Kind=Widget): .spec.new: field not declared in schema"}),
    );

    let changed = format!("{WIDGETS}spec: {{new: 1}}\n");
    let (told, ()) = tokio::join!(deploy(&fake, &changed, DeployOptions::default()), async {
        fake.requested_times("apply Widget/w", 4).await;
        fake.accept("Widget/w");
    });

    assert!(told.contains("succeeded"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_nobody_knows_ends_the_deploy_before_it_changes_anything() {
    let fake = Fake::new();
    let text =
        format!("{WEB}---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {{name: w}}\n");

    check(
        &fake,
        &text,
        expect![[r"
            failed: Widget/w: the cluster does not know Widget of example.com/v1: install its CustomResourceDefinition, or use a version that the cluster serves; nothing was changed
        "]],
    )
    .await;
    assert!(fake.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn managers_in_a_version_that_is_gone_are_renamed_first() {
    let fake = Fake::new();
    fake.serve("example.com/v1", "Widget", "widgets");
    let entry = json!({"manager": "edit", "operation": "Update", "apiVersion": "example.com/v1alpha1", "fieldsV1": {}});
    fake.put(json!({"apiVersion": "example.com/v1", "kind": "Widget",
        "metadata": {"name": "w", "namespace": "shop", "managedFields": [entry]}}));
    fake.refuse(
        "Widget/w",
        500,
        &json!({"kind": "Status", "message": "failed to convert new object: request to convert CR to an invalid group/version: example.com/v1alpha1"}),
    );
    let text = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n";

    check_preview(
        &*fake,
        text,
        expect![[r"
            Change Widget/w
            warning: what becomes of Widget/w cannot be told before: it was written in example.com/v1alpha1, which is not served any more; the deploy renames that
        "]],
    )
    .await;
    let told = deploy(&fake, text, DeployOptions::default()).await;

    assert!(told.ends_with("succeeded: its object is ready\n"), "{told}");
    assert_eq!(
        fake.requests(),
        [
            "apply ConfigMap/kun.shop.web.dev",
            "apply Widget/w",
            "adopt Widget/w",
            "apply Widget/w"
        ]
    );
}
