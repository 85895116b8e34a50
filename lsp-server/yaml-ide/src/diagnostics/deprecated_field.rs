//! Fields that something newer has replaced.

use k8s_schemas::Field;
use yaml_syntax::Entry;

use super::Tag;
use super::report::{Report, key_range};
use crate::object::Object;

/// Says that a field is on its way out, and what is written instead where that is known.
pub(super) fn check(
    report: &mut Report<'_>,
    object: Object<'_>,
    entry: Entry<'_>,
    field: Field<'_>,
) {
    // What the server writes is judged by a rule of its own.
    if !field.is_deprecated() || field.name == "selfLink" {
        return;
    }
    let range = key_range(entry);
    let renamed = (field.name == "serviceAccount").then_some("serviceAccountName");
    let instead = renamed
        .map(|name| format!("; write `{name}`"))
        .or_else(|| instead(field.name));
    let message = format!(
        "`{}` is deprecated{}",
        field.name,
        instead.unwrap_or_default()
    );
    let free = renamed.filter(|name| !object.has(name));
    let complaint = report.info(range, "deprecated-field", message);
    complaint.tags.push(Tag::Deprecated);
    if let Some(name) = free {
        complaint.replace(format!("Rename to `{name}`"), range, name);
    }
}

fn instead(name: &str) -> Option<String> {
    let words = match name {
        "gitRepo" => "clone in an init container, into an `emptyDir`",
        "loadBalancerIP" => "load balancers take an address by an annotation of their own",
        "awsElasticBlockStore"
        | "azureDisk"
        | "azureFile"
        | "cephfs"
        | "cinder"
        | "flexVolume"
        | "gcePersistentDisk"
        | "glusterfs"
        | "portworxVolume"
        | "rbd"
        | "vsphereVolume" => "use `csi` with the driver of the storage",
        _ => return None,
    };
    Some(format!("; {words}"))
}
