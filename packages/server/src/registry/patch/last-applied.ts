import {
  apiVersionOf,
  encodeJsonValue,
  type ApiObject,
  type JsonObject,
  type JsonValue,
  type ServedKind,
} from "@leasehold/api";
import { compare } from "../managed-fields/compare.ts";
import { difference, has } from "../managed-fields/field-set.ts";
import { isJsonObject } from "../managed-fields/json-value.ts";
import { asJson } from "../managed-fields/object-json.ts";
import type { Path } from "../managed-fields/path-element.ts";
import { objectSchema } from "../managed-fields/schema-type.ts";
import { toFieldSet } from "../managed-fields/to-field-set.ts";
import { validateTyped } from "../managed-fields/typed-validate.ts";
import { limits } from "../../limits.ts";

/** Where kubectl's client-side apply keeps what it applied. */
const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Whether a field may be taken from its owner because client-side apply set it and it still has that value. Undefined
 * when the object has no such configuration that can be read.
 */
export function allowedByLastApplied(
  kind: ServedKind,
  live: ApiObject,
): ((path: Path) => boolean) | undefined {
  const schema = objectSchema(kind.table);
  const applied = parseObject(live.metadata.annotations?.[annotation] ?? "");
  if (applied?.apiVersion !== apiVersionOf(kind) || typeof applied.kind !== "string" || applied.kind === "")
    return undefined;
  const options = { allowDuplicates: false };
  if (validateTyped(schema, asJson(live, kind.table), options).length > 0) return undefined;
  if (validateTyped(schema, applied, options).length > 0) return undefined;
  const { modified, added, removed } = compare(schema, { old: applied, new: asJson(live, kind.table) });
  const unchanged = difference(difference(difference(toFieldSet(schema, applied), modified), added), removed);
  return (path) => has(unchanged, path);
}

/** `object` with the annotation, where it has it, saying what was applied now; without it where it would be too long. */
export function withLastApplied(object: ApiObject, applied: JsonObject): ApiObject {
  const { annotations } = object.metadata;
  if ((annotations?.[annotation] ?? "") === "") return object;
  const { [annotation]: _, ...others } = annotations ?? {};
  const next = { ...others, [annotation]: `${encodeJsonValue(withoutAnnotation(applied))}\n` };
  const fits = bytesOf(next) <= limits.annotationsBytesMax;
  return { ...object, metadata: { ...object.metadata, annotations: fits ? next : others } };
}

function withoutAnnotation(applied: JsonObject): JsonObject {
  const { metadata } = applied;
  if (!isJsonObject(metadata)) return applied;
  const { annotations, ...rest } = metadata;
  if (!isJsonObject(annotations)) return { ...applied, metadata: rest };
  const { [annotation]: _, ...others } = annotations;
  return { ...applied, metadata: { ...rest, annotations: others } };
}

function bytesOf(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
