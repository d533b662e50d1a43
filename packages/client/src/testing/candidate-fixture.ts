import type { ElectionEvent } from "../election/election-event.ts";
import type { ElectorOptions } from "../election/elector-options.ts";
import { LeaderElector } from "../election/leader-elector.ts";
import type { Term } from "../election/term.ts";

/** A candidate that leads until it is told otherwise, as a test sees it. */
export interface Candidate {
  readonly identity: string;
  readonly events: readonly ElectionEvent[];
  /** Resolves with the next term that begins after the call; at once if one is live. */
  term(): Promise<Term>;
  /** Resolves when such an event comes, or if it already has since `after` events. */
  event<K extends ElectionEvent["kind"]>(
    kind: K,
    after?: number,
  ): Promise<ElectionEvent & { readonly kind: K }>;
  /** Ends the work of the present term; the candidacy goes on. */
  finishWork(): void;
  /** Ends the candidacy, and resolves when the lease is released. Rejects with what the loop over terms threw. */
  stop(): Promise<void>;
  /** Rejects when the loop over terms throws. */
  readonly done: Promise<void>;
}

export function stand(options: ElectorOptions): Candidate {
  const stopping = new AbortController();
  const events: ElectionEvent[] = [];
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  let present: Term | undefined;
  let finish = (): void => {};
  const elector = new LeaderElector({
    ...options,
    signal: stopping.signal,
    onEvent: (event) => {
      events.push(event);
      tell();
    },
  });
  const run = async (): Promise<void> => {
    for await (const term of elector) {
      present = term;
      tell();
      await new Promise<void>((resolve) => {
        finish = resolve;
        term.signal.addEventListener("abort", () => resolve());
        if (term.signal.aborted) resolve();
      });
      present = undefined;
    }
  };
  const done = run();
  done.catch(() => {});
  const until = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = look();
        if (found === undefined) return;
        listeners.delete(check);
        resolve(found);
      };
      listeners.add(check);
      done.then(() => reject(new Error("the candidacy has ended")), reject);
      check();
    });
  return {
    identity: elector.identity,
    events,
    done,
    term: () => until(() => (present?.isLive() === true ? present : undefined)),
    event: (kind, after = 0) => until(() => events.slice(after).find((event) => isOf(event, kind))),
    finishWork: () => finish(),
    async stop() {
      stopping.abort(new Error("the test stops it"));
      await done;
    },
  };
}

function isOf<K extends ElectionEvent["kind"]>(
  event: ElectionEvent,
  kind: K,
): event is ElectionEvent & { readonly kind: K } {
  return event.kind === kind;
}
