import { statusErrors, type ApiObject } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { Entry, ReadQuery, Write } from "../store/store.ts";
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
 *
 * What is in memory will do for the first decision: a write that rests on an old state does not succeed. Where nothing is to be
 * written there is no such guard, and so the decision must rest on the newest state.
 */
export async function guardedWrite(
  registry: Registry,
  target: ObjectTarget,
  decide: Decide,
): Promise<ApiObject> {
  const key = requestedKeyOf(target);
  let seen = await look(registry, { key, notOlderThan: 0 });
  for (let attempt = 0; attempt < limits.writeAttemptsMax; attempt += 1) {
    const { entry } = seen;
    const step = await stepFrom(target, entry, decide);
    if (step.kind !== "write") {
      const newest = seen.isNewest ? seen : await look(registry, { key });
      if (newest.entry === entry) return step.end();
      seen = newest;
      continue;
    }
    const result = await registry.store.write(writeOf({ key, value: step.value }, entry));
    switch (result.kind) {
      case "written":
        return step.written(result.entry);
      case "conflict":
        seen = { entry: result.current, isNewest: true };
        break;
      case "busy":
        throw statusErrors.tooManyRequests(busyMessage, limits.retryAfterSeconds);
      case "too-large":
        throw statusErrors.bodyTooLarge(result.bytesMax);
    }
  }
  throw statusErrors.conflict(resourceOf(target.kind), { name: target.name, because: crowdedMessage });
}

/** What was found under the key. */
interface Seen {
  readonly entry: Entry | undefined;
  readonly isNewest: boolean;
}

async function look(registry: Registry, query: ReadQuery): Promise<Seen> {
  const result = await registry.store.read(query);
  if (result.kind === "found") return result;
  return { entry: undefined, isNewest: result.kind === "absent" && result.isNewest };
}

/** What comes of a decision. */
type Step =
  | {
      readonly kind: "write";
      /** Undefined removes what is there. */
      readonly value: Uint8Array | undefined;
      readonly written: (entry: Entry) => ApiObject;
    }
  /** Nothing is written: this answers, or throws what the decision threw. */
  | { readonly kind: "end"; readonly end: () => ApiObject };

async function stepFrom({ kind }: ObjectTarget, entry: Entry | undefined, decide: Decide): Promise<Step> {
  const current = entry === undefined ? undefined : objectOf(kind, entry);
  let decision: Decision;
  try {
    decision = await decide(current);
  } catch (error) {
    return {
      kind: "end",
      end: () => {
        throw error;
      },
    };
  }
  const { object } = decision;
  if (decision.kind === "answer") return { kind: "end", end: () => decision.object };
  if (decision.kind === "remove")
    return { kind: "write", value: undefined, written: (removed) => object ?? objectOf(kind, removed) };
  const value = encodeStored(kind, decision.object);
  if (entry !== undefined && isSame(value, entry.value))
    return { kind: "end", end: () => objectOf(kind, entry) };
  return { kind: "write", value, written: (stored) => remember(kind, decision.object, stored) };
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
