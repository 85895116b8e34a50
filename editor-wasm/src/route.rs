//! The addresses of pages: parsed and printed, so that every page can be linked to.

use std::fmt;

/// A page, with what its address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/`
    Home,
    /// `/p/{project}`
    Project { project: String },
    /// `/p/{project}/{set}`
    Set { project: String, set: String },
    /// `/p/{project}/{set}/{version}`, with a file and a line as `?file=…&line=…`.
    Version {
        project: String,
        set: String,
        version: String,
        file: Option<String>,
        /// From 1 on.
        line: Option<u32>,
        /// What the deploy panel asks for.
        wish: Option<Wish>,
    },
    /// `/p/{project}/{set}/{from}...{to}`
    Compare {
        project: String,
        set: String,
        from: String,
        to: String,
    },
    /// `/deploys/{id}`
    Deploy { id: String },
    /// `/account`
    Account,
    /// `/admin`
    Admin,
    /// Anything else.
    Unknown,
}

/// A deploy that an address asks to look at, as `?environment=…`, and `&prune=true` to go back to an
/// older version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) environment: String,
    pub(crate) prune: bool,
}

/// The modules that a browser loads apart from each other: one needs only the first to edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Module {
    /// The editor with what serves it.
    Workbench,
    /// All other pages.
    Pages,
}

impl Route {
    /// The module that shows the page. `web/page/boot.js` decides the same before it loads one.
    pub(crate) fn module(&self) -> Module {
        match self {
            Self::Version { .. } => Module::Workbench,
            Self::Home
            | Self::Project { .. }
            | Self::Set { .. }
            | Self::Compare { .. }
            | Self::Deploy { .. }
            | Self::Account
            | Self::Admin
            | Self::Unknown => Module::Pages,
        }
    }

    /// The editor of a version.
    pub(crate) fn version(
        project: impl Into<String>,
        set: impl Into<String>,
        version: impl Into<String>,
    ) -> Self {
        Self::Version {
            project: project.into(),
            set: set.into(),
            version: version.into(),
            file: None,
            line: None,
            wish: None,
        }
    }

    /// The editor of a version with the question of deploying it to an environment.
    pub(crate) fn deploy_of(
        project: impl Into<String>,
        set: impl Into<String>,
        version: impl Into<String>,
        wished: Wish,
    ) -> Self {
        let mut route = Self::version(project, set, version);
        if let Self::Version { wish, .. } = &mut route {
            *wish = Some(wished);
        }
        route
    }

    /// Reads the path and the query of an address.
    pub(crate) fn parse(path: &str, query: &str) -> Self {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let mut next = || segments.next().map(decode);
        let route = match next().as_deref() {
            None => Self::Home,
            Some("account") => Self::Account,
            Some("admin") => Self::Admin,
            Some("deploys") => match next() {
                Some(id) => Self::Deploy { id },
                None => Self::Unknown,
            },
            Some("p") => match (next(), next(), next()) {
                (Some(project), None, _) => Self::Project { project },
                (Some(project), Some(set), None) => Self::Set { project, set },
                (Some(project), Some(set), Some(version)) => {
                    Self::of_version(project, set, &version, query)
                }
                (None, ..) => Self::Unknown,
            },
            Some(_) => Self::Unknown,
        };
        if next().is_some() {
            return Self::Unknown;
        }
        route
    }

    fn of_version(project: String, set: String, version: &str, query: &str) -> Self {
        // A version name holds no two dots in a row, so this cannot be a name.
        if let Some((from, to)) = version.split_once("...") {
            let (from, to) = (from.to_owned(), to.to_owned());
            return Self::Compare {
                project,
                set,
                from,
                to,
            };
        }
        Self::Version {
            project,
            set,
            version: version.to_owned(),
            file: parameter(query, "file"),
            line: parameter(query, "line").and_then(|line| line.parse().ok()),
            wish: parameter(query, "environment").map(|environment| Wish {
                environment,
                prune: parameter(query, "prune").is_some_and(|it| it == "true"),
            }),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home | Self::Unknown => f.write_str("/"),
            Self::Account => f.write_str("/account"),
            Self::Admin => f.write_str("/admin"),
            Self::Project { project } => write!(f, "/p/{}", encode(project)),
            Self::Set { project, set } => write!(f, "/p/{}/{}", encode(project), encode(set)),
            Self::Version {
                project,
                set,
                version,
                file,
                line,
                wish,
            } => {
                let [project, set, version] = [project, set, version].map(|it| encode(it));
                write!(f, "/p/{project}/{set}/{version}")?;
                let file = file.as_ref().map(|it| format!("file={}", encode(it)));
                let line = line.map(|it| format!("line={it}"));
                let environment = wish
                    .as_ref()
                    .map(|it| format!("environment={}", encode(&it.environment)));
                let prune = wish.as_ref().filter(|it| it.prune);
                let prune = prune.map(|_| "prune=true".to_owned());
                let parameters = [file, line, environment, prune].into_iter().flatten();
                for (idx, parameter) in parameters.enumerate() {
                    let separator = if idx == 0 { '?' } else { '&' };
                    write!(f, "{separator}{parameter}")?;
                }
                Ok(())
            }
            Self::Compare {
                project,
                set,
                from,
                to,
            } => {
                write!(f, "/p/{}/{}/", encode(project), encode(set))?;
                write!(f, "{}...{}", encode(from), encode(to))
            }
            Self::Deploy { id } => write!(f, "/deploys/{}", encode(id)),
        }
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(byte.into());
        } else {
            encoded.push('%');
            encoded.extend([byte >> 4, byte & 15].map(hex_digit));
        }
    }
    encoded
}

fn hex_digit(value: u8) -> char {
    char::from_digit(value.into(), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

/// The text that was percent-encoded.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = (byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(hex.unwrap_or(byte));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn parameter(query: &str, name: &str) -> Option<String> {
    query
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| decode(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, route: &Route) {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        assert_eq!(Route::parse(path, query), *route);
        assert_eq!(route.to_string(), address);
    }

    #[test]
    fn every_page_has_an_address() {
        let (project, set) = ("shop".to_owned(), "web".to_owned());
        let (from, to) = ("v1".to_owned(), "v1.2".to_owned());
        check("/", &Route::Home);
        check("/account", &Route::Account);
        check("/admin", &Route::Admin);
        check(
            "/p/shop",
            &Route::Project {
                project: project.clone(),
            },
        );
        check(
            "/deploys/42",
            &Route::Deploy {
                id: "42".to_owned(),
            },
        );
        check(
            "/p/shop/web",
            &Route::Set {
                project: project.clone(),
                set: set.clone(),
            },
        );
        check(
            "/p/shop/web/v1...v1.2",
            &Route::Compare {
                project: project.clone(),
                set: set.clone(),
                from,
                to,
            },
        );
        check(
            "/p/shop/web/v1.2?file=a%2Fb%20%C3%A9.yaml&line=7",
            &Route::Version {
                project: project.clone(),
                set: set.clone(),
                version: "v1.2".to_owned(),
                file: Some("a/b é.yaml".to_owned()),
                line: Some(7),
                wish: None,
            },
        );
        let wish = Wish {
            environment: "prod".to_owned(),
            prune: true,
        };
        check(
            "/p/shop/web/v1?environment=prod&prune=true",
            &Route::deploy_of(project, set, "v1", wish),
        );
    }

    #[test]
    fn what_is_no_page_is_unknown() {
        for path in ["/p", "/x", "/p/a/b/c/d", "/deploys"] {
            assert_eq!(Route::parse(path, ""), Route::Unknown, "{path}");
        }
    }

    #[test]
    fn a_broken_escape_is_taken_as_it_stands() {
        let route = Route::parse("/p/100%", "");
        assert_eq!(
            route,
            Route::Project {
                project: "100%".to_owned()
            }
        );
    }
}
