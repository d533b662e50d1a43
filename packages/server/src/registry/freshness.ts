import { statusErrors } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { Revision } from "../store/store.ts";
import type { Registry } from "./target.ts";

/** Waits until the store shows a revision; refuses one that does not come within the bound, as kube-apiserver does. */
export async function awaitRevision(registry: Registry, revision: Revision): Promise<void> {
  const { store, clock } = registry;
  if (store.revision >= revision) return;
  const patience = new AbortController();
  const timer = clock.schedule(limits.awaitRevisionMsMax, () => patience.abort());
  try {
    const query = { prefix: "/registry/", since: store.revision, signal: patience.signal };
    for await (const item of store.watch(query)) {
      if (store.revision >= revision || item.kind !== "changes") break;
    }
  } finally {
    timer.cancel();
  }
  if (store.revision >= revision) return;
  throw statusErrors.tooLargeResourceVersion({ wanted: revision, current: store.revision });
}
