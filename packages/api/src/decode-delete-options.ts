import { type DeleteOptions, deleteOptionsTable } from "./meta/delete-options.ts";
import { type MediaType, readBody } from "./read-body.ts";
import { badRequest } from "./status-errors.ts";
import { missingVersion, notRegistered, type TypeRef } from "./type-ref.ts";

/**
 * Reads the options in a DELETE's body, or throws the StatusError (400) with which kube-apiserver refuses it. Nothing is
 * completed from a kind and nothing is strict; the options may come under any group's name.
 */
export function decodeDeleteOptions(bytes: Uint8Array, mediaType: MediaType): DeleteOptions {
  const reading = readBody({ bytes, mediaType, expected: deleteOptionsType, table: deleteOptionsTable });
  if (reading.kind === "unrecognized") throw badRequest(reading.message);
  const refusal = typeRefusal(reading.type, reading.source);
  if (refusal !== undefined) throw badRequest(refusal);
  const { value, error } = reading.read(deleteOptionsTable);
  if (error !== undefined) throw badRequest(error);
  // kube-apiserver forgets this one before it looks at the others, unless an alpha feature is on.
  const { ignoreStoreReadErrorWithClusterBreakingPotential: _, ...options } = value;
  return options;
}

const deleteOptionsType: TypeRef = { group: "meta.k8s.io", version: "v1", kind: "DeleteOptions" };

function typeRefusal(type: TypeRef, source: () => string): string | undefined {
  if (type.version === "") return missingVersion(source());
  if (type.kind === deleteOptionsType.kind) return undefined;
  const goType = goTypeOf(type);
  if (goType === undefined) return notRegistered(type);
  return `converting (${goType}) to (v1.DeleteOptions): unknown conversion`;
}

/** The types that may be told from options: a small scheme of its own beside that of all kinds. */
function goTypeOf({ group, version, kind }: TypeRef): string | undefined {
  if (unversioned.has(kind)) return `v1.${kind}`;
  const isKnown = group === "meta.k8s.io" && (versioned.get(version)?.has(kind) ?? false);
  return isKnown ? `${version}.${kind}` : undefined;
}

const unversioned: ReadonlySet<string> = new Set([
  "APIGroup",
  "APIGroupList",
  "APIResourceList",
  "APIVersions",
  "CreateOptions",
  "Status",
  "UpdateOptions",
]);

const inBothVersions = ["PartialObjectMetadata", "PartialObjectMetadataList", "Table", "TableOptions"];

const versioned: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["v1", new Set([...inBothVersions, "GetOptions", "ListOptions", "PatchOptions", "WatchEvent"])],
  ["v1beta1", new Set(inBothVersions)],
]);
