import type { ApiObject, Lease, LeaseCandidate } from "@leasehold/api";
import { leaseCandidateKind, leaseCandidateV1alpha2Kind, leaseKind } from "@leasehold/api";
import type { Connection } from "../connection/connection.ts";
import { ApiError } from "../connection/errors.ts";
import type {
  CandidateAccess,
  LeaseAccess,
  LeaseCollectionAccess,
  ListOutcome,
  ObjectAccess,
  ObjectNews,
  ReadOutcome,
  WriteOutcome,
} from "../election/object-access.ts";
import { failureOf } from "./access-failure.ts";
import { offeredKind } from "./offered-kind.ts";
import { ResourceClient } from "./resource-client.ts";

/** Which object. */
export interface ObjectPlace {
  readonly namespace: string;
  readonly name: string;
}

/** A lease at a server, for elections. It is asked and watched over the connection's lane for elections. */
export function leaseAccess(connection: Connection, place: ObjectPlace): LeaseAccess {
  const leases = new ResourceClient(connection.elections, leaseKind, place.namespace);
  return objectAccess(place, async () => leases);
}

/**
 * A LeaseCandidate at a server, in the newest version that the server offers; it is asked at the first use. Where it offers none, every
 * method is `refused`.
 */
export function candidateAccess(connection: Connection, place: ObjectPlace): CandidateAccess {
  let found: Promise<ResourceClient<LeaseCandidate>> | undefined;
  const find = async (): Promise<ResourceClient<LeaseCandidate>> => {
    const kind = await offeredKind(connection.elections, [leaseCandidateKind, leaseCandidateV1alpha2Kind]);
    return new ResourceClient(connection.elections, kind, place.namespace);
  };
  return objectAccess(place, () => {
    found ??= find().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  });
}

/** The leases of a namespace, or of a selection in it. */
export function leaseCollectionAccess(
  connection: Connection,
  { namespace, labelSelector }: { readonly namespace: string; readonly labelSelector?: string | undefined },
): LeaseCollectionAccess {
  const leases = new ResourceClient(connection, leaseKind, namespace);
  return {
    namespace,
    async list(attempt): Promise<ListOutcome> {
      try {
        const found: Lease[] = [];
        let resourceVersion = "";
        for await (const page of leases.pages({ ...attempt, labelSelector })) {
          found.push(...page.items);
          resourceVersion = page.metadata.resourceVersion ?? "";
        }
        return { kind: "listed", leases: found, resourceVersion };
      } catch (error) {
        return failureOf(error, attempt.signal);
      }
    },
    watch: (since, { signal }) => newsOf({ client: async () => leases, signal }, { labelSelector, since }),
  };
}

function objectAccess<O extends ApiObject>(
  { namespace, name }: ObjectPlace,
  client: () => Promise<ResourceClient<O>>,
): ObjectAccess<O> {
  return {
    namespace,
    name,
    async read(attempt): Promise<ReadOutcome<O>> {
      try {
        return { kind: "found", object: await (await client()).get(name, attempt) };
      } catch (error) {
        return isAbsent(error, name) ? { kind: "absent" } : failureOf(error, attempt.signal);
      }
    },
    async write(object, attempt): Promise<WriteOutcome<O>> {
      const creates = object.metadata.resourceVersion === undefined;
      try {
        const objects = await client();
        const written = await (creates ? objects.create(object, attempt) : objects.replace(object, attempt));
        return { kind: "written", object: written };
      } catch (error) {
        const lost = error instanceof ApiError && error.code === 409;
        if (lost || (!creates && isAbsent(error, name))) return { kind: "conflict" };
        return failureOf(error, attempt.signal);
      }
    },
    watch: (since, { signal }) =>
      newsOf({ client, signal }, { fieldSelector: `metadata.name=${name}`, since }),
  };
}

interface NewsSource<O extends ApiObject> {
  readonly client: () => Promise<ResourceClient<O>>;
  readonly signal: AbortSignal;
}

interface NewsSelection {
  readonly fieldSelector?: string;
  readonly labelSelector?: string | undefined;
  readonly since: string;
}

async function* newsOf<O extends ApiObject>(
  { client, signal }: NewsSource<O>,
  { since, ...selection }: NewsSelection,
): AsyncGenerator<ObjectNews<O>, void, undefined> {
  try {
    const objects = await client();
    for await (const event of objects.watch({ ...selection, resourceVersion: since, signal })) {
      if (event.kind === "bookmark") continue;
      yield { kind: event.kind === "deleted" ? "deleted" : "seen", object: event.object };
    }
  } catch (error) {
    // A version that is too old is no failure: whoever watches reads anew, as after any other end.
    if (signal.aborted || (error instanceof ApiError && error.code === 410)) return;
    yield failureOf(error, signal);
  }
}

/** Whether it is this object that is not there, and not its namespace or the whole API. */
function isAbsent(error: unknown, name: string): boolean {
  return (
    error instanceof ApiError &&
    error.reason === "NotFound" &&
    error.details?.name === name &&
    error.details.kind !== "namespaces"
  );
}
