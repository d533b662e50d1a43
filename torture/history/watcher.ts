import { setTimeout as pause } from "node:timers/promises";
import { reachedBy, type WatchItem, type WatchStart } from "../checkers/watch.ts";
import { type Body, connect } from "../deployments/connection.ts";
import type { Draw } from "../draw.ts";
import type { RecordedSession } from "./history.ts";
import type { Place } from "./lease-client.ts";

export interface WatcherOptions {
  readonly place: Place;
  readonly name: string;
  /** The one key that it asks for, or all. */
  readonly key: string | undefined;
  /** When the keys were still empty. */
  readonly firstRevision: number;
  /** The reference goes on where it was, whatever happens; others disconnect, and begin elsewhere. */
  readonly isReference: boolean;
  readonly draw: Draw;
}

/** Watches, one request after another, until it has seen the end. */
export class Watcher {
  readonly name: string;
  readonly key: string | undefined;
  readonly #options: WatcherOptions;
  /** Where it goes on when nothing else is decided; undefined: with the present state. */
  #reached: number | undefined;
  #end: number | undefined;
  #current: AbortController | undefined;
  #session: RecordedSession | undefined;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.name = options.name;
    this.key = options.key;
    this.#reached = options.firstRevision;
  }

  /** Resolves when `finish` was called and everything up to there has been told, or the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#current?.abort());
    while (!signal.aborted && !this.isDone) {
      const access = this.#accessToUse();
      if (access === undefined) await pause(20);
      else await this.#watch(access);
    }
  }

  /** The revision after which nothing comes. */
  finish(revision: number): void {
    this.#end = revision;
    if (this.isDone) this.#current?.abort();
  }

  #accessToUse(): Parameters<typeof connect>[0] | undefined {
    const running = this.#options.place.accesses();
    return running.length === 0 ? undefined : this.#options.draw.oneOf(running);
  }

  /** Whether it has been told everything up to where it was to finish. */
  get isDone(): boolean {
    const reached = this.#session === undefined ? undefined : reachedBy(this.#session);
    return this.#end !== undefined && reached !== undefined && reached >= this.#end;
  }

  async #watch(access: Parameters<typeof connect>[0]): Promise<void> {
    const { place, name, key, draw, isReference } = this.#options;
    const start = this.#chooseStart();
    const session = place.history.begin({ watcher: name, key, start });
    this.#session = session;
    const current = new AbortController();
    this.#current = current;
    const connection = connect(access);
    const itemsMax = isReference ? Infinity : draw.between(1, 400);
    try {
      for await (const line of connection.stream(
        `${place.leases}?${this.#query(start).toString()}`,
        current.signal,
      )) {
        const item = itemOf(line as Body);
        if (item === undefined) break;
        session.items.push(item);
        if (this.isDone) break;
        if (session.items.length >= itemsMax && this.#end === undefined) break;
      }
    } finally {
      connection.close();
    }
    const isExpired = session.items.at(-1)?.kind === "expired";
    this.#reached = isExpired ? undefined : reachedBy(session);
    // A server that refuses at once is not asked a thousand times a second.
    if (session.items.length === 0 || isExpired) await pause(draw.between(10, 50));
  }

  #chooseStart(): WatchStart {
    const { draw, firstRevision, isReference, place } = this.#options;
    const goOn: WatchStart =
      this.#reached === undefined ? { kind: "state" } : { kind: "after", revision: this.#reached };
    if (isReference || this.#reached === undefined || draw.chance(0.5)) return goOn;
    if (draw.chance(0.4)) return { kind: "state" };
    const newest = Math.max(firstRevision, place.history.newestRevision);
    return { kind: "after", revision: draw.between(Math.max(firstRevision, newest - 300), newest) };
  }

  #query(start: WatchStart): URLSearchParams {
    const { key, draw, isReference } = this.#options;
    const query = new URLSearchParams({ watch: "true", allowWatchBookmarks: "true" });
    // The server sends a bookmark two seconds before the end: short watches get many.
    query.set("timeoutSeconds", String(isReference ? 3600 : draw.between(3, 8)));
    if (key !== undefined) query.set("fieldSelector", `metadata.name=${key}`);
    if (start.kind === "after") query.set("resourceVersion", String(start.revision));
    else {
      query.set("sendInitialEvents", "true");
      query.set("resourceVersionMatch", "NotOlderThan");
    }
    return query;
  }
}

/** Undefined for what is no event, such as a refusal while the server starts or stops. */
function itemOf({ type, object, code }: Body): WatchItem | undefined {
  if (code === 410) return { kind: "expired" };
  const revision = Number(object?.metadata?.resourceVersion);
  switch (type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED": {
      const value = object?.spec?.holderIdentity ?? "";
      return { kind: "event", type, key: object?.metadata?.name ?? "", value, revision };
    }
    case "BOOKMARK": {
      const endsState = object?.metadata?.annotations?.["k8s.io/initial-events-end"] === "true";
      return { kind: "bookmark", revision, endsState };
    }
    case "ERROR":
      return object?.code === 410 ? { kind: "expired" } : undefined;
    default:
      return undefined;
  }
}
