import type { JsonPart } from "./json-schema.ts";

export type ParameterName = keyof typeof described;

/** The parameters of an operation, in the order of their names. */
export function parameters(names: readonly ParameterName[]): readonly JsonPart[] {
  return names.toSorted().map((name) => {
    const { type, description, isInPath = false }: Described = described[name];
    const where = isInPath ? { in: "path", description, required: true } : { in: "query", description };
    return { name, ...where, schema: { type, uniqueItems: true } };
  });
}

export const listParameters: readonly ParameterName[] = [
  "allowWatchBookmarks",
  "continue",
  "fieldSelector",
  "labelSelector",
  "limit",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "shardSelector",
  "timeoutSeconds",
  "watch",
];
export const writeParameters: readonly ParameterName[] = ["dryRun", "fieldManager", "fieldValidation"];
export const deleteParameters: readonly ParameterName[] = [
  "dryRun",
  "gracePeriodSeconds",
  "ignoreStoreReadErrorWithClusterBreakingPotential",
  "orphanDependents",
  "propagationPolicy",
];
/** What a collection may be deleted by: all that selects, and all that says how. */
export const deleteCollectionParameters: readonly ParameterName[] = [
  ...listParameters.filter((name) => name !== "allowWatchBookmarks" && name !== "watch"),
  ...deleteParameters,
];

interface Described {
  readonly type: "string" | "integer" | "boolean";
  readonly description: string;
  readonly isInPath?: boolean;
}

const described = {
  name: { type: "string", description: "Name of the object.", isInPath: true },
  namespace: { type: "string", description: "Namespace of the object.", isInPath: true },
  pretty: { type: "string", description: "With `true` the JSON of the answer is indented." },
  allowWatchBookmarks: {
    type: "boolean",
    description: "A watch may tell of versions at which nothing happened.",
  },
  continue: { type: "string", description: "Asks for the page that follows the one that gave this token." },
  fieldSelector: { type: "string", description: "Limits the objects by their fields." },
  labelSelector: { type: "string", description: "Limits the objects by their labels." },
  limit: { type: "integer", description: "The most objects that a page may have." },
  resourceVersion: { type: "string", description: "The version at which to read, or from which to watch." },
  resourceVersionMatch: {
    type: "string",
    description: "Whether the version is meant exactly or as a minimum.",
  },
  sendInitialEvents: {
    type: "boolean",
    description:
      "A watch begins with the objects there are, and then says with a bookmark that these were all.",
  },
  shardSelector: { type: "string", description: "Limits the objects to a range of hashes. Not enabled." },
  timeoutSeconds: { type: "integer", description: "Seconds after which a list or watch ends." },
  watch: { type: "boolean", description: "Asks for changes instead of a list." },
  dryRun: { type: "string", description: "With `All` the request is carried out but nothing is stored." },
  fieldManager: { type: "string", description: "The name under which the written fields are recorded." },
  fieldValidation: {
    type: "string",
    description: "What unknown and repeated fields lead to: `Ignore`, `Warn` or `Strict`.",
  },
  force: {
    type: "boolean",
    description: "An apply takes fields from their managers. Only for apply patches.",
  },
  gracePeriodSeconds: { type: "integer", description: "Seconds given to the object to end by itself." },
  ignoreStoreReadErrorWithClusterBreakingPotential: {
    type: "boolean",
    description: "Deletes an object that cannot be read. Not enabled.",
  },
  orphanDependents: { type: "boolean", description: "Deprecated: use propagationPolicy." },
  propagationPolicy: {
    type: "string",
    description: "What becomes of dependent objects: `Orphan`, `Background` or `Foreground`.",
  },
} as const satisfies Readonly<Record<string, Described>>;
