//! The numbers of the fields that clients send in protobuf.

/// Number, name and type of the fields of a message; `None` for a message that is not read.
pub(super) fn fields(
    message: &str,
) -> Option<impl Iterator<Item = (u64, &'static str, &'static str)> + Clone> {
    let line = MESSAGES
        .lines()
        .find(|line| line.split(' ').next() == Some(message))?;
    Some(line.split(' ').skip(1).filter_map(|word| {
        let mut parts = word.splitn(3, ':');
        Some((parts.next()?.parse().ok()?, parts.next()?, parts.next()?))
    }))
}

const MESSAGES: &str = "
ClusterRole 1:metadata:ObjectMeta 2:rules:PolicyRule* 3:aggregationRule:AggregationRule
AggregationRule 1:clusterRoleSelectors:LabelSelector*
ClusterRoleBinding 1:metadata:ObjectMeta 2:subjects:Subject* 3:roleRef:RoleRef
ConfigMap 1:metadata:ObjectMeta 2:data:text{} 3:binaryData:bytes{} 4:immutable:bool
Container 1:name:text 2:image:text 3:command:text* 4:args:text* 5:workingDir:text 6:ports:ContainerPort* 7:env:EnvVar* 8:resources:ResourceRequirements 9:volumeMounts:VolumeMount* 13:terminationMessagePath:text 14:imagePullPolicy:text 16:stdin:bool 17:stdinOnce:bool 18:tty:bool 20:terminationMessagePolicy:text
ContainerPort 1:name:text 2:hostPort:int 3:containerPort:int 4:protocol:text 5:hostIP:text
CronJob 1:metadata:ObjectMeta 2:spec:CronJobSpec 3:status:-
CronJobSpec 1:schedule:text 2:startingDeadlineSeconds:int 3:concurrencyPolicy:text 4:suspend:bool 5:jobTemplate:JobTemplateSpec 6:successfulJobsHistoryLimit:int 7:failedJobsHistoryLimit:int 8:timeZone:text
CrossVersionObjectReference 1:kind:text 2:name:text 3:apiVersion:text
DeleteOptions 1:gracePeriodSeconds:int 2:preconditions:Preconditions 3:orphanDependents:bool 4:propagationPolicy:text 5:dryRun:text*
Deployment 1:metadata:ObjectMeta 2:spec:DeploymentSpec 3:status:-
DeploymentSpec 1:replicas:int 2:selector:LabelSelector 3:template:PodTemplateSpec 4:strategy:DeploymentStrategy 5:minReadySeconds:int 6:revisionHistoryLimit:int 7:paused:bool 9:progressDeadlineSeconds:int
DeploymentStrategy 1:type:text 2:rollingUpdate:RollingUpdateDeployment
EnvVar 1:name:text 2:value:text
Eviction 1:metadata:ObjectMeta 2:deleteOptions:DeleteOptions
HTTPIngressPath 1:path:text 2:backend:IngressBackend 3:pathType:text
HTTPIngressRuleValue 1:paths:HTTPIngressPath*
HorizontalPodAutoscaler 1:metadata:ObjectMeta 2:spec:HorizontalPodAutoscalerSpec 3:status:-
HorizontalPodAutoscalerSpec 1:scaleTargetRef:CrossVersionObjectReference 2:minReplicas:int 3:maxReplicas:int 4:metrics:MetricSpec*
Ingress 1:metadata:ObjectMeta 2:spec:IngressSpec 3:status:-
IngressBackend 4:service:IngressServiceBackend
IngressRule 1:host:text 2:http:+IngressRuleValue
IngressRuleValue 1:http:HTTPIngressRuleValue
IngressServiceBackend 1:name:text 2:port:ServiceBackendPort
IngressSpec 1:defaultBackend:IngressBackend 2:tls:IngressTLS* 3:rules:IngressRule* 4:ingressClassName:text
IngressTLS 1:hosts:text* 2:secretName:text
Job 1:metadata:ObjectMeta 2:spec:JobSpec 3:status:-
JobSpec 1:parallelism:int 2:completions:int 3:activeDeadlineSeconds:int 4:selector:LabelSelector 5:manualSelector:bool 6:template:PodTemplateSpec 7:backoffLimit:int 8:ttlSecondsAfterFinished:int 9:completionMode:text 10:suspend:bool
JobTemplateSpec 1:metadata:ObjectMeta 2:spec:JobSpec
LabelSelector 1:matchLabels:text{} 2:matchExpressions:LabelSelectorRequirement*
LabelSelectorRequirement 1:key:text 2:operator:text 3:values:text*
LocalObjectReference 1:name:text
LocalSubjectAccessReview 1:metadata:ObjectMeta 2:spec:SubjectAccessReviewSpec 3:status:-
MetricSpec 1:type:text 4:resource:ResourceMetricSource
MetricTarget 1:type:text 2:value:Quantity 3:averageValue:Quantity 4:averageUtilization:int
Namespace 1:metadata:ObjectMeta 2:spec:NamespaceSpec 3:status:-
NamespaceSpec 1:finalizers:text*
NonResourceAttributes 1:path:text 2:verb:text
ObjectMeta 1:name:text 2:generateName:text 3:namespace:text 4:selfLink:text 5:uid:text 6:resourceVersion:text 7:generation:- 8:creationTimestamp:- 9:deletionTimestamp:- 10:deletionGracePeriodSeconds:- 11:labels:text{} 12:annotations:text{} 13:ownerReferences:OwnerReference* 14:finalizers:text* 15:clusterName:-
ObjectReference 1:kind:text 2:namespace:text 3:name:text 4:uid:text 5:apiVersion:text 6:resourceVersion:text 7:fieldPath:text
OwnerReference 1:kind:text 3:name:text 4:uid:text 5:apiVersion:text 6:controller:bool 7:blockOwnerDeletion:bool
Pod 1:metadata:ObjectMeta 2:spec:PodSpec 3:status:-
PodDisruptionBudget 1:metadata:ObjectMeta 2:spec:PodDisruptionBudgetSpec 3:status:-
PodDisruptionBudgetSpec 1:minAvailable:IntOrString 2:selector:LabelSelector 3:maxUnavailable:IntOrString
PodSpec 1:volumes:Volume* 2:containers:Container* 3:restartPolicy:text 4:terminationGracePeriodSeconds:int 5:activeDeadlineSeconds:int 6:dnsPolicy:text 7:nodeSelector:text{} 8:serviceAccountName:text 9:serviceAccount:text 10:nodeName:text 11:hostNetwork:bool 12:hostPID:bool 13:hostIPC:bool 14:securityContext:- 15:imagePullSecrets:LocalObjectReference* 16:hostname:text 17:subdomain:text 19:schedulerName:text 20:initContainers:Container*
PodTemplateSpec 1:metadata:ObjectMeta 2:spec:PodSpec
PolicyRule 1:verbs:text* 2:apiGroups:text* 3:resources:text* 4:resourceNames:text* 5:nonResourceURLs:text*
Preconditions 1:uid:text 2:resourceVersion:text
PriorityClass 1:metadata:ObjectMeta 2:value:int 3:globalDefault:bool 4:description:text 5:preemptionPolicy:text
ResourceAttributes 1:namespace:text 2:verb:text 3:group:text 4:version:text 5:resource:text 6:subresource:text 7:name:text
ResourceMetricSource 1:name:text 2:target:MetricTarget
ResourceQuota 1:metadata:ObjectMeta 2:spec:ResourceQuotaSpec 3:status:-
ResourceQuotaSpec 1:hard:Quantity{} 2:scopes:text*
ResourceRequirements 1:limits:Quantity{} 2:requests:Quantity{}
Role 1:metadata:ObjectMeta 2:rules:PolicyRule*
RoleBinding 1:metadata:ObjectMeta 2:subjects:Subject* 3:roleRef:RoleRef
RoleRef 1:apiGroup:text 2:kind:text 3:name:text
RollingUpdateDeployment 1:maxUnavailable:IntOrString 2:maxSurge:IntOrString
Scale 1:metadata:ObjectMeta 2:spec:ScaleSpec 3:status:-
ScaleSpec 1:replicas:int
Secret 1:metadata:ObjectMeta 2:data:bytes{} 3:type:text 4:stringData:text{} 5:immutable:bool
SelfSubjectAccessReview 1:metadata:ObjectMeta 2:spec:SelfSubjectAccessReviewSpec 3:status:-
SelfSubjectAccessReviewSpec 1:resourceAttributes:ResourceAttributes 2:nonResourceAttributes:NonResourceAttributes
SelfSubjectReview 1:metadata:ObjectMeta 2:status:-
SelfSubjectRulesReview 1:metadata:ObjectMeta 2:spec:SelfSubjectRulesReviewSpec 3:status:-
SelfSubjectRulesReviewSpec 1:namespace:text
Service 1:metadata:ObjectMeta 2:spec:ServiceSpec 3:status:-
ServiceAccount 1:metadata:ObjectMeta 2:secrets:ObjectReference* 3:imagePullSecrets:LocalObjectReference* 4:automountServiceAccountToken:bool
ServiceBackendPort 1:name:text 2:number:int
ServicePort 1:name:text 2:protocol:text 3:port:int 4:targetPort:IntOrString 5:nodePort:int 6:appProtocol:text
ServiceSpec 1:ports:ServicePort* 2:selector:text{} 3:clusterIP:text 4:type:text 5:externalIPs:text* 7:sessionAffinity:text 8:loadBalancerIP:text 9:loadBalancerSourceRanges:text* 10:externalName:text 11:externalTrafficPolicy:text 12:healthCheckNodePort:- 13:publishNotReadyAddresses:bool 14:sessionAffinityConfig:- 17:ipFamilyPolicy:text 18:clusterIPs:text* 19:ipFamilies:text* 22:internalTrafficPolicy:text
Subject 1:kind:text 2:apiGroup:text 3:name:text 4:namespace:text
SubjectAccessReview 1:metadata:ObjectMeta 2:spec:SubjectAccessReviewSpec 3:status:-
SubjectAccessReviewSpec 1:resourceAttributes:ResourceAttributes 2:nonResourceAttributes:NonResourceAttributes 3:user:text 4:groups:text* 6:uid:text
TokenRequest 1:metadata:ObjectMeta 2:spec:TokenRequestSpec 3:status:-
TokenRequestSpec 1:audiences:text* 3:boundObjectRef:- 4:expirationSeconds:int
Volume 1:name:text
VolumeMount 1:name:text 2:readOnly:bool 3:mountPath:text 4:subPath:text
";
