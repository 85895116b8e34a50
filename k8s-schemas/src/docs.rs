//! Where the official documentation of a definition, a kind or a field stands.

use crate::KubeRelease;

/// The reference of a definition, such as `io.k8s.api.core.v1.Container`, in a release.
///
/// `None` for definitions that the official reference does not hold, such as custom ones.
pub fn definition_url(_release: KubeRelease, _definition: &str) -> Option<String> {
    None
}

/// The page that explains a built-in kind: its group and name.
pub fn concept_url(_group: &str, _kind: &str) -> Option<String> {
    None
}

/// The page that explains a field: the definition that it stands in, and its name.
pub fn field_concept_url(_definition: &str, _field: &str) -> Option<String> {
    None
}
