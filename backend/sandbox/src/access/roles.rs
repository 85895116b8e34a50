//! The roles that every cluster has.

use serde_json::{Value, json};

use crate::store::Store;
use crate::world::World;

const RBAC: &str = "rbac.authorization.k8s.io";
const READ: &[&str] = &["get", "list", "watch"];
const WRITE: &[&str] = &["create", "delete", "deletecollection", "patch", "update"];

/// Makes the roles and bindings that are missing.
pub(crate) fn bootstrap(world: &World, store: &mut Store) {
    for (name, label, rules) in roles() {
        let mut labels = json!({"kubernetes.io/bootstrapping": "rbac-defaults"});
        if let Some(label) = label {
            labels[format!("{RBAC}/aggregate-to-{label}")] = "true".into();
        }
        put(
            world,
            store,
            "ClusterRole",
            name,
            &labels,
            &json!({"rules": rules}),
        );
    }
    let everything = json!([
        rule(&["*"], &["*"], &["*"]),
        json!({"verbs": ["*"], "nonResourceURLs": ["*"]}),
    ]);
    let labels = || json!({"kubernetes.io/bootstrapping": "rbac-defaults"});
    put(
        world,
        store,
        "ClusterRole",
        "cluster-admin",
        &labels(),
        &json!({"rules": everything}),
    );
    for (name, own) in [("admin", "admin"), ("edit", "edit"), ("view", "view")] {
        let mut metadata = labels();
        match name {
            "edit" => metadata[format!("{RBAC}/aggregate-to-admin")] = "true".into(),
            "view" => metadata[format!("{RBAC}/aggregate-to-edit")] = "true".into(),
            _ => {}
        }
        let selector = json!({"matchLabels": {format!("{RBAC}/aggregate-to-{own}"): "true"}});
        let body = json!({"aggregationRule": {"clusterRoleSelectors": [selector]}, "rules": []});
        put(world, store, "ClusterRole", name, &metadata, &body);
    }
    for (binding, role, group) in [
        ("cluster-admin", "cluster-admin", "system:masters"),
        (
            "system:discovery",
            "system:discovery",
            "system:authenticated",
        ),
        (
            "system:basic-user",
            "system:basic-user",
            "system:authenticated",
        ),
        (
            "system:public-info-viewer",
            "system:public-info-viewer",
            "system:authenticated",
        ),
    ] {
        let mut subjects = vec![json!({"kind": "Group", "apiGroup": RBAC, "name": group})];
        if binding == "system:public-info-viewer" {
            subjects
                .push(json!({"kind": "Group", "apiGroup": RBAC, "name": "system:unauthenticated"}));
        }
        let body = json!({
            "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": role},
            "subjects": subjects,
        });
        put(
            world,
            store,
            "ClusterRoleBinding",
            binding,
            &labels(),
            &body,
        );
    }
}

fn put(world: &World, store: &mut Store, kind: &str, name: &str, labels: &Value, body: &Value) {
    let storage = format!("{}s.{RBAC}", kind.to_lowercase());
    if store.get(&storage, "", name).is_some() {
        return;
    }
    let mut object = json!({
        "apiVersion": format!("{RBAC}/v1"),
        "kind": kind,
        "metadata": {
            "name": name,
            "uid": world.uid(),
            "creationTimestamp": world.now(),
            "labels": labels,
            "annotations": {"rbac.authorization.kubernetes.io/autoupdate": "true"},
        },
    });
    for (field, value) in body.as_object().into_iter().flatten() {
        object[field] = value.clone();
    }
    store.put(&storage, object);
}

fn rule(groups: &[&str], resources: &[&str], verbs: &[&str]) -> Value {
    json!({"apiGroups": groups, "resources": resources, "verbs": verbs})
}

fn paths(urls: &[&str]) -> Value {
    json!({"nonResourceURLs": urls, "verbs": ["get"]})
}

/// Name, the role that it is part of, and rules.
fn roles() -> Vec<(&'static str, Option<&'static str>, Vec<Value>)> {
    let info = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
    let discovery = [
        "/api",
        "/api/*",
        "/apis",
        "/apis/*",
        "/healthz",
        "/livez",
        "/openapi",
        "/openapi/*",
        "/readyz",
        "/version",
        "/version/",
    ];
    vec![
        ("system:public-info-viewer", None, vec![paths(&info)]),
        ("system:discovery", None, vec![paths(&discovery)]),
        (
            "system:basic-user",
            None,
            vec![
                rule(
                    &["authorization.k8s.io"],
                    &["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
                    &["create"],
                ),
                rule(
                    &["authentication.k8s.io"],
                    &["selfsubjectreviews"],
                    &["create"],
                ),
            ],
        ),
        ("system:aggregate-to-view", Some("view"), view()),
        ("system:aggregate-to-edit", Some("edit"), edit()),
        (
            "system:aggregate-to-admin",
            Some("admin"),
            vec![
                rule(
                    &["authorization.k8s.io"],
                    &["localsubjectaccessreviews"],
                    &["create"],
                ),
                rule(&[RBAC], &["roles", "rolebindings"], &[READ, WRITE].concat()),
            ],
        ),
    ]
}

fn view() -> Vec<Value> {
    vec![
        rule(
            &[""],
            &[
                "configmaps",
                "endpoints",
                "persistentvolumeclaims",
                "persistentvolumeclaims/status",
                "pods",
                "replicationcontrollers",
                "replicationcontrollers/scale",
                "serviceaccounts",
                "services",
                "services/status",
                "bindings",
                "events",
                "limitranges",
                "namespaces/status",
                "pods/log",
                "pods/status",
                "replicationcontrollers/status",
                "resourcequotas",
                "resourcequotas/status",
                "namespaces",
            ],
            READ,
        ),
        rule(&["discovery.k8s.io"], &["endpointslices"], READ),
        rule(
            &["apps"],
            &[
                "controllerrevisions",
                "daemonsets",
                "daemonsets/status",
                "deployments",
                "deployments/scale",
                "deployments/status",
                "replicasets",
                "replicasets/scale",
                "replicasets/status",
                "statefulsets",
                "statefulsets/scale",
                "statefulsets/status",
            ],
            READ,
        ),
        rule(
            &["autoscaling"],
            &[
                "horizontalpodautoscalers",
                "horizontalpodautoscalers/status",
            ],
            READ,
        ),
        rule(
            &["batch"],
            &["cronjobs", "cronjobs/status", "jobs", "jobs/status"],
            READ,
        ),
        rule(
            &["policy"],
            &["poddisruptionbudgets", "poddisruptionbudgets/status"],
            READ,
        ),
        rule(
            &["networking.k8s.io"],
            &["ingresses", "ingresses/status", "networkpolicies"],
            READ,
        ),
    ]
}

fn edit() -> Vec<Value> {
    vec![
        rule(
            &[""],
            &[
                "pods/attach",
                "pods/exec",
                "pods/portforward",
                "pods/proxy",
                "secrets",
                "services/proxy",
            ],
            READ,
        ),
        rule(&[""], &["serviceaccounts"], &["impersonate"]),
        rule(
            &[""],
            &[
                "pods",
                "pods/attach",
                "pods/exec",
                "pods/portforward",
                "pods/proxy",
            ],
            WRITE,
        ),
        rule(&[""], &["pods/eviction"], &["create"]),
        rule(
            &[""],
            &[
                "configmaps",
                "persistentvolumeclaims",
                "replicationcontrollers",
                "replicationcontrollers/scale",
                "secrets",
                "serviceaccounts",
                "services",
                "services/proxy",
                "events",
            ],
            WRITE,
        ),
        rule(&[""], &["serviceaccounts/token"], &["create"]),
        rule(
            &["apps"],
            &[
                "daemonsets",
                "deployments",
                "deployments/rollback",
                "deployments/scale",
                "replicasets",
                "replicasets/scale",
                "statefulsets",
                "statefulsets/scale",
            ],
            WRITE,
        ),
        rule(&["autoscaling"], &["horizontalpodautoscalers"], WRITE),
        rule(&["batch"], &["cronjobs", "jobs"], WRITE),
        rule(&["policy"], &["poddisruptionbudgets"], WRITE),
        rule(
            &["networking.k8s.io"],
            &["ingresses", "networkpolicies"],
            WRITE,
        ),
        rule(
            &["coordination.k8s.io"],
            &["leases"],
            &[READ, WRITE].concat(),
        ),
    ]
}
