//! `/api/clusters`

use expect_test::expect;

use crate::support::App;

const GOOD: &str = "\
apiVersion: v1
kind: Config
clusters:
- name: prod
  cluster: {server: 'https://k8s.example.com:6443'}
users:
- name: kun
  user: {token: secret}
contexts:
- name: prod
  context: {cluster: prod, user: kun}
- name: other
  context: {cluster: prod, user: kun}
current-context: prod
";

#[tokio::test]
async fn admin_registers_a_cluster() {
    let app = App::start().await;
    let answer = add(&app, "alice", GOOD).await;
    answer.is(expect![[r#"
        201
        {"name":"prod","server":"https://k8s.example.com:6443","kind":"registered"}
    "#]]);
    let listed = app.ask("eve", "GET /api/clusters", "").await;
    listed.is(expect![[r#"
        200
        {"items":[{"name":"prod","server":"https://k8s.example.com:6443","kind":"registered"}]}
    "#]]);
    add(&app, "alice", GOOD).await.has("409 exists");
}

#[tokio::test]
async fn only_admins_register_clusters() {
    let app = App::start().await;
    add(&app, "dora", GOOD).await.has("403 forbidden");
    add(&app, "nobody", GOOD).await.has("401 not_signed_in");
    app.ask("nobody", "GET /api/clusters", "")
        .await
        .has("401 not_signed_in");
}

#[tokio::test]
async fn kubeconfig_that_runs_reads_or_trusts_is_refused() {
    let app = App::start().await;
    for (good, bad) in [
        (
            "{token: secret}",
            "{exec: {apiVersion: client.authentication.k8s.io/v1, command: sh}}",
        ),
        ("{token: secret}", "{auth-provider: {name: gcp}}"),
        ("{token: secret}", "{tokenFile: /etc/passwd}"),
        (
            "{token: secret}",
            "{client-certificate: /etc/passwd, client-key: /etc/shadow}",
        ),
        (":6443'}", ":6443', insecure-skip-tls-verify: true}"),
        (":6443'}", ":6443', certificate-authority: /etc/passwd}"),
        (":6443'}", ":6443', proxy-url: 'http://localhost:3128'}"),
        ("https://k8s", "http://k8s"),
        ("https://k8s.example.com", "https://169.254.169.254"),
        ("https://k8s.example.com", "https://127.0.0.1"),
        ("current-context: prod", "current-context: nowhere"),
    ] {
        let answer = add(&app, "alice", &GOOD.replace(good, bad)).await;
        answer.has("422 invalid_kubeconfig");
        assert!(!answer.body.contains("secret"), "{}", answer.body);
    }
    assert_eq!(app.store.clusters().await.unwrap(), []);
}

#[tokio::test]
async fn context_that_is_asked_for_is_kept() {
    let app = App::start().await;
    let body = serde_json::json!({"name": "prod", "kubeconfig": GOOD, "context": "other"});
    app.ask("alice", "POST /api/clusters", body.to_string())
        .await
        .has("201");
    let (_, kept) = app
        .store
        .cluster(&"prod".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert!(kept.unwrap().contains("current-context: other"));

    let body = serde_json::json!({"name": "b", "kubeconfig": "- 1", "context": "other"});
    app.ask("alice", "POST /api/clusters", body.to_string())
        .await
        .has("422 invalid");
}

async fn add(app: &App, who: &str, kubeconfig: &str) -> crate::support::Answer {
    let body = serde_json::json!({"name": "prod", "kubeconfig": kubeconfig});
    app.ask(who, "POST /api/clusters", body.to_string()).await
}
