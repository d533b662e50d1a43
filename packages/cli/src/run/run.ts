import { hostname } from "node:os";
import { type Connection, type ElectionEvent, leaseAccess, Semaphore, type Term } from "@leasehold/client";
import { machineClock } from "../clock.ts";
import { type Asked, defineCommand, operands } from "../command.ts";
import { type ConnectionFlags, connectionFlags, namespaceBy } from "../connection-flags.ts";
import { exitCode } from "../exit-code.ts";
import { maybeFlag, switchFlag, valueFlag } from "../flag-rows.ts";
import { parseAddress, parseCount, parseDuration, parseLeaseDuration, parseText } from "../flag-values.ts";
import { limits } from "../limits.ts";
import type { Surroundings } from "../surroundings.ts";
import { withConnection } from "../with-connection.ts";
import { ElectionNews } from "./election-news.ts";
import { runDurations, type RunDurations } from "./run-durations.ts";
import { takeSignals } from "./signals.ts";
import { type RunStatus, serveStatus } from "./status-endpoint.ts";
import { type SlotTerm, Supervisor } from "./supervisor.ts";

interface RunFlags extends ConnectionFlags {
  readonly identity: string | undefined;
  readonly leaseDuration: number | undefined;
  readonly surviveOutage: number | undefined;
  readonly grace: number | undefined;
  readonly wait: boolean;
  readonly once: boolean;
  readonly slots: number;
  readonly statusListen: { readonly host: string; readonly port: number } | undefined;
}

export const run = defineCommand<RunFlags>({
  name: "run",
  operands: operands.nameAndCommandLine,
  description: `Runs a command while holding a lease, so that of many copies only one runs at a time, anywhere.

The command inherits stdin, stdout and stderr, and finds in its environment LEASEHOLD_LEASE,
LEASEHOLD_NAMESPACE, LEASEHOLD_IDENTITY and LEASEHOLD_FENCING_TOKEN, a number that is greater in
each term than in all before. Signals are passed on to it and to what it has started (its process
group; a session of its own, without a controlling terminal). When it ends, what it left behind in its
group is ended too, the lease is released, and its exit code is passed on (128 + n for signal n).

When the lease cannot be renewed in time, the command is stopped before anybody else can have it. Of a
duration of 15s, SIGTERM comes 10.9s after the last renewal that succeeded was sent, SIGKILL for the
whole group 13.4s after it, and nobody else can lead before 14.7s. In general nobody can in the first
98% of the duration (clocks may run unevenly), SIGKILL comes a twelfth of the duration before that,
and SIGTERM a sixth (or --grace) before SIGKILL. Only the local monotonic clock counts. Then this is a
candidate again, and starts the command anew under the next term. When the lease is taken or emptied
by somebody without regard to all that (leasehold release), the group is killed at once.

A second process, the guard, does the same when this one is stopped (SIGSTOP) or stalls, and when it
is killed it sends SIGTERM at once. Not covered: both killed at the same moment, and the command not;
processes that leave the group (setsid, daemons) or run as another user; a machine that sleeps or a
container that is frozen, where the command may run for up to a second after it wakes. Where that is
too long, have what the command writes to check the fencing token.

Exit codes of its own: ${exitCode.held} somebody else holds the lease (--no-wait), ${exitCode.lost} the lease was lost (--once,
--no-wait), ${exitCode.unable} it could not be done, 126 and 127 the command could not be executed or was not found.`,
  flags: {
    ...connectionFlags,
    identity: maybeFlag(
      {
        flag: "identity",
        placeholder: "ID",
        help: "who holds the lease, for others to read; otherwise the host's name and something unique",
      },
      parseText,
    ),
    leaseDuration: maybeFlag(
      {
        flag: "lease-duration",
        placeholder: "DURATION",
        help: "how long others wait after a holder has died, in whole seconds; otherwise 15s",
      },
      parseLeaseDuration,
    ),
    surviveOutage: maybeFlag(
      {
        flag: "survive-outage",
        placeholder: "DURATION",
        help: "instead: a duration for which the command survives a server that is away for so long",
      },
      parseDuration,
    ),
    grace: maybeFlag(
      {
        flag: "grace",
        placeholder: "DURATION",
        help: "what the command gets between SIGTERM and SIGKILL; otherwise a sixth of the lease's duration",
      },
      parseDuration,
    ),
    wait: switchFlag({
      flag: "wait",
      defaultText: "true",
      help: `wait for a lease that somebody else holds; without, exit with ${exitCode.held}`,
    }),
    once: switchFlag({
      flag: "once",
      help: `exit with ${exitCode.lost} when the lease is lost, rather than be a candidate again`,
    }),
    slots: valueFlag(
      {
        flag: "slots",
        placeholder: "N",
        help: "how many may run at once: the leases are then NAME-0, NAME-1, …, and $LEASEHOLD_SLOT says which",
        defaultText: "1",
      },
      parseCount(1, limits.slotsMax),
    ),
    statusListen: maybeFlag(
      {
        flag: "status-listen",
        placeholder: "HOST:PORT",
        help: "serve over HTTP whether the command runs under the lease: / (JSON), /leader (200 or 503), /healthz",
      },
      parseAddress,
    ),
  },
  act(asked, surroundings) {
    const durations = durationsOf(asked.flags);
    if (durations instanceof RangeError) {
      surroundings.complain(`leasehold run: ${durations.message}`);
      return Promise.resolve(exitCode.usage);
    }
    const asker = { command: "run", surroundings, failed: exitCode.unable };
    return withConnection(asked.flags, asker, (connection) =>
      supervise({ asked, surroundings, connection, durations }),
    );
  },
});

function durationsOf({ leaseDuration, surviveOutage, grace }: RunFlags): RunDurations | RangeError {
  try {
    return runDurations({
      leaseDurationMs: leaseDuration,
      surviveOutageMs: surviveOutage,
      termToKillMs: grace,
    });
  } catch (error) {
    if (error instanceof RangeError) return error;
    throw error;
  }
}

interface Supervision {
  readonly asked: Asked<RunFlags>;
  readonly surroundings: Surroundings;
  readonly connection: Connection;
  readonly durations: RunDurations;
}

async function supervise({ asked, surroundings, connection, durations }: Supervision): Promise<number> {
  const { flags, commandLine, operands } = asked;
  const namespace = namespaceBy(flags, connection);
  const lease = operands[0] ?? "";
  const identity = flags.identity ?? `${hostname()}_${connection.random.uuid()}`;
  const complain = (line: string): void => surroundings.complain(`leasehold run: ${line}`);
  const news = new ElectionNews(`${namespace}/${lease}`, complain);
  const again = flags.wait && !flags.once;
  const { grace } = durations;
  const { env } = surroundings;
  const supervisor = new Supervisor({ commandLine, env, grace, clock: machineClock, again, complain });
  const impatience = new Impatience();
  const signal = AbortSignal.any([supervisor.ending, impatience.signal]);
  const semaphore = new Semaphore({
    slots: slotNames(lease, flags.slots).map((name) => leaseAccess(connection, { namespace, name })),
    identity,
    durations: durations.durations,
    signal,
    onEvent(event) {
      supervisor.observe();
      news.observe(event);
      if (!flags.wait) impatience.observe(event);
    },
  });
  const status = (): RunStatus => ({ namespace, lease, identity, leading: supervisor.leading });
  const endpoint = await listen(flags, status);
  if (endpoint.kind === "refused") {
    complain(endpoint.line);
    return exitCode.unable;
  }
  const forget = takeSignals(supervisor);
  try {
    const code = await supervisor.run(
      termsOf(semaphore, { isPatient: flags.wait, slots: flags.slots, signal }),
    );
    return impatience.signal.aborted ? exitCode.unable : code;
  } finally {
    forget();
    await endpoint.close();
  }
}

/** One lease has the name itself; of several each has a number, from 0. */
function slotNames(lease: string, slots: number): readonly string[] {
  return slots === 1 ? [lease] : Array.from({ length: slots }, (_, slot) => `${lease}-${slot}`);
}

type Listening =
  | { readonly kind: "listening"; close(): Promise<void> }
  | { readonly kind: "refused"; readonly line: string };

async function listen({ statusListen }: RunFlags, status: () => RunStatus): Promise<Listening> {
  if (statusListen === undefined) return { kind: "listening", close: () => Promise.resolve() };
  try {
    return { kind: "listening", close: await serveStatus(statusListen, status, machineClock) };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { kind: "refused", line: `cannot serve the status: ${because}` };
  }
}

/** One candidacy after the other; without patience only one, which ends at once when all slots are held. */
async function* termsOf(
  semaphore: Semaphore,
  {
    isPatient,
    slots,
    signal,
  }: { readonly isPatient: boolean; readonly slots: number; readonly signal: AbortSignal },
): AsyncGenerator<SlotTerm, void, undefined> {
  while (!signal.aborted) {
    const term = await nextTerm(semaphore, isPatient).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (term === undefined) return;
    try {
      yield { term, slot: slots === 1 ? undefined : Number(term.lease.name.split("-").at(-1)) };
    } finally {
      await term[Symbol.asyncDispose]();
    }
  }
}

/** Undefined when somebody else has each of the slots. */
async function nextTerm(semaphore: Semaphore, isPatient: boolean): Promise<Term | undefined> {
  if (isPatient) return semaphore.acquire();
  const attempt = await semaphore.tryAcquire();
  return attempt.kind === "locked" ? attempt.lock : undefined;
}

/** Gives up, before the first term, as soon as the server cannot be asked. */
class Impatience {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  #hasLed = false;

  observe(event: ElectionEvent): void {
    if (event.kind === "acquired") this.#hasLed = true;
    if (!this.#hasLed && event.kind === "failure") this.#controller.abort();
  }
}
