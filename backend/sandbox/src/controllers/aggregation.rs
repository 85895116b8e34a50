//! Cluster roles that are made of other cluster roles.

use serde_json::Value;

use super::Again;
use super::actor::Actor;
use crate::selector::Labels;
use crate::value::{items, name, set};

const STORAGE: &str = "clusterroles.rbac.authorization.k8s.io";

/// Fills every aggregated role with the rules of the roles that it selects.
pub(super) fn reconcile(actor: &mut Actor<'_>) -> Again {
    let roles = actor.store.list(STORAGE, "");
    for role in &roles {
        let selectors: Vec<_> = items(role, "aggregationRule.clusterRoleSelectors")
            .iter()
            .filter_map(|selector| Labels::of_workload(Some(selector)))
            .collect();
        if selectors.is_empty() {
            continue;
        }
        let mut joined: Vec<Value> = Vec::new();
        let parts = roles
            .iter()
            .filter(|it| name(it) != name(role))
            .filter(|it| {
                selectors
                    .iter()
                    .any(|selector| selector.matches(it["metadata"].get("labels")))
            });
        for rule in parts.flat_map(|it| items(it, "rules")) {
            if !joined.contains(rule) {
                joined.push(rule.clone());
            }
        }
        if role["rules"].as_array() != Some(&joined) {
            let mut changed = (**role).clone();
            set(&mut changed, "rules", joined);
            actor.store.put(STORAGE, changed);
        }
    }
    None
}
