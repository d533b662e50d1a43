import type { ApiObject, Kind } from "@leasehold/api";
import { follow } from "../registry/follow.ts";
import { objectOf } from "../registry/stored-object.ts";
import { kindPrefixOf, type Registry } from "../registry/target.ts";
import type { Entry } from "../store/store.ts";
import { Policy, type PolicyPart, type PolicyParts, type PolicyPlace } from "./policy.ts";

export interface FollowedPolicy {
  readonly policy: Policy;
  /** Stops following. Idempotent. */
  close(): Promise<void>;
}

export type PolicyKinds = Readonly<Record<PolicyPart, Kind>>;

/**
 * Keeps the policy equal to what is stored. Resolves once everything is read. A write is in force before the request that comes
 * after its acknowledgement is looked at: what is acknowledged is handed to the followers in the same turn of the event loop.
 */
export async function followPolicy(registry: Registry, kinds: PolicyKinds): Promise<FollowedPolicy> {
  const policy = new Policy();
  const closing = new AbortController();
  const followers = parts.map((part) =>
    followPart({ registry, kind: kinds[part], policy, part }, closing.signal),
  );
  await Promise.all(followers.map(({ loaded }) => loaded));
  return {
    policy,
    async close() {
      closing.abort();
      await Promise.all(followers.map(({ ended }) => ended));
    },
  };
}

const parts: readonly PolicyPart[] = ["roles", "rolebindings", "clusterroles", "clusterrolebindings"];

interface FollowedPart {
  readonly registry: Registry;
  readonly kind: Kind;
  readonly policy: Policy;
  readonly part: PolicyPart;
}

interface Follower {
  readonly loaded: Promise<void>;
  readonly ended: Promise<void>;
}

function followPart(followed: FollowedPart, signal: AbortSignal): Follower {
  const loaded = Promise.withResolvers<void>();
  const ended = run(followed, { signal, onLoaded: loaded.resolve });
  // Without a policy there is nothing to decide by: a server that cannot read it must not start.
  ended.then(loaded.resolve, loaded.reject);
  return { loaded: loaded.promise, ended };
}

async function run(
  followed: FollowedPart,
  { signal, onLoaded }: { readonly signal: AbortSignal; readonly onLoaded: () => void },
): Promise<void> {
  const { registry, kind, policy, part } = followed;
  for await (const item of follow(registry, kind, signal)) {
    if (item.kind === "state") {
      policy.clear(part);
      for (const entry of item.entries) take(followed, entry.key, entry);
      onLoaded();
    } else {
      for (const { key, after } of item.changes) take(followed, key, after);
    }
  }
}

function take({ kind, policy, part }: FollowedPart, key: string, entry: Entry | undefined): void {
  const object = entry === undefined ? undefined : partOf(objectOf(kind, entry));
  policy.set(part, placeOf(kind, key), object);
}

/** `/registry/roles/team-a/edit` is `edit` in `team-a`; `/registry/clusterroles/edit` is in no namespace. */
function placeOf(kind: Kind, key: string): PolicyPlace {
  const place = key.slice(kindPrefixOf(kind).length);
  const slash = kind.scope === "cluster" ? -1 : place.indexOf("/");
  return { namespace: place.slice(0, Math.max(slash, 0)), name: place.slice(slash + 1) };
}

/** What was stored passed the rules of its kind, so it has the shape. */
function partOf(object: ApiObject): PolicyParts[PolicyPart] {
  return { ...object, labels: object.metadata.labels ?? {} };
}
