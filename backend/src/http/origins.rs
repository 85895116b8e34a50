//! Pages of other sites that may use the API with a token: editors in a browser, such as VS Code
//! for the Web. They never act with a person's cookie.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, Uri, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember what is allowed.
const REMEMBERED: Duration = Duration::from_hours(1);

/// Which sites may ask: `https://ide.example.com`, or `https://*.example.com` for all below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedOrigin {
    scheme: String,
    /// Whether any site below `host` is meant, and not the host itself.
    below: bool,
    /// With the port, if it is not that of the scheme.
    host: String,
}

impl AllowedOrigin {
    fn allows(&self, origin: &str) -> bool {
        let Some((scheme, host)) = origin.split_once("://") else {
            return false;
        };
        let meant = if self.below {
            let above = host.strip_suffix(&self.host);
            above.is_some_and(|labels| labels.len() > 1 && labels.ends_with('.'))
        } else {
            host == self.host
        };
        scheme == self.scheme && meant
    }
}

impl FromStr for AllowedOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            let example =
                "give `https://ide.example.com`, or `https://*.example.com` for all below it";
            format!("`{text}` names no site: {example}")
        };
        let (scheme, named) = text.split_once("://").ok_or_else(expected)?;
        let host = named.strip_prefix("*.").unwrap_or(named);
        let uri: Uri = format!("{scheme}://{host}")
            .parse()
            .map_err(|_| expected())?;
        let is_web = matches!(scheme, "https" | "http");
        let is_origin = uri.authority().is_some_and(|it| it.as_str() == host);
        // A browser writes hosts in small letters.
        let is_plain = !host.contains(['*', '@']) && host == host.to_ascii_lowercase();
        let below = host != named;
        // All of `*.com` is nobody's site.
        let is_narrow = !below || host.contains('.');
        if !(is_web && is_origin && is_plain && is_narrow) {
            return Err(expected());
        }
        Ok(Self {
            scheme: scheme.to_owned(),
            below,
            host: host.to_owned(),
        })
    }
}

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let below = if self.below { "*." } else { "" };
        write!(f, "{}://{below}{}", self.scheme, self.host)
    }
}

/// Whether the site of an `Origin` header is among `allowed`.
pub(super) fn allows(allowed: &[AllowedOrigin], origin: &str) -> bool {
    allowed.iter().any(|it| it.allows(origin))
}

/// Tells browsers which sites may ask, and with what. Credentials are not allowed: a browser then
/// sends no cookie, and a page has the rights of the token that a person gave it.
pub(super) fn layer(allowed: &[AllowedOrigin]) -> CorsLayer {
    let allowed = allowed.to_vec();
    let may = move |origin: &HeaderValue, _: &_| {
        let origin = origin.to_str();
        origin.is_ok_and(|origin| allows(&allowed, origin))
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(may))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([header::ETAG, header::RETRY_AFTER])
        .max_age(REMEMBERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_itself_alone() {
        check("https://ide.example.com", "https://ide.example.com", true);
        check("http://localhost:3000", "http://localhost:3000", true);
        for other in [
            "http://ide.example.com",
            "https://ide.example.com:8443",
            "https://www.ide.example.com",
            "https://ide.example.com.evil.org",
            "null",
            "",
        ] {
            check("https://ide.example.com", other, false);
        }
    }

    #[test]
    fn a_star_stands_for_the_sites_below() {
        check("https://*.example.com", "https://a.example.com", true);
        check("https://*.example.com", "https://a.b.example.com", true);
        for other in [
            "https://example.com",
            "https://.example.com",
            "https://evilexample.com",
            "https://a.example.com.evil.org",
            "http://a.example.com",
        ] {
            check("https://*.example.com", other, false);
        }
    }

    #[test]
    fn what_names_no_site_is_refused() {
        for text in [
            "*",
            "null",
            "ide.example.com",
            "https://*",
            "https://*.com",
            "https://a.*.com",
            "https://ide.example.com/",
            "https://IDE.example.com",
            "https://me@ide.example.com",
            "ftp://ide.example.com",
        ] {
            assert!(text.parse::<AllowedOrigin>().is_err(), "{text}");
        }
    }

    #[track_caller]
    fn check(allowed: &str, origin: &str, expected: bool) {
        let site: AllowedOrigin = allowed.parse().unwrap();
        assert_eq!(site.to_string(), allowed);
        assert_eq!(allows(&[site], origin), expected, "{allowed} {origin}");
    }
}
