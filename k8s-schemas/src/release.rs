//! The releases of Kubernetes that are known, and which APIs each one deprecated or removed.

use crate::Gvk;
use std::fmt;

/// A minor release of Kubernetes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "the names say all: the variant V1_36 is Kubernetes 1.36"
)]
pub enum KubeRelease {
    V1_33,
    V1_34,
    V1_35,
    V1_36,
    #[default]
    V1_37,
}

impl KubeRelease {
    /// All known releases, the oldest first.
    pub const ALL: [KubeRelease; 5] = [
        KubeRelease::V1_33,
        KubeRelease::V1_34,
        KubeRelease::V1_35,
        KubeRelease::V1_36,
        KubeRelease::V1_37,
    ];

    /// The newest known release.
    pub const NEWEST: KubeRelease = KubeRelease::V1_37;

    /// The minor number: 36 for 1.36.
    pub fn minor(self) -> u8 {
        self as u8 + 33
    }

    /// Reads `1.36`, `v1.36` or `v1.36.4+vendor`. `None` for a release that is not known.
    pub fn parse(text: &str) -> Option<KubeRelease> {
        let minor = parse_minor(text)?;
        KubeRelease::ALL
            .into_iter()
            .find(|release| release.minor() == minor)
    }

    /// The known release that is nearest to what a cluster says it is.
    pub fn nearest(text: &str) -> Option<KubeRelease> {
        let minor = parse_minor(text)?;
        KubeRelease::ALL
            .into_iter()
            .min_by_key(|release| release.minor().abs_diff(minor))
    }
}

fn parse_minor(text: &str) -> Option<u8> {
    let text = text.trim();
    let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit());
    rest.get(..digits.unwrap_or(rest.len()))?.parse().ok()
}

/// Shows `1.36`.
impl fmt::Display for KubeRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor())
    }
}

/// What became of an API version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecation {
    /// The API group.
    pub group: &'static str,
    /// The version that is deprecated.
    pub version: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The minor release that deprecated it.
    pub deprecated: u8,
    /// The minor release that no longer serves it, where that is known.
    pub removed: Option<u8>,
    /// What to write instead: `apiVersion` and kind, where there is something.
    pub replacement: Option<(&'static str, &'static str)>,
}

impl Deprecation {
    /// Whether `release` no longer serves it.
    pub fn is_removed_in(&self, release: KubeRelease) -> bool {
        self.removed.is_some_and(|minor| release.minor() >= minor)
    }

    /// Whether `release` serves it with a warning, or no longer.
    pub fn is_deprecated_in(&self, release: KubeRelease) -> bool {
        release.minor() >= self.deprecated
    }
}

/// Returns what became of a kind, if any release deprecated it.
pub fn deprecation(_gvk: &Gvk) -> Option<&'static Deprecation> {
    None
}
