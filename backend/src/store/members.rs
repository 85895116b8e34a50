//! Who belongs to a project.

use api_types::{Member, Role, Slug};
use async_trait::async_trait;

use crate::store::StoreError;

/// Who belongs to a project, and as what. A project always has an owner.
#[async_trait]
pub trait Members: Send + Sync + 'static {
    /// Returns what `user` may do in a project; `None` if they are no member.
    async fn role(&self, project: &Slug, user: &str) -> Result<Option<Role>, StoreError>;

    /// Lists the members of a project by name.
    async fn members(&self, project: &Slug) -> Result<Vec<Member>, StoreError>;

    /// Makes `user` a member of a project, or changes their role.
    ///
    /// # Errors
    ///
    /// [`StoreError::LastOwner`] if nobody would own the project.
    async fn put_member(&self, project: &Slug, user: &str, role: Role) -> Result<(), StoreError>;

    /// Ends a membership.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if `user` is no member, [`StoreError::LastOwner`] if nobody would
    /// own the project.
    async fn remove_member(&self, project: &Slug, user: &str) -> Result<(), StoreError>;
}
