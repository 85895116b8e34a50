//! How often one caller may ask: sign-ins and wrong secrets by address, all else by credential.
//!
//! Counts are those of this process. They keep a guess from being tried often, and one client from
//! taking all the others' time; they are no bill.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::AppState;
use crate::http::error::ApiError;
use crate::identity::Credential;

/// Sign-ins of one address: 50 at once, then one a second.
const SIGN_INS: Rate = Rate::new(50, Duration::from_secs(1));
/// Wrong or expired secrets of one address: 50 at once, then one a second.
const WRONG_SECRETS: Rate = Rate::new(50, Duration::from_secs(1));
/// Requests with one credential: 2,000 at once, then 500 a second.
const REQUESTS: Rate = Rate::new(2_000, Duration::from_millis(2));
/// Callers that are remembered; those who have not asked for a while are forgotten first.
const MOST_CALLERS: usize = 10_000;

/// Where a request comes from, as far as that can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Address(Option<IpAddr>);

impl Address {
    fn of(request: &Request, behind_proxy: bool) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|it| it.0.ip());
        let forwarded = behind_proxy.then(|| forwarded_for(request.headers()));
        Self(forwarded.flatten().or(peer))
    }

    pub(super) fn text(self) -> Option<String> {
        self.0.map(|ip| ip.to_string())
    }

    /// One household or data center has a whole network of IPv6 addresses.
    fn network(self) -> Self {
        let Some(IpAddr::V6(ip)) = self.0 else {
            return self;
        };
        let network = u128::from(ip) >> 64 << 64;
        Self(Some(Ipv6Addr::from(network).into()))
    }
}

/// The last address of `X-Forwarded-For`: the one that our own proxy saw.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = value.to_str().ok()?.rsplit(',').next()?;
    last.trim().parse().ok()
}

/// How often something may be done.
#[derive(Debug, Clone, Copy)]
struct Rate {
    /// At once, by whoever has not asked for a while.
    burst: u32,
    /// The time after which it may be done once more.
    every: Duration,
}

impl Rate {
    const fn new(burst: u32, every: Duration) -> Self {
        Self { burst, every }
    }
}

/// Who asked how often, each as the time at which all is forgiven.
struct Callers<K> {
    rate: Rate,
    free_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Eq + Hash> Callers<K> {
    fn new(rate: Rate) -> Self {
        Self {
            rate,
            free_at: Mutex::default(),
        }
    }

    /// Counts one more.
    ///
    /// # Errors
    ///
    /// How long to wait, if it was one too many; it is then not counted.
    fn count(&self, caller: K, now: Instant) -> Result<(), Duration> {
        let mut all = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_CALLERS {
            all.retain(|_, free_at| *free_at > now);
        }
        let free_at = all.get(&caller).copied().unwrap_or(now).max(now);
        let allowed_until = now + self.rate.every * self.rate.burst;
        let next = free_at + self.rate.every;
        if next > allowed_until {
            return Err(next - allowed_until);
        }
        all.insert(caller, next);
        Ok(())
    }
}

/// The counts of a server.
pub(super) struct Limits {
    sign_ins: Callers<Address>,
    wrong_secrets: Callers<Address>,
    requests: Callers<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_ins: Callers::new(SIGN_INS),
            wrong_secrets: Callers::new(WRONG_SECRETS),
            requests: Callers::new(REQUESTS),
        }
    }
}

/// Refuses whoever asks too often, before anything is looked up.
pub(super) async fn check(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = Address::of(&request, state.public_url.is_some());
    request.extensions_mut().insert(address);
    let address = address.network();
    let credential = Credential::of(request.headers()).map(|it| it.hash().0);
    let now = Instant::now();
    let limits = &state.limits;
    let has_credential = credential.is_some();
    let counted = match credential {
        _ if signs_in(&request) => limits.sign_ins.count(address, now),
        Some(hash) => limits.requests.count(hash, now),
        None => Ok(()),
    };
    if let Err(after) = counted {
        return ApiError::TooOften(after).into_response();
    }
    let response = next.run(request).await;
    // After the look-up, so that one caller's guesses do not lock out others behind its address.
    if has_credential
        && response.status() == StatusCode::UNAUTHORIZED
        && let Err(after) = limits.wrong_secrets.count(address, now)
    {
        return ApiError::TooOften(after).into_response();
    }
    response
}

fn signs_in(request: &Request) -> bool {
    match request.uri().path() {
        "/login" | "/api/pipeline-sessions" => true,
        "/api/session" => *request.method() == Method::POST,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_one_at_a_time() {
        let callers = Callers::new(Rate::new(3, Duration::from_secs(10)));
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        for _ in 0..3 {
            assert_eq!(callers.count("eve", at(0)), Ok(()));
        }

        assert_eq!(callers.count("eve", at(0)), Err(Duration::from_secs(10)));
        assert_eq!(callers.count("dora", at(0)), Ok(()));
        assert_eq!(callers.count("eve", at(10)), Ok(()));
        assert_eq!(callers.count("eve", at(10)), Err(Duration::from_secs(10)));
    }

    #[test]
    fn the_address_that_the_proxy_saw_counts() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "1.1.1.1, 2.2.2.2".parse().unwrap());
        headers.append("x-forwarded-for", "3.3.3.3, 192.0.2.7".parse().unwrap());

        assert_eq!(forwarded_for(&headers), "192.0.2.7".parse().ok());
    }

    #[test]
    fn an_ipv6_network_is_one_caller() {
        let network = |ip: &str| Address(ip.parse().ok()).network();
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::4"), network("2001:db8:1:3::4"));
    }
}
