//! ID tokens of GitLab: signed by an issuer that this server was told of, and read here.
//!
//! Keys are fetched from the issuer alone, by the address that it publishes, and kept for an hour;
//! a token of an unknown key has them fetched again, once a minute at most.

mod keys;
mod signature;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, Validation, dangerous};
use serde::{Deserialize, Deserializer};

use keys::Issuer;

/// Bytes of a token at most.
const LONGEST: usize = 16_384;
/// How far the clocks of two machines may be apart.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// How long a job's token may live: the longest deploy, and no forgotten token.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Checks ID tokens.
#[derive(Clone)]
pub struct IdTokens {
    issuers: Arc<[Issuer]>,
    audience: Arc<str>,
}

/// Why an ID token proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum IdTokenError {
    #[error("it is no ID token: {0}")]
    Malformed(String),
    #[error("it is signed by {0}, and only RS256 is taken")]
    Algorithm(String),
    #[error("its issuer `{0}` is none that this server trusts")]
    Issuer(String),
    #[error("its key `{0}` is none of its issuer's")]
    Key(String),
    #[error("its signature is not its issuer's")]
    Signature,
    #[error("its audience is not `{0}`: set `aud` of `id_tokens` to that")]
    Audience(String),
    #[error("it expired at {0}")]
    Expired(Timestamp),
    #[error("it is valid from {0} on")]
    Early(Timestamp),
    #[error("it is none of a CI job: `{0}` is missing or unusable")]
    Claim(String),
    #[error("the keys of {issuer} cannot be read: {reason}")]
    Keys { issuer: String, reason: String },
}

/// What GitLab says of a job.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claims {
    pub iss: String,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    iat: Option<i64>,
    #[serde(deserialize_with = "number")]
    pub project_id: u64,
    pub project_path: String,
    #[serde(deserialize_with = "number")]
    pub job_id: u64,
    #[serde(rename = "ref", default)]
    pub git_ref: Option<String>,
    #[serde(default)]
    pub ref_path: Option<String>,
    #[serde(default, deserialize_with = "truth")]
    pub ref_protected: bool,
    #[serde(default)]
    pub environment: Option<String>,
    #[serde(default)]
    pub user_login: Option<String>,
    #[serde(default)]
    pub sha: Option<String>,
}

impl Claims {
    /// When the token ends.
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_second(self.exp).unwrap_or(Timestamp::MIN)
    }

    /// The job as logs and audits name it.
    pub fn about(&self) -> String {
        let git_ref = self.ref_path.as_deref().unwrap_or("no ref");
        let user = self.user_login.as_deref().unwrap_or("nobody");
        let (job, project) = (self.job_id, &self.project_path);
        let about = format!("job {job} of {project}@{git_ref} by {user}");
        about
            .chars()
            .filter(|c| !c.is_control())
            .take(500)
            .collect()
    }
}

impl IdTokens {
    /// Trusts `issuers`, such as `https://gitlab.example.com`, in tokens for `audience`, which is
    /// the address of this server.
    pub fn new(issuers: &[String], audience: &str) -> Self {
        signature::install();
        Self {
            issuers: issuers.iter().map(|url| Issuer::new(url)).collect(),
            audience: audience.into(),
        }
    }

    /// Trusts nobody.
    pub fn none() -> Self {
        Self::new(&[], "")
    }

    /// The issuers that are trusted.
    pub fn issuers(&self) -> Vec<String> {
        self.issuers.iter().map(|it| it.url().to_owned()).collect()
    }

    /// Returns what a token says, if it is an issuer's, for this server, and valid now.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, IdTokenError> {
        if token.len() > LONGEST {
            return Err(IdTokenError::Malformed("it is too long".to_owned()));
        }
        let header = header(token)?;
        if header.alg != "RS256" {
            return Err(IdTokenError::Algorithm(printable(&header.alg)));
        }
        let key_id = header.kid.unwrap_or_default();
        let issuer = self.issuer(token)?;
        let key = issuer.key(&key_id).await?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[issuer.url()]);
        validation.set_audience(&[&*self.audience]);
        validation.set_required_spec_claims(&["iss", "aud"]);
        // Times are compared below, with the time that is asked about.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
            .map_err(|error| self.refused(&error))?
            .claims;
        in_time(&claims, now)?;
        Ok(claims)
    }

    /// The issuer that a token names, before anything in it is believed.
    fn issuer(&self, token: &str) -> Result<&Issuer, IdTokenError> {
        #[derive(Deserialize)]
        struct Issued {
            #[serde(default)]
            iss: String,
        }
        let Issued { iss } = dangerous::insecure_decode_claims(token)
            .map_err(|error| IdTokenError::Malformed(error.to_string()))?;
        let found = self.issuers.iter().find(|issuer| issuer.url() == iss);
        found.ok_or_else(|| IdTokenError::Issuer(printable(&iss)))
    }

    fn refused(&self, error: &jsonwebtoken::errors::Error) -> IdTokenError {
        use jsonwebtoken::errors::ErrorKind;
        match error.kind() {
            ErrorKind::InvalidSignature => IdTokenError::Signature,
            ErrorKind::InvalidAudience => IdTokenError::Audience(self.audience.to_string()),
            ErrorKind::MissingRequiredClaim(name) if name == "aud" => {
                IdTokenError::Audience(self.audience.to_string())
            }
            ErrorKind::Json(error) => IdTokenError::Claim(error.to_string()),
            _ => IdTokenError::Malformed(error.to_string()),
        }
    }
}

fn in_time(claims: &Claims, now: Timestamp) -> Result<(), IdTokenError> {
    let expires_at = claims.expires_at();
    if expires_at + SKEW <= now {
        return Err(IdTokenError::Expired(expires_at));
    }
    if expires_at > now + LONGEST_LIFE {
        return Err(IdTokenError::Claim("exp".to_owned()));
    }
    for from in [claims.nbf, claims.iat].into_iter().flatten() {
        let from = Timestamp::from_second(from).unwrap_or(Timestamp::MAX);
        if from > now + SKEW {
            return Err(IdTokenError::Early(from));
        }
    }
    Ok(())
}

/// The part of a header that is looked at before the signature is.
#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
}

fn header(token: &str) -> Result<Header, IdTokenError> {
    use base64::Engine;
    let malformed = |reason: &str| IdTokenError::Malformed(reason.to_owned());
    if token.split('.').count() != 3 {
        return Err(malformed("it has not three parts"));
    }
    let first = token.split('.').next().unwrap_or_default();
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let bytes = engine
        .decode(first)
        .map_err(|_| malformed("its header is not base64"))?;
    serde_json::from_slice(&bytes).map_err(|_| malformed("its header is not JSON"))
}

/// What somebody sent, as it may stand in a message.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// GitLab writes numbers as text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Number(u64),
        Text(String),
    }
    match Number::deserialize(deserializer)? {
        Number::Number(number) => Ok(number),
        Number::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

/// GitLab writes truth as text; anything but `true` is false.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value == "true" || value == true)
}
