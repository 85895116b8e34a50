//! Paths of the Kubernetes API. Every name is encoded, so none can leave its place.

use std::fmt::Write as _;

use crate::cluster::{Query, Resource, Target};

/// The path of one object.
pub(super) fn object(target: &Target) -> String {
    let collection = collection(&target.resource, target.namespace.as_deref());
    format!("{collection}/{}", encode(&target.name))
}

/// The path of all objects of a kind, in one namespace or in all.
pub(super) fn collection(resource: &Resource, namespace: Option<&str>) -> String {
    let root = group_version(&resource.api_version);
    let plural = encode(&resource.plural);
    match namespace.filter(|_| resource.namespaced) {
        Some(namespace) => format!("{root}/namespaces/{}/{plural}", encode(namespace)),
        None => format!("{root}/{plural}"),
    }
}

/// The path below which a version of a group is served.
pub(super) fn group_version(api_version: &str) -> String {
    match api_version.split_once('/') {
        Some((group, version)) => format!("/apis/{}/{}", encode(group), encode(version)),
        None => format!("/api/{}", encode(api_version)),
    }
}

/// The path and parameters of a list.
pub(super) fn list(query: &Query) -> String {
    let path = collection(&query.resource, query.namespace.as_deref());
    with_parameters(
        &path,
        &[
            ("labelSelector", &query.labels),
            ("fieldSelector", &query.fields),
        ],
    )
}

/// A path with those parameters that have a value.
pub(super) fn with_parameters(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<_> = given
        .map(|(key, value)| format!("{key}={}", encode(value)))
        .collect();
    let separator = match (pairs.is_empty(), path.contains('?')) {
        (true, _) => "",
        (false, true) => "&",
        (false, false) => "?",
    };
    format!("{path}{separator}{}", pairs.join("&"))
}

/// Percent-encodes all but the unreserved characters of RFC 3986 and `:`, which names of roles
/// hold.
pub(super) fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut acc, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            acc.push(char::from(byte));
        } else {
            let _ = write!(acc, "%{byte:02X}");
        }
        acc
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_place() {
        check(
            "v1",
            Some("a"),
            "../../secrets/x",
            "/api/v1/namespaces/a/things/..%2F..%2Fsecrets%2Fx",
        );
        check(
            "apps/v1",
            Some("a b"),
            "x?y=1",
            "/apis/apps/v1/namespaces/a%20b/things/x%3Fy%3D1",
        );
        check(
            "rbac.authorization.k8s.io/v1",
            None,
            "system:node",
            "/apis/rbac.authorization.k8s.io/v1/things/system:node",
        );
    }

    #[test]
    fn only_given_parameters_are_sent() {
        assert_eq!(with_parameters("/x", &[("a", ""), ("b", "")]), "/x");
        assert_eq!(
            with_parameters("/x?w=1", &[("a", "k=v"), ("b", "")]),
            "/x?w=1&a=k%3Dv"
        );
    }

    #[track_caller]
    fn check(api_version: &str, namespace: Option<&str>, name: &str, expected: &str) {
        let target = Target {
            resource: Resource {
                api_version: api_version.to_owned(),
                kind: "Thing".to_owned(),
                plural: "things".to_owned(),
                namespaced: namespace.is_some(),
            },
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        };
        assert_eq!(object(&target), expected);
    }
}
