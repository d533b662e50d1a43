import { leaseAccess, revokeLease } from "@leasehold/client";
import { defineCommand, operands } from "./command.ts";
import { type ConnectionFlags, connectionFlags, namespaceBy } from "./connection-flags.ts";
import { exitCode } from "./exit-code.ts";
import { maybeFlag } from "./flag-rows.ts";
import { parseText } from "./flag-values.ts";
import { forceFlag } from "./force-flag.ts";
import { HeldByOtherError, onlyFrom } from "./lease/only-from.ts";
import { withConnection } from "./with-connection.ts";

interface ReleaseFlags extends ConnectionFlags {
  readonly identity: string | undefined;
  readonly force: boolean;
}

export const release = defineCommand<ReleaseFlags>({
  name: "release",
  operands: operands.name,
  description: `Empties a lease, so that the next candidate has it at once.

This is an order, for a holder that is known to be dead: one that lives stops as soon as it hears of
it (the command of leasehold run is killed), but somebody else may lead before that. To have a living
holder make room, use leasehold transfer. So it has to be said whose lease it is, or --force.`,
  flags: {
    ...connectionFlags,
    identity: maybeFlag(
      { flag: "identity", placeholder: "ID", help: "release it only if this one holds it" },
      parseText,
    ),
    force: forceFlag("release it whoever holds it"),
  },
  act({ flags, operands: [name = ""] }, surroundings) {
    return withConnection(flags, { command: "release", surroundings }, async (connection) => {
      const place = { namespace: namespaceBy(flags, connection), name };
      const access = leaseAccess(connection, place);
      try {
        const lease = flags.force ? access : onlyFrom(access, flags.identity);
        const outcome = await revokeLease({ lease });
        if (outcome.kind === "ordered") return exitCode.ok;
        surroundings.complain(`leasehold release: there is no lease ${place.namespace}/${name}`);
      } catch (error) {
        if (!(error instanceof HeldByOtherError)) throw error;
        const hint = `--identity ${error.holder} or --force releases it`;
        surroundings.complain(`leasehold release: ${error.holder} holds ${place.namespace}/${name}; ${hint}`);
      }
      return exitCode.failed;
    });
  },
});
