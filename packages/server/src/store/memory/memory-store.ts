import type { Clock } from "../../clock.ts";
import { History } from "../history.ts";
import { LocalStore, type LocalStoreBounds, localStoreBounds } from "../local-store.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store.ts";

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /** Other bounds than those of the limits table, for tests. */
  readonly bounds?: Partial<LocalStoreBounds> | undefined;
}

/** A store that forgets everything with its process: for tests, and for servers whose leases may start anew. */
export function openMemoryStore({ clock, bounds }: MemoryStoreOptions): Store {
  return new LocalStore({
    history: new History(),
    log: noLog,
    clock,
    bounds: localStoreBounds(bounds),
    gather: (commit) => commit(),
  });
}

const nothing = Promise.resolve();

const noLog: Log = {
  append: () => nothing,
  forget: () => {},
  settle: () => nothing,
  probe: () => nothing,
  close: () => nothing,
};
