//! Who is calling: secrets, and the two ways in which a request carries one.
//!
//! A browser sends a session in a cookie, everything else a token in `Authorization`. Of either
//! only the hash is stored, so that a copy of the database signs nobody in.

use axum::http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::store::{SecretHash, Store, StoreError, User};

/// The cookie of a session.
pub const SESSION_COOKIE: &str = "kun_session";
/// How long a person stays signed in.
pub const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a printed sign-in link works.
pub const LOGIN_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// What every token starts with, so that scanners of leaked secrets know it.
pub const TOKEN_PREFIX: &str = "kun_";

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
        let (user, via) = match self {
            Self::Session(secret) => {
                let user = store.session(&secret.hash(), now).await?;
                (user, "session".to_owned())
            }
            Self::Token(secret) => match store.use_token(&secret.hash(), now).await? {
                Some((user, id)) => (Some(user), format!("token {id}")),
                None => (None, String::new()),
            },
        };
        Ok(user.map(|user| Caller { user, via }))
    }
}

/// Who is calling.
#[derive(Debug, Clone)]
pub struct Caller {
    pub user: User,
    /// By what they are known: `session`, or `token` and its id.
    pub via: String,
}

/// Fails unless clusters take the name in a header, and pages show it as it is.
///
/// # Errors
///
/// What is allowed, as a sentence.
pub fn check_user_name(name: &str) -> Result<(), &'static str> {
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
