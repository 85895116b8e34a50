//! Group, version and kind: what an object says it is.

use std::fmt;

/// The type of an object, as `apiVersion` and `kind` name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvk {
    /// The API group; empty for the core group.
    pub group: String,
    /// The version within the group, such as `v1beta1`.
    pub version: String,
    /// The kind, such as `Deployment`.
    pub kind: String,
}

impl Gvk {
    /// Names a type by its three parts; the core group is empty.
    pub fn new(group: &str, version: &str, kind: &str) -> Gvk {
        Gvk {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
        }
    }

    /// Reads what stands in a manifest.
    ///
    /// ```
    /// use k8s_schemas::Gvk;
    /// assert_eq!(Gvk::parse("apps/v1", "Deployment"), Some(Gvk::new("apps", "v1", "Deployment")));
    /// assert_eq!(Gvk::parse("v1", "Pod"), Some(Gvk::new("", "v1", "Pod")));
    /// ```
    ///
    /// Returns `None` where a part is empty or there is more than one slash.
    pub fn parse(api_version: &str, kind: &str) -> Option<Gvk> {
        let (group, version) = parse_api_version(api_version)?;
        (!kind.is_empty()).then(|| Gvk::new(group, version, kind))
    }

    /// The value of `apiVersion`: `apps/v1`, or `v1` for the core group.
    pub fn api_version(&self) -> String {
        api_version(&self.group, &self.version)
    }
}

/// Shows `apps/v1 Deployment`.
impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version(), self.kind)
    }
}

/// Splits `apps/v1` into group and version. The group of `v1` is empty.
///
/// Returns `None` where a part is empty or there is more than one slash.
pub fn parse_api_version(text: &str) -> Option<(&str, &str)> {
    let (group, version) = match text.split_once('/') {
        Some(("", _)) => return None,
        Some(parts) => parts,
        None => ("", text),
    };
    (!version.is_empty() && !version.contains('/')).then_some((group, version))
}

/// Joins group and version as `apiVersion` writes them.
pub fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() {
        version.to_owned()
    } else {
        format!("{group}/{version}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_kinds_have_an_empty_group() {
        check("v1", "Pod", "v1 Pod");
    }

    #[test]
    fn named_groups_stand_before_the_slash() {
        check(
            "networking.k8s.io/v1",
            "Ingress",
            "networking.k8s.io/v1 Ingress",
        );
    }

    #[test]
    fn half_typed_versions_are_no_type() {
        check("apps/", "Deployment", "nothing");
        check("/v1", "Deployment", "nothing");
        check("a/b/c", "Deployment", "nothing");
        check("", "Deployment", "nothing");
        check("v1", "", "nothing");
    }

    #[track_caller]
    fn check(api_version: &str, kind: &str, expected: &str) {
        let shown = Gvk::parse(api_version, kind).map(|gvk| gvk.to_string());
        assert_eq!(shown.as_deref().unwrap_or("nothing"), expected);
    }
}
