import type { ApiObject } from "@leasehold/api";
import { type Clock, delay } from "../clock.ts";
import {
  ApiError,
  ConnectionError,
  SettingsError,
  UnauthorizedError,
  UnreadableAnswerError,
} from "../connection/errors.ts";
import { limits } from "../limits.ts";
import type { ResourceClient, Selection } from "../resources/resource-client.ts";
import { Backoff, type PausedAfter } from "../backoff.ts";
import type { WatchEvent } from "./watch-event.ts";

/** What is known of a selection of objects, as it changes. */
export type Reflection<O extends ApiObject> =
  /** All there is, at one version: at the beginning, and whenever changes were missed. What it lacks is gone. */
  | State<O>
  /** One change behind the last state or change. A deletion brings the object as it last was. */
  | { readonly kind: "added" | "modified" | "deleted"; readonly object: O; readonly resourceVersion: string }
  /** Nothing else has happened up to this version: what is known is that fresh. */
  | { readonly kind: "progress"; readonly resourceVersion: string }
  /** What is known grows old: the server is not reached, or refuses for the time being. Another attempt follows by itself. */
  | { readonly kind: "interrupted"; readonly error: Error; readonly retryInMs: number };

interface State<O extends ApiObject> {
  readonly kind: "state";
  readonly objects: readonly O[];
  readonly resourceVersion: string;
}

export interface ReflectOptions extends Selection {
  /** Ends it; the loop over it just ends. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Follows a selection of objects for as long as it is asked to: their state, then every change, in order and without a gap. It resumes from
 * the last version after a broken connection or a restart, and begins anew with a state where that is too old (410). It throws only what
 * waiting does not mend: WatchRefusedError (poll instead), ForbiddenError, and an ApiError where the request itself is wrong.
 */
export async function* reflect<O extends ApiObject>(
  client: ResourceClient<O>,
  options: ReflectOptions = {},
): AsyncGenerator<Reflection<O>, void, undefined> {
  const { signal } = options;
  const { connection } = client;
  const backoff = new Backoff(connection.random, { firstMs: limits.retryMsMin, mostMs: limits.retryMsMax });
  const reflector = new Reflector(client, options);
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    let error: Error | undefined;
    try {
      yield* reflector.round();
    } catch (thrown) {
      if (isOver()) return;
      if (!mayPass(thrown)) throw thrown;
      error = thrown;
    }
    if (reflector.wasGood) backoff.reset();
    if (error === undefined && reflector.wasGood) continue;
    const retryInMs = backoff.next(pausedAfter(error));
    if (error !== undefined && !isExpired(error)) yield { kind: "interrupted", error, retryInMs };
    await delay(connection.clock, retryInMs, signal);
  }
}

/** What is known of the stream of changes from one watch request to the next. */
class Reflector<O extends ApiObject> {
  readonly #clock: Clock;
  readonly #client: ResourceClient<O>;
  readonly #options: ReflectOptions;
  /** Everything up to here was told; undefined when a state is needed. */
  #toldVersion: string | undefined;
  #listsInstead = false;
  #watchingSinceMs = Number.POSITIVE_INFINITY;

  constructor(client: ResourceClient<O>, options: ReflectOptions) {
    this.#clock = client.connection.clock;
    this.#client = client;
    this.#options = options;
  }

  /** Whether the last watch has lasted; a server that ends each at once is not asked without a pause. */
  get wasGood(): boolean {
    return this.#clock.monotonicMs() - this.#watchingSinceMs >= limits.goodWatchMsMin;
  }

  /** One watch, with a state before it if one is needed. Ends when the server ends it. */
  async *round(): AsyncGenerator<Reflection<O>, void, undefined> {
    this.#watchingSinceMs = Number.POSITIVE_INFINITY;
    try {
      if (this.#toldVersion !== undefined) return yield* this.#watchFrom(this.#toldVersion);
      if (!this.#listsInstead) yield* this.#watchFromState();
      if (!this.#listsInstead) return;
      const state = await this.#list();
      yield state;
      yield* this.#watchFrom(state.resourceVersion);
    } catch (error) {
      // Changes were missed: the next round begins with a state.
      if (isExpired(error)) this.#toldVersion = undefined;
      throw error;
    }
  }

  async #list(): Promise<State<O>> {
    const objects: O[] = [];
    let resourceVersion = "";
    for await (const page of this.#client.pages(this.#options)) {
      objects.push(...page.items);
      resourceVersion = page.metadata.resourceVersion ?? "";
    }
    return this.#state(objects, resourceVersion);
  }

  /** The state comes by the watch itself, and a bookmark ends it: neither side has to keep pages. */
  async *#watchFromState(): AsyncGenerator<Reflection<O>, void, undefined> {
    const objects = new Map<string, O>();
    try {
      for await (const event of this.#client.watch({ ...this.#options, sendInitialEvents: true })) {
        if (this.#toldVersion !== undefined) yield this.#told(event);
        else if (event.kind !== "bookmark") collect(objects, event);
        else if (event.endsInitialEvents) yield this.#state([...objects.values()], event.resourceVersion);
        // A server that does not know the parameter begins with a state of which it does not tell the end.
        else throw new NoInitialEvents();
      }
    } catch (error) {
      if (this.#toldVersion !== undefined || !isUnknownToServer(error)) throw error;
      this.#listsInstead = true;
    }
  }

  async *#watchFrom(resourceVersion: string): AsyncGenerator<Reflection<O>, void, undefined> {
    this.#watchingSinceMs = this.#clock.monotonicMs();
    for await (const event of this.#client.watch({ ...this.#options, resourceVersion }))
      yield this.#told(event);
  }

  #state(objects: readonly O[], resourceVersion: string): State<O> {
    this.#toldVersion = resourceVersion;
    this.#watchingSinceMs = this.#clock.monotonicMs();
    return { kind: "state", objects, resourceVersion };
  }

  #told(event: WatchEvent<O>): Reflection<O> {
    if (event.kind === "bookmark") {
      this.#toldVersion = event.resourceVersion;
      return { kind: "progress", resourceVersion: event.resourceVersion };
    }
    const { kind, object } = event;
    const resourceVersion = object.metadata.resourceVersion ?? "";
    this.#toldVersion = resourceVersion;
    return { kind, object, resourceVersion };
  }
}

/** The server began to tell its state and did not end it. */
class NoInitialEvents extends Error {}

/** Servers before Kubernetes 1.32, or with the feature off. */
function isUnknownToServer(error: unknown): boolean {
  return (
    error instanceof NoInitialEvents ||
    (error instanceof ApiError && (error.code === 400 || error.code === 422))
  );
}

function collect<O extends ApiObject>(
  objects: Map<string, O>,
  event: { readonly kind: string; readonly object: O },
): void {
  const { namespace = "", name = "" } = event.object.metadata;
  if (event.kind === "deleted") objects.delete(`${namespace}/${name}`);
  else objects.set(`${namespace}/${name}`, event.object);
}

/** Whether another attempt may go better. What is wrong with the request itself stays wrong. */
function mayPass(error: unknown): error is Error {
  if (error instanceof UnauthorizedError) return true;
  if (error instanceof ApiError)
    return error.code === 410 || error.code === 408 || error.code === 429 || error.code >= 500;
  return (
    error instanceof ConnectionError ||
    error instanceof UnreadableAnswerError ||
    error instanceof SettingsError
  );
}

function isExpired(error: unknown): boolean {
  return error instanceof ApiError && error.code === 410;
}

function pausedAfter(error: Error | undefined): PausedAfter {
  const seconds = error instanceof ApiError ? error.retryAfterSeconds : undefined;
  return { kind: error?.name ?? "end", retryAfterMs: seconds === undefined ? undefined : seconds * 1000 };
}
