//! A GitLab that signs ID tokens: its keys on a free port, and tokens as tests want them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use serde_json::{Value, json};

const ONE: &[u8] = include_bytes!("issuer/one.der");
const OTHER: &[u8] = include_bytes!("issuer/other.der");

/// The audience of its tokens.
pub(crate) const AUDIENCE: &str = "https://kun.example.com";

pub(crate) struct Issuer {
    pub(crate) url: String,
    keys: Arc<Mutex<Vec<Value>>>,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    /// Starts one that publishes the key `one`.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let keys = Arc::new(Mutex::new(vec![published("one")]));
        let asked = Arc::<AtomicUsize>::default();
        let discovery = json!({"issuer": url, "jwks_uri": format!("{url}/oauth/discovery/keys")});
        let (served, count) = (keys.clone(), asked.clone());
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(async move || Json(discovery)),
            )
            .route(
                "/oauth/discovery/keys",
                get(async move || {
                    count.fetch_add(1, Ordering::Relaxed);
                    Json(json!({ "keys": *served.lock().unwrap() }))
                }),
            );
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, keys, asked }
    }

    /// Publishes these keys, and no others.
    #[allow(dead_code, reason = "not every test binary changes keys")]
    pub(crate) fn publish(&self, names: &[&str]) {
        *self.keys.lock().unwrap() = names.iter().map(|name| published(name)).collect();
    }

    /// How often the keys were asked for.
    #[allow(dead_code, reason = "not every test binary counts")]
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// What a job of the branch `dev` of `shop/web` is told, as GitLab writes it.
    pub(crate) fn claims(&self) -> Value {
        let now = Timestamp::now().as_second();
        json!({
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "project_path:shop/web:ref_type:branch:ref:dev",
            "iat": now,
            "nbf": now - 5,
            "exp": now + 3600,
            "jti": "a2d1",
            "project_id": "42",
            "project_path": "shop/web",
            "job_id": "4711",
            "pipeline_id": "77",
            "ref": "dev",
            "ref_type": "branch",
            "ref_path": "refs/heads/dev",
            "ref_protected": "true",
            "user_login": "dora",
            "sha": "1a2b3c4d5e6f",
        })
    }

    /// A token of these claims, signed by the key `one`.
    pub(crate) fn token(claims: &Value) -> String {
        Self::signed(
            "one",
            &json!({"alg": "RS256", "typ": "JWT", "kid": "one"}),
            claims,
        )
    }

    /// A token signed by a key, whatever its header says.
    pub(crate) fn signed(key: &str, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encoded(header), encoded(claims));
        let pair = pair(key);
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message.as_bytes(),
            &mut signature,
        )
        .unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn pair(name: &str) -> RsaKeyPair {
    let bytes = if name == "one" { ONE } else { OTHER };
    RsaKeyPair::from_der(bytes).unwrap()
}

fn published(name: &str) -> Value {
    let RsaPublicKeyComponents { n, e } =
        RsaPublicKeyComponents::<Vec<u8>>::from(pair(name).public());
    json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": name,
        "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e),
    })
}
