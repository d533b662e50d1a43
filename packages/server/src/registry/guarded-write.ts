import { statusErrors, type ApiObject } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { Entry, Write } from "../store/store.ts";
import { encodeStored, objectOf, remember } from "./stored-object.ts";
import { requestedKeyOf, resourceOf, type ObjectTarget, type Registry } from "./target.ts";

/** What is to be done about the object that is there now. */
export type Decision =
  /** Stores the object in its place; an object that equals it is not written again. */
  | { readonly kind: "store"; readonly object: ApiObject }
  /** Removes it; the answer is `object`, or the last state under the deletion's version when there is none. */
  | { readonly kind: "remove"; readonly object?: ApiObject }
  /** Writes nothing: a dry run, or there is nothing to do. */
  | { readonly kind: "answer"; readonly object: ApiObject };

/** Decides about the present state. Called again with the newer one when somebody else was faster; refuses by throwing. */
export type Decide = (current: ApiObject | undefined) => Decision | Promise<Decision>;

/**
 * The one way in which objects change: read, decide, and write if nothing has changed since. The loop ends because each round
 * that fails is a round in which another writer succeeded, and because it is bounded.
 */
export async function guardedWrite(
  registry: Registry,
  target: ObjectTarget,
  decide: Decide,
): Promise<ApiObject> {
  const key = requestedKeyOf(target);
  let entry = await currentEntry(registry, key);
  for (let attempt = 0; attempt < limits.writeAttemptsMax; attempt += 1) {
    const current = entry === undefined ? undefined : objectOf(target.kind, entry);
    const decision = await decide(current);
    if (decision.kind === "answer") return decision.object;
    const value = decision.kind === "remove" ? undefined : encodeStored(target.kind, decision.object);
    if (value !== undefined && entry !== undefined && isSame(value, entry.value)) {
      return objectOf(target.kind, entry);
    }
    const result = await registry.store.write(writeOf({ key, value }, entry));
    switch (result.kind) {
      case "written":
        if (decision.kind === "remove") return decision.object ?? current ?? unreachable(key);
        return remember(target.kind, decision.object, result.entry);
      case "conflict":
        entry = result.current;
        break;
      case "busy":
        throw statusErrors.tooManyRequests(busyMessage, limits.retryAfterSeconds);
      case "too-large":
        throw statusErrors.bodyTooLarge(result.bytesMax);
    }
  }
  throw statusErrors.conflict(resourceOf(target.kind), { name: target.name, because: crowdedMessage });
}

async function currentEntry(registry: Registry, key: string): Promise<Entry | undefined> {
  const result = await registry.store.read({ key });
  return result.kind === "found" ? result.entry : undefined;
}

function writeOf(wanted: { key: string; value: Uint8Array | undefined }, entry: Entry | undefined): Write {
  const { key, value } = wanted;
  if (value !== undefined) return { key, value, expect: entry?.revision ?? "absent" };
  return entry === undefined ? unreachable(key) : { key, value, expect: entry.revision };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}

function unreachable(key: string): never {
  throw statusErrors.internalError(`nothing to remove at ${key}`);
}

const busyMessage = "the store has too many writes waiting, please try again";
const crowdedMessage = "too many others are writing this object";
