import { statusErrors } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { Revision } from "../store/store.ts";
import type { Registry } from "./target.ts";

/** What is to be read, and how new it must be. */
export interface Wanted {
  readonly prefix: string;
  readonly revision: Revision;
}

/** Waits until the store shows a revision; refuses one that does not come within the bound, as kube-apiserver does. */
export async function awaitRevision({ store, clock }: Registry, wanted: Wanted): Promise<void> {
  const patience = new AbortController();
  const timer = clock.schedule(limits.awaitRevisionMsMax, () => patience.abort());
  const reached = await store.reach({ ...wanted, signal: patience.signal }).finally(() => timer.cancel());
  if (reached.kind === "reached") return;
  throw statusErrors.tooLargeResourceVersion({ wanted: wanted.revision, current: reached.revision });
}
