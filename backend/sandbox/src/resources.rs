//! What the server serves: the built-in kinds, and those that CRDs add.

use std::sync::{Arc, RwLock};

use k8s_schemas::{KubeRelease, SchemaSet};

use crate::types::{TypeId, Types};

/// The release of Kubernetes that is played.
pub(crate) const RELEASE: KubeRelease = KubeRelease::V1_36;

/// One kind of object in one version, as it is served.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) plural: String,
    pub(crate) singular: String,
    pub(crate) namespaced: bool,
    pub(crate) short_names: Vec<String>,
    pub(crate) categories: Vec<String>,
    /// Whether it can be created only, such as a review.
    pub(crate) verbs: Verbs,
    pub(crate) subresources: Vec<String>,
    pub(crate) types: Arc<Types>,
    pub(crate) ty: Option<TypeId>,
    /// The parts of a CRD that serving its objects needs.
    pub(crate) custom: Option<Custom>,
}

/// What can be asked of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbs {
    All,
    CreateOnly,
    ReadOnly,
}

/// What a CRD says about one version.
#[derive(Debug, Clone, Default)]
pub(crate) struct Custom {
    pub(crate) crd: String,
    /// `.spec.replicas` and its like.
    pub(crate) scale: Option<serde_json::Value>,
    pub(crate) columns: Vec<serde_json::Value>,
    pub(crate) schema: serde_json::Value,
    pub(crate) list_kind: String,
    /// The version that objects are stored in.
    pub(crate) storage_version: String,
}

impl Resource {
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `apps/v1, Kind=Deployment`, as Go prints it.
    pub(crate) fn gvk(&self) -> String {
        format!("{}/{}, Kind={}", self.group, self.version, self.kind)
    }

    /// The name under which all versions of it are stored.
    pub(crate) fn storage(&self) -> String {
        // Events are one store behind two groups.
        if self.plural == "events" {
            return "events".to_owned();
        }
        crate::status::qualified(&self.group, &self.plural)
    }

    pub(crate) fn has(&self, subresource: &str) -> bool {
        self.subresources.iter().any(|it| it == subresource)
    }

    pub(crate) fn list_kind(&self) -> String {
        match &self.custom {
            Some(custom) => custom.list_kind.clone(),
            None => format!("{}List", self.kind),
        }
    }

    pub(crate) fn verbs(&self) -> &'static [&'static str] {
        match self.verbs {
            Verbs::All if self.plural == "namespaces" => &[
                "create", "delete", "get", "list", "patch", "update", "watch",
            ],
            Verbs::All => &[
                "create",
                "delete",
                "deletecollection",
                "get",
                "list",
                "patch",
                "update",
                "watch",
            ],
            Verbs::CreateOnly => &["create"],
            Verbs::ReadOnly => &["get", "list"],
        }
    }
}

/// All resources. The built-in ones never change; custom ones come and go.
#[derive(Debug)]
pub(crate) struct Catalog {
    builtin: Vec<Arc<Resource>>,
    custom: RwLock<Vec<Arc<Resource>>>,
    pub(crate) schemas: SchemaSet,
}

impl Catalog {
    pub(crate) fn new() -> Self {
        let schemas = SchemaSet::builtin();
        let rows = || BUILTIN.lines().filter(|line| !line.trim().is_empty());
        let names: Vec<_> = rows().filter_map(row_definition).collect();
        let published = schemas.release(RELEASE);
        let types = Arc::new(Types::published(
            published,
            names.iter().map(String::as_str),
        ));
        let builtin = rows()
            .filter_map(|line| builtin(line, &types))
            .map(Arc::new)
            .collect();
        Self {
            builtin,
            custom: RwLock::default(),
            schemas,
        }
    }

    /// The types of a custom resource with this schema.
    pub(crate) fn custom_types(&self, schema: &serde_json::Value) -> Types {
        Types::custom(self.schemas.release(RELEASE), schema)
    }

    pub(crate) fn all(&self) -> Vec<Arc<Resource>> {
        let custom = self
            .custom
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        self.builtin.iter().chain(custom.iter()).cloned().collect()
    }

    fn find(&self, wanted: impl Fn(&Resource) -> bool) -> Option<Arc<Resource>> {
        if let Some(found) = self.builtin.iter().find(|it| wanted(it)) {
            return Some(Arc::clone(found));
        }
        let custom = self
            .custom
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        custom.iter().find(|it| wanted(it)).cloned()
    }

    pub(crate) fn resource(
        &self,
        group: &str,
        version: &str,
        plural: &str,
    ) -> Option<Arc<Resource>> {
        self.find(|it| it.group == group && it.version == version && it.plural == plural)
    }

    /// A resource by what it holds, in the version that is stored.
    pub(crate) fn stored(&self, storage: &str) -> Option<Arc<Resource>> {
        self.find(|it| {
            it.storage() == storage
                && it
                    .custom
                    .as_ref()
                    .is_none_or(|custom| custom.storage_version == it.version)
                && !(it.group == "autoscaling" && it.version == "v1")
        })
    }

    pub(crate) fn kind(&self, api_version: &str, kind: &str) -> Option<Arc<Resource>> {
        self.find(|it| it.kind == kind && it.api_version() == api_version && it.verbs == Verbs::All)
    }

    pub(crate) fn serves_group_version(&self, group: &str, version: &str) -> bool {
        self.find(|it| it.group == group && it.version == version)
            .is_some()
    }

    pub(crate) fn set_custom(&self, crd: &str, resources: Vec<Resource>) {
        let mut custom = self
            .custom
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        custom.retain(|it| it.custom.as_ref().is_none_or(|it| it.crd != crd));
        custom.extend(resources.into_iter().map(Arc::new));
    }
}

fn builtin(line: &str, types: &Arc<Types>) -> Option<Resource> {
    let mut words = line.split_whitespace();
    let (api, kind, plural, scope) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let (group, version) = api.rsplit_once('/').unwrap_or(("", api));
    let mut resource = Resource {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.to_owned(),
        plural: plural.to_owned(),
        singular: kind.to_lowercase(),
        namespaced: scope == "ns",
        short_names: Vec::new(),
        categories: Vec::new(),
        verbs: Verbs::All,
        subresources: Vec::new(),
        types: Arc::clone(types),
        ty: types.named(&definition(group, version, kind)),
        custom: None,
    };
    for word in words {
        let (key, list) = word.split_once('=').unwrap_or((word, ""));
        let list = || list.split(',').map(str::to_owned).collect();
        match key {
            "short" => resource.short_names = list(),
            "in" => resource.categories = list(),
            "sub" => resource.subresources = list(),
            "create-only" => resource.verbs = Verbs::CreateOnly,
            "read-only" => resource.verbs = Verbs::ReadOnly,
            _ => {}
        }
    }
    Some(resource)
}

fn row_definition(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let (api, kind) = (words.next()?, words.next()?);
    let (group, version) = api.rsplit_once('/').unwrap_or(("", api));
    Some(definition(group, version, kind))
}

/// The name of a kind's definition in the published schemas.
pub(crate) fn definition(group: &str, version: &str, kind: &str) -> String {
    match group {
        "" => format!("io.k8s.api.core.{version}.{kind}"),
        "apiextensions.k8s.io" => {
            format!("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.{version}.{kind}")
        }
        "apiregistration.k8s.io" => {
            format!("io.k8s.kube-aggregator.pkg.apis.apiregistration.{version}.{kind}")
        }
        _ => {
            let short = group.trim_end_matches(".k8s.io");
            let short = short.split('.').next().unwrap_or(short);
            format!("io.k8s.api.{short}.{version}.{kind}")
        }
    }
}

/// API version, kind, plural, scope, and what else discovery says.
const BUILTIN: &str = "
v1 Binding bindings ns create-only
v1 ComponentStatus componentstatuses cluster short=cs read-only
v1 ConfigMap configmaps ns short=cm
v1 Endpoints endpoints ns short=ep
v1 Event events ns short=ev
v1 LimitRange limitranges ns short=limits
v1 Namespace namespaces cluster short=ns sub=finalize,status
v1 Node nodes cluster short=no sub=status
v1 PersistentVolumeClaim persistentvolumeclaims ns short=pvc sub=status
v1 PersistentVolume persistentvolumes cluster short=pv sub=status
v1 Pod pods ns short=po in=all sub=attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status
v1 PodTemplate podtemplates ns
v1 ReplicationController replicationcontrollers ns short=rc in=all sub=scale,status
v1 ResourceQuota resourcequotas ns short=quota sub=status
v1 Secret secrets ns
v1 ServiceAccount serviceaccounts ns short=sa sub=token
v1 Service services ns short=svc in=all sub=proxy,status
admissionregistration.k8s.io/v1 MutatingAdmissionPolicy mutatingadmissionpolicies cluster in=api-extensions
admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings cluster in=api-extensions
admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations cluster in=api-extensions
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy validatingadmissionpolicies cluster in=api-extensions sub=status
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings cluster in=api-extensions
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations cluster in=api-extensions
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions cluster short=crd,crds in=api-extensions sub=status
apiregistration.k8s.io/v1 APIService apiservices cluster in=api-extensions sub=status
apps/v1 ControllerRevision controllerrevisions ns
apps/v1 DaemonSet daemonsets ns short=ds in=all sub=status
apps/v1 Deployment deployments ns short=deploy in=all sub=scale,status
apps/v1 ReplicaSet replicasets ns short=rs in=all sub=scale,status
apps/v1 StatefulSet statefulsets ns short=sts in=all sub=scale,status
authentication.k8s.io/v1 SelfSubjectReview selfsubjectreviews cluster create-only
authentication.k8s.io/v1 TokenReview tokenreviews cluster create-only
authorization.k8s.io/v1 LocalSubjectAccessReview localsubjectaccessreviews ns create-only
authorization.k8s.io/v1 SelfSubjectAccessReview selfsubjectaccessreviews cluster create-only
authorization.k8s.io/v1 SelfSubjectRulesReview selfsubjectrulesreviews cluster create-only
authorization.k8s.io/v1 SubjectAccessReview subjectaccessreviews cluster create-only
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers ns short=hpa in=all sub=status
autoscaling/v1 HorizontalPodAutoscaler horizontalpodautoscalers ns short=hpa in=all sub=status
batch/v1 CronJob cronjobs ns short=cj in=all sub=status
batch/v1 Job jobs ns in=all sub=status
certificates.k8s.io/v1 CertificateSigningRequest certificatesigningrequests cluster short=csr sub=approval,status
coordination.k8s.io/v1 Lease leases ns
discovery.k8s.io/v1 EndpointSlice endpointslices ns
events.k8s.io/v1 Event events ns short=ev
flowcontrol.apiserver.k8s.io/v1 FlowSchema flowschemas cluster sub=status
flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration prioritylevelconfigurations cluster sub=status
networking.k8s.io/v1 IngressClass ingressclasses cluster
networking.k8s.io/v1 Ingress ingresses ns short=ing sub=status
networking.k8s.io/v1 IPAddress ipaddresses cluster short=ip
networking.k8s.io/v1 NetworkPolicy networkpolicies ns short=netpol
networking.k8s.io/v1 ServiceCIDR servicecidrs cluster sub=status
node.k8s.io/v1 RuntimeClass runtimeclasses cluster
policy/v1 PodDisruptionBudget poddisruptionbudgets ns short=pdb sub=status
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings cluster
rbac.authorization.k8s.io/v1 ClusterRole clusterroles cluster
rbac.authorization.k8s.io/v1 RoleBinding rolebindings ns
rbac.authorization.k8s.io/v1 Role roles ns
resource.k8s.io/v1 DeviceClass deviceclasses cluster
resource.k8s.io/v1 ResourceClaim resourceclaims ns sub=status
resource.k8s.io/v1 ResourceClaimTemplate resourceclaimtemplates ns
resource.k8s.io/v1 ResourceSlice resourceslices cluster
scheduling.k8s.io/v1 PriorityClass priorityclasses cluster short=pc
storage.k8s.io/v1 CSIDriver csidrivers cluster
storage.k8s.io/v1 CSINode csinodes cluster
storage.k8s.io/v1 CSIStorageCapacity csistoragecapacities ns
storage.k8s.io/v1 StorageClass storageclasses cluster short=sc
storage.k8s.io/v1 VolumeAttachment volumeattachments cluster sub=status
storage.k8s.io/v1 VolumeAttributesClass volumeattributesclasses cluster short=vac
";
