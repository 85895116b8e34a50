//! Names that stand in URLs, checked once at the edge.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A name that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameError {
    /// What kind of name it is, such as `project name`.
    pub what: &'static str,
    /// The name as it was given, cut to 80 characters.
    pub given: String,
    /// What is allowed.
    pub allowed: &'static str,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            given,
            allowed,
        } = self;
        write!(f, "`{given}` is not a {what}: {allowed}")
    }
}

impl std::error::Error for NameError {}

macro_rules! name_type {
    ($(#[$doc:meta])* $type:ident, $what:literal, $max:literal, $allowed:literal, $inner:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = NameError;

            fn from_str(name: &str) -> Result<Self, NameError> {
                if is_name(name, $max, $inner) {
                    return Ok(Self(name.to_owned()));
                }
                Err(NameError {
                    what: $what,
                    given: name.chars().take(80).collect(),
                    allowed: $allowed,
                })
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;

            fn try_from(name: String) -> Result<Self, NameError> {
                name.parse()
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name_type!(
    /// The name of a project, a resource set, an environment or a cluster: a label of DNS
    /// (RFC 1123), so that it may stand in a URL, a label value and a host name.
    Slug, "name", 63,
    "use 1 to 63 lower-case letters, digits and `-`, with a letter or digit at both ends",
    |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
);

name_type!(
    /// The name of a version, such as `v1.4.2` or `dev-1a2b3c4d`.
    VersionName, "version name", 128,
    "use 1 to 128 letters, digits, `-`, `_` and single `.`, with a letter or digit at both ends",
    |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
);

fn is_name(name: &str, max: usize, inner: impl Fn(u8) -> bool) -> bool {
    let bytes = name.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    bytes.len() <= max
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
        && bytes.iter().all(|&byte| inner(byte))
        && !name.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_their_folder_are_refused() {
        for name in [
            "", ".", "..", "a/b", "../x", "a..b", "-a", "a-", "a%2fb", "é", "a\0",
        ] {
            assert!(name.parse::<VersionName>().is_err(), "{name:?}");
            assert!(name.parse::<Slug>().is_err(), "{name:?}");
        }
        assert!("A".parse::<Slug>().is_err());
        assert!("a.b".parse::<Slug>().is_err());
    }

    #[test]
    fn usual_names_are_taken() {
        for name in ["v1.4.2", "dev-1a2b3c4d", "v1.4.2-edit.1", "V2"] {
            assert_eq!(name.parse::<VersionName>().unwrap().as_str(), name);
        }
        for name in ["shop", "web-2", "a"] {
            assert_eq!(name.parse::<Slug>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn the_message_says_what_is_allowed() {
        let error = "Shop".parse::<Slug>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Shop` is not a name: use 1 to 63 lower-case letters, digits and `-`, \
             with a letter or digit at both ends"
        );
    }
}
