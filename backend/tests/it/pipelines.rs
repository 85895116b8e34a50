//! `/api/pipeline-sessions`, `/api/projects/{project}/pipelines`, and what limited tokens may do

use backend::identity::IdTokens;
use expect_test::expect;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::issuer::{AUDIENCE, Issuer};
use crate::support::{Answer, App, CONFIG};

const PIPELINES: &str = "/api/projects/shop/pipelines";
const SET: &str = "/api/projects/shop/sets/web";

#[tokio::test]
async fn a_trusted_job_pushes_and_deploys_where_it_may() {
    let (app, issuer) = app().await;
    app.trust("dev", &rule(&issuer)).await.has("200");

    let session = app.sign_in(&issuer.claims()).await;
    session.is(expect![[r#"
        201
        {"secret":"kun_ci_SECRET","expires_at":"TIME","user":"ci@shop","scopes":[{"project":"shop","push":true,"deploy_to":["dev"]}]}
    "#]]);
    let job = Job::of(&app, &session);

    let pushed = job.push("dev-1a2b3c4d", "a lie").await;
    pushed.has("201");
    // Who pushed and from where is what GitLab says, and not what the job says.
    let provenance = &pushed.json()["version"]["provenance"];
    let expected = json!({"author": "ci@shop", "commit": "1a2b3c4d5e6f", "git_ref": "dev"});
    assert_eq!(provenance, &expected);

    let deploy = job.deploy("dev").await;
    deploy.has("201");
    assert_eq!(deploy.json()["by"], "ci@shop");
    job.deploy("prod").await.is(expect![[r#"
        403
        {"code":"forbidden","message":"this token may not deploy to `prod`"}
    "#]]);
    let id = deploy.json()["id"].as_str().unwrap().to_owned();
    job.ask(&format!("GET /api/deploys/{id}"), "")
        .await
        .has("200");
    let cancel = format!("POST /api/deploys/{id}/cancel");
    job.ask(&cancel, "").await.has("200");

    let acts = app.ask("alice", "GET /api/projects/shop/audit", "").await;
    let via = "pipeline job 4711 of shop/web@refs/heads/dev by dora";
    assert_eq!(acts.json()["items"][0]["via"], via, "{}", acts.body);
}

#[tokio::test]
async fn a_job_does_nothing_else() {
    let (app, issuer) = app().await;
    app.trust("dev", &rule(&issuer)).await.has("200");
    let session = app.sign_in(&issuer.claims()).await;
    let job = Job::of(&app, &session);
    job.ask("GET /api/session", "").await.has("200");
    for (request, body) in [
        ("GET /api/projects", ""),
        ("GET /api/tokens", ""),
        ("POST /api/tokens", r#"{"label":"mine","days":1}"#),
        ("GET /api/deploys", ""),
        ("GET /api/search?q=web", ""),
        ("GET /api/users", ""),
        ("GET /api/clusters/away/openapi", ""),
        ("POST /api/projects/shop/sets", r#"{"name":"other"}"#),
        ("PUT /api/projects/shop/members/eve", r#"{"role":"owner"}"#),
        (
            "PUT /api/projects/shop/environments/prod",
            r#"{"cluster":"away","namespace":"x"}"#,
        ),
        ("GET /api/projects/shop/pipelines", ""),
        ("DELETE /api/projects/shop/pipelines/dev", ""),
        ("GET /api/projects/shop/audit", ""),
    ] {
        let answer = job.ask(request, body).await;
        assert_eq!((answer.status, request), (403, request), "{}", answer.body);
    }
    app.ask("alice", "POST /api/projects", r#"{"name":"bank"}"#)
        .await
        .has("201");
    job.ask("GET /api/projects/bank", "")
        .await
        .has("404 not_found");
}

#[tokio::test]
async fn tokens_that_prove_nothing_are_refused() {
    let (app, issuer) = app().await;
    app.trust("dev", &rule(&issuer)).await.has("200");
    let now = Timestamp::now().as_second();
    let changed = |name: &str, value: Value| {
        let mut claims = issuer.claims();
        claims[name] = value;
        Issuer::token(&claims)
    };
    let good = Issuer::token(&issuer.claims());
    let with_header = |header: Value| Issuer::signed("one", &header, &issuer.claims());
    let unsigned = with_header(json!({"alg": "none", "kid": "one"}));
    let unsigned = format!("{}.", unsigned.rsplit_once('.').unwrap().0);
    for (why, token) in [
        (
            "its audience is not",
            changed("aud", json!("https://other.example.com")),
        ),
        (
            "its audience is not",
            changed("aud", json!(["https://kun.example.com.evil.com"])),
        ),
        ("its audience is not", changed("aud", Value::Null)),
        ("it expired at", changed("exp", json!(now - 61))),
        (
            "it is none of a CI job",
            changed("exp", json!(now + 90_000)),
        ),
        ("it is valid from", changed("nbf", json!(now + 90))),
        ("it is valid from", changed("iat", json!(now + 90))),
        (
            "its issuer",
            changed("iss", json!("https://gitlab.evil.com")),
        ),
        // The token of a person who signs in has the same issuer and keys, and no project.
        ("it is none of a CI job", changed("project_id", Value::Null)),
        (
            "it is none of a CI job",
            changed("job_id", json!("4711; --")),
        ),
        ("it is signed by none", unsigned),
        (
            "it is signed by HS256",
            with_header(json!({"alg": "HS256", "kid": "one"})),
        ),
        (
            "it is signed by ES256",
            with_header(json!({"alg": "ES256", "kid": "one"})),
        ),
        (
            "its key `other`",
            with_header(json!({"alg": "RS256", "kid": "other"})),
        ),
        ("its key ``", with_header(json!({"alg": "RS256"}))),
        (
            "its signature",
            Issuer::signed(
                "other",
                &json!({"alg": "RS256", "kid": "one"}),
                &issuer.claims(),
            ),
        ),
        (
            "its signature",
            resigned(&changed("project_id", json!("43")), &good),
        ),
        ("it is no ID token", "kun_abc".to_owned()),
        ("it is no ID token", "a.b.c".to_owned()),
        (
            "it is no ID token",
            format!("{}{}", "x".repeat(20_000), good),
        ),
        ("it is no ID token", String::new()),
    ] {
        let answer = app.sign_in_with(&token).await;
        answer.has("401 id_token_refused");
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        let expected = format!("the ID token is refused: {why}");
        assert!(message.starts_with(&expected), "{why}: {message}");
    }
}

#[tokio::test]
async fn clocks_may_be_a_minute_apart() {
    let (app, issuer) = app().await;
    app.trust("dev", &rule(&issuer)).await.has("200");
    let now = Timestamp::now().as_second();
    let mut claims = issuer.claims();
    claims["nbf"] = json!(now + 30);
    claims["iat"] = json!(now + 30);
    app.sign_in(&claims).await.has("201");
}

#[tokio::test]
async fn jobs_that_no_rule_fits_are_refused() {
    let (app, issuer) = app().await;
    let strange = app.sign_in(&issuer.claims()).await;
    strange.is(expect![[r#"
        403
        {"code":"forbidden","message":"`shop` trusts no pipeline: an owner adds one"}
    "#]]);
    app.trust("dev", &rule(&issuer)).await.has("200");
    let changed = |pairs: &[(&str, &str)]| {
        let mut claims = issuer.claims();
        for (name, value) in pairs {
            claims[*name] = json!(value);
        }
        claims
    };
    for (why, claims) in [
        (
            "refs/heads/dev is not protected",
            changed(&[("ref_protected", "false")]),
        ),
        (
            "it is for the project shop/web",
            changed(&[("project_path", "shop/fork")]),
        ),
        (
            "refs/heads/feature is none of",
            changed(&[("ref_path", "refs/heads/feature")]),
        ),
        (
            "refs/tags/dev is none of",
            changed(&[("ref_path", "refs/tags/dev")]),
        ),
        (
            "refs/heads/dev2 is none of",
            changed(&[("ref_path", "refs/heads/dev2")]),
        ),
    ] {
        let answer = app.sign_in(&claims).await;
        answer.has("403 forbidden");
        assert!(answer.body.contains(why), "{why}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_path_that_another_project_took_over_is_not_trusted() {
    let (app, issuer) = app().await;
    app.trust("dev", &rule(&issuer)).await.has("200");
    app.sign_in(&issuer.claims()).await.has("201");
    let rules = app.ask("alice", &format!("GET {PIPELINES}"), "").await;
    assert_eq!(rules.json()["items"][0]["gitlab_project_id"], 42);

    let mut claims = issuer.claims();
    claims["project_id"] = json!("43");
    let answer = app.sign_in(&claims).await;
    answer.has("403 forbidden");
    assert!(
        answer
            .body
            .contains("another project has this path now: number 43")
    );
}

#[tokio::test]
async fn rules_add_up_without_mixing() {
    let (app, issuer) = app().await;
    app.ask("dora", "POST /api/projects/shop/sets", r#"{"name":"api"}"#)
        .await
        .has("201");
    let mut web = rule(&issuer);
    web["sets"] = json!(["web"]);
    app.trust("web", &web).await.has("200");
    let mut api = rule(&issuer);
    api["sets"] = json!(["api"]);
    api["deploy_to"] = json!(["prod"]);
    app.trust("api", &api).await.has("200");

    let session = app.sign_in(&issuer.claims()).await;
    let job = Job::of(&app, &session);
    job.push("v2", "x").await.has("201");
    job.deploy("dev").await.has("201");
    job.deploy("prod").await.has("403 forbidden");
}

#[tokio::test]
async fn sessions_end_with_their_rule_and_with_their_token() {
    let (app, issuer) = app().await;
    app.trust("dev", &rule(&issuer)).await.has("200");
    let session = app.sign_in(&issuer.claims()).await;
    let job = Job::of(&app, &session);
    job.ask("GET /api/session", "").await.has("200");
    let remove = format!("DELETE {PIPELINES}/dev");
    app.ask("vera", &remove, "").await.has("403 forbidden");
    app.ask("alice", &remove, "").await.has("204");
    job.ask("GET /api/session", "")
        .await
        .has("401 not_signed_in");
    app.sign_in(&issuer.claims()).await.has("403 forbidden");

    app.trust("dev", &rule(&issuer)).await.has("200");
    let mut claims = issuer.claims();
    // Within the skew of clocks the token is taken, and its session is over at once.
    claims["exp"] = json!(Timestamp::now().as_second() - 10);
    let session = app.sign_in(&claims).await;
    let job = Job::of(&app, &session);
    job.ask("GET /api/session", "")
        .await
        .has("401 not_signed_in");
}

#[tokio::test]
async fn rules_that_cannot_be_meant_are_refused() {
    let (app, issuer) = app().await;
    for (place, name, value) in [
        ("issuer", "issuer", json!("https://gitlab.evil.com")),
        ("gitlab_project", "gitlab_project", json!("web")),
        ("refs", "refs", json!([])),
        ("refs", "refs", json!(["dev"])),
        ("gitlab_environment", "gitlab_environment", json!("a\nb")),
    ] {
        let mut rule = rule(&issuer);
        rule[name] = value;
        let answer = app.trust("dev", &rule).await;
        answer.has("422 invalid");
        assert_eq!(answer.json()["details"][0]["place"], place);
    }
    let mut slip = rule(&issuer);
    slip["set"] = json!(["web"]);
    app.trust("dev", &slip).await.has("400 invalid_body");
    let body = rule(&issuer).to_string();
    let put = format!("PUT {PIPELINES}/dev");
    app.ask("dora", &put, body).await.has("403 forbidden");
}

#[tokio::test]
async fn keys_that_change_are_found_and_asked_for_rarely() {
    let issuer = Issuer::start().await;
    let id_tokens = IdTokens::new(std::slice::from_ref(&issuer.url), AUDIENCE);
    let now = Timestamp::now();
    let one = Issuer::token(&issuer.claims());
    let other = Issuer::signed(
        "other",
        &json!({"alg": "RS256", "kid": "other"}),
        &issuer.claims(),
    );
    for _ in 0..3 {
        id_tokens.verify(&one, now).await.unwrap();
        assert!(id_tokens.verify(&other, now).await.is_err());
    }
    assert_eq!(issuer.asked(), 1);

    issuer.publish(&["other"]);
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(61)).await;
    tokio::time::resume();
    id_tokens.verify(&other, now).await.unwrap();
    assert!(id_tokens.verify(&one, now).await.is_err());
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_named() {
    let gone = "http://127.0.0.1:1";
    let issuer = Issuer::start().await;
    let id_tokens = IdTokens::new(&[gone.to_owned()], AUDIENCE);
    let mut claims = issuer.claims();
    claims["iss"] = json!(gone);
    let error = id_tokens
        .verify(&Issuer::token(&claims), Timestamp::now())
        .await;
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("the keys of http://127.0.0.1:1 cannot be read"),
        "{error}"
    );
    let late = Timestamp::now() + SignedDuration::from_hours(2);
    let id_tokens = IdTokens::new(std::slice::from_ref(&issuer.url), AUDIENCE);
    let error = id_tokens
        .verify(&Issuer::token(&issuer.claims()), late)
        .await;
    assert!(error.unwrap_err().to_string().starts_with("it expired at"));
}

#[tokio::test]
async fn a_limited_token_does_what_it_is_for() {
    let (app, _) = app().await;
    let wish = json!({"label": "CI", "days": 7,
        "scope": {"project": "shop", "sets": ["web"], "push": true, "deploy_to": ["dev"]}});
    let created = app.ask("alice", "POST /api/tokens", wish.to_string()).await;
    created.is(expect![[r#"
        201
        {"token":{"id":"ID","label":"CI","created_at":"TIME","expires_at":"TIME","scope":{"project":"shop","sets":["web"],"push":true,"deploy_to":["dev"]}},"secret":"SECRET"}
    "#]]);
    let token = Job::of(&app, &created);
    token.push("v2", "x").await.has("201");
    token.deploy("dev").await.has("201");
    token.deploy("prod").await.has("403 forbidden");
    // Alice is an admin; her limited token is not.
    token.ask("GET /api/users", "").await.has("403 forbidden");
    let all = r#"{"label":"all","days":7}"#;
    token
        .ask("POST /api/tokens", all)
        .await
        .has("403 forbidden");
}

#[tokio::test]
async fn a_limited_token_never_does_more_than_its_owner() {
    let (app, _) = app().await;
    let wish = json!({"label": "CI", "days": 7, "scope": {"project": "shop", "push": true}});
    let created = app.ask("vera", "POST /api/tokens", wish.to_string()).await;
    let token = Job::of(&app, &created);
    token.push("v2", "x").await.has("403 forbidden");
    for (scope, expected) in [
        (json!({"project": "shop", "sets": ["wbe"]}), "404 not_found"),
        (
            json!({"project": "shop", "deploy_to": ["pord"]}),
            "404 not_found",
        ),
        (json!({"project": "bank"}), "404 not_found"),
        (
            json!({"project": "shop", "pusch": true}),
            "400 invalid_body",
        ),
    ] {
        let wish = json!({"label": "CI", "days": 7, "scope": scope});
        let answer = app.ask("vera", "POST /api/tokens", wish.to_string()).await;
        answer.has(expected);
    }
}

/// The set `web` with `v1`, the environments `dev` and `prod`, and a GitLab that is trusted.
async fn app() -> (App, Issuer) {
    let issuer = Issuer::start().await;
    let id_tokens = IdTokens::new(std::slice::from_ref(&issuer.url), AUDIENCE);
    let app = App::start_trusting(id_tokens).await.with_version().await;
    let prod = "PUT /api/projects/shop/environments/prod";
    let place = r#"{"cluster":"away","namespace":"shop"}"#;
    app.ask("alice", prod, place).await.has("200");
    (app, issuer)
}

/// Jobs of the protected branch `dev` of `shop/web` may push, and deploy to `dev`.
fn rule(issuer: &Issuer) -> Value {
    json!({
        "issuer": issuer.url,
        "gitlab_project": "shop/web",
        "refs": ["refs/heads/dev", "refs/tags/v*"],
        "push": true,
        "deploy_to": ["dev"],
    })
}

/// What one token says, with the signature of another.
fn resigned(token: &str, other: &str) -> String {
    let (message, _) = token.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    format!("{message}.{signature}")
}

impl App {
    async fn trust(&self, name: &str, rule: &Value) -> Answer {
        let put = format!("PUT {PIPELINES}/{name}");
        self.ask("alice", &put, rule.to_string()).await
    }

    async fn sign_in(&self, claims: &Value) -> Answer {
        self.sign_in_with(&Issuer::token(claims)).await
    }

    async fn sign_in_with(&self, token: &str) -> Answer {
        let body = json!({"project": "shop", "id_token": token});
        self.ask("nobody", "POST /api/pipeline-sessions", body.to_string())
            .await
    }
}

/// Whoever has a secret that an answer held.
struct Job<'a> {
    app: &'a App,
    authorization: String,
}

impl<'a> Job<'a> {
    fn of(app: &'a App, answer: &Answer) -> Self {
        answer.has("201");
        let json = answer.json();
        let secret = json["secret"].as_str().unwrap();
        Self {
            app,
            authorization: format!("Bearer {secret}"),
        }
    }

    async fn ask(&self, request: &str, body: impl Into<axum::body::Body>) -> Answer {
        let headers = [
            ("authorization", self.authorization.as_str()),
            ("content-type", "application/json"),
        ];
        self.app.send(request, &headers, body).await
    }

    async fn push(&self, name: &str, commit: &str) -> Answer {
        let body = json!({"name": name, "files": {"app.yaml": CONFIG}, "commit": commit});
        self.ask(&format!("POST {SET}/versions"), body.to_string())
            .await
    }

    async fn deploy(&self, environment: &str) -> Answer {
        let body = json!({"version": "v1", "environment": environment});
        self.ask(&format!("POST {SET}/deploys"), body.to_string())
            .await
    }
}
