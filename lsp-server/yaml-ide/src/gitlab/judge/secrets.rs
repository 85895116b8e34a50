//! Secrets: each comes from one vault.

use super::values;
use crate::diagnostics::report::{Report, key_range};
use crate::gitlab::schema::DOCS;
use crate::object::{Object, Value};

/// What keeps secrets.
const VAULTS: [&str; 5] = [
    "vault",
    "gcp_secret_manager",
    "azure_key_vault",
    "aws_secrets_manager",
    "gitlab_secrets_manager",
];

/// Judges the secrets of a job.
pub(super) fn check(report: &mut Report<'_>, job: Object<'_>) {
    for (name, entry, value) in job.object("secrets").into_iter().flat_map(Object::pairs) {
        let Some(secret) = value.and_then(Value::object) else {
            continue;
        };
        // A keyword with a slip in it was complained of.
        let is_odd = secret.keys().iter().any(|key| {
            !VAULTS.contains(&key.as_str()) && !matches!(key.as_str(), "file" | "token")
        });
        let mut written = VAULTS.into_iter().filter(|vault| secret.has(vault));
        let page = format!("{DOCS}yaml/#secrets");
        match (written.next(), written.next()) {
            (None, _) if !is_odd && !report.is_broken(entry.range()) => {
                let message = format!(
                    "the secret `{name}` comes from one of {}",
                    values::list(&VAULTS)
                );
                report
                    .error(key_range(entry), "secret-vault", message)
                    .docs(page);
            }
            (Some(first), Some(second)) => {
                let message =
                    format!("`{second}` does not go with `{first}`: a secret comes from one vault");
                report
                    .error(secret.key_range(second), "secret-vault", message)
                    .docs(page);
            }
            _ => {}
        }
    }
}
