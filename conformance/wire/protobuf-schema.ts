/** The messages of kube-apiserver that are met here, written down once more, so that two readers of them can disagree. */
export type Type = "string" | "bytes" | "int" | "bool" | keyof typeof messages;

/** Name, type and form of the member with a number; a list repeats, a map is a list of keys and values. */
export type Member = readonly [name: string, type: string, form?: "list" | "map"];

export const messages = {
  Unknown: {
    1: ["typeMeta", "TypeMeta"],
    2: ["raw", "bytes"],
    3: ["contentEncoding", "string"],
    4: ["contentType", "string"],
  },
  TypeMeta: { 1: ["apiVersion", "string"], 2: ["kind", "string"] },
  Time: { 1: ["seconds", "int"], 2: ["nanos", "int"] },
  FieldsV1: { 1: ["raw", "bytes"] },
  ManagedFields: {
    1: ["manager", "string"],
    2: ["operation", "string"],
    3: ["apiVersion", "string"],
    4: ["time", "Time"],
    6: ["fieldsType", "string"],
    7: ["fieldsV1", "FieldsV1"],
    8: ["subresource", "string"],
  },
  ObjectMeta: {
    1: ["name", "string"],
    2: ["generateName", "string"],
    3: ["namespace", "string"],
    4: ["selfLink", "string"],
    5: ["uid", "string"],
    6: ["resourceVersion", "string"],
    7: ["generation", "int"],
    8: ["creationTimestamp", "Time"],
    9: ["deletionTimestamp", "Time"],
    10: ["deletionGracePeriodSeconds", "int"],
    11: ["labels", "string", "map"],
    12: ["annotations", "string", "map"],
    14: ["finalizers", "string", "list"],
    17: ["managedFields", "ManagedFields", "list"],
  },
  ListMeta: {
    1: ["selfLink", "string"],
    2: ["resourceVersion", "string"],
    3: ["continue", "string"],
    4: ["remainingItemCount", "int"],
  },
  LeaseSpec: {
    1: ["holderIdentity", "string"],
    2: ["leaseDurationSeconds", "int"],
    3: ["acquireTime", "Time"],
    4: ["renewTime", "Time"],
    5: ["leaseTransitions", "int"],
    6: ["strategy", "string"],
    7: ["preferredHolder", "string"],
  },
  Lease: { 1: ["metadata", "ObjectMeta"], 2: ["spec", "LeaseSpec"] },
  LeaseList: { 1: ["metadata", "ListMeta"], 2: ["items", "Lease", "list"] },
  PartialObjectMetadata: { 1: ["metadata", "ObjectMeta"] },
  PartialObjectMetadataList: { 1: ["metadata", "ListMeta"], 2: ["items", "PartialObjectMetadata", "list"] },
  NamespaceSpec: { 1: ["finalizers", "string", "list"] },
  NamespaceStatus: { 1: ["phase", "string"] },
  Namespace: {
    1: ["metadata", "ObjectMeta"],
    2: ["spec", "NamespaceSpec"],
    3: ["status", "NamespaceStatus"],
  },
  StatusCause: { 1: ["reason", "string"], 2: ["message", "string"], 3: ["field", "string"] },
  StatusDetails: {
    1: ["name", "string"],
    2: ["group", "string"],
    3: ["kind", "string"],
    4: ["causes", "StatusCause", "list"],
    5: ["retryAfterSeconds", "int"],
    6: ["uid", "string"],
  },
  Status: {
    1: ["metadata", "ListMeta"],
    2: ["status", "string"],
    3: ["message", "string"],
    4: ["reason", "string"],
    5: ["details", "StatusDetails"],
    6: ["code", "int"],
  },
  DeleteOptions: {
    1: ["gracePeriodSeconds", "int"],
    2: ["preconditions", "Preconditions"],
    3: ["orphanDependents", "bool"],
    4: ["propagationPolicy", "string"],
    5: ["dryRun", "string", "list"],
  },
  Preconditions: { 1: ["uid", "string"], 2: ["resourceVersion", "string"] },
  RawExtension: { 1: ["raw", "bytes"] },
  WatchEvent: { 1: ["type", "string"], 2: ["object", "RawExtension"] },
} as const satisfies Record<string, Readonly<Record<number, Member>>>;

export function membersOf(message: string): Readonly<Record<number, Member>> {
  const members = Object.entries(messages).find(([name]) => name === message)?.[1];
  if (members === undefined) throw new Error(`the message ${message} is not written down`);
  return members;
}
