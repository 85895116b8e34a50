//! `/api/clusters/{cluster}/openapi`, of the sandbox.

use std::sync::Arc;
use std::time::Duration;

use api_types::{ClusterSchemas, Slug};
use backend::cluster::{Acting, Apply, Cluster, Clusters, Conflicts, Connect, Mode, Target};
use k8s_schemas::{FieldPath, Gvk, KubeRelease, SchemaSet};
use sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::support::{Answer, App};

const SCHEMAS: &str = "GET /api/clusters/sandbox/openapi";

#[tokio::test]
async fn kinds_of_a_definition_are_read_by_the_editor() {
    let ground = Ground::new().await;
    ground.define("Widget").await;

    let answer = ground.ask("eve").await;

    assert_eq!(answer.status, 200, "{}", answer.body);
    let schemas: ClusterSchemas = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        (schemas.version.starts_with("v1."), schemas.left_out),
        (true, vec![])
    );
    assert!(!answer.body.contains("io.k8s.api.apps.v1.Deployment"));
    let (set, errors) = SchemaSet::builtin().with_openapi(&schemas.documents);
    assert_eq!(errors, vec![]);
    let release = set.release(KubeRelease::V1_36);
    let widget = release
        .kind(&Gvk::new("shop.example.com", "v1", "Widget"))
        .unwrap();
    for path in ["spec.color", "metadata.labels"] {
        let path = FieldPath::parse(path).unwrap();
        assert!(widget.schema().descend(&path).is_some(), "{path:?}");
    }
}

#[tokio::test]
async fn what_is_known_is_not_sent_again_until_a_definition_is_added() {
    let ground = Ground::new().await;
    ground.define("Widget").await;
    let first = ground.ask("dora").await;
    let tag = first.header("etag").to_owned();

    let same = ground.ask_if_not("dora", &tag).await;
    assert_eq!((same.status, same.body.as_str()), (304, ""));
    assert_eq!(same.header("etag"), tag);

    ground.define("Gadget").await;
    let changed = ground.ask_if_not("dora", &tag).await;
    assert_eq!(changed.status, 200);
    assert!(changed.body.contains("Gadget"), "{}", changed.body);
    assert_ne!(changed.header("etag"), tag);
}

#[tokio::test]
async fn a_cluster_that_cannot_answer_is_named() {
    let ground = Ground::new().await;
    ground.ask("nobody").await.has("401 not_signed_in");
    let nowhere = "GET /api/clusters/nowhere/openapi";
    ground
        .app
        .ask("eve", nowhere, "")
        .await
        .has("404 not_found");

    ground
        .sandbox
        .faults()
        .fail_next_matching(1, 403, "GET", "/openapi/v3");
    let refused = ground.ask("eve").await;
    refused.has("403 forbidden_by_cluster");

    let Ground { app, sandbox, .. } = ground;
    sandbox.shutdown().await;
    let gone = app.ask("eve", SCHEMAS, "").await;
    gone.has("502 cluster_unreachable");
    assert!(
        gone.body.contains("cluster sandbox cannot be reached"),
        "{}",
        gone.body
    );
}

/// A server that knows a sandbox.
struct Ground {
    app: App,
    sandbox: Sandbox,
    admin: Arc<dyn Cluster>,
}

impl Ground {
    async fn new() -> Self {
        let app = App::start().await;
        let options = Options {
            pace: 0.0,
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.unwrap();
        let name: Slug = "sandbox".parse().unwrap();
        let kubeconfig = sandbox.kubeconfig();
        let clusters = &app.clusters;
        clusters
            .add(&name, &kubeconfig, Acting::AsThePerson)
            .await
            .unwrap();
        let own = Clusters::new(app.store.clone());
        own.add(&name, &kubeconfig, Acting::AsOwner("admin".to_owned()))
            .await
            .unwrap();
        let admin = own
            .connect(&name, "admin", Duration::from_secs(10))
            .await
            .unwrap();
        Self {
            app,
            sandbox,
            admin,
        }
    }

    async fn ask(&self, who: &str) -> Answer {
        self.app.ask(who, SCHEMAS, "").await
    }

    async fn ask_if_not(&self, who: &str, tag: &str) -> Answer {
        let token = self.app.token(who);
        let headers = [("authorization", token.as_str()), ("if-none-match", tag)];
        self.app.send(SCHEMAS, &headers, "").await
    }

    /// Defines a kind with a color, as the cluster's admin.
    async fn define(&self, kind: &str) {
        let object = definition(kind);
        let (api_version, crd) = ("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        let resource = self
            .admin
            .resource(api_version, crd)
            .await
            .unwrap()
            .unwrap();
        let target = Target {
            resource,
            namespace: None,
            name: object["metadata"]["name"].as_str().unwrap().to_owned(),
        };
        let how = Apply {
            manager: "test".to_owned(),
            mode: Mode::Store,
            conflicts: Conflicts::Report,
        };
        self.admin.apply(&target, &object, &how).await.unwrap();
    }
}

fn definition(kind: &str) -> Value {
    let plural = format!("{}s", kind.to_lowercase());
    let color = json!({"type": "string", "description": "What it looks like."});
    let spec = json!({"type": "object", "properties": {"color": color}});
    let schema = json!({"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.shop.example.com")},
        "spec": {
            "group": "shop.example.com",
            "names": {"kind": kind, "plural": plural, "singular": kind.to_lowercase()},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": schema}],
        },
    })
}
