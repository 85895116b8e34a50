//! Users, the members of a project, and what they did.

use serde::{Deserialize, Serialize};

use crate::Slug;

/// What a member of a project may do, each more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Read.
    Viewer,
    /// Push versions and ask for deploys; what a deploy may do, the cluster decides.
    Developer,
    /// Change environments, sets and members.
    Owner,
}

/// A member of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The name of the user.
    pub user: String,
    /// What they may do.
    pub role: Role,
}

/// `PUT /api/projects/{project}/members/{user}`: makes a user a member, or changes their role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutMember {
    /// What they may do.
    pub role: Role,
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserAccount {
    /// The name shown in pages and logs, and sent to clusters as the user.
    pub name: String,
    /// Whether the person may register clusters, and add projects and users.
    pub admin: bool,
    /// When the user was added.
    pub created_at: String,
}

/// `POST /api/users`: adds a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewUser {
    /// The name shown in pages and logs, and sent to clusters as the user: 1 to 100 letters,
    /// digits, `-`, `_`, `.` and `@`.
    pub name: String,
    /// Whether the person may register clusters, and add projects and users.
    #[serde(default)]
    pub admin: bool,
}

/// `PUT /api/users/{user}`: changes what a user may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutUser {
    /// Whether the person may register clusters, and add projects and users.
    pub admin: bool,
}

/// A link that signs a user in once. The answer is the only time that it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInLink {
    /// The user.
    pub user: String,
    /// What follows the address of the server: `/login?token=…`.
    pub path: String,
    /// When it stops working.
    pub expires_at: String,
}

/// What somebody did, or was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Act {
    /// Names it; later ones have larger ids.
    pub id: String,
    /// When it was answered.
    pub at: String,
    /// Who asked; absent where nobody was signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// By what the person is known: `session`, or `token` and its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// The address that the request came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The method of the request.
    pub method: String,
    /// The path of the request, without parameters.
    pub path: String,
    /// The status that it was answered with: from 400 on it was not done.
    pub status: u16,
    /// What the path does not say, such as the version and options of a deploy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The project that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<Slug>,
}
