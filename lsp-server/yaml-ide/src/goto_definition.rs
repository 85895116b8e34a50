//! Where the name under the cursor is defined.

use yaml_syntax::{TextRange, TextSize};

use crate::links::{self, Role};
use crate::named_files::named_files;
use crate::{Analysis, FileId};

/// A place to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The word that leads there.
    pub origin: TextRange,
    /// The file to go to.
    pub file: FileId,
    /// All of what is there.
    pub range: TextRange,
    /// The name in it.
    pub selection: TextRange,
}

/// Where the name at `offset` is defined: the object that is meant, the port, the anchor.
pub fn goto_definition(analysis: &Analysis, file: FileId, offset: TextSize) -> Vec<Target> {
    let Some(found) = links::at(analysis, file, offset) else {
        return to_named_files(analysis, file, offset);
    };
    let places = links::same(analysis, &found).into_iter();
    let targets = places.filter_map(|place| match place.role {
        Role::Definition(range) => Some(Target {
            origin: found.range,
            file: place.file,
            range: whole(range, place.range),
            selection: place.range,
        }),
        Role::Use | Role::OptionalUse => None,
    });
    targets.collect()
}

/// The files that the word at `offset` names.
fn to_named_files(analysis: &Analysis, file: FileId, offset: TextSize) -> Vec<Target> {
    let start = TextRange::empty(TextSize::from(0));
    let named = named_files(analysis, file).into_iter();
    let touched = named.filter(|named| named.range.touches(offset));
    let targets = touched.map(|named| Target {
        origin: named.range,
        file: named.file,
        range: start,
        selection: start,
    });
    targets.collect()
}

/// Clients refuse a selection that is not in the range.
fn whole(range: TextRange, selection: TextRange) -> TextRange {
    if range.covers(selection) {
        range
    } else {
        selection
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn references_lead_to_objects_in_other_files() {
        check(
            "\
//- config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  mode: fast
//- pod.yaml
apiVersion: v1
kind: Pod
spec:
  containers:
  - name: web
    env:
    - name: MODE
      valueFrom:
        configMapKeyRef:
          name: web
          key: mo$0de
",
            &["config.yaml: mode"],
        );
    }

    #[test]
    fn selectors_lead_to_pods() {
        check(
            "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: we$0b}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata:
      labels: {app: web}
    spec: {containers: []}
",
            &["test.yaml: web"],
        );
    }

    #[test]
    fn aliases_lead_to_anchors() {
        check("a: &x 1\nb: *$0x\nc: &x 2\n", &["test.yaml: x"]);
    }

    #[test]
    fn mounts_lead_to_volumes() {
        check(
            "\
apiVersion: v1
kind: Pod
spec:
  volumes: [{name: data, emptyDir: {}}]
  containers:
  - name: a
    volumeMounts: [{name: da$0ta, mountPath: /}]
",
            &["test.yaml: data"],
        );
    }

    #[test]
    fn resources_lead_to_their_container() {
        check(
            "\
apiVersion: v1
kind: Pod
spec:
  containers:
    - name: main
      env:
        - name: CPUS
          valueFrom: {resourceFieldRef: {containerName: ma$0in, resource: limits.cpu}}
",
            &["test.yaml: main"],
        );
    }

    #[test]
    fn objects_of_the_platform_lead_to_what_they_name() {
        let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: api}\n";
        let check_service = |text: &str| check(&format!("{text}{service}"), &["test.yaml: api"]);
        check_service(
            "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nwebhooks: [{clientConfig: {service: {name: a$0pi}}}]\n",
        );
        check_service(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: {rules: [{backendRefs: [{name: a$0pi}]}]}\n",
        );
        check_service(
            "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nspec: {service: {name: a$0pi}}\n",
        );
        let class =
            "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\n";
        let check_class = |text: &str| check(&format!("{text}{class}"), &["test.yaml: fast"]);
        check_class("apiVersion: v1\nkind: PersistentVolume\nspec: {storageClassName: fa$0st}\n");
        check_class(
            "apiVersion: apps/v1\nkind: StatefulSet\nspec: {volumeClaimTemplates: [{spec: {storageClassName: fa$0st}}]}\n",
        );
    }

    #[test]
    fn ports_of_hooks_lead_to_ports_of_containers() {
        check(
            "apiVersion: v1\nkind: Pod\nmetadata: {labels: {app: a}}\nspec: {containers: [{ports: [{name: http}], lifecycle: {preStop: {httpGet: {port: ht$0tp}}}}]}\n",
            &["test.yaml: http"],
        );
    }

    #[test]
    fn what_a_kustomization_names_leads_to_files() {
        let files = "//- overlays/dev/patch.yaml\na: 1\n//- base/kustomization.yaml\nb: 2\n//- overlays/dev/kustomization.yaml\n";
        check(
            &format!("{files}patches:\n- path: pa$0tch.yaml\n"),
            &["overlays/dev/patch.yaml: "],
        );
        check(
            &format!("{files}resources:\n- ../../ba$0se\n"),
            &["base/kustomization.yaml: "],
        );
        check(
            &format!("{files}resources: [https://exa$0mple.com/base]\n"),
            &[],
        );
    }

    #[test]
    fn other_words_lead_nowhere() {
        check("a: b$0\n", &[]);
    }

    #[track_caller]
    fn check(fixture: &str, expected: &[&str]) {
        let (analysis, file, offset) = fixture::position(fixture);
        let shown: Vec<String> = goto_definition(&analysis, file, offset)
            .into_iter()
            .map(|target| {
                let path = analysis.path(target.file).unwrap();
                let text = analysis
                    .source(target.file)
                    .unwrap()
                    .slice(target.selection);
                format!("{path}: {text}")
            })
            .collect();
        assert_eq!(shown, expected);
    }
}
