//! What an answer of an API server asks for: wait and try again, look twice, or give up.
//!
//! The lists hold what API servers really answer: a 500 may be permanent (a field that no schema
//! has), and a 403 may be gone a moment later (a server that is starting).

use std::time::Duration;

use crate::status::Status;

/// What to do after a failed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// The same request may succeed later; not before `after`, if the server says so.
    Retry {
        /// What the server asks for.
        after: Option<Duration>,
    },
    /// Judge once more: a server that has just started refuses for a moment what it allows.
    RetryOnce,
    /// Try again for some seconds: the server has not seen yet what was made a moment ago.
    RetryShortly,
    /// The same request will fail again.
    GiveUp,
}

/// Judges an answer of 400 or above. A connection that broke is always [`Advice::Retry`].
pub fn classify(status: &Status) -> Advice {
    let after = status
        .retry_after_seconds
        .map(|it| Duration::from_secs(it.into()));
    match status.code {
        403 if status.has_cause("NamespaceTerminating") => Advice::GiveUp,
        403 if is_behind(&status.message) => Advice::RetryShortly,
        403 => Advice::RetryOnce,
        409 if is_passing_conflict(status) => Advice::Retry { after },
        429 | 503 | 504 => Advice::Retry { after },
        500 if is_passing_failure(&status.message) => Advice::Retry { after },
        _ => Advice::GiveUp,
    }
}

/// How long to wait before try number `attempt` (from 0 on): doubling, capped, and spread by
/// `jitter` (0 to 1) so that many clients do not come back together.
pub fn backoff(attempt: u32, jitter: f64) -> Duration {
    const FIRST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_secs(5);
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(attempt.min(16)));
    doubled
        .min(LONGEST)
        .mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
}

fn is_passing_conflict(status: &Status) -> bool {
    let message = &status.message;
    message.contains("Operation cannot be fulfilled on resourcequotas")
        || status.reason == "AlreadyExists"
        || message.contains("object is being deleted")
}

/// Whether an admission plugin has not seen what may have been made a moment ago: a quota without
/// its first count, a class, or the account that every namespace gets.
fn is_behind(message: &str) -> bool {
    let says = |part: &str| message.contains(part);
    says("status unknown for quota")
        || (says("no PriorityClass with name") && says("was found"))
        || (says("error looking up service account") && says("not found"))
        || (says("pod rejected: RuntimeClass") && says("not found"))
}

fn is_passing_failure(message: &str) -> bool {
    let says = |part: &str| message.contains(part);
    says("failed calling webhook")
        || says("failed calling admission webhook")
        || (says("conversion webhook for") && says("failed"))
        || (says("etcdserver:")
            && [
                "leader changed",
                "no leader",
                "timed out",
                "too many requests",
            ]
            .into_iter()
            .any(says))
        || says("resource quota evaluation timed out")
        || says("rpc error: code = Unavailable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_judged_as_servers_mean_them() {
        let table = [
            (400, "BadRequest", "strict decoding error", "give up"),
            (401, "Unauthorized", "Unauthorized", "give up"),
            (403, "Forbidden", "configmaps is forbidden", "once"),
            (
                403,
                "Forbidden",
                "configmaps \"a\" is forbidden: status unknown for quota: small, resources: count/configmaps",
                "shortly",
            ),
            (
                403,
                "Forbidden",
                "pods \"a\" is forbidden: error looking up service account shop/default: serviceaccount \"default\" not found",
                "shortly",
            ),
            (
                403,
                "Forbidden",
                "pods \"a\" is forbidden: no PriorityClass with name high was found",
                "shortly",
            ),
            (
                403,
                "Forbidden",
                "pods \"a\" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1",
                "once",
            ),
            (404, "", "404 page not found", "give up"),
            (409, "Conflict", "Apply failed with 1 conflict", "give up"),
            (
                409,
                "Conflict",
                "Operation cannot be fulfilled on resourcequotas \"q\"",
                "retry",
            ),
            (
                409,
                "AlreadyExists",
                "configmaps \"a\" already exists",
                "retry",
            ),
            (413, "RequestEntityTooLarge", "too large", "give up"),
            (422, "Invalid", "field is immutable", "give up"),
            (429, "TooManyRequests", "slow down", "retry"),
            (
                500,
                "",
                "failed to create typed patch object (a/b): .spec.x: field not declared in schema",
                "give up",
            ),
            (
                500,
                "InternalError",
                "failed calling webhook \"x\": context deadline exceeded",
                "retry",
            ),
            (500, "InternalError", "etcdserver: leader changed", "retry"),
            (500, "", "etcdserver: no leader", "retry"),
            (500, "", "etcdserver: request is too large", "give up"),
            (
                500,
                "",
                "rpc error: code = Unavailable desc = keepalive ping failed",
                "retry",
            ),
            (
                500,
                "InternalError",
                "conversion webhook for example.com/v1 failed: refused",
                "retry",
            ),
            (503, "ServiceUnavailable", "starting", "retry"),
            (504, "Timeout", "request did not complete", "retry"),
        ];
        for (code, reason, message, expected) in table {
            let status = Status {
                code,
                reason: reason.to_owned(),
                message: message.to_owned(),
                ..Status::default()
            };
            let shown = match classify(&status) {
                Advice::Retry { .. } => "retry",
                Advice::RetryOnce => "once",
                Advice::RetryShortly => "shortly",
                Advice::GiveUp => "give up",
            };
            assert_eq!(shown, expected, "{code} {message}");
        }
    }

    #[test]
    fn a_terminating_namespace_is_no_question_of_rights() {
        let body = r#"{"kind":"Status","reason":"Forbidden","message":"forbidden: being terminated",
            "details":{"causes":[{"reason":"NamespaceTerminating"}]}}"#;

        assert_eq!(classify(&Status::parse(403, body, None)), Advice::GiveUp);
    }

    #[test]
    fn the_wait_that_a_server_asks_for_is_honored() {
        let status = Status::parse(
            503,
            "the request has been made before all known HTTP paths",
            Some("5"),
        );

        let after = Some(Duration::from_secs(5));
        assert_eq!(classify(&status), Advice::Retry { after });
    }

    #[test]
    fn waits_grow_and_are_capped() {
        assert_eq!(backoff(0, 1.0), Duration::from_millis(100));
        assert_eq!(backoff(2, 1.0), Duration::from_millis(400));
        assert_eq!(backoff(2, 0.0), Duration::from_millis(200));
        assert_eq!(backoff(60, 1.0), Duration::from_secs(5));
    }
}
