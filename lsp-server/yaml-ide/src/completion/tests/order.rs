//! What stands first, and what is left out.

use super::*;
use expect_test::expect;

#[test]
fn fields_come_in_the_order_in_which_people_write_them() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  $meta\nspec:\n  $spec\n";
    let at = |name: &str| {
        pod.replace(name, "$0")
            .replace("$meta", "")
            .replace("$spec", "")
    };
    check_first(
        &at("$meta"),
        4,
        expect![[r"
            name
            namespace
            labels
            annotations
        "]],
    );
    check_first(
        &at("$spec"),
        3,
        expect![[r"
            containers
            initContainers
            volumes
        "]],
    );
    check_first(
        "apiVersion: v1\nkind: Pod\nspec:\n  tolerations:\n    - $0\n",
        4,
        expect![[r"
            key
            operator
            value
            effect
        "]],
    );
}

#[test]
fn what_only_the_server_writes_comes_last() {
    let items = listed("apiVersion: v1\nkind: Pod\nmetadata:\n  $0\n");
    let place = |name| items.iter().position(|item| item.label == name);
    assert!(place("ownerReferences") < place("creationTimestamp"));
}

#[test]
fn values_begin_with_the_usual_one() {
    check_first(
        "apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - protocol: $0\n",
        3,
        expect![[r"
            TCP
            UDP
            SCTP
        "]],
    );
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes: [$0]\n";
    check_first(
        claim,
        1,
        expect![[r"
            ReadWriteOnce
        "]],
    );
}

#[test]
fn pods_restart_as_their_workload_allows() {
    let pods = |kind: &str, version: &str| {
        format!(
            "apiVersion: {version}\nkind: {kind}\nspec:\n  template:\n    spec:\n      restartPolicy: $0\n"
        )
    };
    check_lacks(&pods("Job", "batch/v1"), "Always");
    check_lacks(&pods("Deployment", "apps/v1"), "Never");
    check_has(
        "apiVersion: v1\nkind: Pod\nspec:\n  restartPolicy: $0\n",
        "Never",
    );
}

#[test]
fn items_that_are_there_are_left_out() {
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n";
    check_lacks(&format!("{role}  - verbs: [get, $0]\n"), "get");
    check_lacks(
        &format!("{role}  - verbs:\n      - $0\n      - get\n"),
        "get",
    );
}

#[test]
fn resources_of_a_role_are_those_of_its_groups() {
    let rule =
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n  - apiGroups: [apps]\n";
    check_first(
        &format!("{rule}    resources: [$0]\n"),
        2,
        expect![[r"
            deployments
            deployments/scale
        "]],
    );
    check_lacks(&format!("{rule}    resources: [$0]\n"), "pods");
}

#[test]
fn the_quotes_that_were_typed_stay() {
    check_accept(
        "apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: '$0'\n",
        "0 3 * * *",
        expect![[r"
            apiVersion: batch/v1
            kind: CronJob
            spec:
              schedule: '0 3 * * *'$0
        "]],
    );
}

#[test]
fn the_number_of_a_port_stays_a_number() {
    check_accept(
        "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: $0
",
        "80",
        expect![[r"
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {ports: [{port: 80}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            spec:
              defaultBackend:
                service:
                  name: web
                  port:
                    number: 80$0
        "]],
    );
}
