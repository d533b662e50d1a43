import {
  statusErrors,
  validateObjectMeta,
  type ApiObject,
  type FieldError,
  type Kind,
  type ObjectMeta,
} from "@leasehold/api";
import { inRequestNamespace } from "./request-namespace.ts";
import type { CollectionTarget, Registry } from "./target.ts";
import { timestamp } from "./timestamp.ts";

/** The metadata of an object that a client wants created, without what only the server may say. */
export function wipeSystemFields(object: ApiObject): ApiObject {
  const metadata: ObjectMeta = {
    ...object.metadata,
    creationTimestamp: undefined,
    uid: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    selfLink: undefined,
  };
  return { ...object, metadata };
}

/** The metadata of a new object: its uid, its time, and its name where the server is to make one. */
export function fillSystemFields(registry: Registry, object: ApiObject): ApiObject {
  const { metadata } = object;
  const prefix = metadata.generateName ?? "";
  const name = metadata.name ?? (prefix === "" ? undefined : generatedName(registry, prefix));
  return {
    ...object,
    metadata: {
      ...metadata,
      name,
      uid: registry.random.uuid(),
      creationTimestamp: timestamp(registry.clock),
    },
  };
}

/** What holds for every object that is created. Refuses with a 422 that lists all that is wrong. */
export function beforeCreate(target: CollectionTarget, wanted: ApiObject): ApiObject {
  const { kind } = target;
  const object = kind.rules.prepareForCreate(inRequestNamespace(wanted, target));
  refuseInvalid(kind, object, kind.rules.validate(object));
  refuseInvalid(kind, object, validateObjectMeta(object.metadata, { scope: kind.scope, name: "segment" }));
  return kind.rules.canonicalize(object);
}

/** Refuses an object with field errors. */
export function refuseInvalid(kind: Kind, object: ApiObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw statusErrors.invalid(kind, { name: object.metadata.name ?? "", errors });
}

/** Five characters behind the prefix, which is cut so that the whole stays within a label's 63. */
function generatedName(registry: Registry, prefix: string): string {
  return prefix.slice(0, generatedPrefixCharsMax) + registry.random.alphanumeric(generatedCharsCount);
}

const generatedCharsCount = 5;
const generatedPrefixCharsMax = 63 - generatedCharsCount;
