//! Who is calling: secrets, and the two ways in which a request carries one.
//!
//! A browser sends a session in a cookie, everything else a token in `Authorization`. Of either
//! only the hash is stored, so that a copy of the database signs nobody in. A job of a pipeline
//! shows the ID token that GitLab gave it, and is given a token of its own for as long.

mod id_token;
mod trust;

use std::slice;

use api_types::{Scope, Slug};
use axum::http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::store::{PipelineJob, SecretHash, Store, StoreError, User};

pub use id_token::{Claims, IdTokenError, IdTokens};
pub use trust::{check_rule, session_of};

/// The cookie of a session.
pub const SESSION_COOKIE: &str = "kun_session";
/// How long a person stays signed in.
pub const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a printed sign-in link works.
pub const LOGIN_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// What every token starts with, so that scanners of leaked secrets know it.
pub const TOKEN_PREFIX: &str = "kun_";
/// What the secret of a pipeline's session starts with.
pub const PIPELINE_PREFIX: &str = "kun_ci_";
/// What the users begin with that clusters are asked to act as for pipelines.
const PIPELINE_USER: &str = "ci@";

/// A secret that somebody is given once. It shows itself in no debug output.
pub struct Secret(String);

impl Secret {
    /// Makes a secret of 256 random bits.
    pub fn random(prefix: &str) -> Self {
        use base64::Engine;
        let bytes: [u8; 32] = rand::random();
        let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        Self(format!("{prefix}{}", engine.encode(bytes)))
    }

    /// A secret as somebody sent it.
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret itself, to be handed out.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored of it. It is looked up by an index, and nothing is learnt of a random
    /// 256-bit value from how long that takes.
    pub fn hash(&self) -> SecretHash {
        use std::fmt::Write;
        let digest = Sha256::digest(self.0.as_bytes());
        let mut text = String::with_capacity(2 * digest.len());
        for byte in digest {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        SecretHash(text)
    }
}

/// What a request carries.
pub enum Credential {
    Session(Secret),
    Token(Secret),
}

impl Credential {
    /// Reads the credential of a request. A token goes before a cookie.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            return scheme
                .eq_ignore_ascii_case("bearer")
                .then(|| Self::Token(Secret::given(token.trim())));
        }
        session_cookie(headers).map(Self::Session)
    }

    /// What is stored of it.
    pub fn hash(&self) -> SecretHash {
        let (Self::Session(secret) | Self::Token(secret)) = self;
        secret.hash()
    }

    /// Returns whose it is; `None` if it is unknown or has expired.
    pub async fn caller(
        &self,
        store: &dyn Store,
        now: Timestamp,
    ) -> Result<Option<Caller>, StoreError> {
        match self {
            Self::Session(secret) => {
                let user = store.session(&secret.hash(), now).await?;
                Ok(user.map(Caller::person))
            }
            Self::Token(secret) if secret.0.starts_with(PIPELINE_PREFIX) => {
                let job = store.pipeline_session(&secret.hash(), now).await?;
                Ok(job.map(Caller::of_pipeline))
            }
            Self::Token(secret) => {
                let token = store.use_token(&secret.hash(), now).await?;
                Ok(token.map(|token| Caller {
                    user: token.user,
                    via: format!("token {}", token.id),
                    access: token.scope.map_or(Access::All, Access::Limited),
                }))
            }
        }
    }
}

/// Who is calling.
#[derive(Debug, Clone)]
pub struct Caller {
    pub user: User,
    /// By what they are known: `session`, `token` and its id, or `pipeline` and the job.
    pub via: String,
    pub access: Access,
}

/// What somebody wants to do in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act<'a> {
    /// Look.
    Read,
    /// Push a version.
    Push,
    /// Deploy, or stop a deploy: to this environment, or to one that is not known yet.
    Deploy(Option<&'a Slug>),
    /// Change anything else, which no limited token may.
    Change,
}

/// What of their rights a caller may use.
#[derive(Debug, Clone)]
pub enum Access {
    /// A person, or a token that may do all that its owner may.
    All,
    /// A token that may do less.
    Limited(Scope),
    /// A job of a pipeline, which has no rights but these.
    Pipeline(Box<PipelineJob>),
}

impl Caller {
    /// A person with all that they may do.
    pub fn person(user: User) -> Self {
        Self {
            user,
            via: "session".to_owned(),
            access: Access::All,
        }
    }

    fn of_pipeline(job: PipelineJob) -> Self {
        Self {
            user: User {
                name: pipeline_user(&job.project),
                admin: false,
            },
            via: format!("pipeline {}", job.about),
            access: Access::Pipeline(Box::new(job)),
        }
    }

    /// What the caller is limited to, if they are: what any of these allows.
    pub fn limits(&self) -> Option<&[Scope]> {
        match &self.access {
            Access::All => None,
            Access::Limited(scope) => Some(slice::from_ref(scope)),
            Access::Pipeline(job) => Some(&job.scopes),
        }
    }

    /// Whether the caller's token allows `act` in a project, and in one set of it if one is named.
    /// What the person behind it may do is another question.
    pub fn is_within(&self, project: &Slug, set: Option<&Slug>, act: Act<'_>) -> bool {
        let Some(limits) = self.limits() else {
            return true;
        };
        let mut scopes = limits.iter().filter(|scope| scope.project == *project);
        scopes.any(|scope| {
            let in_set = set.is_none_or(|set| scope.has_set(set));
            match act {
                Act::Read => true,
                Act::Push => in_set && scope.push,
                Act::Deploy(None) => in_set && !scope.deploy_to.is_empty(),
                Act::Deploy(Some(place)) => in_set && scope.deploy_to.contains(place),
                Act::Change => false,
            }
        })
    }

    /// The job, if a pipeline is calling.
    pub fn pipeline(&self) -> Option<&PipelineJob> {
        match &self.access {
            Access::All | Access::Limited(_) => None,
            Access::Pipeline(job) => Some(job),
        }
    }
}

/// The user that clusters are asked to act as for the pipelines of a project.
pub fn pipeline_user(project: &Slug) -> String {
    format!("{PIPELINE_USER}{project}")
}

/// Fails unless clusters take the name in a header, and pages show it as it is.
///
/// # Errors
///
/// What is allowed, as a sentence.
pub fn check_user_name(name: &str) -> Result<(), &'static str> {
    if name.starts_with(PIPELINE_USER) {
        return Err("names that begin with `ci@` are those of pipelines");
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    if (1..=100).contains(&name.len()) && name.chars().all(plain) {
        return Ok(());
    }
    Err("use 1 to 100 letters, digits, `-`, `_`, `.` and `@`")
}

fn session_cookie(headers: &HeaderMap) -> Option<Secret> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, value)| Secret::given(value))
}

/// Makes a one-time token for a sign-in link.
pub async fn new_login_token(
    store: &dyn Store,
    user: &str,
    now: Timestamp,
) -> Result<Secret, StoreError> {
    let secret = Secret::random("");
    store
        .add_login_token(&secret.hash(), user, now + LOGIN_LIFETIME)
        .await?;
    Ok(secret)
}

/// Uses a sign-in token up and begins a session; `None` if the token is of no use any more.
pub async fn sign_in(
    store: &dyn Store,
    token: &Secret,
    now: Timestamp,
) -> Result<Option<(User, Secret)>, StoreError> {
    let Some(user) = store.take_login_token(&token.hash(), now).await? else {
        return Ok(None);
    };
    let session = Secret::random("");
    store
        .add_session(&session.hash(), &user.name, now, now + SESSION_LIFETIME)
        .await?;
    Ok(Some((user, session)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_goes_before_cookie() {
        let headers = headers(&[
            ("authorization", "bearer  kun_abc"),
            ("cookie", "kun_session=s"),
        ]);
        assert_eq!(shown(Credential::of(&headers)), "token kun_abc");
    }

    #[test]
    fn session_is_found_among_other_cookies() {
        let headers = headers(&[("cookie", "a=1; kun_session=s=1; b=2")]);
        assert_eq!(shown(Credential::of(&headers)), "session s=1");
    }

    #[test]
    fn other_schemes_are_nobody() {
        for value in ["Basic YTpi", "kun_abc", "", "Bearer"] {
            assert_eq!(
                shown(Credential::of(&headers(&[("authorization", value)]))),
                "nobody"
            );
        }
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let [one, other] = [Secret::random("kun_"), Secret::random("kun_")];
        assert_eq!(one.reveal().len(), 4 + 43);
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(one.hash(), Secret::given(one.reveal()).hash());
        assert_eq!(Secret::given("abc").hash().0.len(), 64);
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = axum::http::HeaderName::from_static(name);
            (name, axum::http::HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    fn shown(credential: Option<Credential>) -> String {
        match credential {
            Some(Credential::Session(secret)) => format!("session {}", secret.reveal()),
            Some(Credential::Token(secret)) => format!("token {}", secret.reveal()),
            None => "nobody".to_owned(),
        }
    }
}
