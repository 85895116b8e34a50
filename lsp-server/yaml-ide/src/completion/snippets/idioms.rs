//! Parts of objects that people write again and again.

/// A few lines for one place.
pub(super) struct Idiom {
    /// The last part of the name of the definition that they belong to.
    pub(super) definition: &'static str,
    /// The key they start with; they are offered only while it is not there. Empty for a whole
    /// item of a list.
    pub(super) key: &'static str,
    /// What is listed.
    pub(super) label: &'static str,
    /// The text, from column 0 on.
    pub(super) text: &'static str,
}

const fn idiom(
    definition: &'static str,
    key: &'static str,
    label: &'static str,
    text: &'static str,
) -> Idiom {
    Idiom {
        definition,
        key,
        label,
        text,
    }
}

pub(super) const IDIOMS: &[Idiom] = &[
    idiom(
        "Container",
        "readinessProbe",
        "readiness probe over HTTP",
        "\
readinessProbe:
  httpGet:
    path: ${1:/healthz}
    port: ${2:%port%}
  periodSeconds: ${3:5}",
    ),
    idiom(
        "Container",
        "livenessProbe",
        "liveness probe over HTTP",
        "\
livenessProbe:
  httpGet:
    path: ${1:/healthz}
    port: ${2:%port%}
  periodSeconds: ${3:10}
  failureThreshold: ${4:3}",
    ),
    idiom(
        "Container",
        "livenessProbe",
        "liveness probe by command",
        "\
livenessProbe:
  exec:
    command: [\"${1:true}\"]
  periodSeconds: ${2:10}",
    ),
    idiom(
        "Container",
        "readinessProbe",
        "readiness probe over TCP",
        "\
readinessProbe:
  tcpSocket:
    port: ${1:%port%}
  periodSeconds: ${2:5}",
    ),
    idiom(
        "Container",
        "startupProbe",
        "startup probe over HTTP",
        "\
startupProbe:
  httpGet:
    path: ${1:/healthz}
    port: ${2:%port%}
  periodSeconds: ${3:2}
  failureThreshold: ${4:30}",
    ),
    idiom(
        "Container",
        "resources",
        "resources with requests and limits",
        "\
resources:
  requests:
    cpu: ${1:100m}
    memory: ${2:128Mi}
  limits:
    memory: ${2:128Mi}",
    ),
    idiom(
        "Container",
        "securityContext",
        "security context, restricted",
        "\
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities:
    drop: [\"ALL\"]
  seccompProfile:
    type: RuntimeDefault",
    ),
    idiom(
        "Container",
        "envFrom",
        "environment from a ConfigMap and a Secret",
        "\
envFrom:
  - configMapRef:
      name: ${1:%configmap%}
  - secretRef:
      name: ${2:%secret%}",
    ),
    idiom(
        "Container",
        "ports",
        "ports with a name",
        "\
ports:
  - name: ${1:http}
    containerPort: ${2:8080}",
    ),
    idiom(
        "Container",
        "lifecycle",
        "wait before stopping",
        "\
lifecycle:
  preStop:
    sleep:
      seconds: ${1:5}",
    ),
    idiom(
        "EnvVar",
        "",
        "variable from a Secret",
        "\
name: ${1:PASSWORD}
valueFrom:
  secretKeyRef:
    name: ${2:%secret%}
    key: ${3:%secretkey%}",
    ),
    idiom(
        "EnvVar",
        "",
        "variable from a ConfigMap",
        "\
name: ${1:MODE}
valueFrom:
  configMapKeyRef:
    name: ${2:%configmap%}
    key: ${3:%configkey%}",
    ),
    idiom(
        "EnvVar",
        "",
        "variable from the Pod",
        "\
name: ${1:POD_NAME}
valueFrom:
  fieldRef:
    fieldPath: ${2|metadata.name,metadata.namespace,status.podIP,spec.nodeName,spec.serviceAccountName,status.hostIP|}",
    ),
    idiom(
        "VolumeMount",
        "",
        "mount of a volume of the Pod",
        "\
name: ${1:%volume%}
mountPath: ${2:/data}
readOnly: ${3|true,false|}",
    ),
    idiom(
        "Volume",
        "",
        "volume from a ConfigMap",
        "\
name: ${1:config}
configMap:
  name: ${2:%configmap%}",
    ),
    idiom(
        "Volume",
        "",
        "volume from a Secret",
        "\
name: ${1:secret}
secret:
  secretName: ${2:%secret%}",
    ),
    idiom(
        "Volume",
        "",
        "empty volume",
        "\
name: ${1:tmp}
emptyDir: {}",
    ),
    idiom(
        "Volume",
        "",
        "volume from a claim",
        "\
name: ${1:data}
persistentVolumeClaim:
  claimName: ${2:data}",
    ),
    idiom(
        "PodSpec",
        "affinity",
        "spread over nodes by affinity",
        "\
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              app: ${1:%app%}",
    ),
    idiom(
        "PodSpec",
        "topologySpreadConstraints",
        "spread over zones",
        "\
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ${1|ScheduleAnyway,DoNotSchedule|}
    labelSelector:
      matchLabels:
        app: ${2:%app%}",
    ),
    idiom(
        "PodSpec",
        "securityContext",
        "security context of the Pod, restricted",
        "\
securityContext:
  runAsNonRoot: true
  runAsUser: ${1:10001}
  fsGroup: ${2:10001}
  seccompProfile:
    type: RuntimeDefault",
    ),
    idiom(
        "PodSpec",
        "tolerations",
        "tolerate the control plane",
        "\
tolerations:
  - key: node-role.kubernetes.io/control-plane
    operator: Exists
    effect: NoSchedule",
    ),
    idiom(
        "PodSpec",
        "initContainers",
        "container that runs first",
        "\
initContainers:
  - name: ${1:init}
    image: ${2:busybox:1.37}
    command: [\"sh\", \"-c\", \"${3:true}\"]",
    ),
    idiom(
        "DeploymentSpec",
        "strategy",
        "roll out without a gap",
        "\
strategy:
  type: RollingUpdate
  rollingUpdate:
    maxSurge: ${1:1}
    maxUnavailable: ${2:0}",
    ),
    idiom(
        "ServicePort",
        "",
        "port with a name",
        "\
name: ${1:http}
port: ${2:80}
targetPort: ${3:%port%}",
    ),
    idiom(
        "HTTPIngressPath",
        "",
        "path to a Service",
        "\
path: ${1:/}
pathType: Prefix
backend:
  service:
    name: ${2:%service%}
    port:
      number: ${3:80}",
    ),
    idiom(
        "HorizontalPodAutoscalerSpec",
        "behavior",
        "scale down slowly",
        "\
behavior:
  scaleDown:
    stabilizationWindowSeconds: ${1:300}
    policies:
      - type: Percent
        value: ${2:10}
        periodSeconds: 60",
    ),
    idiom(
        "MetricSpec",
        "",
        "metric: memory",
        "\
type: Resource
resource:
  name: memory
  target:
    type: Utilization
    averageUtilization: ${1:80}",
    ),
];
