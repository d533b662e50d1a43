import { message, type ValueOf } from "../schema.ts";

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** Names an object that owns this one. */
export const ownerReference = message({
  name: "OwnerReference",
  package: metaPackage,
  description: "Identifies an object that owns the one it stands in, in the same namespace or cluster-wide.",
  fields: [
    {
      name: "apiVersion",
      number: 5,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "Group and version of the owner.",
    },
    {
      name: "kind",
      number: 1,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "Kind of the owner.",
    },
    {
      name: "name",
      number: 3,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "Name of the owner.",
    },
    {
      name: "uid",
      number: 4,
      type: "string",
      errorType: "types.UID",
      presence: "always",
      required: true,
      default: "",
      description: "UID of the owner.",
    },
    {
      name: "controller",
      number: 6,
      type: "bool",
      presence: "pointer",
      description: "Whether this owner is the controller that manages the object.",
    },
    {
      name: "blockOwnerDeletion",
      number: 7,
      type: "bool",
      presence: "pointer",
      description: "Whether a foreground deletion of the owner waits for this object.",
    },
  ],
});

/** Who set which fields, by what operation, in what version. */
export const managedFieldsEntry = message({
  name: "ManagedFieldsEntry",
  package: metaPackage,
  description: "The fields that one manager set by one kind of operation, in one version of the API.",
  fields: [
    {
      name: "manager",
      number: 1,
      type: "string",
      presence: "value",
      description: "Name of the program that manages these fields.",
    },
    {
      name: "operation",
      number: 2,
      type: "string",
      errorType: "v1.ManagedFieldsOperationType",
      presence: "value",
      description: "How the fields were set: Apply or Update.",
    },
    {
      name: "apiVersion",
      number: 3,
      type: "string",
      presence: "value",
      description: "The version of the API in which the fields are named.",
    },
    {
      name: "time",
      number: 4,
      type: "time",
      presence: "pointer",
      description: "When the manager last changed the set or a value in it.",
    },
    {
      name: "fieldsType",
      number: 6,
      type: "string",
      presence: "value",
      description: "The form of the field set. There is one: FieldsV1.",
    },
    {
      name: "fieldsV1",
      number: 7,
      type: "fields",
      presence: "pointer",
      description: "The set of fields.",
    },
    {
      name: "subresource",
      number: 8,
      type: "string",
      presence: "value",
      description: "The subresource through which the fields were set; empty for the object itself.",
    },
  ],
});

/** What every stored object carries. */
export const objectMeta = message({
  name: "ObjectMeta",
  package: metaPackage,
  description: "Metadata that every stored object has.",
  fields: [
    {
      name: "name",
      number: 1,
      type: "string",
      presence: "value",
      description: "Unique within the namespace; cannot be changed.",
    },
    {
      name: "generateName",
      number: 2,
      type: "string",
      presence: "value",
      description: "A prefix from which the server makes a unique name when none is given.",
    },
    {
      name: "namespace",
      number: 3,
      type: "string",
      presence: "value",
      description: "The namespace within which the name is unique; cannot be changed.",
    },
    {
      name: "selfLink",
      number: 4,
      type: "string",
      presence: "value",
      description: "No longer set by the server.",
    },
    {
      name: "uid",
      number: 5,
      type: "string",
      errorType: "types.UID",
      presence: "value",
      description:
        "Tells this object from every other, also from one of the same name before or after it. Set by the server.",
    },
    {
      name: "resourceVersion",
      number: 6,
      type: "string",
      presence: "value",
      description:
        "The version of the object's last write: an opaque text to compare for equality and to hand back in updates and watches. Set by the server.",
    },
    {
      name: "generation",
      number: 7,
      type: "int64",
      presence: "value",
      description: "Counts changes of the desired state, for kinds that keep count. Set by the server.",
    },
    {
      name: "creationTimestamp",
      number: 8,
      type: "time",
      presence: "value",
      description: "When the object was created. Set by the server.",
    },
    {
      name: "deletionTimestamp",
      number: 9,
      type: "time",
      presence: "pointer",
      description: "When the object is to be gone; set by the server once deletion was asked for.",
    },
    {
      name: "deletionGracePeriodSeconds",
      number: 10,
      type: "int64",
      presence: "pointer",
      description: "Seconds given to the object to end by itself. Set together with deletionTimestamp.",
    },
    {
      name: "labels",
      number: 11,
      type: "string",
      container: "map",
      presence: "value",
      description: "Names and values by which objects are selected.",
    },
    {
      name: "annotations",
      number: 12,
      type: "string",
      container: "map",
      presence: "value",
      description: "Names and values that are kept with the object and not interpreted.",
    },
    {
      name: "ownerReferences",
      number: 13,
      type: ownerReference,
      container: "list",
      presence: "value",
      listType: "map",
      listMapKeys: ["uid"],
      mapType: "atomic",
      patchStrategy: "merge",
      patchMergeKey: "uid",
      description: "The objects that this one depends on.",
    },
    {
      name: "finalizers",
      number: 14,
      type: "string",
      container: "list",
      presence: "value",
      listType: "set",
      patchStrategy: "merge",
      description: "Must be empty before the object is removed; each names who has work to do before that.",
    },
    {
      name: "managedFields",
      number: 17,
      type: managedFieldsEntry,
      container: "list",
      presence: "value",
      keepsEmpty: true,
      listType: "atomic",
      description: "Which manager set which fields. Kept by the server.",
    },
  ],
});

/** How every stored kind has it. */
export const metadataField = {
  name: "metadata",
  number: 1,
  type: objectMeta,
  presence: "always",
  default: {},
  description: "Standard metadata of the object.",
} as const;

/** How the kinds that are only asked have it. */
export const emptyMetadataField = {
  ...metadataField,
  description: "Standard metadata of the object; must be left empty.",
} as const;

export type ObjectMeta = ValueOf<typeof objectMeta>;
export type OwnerReference = ValueOf<typeof ownerReference>;
export type ManagedFieldsEntry = ValueOf<typeof managedFieldsEntry>;
