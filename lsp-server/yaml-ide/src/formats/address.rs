//! Addresses and address ranges.

use std::net::IpAddr;

/// Whether `text` is an IPv4 or IPv6 address.
pub(crate) fn is_ip(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// Whether an address means the machine itself, its own link, or nothing.
pub(crate) fn is_special(text: &str) -> bool {
    match text.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(ip)) => {
            ip.is_unspecified() || ip.is_loopback() || ip.is_link_local()
        }
        Ok(std::net::IpAddr::V6(ip)) => {
            ip.is_unspecified() || ip.is_loopback() || ip.is_unicast_link_local()
        }
        Err(_) => false,
    }
}

/// Whether `text` is an address range such as `10.0.0.0/8`.
pub(crate) fn is_cidr(text: &str) -> bool {
    cidr(text).is_some()
}

/// Address and length of a range.
fn cidr(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let plain = !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit());
    let length: u8 = plain.then(|| length.parse().ok())??;
    let limit = if address.is_ipv4() { 32 } else { 128 };
    (length <= limit).then_some((address, length))
}

/// Whether all of `inner` lies in `outer`; `None` where one of them is no range.
pub(crate) fn contains(outer: &str, inner: &str) -> Option<bool> {
    let (outer, outer_length) = cidr(outer)?;
    let (inner, inner_length) = cidr(inner)?;
    if outer.is_ipv4() != inner.is_ipv4() || inner_length < outer_length {
        return Some(false);
    }
    let width = if outer.is_ipv4() { 32 } else { 128 };
    let drop = u32::from(width - outer_length);
    let network = |address: IpAddr| match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()).checked_shr(drop).unwrap_or(0),
        IpAddr::V6(v6) => v6.to_bits().checked_shr(drop).unwrap_or(0),
    };
    Some(network(outer) == network(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_ranges() {
        assert!(is_ip("10.0.0.1") && is_ip("::1") && !is_ip("10.0.0.256") && !is_ip("host"));
        assert!(is_cidr("10.0.0.0/8") && is_cidr("fd00::/8") && is_cidr("0.0.0.0/0"));
        assert!(!is_cidr("10.0.0.0") && !is_cidr("10.0.0.0/33") && !is_cidr("10.0.0.0/+8"));
        assert_eq!(contains("10.0.0.0/8", "10.1.0.0/16"), Some(true));
        assert_eq!(contains("10.0.0.0/8", "11.0.0.0/16"), Some(false));
        assert_eq!(contains("0.0.0.0/0", "11.0.0.0/16"), Some(true));
        assert_eq!(contains("10.1.0.0/16", "10.0.0.0/8"), Some(false));
    }
}
