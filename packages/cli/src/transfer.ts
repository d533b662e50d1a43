import { leaseAccess, requestTransfer } from "@leasehold/client";
import { defineCommand, operands } from "./command.ts";
import { type ConnectionFlags, connectionFlags, namespaceBy } from "./connection-flags.ts";
import { exitCode } from "./exit-code.ts";
import { maybeFlag } from "./flag-rows.ts";
import { parseText } from "./flag-values.ts";
import { withConnection } from "./with-connection.ts";

interface TransferFlags extends ConnectionFlags {
  readonly to: string | undefined;
}

export const transfer = defineCommand<TransferFlags>({
  name: "transfer",
  operands: operands.name,
  description: `Asks the holder of a lease to hand it to another candidate. Safe at any time.

The holder ends its work, releases the lease, and other candidates leave it to the one that was named
for a moment: if that one does not come, anybody may have it. Holders and candidates of leasehold run
and @leasehold/client follow this; those of other libraries do not know it, and nothing happens. This
ends when the request is written, not when it is followed; leasehold watch shows that.`,
  flags: {
    ...connectionFlags,
    to: maybeFlag({ flag: "to", placeholder: "ID", help: "the candidate's identity" }, parseText),
  },
  async act({ flags, operands: [name = ""] }, surroundings) {
    const { to } = flags;
    if (to === undefined) {
      surroundings.complain("leasehold transfer: --to is missing: to whom?");
      return exitCode.usage;
    }
    return withConnection(flags, { command: "transfer", surroundings }, async (connection) => {
      const place = { namespace: namespaceBy(flags, connection), name };
      const outcome = await requestTransfer({ lease: leaseAccess(connection, place) }, to);
      if (outcome.kind === "ordered") {
        const asked =
          outcome.holder === "" ? "nobody holds it; it is left" : `${outcome.holder} is asked to hand it`;
        surroundings.say(`${place.namespace}/${name}: ${asked} to ${to}`);
        return exitCode.ok;
      }
      surroundings.complain(`leasehold transfer: there is no lease ${place.namespace}/${name}`);
      return exitCode.failed;
    });
  },
});
