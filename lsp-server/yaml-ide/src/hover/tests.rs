//! Hovers, through strings.

use super::*;
use crate::fixture;
use expect_test::{Expect, expect};

/// 2026-11-22 16:10 UTC.
const NOW: i64 = 1_795_363_800_000;

#[test]
fn field_shows_type_and_description() {
    check(
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  repl$0icas: 3\n",
        expect![[r#"
            **replicas** `integer`

            Default: `1`

            Number of desired pods. This is a pointer to distinguish between explicit zero and not specified. Defaults to 1.

            [Reference](https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#deploymentspec-v1-apps)

            `Deployment.spec.replicas`"#]],
    );
}

#[test]
fn kind_shows_its_own_page() {
    check(
        "apiVersion: v1\nkind: Name$0space\n",
        expect![[r#"
        **Namespace** `v1` · for the whole cluster

        Namespace provides a scope for Names. Use of multiple namespaces is optional.

        [Reference](https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#namespace-v1-core) · [Guide](https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/)"#]],
    );
}

#[test]
fn enums_and_defaults_are_listed() {
    check(
        "apiVersion: v1\nkind: Service\nspec:\n  ports:\n  - proto$0col: TCP\n",
        expect![[r#"
            **protocol** `string`

            Default: `TCP`

            - `SCTP`: messages over associations
            - `TCP`: connections
            - `UDP`: single packets

            The IP protocol for this port. Supports "TCP", "UDP", and "SCTP". Default is TCP.

            [Reference](https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#serviceport-v1-core)

            `Service.spec.ports[].protocol`"#]],
    );
}

#[test]
fn an_anchor_tells_where_it_is_used() {
    check(
        "a: &it$0em 1\nb: *item\nc: *item\n",
        expect!["`&item` is used in lines 2, 3"],
    );
}

#[test]
fn the_core_group_is_shown_as_it_is_written() {
    check_has(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n  - apiGroups: [\"$0\"]\n",
        "`\"\"`: the core group",
    );
}

#[test]
fn placeholders_in_code_keep_their_brackets() {
    check_has(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - env:\n        - valueFrom:\n            field$0Ref: {fieldPath: metadata.name}\n",
        "`metadata.labels['<KEY>']`",
    );
}

#[test]
fn amounts_are_explained() {
    check(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    resources:\n      limits:\n        cpu: 50$00m\n",
        expect![[r#"
            `500m` is half a CPU

            **limits** `map of quantity`

            Limits describes the maximum amount of compute resources allowed. More info: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/

            [Reference](https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#resourcerequirements-v1-core) · [Guide](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)

            `Pod.spec.containers[].resources.limits`"#]],
    );
}

#[test]
fn schedules_are_explained() {
    check_starts(
        "apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: \"*/5 * $0* * *\"\n",
        "Runs every 5 minutes.\n\nNext runs, in the time zone of `timeZone` (UTC without one):\n\n\
         - 2026-11-22 16:15\n- 2026-11-22 16:20\n- 2026-11-22 16:25\n\n",
    );
}

#[test]
fn the_text_of_a_secret_stays_secret() {
    check_starts(
        "apiVersion: v1\nkind: Secret\ndata:\n  password: YWRt$0aW4=\n",
        "base64 of 5 bytes",
    );
}

#[test]
fn references_say_where_they_lead() {
    check_ends(
        "\
//- config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
//- pod.yaml
apiVersion: v1
kind: Pod
spec:
  volumes:
  - name: config
    configMap:
      name: we$0b
",
        "ConfigMap `web`, defined in config.yaml, line 4",
    );
}

#[test]
fn aliases_show_their_value() {
    check(
        "a: &x\n  b: 1\nc: *$0x\n",
        expect![[r#"
        `*x` stands for

        ```yaml
        b: 1
        ```"#]],
    );
}

#[test]
fn unknown_kind_stays_silent() {
    check("kind: Dep$0loyments\n", expect!["nothing"]);
    check("# com$0ment\n", expect!["nothing"]);
}

#[test]
fn values_of_a_closed_list_say_what_they_do() {
    check_starts(
        "apiVersion: v1\nkind: Pod\nspec:\n  restartPolicy: OnFa$0ilure\n",
        "`OnFailure`: starts a container again when it failed\n\n**restartPolicy**",
    );
    check_starts(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes: [Read$0WriteOnce]\n",
        "`ReadWriteOnce`: Pods of one node read and write\n\n**accessModes**",
    );
}

#[test]
fn images_and_spans_are_taken_apart() {
    check_starts(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: ngi$0nx:1.29\n",
        "- registry: `docker.io`\n- name: `library/nginx`\n- tag: `1.29`\n\n**image**",
    );
    check_starts(
        "apiVersion: batch/v1\nkind: Job\nspec:\n  activeDeadlineSeconds: 36$000\n",
        "`3600` seconds are 1 hour\n\n**activeDeadlineSeconds**",
    );
}

#[test]
fn selectors_say_what_they_find() {
    check_ends(
        "\
kind: Service
apiVersion: v1
spec:
  sele$0ctor: {app: web}
---
kind: Deployment
apiVersion: apps/v1
metadata: {name: front}
spec:
  template:
    metadata: {labels: {app: web, tier: a}}
    spec: {}
",
        "---\n\nFinds the pods of Deployment `front`",
    );
}

#[test]
fn what_is_meant_is_summed_up() {
    let set = "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports:
  - {name: http, port: 80, targetPort: http}
---
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {user: a, password: b}
---
";
    check_ends(
        &format!(
            "{set}kind: Pod\napiVersion: v1\nspec:\n  volumes:\n  - secret: {{secretName: d$0b}}\n"
        ),
        "Secret `db`, defined in test.yaml, line 10\n\nkeys `user`, `password`",
    );
    check_ends(
        &format!("{set}kind: StatefulSet\napiVersion: apps/v1\nspec:\n  serviceName: w$0eb\n"),
        "Service `web`, defined in test.yaml, line 3\n\nClusterIP, ports http 80 → http",
    );
}

fn shown(fixture: &str) -> String {
    let (analysis, file, offset) = fixture::position(fixture);
    hover(&analysis, file, offset, NOW).map_or_else(|| "nothing".to_owned(), |hover| hover.markdown)
}

/// The only place that calls the feature: a new parameter changes one line.
#[track_caller]
fn check(fixture: &str, expected: Expect) {
    expected.assert_eq(&shown(fixture));
}

#[track_caller]
fn check_starts(fixture: &str, expected: &str) {
    let shown = shown(fixture);
    assert!(shown.starts_with(expected), "{shown}");
}

#[track_caller]
fn check_ends(fixture: &str, expected: &str) {
    let shown = shown(fixture);
    assert!(shown.ends_with(expected), "{shown}");
}

#[track_caller]
fn check_has(fixture: &str, part: &str) {
    let (analysis, file, offset) = fixture::position(fixture);
    let shown = hover(&analysis, file, offset, NOW).map(|hover| hover.markdown);
    let shown = shown.unwrap_or_default();
    assert!(shown.contains(part), "{part} is not in {shown}");
}
