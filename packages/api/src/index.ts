export type {
  ApiObject,
  Column,
  Deprecation,
  Kind,
  KindRules,
  KindStorage,
  PhasedDeletion,
  ReviewKind,
  SelectableFields,
  ServedKind,
  Subresource,
  Verb,
} from "./kind.ts";
export { apiVersionOf } from "./kind.ts";
export { StatusError } from "./status-error.ts";
export type { FieldError, FieldErrorType } from "./field-error.ts";
export { isPrintable, quote } from "./quote.ts";
export type { AccessAttempt, KindRef, ResourceRef } from "./status-errors.ts";
export * as statusErrors from "./status-errors.ts";
export type { Field, FieldsV1, JsonObject, JsonValue, MessageTable, ScalarType } from "./schema.ts";
export type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "./meta/object-meta.ts";
export {
  validateObjectMeta,
  validateObjectMetaUpdate,
  type MetadataRules,
} from "./validation/object-meta.ts";
export { nameMessages, type NameRule } from "./validation/names.ts";
export {
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
  zeroVersion,
} from "./validation/semantic-version.ts";
export {
  validateDeleteOptions,
  validateListOptions,
  validatePatchOptions,
  validateTableOptions,
  validateWriteOptions,
  type DeleteOptionsValue,
  type ListOptionsValue,
  type PatchOptions,
  type WriteOptions,
} from "./validation/options.ts";
export { leaseKind, type Lease, type LeaseSpec } from "./kinds/lease.ts";
export { namespaceKind, type Namespace } from "./kinds/namespace.ts";
export { parseFieldSelector, parseFieldTerms, type FieldSelector } from "./selectors/field-selector.ts";
export {
  labelSelectorOf,
  parseLabelRequirements,
  parseLabelSelector,
  type LabelSelector,
} from "./selectors/label-selector.ts";
export type { LabelRequirement } from "./selectors/label-requirement.ts";
export { decodeObject, type DecodedObject, type FieldValidation, type ObjectBody } from "./decode-object.ts";
export { decodePatched, type DecodedPatched, type PatchedText } from "./decode-patched.ts";
export { decodeJson, type DecodedJson, type JsonDecoding } from "./json/decode.ts";
export {
  encodeJson,
  encodeJsonFields,
  encodeJsonList,
  type JsonListParts,
  type MessageValue,
  type TypeMeta,
  withTypeMeta,
} from "./json/encode.ts";
export { compareText, encodeJsonValue, sortedKeys } from "./json/encode-value.ts";
export { prettyJson } from "./json/indent.ts";
export { jsonString } from "./json/json-text.ts";
export { exactText, goText } from "./json/go-text.ts";
export { type JsonParsing, parseJsonValue } from "./json/parse-json-value.ts";
export { decodeApply, type DecodedApply } from "./decode-apply.ts";
export { decodeDeleteOptions } from "./decode-delete-options.ts";
export { deleteOptionsTable, type DeleteOptions } from "./meta/delete-options.ts";
export {
  partialObjectMetadataListTable,
  partialObjectMetadataTable,
  type PartialObjectMetadata,
} from "./meta/partial-object-metadata.ts";
export { watchEventTable, type WatchEvent } from "./meta/watch-event.ts";
export {
  decodeProtobufFields,
  decodeProtobufWatchEvent,
  openProtobufEnvelope,
  type EnvelopeDecoding,
  type ProtobufDecoding,
  type WatchEventDecoding,
} from "./protobuf/decode.ts";
export {
  encodeProtobuf,
  encodeProtobufFields,
  encodeProtobufList,
  encodeProtobufWatchEvent,
  protobufEnvelope,
  protobufPrefix,
  type ProtobufListParts,
  type ProtobufWatchEvent,
} from "./protobuf/encode.ts";
export {
  encodeWatchFrame,
  type FrameReading,
  messageOfWatchFrame,
  WatchFrameReader,
} from "./protobuf/watch-frame.ts";
export type { MediaType } from "./read-body.ts";
export { isZeroTime, momentOf, readTime } from "./time/canonical-time.ts";
export { parseTime, timeText, type TimeType } from "./time/parse-time.ts";
export { listMeta as listMetaTable, type ListMeta } from "./meta/list-meta.ts";
export { objectMeta as objectMetaTable } from "./meta/object-meta.ts";
export { status as statusTable, type StatusBody } from "./meta/status.ts";
export { allKinds, allReviewKinds } from "./kinds/all.ts";
export { kindRegistry, type KindRegistry } from "./kinds/registry.ts";
export {
  leaseCandidateKind,
  leaseCandidateV1alpha2Kind,
  type LeaseCandidate,
  type LeaseCandidateSpec,
} from "./kinds/lease-candidate.ts";
export { clusterRoleBindingKind, type ClusterRoleBinding } from "./kinds/cluster-role-binding.ts";
export { clusterRoleKind, type ClusterRole } from "./kinds/cluster-role.ts";
export { roleBindingKind, type RoleBinding } from "./kinds/role-binding.ts";
export { roleKind, type Role } from "./kinds/role.ts";
export type { PolicyRule } from "./kinds/policy-rule.ts";
export type { RoleRef, Subject } from "./kinds/rbac-binding.ts";
export type {
  NonResourceAttributes,
  ResourceAttributes,
  SubjectAccessReviewStatus,
} from "./kinds/access-attributes.ts";
export {
  localSubjectAccessReviewKind,
  type LocalSubjectAccessReview,
} from "./kinds/local-subject-access-review.ts";
export {
  selfSubjectAccessReviewKind,
  type SelfSubjectAccessReview,
} from "./kinds/self-subject-access-review.ts";
export { selfSubjectReviewKind, type SelfSubjectReview, type UserInfo } from "./kinds/self-subject-review.ts";
export {
  selfSubjectRulesReviewKind,
  type SelfSubjectRulesReview,
  type SubjectRulesReviewStatus,
} from "./kinds/self-subject-rules-review.ts";
export { subjectAccessReviewKind, type SubjectAccessReview } from "./kinds/subject-access-review.ts";
export { jsonToYaml } from "./yaml/json-to-yaml.ts";
export { readYaml, type YamlReading } from "./yaml/yaml-to-json.ts";
