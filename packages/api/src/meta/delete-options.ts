import { message, type ValueOf } from "../schema.ts";

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

const preconditions = message({
  name: "Preconditions",
  package: metaPackage,
  description: "What must be true of an object for it to be deleted.",
  fields: [
    {
      name: "uid",
      number: 1,
      type: "string",
      errorType: "types.UID",
      presence: "pointer",
      description: "The object has this UID.",
    },
    {
      name: "resourceVersion",
      number: 2,
      type: "string",
      presence: "pointer",
      description: "The object is at this version.",
    },
  ],
});

/** How an object is to be deleted: the body of a DELETE. */
export const deleteOptionsTable = message({
  name: "DeleteOptions",
  package: metaPackage,
  description: "How an object is to be deleted.",
  fields: [
    {
      name: "gracePeriodSeconds",
      number: 1,
      type: "int64",
      presence: "pointer",
      description: "Seconds given to the object to end by itself; 0 deletes it at once.",
    },
    {
      name: "preconditions",
      number: 2,
      type: preconditions,
      presence: "pointer",
      description: "What must be true of the object; else the answer is 409.",
    },
    {
      name: "orphanDependents",
      number: 3,
      type: "bool",
      presence: "pointer",
      description: "Superseded by propagationPolicy: whether objects owned by this one are left alone.",
    },
    {
      name: "propagationPolicy",
      number: 4,
      type: "string",
      errorType: "v1.DeletionPropagation",
      presence: "pointer",
      description: "What becomes of the objects owned by this one: Orphan, Background or Foreground.",
    },
    {
      name: "dryRun",
      number: 5,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "All: go through every stage but do not store the outcome.",
    },
    {
      name: "ignoreStoreReadErrorWithClusterBreakingPotential",
      number: 6,
      type: "bool",
      presence: "pointer",
      description: "Delete an object that cannot be read, past its finalizers. Has no effect here.",
    },
  ],
});

export type DeleteOptions = ValueOf<typeof deleteOptionsTable>;
