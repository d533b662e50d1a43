/**
 * Stands for one lease with the elector of this project until SIGTERM: `main.ts NAMESPACE NAME IDENTITY LEASE_MS RENEW_MS RETRY_MS`. It
 * claims to lead as interop/matrix/README.md says. The last two are not needed: the lease duration gives all others.
 */
import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { LeaderElector, leaseAccess, type Term } from "../../../packages/client/src/index.ts";
import { connect } from "../../../packages/client/src/node.ts";

const [, , namespace = "", name = "", identity = "", leaseMs = ""] = process.argv;

const terminated = new AbortController();
process.once("SIGTERM", () => terminated.abort());
const connection = await connect();
const elector = new LeaderElector({
  lease: leaseAccess(connection, { namespace, name }),
  identity,
  durations: { leaseDurationSeconds: Number(leaseMs) / 1000 },
  signal: terminated.signal,
});
for await (const term of elector) await claim(term);
connection.close();

async function claim(term: Term): Promise<void> {
  if (!term.isLive()) return;
  say("started");
  while (term.isLive()) {
    say("leading");
    await delay(50, undefined, { signal: term.signal }).catch(() => {});
  }
  say("stopped");
}

/** Writes a line in one call, so that the lines of several candidates do not mix in the pipe that they share. */
function say(word: string): void {
  writeSync(1, `${identity} ${word}\n`);
}
