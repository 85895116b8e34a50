//! The keys of an issuer: fetched when they are needed, and kept for a while.

use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, JwkSet};
use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{IdTokenError, printable};

/// How long keys are used before they are asked for again.
const FRESH: Duration = Duration::from_hours(1);
/// How long they are used where the issuer does not answer.
const STALE: Duration = Duration::from_hours(24);
/// Between two questions, whatever tokens come.
const PAUSE: Duration = Duration::from_mins(1);
/// Between two questions where the first had no answer.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer at most.
const MOST: usize = 262_144;

/// Who signs ID tokens.
pub(super) struct Issuer {
    url: String,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, DecodingKey>,
    fetched: Option<Instant>,
    ask_again: Option<Instant>,
    /// What the last question came to, if to nothing.
    reason: String,
}

impl Known {
    fn key(&self, id: &str, younger_than: Duration) -> Option<DecodingKey> {
        let age = self.fetched?.elapsed();
        self.keys.get(id).filter(|_| age < younger_than).cloned()
    }
}

impl Issuer {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            known: Mutex::default(),
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The key of a name. One caller asks the issuer, and the others wait for its answer.
    pub(super) async fn key(&self, id: &str) -> Result<DecodingKey, IdTokenError> {
        let mut known = self.known.lock().await;
        if let Some(key) = known.key(id, FRESH) {
            return Ok(key);
        }
        if known.ask_again.is_none_or(|at| at <= Instant::now()) {
            match fetch(&self.url).await {
                Ok(keys) => {
                    known.keys = keys;
                    known.fetched = Some(Instant::now());
                    known.ask_again = Some(Instant::now() + PAUSE);
                    known.reason.clear();
                }
                Err(reason) => {
                    tracing::warn!(issuer = %self.url, reason, "the keys cannot be fetched");
                    known.ask_again = Some(Instant::now() + PAUSE_AFTER_FAILURE);
                    known.reason = reason;
                }
            }
        }
        match known.key(id, STALE) {
            Some(key) => Ok(key),
            None if known.reason.is_empty() => Err(IdTokenError::Key(printable(id))),
            None => Err(IdTokenError::Keys {
                issuer: self.url.clone(),
                reason: known.reason.clone(),
            }),
        }
    }
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// Asks an issuer where its keys are, and for the keys.
async fn fetch(issuer: &str) -> Result<HashMap<String, DecodingKey>, String> {
    // Only fails where another one is installed, which then serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| error.to_string())?;
    let about = format!("{issuer}/.well-known/openid-configuration");
    let discovery: Discovery = read(&client, &about).await?;
    if discovery.issuer != issuer {
        return Err(format!("{about} is of {}", printable(&discovery.issuer)));
    }
    if !is_of(issuer, &discovery.jwks_uri) {
        let place = printable(&discovery.jwks_uri);
        return Err(format!("its keys would be elsewhere: {place}"));
    }
    let set: JwkSet = read(&client, &discovery.jwks_uri).await?;
    let keys = set.keys.iter().filter_map(|jwk| {
        let is_rsa = matches!(jwk.algorithm, AlgorithmParameters::RSA(_));
        let id = jwk.common.key_id.clone().filter(|_| is_rsa)?;
        Some((id, DecodingKey::from_jwk(jwk).ok()?))
    });
    Ok(keys.collect())
}

/// Whether an address is on the issuer's own machine.
fn is_of(issuer: &str, address: &str) -> bool {
    match (Url::parse(issuer), Url::parse(address)) {
        (Ok(issuer), Ok(address)) => issuer.origin() == address.origin(),
        _ => false,
    }
}

async fn read<T: DeserializeOwned>(client: &reqwest::Client, url: &str) -> Result<T, String> {
    let answer = client.get(url).send().await;
    let answer = answer.and_then(reqwest::Response::error_for_status);
    let mut chunks = answer.map_err(|error| reason(&error))?.bytes_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| reason(&error))?);
        if bytes.len() > MOST {
            return Err(format!("{url} answers more than {MOST} bytes"));
        }
    }
    serde_json::from_slice(&bytes).map_err(|error| format!("{url} answers no such JSON: {error}"))
}

/// What lies at the bottom of an error.
fn reason(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
