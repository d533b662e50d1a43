import { setTimeout as pause } from "node:timers/promises";
import { reachedBy, type WatchItem, type WatchStart } from "../checkers/watch.ts";
import { type Access, type Body, connect } from "../deployments/connection.ts";
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
  /**
   * The reference for one server, by its place among them: it stays there and goes on where it was, whatever happens. Others
   * disconnect, and begin elsewhere.
   */
  readonly referenceOf: number | undefined;
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

  get isReference(): boolean {
    return this.#options.referenceOf !== undefined;
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

  #accessToUse(): Access | undefined {
    const { place, referenceOf } = this.#options;
    const accesses = place.accesses();
    if (referenceOf !== undefined) return accesses[referenceOf];
    const running = accesses.filter((access) => access !== undefined);
    return running.length === 0 ? undefined : this.#options.draw.oneOf(running);
  }

  /** Whether it has been told everything up to where it was to finish. */
  get isDone(): boolean {
    if (this.#end === undefined || this.#session === undefined) return false;
    return (reachedBy(this.#session) ?? 0) >= this.#end;
  }

  async #watch(access: Access): Promise<void> {
    const { place, name, key, draw, referenceOf } = this.#options;
    const start = this.#chooseStart();
    const session = place.history.begin({ watcher: name, key, start });
    this.#session = session;
    const current = new AbortController();
    this.#current = current;
    const connection = connect(access);
    const itemsMax = referenceOf !== undefined ? Infinity : draw.between(1, 400);
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
    const { draw, firstRevision, referenceOf, place } = this.#options;
    const goOn: WatchStart =
      this.#reached === undefined ? { kind: "state" } : { kind: "after", revision: this.#reached };
    if (referenceOf !== undefined || this.#reached === undefined || draw.chance(0.5)) return goOn;
    if (draw.chance(0.4)) return { kind: "state" };
    const newest = Math.max(firstRevision, place.history.newestRevision);
    return { kind: "after", revision: draw.between(Math.max(firstRevision, newest - 300), newest) };
  }

  #query(start: WatchStart): URLSearchParams {
    const { key, draw, referenceOf } = this.#options;
    const query = new URLSearchParams({ watch: "true", allowWatchBookmarks: "true" });
    // The server sends a bookmark two seconds before the end: short watches get many.
    query.set("timeoutSeconds", String(referenceOf !== undefined ? 3600 : draw.between(3, 8)));
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
