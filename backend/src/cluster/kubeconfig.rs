//! Which kubeconfigs are taken from the API: only those that hold all they need, since a plugin or
//! a file in one would be run or read by the server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::Uri;
use kube::config::{AuthInfo, Cluster, Kubeconfig};

use crate::cluster::ClusterError;

/// Reads a kubeconfig that somebody sent. Refuses whatever would let it reach into the server.
pub(super) fn of_stranger(text: &str, context: Option<&str>) -> Result<Kubeconfig, ClusterError> {
    let config = Kubeconfig::from_yaml(text).map_err(|error| refused(error.to_string()))?;
    let name = context
        .map(str::to_owned)
        .or_else(|| config.current_context.clone())
        .ok_or_else(|| refused("it names no current context"))?;
    let chosen = config
        .contexts
        .iter()
        .find(|it| it.name == name)
        .and_then(|it| it.context.clone())
        .ok_or_else(|| refused(format!("it has no context `{name}`")))?;
    for cluster in config
        .clusters
        .iter()
        .filter(|it| it.name == chosen.cluster)
    {
        if let Some(cluster) = &cluster.cluster {
            check_cluster(cluster)?;
        }
    }
    let users = config.auth_infos.iter();
    for user in users.filter(|it| Some(&it.name) == chosen.user.as_ref()) {
        if let Some(user) = &user.auth_info {
            check_user(user)?;
        }
    }
    Ok(config)
}

/// The address of the API server that a context names.
pub(super) fn server(config: &Kubeconfig, context: Option<&str>) -> Option<String> {
    let name = context.or(config.current_context.as_deref())?;
    let context = config
        .contexts
        .iter()
        .find(|it| it.name == name)?
        .context
        .as_ref()?;
    let cluster = config
        .clusters
        .iter()
        .find(|it| it.name == context.cluster)?;
    cluster.cluster.as_ref()?.server.clone()
}

fn check_cluster(cluster: &Cluster) -> Result<(), ClusterError> {
    let server = cluster.server.as_deref().unwrap_or_default();
    if !server.starts_with("https://") {
        return Err(refused("the server's address must begin with `https://`"));
    }
    if !is_reachable_for_strangers(server) {
        return Err(refused(format!(
            "`{server}` is an address of this machine or of its own network link: \
             name the cluster as the whole network knows it"
        )));
    }
    if cluster.insecure_skip_tls_verify == Some(true) {
        return Err(refused(
            "`insecure-skip-tls-verify` is not allowed: give the authority's certificate",
        ));
    }
    if cluster.certificate_authority.is_some() {
        return Err(refused(
            "`certificate-authority` names a file: use `certificate-authority-data`",
        ));
    }
    if cluster.proxy_url.is_some() {
        return Err(refused("`proxy-url` is not allowed"));
    }
    Ok(())
}

/// Whether an address is none that only KUN's own machine can reach: its own services and the
/// metadata service of its cloud trust whoever asks from there.
fn is_reachable_for_strangers(server: &str) -> bool {
    let Ok(uri) = server.parse::<Uri>() else {
        return false;
    };
    let Some(host) = uri.host() else {
        return false;
    };
    let host = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .trim_end_matches('.');
    let name = host.to_ascii_lowercase();
    if name == "localhost" || name.ends_with(".localhost") {
        return false;
    }
    match host.parse::<IpAddr>() {
        Ok(ip) => is_open(ip),
        // A name; digits only would be an address in an old notation.
        Err(_) => name.bytes().any(|byte| byte.is_ascii_alphabetic()) && !name.starts_with("0x"),
    }
}

/// Fails if the name of a server leads to this machine itself. A name that leads nowhere is left to
/// the connection, which says so better.
pub(super) async fn check_resolved(server: &str) -> Result<(), ClusterError> {
    let uri: Uri = server.parse().unwrap_or_default();
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let found = tokio::net::lookup_host((host, uri.port_u16().unwrap_or(443))).await;
    let Ok(mut addresses) = found else {
        return Ok(());
    };
    match addresses.find(|address| !is_open(address.ip())) {
        Some(address) => Err(refused(format!(
            "`{host}` leads to {}, an address of this machine or of its own network link",
            address.ip()
        ))),
        None => Ok(()),
    }
}

fn is_open(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_open_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_open_v4(ip),
            None => {
                ip != METADATA_V6
                    && !(ip.is_loopback() || ip.is_unspecified() || ip.is_unicast_link_local())
            }
        },
    }
}

/// Metadata services that are not on the link.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
const METADATA_V4: [Ipv4Addr; 2] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
];

fn is_open_v4(ip: Ipv4Addr) -> bool {
    // All of 0.0.0.0/8 is this machine.
    let own = ip.is_loopback() || ip.octets()[0] == 0 || ip.is_link_local() || ip.is_broadcast();
    !own && !METADATA_V4.contains(&ip)
}

fn check_user(user: &AuthInfo) -> Result<(), ClusterError> {
    let forbidden = [
        (
            user.exec.is_some(),
            "`exec` runs a program: use a token or a certificate",
        ),
        (
            user.auth_provider.is_some(),
            "`auth-provider` runs a program: use a token or a certificate",
        ),
        (
            user.token_file.is_some(),
            "`tokenFile` names a file: use `token`",
        ),
        (
            user.client_certificate.is_some(),
            "`client-certificate` names a file: use `client-certificate-data`",
        ),
        (
            user.client_key.is_some(),
            "`client-key` names a file: use `client-key-data`",
        ),
        (
            user.impersonate.is_some()
                || user.impersonate_uid.is_some()
                || user.impersonate_groups.is_some()
                || user.impersonate_user_extra.is_some(),
            "`as` is not allowed: KUN impersonates the person who deploys",
        ),
    ];
    match forbidden.into_iter().find(|(found, _)| *found) {
        Some((_, why)) => Err(refused(why)),
        None => Ok(()),
    }
}

fn refused(why: impl Into<String>) -> ClusterError {
    ClusterError::Kubeconfig(why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_into_the_server_is_refused() {
        let cases = [
            ("server: https://k", "token: t", "ok"),
            (
                "server: http://k",
                "token: t",
                "the server's address must begin with `https://`",
            ),
            (
                "{server: https://k, insecure-skip-tls-verify: true}",
                "token: t",
                "`insecure-skip-tls-verify` is not allowed: give the authority's certificate",
            ),
            (
                "{server: https://k, certificate-authority: /etc/passwd}",
                "token: t",
                "`certificate-authority` names a file: use `certificate-authority-data`",
            ),
            (
                "{server: https://k, proxy-url: http://p}",
                "token: t",
                "`proxy-url` is not allowed",
            ),
            (
                "server: https://k",
                "exec: {command: sh, apiVersion: client.authentication.k8s.io/v1}",
                "`exec` runs a program: use a token or a certificate",
            ),
            (
                "server: https://k",
                "tokenFile: /etc/passwd",
                "`tokenFile` names a file: use `token`",
            ),
            (
                "server: https://k",
                "client-key: /etc/passwd",
                "`client-key` names a file: use `client-key-data`",
            ),
            (
                "server: https://k",
                "as: root",
                "`as` is not allowed: KUN impersonates the person who deploys",
            ),
            (
                "server: https://k",
                "{token: t, as-groups: ['system:masters']}",
                "`as` is not allowed: KUN impersonates the person who deploys",
            ),
            (
                "server: https://k",
                "{token: t, as-user-extra: {scopes: [all]}}",
                "`as` is not allowed: KUN impersonates the person who deploys",
            ),
        ];
        for (cluster, user, expected) in cases {
            let text = kubeconfig(cluster, user);
            let shown = match of_stranger(&text, None) {
                Ok(_) => "ok".to_owned(),
                Err(ClusterError::Kubeconfig(why)) => why,
                Err(other) => other.to_string(),
            };
            assert_eq!(shown, expected, "{cluster} {user}");
        }
    }

    #[test]
    fn addresses_of_the_machine_itself_are_refused() {
        let refused = [
            "https://169.254.169.254",
            "https://127.0.0.1:6443",
            "https://127.1.2.3",
            "https://localhost:6443",
            "https://a.localhost",
            "https://localhost.",
            "https://[::1]",
            "https://[::ffff:127.0.0.1]",
            "https://[fe80::1]",
            "https://0.0.0.0",
            "https://2130706433",
            "https://0x7f000001",
            "https://",
            "https://[::]",
            "https://0.1.2.3",
            "https://[fd00:ec2::254]",
            "https://100.100.100.200",
        ];
        for server in refused {
            assert!(!is_reachable_for_strangers(server), "{server}");
        }
        for server in [
            "https://k8s.example.com:6443",
            "https://10.0.0.1",
            "https://[2001:db8::1]:6443",
            "https://kubernetes.default.svc",
        ] {
            assert!(is_reachable_for_strangers(server), "{server}");
        }
    }

    #[tokio::test]
    async fn names_that_lead_to_the_machine_itself_are_refused() {
        // Resolved by the system without asking anybody.
        let refused = check_resolved("https://localhost:6443").await;
        assert!(refused.is_err(), "{refused:?}");
        assert!(check_resolved("https://10.0.0.1").await.is_ok());
        assert!(check_resolved("https://nowhere.invalid").await.is_ok());
    }

    #[test]
    fn a_missing_context_is_named() {
        let error =
            of_stranger(&kubeconfig("server: https://k", "token: t"), Some("other")).unwrap_err();

        assert_eq!(
            error.to_string(),
            "the kubeconfig cannot be used: it has no context `other`"
        );
    }

    fn kubeconfig(cluster: &str, user: &str) -> String {
        let indent = |text: &str| text.replace('\n', "\n    ");
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts:\n- name: c\n  context: {{cluster: k, user: u}}\nclusters:\n- name: k\n  cluster:\n    {}\nusers:\n- name: u\n  user:\n    {}\n",
            indent(cluster),
            indent(user)
        )
    }
}
