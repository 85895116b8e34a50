//! Deploys to the sandbox over HTTPS, with the rights of a person who is impersonated.

use deploy_core::Manifests;
use sandbox::{ImageFault, Options, Sandbox};

use super::*;
use crate::cluster::{Acting, Apply, Conflicts, Mode, Target, as_person};

const SHOP: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: blue}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.27
        ports: [{containerPort: 8080}]
";

/// What everybody in these tests stands on: the namespace, and that `alice` may edit it.
const GROUND: &str = "\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: alice, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}]
";

#[tokio::test]
async fn a_version_is_deployed_until_it_is_healthy() {
    let ground = Ground::new().await;

    let told = ground.deploy(SHOP).await;

    assert!(
        told.ends_with("succeeded: all 3 objects are ready\n"),
        "{told}"
    );
    assert!(
        told.contains("Deployment/web: 2 replicas available"),
        "{told}"
    );

    let again = ground
        .deploy(&SHOP.replace("nginx:1.27", "nginx:1.28"))
        .await;
    assert!(again.contains("ConfigMap/settings: unchanged"), "{again}");
    assert!(
        again.contains("Deployment/web: changed: spec.template.spec.containers[name=web].image\n"),
        "{again}"
    );
    assert!(
        again.ends_with("succeeded: all 3 objects are ready\n"),
        "{again}"
    );
}

#[tokio::test]
async fn an_image_that_is_missing_fails_fast_with_the_reason() {
    let ground = Ground::new().await;
    ground
        .sandbox
        .faults()
        .fail_image("nginx", ImageFault::Missing);

    let told = ground.deploy(SHOP).await;

    let last = told.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("failed: Deployment/web: pod web-"),
        "{told}"
    );
    assert!(last.contains("image nginx:1.27 cannot be pulled"), "{told}");
    assert!(told.contains("event Failed of Pod/web-"), "{told}");
}

#[tokio::test]
async fn a_crash_shows_the_log_of_the_container() {
    let ground = Ground::at_pace(0.1).await;
    ground
        .sandbox
        .faults()
        .fail_image("nginx", ImageFault::Crashes);

    let told = ground.deploy(SHOP).await;

    assert!(
        told.lines()
            .last()
            .is_some_and(|it| it.contains("container web keeps crashing")),
        "{told}"
    );
    assert!(told.contains("log of web-"), "{told}");
}

#[tokio::test]
async fn a_conflict_names_the_field_and_its_owner() {
    let ground = Ground::new().await;
    ground.deploy(SHOP).await;
    ground
        .apply_as("kubectl-edit", &SHOP.replace("replicas: 2", "replicas: 5"))
        .await;

    let preview = asked(&*ground.alice, SHOP).await;
    let told = ground.deploy(SHOP).await;

    let conflicts: Vec<_> = preview
        .objects
        .into_iter()
        .flat_map(|it| it.conflicts)
        .collect();
    assert!(
        conflicts
            .iter()
            .any(|it| it.field == ".spec.replicas" && it.manager == "kubectl-edit"),
        "{conflicts:?}"
    );
    assert!(told.ends_with("failed: Deployment/web: .spec.replicas belongs to kubectl-edit: leave the field out, or take it over with force\n"), "{told}");

    let force = DeployOptions {
        force_conflicts: true,
        ..DeployOptions::default()
    };
    let forced = deploy_to(Arc::clone(&ground.alice), SHOP, force, TROUBLE).await;
    assert!(
        forced.ends_with("succeeded: all 3 objects are ready\n"),
        "{forced}"
    );
}

#[tokio::test]
async fn missing_rights_are_named() {
    let ground = Ground::new().await;
    let bob = ground.person("bob").await;

    let preview = asked(&*bob, SHOP).await;

    assert_eq!(
        preview.missing_rights,
        [
            "you may not create configmaps in namespace shop",
            "you may not create services in namespace shop",
            "you may not create deployments.apps in namespace shop",
            "you may not get configmaps in namespace shop",
            "you may not get services in namespace shop",
            "you may not get deployments.apps in namespace shop",
            "you may not patch configmaps in namespace shop",
            "you may not patch services in namespace shop",
            "you may not patch deployments.apps in namespace shop",
        ]
    );
    let told = deploy_to(bob, SHOP, DeployOptions::default(), TROUBLE).await;
    assert!(told.starts_with("failed: "), "{told}");
    assert!(told.contains("bob"), "{told}");
}

#[tokio::test]
async fn what_is_no_longer_described_is_pruned() {
    let ground = Ground::new().await;
    ground.deploy(SHOP).await;
    let (rest, _) = SHOP.split_once("---\napiVersion: apps/v1").unwrap();
    let prune = DeployOptions {
        prune: true,
        ..DeployOptions::default()
    };

    let told = deploy_to(Arc::clone(&ground.alice), rest, prune, TROUBLE).await;

    assert!(
        told.contains("Deployment/web: deleted: this version does not describe it"),
        "{told}"
    );
    assert!(
        told.ends_with("succeeded: all 2 objects are ready\n"),
        "{told}"
    );
}

#[tokio::test]
async fn an_object_of_another_set_is_not_taken_even_by_force() {
    let ground = Ground::new().await;
    let other = "metadata: {name: settings, labels: {applyset.kubernetes.io/part-of: other}}";
    let theirs = SHOP.replace("metadata: {name: settings}", other);
    ground.apply_as("helm", &theirs).await;
    let force = DeployOptions {
        force_conflicts: true,
        ..DeployOptions::default()
    };

    let preview = asked(&*ground.alice, SHOP).await;
    let told = ground.deploy(SHOP).await;
    let forced = deploy_to(Arc::clone(&ground.alice), SHOP, force, TROUBLE).await;

    let problem = preview.objects[0].problem.clone().unwrap_or_default();
    for said in [&problem, &told, &forced] {
        assert!(said.contains("it belongs to another set"), "{said}");
    }
    assert!(forced.contains("failed: ConfigMap/settings"), "{forced}");
}

/// The answer of a dry run holds the whole object, also to whoever may not read it.
#[tokio::test]
async fn a_preview_tells_nothing_that_the_person_may_not_read() {
    let ground = Ground::new().await;
    ground.apply_as("ground", WRITER).await;
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {own: mine}\n";
    let theirs = text.replace("own: mine", "theirs: hidden");
    ground.apply_as("helm", &theirs).await;
    let carol = ground.person("carol").await;

    let preview = asked(&*carol, text).await;

    let shown = serde_json::to_string(&preview).unwrap();
    for secret in ["theirs", "hidden", "aGlkZGVu", "mine", "bWluZQ"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

/// `carol` may write Secrets and read none.
const WRITER: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: writer, namespace: shop}
rules:
- {apiGroups: [\"\"], resources: [secrets], verbs: [patch, create]}
- {apiGroups: [\"\"], resources: [configmaps], verbs: [get, patch, create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: writer, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writer}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: carol}]
";

#[tokio::test]
async fn passing_failures_are_tried_again() {
    let ground = Ground::new().await;
    ground
        .sandbox
        .faults()
        .fail_next_matching(1, 503, "PATCH", "/shop/");

    let told = ground.deploy(SHOP).await;

    assert!(
        told.ends_with("succeeded: all 3 objects are ready\n"),
        "{told}"
    );
}

#[tokio::test]
async fn a_cluster_that_is_gone_is_a_sentence() {
    let ground = Ground::new().await;
    let Ground { sandbox, alice, .. } = ground;
    sandbox.shutdown().await;

    let told = deploy_to(alice, SHOP, DeployOptions::default(), TROUBLE).await;

    assert!(
        told.starts_with("failed: cluster sandbox cannot be reached: "),
        "{told}"
    );
}

#[tokio::test]
async fn a_preview_of_what_is_deployed_shows_no_change() {
    let ground = Ground::new().await;
    check_preview(
        &*ground.alice,
        SHOP,
        expect![[r"
            Create ConfigMap/settings
            Create Service/web
            Create Deployment/web
        "]],
    )
    .await;
    ground.deploy(SHOP).await;

    check_preview(
        &*ground.alice,
        SHOP,
        expect![[r"
            Unchanged ConfigMap/settings
            Unchanged Service/web
            Unchanged Deployment/web
        "]],
    )
    .await;
}

#[tokio::test]
async fn a_definition_and_its_objects_are_deployed_together() {
    let ground = Ground::new().await;

    let told = deploy_to(
        Arc::clone(&ground.admin),
        DEFINITION,
        DeployOptions::default(),
        TROUBLE,
    )
    .await;

    assert!(
        told.ends_with("succeeded: all 2 objects are ready\n"),
        "{told}"
    );
}

#[tokio::test]
async fn what_kubectl_applied_on_the_clients_side_becomes_the_sets() {
    const BY_KUBECTL: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: blue, old: x}
";
    let ground = Ground::new().await;
    ground.apply_as("kubectl", BY_KUBECTL).await;
    ground
        .write_managers(
            r#""kubectl","operation":"Apply""#,
            r#""kubectl-client-side-apply","operation":"Update""#,
        )
        .await;

    let preview = asked(&*ground.alice, SHOP).await;
    let told = ground.deploy(SHOP).await;

    assert_eq!(
        preview.warnings,
        [
            "ConfigMap/settings: kubectl applied .data.old, which this version does not describe and removes"
        ]
    );
    assert!(
        told.ends_with("succeeded: all 3 objects are ready\n"),
        "{told}"
    );
    let live = ground.admin.get(&settings()).await.unwrap().unwrap();
    assert_eq!(live["data"], json!({"color": "blue"}));
    let managers = live["metadata"]["managedFields"].as_array().unwrap();
    assert!(
        managers
            .iter()
            .all(|it| it["manager"] == "kun.shop.web.dev"),
        "{managers:?}"
    );
}

/// The ConfigMap of [`SHOP`].
fn settings() -> Target {
    Target {
        resource: crate::cluster::Resource {
            api_version: "v1".to_owned(),
            kind: "ConfigMap".to_owned(),
            plural: "configmaps".to_owned(),
            namespaced: true,
        },
        namespace: Some("shop".to_owned()),
        name: "settings".to_owned(),
    }
}

const DEFINITION: &str = "\
apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
spec: {size: 1}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, listKind: WidgetList, plural: widgets, singular: widget}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer}}}
";

const TROUBLE: Duration = Duration::from_millis(300);

/// A sandbox in which `alice` may edit the namespace `shop`.
struct Ground {
    sandbox: Sandbox,
    admin: Arc<dyn Cluster>,
    alice: Arc<dyn Cluster>,
}

impl Ground {
    async fn new() -> Self {
        Self::at_pace(0.0).await
    }

    async fn at_pace(pace: f64) -> Self {
        let options = Options {
            pace,
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await.unwrap();
        let kubeconfig = sandbox.kubeconfig();
        let admin = as_person(
            &kubeconfig,
            Acting::AsOwner("admin".to_owned()),
            "admin",
            PATIENCE,
        )
        .await;
        let alice = as_person(&kubeconfig, Acting::AsThePerson, "alice", PATIENCE).await;
        let ground = Self {
            sandbox,
            admin,
            alice,
        };
        ground.apply_as("ground", GROUND).await;
        ground
    }

    async fn person(&self, name: &str) -> Arc<dyn Cluster> {
        as_person(
            &self.sandbox.kubeconfig(),
            Acting::AsThePerson,
            name,
            PATIENCE,
        )
        .await
    }

    async fn deploy(&self, text: &str) -> String {
        deploy_to(
            Arc::clone(&self.alice),
            text,
            DeployOptions::default(),
            TROUBLE,
        )
        .await
    }

    /// Replaces a text in the managers of the `ConfigMap`.
    async fn write_managers(&self, from: &str, to: &str) {
        let live = self.admin.get(&settings()).await.unwrap().unwrap();
        let managers = live["metadata"]["managedFields"].to_string();
        assert!(managers.contains(from), "{managers}");
        let managers = serde_json::from_str(&managers.replace(from, to)).unwrap();
        let written = self.admin.set_managers(&settings(), &live, managers).await;
        written.unwrap();
    }

    /// Applies as the administrator, by force, one object after the other.
    async fn apply_as(&self, manager: &str, text: &str) {
        let how = Apply {
            manager: manager.to_owned(),
            mode: Mode::Store,
            conflicts: Conflicts::TakeOver,
        };
        for manifest in Manifests::parse(&files(text)).unwrap().into_objects() {
            let id = &manifest.id;
            let resource = self
                .admin
                .resource(&id.api_version, &id.kind)
                .await
                .unwrap()
                .unwrap();
            let namespace = resource.namespaced.then(|| "shop".to_owned());
            let target = Target {
                resource,
                namespace,
                name: id.name.clone(),
            };
            self.admin
                .apply(&target, &manifest.object, &how)
                .await
                .unwrap();
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(2);
