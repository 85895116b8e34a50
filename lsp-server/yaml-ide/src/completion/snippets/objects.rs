//! Whole objects of an application, as a person starts one.
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

impl ObjectSnippet {
    /// The version that its first line names.
    pub(super) fn api_version(&self) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default();
        line.strip_prefix("apiVersion: ").unwrap_or_default()
    }
}

pub(super) const fn plain(kind: &'static str, text: &'static str) -> ObjectSnippet {
    ObjectSnippet {
        kind,
        variant: "",
        text,
    }
}

pub(super) const fn variant(
    kind: &'static str,
    variant: &'static str,
    text: &'static str,
) -> ObjectSnippet {
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
];
