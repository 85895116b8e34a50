//! Who is calling, and tokens for those who are not at a browser.

use serde::{Deserialize, Serialize};

use crate::Scope;

/// `GET /api/session`: the person who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The name shown in pages and logs, and sent to clusters as the user.
    pub user: String,
    /// Whether the person may register clusters and create projects.
    pub admin: bool,
    /// What the token of the request is limited to, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

/// `POST /api/session`: signs in with a one-time token, as printed at the start of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// The token of the printed link.
    pub token: String,
}

/// `POST /api/tokens`: makes a token for the `kun` command or a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewToken {
    /// What it is for, as its list shows it.
    pub label: String,
    /// Days until it expires; at most 365.
    pub days: u32,
    /// What it is limited to; all that its owner may do if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

/// A token as its list shows it: never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Names the token when it is revoked.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// When it was made.
    pub created_at: String,
    /// When it stops working.
    pub expires_at: String,
    /// When it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<String>,
    /// What it is limited to, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

/// The answer to [`NewToken`]: the only time that the secret is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedToken {
    /// The token as its list will show it.
    pub token: Token,
    /// The secret, to be sent as `Authorization: Bearer …`. It starts with `kun_`.
    pub secret: String,
}
