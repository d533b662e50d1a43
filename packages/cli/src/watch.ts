import { type Lease, leaseKind } from "@leasehold/api";
import { ResourceClient } from "@leasehold/client";
import { type Clock, machineClock } from "./clock.ts";
import { defineCommand, operands } from "./command.ts";
import { allNamespacesFlag, type ConnectionFlags, connectionFlags, namespaceBy } from "./connection-flags.ts";
import { exitCode } from "./exit-code.ts";
import { followLeases, keyOf, type LeaseNews } from "./lease/follow-leases.ts";
import { humanDuration } from "./lease/human-duration.ts";
import { outputFlag, type OutputFormat, writeLease } from "./lease/lease-output.ts";
import { estimatedExpiry, isHeld, type LeaseLine, LeaseTable } from "./lease/lease-table.ts";
import type { Surroundings } from "./surroundings.ts";
import { withConnection } from "./with-connection.ts";

interface WatchFlags extends ConnectionFlags {
  readonly allNamespaces: boolean;
  readonly output: OutputFormat | undefined;
}

export const watch = defineCommand<WatchFlags>({
  name: "watch",
  operands: operands.maybeName,
  description: `Shows one lease or all of a namespace, and then a line for each change, until it is stopped.

A lease that was not renewed for as long as it lasts is shown once more with "expired" under EXPIRES:
counted by this machine's clock, from when this watch saw its last change. With --output there is one
document for each change, and none for expiries.`,
  flags: { ...connectionFlags, allNamespaces: allNamespacesFlag, output: outputFlag },
  act({ flags, operands: [name] }, surroundings) {
    return withConnection(flags, { command: "watch", surroundings }, async (connection) => {
      const namespace = flags.allNamespaces ? undefined : namespaceBy(flags, connection);
      const leases = new ResourceClient(connection, leaseKind, namespace);
      const show =
        flags.output === undefined ? tableOf(flags, surroundings) : documentsOf(flags.output, surroundings);
      const selection = { fieldSelector: name === undefined ? undefined : `metadata.name=${name}` };
      for await (const news of followLeases(leases, { selection, clock: machineClock })) {
        if (news.kind !== "interrupted") show(news);
        else surroundings.complain(`leasehold watch: ${news.error.message}`);
      }
      return exitCode.ok;
    });
  },
});

type Shown = Exclude<LeaseNews, { kind: "interrupted" }>;
type Show = (news: Shown) => void;

function documentsOf(output: OutputFormat, surroundings: Surroundings): Show {
  return (news) => {
    if (news.kind === "complete") return;
    if (output === "yaml") surroundings.say("---");
    surroundings.say(writeLease(news.lease, output));
  };
}

function tableOf({ allNamespaces }: WatchFlags, surroundings: Surroundings): Show {
  const table = new LeaseTable({ withNamespace: allNamespaces });
  const found: LeaseLine[] = [];
  const say = (lines: readonly string[]): void => lines.forEach((line) => surroundings.say(line));
  const tell = (line: LeaseLine): void => say(table.go([line], machineClock.nowMs()));
  const expiries = new Expiries(machineClock, (lease) => tell({ lease, expires: "expired" }));
  return (news) => {
    if (news.kind === "complete") return say(table.begin(found, machineClock.nowMs()));
    const { lease } = news;
    expiries.seen(news);
    switch (news.kind) {
      case "found":
        return void found.push({ lease, expires: estimatedExpiry(lease, machineClock.nowMs()) });
      case "changed":
        return tell({ lease, expires: durationOf(lease) });
      case "deleted":
        return tell({ lease, expires: "deleted" });
    }
  };
}

/** It was renewed just now, so that all of its duration is left. */
function durationOf(lease: Lease): string {
  const seconds = lease.spec.leaseDurationSeconds;
  return seconds === undefined || !isHeld(lease) ? "" : humanDuration(seconds * 1000);
}

/** Tells of leases that were not seen to change for as long as they last. */
class Expiries {
  readonly #clock: Clock;
  readonly #expired: (lease: Lease) => void;
  readonly #timers = new Map<string, { cancel(): void }>();

  constructor(clock: Clock, expired: (lease: Lease) => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  seen({ kind, lease }: Exclude<Shown, { kind: "complete" }>): void {
    const key = keyOf(lease);
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
    const seconds = lease.spec.leaseDurationSeconds;
    if (kind === "deleted" || seconds === undefined || !isHeld(lease)) return;
    const timer = this.#clock.schedule(seconds * 1000, () => {
      this.#timers.delete(key);
      this.#expired(lease);
    });
    this.#timers.set(key, timer);
  }
}
