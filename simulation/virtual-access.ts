import type { Lease } from "@leasehold/api";
import type {
  AccessFailure,
  Attempt,
  Clock,
  LeaseAccess,
  ObjectNews,
  ReadOutcome,
  WriteOutcome,
} from "@leasehold/client";
import type { Answer, LeaseServer, Subscription } from "./lease-server.ts";
import type { Link } from "./link.ts";
import type { Machine } from "./machine.ts";

export interface VirtualAccessParts {
  readonly machine: Machine;
  readonly link: Link;
  readonly server: LeaseServer;
  readonly name: string;
  readonly isWatchPermitted: boolean;
}

/** The port of an election over the virtual network, for the process that runs on the machine now. */
export function virtualAccess(parts: VirtualAccessParts): LeaseAccess {
  const { name, server } = parts;
  const clock = parts.machine.clock();
  return {
    namespace: "simulated",
    name,
    async read(attempt): Promise<ReadOutcome<Lease>> {
      const answer = await ask(parts, { clock, attempt, serve: () => server.read(name) });
      if (answer.kind === "written" || answer.kind === "conflict") throw new Error("a read does not write");
      return answer;
    },
    async write(lease, attempt): Promise<WriteOutcome<Lease>> {
      const sent = onTheWire(lease);
      const answer = await ask(parts, { clock, attempt, serve: () => server.write(sent) });
      if (answer.kind === "found" || answer.kind === "absent") throw new Error("a write does not read");
      return answer;
    },
    watch: (since, { signal }) => watch(parts, since, signal),
  };
}

type FailedAnswer = { readonly kind: "failed"; readonly failure: AccessFailure };

interface Question {
  readonly clock: Clock;
  readonly attempt: Attempt;
  readonly serve: () => Answer;
}

/** A request and its answer. Whoever stops waiting does not stop the request. */
function ask(parts: VirtualAccessParts, { clock, attempt, serve }: Question): Promise<Answer | FailedAnswer> {
  const { link, server, machine } = parts;
  const bring = machine.inbox();
  return new Promise((resolve) => {
    const settle = (answer: Answer | FailedAnswer): void => {
      timer.cancel();
      attempt.signal.removeEventListener("abort", onAbort);
      resolve(answer);
    };
    const onAbort = (): void => settle(failed("the request was aborted"));
    const timer = clock.schedule(attempt.timeoutMs, () => settle(failed("no answer in time")));
    attempt.signal.addEventListener("abort", onAbort);
    link.send("up", () => {
      const answer = server.isUp ? (busy(server) ?? serve()) : failed("connection refused");
      link.send("down", () => bring(() => settle(answer)));
    });
  });
}

function busy({ retryAfterMs }: LeaseServer): FailedAnswer | undefined {
  if (retryAfterMs === undefined) return undefined;
  const { failure } = failed("too many requests");
  return { kind: "failed", failure: { ...failure, kind: "unavailable", retryAfterMs } };
}

async function* watch(
  parts: VirtualAccessParts,
  since: string,
  signal: AbortSignal,
): AsyncGenerator<ObjectNews<Lease>, void, undefined> {
  const { link, server, machine, name } = parts;
  if (!parts.isWatchPermitted) return yield failed("may not watch", "forbidden");
  const bring = machine.inbox();
  const queue: (ObjectNews<Lease> | "closed")[] = [];
  let wake = (): void => {};
  const put = (item: ObjectNews<Lease> | "closed"): void => {
    queue.push(item);
    wake();
  };
  const carry = link.stream();
  const subscription: Subscription = {
    name,
    tell: (news) => {
      carry(() => bring(() => put(news)));
    },
    close: () => carry(() => bring(() => put("closed"))),
  };
  const stop = (): void => {
    link.send("up", () => server.unwatch(subscription));
    put("closed");
  };
  signal.addEventListener("abort", stop);
  link.send("up", () => {
    if (server.isUp) server.watch(since, subscription);
    else carry(() => bring(() => put(failed("connection refused"))));
  });
  try {
    for (;;) {
      const item = queue.shift();
      if (item === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else if (item === "closed") return;
      else yield item;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    server.unwatch(subscription);
  }
}

function failed(message: string, kind: "unavailable" | "forbidden" = "unavailable"): FailedAnswer {
  const error = errors.get(message) ?? new Error(message);
  errors.set(message, error);
  return kind === "forbidden"
    ? { kind: "failed", failure: { kind, verb: "watch", error } }
    : { kind: "failed", failure: { kind, retryAfterMs: undefined, error } };
}

/** One of each, because a stack costs more than all the rest of a failed request. */
const errors = new Map<string, Error>();

/** What crosses the network is nobody's to change afterwards: a copy, as JSON makes it, and frozen. */
function onTheWire(lease: Lease): Lease {
  const { metadata, spec, ...rest } = JSON.parse(JSON.stringify(lease)) as Lease;
  return Object.freeze({ ...rest, metadata: Object.freeze(metadata), spec: Object.freeze(spec) });
}
