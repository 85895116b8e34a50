//! Who owns the fields that a deploy would change.

use crate::status::{Cause, Status};

/// A field that another manager owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Such as `.spec.replicas`.
    pub field: String,
    /// Such as `kubectl-edit`.
    pub manager: String,
    /// Such as `scale`, where the manager writes through a subresource.
    pub subresource: Option<String>,
}

/// Reads the conflicts of a refused server-side apply; empty for any other refusal.
pub fn conflicts(status: &Status) -> Vec<Conflict> {
    status.causes.iter().filter_map(conflict).collect()
}

/// Whether all that stands in the way is an autoscaler that sets the replicas: the field may then
/// be left out, since its other manager owns it.
pub fn is_autoscaler_only(conflicts: &[Conflict]) -> bool {
    let scaled =
        |it: &Conflict| it.field == ".spec.replicas" && it.subresource.as_deref() == Some("scale");
    !conflicts.is_empty() && conflicts.iter().all(scaled)
}

/// Reads `conflict with "hpa" with subresource "scale" using apps/v1 at 2026-…`.
fn conflict(cause: &Cause) -> Option<Conflict> {
    if cause.reason != "FieldManagerConflict" {
        return None;
    }
    let rest = cause.message.strip_prefix("conflict with ")?;
    let (manager, rest) = quoted(rest).unwrap_or((rest, ""));
    let subresource = rest
        .trim_start()
        .strip_prefix("with subresource ")
        .and_then(quoted)
        .map(|(name, _)| name.to_owned());
    Some(Conflict {
        field: cause.field.clone(),
        manager: manager.to_owned(),
        subresource,
    })
}

/// The text in quotes at the start, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_named() {
        check(r#"conflict with "cd""#, "cd -");
        check(
            r#"conflict with "kubectl-edit" using apps/v1 at 2026-11-22T16:00:00Z"#,
            "kubectl-edit -",
        );
        check(
            r#"conflict with "hpa" with subresource "scale" using apps/v1"#,
            "hpa scale",
        );
    }

    #[test]
    fn only_an_autoscaler_may_be_left_to_itself() {
        let hpa = Conflict {
            field: ".spec.replicas".to_owned(),
            manager: "hpa".to_owned(),
            subresource: Some("scale".to_owned()),
        };
        let edit = Conflict {
            manager: "kubectl-edit".to_owned(),
            subresource: None,
            ..hpa.clone()
        };

        assert!(is_autoscaler_only(std::slice::from_ref(&hpa)));
        assert!(!is_autoscaler_only(&[hpa, edit]));
        assert!(!is_autoscaler_only(&[]));
    }

    #[track_caller]
    fn check(message: &str, expected: &str) {
        let cause = Cause {
            reason: "FieldManagerConflict".to_owned(),
            message: message.to_owned(),
            field: ".spec.replicas".to_owned(),
        };
        let found = conflict(&cause).unwrap();
        let subresource = found.subresource.as_deref().unwrap_or("-");
        assert_eq!(format!("{} {subresource}", found.manager), expected);
    }
}
