import type { WatchItem, WatchStart } from "../checkers/watch.ts";
import type { Operation } from "./operation.ts";

/** What one round of clients and watchers did and was told. */
export class History {
  readonly operations: Operation[] = [];
  readonly sessions: RecordedSession[] = [];
  #ticks = 0;

  /** The moment of a call or a return. */
  tick(): number {
    this.#ticks += 1;
    return this.#ticks;
  }

  /** The revision of the last acknowledged write, for watchers that begin somewhere. */
  get newestRevision(): number {
    return this.#newestRevision;
  }

  #newestRevision = 0;

  get acknowledgedWrites(): number {
    return this.#acknowledgedWrites;
  }

  #acknowledgedWrites = 0;

  add(operation: Operation): void {
    this.operations.push(operation);
    if (operation.kind !== "write" || operation.outcome.kind !== "done") return;
    this.#acknowledgedWrites += 1;
    this.#newestRevision = Math.max(this.#newestRevision, operation.outcome.revision ?? 0);
  }

  begin(session: Omit<RecordedSession, "items">): RecordedSession {
    const begun = { ...session, items: [] };
    this.sessions.push(begun);
    return begun;
  }
}

/** A session that is still being told. */
export interface RecordedSession {
  readonly watcher: string;
  readonly key: string | undefined;
  readonly start: WatchStart;
  readonly items: WatchItem[];
}
