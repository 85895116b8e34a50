//! Which descriptions most people read: those of the kinds that most applications are made of.

use crate::pool::{Edition, KindRow, NodeId, Pool, Shape};
use crate::texts::Texts;
use std::collections::{BTreeSet, HashMap};

/// Kinds by their groups.
const USUAL: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "ConfigMap",
            "Namespace",
            "PersistentVolumeClaim",
            "Pod",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
    ),
    ("apps", &["DaemonSet", "Deployment", "StatefulSet"]),
    ("autoscaling", &["HorizontalPodAutoscaler"]),
    ("batch", &["CronJob", "Job"]),
    ("networking.k8s.io", &["Ingress", "NetworkPolicy"]),
    ("policy", &["PodDisruptionBudget"]),
    (
        "rbac.authorization.k8s.io",
        &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
    ),
];

/// Parts the texts in those of the usual kinds, without what servers write, and all others.
pub(crate) fn part(pool: &Pool, texts: &Texts) -> (Texts, Texts) {
    let nodes = nodes(pool);
    let of_nodes = nodes
        .iter()
        .filter_map(|node| texts.of_node.get(*node as usize));
    let usual: BTreeSet<u32> = of_nodes.copied().collect();
    (
        those(texts, |text| usual.contains(&text)),
        those(texts, |text| !usual.contains(&text)),
    )
}

/// What a person can write in an object of a usual kind, in any release.
fn nodes(pool: &Pool) -> BTreeSet<NodeId> {
    let mut reached = BTreeSet::new();
    for edition in &pool.editions {
        let kinds = edition.kinds.iter();
        let kinds = kinds.filter_map(|row| pool.kinds.get(*row as usize));
        for kind in kinds.filter(|kind| is_usual(kind)) {
            let Some(root) = edition.definition(kind.definition) else {
                continue;
            };
            let written = pool.fields_of(pool.node(root)).iter();
            let written = written.filter(|field| pool.strings.get(field.name) != "status");
            reached.insert(root);
            for field in written {
                reach(pool, edition, field.node, &mut reached);
            }
        }
    }
    reached
}

fn is_usual(kind: &KindRow) -> bool {
    let of_group = USUAL.iter().find(|(group, _)| *group == kind.group);
    of_group.is_some_and(|(_, kinds)| kinds.contains(&kind.kind.as_str()))
}

fn reach(pool: &Pool, edition: &Edition, root: NodeId, reached: &mut BTreeSet<NodeId>) {
    let mut next = vec![root];
    let mut seen = BTreeSet::new();
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = pool.node(id);
        next.extend(pool.fields_of(node).iter().map(|field| field.node));
        next.extend(match node.shape {
            Shape::Reference => edition.definition(node.child),
            _ => node.child.checked_sub(1),
        });
    }
    reached.extend(seen);
}

/// Some of the texts, numbered anew in the order of the nodes that have them.
fn those(texts: &Texts, is_one: impl Fn(u32) -> bool) -> Texts {
    let mut kept = Texts::default();
    let mut numbers = HashMap::new();
    for (node, number) in (0..).zip(&texts.of_node) {
        let text = texts.of(node).filter(|_| is_one(*number));
        let number = text.map_or(0, |text| {
            *numbers.entry(*number).or_insert_with(|| {
                kept.text.to_mut().push_str(text);
                kept.ends.push(kept.text.len() as u32);
                kept.ends.len() as u32
            })
        });
        kept.of_node.push(number);
    }
    kept
}
