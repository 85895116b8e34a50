//! Deciding in which order objects are applied, and what goes.
//!
//! An object follows what it depends on. Within a batch the order does not matter, so a batch is
//! applied at once. Pruning comes last: a rollout that stops half-way leaves the old objects
//! serving.

use std::collections::BTreeMap;

use crate::object::ObjectId;

/// What a deploy does, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Batches that are applied one after another.
    pub batches: Vec<Batch>,
    /// What is deleted when all is applied and ready, dependents first.
    pub prune: Vec<ObjectId>,
}

/// Objects that are applied at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The stage that it belongs to.
    pub stage: Stage,
    /// Indices into the desired objects, in their order.
    pub objects: Vec<usize>,
}

/// The stages of a deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Namespaces and custom resource definitions, which the next stages stand on.
    Foundation = 1,
    /// Quotas, classes, accounts and rights.
    Policy = 2,
    /// Configuration and volumes.
    Configuration = 3,
    /// Services, workloads and what scales or reaches them.
    Workloads = 4,
    /// Objects of custom kinds.
    Custom = 5,
    /// What judges or serves the requests of others: last, or it would judge this deploy.
    Extensions = 6,
}

impl Stage {
    /// From 1 on.
    pub fn number(self) -> u32 {
        self as u32
    }
}

/// Orders `desired`, and finds what of `live` is no longer described.
pub fn plan(desired: &[ObjectId], live: &[ObjectId]) -> Plan {
    let mut batches: BTreeMap<(Stage, Turn), Vec<usize>> = BTreeMap::new();
    for (idx, id) in desired.iter().enumerate() {
        batches.entry(place(id)).or_default().push(idx);
    }
    let is_desired = |id: &&ObjectId| desired.iter().any(|wanted| wanted.is_same_object(id));
    let mut prune: Vec<ObjectId> = live.iter().filter(|id| !is_desired(id)).cloned().collect();
    prune.sort_by_key(|id| std::cmp::Reverse(place(id)));

    Plan {
        batches: batches
            .into_iter()
            .map(|((stage, _), objects)| Batch { stage, objects })
            .collect(),
        prune,
    }
}

/// The stage in which an object is applied.
pub fn stage(id: &ObjectId) -> Stage {
    place(id).0
}

/// Before or after the others of its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    First,
    /// Bindings: an API server reads the role that they name.
    Second,
}

fn place(id: &ObjectId) -> (Stage, Turn) {
    match (id.group(), id.kind.as_str()) {
        ("", "Namespace") | ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            (Stage::Foundation, Turn::First)
        }
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            (Stage::Policy, Turn::Second)
        }
        ("", "ResourceQuota" | "LimitRange" | "ServiceAccount")
        | ("rbac.authorization.k8s.io", _)
        | ("scheduling.k8s.io", "PriorityClass")
        | ("storage.k8s.io", "StorageClass" | "VolumeAttributesClass" | "CSIDriver")
        | ("networking.k8s.io", "IngressClass")
        | ("node.k8s.io", "RuntimeClass")
        | ("resource.k8s.io", "DeviceClass") => (Stage::Policy, Turn::First),
        ("", "ConfigMap" | "Secret" | "PersistentVolume" | "PersistentVolumeClaim") => {
            (Stage::Configuration, Turn::First)
        }
        (
            "admissionregistration.k8s.io",
            "ValidatingAdmissionPolicyBinding" | "MutatingAdmissionPolicyBinding",
        ) => (Stage::Extensions, Turn::Second),
        ("admissionregistration.k8s.io" | "apiregistration.k8s.io", _) => {
            (Stage::Extensions, Turn::First)
        }
        (group, _) if is_built_in(group) => (Stage::Workloads, Turn::First),
        _ => (Stage::Custom, Turn::First),
    }
}

/// Groups that every cluster serves itself. A group such as `gateway.networking.k8s.io` is served
/// by custom resource definitions in spite of its name.
fn is_built_in(group: &str) -> bool {
    const GROUPS: [&str; 18] = [
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "policy",
        "resource.k8s.io",
        "storage.k8s.io",
    ];
    GROUPS.contains(&group)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn namespace_comes_first_and_pruning_last() {
        check(
            "apps/v1 Deployment web, v1 Namespace shop",
            "v1 ConfigMap old, v1 Namespace shop",
            expect![[r"
                1: Namespace/shop
                4: Deployment/web
                prune ConfigMap/old
            "]],
        );
    }

    #[test]
    fn six_stages_and_bindings_after_their_roles() {
        check(
            "v1 Service web, apps/v1 Deployment web, example.com/v1 Widget w, v1 Secret s, \
             rbac.authorization.k8s.io/v1 RoleBinding b, rbac.authorization.k8s.io/v1 Role r, \
             v1 ServiceAccount a, gateway.networking.k8s.io/v1 Gateway g, \
             admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration hook, \
             apiextensions.k8s.io/v1 CustomResourceDefinition widgets.example.com",
            "",
            expect![[r"
                1: CustomResourceDefinition/widgets.example.com
                2: Role/r ServiceAccount/a
                2: RoleBinding/b
                3: Secret/s
                4: Service/web Deployment/web
                5: Widget/w Gateway/g
                6: ValidatingWebhookConfiguration/hook
            "]],
        );
    }

    #[test]
    fn what_stands_on_others_is_pruned_before_them() {
        check(
            "v1 ConfigMap kept",
            "v1 Namespace shop, v1 Secret s, apps/v1 Deployment web, v1 ConfigMap kept",
            expect![[r"
                3: ConfigMap/kept
                prune Deployment/web
                prune Secret/s
                prune Namespace/shop
            "]],
        );
    }

    #[test]
    fn another_version_of_the_api_is_the_same_object() {
        check(
            "autoscaling/v2 HorizontalPodAutoscaler web",
            "autoscaling/v1 HorizontalPodAutoscaler web",
            expect![[r"
                4: HorizontalPodAutoscaler/web
            "]],
        );
    }

    proptest! {
        #[test]
        fn a_plan_of_what_is_there_prunes_nothing(names in proptest::collection::vec("[a-z]{1,3}", 0..20)) {
            let ids: Vec<_> = names.iter().map(|name| parse(&format!("v1 Service {name}"))).collect();
            prop_assert_eq!(plan(&ids, &ids).prune, vec![]);
        }

        #[test]
        fn every_object_is_applied_once(kinds in proptest::collection::vec("(v1 Secret|v1 Namespace|x.io/v1 Thing) [a-z]", 0..20)) {
            let ids: Vec<_> = kinds.iter().map(|id| parse(id)).collect();
            let mut applied: Vec<_> = plan(&ids, &[]).batches.into_iter().flat_map(|batch| batch.objects).collect();
            applied.sort_unstable();
            prop_assert_eq!(applied, (0..ids.len()).collect::<Vec<_>>());
        }
    }

    #[track_caller]
    fn check(desired: &str, live: &str, expected: Expect) {
        let desired: Vec<_> = objects(desired);
        let plan = plan(&desired, &objects(live));
        let mut shown = String::new();
        for batch in &plan.batches {
            shown += &format!("{}:", batch.stage.number());
            for &idx in &batch.objects {
                shown += &format!(" {}", desired[idx]);
            }
            shown += "\n";
        }
        for id in &plan.prune {
            shown += &format!("prune {id}\n");
        }
        expected.assert_eq(&shown);
    }

    fn objects(text: &str) -> Vec<ObjectId> {
        text.split(',')
            .filter(|part| !part.is_empty())
            .map(parse)
            .collect()
    }

    fn parse(text: &str) -> ObjectId {
        let mut words = text.split_whitespace().map(str::to_owned);
        ObjectId {
            api_version: words.next().unwrap(),
            kind: words.next().unwrap(),
            namespace: None,
            name: words.next().unwrap(),
        }
    }
}
