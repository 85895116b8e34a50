//! Whole objects around applications: storage, access, policies, extensions.

use super::objects::{ObjectSnippet, plain, variant};

/// In order of how often people write them.
pub(super) const OBJECTS: &[ObjectSnippet] = &[
    plain(
        "PodDisruptionBudget",
        "\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${1:%app%}
spec:
  maxUnavailable: ${2:1}
  selector:
    matchLabels:
      app: ${3:%app%}
$0",
    ),
    plain(
        "PersistentVolumeClaim",
        "\
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${1:data}
spec:
  accessModes:
    - ${2|ReadWriteOnce,ReadWriteMany,ReadOnlyMany,ReadWriteOncePod|}
  resources:
    requests:
      storage: ${3:10Gi}
$0",
    ),
    plain(
        "PersistentVolume",
        "\
apiVersion: v1
kind: PersistentVolume
metadata:
  name: ${1:data}
spec:
  capacity:
    storage: ${2:10Gi}
  accessModes:
    - ${3|ReadWriteOnce,ReadWriteMany,ReadOnlyMany|}
  persistentVolumeReclaimPolicy: ${4|Retain,Delete|}
  storageClassName: ${5:manual}
  nfs:
    server: ${6:nfs.example.com}
    path: ${7:/exports/data}
$0",
    ),
    plain(
        "StorageClass",
        "\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: ${1:fast}
provisioner: ${2:ebs.csi.aws.com}
reclaimPolicy: ${3|Delete,Retain|}
volumeBindingMode: ${4|WaitForFirstConsumer,Immediate|}
allowVolumeExpansion: true
$0",
    ),
    plain(
        "Namespace",
        "\
apiVersion: v1
kind: Namespace
metadata:
  name: ${1:shop}
$0",
    ),
    plain(
        "ServiceAccount",
        "\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${1:%app%}
automountServiceAccountToken: ${2|false,true|}
$0",
    ),
    plain(
        "Role",
        "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: ${1:%app%}
rules:
  - apiGroups: [\"${2}\"]
    resources: [\"${3:pods}\"]
    verbs: [\"get\", \"list\", \"watch\"]
$0",
    ),
    plain(
        "RoleBinding",
        "\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: ${1:%app%}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ${2|Role,ClusterRole|}
  name: ${1:%app%}
subjects:
  - kind: ServiceAccount
    name: ${3:%app%}
    namespace: ${4:default}
$0",
    ),
    plain(
        "ClusterRole",
        "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${1:%app%}
rules:
  - apiGroups: [\"${2}\"]
    resources: [\"${3:nodes}\"]
    verbs: [\"get\", \"list\", \"watch\"]
$0",
    ),
    plain(
        "ClusterRoleBinding",
        "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${1:%app%}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${1:%app%}
subjects:
  - kind: ServiceAccount
    name: ${2:%app%}
    namespace: ${3:default}
$0",
    ),
    plain(
        "NetworkPolicy",
        "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${1:%app%}
spec:
  podSelector:
    matchLabels:
      app: ${2:%app%}
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: ${3:frontend}
      ports:
        - protocol: TCP
          port: ${4:80}
$0",
    ),
    variant(
        "NetworkPolicy",
        "deny all incoming",
        "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${1:deny-all}
spec:
  podSelector: {}
  policyTypes:
    - Ingress
$0",
    ),
    plain(
        "ResourceQuota",
        "\
apiVersion: v1
kind: ResourceQuota
metadata:
  name: ${1:quota}
spec:
  hard:
    requests.cpu: \"${2:4}\"
    requests.memory: ${3:8Gi}
    limits.memory: ${4:16Gi}
    pods: \"${5:50}\"
$0",
    ),
    plain(
        "LimitRange",
        "\
apiVersion: v1
kind: LimitRange
metadata:
  name: ${1:limits}
spec:
  limits:
    - type: Container
      defaultRequest:
        cpu: ${2:100m}
        memory: ${3:128Mi}
      default:
        memory: ${4:256Mi}
$0",
    ),
    plain(
        "PriorityClass",
        "\
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: ${1:important}
value: ${2:100000}
globalDefault: false
description: \"${3:For what must keep running.}\"
$0",
    ),
    plain(
        "IngressClass",
        "\
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: ${1:nginx}
spec:
  controller: ${2:k8s.io/ingress-nginx}
$0",
    ),
    plain(
        "CustomResourceDefinition",
        "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${1:widgets}.${2:example.com}
spec:
  group: ${2:example.com}
  scope: ${3|Namespaced,Cluster|}
  names:
    plural: ${1:widgets}
    singular: ${4:widget}
    kind: ${5:Widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                ${6:size}:
                  type: ${7|integer,string,boolean,object,array,number|}
$0",
    ),
    plain(
        "ReplicaSet",
        "\
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: ${1:web}
spec:
  replicas: ${2:2}
  selector:
    matchLabels:
      app: ${1:web}
  template:
    metadata:
      labels:
        app: ${1:web}
    spec:
      containers:
        - name: ${1:web}
          image: ${3:nginx:1.29}
$0",
    ),
    plain(
        "ValidatingAdmissionPolicy",
        "\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: ${1:replica-limit}
spec:
  failurePolicy: ${2|Fail,Ignore|}
  matchConstraints:
    resourceRules:
      - apiGroups: [\"apps\"]
        apiVersions: [\"v1\"]
        operations: [\"CREATE\", \"UPDATE\"]
        resources: [\"deployments\"]
  validations:
    - expression: \"${3:object.spec.replicas <= 5}\"
      message: \"${4:at most 5 replicas}\"
$0",
    ),
    plain(
        "ValidatingAdmissionPolicyBinding",
        "\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: ${1:replica-limit}
spec:
  policyName: ${1:replica-limit}
  validationActions:
    - ${2|Deny,Warn,Audit|}
$0",
    ),
    plain(
        "RuntimeClass",
        "\
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata:
  name: ${1:gvisor}
handler: ${2:runsc}
$0",
    ),
];
