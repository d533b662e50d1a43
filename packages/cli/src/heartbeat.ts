import { Heartbeat, type HeartbeatEvent, leaseAccess } from "@leasehold/client";
import { defineCommand, operands } from "./command.ts";
import { type ConnectionFlags, connectionFlags, namespaceBy } from "./connection-flags.ts";
import { exitCode } from "./exit-code.ts";
import { maybeFlag, valueFlag } from "./flag-rows.ts";
import { parseDuration, parseLeaseDuration, parseText } from "./flag-values.ts";
import type { Surroundings } from "./surroundings.ts";
import { withConnection } from "./with-connection.ts";

interface HeartbeatFlags extends ConnectionFlags {
  readonly identity: string | undefined;
  readonly leaseDuration: number;
  readonly interval: number | undefined;
}

export const heartbeat = defineCommand<HeartbeatFlags>({
  name: "heartbeat",
  operands: operands.name,
  description: `Keeps a lease renewed until SIGINT or SIGTERM, and then gives it back: a sign of life, as kubelets
give it. It excludes nobody; leasehold watch and leasehold who tell whether it goes on.`,
  flags: {
    ...connectionFlags,
    identity: maybeFlag(
      { flag: "identity", placeholder: "ID", help: "who lives; otherwise the name of the lease" },
      parseText,
    ),
    leaseDuration: valueFlag(
      {
        flag: "lease-duration",
        placeholder: "DURATION",
        help: "how long others wait for the next sign, in whole seconds",
        defaultText: "40s",
      },
      parseLeaseDuration,
    ),
    interval: maybeFlag(
      {
        flag: "interval",
        placeholder: "DURATION",
        help: "from one sign to the next; otherwise a quarter of the lease's duration",
      },
      parseDuration,
    ),
  },
  act({ flags, operands: [name = ""] }, surroundings) {
    return withConnection(flags, { command: "heartbeat", surroundings }, async (connection) => {
      const place = { namespace: namespaceBy(flags, connection), name };
      const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
      const forget = surroundings.onStopSignal(stop);
      try {
        await using beating = new Heartbeat({
          lease: leaseAccess(connection, place),
          leaseDurationSeconds: flags.leaseDuration / 1000,
          ...(flags.identity !== undefined && { identity: flags.identity }),
          ...(flags.interval !== undefined && { renewEveryMs: flags.interval }),
          onEvent: observer(surroundings),
        });
        await Promise.race([stopped, beating.failed]);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        surroundings.complain(`leasehold heartbeat: ${error.message}`);
        return exitCode.usage;
      } finally {
        forget();
      }
      return exitCode.ok;
    });
  },
});

/** Failures are told once for each stretch of them; those that do not pass end the command, and say so by themselves. */
function observer(surroundings: Surroundings): (event: HeartbeatEvent) => void {
  let isFailing = false;
  const complain = (line: string): void => surroundings.complain(`leasehold heartbeat: ${line}`);
  return (event) => {
    if (event.kind === "contested") complain(`${event.by} wrote its name into the lease; it is overwritten`);
    const isFailure = event.kind === "failure" && event.failure.kind === "unavailable";
    if (isFailure && !isFailing) complain(event.failure.error.message);
    isFailing = isFailure;
  };
}
