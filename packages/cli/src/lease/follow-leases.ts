import type { Lease } from "@leasehold/api";
import {
  reflect,
  type Reflection,
  type ResourceClient,
  type Selection,
  WatchRefusedError,
} from "@leasehold/client";
import { type Clock, delay } from "../clock.ts";
import { limits } from "../limits.ts";

export type LeaseNews =
  /** There at the first look. */
  | { readonly kind: "found"; readonly lease: Lease }
  | { readonly kind: "changed"; readonly lease: Lease }
  /** As it last was. */
  | { readonly kind: "deleted"; readonly lease: Lease }
  /** The first look is over. */
  | { readonly kind: "complete" }
  /** What is known grows old, until something is heard again. */
  | { readonly kind: "interrupted"; readonly error: Error };

/**
 * The leases of a selection and all that happens to them, until the loop over it is left. Where watching is not permitted, it lists them
 * again and again. Throws what waiting does not mend, such as a permission that is missing.
 */
export async function* followLeases(
  leases: ResourceClient<Lease>,
  { selection, clock }: { readonly selection: Selection; readonly clock: Clock },
): AsyncGenerator<LeaseNews, void, undefined> {
  const known = new KnownLeases();
  try {
    for await (const reflection of reflect(leases, selection)) yield* newsOf(reflection, known);
  } catch (error) {
    if (!(error instanceof WatchRefusedError)) throw error;
  }
  for (;;) {
    yield* known.replace(await Array.fromAsync(leases.list(selection)));
    await delay(clock, limits.pollEveryMs);
  }
}

function newsOf(reflection: Reflection<Lease>, known: KnownLeases): readonly LeaseNews[] {
  switch (reflection.kind) {
    case "state":
      return known.replace(reflection.objects);
    case "added":
    case "modified":
      return known.set(reflection.object);
    case "deleted":
      return known.delete(reflection.object);
    case "interrupted":
      return [{ kind: "interrupted", error: reflection.error }];
    case "progress":
      return [];
  }
}

/** What has been told, so that nothing is told twice when everything is read anew. */
class KnownLeases {
  readonly #leases = new Map<string, Lease>();
  #isComplete = false;

  replace(leases: readonly Lease[]): readonly LeaseNews[] {
    const present = new Set(leases.map(keyOf));
    const gone = [...this.#leases.values()].filter((lease) => !present.has(keyOf(lease)));
    const news = [
      ...gone.flatMap((lease) => this.delete(lease)),
      ...leases.flatMap((lease) => this.set(lease)),
    ];
    if (this.#isComplete) return news;
    this.#isComplete = true;
    return [...news, { kind: "complete" }];
  }

  set(lease: Lease): readonly LeaseNews[] {
    const before = this.#leases.get(keyOf(lease));
    this.#leases.set(keyOf(lease), lease);
    if (before?.metadata.resourceVersion === lease.metadata.resourceVersion) return [];
    return [{ kind: this.#isComplete ? "changed" : "found", lease }];
  }

  delete(lease: Lease): readonly LeaseNews[] {
    return this.#leases.delete(keyOf(lease)) ? [{ kind: "deleted", lease }] : [];
  }
}

export function keyOf({ metadata }: Lease): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}
