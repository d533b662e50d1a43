import { bodySummary } from "./body-summary.ts";
import { type MediaType, type ReadableBody, readBody } from "./read-body.ts";
import type { ApiObject, ServedKind } from "./kind.ts";
import { apiVersionOf } from "./kind.ts";
import { partialObjectMetadataTable } from "./meta/partial-object-metadata.ts";
import { quote } from "./quote.ts";
import { strictWarnings } from "./strict-warnings.ts";
import { badRequest } from "./status-errors.ts";
import {
  groupVersionText,
  hubTypeOf,
  missingVersion,
  notRegistered,
  registeredGoType,
  type TypeRef,
} from "./type-ref.ts";

/** What happens to fields that a body has twice or that the kind does not have. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** A body that is to be an object of a kind. */
export interface ObjectBody {
  readonly bytes: Uint8Array;
  readonly mediaType: MediaType;
  /** The kind and version that the URL names. */
  readonly kind: ServedKind;
  /** All kinds of the server, to tell a wrong kind from an unknown one. */
  readonly kinds: readonly ServedKind[];
  readonly fieldValidation: FieldValidation;
}

export interface DecodedObject {
  readonly object: ApiObject;
  /** Texts for Warning headers, e.g. `unknown field "spec.bogus"`. */
  readonly warnings: readonly string[];
}

/**
 * Reads the object in a body, or throws the StatusError (400) with which kube-apiserver refuses it: the bytes are not of
 * their media type, name another type, or hold values that do not fit.
 */
export function decodeObject(body: ObjectBody): DecodedObject {
  const { kind, bytes } = body;
  const reading = readBody({ bytes, mediaType: body.mediaType, expected: kind, table: kind.table });
  if (reading.kind === "unrecognized")
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): ${reading.message} (${bodySummary(bytes)})`,
    );
  const { type } = reading;
  const cannotBeHandled = (because: string) =>
    badRequest(
      `${type.kind} in version ${quote(type.version)} cannot be handled as a ${kind.kind}: ${because}`,
    );
  const refusal = typeRefusal(reading, body);
  if (refusal !== undefined) throw cannotBeHandled(refusal);
  const { value, error, strictErrors } = reading.read(kind.table);
  if (error !== undefined) throw cannotBeHandled(error);
  if (body.fieldValidation === "Strict" && strictErrors.length > 0)
    throw cannotBeHandled(`strict decoding error: ${strictErrors.join(", ")}`);
  if (type.group !== kind.group || type.version !== kind.version)
    throw badRequest(
      `the API version in the data (${groupVersionText(type)}) does not match the expected API version (${groupVersionText(kind)})`,
    );
  return {
    object: { ...value, apiVersion: apiVersionOf(kind), kind: kind.kind } as unknown as ApiObject,
    warnings: body.fieldValidation === "Warn" ? strictErrors.flatMap((text) => strictWarnings(text)) : [],
  };
}

/** Why an object of the body's type cannot become one of the kind, whatever version either is of. */
export function typeRefusal(
  reading: ReadableBody,
  { kind, kinds }: Pick<ObjectBody, "kind" | "kinds">,
): string | undefined {
  const { type } = reading;
  if (isSame(kind, type)) return undefined;
  if (type.version === "") return missingVersion(reading.source());
  if (isHub(type, kind)) return undefined;
  const goType = registeredGoType(type);
  if (goType === undefined) return notRegistered(type);
  if (type.group === kind.group && type.kind === kind.kind) return undefined;
  const other = kinds.find((known) => isSame(known, type))?.table ?? partialObjectMetadataTable;
  return reading.read(other).error ?? `converting (${goType}) to (${hubTypeOf(kind)}): unknown conversion`;
}

/** Bodies may name even the form that kube-apiserver handles inside; only the version is refused then. */
function isHub(type: TypeRef, kind: ServedKind): boolean {
  return type.version === "__internal" && type.group === kind.group && type.kind === kind.kind;
}

function isSame(known: ServedKind, type: TypeRef): boolean {
  return known.group === type.group && known.version === type.version && known.kind === type.kind;
}
