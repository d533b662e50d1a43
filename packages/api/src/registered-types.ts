/**
 * The types that kube-apiserver's scheme knows beside those registered in every group, by apiVersion: to tell a body of a type that
 * cannot become the one asked for from one of a type that nobody knows.
 */
export const registeredTypes: ReadonlyMap<string, ReadonlySet<string>> = new Map(readTable(table()));

/** Before the colon apiVersions, behind it their types. A star stands for a type and its list. From Kubernetes 1.36. */
function table(): string {
  return `
v1: Binding ComponentStatus* ConfigMap* Endpoints* Event* LimitRange* List Namespace* Node* NodeProxyOptions
  PersistentVolume* PersistentVolumeClaim* Pod* PodAttachOptions PodExecOptions PodLogOptions
  PodPortForwardOptions PodProxyOptions PodStatusResult PodTemplate* RangeAllocation ReplicationController*
  ResourceQuota* Secret* SerializedReference Service* ServiceAccount* ServiceProxyOptions
admission.k8s.io/v1 admission.k8s.io/v1beta1: AdmissionReview
admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1beta1: MutatingAdmissionPolicy*
  MutatingAdmissionPolicyBinding* MutatingWebhookConfiguration* ValidatingAdmissionPolicy*
  ValidatingAdmissionPolicyBinding* ValidatingWebhookConfiguration*
admissionregistration.k8s.io/v1alpha1: MutatingAdmissionPolicy* MutatingAdmissionPolicyBinding*
  ValidatingAdmissionPolicy* ValidatingAdmissionPolicyBinding*
apps/v1: ControllerRevision* DaemonSet* Deployment* ReplicaSet* StatefulSet*
apps/v1beta1: ControllerRevision* Deployment* DeploymentRollback Scale StatefulSet*
apps/v1beta2: ControllerRevision* DaemonSet* Deployment* ReplicaSet* Scale StatefulSet*
authentication.k8s.io/v1: SelfSubjectReview TokenRequest TokenReview
authentication.k8s.io/v1alpha1: SelfSubjectReview
authentication.k8s.io/v1beta1: SelfSubjectReview TokenReview
authorization.k8s.io/v1 authorization.k8s.io/v1beta1: LocalSubjectAccessReview SelfSubjectAccessReview
  SelfSubjectRulesReview SubjectAccessReview
autoscaling/v1: HorizontalPodAutoscaler* Scale
autoscaling/v2: HorizontalPodAutoscaler*
batch/v1: CronJob* Job*
batch/v1beta1: CronJob*
certificates.k8s.io/v1: CertificateSigningRequest*
certificates.k8s.io/v1alpha1: ClusterTrustBundle*
certificates.k8s.io/v1beta1: CertificateSigningRequest* ClusterTrustBundle* PodCertificateRequest*
coordination.k8s.io/v1: Lease*
coordination.k8s.io/v1alpha2: LeaseCandidate*
coordination.k8s.io/v1beta1: Lease* LeaseCandidate*
discovery.k8s.io/v1 discovery.k8s.io/v1beta1: EndpointSlice*
events.k8s.io/v1 events.k8s.io/v1beta1: Event*
extensions/v1beta1: DaemonSet* Deployment* DeploymentRollback Ingress* NetworkPolicy* ReplicaSet* Scale
flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2
  flowcontrol.apiserver.k8s.io/v1beta3: FlowSchema* PriorityLevelConfiguration*
imagepolicy.k8s.io/v1alpha1: ImageReview
internal.apiserver.k8s.io/v1alpha1: StorageVersion*
networking.k8s.io/v1: IPAddress* Ingress* IngressClass* NetworkPolicy* ServiceCIDR*
networking.k8s.io/v1beta1: IPAddress* Ingress* IngressClass* ServiceCIDR*
node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1: RuntimeClass*
policy/v1 policy/v1beta1: Eviction PodDisruptionBudget*
rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1alpha1 rbac.authorization.k8s.io/v1beta1: ClusterRole*
  ClusterRoleBinding* Role* RoleBinding*
resource.k8s.io/v1 resource.k8s.io/v1beta1: DeviceClass* ResourceClaim* ResourceClaimTemplate* ResourceSlice*
resource.k8s.io/v1alpha3: DeviceTaintRule* ResourcePoolStatusRequest*
resource.k8s.io/v1beta2: DeviceClass* DeviceTaintRule* ResourceClaim* ResourceClaimTemplate* ResourceSlice*
scheduling.k8s.io/v1 scheduling.k8s.io/v1beta1: PriorityClass*
scheduling.k8s.io/v1alpha2: PodGroup* Workload*
storage.k8s.io/v1 storage.k8s.io/v1beta1: CSIDriver* CSINode* CSIStorageCapacity* StorageClass*
  VolumeAttachment* VolumeAttributesClass*
storage.k8s.io/v1alpha1: CSIStorageCapacity* VolumeAttachment* VolumeAttributesClass*
storagemigration.k8s.io/v1beta1: StorageVersionMigration*
`;
}

function readTable(table: string): readonly (readonly [string, ReadonlySet<string>])[] {
  return table
    .trim()
    .split(/\n(?! )/)
    .flatMap((entry) => {
      const [apiVersions = "", types = ""] = entry.split(": ");
      const known = new Set(types.split(/\s+/).flatMap((type) => withList(type)));
      return apiVersions.split(" ").map((apiVersion) => [apiVersion, known] as const);
    });
}

function withList(type: string): readonly string[] {
  if (!type.endsWith("*")) return [type];
  const name = type.slice(0, -1);
  return [name, `${name}List`];
}
