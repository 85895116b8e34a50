//! Whole objects, as a person starts one.
//!
//! `%app%` becomes the name of the workload that the set already has.

/// A whole object with tab stops.
pub(super) struct ObjectSnippet {
    /// The kind it makes.
    pub(super) kind: &'static str,
    /// What tells it from another of the same kind; empty for the plain one.
    pub(super) variant: &'static str,
    /// The text, from column 0 on.
    pub(super) text: &'static str,
}

const fn plain(kind: &'static str, text: &'static str) -> ObjectSnippet {
    ObjectSnippet {
        kind,
        variant: "",
        text,
    }
}

const fn variant(kind: &'static str, variant: &'static str, text: &'static str) -> ObjectSnippet {
    ObjectSnippet {
        kind,
        variant,
        text,
    }
}

/// In order of how often people write them.
pub(super) const OBJECTS: &[ObjectSnippet] = &[
    plain(
        "Deployment",
        "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${1:web}
  labels:
    app: ${1:web}
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
          ports:
            - name: http
              containerPort: ${4:80}
          resources:
            requests:
              cpu: ${5:100m}
              memory: ${6:128Mi}
            limits:
              memory: ${6:128Mi}
$0",
    ),
    plain(
        "Service",
        "\
apiVersion: v1
kind: Service
metadata:
  name: ${1:%app%}
spec:
  selector:
    app: ${2:%app%}
  ports:
    - name: http
      port: ${3:80}
      targetPort: ${4:http}
$0",
    ),
    variant(
        "Service",
        "headless",
        "\
apiVersion: v1
kind: Service
metadata:
  name: ${1:%app%}
spec:
  clusterIP: None
  selector:
    app: ${2:%app%}
  ports:
    - name: http
      port: ${3:80}
$0",
    ),
    plain(
        "Ingress",
        "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${1:%app%}
spec:
  ingressClassName: ${2:nginx}
  rules:
    - host: ${3:example.com}
      http:
        paths:
          - path: ${4:/}
            pathType: ${5|Prefix,Exact,ImplementationSpecific|}
            backend:
              service:
                name: ${6:%service%}
                port:
                  number: ${7:80}
$0",
    ),
    variant(
        "Ingress",
        "with TLS",
        "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${1:%app%}
spec:
  ingressClassName: ${2:nginx}
  tls:
    - hosts:
        - ${3:example.com}
      secretName: ${1:%app%}-tls
  rules:
    - host: ${3:example.com}
      http:
        paths:
          - path: ${4:/}
            pathType: ${5|Prefix,Exact,ImplementationSpecific|}
            backend:
              service:
                name: ${6:%service%}
                port:
                  number: ${7:80}
$0",
    ),
    plain(
        "ConfigMap",
        "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${1:%app%}
data:
  ${2:KEY}: \"${3:value}\"
$0",
    ),
    plain(
        "Secret",
        "\
apiVersion: v1
kind: Secret
metadata:
  name: ${1:%app%}
type: Opaque
stringData:
  ${2:password}: \"${3:value}\"
$0",
    ),
    variant(
        "Secret",
        "TLS",
        "\
apiVersion: v1
kind: Secret
metadata:
  name: ${1:%app%}-tls
type: kubernetes.io/tls
stringData:
  tls.crt: |
    ${2:certificate}
  tls.key: |
    ${3:key}
$0",
    ),
    plain(
        "StatefulSet",
        "\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${1:db}
spec:
  serviceName: ${1:db}
  replicas: ${2:1}
  selector:
    matchLabels:
      app: ${1:db}
  template:
    metadata:
      labels:
        app: ${1:db}
    spec:
      containers:
        - name: ${1:db}
          image: ${3:postgres:18}
          ports:
            - name: ${4:sql}
              containerPort: ${5:5432}
          volumeMounts:
            - name: data
              mountPath: ${6:/var/lib/postgresql}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes:
          - ReadWriteOnce
        resources:
          requests:
            storage: ${7:10Gi}
$0",
    ),
    plain(
        "DaemonSet",
        "\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: ${1:agent}
spec:
  selector:
    matchLabels:
      app: ${1:agent}
  template:
    metadata:
      labels:
        app: ${1:agent}
    spec:
      containers:
        - name: ${1:agent}
          image: ${2:fluent/fluent-bit:4.1}
          resources:
            requests:
              cpu: ${3:50m}
              memory: ${4:64Mi}
            limits:
              memory: ${4:64Mi}
$0",
    ),
    plain(
        "Job",
        "\
apiVersion: batch/v1
kind: Job
metadata:
  name: ${1:task}
spec:
  backoffLimit: ${2:3}
  template:
    spec:
      restartPolicy: ${3|Never,OnFailure|}
      containers:
        - name: ${1:task}
          image: ${4:busybox:1.37}
          command: [\"sh\", \"-c\", \"${5:echo done}\"]
$0",
    ),
    plain(
        "CronJob",
        "\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: ${1:task}
spec:
  schedule: \"${2:0 3 * * *}\"
  concurrencyPolicy: ${3|Forbid,Allow,Replace|}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: ${4|Never,OnFailure|}
          containers:
            - name: ${1:task}
              image: ${5:busybox:1.37}
              command: [\"sh\", \"-c\", \"${6:echo done}\"]
$0",
    ),
    plain(
        "Pod",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: ${1:web}
  labels:
    app: ${1:web}
spec:
  containers:
    - name: ${1:web}
      image: ${2:nginx:1.29}
      ports:
        - containerPort: ${3:80}
$0",
    ),
    plain(
        "HorizontalPodAutoscaler",
        "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${1:%app%}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: ${2:%workload%}
    name: ${1:%app%}
  minReplicas: ${3:2}
  maxReplicas: ${4:10}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: ${5:80}
$0",
    ),
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
