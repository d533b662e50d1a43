import { type Lease, leaseKind } from "@leasehold/api";
import { ResourceClient } from "@leasehold/client";
import { machineClock } from "./clock.ts";
import { defineCommand, operands } from "./command.ts";
import { allNamespacesFlag, type ConnectionFlags, connectionFlags, namespaceBy } from "./connection-flags.ts";
import { exitCode } from "./exit-code.ts";
import { outputFlag, type OutputFormat, writeLease, writeLeases } from "./lease/lease-output.ts";
import { estimatedExpiry, LeaseTable } from "./lease/lease-table.ts";
import type { Surroundings } from "./surroundings.ts";
import { withConnection } from "./with-connection.ts";

interface GetFlags extends ConnectionFlags {
  readonly allNamespaces: boolean;
  readonly output: OutputFormat | undefined;
}

export const get = defineCommand<GetFlags>({
  name: "get",
  operands: operands.maybeName,
  description: `Shows one lease, or all of a namespace, as they are written.

EXPIRES and RENEWED are reckoned from the date that the holder wrote, by the clock of this machine: the
"~" says that they are as wrong as the two clocks differ. To know whether somebody holds a lease now,
ask leasehold who, which watches it.`,
  flags: { ...connectionFlags, allNamespaces: allNamespacesFlag, output: outputFlag },
  act({ flags, operands: [name] }, surroundings) {
    if (name !== undefined && flags.allNamespaces) {
      surroundings.complain("leasehold get: a lease is named within its namespace, not within all");
      return Promise.resolve(exitCode.usage);
    }
    return withConnection(flags, { command: "get", surroundings }, async (connection) => {
      const namespace = flags.allNamespaces ? undefined : namespaceBy(flags, connection);
      const leases = new ResourceClient(connection, leaseKind, namespace);
      if (name !== undefined) showOne(await leases.get(name), flags, surroundings);
      else showAll(await Array.fromAsync(leases.list()), { flags, namespace, surroundings });
      return exitCode.ok;
    });
  },
});

function showOne(lease: Lease, { output }: GetFlags, surroundings: Surroundings): void {
  if (output === undefined) say(table([lease], { withNamespace: false }), surroundings);
  else surroundings.say(writeLease(lease, output));
}

interface Shown {
  readonly flags: GetFlags;
  readonly namespace: string | undefined;
  readonly surroundings: Surroundings;
}

function showAll(leases: readonly Lease[], { flags, namespace, surroundings }: Shown): void {
  if (flags.output !== undefined && !(flags.output === "name" && leases.length === 0))
    return surroundings.say(writeLeases(leases, flags.output));
  if (leases.length > 0) return say(table(leases, { withNamespace: flags.allNamespaces }), surroundings);
  surroundings.complain(
    namespace === undefined ? "No leases found" : `No leases found in namespace ${namespace}`,
  );
}

function table(leases: readonly Lease[], options: { readonly withNamespace: boolean }): readonly string[] {
  const nowMs = machineClock.nowMs();
  const lines = leases.map((lease) => ({ lease, expires: estimatedExpiry(lease, nowMs) }));
  return new LeaseTable(options).begin(lines, nowMs);
}

function say(lines: readonly string[], surroundings: Surroundings): void {
  for (const line of lines) surroundings.say(line);
}
