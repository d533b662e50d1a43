import { writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { leaseAccess, LeaderElector } from "../index.ts";
import { connect } from "../connection/node/connect.ts";
import type { UrlSettings } from "../connection/node/url-endpoint.ts";
import type { Durations } from "../election/durations.ts";

/**
 * A process that leads, and says in each turn of its event loop whether it still does: for tests that stop it with SIGSTOP. Its settings come
 * as JSON in the environment; the lines that it writes are `leading` and `not leading`.
 */
const { settings, namespace, name, identity, durations } = JSON.parse(
  process.env["LEASEHOLD_ELECTOR"] ?? "{}",
) as ElectorProcessSettings;

export interface ElectorProcessSettings {
  readonly settings: UrlSettings;
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
  readonly durations: Durations;
}

const connection = await connect(settings);
const lease = leaseAccess(connection, { namespace, name });
for await (const term of new LeaderElector({ lease, identity, durations })) {
  let isLeading = true;
  while (isLeading) {
    isLeading = !term.signal.aborted;
    // Written before the next turn begins: what it says is what it believes now.
    writeSync(1, isLeading ? "leading\n" : "not leading\n");
    await setTimeout(5);
  }
}
