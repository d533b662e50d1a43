import { type Lease, leaseKind } from "@leasehold/api";
import { type Connection, ResourceClient } from "@leasehold/client";
import { type Clock, delay, machineClock } from "./clock.ts";
import { defineCommand, operands } from "./command.ts";
import { type ConnectionFlags, connectionFlags, namespaceBy } from "./connection-flags.ts";
import { exitCode } from "./exit-code.ts";
import { switchFlag } from "./flag-rows.ts";
import { limits } from "./limits.ts";
import { isHeld } from "./lease/lease-table.ts";
import { isNotFound, withConnection } from "./with-connection.ts";

interface WhoFlags extends ConnectionFlags {
  readonly recorded: boolean;
}

export const who = defineCommand<WhoFlags>({
  name: "who",
  operands: operands.name,
  description: `Prints who holds a lease, and exits with 1 when nobody does.

A lease names its holder long after the holder has died. So this does what a candidate does: it looks
until the lease changes (the holder lives), or until the lease's own duration has passed since the
first look without a change (nobody holds it), by this machine's clock alone. That takes until the
next renewal of a living holder, and the whole duration if it is dead. What cannot be found out,
because the server is away, say, is 125.`,
  flags: {
    ...connectionFlags,
    recorded: switchFlag({
      flag: "recorded",
      help: "print who is written in the lease, alive or not, at once",
    }),
  },
  act({ flags, operands: [name = ""] }, surroundings) {
    const asker = { command: "who", surroundings, failed: exitCode.unable };
    return withConnection(flags, asker, async (connection) => {
      const look = lookerAt(connection, { namespace: namespaceBy(flags, connection), name });
      const holder = flags.recorded ? holderOf(await look()) : await livingHolder(look, machineClock);
      if (holder === undefined) return exitCode.nobody;
      surroundings.say(holder);
      return exitCode.ok;
    });
  },
});

/** Undefined when nobody holds it, by the clock of whoever looks. */
async function livingHolder(
  look: () => Promise<Lease | undefined>,
  clock: Clock,
): Promise<string | undefined> {
  const first = await look();
  const seenAtMs = clock.monotonicMs();
  // A lease without a duration never expires for those who honour the holder's own: it is held by who is written there.
  const durationMs = (first?.spec.leaseDurationSeconds ?? 0) * 1000;
  if (durationMs === 0) return holderOf(first);
  for (let seen = first; holderOf(seen) !== undefined; seen = await look()) {
    if (!isSame(seen, first)) return holderOf(seen);
    const leftMs = seenAtMs + durationMs - clock.monotonicMs();
    if (leftMs <= 0) return undefined;
    await delay(clock, Math.min(limits.whoLookEveryMs, leftMs));
  }
  return undefined;
}

function lookerAt(
  connection: Connection,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): () => Promise<Lease | undefined> {
  const leases = new ResourceClient(connection, leaseKind, namespace);
  return () =>
    leases.get(name).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
}

function isSame(left: Lease | undefined, right: Lease | undefined): boolean {
  return left?.metadata.resourceVersion === right?.metadata.resourceVersion;
}

function holderOf(lease: Lease | undefined): string | undefined {
  return lease !== undefined && isHeld(lease) ? lease.spec.holderIdentity : undefined;
}
